"""Ageing, cut-off and report periods (requirements 6.2, 6.12, 9.1; A-08, A-12)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from repaircenter.central.core.day_end import DayEnd, read_day_end
from repaircenter.central.interviews.rules import next_call
from repaircenter.central.reporting.sql.periods import Period, before, period_of
from repaircenter.central.sampling.rules import callable_on, due_at
from repaircenter.central.surveys.rules import called_after, visible_from


def test_a_job_may_be_asked_about_19_days_after_it_was_received() -> None:
    assert callable_on(date(2026, 11, 2), 19, None, not_before_delivery=False) == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("delivered", "expected"),
    [
        (date(2026, 11, 5), date(2026, 11, 21)),
        (date(2026, 12, 1), date(2026, 12, 2)),
        (None, date(2027, 1, 1)),
        (date(2027, 6, 1), date(2027, 1, 1)),
    ],
)
def test_not_before_delivery_waits_for_the_car_but_at_most_60_days(delivered: date | None, expected: date) -> None:
    assert callable_on(date(2026, 11, 2), 19, delivered, not_before_delivery=True) == expected


def test_a_long_ageing_is_never_cut_short() -> None:
    assert callable_on(date(2026, 11, 2), 90, None, not_before_delivery=True) == date(2027, 1, 31)


def test_due_is_nine_in_the_morning_of_the_shop() -> None:
    assert due_at(date(2026, 11, 21), "America/Toronto") == datetime(2026, 11, 21, 14, tzinfo=UTC)
    assert due_at(date(2026, 7, 1), "America/Toronto") == datetime(2026, 7, 1, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "cut_off"),
    [
        (datetime(2026, 11, 21, 18, tzinfo=UTC), datetime(2026, 11, 22, 6, tzinfo=UTC)),
        (datetime(2026, 7, 1, 18, tzinfo=UTC), datetime(2026, 7, 2, 5, tzinfo=UTC)),
        (datetime(2026, 11, 22, 6, tzinfo=UTC), datetime(2026, 11, 23, 6, tzinfo=UTC)),
        (datetime(2026, 11, 22, 5, 59, tzinfo=UTC), datetime(2026, 11, 22, 6, tzinfo=UTC)),
    ],
)
def test_the_cut_off_is_22_00_in_los_angeles(now: datetime, cut_off: datetime) -> None:
    assert DayEnd().next_after(now) == cut_off


@pytest.mark.parametrize(
    ("given", "end"),
    [
        ("03:30 Europe/Madrid", DayEnd(time(3, 30), "Europe/Madrid")),
        ("23:15", DayEnd(time(23, 15), "America/Los_Angeles")),
        *(
            (wrong, None)
            for wrong in ("", "22", "24:00", "22:00 Nowhere/City", "22:00 UTC x", "2200Z", "22:00:00", "x:yz")
        ),
    ],
)
def test_the_operator_says_when_sessions_end(given: str, end: DayEnd | None) -> None:
    assert read_day_end(given) == end


def test_another_end_of_the_day_keeps_its_clock_over_both_changes() -> None:
    """Madrid puts its clocks forward on 29 March and back on 25 October 2026."""
    end = DayEnd(time(3, 30), "Europe/Madrid")
    assert end.next_after(datetime(2026, 3, 28, 12, tzinfo=UTC)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert end.next_after(datetime(2026, 10, 24, 12, tzinfo=UTC)) == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "start", "end"),
    [
        ("this_month", date(2026, 1, 1), date(2026, 2, 1)),
        ("last_month", date(2025, 12, 1), date(2026, 1, 1)),
        ("quarter", date(2026, 1, 1), date(2026, 4, 1)),
        ("year_to_date", date(2026, 1, 1), date(2026, 1, 16)),
        ("last_12_months", date(2025, 2, 1), date(2026, 2, 1)),
        ("2025-12", date(2025, 12, 1), date(2026, 1, 1)),
        ("2026-01-03..2026-01-05", date(2026, 1, 3), date(2026, 1, 6)),
    ],
)
def test_periods_are_half_open_and_worked_out_at_each_run(word: str, start: date, end: date) -> None:
    assert period_of(word, date(2026, 1, 15)) == Period(start, end)


@pytest.mark.parametrize("word", ["", "tomorrow", "2026-13", "2026-01-05..2026-01-03", "a..b"])
def test_nonsense_periods_are_refused(word: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        period_of(word, date(2026, 1, 15))


def test_the_period_before_keeps_whole_months() -> None:
    assert before(Period(date(2026, 3, 1), date(2026, 4, 1))) == Period(date(2026, 2, 1), date(2026, 3, 1))
    assert before(Period(date(2026, 3, 5), date(2026, 3, 8))) == Period(date(2026, 3, 2), date(2026, 3, 5))


@pytest.mark.parametrize(
    ("answered", "shown"),
    [
        ("2026-11-16T19:40", "2026-11-18T00:00"),  # Monday: alert on Tuesday, loaded on Tuesday evening, there on Wednesday
        ("2026-11-16T23:59", "2026-11-18T00:00"),
        ("2026-11-17T00:00", "2026-11-19T00:00"),
        ("2026-03-06T12:00", "2026-03-08T00:00"),  # the day the clocks go forward
        ("2026-10-30T12:00", "2026-11-01T00:00"),
    ],
)
def test_what_is_published_by_night_is_there_from_the_second_midnight(answered: str, shown: str) -> None:
    """A-21, requirements 6.3; at once is at once."""
    place = ZoneInfo("America/Toronto")
    at = datetime.fromisoformat(answered).replace(tzinfo=place).astimezone(UTC)
    assert visible_from(at, "America/Toronto", "nightly") == datetime.fromisoformat(shown).replace(tzinfo=place)
    assert visible_from(at, "America/Toronto", "at_once") == at


@pytest.mark.parametrize(("reminder_days", "days"), [(0, 10), (1, 2), (5, 10), (12, 24), (13, 25), (20, 25)])
def test_a_customer_is_called_while_there_is_time_to_call_again(reminder_days: int, days: int) -> None:
    """A survey ends after 30 days; the last reminder comes on the 20th."""
    assert called_after(reminder_days) == timedelta(days=days)


@pytest.mark.parametrize(
    ("at", "outcome", "due"),
    [
        ("2026-11-23 14:59", "", "2026-11-23 16:00"),
        ("2026-11-23 16:00", "", "2026-11-23 16:00"),
        ("2026-11-23 20:59", "", "2026-11-23 20:59"),
        ("2026-11-23 21:00", "", "2026-11-24 16:00"),
        ("2026-11-27 21:00", "", "2026-11-28 12:00"),
        ("2026-11-28 18:00", "", "2026-11-30 16:00"),
        ("2026-11-23 17:00", "no_answer", "2026-11-23 19:00"),
        ("2026-11-23 19:00", "no_answer", "2026-11-24 16:00"),
        ("2026-11-23 20:00", "no_answer", "2026-11-24 17:00"),
        ("2026-11-23 20:45", "busy", "2026-11-24 16:15"),
    ],
)
def test_customers_are_called_in_their_hours(at: str, outcome: str, due: str) -> None:
    """A-20, 6.9: two hours of calling time after nobody answered, half an hour after a busy line."""
    zone = ZoneInfo("America/Toronto")
    then, expected = (datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC) for text in (at, due))
    assert next_call(then, zone.key, (), outcome) == expected
