"""Every endpoint × every caller × own and foreign scope: whoever may not is refused before anything is done (14.6)."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient
from sqlalchemy import text

from repaircenter.central.accounts import roles
from repaircenter.central.app import build_app
from repaircenter.uplink.http import Http
from repaircenter.wire import endpoints
from repaircenter.wire.endpoints import Endpoint
from repaircenter.wire.identity import PairRequest, SessionRequest, SignInRequest
from repaircenter.wire.version import HEADER, VERSION
from repaircenter.wire.vocabulary import (
    END_ALERTS,
    INSTALLATION,
    INSURER_ROLE,
    MODULES,
    NOBODY,
    PERSON,
    REVIEW_CONTESTS,
    ROLES,
)
from tests.conftest import PASSWORD, Central
from tests.contract.examples import examples

PLACES: dict[str, str | int] = {
    "run_id": "x",
    "number": 0,
    "favourite_id": 7,
    "alert_id": 7,
    "person_id": 7,
    "node_id": 7,
    "pc_id": 7,
    "programme_id": 7,
    "questionnaire_id": 7,
    "interview_id": 7,
    "contest_id": 7,
    "wording_id": 7,
}


@pytest.fixture
def web(central: Central) -> Iterator[TestClient[Any]]:
    with TestClient(build_app(central.parts)) as client:
        client.headers[HEADER] = str(VERSION)
        central.license(*MODULES)
        yield client


def ask(web: TestClient[Any], endpoint: Endpoint[Any, Any], token: str, **changed: object) -> tuple[int, str]:
    """(status, code) of an example of the endpoint's message."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    content = None
    if endpoint.request is not type(None):
        message = {**msgspec.to_builtins(next(examples(endpoint.request))), **changed}
        content = json.dumps(message)
        headers["Content-Type"] = "application/json"
    path = "/api/v1" + endpoint.path_of(**PLACES)
    answer = web.request(endpoint.method, path, headers=headers, content=content)
    try:
        return answer.status_code, str(answer.json().get("code", ""))
    except ValueError:
        return answer.status_code, ""


def tokens(central: Central) -> dict[str, str]:
    http = Http(central.address)
    pair = http.call(endpoints.PAIR, PairRequest(email="admin@one.example", password=PASSWORD, device_name="pc"))
    session = SessionRequest(installation_id=pair.installation_id, secret=pair.secret)
    return {
        INSTALLATION: http.call(endpoints.OPEN_SESSION, session).token,
        PERSON: http.call(endpoints.SIGN_IN, SignInRequest(email="staff@one.example", password=PASSWORD)).token,
    }


def test_every_endpoint_refuses_every_caller_it_does_not_name(central: Central, web: TestClient[Any]) -> None:
    known = tokens(central)
    for endpoint in endpoints.endpoints():
        if endpoint.caller == NOBODY:
            assert ask(web, endpoint, "")[1] != "not_allowed", endpoint.path
            continue
        assert ask(web, endpoint, "") == (401, "session_ended"), endpoint.path
        assert ask(web, endpoint, "made up") == (401, "session_ended"), endpoint.path
        other = known[PERSON if endpoint.caller == INSTALLATION else INSTALLATION]
        assert ask(web, endpoint, other) == (403, "not_allowed"), endpoint.path
        assert ask(web, endpoint, known[endpoint.caller])[0] not in (401, 500), endpoint.path


def test_a_role_without_the_permission_is_refused_everywhere(
    central: Central, web: TestClient[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    person = tokens(central)[PERSON]
    for_persons = [endpoint for endpoint in endpoints.endpoints() if endpoint.caller == PERSON]
    assert ask(web, endpoints.REPORTS, person) == (200, "")
    monkeypatch.setitem(roles.PERMISSIONS, "staff", frozenset())
    assert {ask(web, endpoint, person) for endpoint in for_persons} == {(403, "not_allowed")}
    monkeypatch.delitem(roles.PERMISSIONS, "staff")
    assert {ask(web, endpoint, person) for endpoint in for_persons} == {(403, "not_allowed")}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_it_may_and_nothing_else(central: Central, web: TestClient[Any], role: str) -> None:
    """Every endpoint × every role, held in the whole organisation, or at a programme by who reads it for an insurer."""
    kind = "programme" if role == INSURER_ROLE else "network"
    with central.service.admin() as connection:
        who = connection.execute(text("SELECT id, org_id FROM person WHERE email = 'staff@one.example'")).one()
        connection.execute(text("DELETE FROM person_grant WHERE person_id = :id"), {"id": who.id})
        connection.execute(
            text(
                "INSERT INTO person_grant (org_id, person_id, role, node_id) "
                "SELECT org_id, :id, :role, min(id) FROM node WHERE kind = :kind AND org_id = :org GROUP BY org_id"
            ),
            {"id": who.id, "org": who.org_id, "role": role, "kind": kind},
        )
    person = tokens(central)[PERSON]
    reached = set()
    for endpoint in endpoints.endpoints():
        if endpoint.caller != PERSON:
            continue
        # Their examples name a shop that is somebody else's.
        own: dict[Endpoint[Any, Any], dict[str, object]] = {
            endpoints.CHOOSE_ALERTS: {"choices": []},
            endpoints.PREVIEW_SURVEY: {"shop_id": central.shops["North"]},
        }
        changed = own.get(endpoint, {})
        status, code = ask(web, endpoint, person, **changed)
        if roles.may([role], endpoint.permission):
            assert status not in (401, 500) and (status, code) != (403, "not_allowed"), endpoint.path
            reached.add(endpoint.permission)
        else:
            assert (status, code) == (403, "not_allowed"), endpoint.path
    assert reached == roles.PERMISSIONS[role] - {END_ALERTS, REVIEW_CONTESTS}, "what no endpoint is opened by is judged inside"


def test_what_belongs_to_a_module_is_refused_without_its_licence(central: Central, web: TestClient[Any]) -> None:
    """MODULES 1: a code of its own, whoever asks."""
    person = tokens(central)[PERSON]
    of_modules = [endpoint for endpoint in endpoints.endpoints() if endpoint.module]
    assert {endpoint.module for endpoint in of_modules} == set(MODULES)
    central.license()
    assert {ask(web, endpoint, person) for endpoint in of_modules} == {(403, "not_licensed")}
    assert ask(web, endpoints.REPORTS, person) == (200, "")


@pytest.mark.parametrize("endpoint", [endpoints.KNOWN_JOBS, endpoints.JOB_STATES], ids=lambda endpoint: endpoint.path)
def test_another_organisations_shop_is_refused(
    central: Central, web: TestClient[Any], endpoint: Endpoint[Any, Any]
) -> None:
    mine = tokens(central)[INSTALLATION]
    assert ask(web, endpoint, mine, shop_id=central.shops["Other"]) == (403, "not_allowed")
    assert ask(web, endpoint, mine, shop_id=central.shops["North"])[0] == 200


def test_what_belongs_to_another_organisation_is_nowhere(central: Central, web: TestClient[Any]) -> None:
    """A lease of a foreign shop, a batch for it, a report over it: refused, refused by row, and without it."""
    known, other = tokens(central), central.shops["Other"]
    claims = [{"shop_id": other, "place": "x"}]
    assert ask(web, endpoints.HOLD_LEASE, known[INSTALLATION], claims=claims) == (403, "not_allowed")
    run = {"report": "R-01", "parameters": {"period": "this_month"}, "shops": [other], "language": "en"}
    assert ask(web, endpoints.START_RUN, known[PERSON], **run) == (422, "no_such_shop")
