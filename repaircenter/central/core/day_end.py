"""When every session ends, once a day (A-08, requirements 6.12): a time of day of a zone, as the operator says. Pure."""

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from repaircenter.runtime.days import is_zone, zone_of


class DayEnd(NamedTuple):
    """22:00 in Los Angeles unless the operator says otherwise."""

    at: time = time(22, 0)
    zone: str = "America/Los_Angeles"

    def next_after(self, now_utc: datetime) -> datetime:
        """The UTC instant of the next daily end of all sessions, on the clocks of the zone, summer and winter."""
        zone = zone_of(self.zone)
        local = now_utc.astimezone(zone)
        end = datetime.combine(local.date(), self.at, zone).astimezone(UTC)
        if end <= now_utc:
            end = datetime.combine(local.date() + timedelta(days=1), self.at, zone).astimezone(UTC)
        return end


def read_day_end(given: str) -> DayEnd | None:
    """`HH:MM`, or `HH:MM Region/City`; None for anything else."""
    words = given.split()
    try:
        at = time.fromisoformat(words[0]) if words and len(words[0]) == len("22:00") else None
    except ValueError:
        return None
    if at is None or len(words) > 2 or at.tzinfo is not None or (len(words) == 2 and not is_zone(words[1])):
        return None
    return DayEnd(at, *words[1:])
