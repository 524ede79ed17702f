"""Every day and time on the screen is the shop's (issue 13.27)."""

from datetime import UTC, date, datetime
from typing import Any, cast

from repaircenter.desk.jobs.job_list import Filters
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.runtime.text import Texts
from repaircenter.shop.model.job import JobLine
from tests.fakes.clock import FakeClock

EVENING = datetime(2026, 11, 27, 1, 30, tzinfo=UTC)  # half past eight in the evening of the 26th in Toronto


def context(zone: str) -> DeskContext:
    clock = FakeClock()
    clock.jump_to(EVENING)
    nothing = cast(Any, None)
    return DeskContext(Texts("en"), nothing, nothing, clock, nothing, zone=zone)


def test_imported_today_counts_from_the_shops_midnight_in_the_evening_too() -> None:
    toronto = context("America/Toronto")
    assert toronto.today() == date(2026, 11, 26)
    assert toronto.start_of(toronto.today()) == datetime(2026, 11, 26, 5, tzinfo=UTC) < EVENING
    assert context("Europe/Madrid").today() == date(2026, 11, 27)


def test_instants_are_told_in_the_shops_zone() -> None:
    vancouver = context("America/Vancouver")
    assert vancouver.instant(EVENING) == "2026-11-26 18:30" and vancouver.time(EVENING) == "18:30"
    assert vancouver.local(EVENING).date() == date(2026, 11, 26)


def test_a_filter_by_days_begins_at_the_shops_midnight() -> None:
    toronto = context("America/Toronto")
    since = toronto.start_of(toronto.today())
    line = cast(JobLine, _Line())
    assert Filters(days=0).passes(line, since)
    assert not Filters(days=0).passes(line, context("Asia/Tokyo").start_of(date(2026, 11, 27)).replace(hour=16))


class _Line:
    """Received at ten in the morning of the 26th at the shop; nothing else matters to this filter."""

    received_at_utc = datetime(2026, 11, 26, 15, tzinfo=UTC)
    shop_id = state = insurer_key = None
    reachable = sent = complete = True
    gone = None
