"""Service, client and fake answer the same endpoints, with the same messages, for the same callers (HOUSE 1.2-13)."""

from types import NoneType
from typing import Any

import pytest

from repaircenter.central.accounts.roles import PERMISSIONS
from repaircenter.central.areas import AREAS
from repaircenter.central.core.calls import Handler
from repaircenter.wire.endpoints import RUN_PART, Endpoint, endpoints
from repaircenter.wire.vocabulary import INSTALLATION, NOBODY, PERSON
from tests.conftest import Central
from tests.desk.conftest import FakePerson


def served(central: Central) -> list[Handler]:
    return [handler for area in AREAS for handler in area.handlers(central.parts)]


def test_the_service_serves_every_endpoint_once(central: Central) -> None:
    paths = [handler.endpoint for handler in served(central)]
    assert len(paths) == len(set(paths)) and set(paths) == set(endpoints())


def test_the_fake_answers_what_a_person_may_ask() -> None:
    assert set(FakePerson([]).answers()) == {endpoint for endpoint in endpoints() if endpoint.caller == PERSON}


@pytest.mark.parametrize("endpoint", endpoints(), ids=lambda endpoint: f"{endpoint.method} {endpoint.path}")
def test_an_endpoint_says_who_may_call_it(endpoint: Endpoint[Any, Any]) -> None:
    assert endpoint.caller in (NOBODY, INSTALLATION, PERSON)
    if endpoint.caller == PERSON:
        assert any(endpoint.permission in held for held in PERMISSIONS.values()), "a permission no role holds"
    else:
        assert endpoint.permission == ""
    assert (endpoint.method in ("GET", "DELETE")) == (endpoint.request is NoneType)


def test_a_place_is_filled_and_a_missing_one_is_a_mistake() -> None:
    assert RUN_PART.path_of(run_id="abc", number=3) == "/reports/runs/abc/parts/3"
    with pytest.raises(KeyError):
        RUN_PART.path_of(run_id="abc")
