"""Open time of a shop, by the clocks on its wall (requirements 6.1). Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from repaircenter.runtime.days import day_in, zone_of
from repaircenter.runtime.errors import KnownError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# A shop that is closed for so long never opens again.
_MOST_DAYS = 800
_INTERVAL = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
Interval = tuple[time, time]


@dataclass(frozen=True, slots=True)
class Calendar:
    """`week` holds for each weekday, Monday first, its half-open intervals in their order; `closed` are days off."""

    zone: str
    week: tuple[tuple[Interval, ...], ...]
    closed: frozenset[date] = frozenset()


def read_week(hours: Mapping[str, Sequence[str]]) -> tuple[tuple[Interval, ...], ...]:
    """Return the week of `{"mon": ["08:00-12:00", "13:30-18:00"], …}`; a day that is not named is closed.

    Raises ValueError with what is wrong: a day or an interval that is none, one that ends before it begins, two that
    overlap.
    """
    unknown = next((day for day in hours if day not in WEEKDAYS), None)
    if unknown is not None:
        raise ValueError(f"{unknown} is no day of the week ({', '.join(WEEKDAYS)})")
    return tuple(_read_day(day, hours.get(day, ())) for day in WEEKDAYS)


def _read_day(day: str, intervals: Sequence[str]) -> tuple[Interval, ...]:
    read: list[Interval] = []
    for written in intervals:
        match = _INTERVAL.fullmatch(written)
        if match is None:
            raise ValueError(f"{day}: {written} is no time of opening; write it as 08:00-17:00")
        start, end = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
        if end <= start:
            raise ValueError(f"{day}: {written} ends before it begins")
        if read and start < read[-1][1]:
            raise ValueError(f"{day}: {written} begins before the one before it has ended")
        read.append((start, end))
    return tuple(read)


def add_open_time(calendar: Calendar, start_utc: datetime, duration: timedelta) -> datetime:
    """Return the instant (UTC) at which so much open time has passed since `start_utc`.

    Raises KnownError `never_opens` for a calendar that has no open time within two years.
    """
    left = duration
    for begin, end in _spans(calendar, start_utc):
        begin = max(begin, start_utc)
        if end - begin >= left:
            return begin + left
        left -= end - begin
    raise KnownError("never_opens")


def open_between(calendar: Calendar, start_utc: datetime, end_utc: datetime) -> timedelta:
    """Return how much open time lies between two instants; none when the second is not later."""
    passed = timedelta()
    for begin, end in _spans(calendar, start_utc):
        if begin >= end_utc:
            break
        passed += max(min(end, end_utc) - max(begin, start_utc), timedelta())
    return passed


def _spans(calendar: Calendar, start_utc: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The open spans (UTC, half-open) that end after an instant, in their order."""
    place, first = zone_of(calendar.zone), day_in(calendar.zone, start_utc)
    for number in range(_MOST_DAYS):
        day = first + timedelta(days=number)
        if day in calendar.closed:
            continue
        for start, end in calendar.week[day.weekday()]:
            begin = datetime.combine(day, start, place).astimezone(UTC)
            over = datetime.combine(day, end, place).astimezone(UTC)
            if over > begin and over > start_utc:
                yield begin, over
