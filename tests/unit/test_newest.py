"""Which desk counts as newer than this one (issue 16)."""

from datetime import UTC, datetime

import pytest

from repaircenter.shop.model.state import NewerDesk
from repaircenter.shop.service.newest import newer_desk
from repaircenter.wire.identity import Newest, SessionAnswer

WHERE = "https://example.com/desk"


def answer(version: str, where: str = WHERE) -> SessionAnswer:
    newest = Newest(version=version, where=where)
    return SessionAnswer(token="t", ends_at=datetime(2026, 11, 3, tzinfo=UTC), shops=[], newest=newest)


@pytest.mark.parametrize(
    ("theirs", "ours", "is_newer"),
    [
        ("0.2.0", "0.1.0", True),
        ("0.10.0", "0.9.9", True),
        ("1.0.1", "1", True),
        ("0.1.0", "0.1.0", False),
        ("1.0", "1.0.0", False),
        ("0.1.0", "0.2.0", False),
        ("", "0.1.0", False),
        ("2; rm -rf", "0.1.0", False),
        ("9.9.9.9.9", "0.1.0", False),
        ("v2", "0.1.0", False),
    ],
)
def test_a_later_number_is_newer_and_nothing_else(theirs: str, ours: str, is_newer: bool) -> None:
    assert newer_desk(answer(theirs), ours) == (NewerDesk(theirs, WHERE) if is_newer else None)


@pytest.mark.parametrize("where", ["", "file:///etc/passwd", "javascript:alert(1)", r"\\server\share\x.exe", "repair"])
def test_a_place_no_browser_opens_is_not_offered(where: str) -> None:
    assert newer_desk(answer("9.0", where), "0.1.0") is None


def test_without_a_session_or_an_offer_there_is_nothing_newer() -> None:
    assert newer_desk(None, "0.1.0") is None
    assert newer_desk(SessionAnswer(token="t", ends_at=datetime(2026, 11, 3, tzinfo=UTC), shops=[]), "0.1.0") is None
