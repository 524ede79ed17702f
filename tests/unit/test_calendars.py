"""Open time of a shop: the vectors of requirements 6.1, and the sums that must hold for every calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repaircenter.central.calendars.rules import Calendar, add_open_time, open_between, read_week
from repaircenter.runtime.days import zone_of
from repaircenter.runtime.errors import KnownError

ZONE = "America/Toronto"
NINE = read_week({day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")})
SPLIT = read_week({day: ["08:00-12:00", "13:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")})
NINE_TO_FIVE, TWICE_A_DAY = Calendar(ZONE, NINE), Calendar(ZONE, SPLIT)
THURSDAY_OFF = Calendar(ZONE, SPLIT, frozenset([date(2026, 11, 5)]))


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """An instant of November 2026 on the shop's clocks; the 2nd is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=zone_of(ZONE)).astimezone(UTC)


@pytest.mark.parametrize(
    ("calendar", "start", "minutes", "end"),
    [
        (NINE_TO_FIVE, local(6, 16, 30), 60, local(9, 9, 30)),
        (TWICE_A_DAY, local(4, 11, 30), 60, local(4, 14, 0)),
        (TWICE_A_DAY, local(4, 12, 30), 15, local(4, 13, 45)),
        (THURSDAY_OFF, local(4, 17, 45), 30, local(6, 8, 15)),
    ],
)
def test_open_time_is_added_by_the_shops_hours(
    calendar: Calendar, start: datetime, minutes: int, end: datetime
) -> None:
    assert add_open_time(calendar, start, timedelta(minutes=minutes)) == end


def test_open_time_between_two_instants_is_measured() -> None:
    assert open_between(TWICE_A_DAY, local(4, 11), local(4, 14)) == timedelta(hours=1, minutes=30)
    assert open_between(TWICE_A_DAY, local(4, 14), local(4, 11)) == timedelta()
    assert open_between(NINE_TO_FIVE, local(6, 16, 30), local(9, 9, 30)) == timedelta(hours=1)


def test_a_calendar_that_never_opens_is_an_error_and_no_loop() -> None:
    with pytest.raises(KnownError) as caught:
        add_open_time(Calendar(ZONE, ((),) * 7), local(2, 9), timedelta(minutes=1))
    assert caught.value.code == "never_opens"


def test_hours_are_those_of_the_wall_when_the_clocks_change() -> None:
    """On 1 November 2026 Toronto goes back one hour: from Saturday 09:00 to Monday 09:00 are 49 hours, 8 of them open."""
    week = read_week({"sat": ["09:00-13:00"], "sun": ["00:00-04:00"], "mon": ["09:00-17:00"]})
    calendar = Calendar(ZONE, week)
    saturday = datetime(2026, 10, 31, 9, tzinfo=zone_of(ZONE)).astimezone(UTC)
    assert local(2, 9) - saturday == timedelta(hours=49)
    assert open_between(calendar, saturday, local(2, 9)) == timedelta(hours=4 + 5), (
        "the hour that comes twice is open twice"
    )


def test_the_end_of_an_opening_is_reached_in_it_and_not_the_day_after() -> None:
    assert add_open_time(NINE_TO_FIVE, local(2, 16), timedelta(hours=1)) == local(2, 17)


@pytest.mark.parametrize(
    ("hours", "wrong"),
    [
        ({"monday": ["08:00-17:00"]}, "monday is no day"),
        ({"mon": ["8-17"]}, "no time of opening"),
        ({"mon": ["24:00-25:00"]}, "no time of opening"),
        ({"mon": ["17:00-08:00"]}, "ends before it begins"),
        ({"mon": ["08:00-12:00", "11:00-18:00"]}, "before the one before it"),
    ],
)
def test_hours_that_cannot_be_are_refused(hours: dict[str, list[str]], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        read_week(hours)


_TIMES = st.times(min_value=time(0), max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = []
    for _ in range(7):
        marks = sorted(draw(st.sets(_TIMES, max_size=4)))
        week.append(tuple(zip(marks[::2], marks[1::2], strict=False)))
    zone = draw(st.sampled_from([ZONE, "America/St_Johns", "Europe/Madrid", "America/Phoenix"]))
    return Calendar(zone, tuple(week), draw(st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=9)))


@given(
    calendars(), st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)), st.integers(1, 900)
)
def test_what_is_added_is_what_is_measured(calendar: Calendar, start: datetime, minutes: int) -> None:
    duration = timedelta(minutes=minutes)
    try:
        end = add_open_time(calendar, start, duration)
    except KnownError:
        assert not any(calendar.week), "only a shop without hours never opens"
        return
    assert end > start and open_between(calendar, start, end) == duration
    assert open_between(calendar, start, end - timedelta(seconds=1)) < duration, "and no instant earlier"
