"""When sessions end (A-08, requirements 6.12) and how long leases and refresh tokens last. Pure."""

from datetime import UTC, datetime, time, timedelta

from repaircenter.runtime.days import zone_of

CUT_OFF_ZONE = "America/Los_Angeles"
CUT_OFF = time(22, 0)
# A collecting PC says every ten minutes that it is there; two times missed, and another may take its place.
LEASE_LIFE = timedelta(minutes=25)
# How long "stay signed in" lasts without being used (DESIGN 3.10).
REFRESH_IDLE_LIFE = timedelta(days=90)


def next_cut_off(now_utc: datetime, cut_off: time = CUT_OFF, zone: str = CUT_OFF_ZONE) -> datetime:
    """The UTC instant of the next daily end of all sessions: 22:00 in Los Angeles, summer and winter."""
    local = now_utc.astimezone(zone_of(zone))
    end = datetime.combine(local.date(), cut_off, zone_of(zone)).astimezone(UTC)
    if end <= now_utc:
        end = datetime.combine(local.date() + timedelta(days=1), cut_off, zone_of(zone)).astimezone(UTC)
    return end
