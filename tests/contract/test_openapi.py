"""docs/openapi.json is what the endpoints are, and a change that breaks a program of today is told (DESIGN 3.18)."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from repaircenter.wire.endpoints import endpoints
from tests import openapi

KEPT = json.loads(openapi.FILE.read_text("utf-8"))
Document = dict[str, Any]


def test_the_kept_description_is_what_the_service_answers() -> None:
    assert openapi.FILE.read_text("utf-8") == openapi.text_of(openapi.describe()), "run `python3 dev.py openapi`"


def test_every_endpoint_says_who_may_call_it() -> None:
    operations = [operation for path in KEPT["paths"].values() for operation in path.values()]
    assert len(operations) == len(endpoints())
    assert all(("security" in operation) == (operation["x-caller"] != "nobody") for operation in operations)
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)


def _drop_path(document: Document) -> None:
    del document["paths"]["/api/v1/pair"]


def _drop_field(document: Document) -> None:
    del document["components"]["schemas"]["SessionAnswer"]["properties"]["token"]


def _change_type(document: Document) -> None:
    document["components"]["schemas"]["RunRequest"]["properties"]["shops"] = {"type": "string"}


def _demand_field(document: Document) -> None:
    document["components"]["schemas"]["Rules"]["required"].append("publishing")


def _change_caller(document: Document) -> None:
    document["paths"]["/api/v1/alerts"]["get"]["x-caller"] = "installation"


def _drop_message(document: Document) -> None:
    del document["components"]["schemas"]["BatchAnswer"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_drop_path, "POST /api/v1/pair is gone"),
        (_drop_field, "SessionAnswer.token is gone"),
        (_change_type, "RunRequest.shops has another type"),
        (_demand_field, "Rules.publishing must be there now"),
        (_change_caller, "GET /api/v1/alerts has another caller"),
        (_drop_message, "BatchAnswer is gone"),
    ],
)
def test_what_breaks_a_program_is_told(change: Callable[[Document], None], said: str) -> None:
    changed = copy.deepcopy(KEPT)
    change(changed)
    assert list(openapi.breaks(KEPT, changed)) == [said]


def test_what_is_new_breaks_nothing() -> None:
    """An endpoint, a field of an answer, a field of a request that may be left out, another usual value."""
    changed = copy.deepcopy(KEPT)
    changed["paths"]["/api/v1/new"] = changed["paths"]["/api/v1/alerts"]
    schemas = changed["components"]["schemas"]
    schemas["SessionAnswer"]["properties"]["more"] = {"type": "string"}
    schemas["SessionAnswer"]["required"].append("more")
    schemas["Rules"]["properties"]["more"] = {"type": "string", "default": ""}
    schemas["Rules"]["properties"]["publishing"]["default"] = "nightly"
    assert list(openapi.breaks(KEPT, changed)) == []
