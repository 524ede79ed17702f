"""Days: which day it is in a shop's zone, when it begins, and which values are days at all. Pure, any thread.

Zones come from the pinned package `tzdata` and never from the machine, so that every process on every PC decides a day
alike; the service compares PostgreSQL with it at its start (`central.db.zones`).
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

# Up to here are the zeros of date types (1899-12-30, 1900-01-01, 1970-01-01, 1980-01-01) and years cut off (0026).
_NO_DAY_UP_TO: Final = date(1980, 1, 1)
_LAST_DAY: Final = date(2100, 12, 31)


def is_plausible(day: date) -> bool:
    """Whether a day can be one of a repair, not the zero or the "never" of a date type."""
    return _NO_DAY_UP_TO < day <= _LAST_DAY


@cache
def zone_of(name: str) -> "ZoneInfo":
    """Return the zone of the pinned database. Raises ZoneInfoNotFoundError (a KeyError) for an unknown name."""
    import zoneinfo  # not above: start-up time of the desk

    if zoneinfo.TZPATH:
        zoneinfo.reset_tzpath(())
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError):  # a path, a folder of the database, or no text
        raise zoneinfo.ZoneInfoNotFoundError(name) from None


def is_zone(name: str) -> bool:
    """Whether the pinned database knows a zone by this name."""
    try:
        zone_of(name)
    except KeyError:
        return False
    return True


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
