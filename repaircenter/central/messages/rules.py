"""When a message may leave, when it is tried again, and when it has failed (issues 13.7, 17). Pure."""

from datetime import UTC, datetime, time, timedelta

from repaircenter.runtime.days import zone_of

_PAUSES = (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60)
MOST_ATTEMPTS = len(_PAUSES) + 1


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None when there is no next one (about two days in all)."""
    return timedelta(minutes=_PAUSES[attempts - 1]) if attempts <= len(_PAUSES) else None


# Hours of the shop in which no customer is written to.
QUIET_FROM, QUIET_UNTIL = time(20, 0), time(8, 0)


def next_hour_to_write(now_utc: datetime, zone: str) -> datetime:
    """Now, or the end of the quiet hours at the shop: 08:00 on its clocks, whichever way they were put meanwhile."""
    local = now_utc.astimezone(zone_of(zone))
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return now_utc
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, zone_of(zone)).astimezone(UTC)
