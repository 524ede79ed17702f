"""Days are decided from one zone database, also where a midnight happens twice or never (issue 13.2)."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from repaircenter.runtime.days import day_in, is_zone, offsets, start_of_day, zone_of

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("zone", "day", "start"),
    [
        ("America/Toronto", date(2026, 11, 1), datetime(2026, 11, 1, 4, tzinfo=UTC)),
        ("America/Havana", date(2020, 11, 1), datetime(2020, 11, 1, 4, tzinfo=UTC)),  # 00:00 twice, one day
        ("Atlantic/Azores", date(2026, 10, 25), datetime(2026, 10, 25, 0, tzinfo=UTC)),
        (
            "America/Scoresbysund",
            date(2026, 10, 25),
            datetime(2026, 10, 25, 2, tzinfo=UTC),
        ),  # the day before comes back
        ("America/Santiago", date(2026, 9, 6), datetime(2026, 9, 6, 4, tzinfo=UTC)),  # begins at 01:00
        ("Asia/Beirut", date(2026, 3, 29), datetime(2026, 3, 28, 22, tzinfo=UTC)),
    ],
)
def test_a_day_begins_once(zone: str, day: date, start: datetime) -> None:
    assert start_of_day(zone, day) == start
    assert day_in(zone, start) == day and day_in(zone, start - timedelta(microseconds=1)) == day - timedelta(days=1)


@pytest.mark.parametrize("zone", ["America/Havana", "Atlantic/Azores", "America/Santiago", "America/Vancouver", "UTC"])
@pytest.mark.parametrize("year", [2020, 2026])
def test_days_follow_each_other_without_a_gap(zone: str, year: int) -> None:
    """Every hour of two years lies in exactly the day that `start_of_day` bounds."""
    at = datetime(year, 1, 1, 12, tzinfo=UTC)
    while at.year == year:
        day = day_in(zone, at)
        assert start_of_day(zone, day) <= at < start_of_day(zone, day + timedelta(days=1))
        at += timedelta(hours=1)


def test_offsets_are_those_of_the_zone_at_every_instant() -> None:
    start, end = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    for zone in ("America/Toronto", "America/Phoenix", "Atlantic/Azores", "Africa/Casablanca", "America/Vancouver"):
        changes, found = offsets(zone, start, end)
        assert len(found) == len(changes) + 1 and changes == sorted(changes)
        at = start
        while at < end:
            offset = found[sum(change <= at for change in changes)]
            assert at.astimezone(zone_of(zone)).utcoffset() == offset, (zone, at)
            at += timedelta(minutes=30)


def test_the_machine_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    zone_of("UTC")
    assert zoneinfo.TZPATH == ()


def test_an_unknown_zone_counts_as_utc_and_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    at = datetime(2026, 11, 1, 23, tzinfo=UTC)
    for name in ("Mars/Phobos", "America", "../../etc/passwd", ""):
        assert not is_zone(name) and day_in(name, at) == date(2026, 11, 1)
    assert is_zone("America/Toronto")
    caplog.clear()


def test_sql_never_asks_the_database_for_a_zone() -> None:
    for path in (ROOT / "repaircenter" / "central").rglob("*.py"):
        said = path.read_text("utf-8").replace("AT TIME ZONE 'UTC'", "")
        assert "AT TIME ZONE" not in said, f"{path.name}: PostgreSQL has a zone database of its own"
