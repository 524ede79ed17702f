"""Which stage of a shop went silent, and why probably (A-N2, issue 13.5): each is named, none hides behind another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from repaircenter.shop.collector.silence import silences
from repaircenter.shop.model.folder import FolderHealth
from repaircenter.shop.model.state import ConnectionState, Rhythm

NOW = datetime(2026, 11, 26, 23, tzinfo=UTC)  # a Thursday, 18:00 in Toronto
CONNECTED = ConnectionState("connected")
ZONE = "America/Toronto"


def rhythm(stage: str, quiet_days: int) -> Rhythm:
    """Three a day at noon, every day of seven weeks up to so many days ago."""
    last = NOW - timedelta(days=quiet_days)
    days = [last - timedelta(days=n) for n in range(49, -1, -1)]
    return Rhythm(stage, tuple(day.replace(hour=17, minute=minute) for day in days for minute in (0, 10, 20)))


def folder(away_minutes: int | None = None) -> FolderHealth:
    away = None if away_minutes is None else NOW - timedelta(minutes=away_minutes)
    return FolderHealth("/ems", NOW, away, 10, 0, 0.1, None if away is None else "denied", looks=1)


def told(
    quiet: dict[str, int],
    *,
    away: int | None = None,
    connection: ConnectionState = CONNECTED,
    rule: str = "create",
    filtered: dict[str, int] | None = None,
    stopped: bool = False,
) -> list[tuple[str, str]]:
    rhythms = [rhythm(stage, quiet.get(stage, 0)) for stage in ("sets", "kept", "delivered")]
    found = silences(NOW, ZONE, rhythms, [folder(away)], connection, rule, filtered or {}, stopped=stopped)
    return [(one.stage, one.cause) for one in found]


def test_a_busy_shop_is_not_silent() -> None:
    assert told({}) == []


def test_nothing_is_called_silent_before_every_folder_was_listed() -> None:
    """Issue 15.5: the first import after a holiday begins without an alarm."""
    unread = replace(folder(), looks=0)
    quiet = [rhythm("sets", 20)]
    assert silences(NOW, ZONE, quiet, [folder(), unread], CONNECTED, "create", {}, stopped=False) == ()
    away = replace(unread, away_since_utc=NOW)
    found = silences(NOW, ZONE, quiet, [folder(), away], CONNECTED, "create", {}, stopped=False)
    assert [silence.stage for silence in found] == ["sets"], "a folder that is away is not waited for"


@pytest.mark.parametrize(("minutes", "expected"), [(29, []), (30, [("share", "denied")])])
def test_a_share_that_is_away_for_half_an_hour(minutes: int, expected: list[tuple[str, str]]) -> None:
    assert told({}, away=minutes) == expected


def test_a_share_that_is_away_explains_the_rest() -> None:
    assert told({"sets": 4, "kept": 4, "delivered": 4}, away=60 * 24 * 4) == [("share", "denied")]


@pytest.mark.parametrize(("minutes", "expected"), [(59, []), (60, [("service", "unreachable")])])
def test_a_service_that_is_away_for_an_hour(minutes: int, expected: list[tuple[str, str]]) -> None:
    away = ConnectionState("away", since_utc=NOW - timedelta(minutes=minutes), reason="unreachable")
    assert told({}, connection=away) == expected


def test_no_exports_explains_why_nothing_is_kept_or_delivered() -> None:
    assert told({"sets": 4, "kept": 4, "delivered": 4}) == [("sets", "no_exports")]


@pytest.mark.parametrize(
    ("more", "cause"),
    [
        ({"filtered": {"no_insurer": 2, "not_enrolled": 5}}, "all_filtered"),
        ({"rule": "never"}, "rule_never"),
        ({"stopped": True, "rule": "never"}, "sending_stopped"),
        ({}, "rule_waits"),
    ],
)
def test_why_nothing_was_kept(more: dict[str, object], cause: str) -> None:
    assert told({"kept": 4}, **more) == [("kept", cause)]  # type: ignore[arg-type]


def test_the_commonest_reason_is_named() -> None:
    (found,) = silences(
        NOW, ZONE, [rhythm("sets", 0), rhythm("kept", 4)], [folder()], CONNECTED, "create",
        {"no_insurer": 2, "not_enrolled": 5}, stopped=False,
    )  # fmt: skip
    assert found.detail == "not_enrolled"


def test_deliveries_that_stop_are_named() -> None:
    assert told({"delivered": 4}) == [("delivered", "no_delivery_dates")]
    assert told({"delivered": 1}) == []


def test_too_little_history_says_nothing() -> None:
    few = Rhythm("sets", tuple(NOW - timedelta(days=40 - n) for n in range(9)))
    assert silences(NOW, ZONE, [few], [folder()], CONNECTED, "create", {}, stopped=False) == ()
