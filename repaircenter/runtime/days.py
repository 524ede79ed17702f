"""Days: which day it is in a shop's zone, when it begins, and which values are days at all. Pure, any thread.

Zones come from the pinned package `tzdata` and never from the machine, so that every process on every PC decides a day
alike. SQL is given offsets (`offsets`) and never asks for a zone: PostgreSQL has a database of its own.
"""

import logging
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

# Up to here are the zeros of date types (1899-12-30, 1900-01-01, 1970-01-01, 1980-01-01) and years cut off (0026).
_NO_DAY_UP_TO: Final = date(1980, 1, 1)
_LAST_DAY: Final = date(2100, 12, 31)
_STEP: Final = timedelta(days=5)
log = logging.getLogger(__name__)


def is_plausible(day: date) -> bool:
    """Whether a day can be one of a repair, not the zero or the "never" of a date type."""
    return _NO_DAY_UP_TO < day <= _LAST_DAY


@cache
def zone_of(name: str) -> "ZoneInfo":
    """Return the zone of the pinned database; UTC, with a line in the log, for a name it does not know.

    One shop whose zone was mistyped must not stop the others' reports and surveys; new names are checked by `is_zone`.
    """
    zone = _find_zone(name)
    if zone is None:
        log.warning("a zone is not known and counts as UTC")
        zone = _find_zone("UTC")
        assert zone is not None, "the package tzdata is not there"
    return zone


def is_zone(name: str) -> bool:
    """Whether the pinned database knows a zone by this name."""
    return _find_zone(name) is not None


def _find_zone(name: str) -> "ZoneInfo | None":
    import zoneinfo  # not above: start-up time of the desk

    if zoneinfo.TZPATH:
        zoneinfo.reset_tzpath(())
    try:
        return zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, a path, a folder of the database
        return None


def zones_version() -> str:
    """Return the version of the pinned database of zones ("2026f"); a later one is greater."""
    version: str = import_module("tzdata").IANA_VERSION
    return version


@cache
def country_of(zone: str) -> str:
    """Return the country a zone lies in by its two letters ("CA"), as tzdata's own table says; "CA" where none does."""
    from importlib.resources import files

    for line in files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8").splitlines():
        parts = line.split("\t")
        if len(parts) > 2 and parts[2] == zone:
            return parts[0]
    return "CA"


def offsets(zone: str, start_utc: datetime, end_utc: datetime) -> tuple[list[datetime], list[timedelta]]:
    """Return the instants within [start, end) at which a zone changes its offset, and the offsets around them.

    The offset before the first change comes first, so that there is one more of them. Found to the second; changes
    closer than five days to each other are not known to any zone.
    """
    place = zone_of(zone)

    def at(instant_utc: datetime) -> timedelta:
        return instant_utc.astimezone(place).utcoffset() or timedelta()

    changes, zones = [], [at(start_utc)]
    low = start_utc
    while low < end_utc:
        high = min(low + _STEP, end_utc)
        if at(high) != zones[-1]:
            left, right = low, high
            while right - left > timedelta(seconds=1):
                middle = left + timedelta(seconds=(right - left) // timedelta(seconds=2))
                left, right = (middle, right) if at(middle) == zones[-1] else (left, middle)
            changes.append(right)
            zones.append(at(right))
        low = high
    return changes, zones


def day_in(zone: str, instant_utc: datetime) -> date:
    """Return the day it is in a zone at an instant."""
    return instant_utc.astimezone(zone_of(zone)).date()


def start_of_day(zone: str, day: date) -> datetime:
    """Return the UTC instant at which a day begins in a zone: the first instant whose local day it is.

    Where clocks change at midnight a day may begin at 01:00 (Santiago in September) or twice (Havana in November: the
    second 00:00 belongs to the same day; Azores in October: 00:59 falls back to 23:00 of the day before).
    """
    place = zone_of(zone)
    naive = datetime.combine(day, time())
    starts = sorted({naive.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1)})
    fitting = [start for start in starts if start.astimezone(place).date() == day]
    # Azores: between the two midnights the day before comes back; the day is what follows without a break.
    settled = [start for start in fitting if (start - timedelta(microseconds=1)).astimezone(place).date() != day]
    return settled[-1] if settled else starts[-1]
