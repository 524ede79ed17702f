"""Whatever fits the description of the service, and much that does not: answered as it says, never with an error of ours.

`RC_EXAMPLES` says how many requests each operation gets in either way; `dev.py soak` gives it many.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import response_schema_conformance

from repaircenter.central.feed import web as feed
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.wire import endpoints
from repaircenter.wire.identity import PairRequest, SessionRequest, SignInRequest
from repaircenter.wire.version import HEADER, VERSION
from repaircenter.wire.vocabulary import INSTALLATION, MODULES, PERSON
from tests.conftest import PASSWORD, Central
from tests.integration.test_service import client, message, ripen, send

__all__ = ["client"]

DESCRIPTION = Path(__file__).parents[2] / "docs" / "openapi.json"
EXAMPLES = int(os.environ.get("RC_EXAMPLES", "6"))
OPERATIONS = {
    operation.label: operation
    for operation in (found.ok() for found in schemathesis.openapi.from_path(DESCRIPTION).get_all_operations())
}
ADMIN = "admin@one.example"


@pytest.fixture
def tokens(central: Central, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Of who may ask for most; nobody waits for changes."""
    monkeypatch.setattr(feed, "LONGEST_WAIT_SECONDS", 0.0)
    central.license(*MODULES)
    http = Http(central.address)
    pair = http.call(endpoints.PAIR, PairRequest(email=ADMIN, password=PASSWORD, device_name="pc"))
    session = SessionRequest(installation_id=pair.installation_id, secret=pair.secret)
    yield {
        INSTALLATION: http.call(endpoints.OPEN_SESSION, session).token,
        PERSON: http.call(endpoints.SIGN_IN, SignInRequest(email=ADMIN, password=PASSWORD)).token,
    }


@pytest.mark.parametrize("label", OPERATIONS)
@pytest.mark.parametrize("mode", GenerationMode)
def test_any_request_is_answered(central: Central, tokens: dict[str, str], mode: GenerationMode, label: str) -> None:
    """Issue 17: no answer is a 5xx, and each is what the description says."""
    operation = OPERATIONS[label]
    caller = operation.definition.raw.get("x-caller")
    headers = {HEADER: str(VERSION)}
    if caller in tokens:
        headers["Authorization"] = f"Bearer {tokens[caller]}"

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        answer = case.call(base_url=central.address, headers=headers)
        case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])

    ask()


def test_any_form_is_answered(central: Central, client: CollectorClient) -> None:
    """What a browser, a scanner or somebody with time posts to a personal link."""
    send(central, client, (message(1), "a"))
    link = ripen(central)
    names = re.findall(r'name="([^"]+)"', requests.get(link, timeout=5).text)
    assert len(names) > 3
    fields = st.dictionaries(
        st.sampled_from(names) | st.text(max_size=8),
        st.text(max_size=20) | st.sampled_from(["1", "5", "99", "-1", "send"]),
    )
    places = st.sampled_from(["", "/seen", "/stop", "/x"])
    tokens = st.sampled_from([link.rsplit("/", 1)[1]]) | st.text(max_size=40).map(lambda token: quote(token, safe=""))
    start = link.rsplit("/", 2)[0]
    pages = st.sampled_from(["s", "p", "v", "m", "texts"])

    @settings(max_examples=EXAMPLES * 20, deadline=None, database=None, derandomize=True, phases=(Phase.generate,))
    @given(pages, tokens, places, fields, st.sampled_from(["GET", "HEAD", "POST"]))
    def ask(page: str, token: str, place: str, filled: dict[str, str], method: str) -> None:
        answer = requests.request(
            method, f"{start}/{page}/{token}{place}", data=filled if method == "POST" else None, timeout=5
        )
        assert answer.status_code < 500, (page, token, place, filled)

    ask()
    assert requests.get(link, timeout=5).ok
