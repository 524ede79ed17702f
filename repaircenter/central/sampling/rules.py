"""When a kept job may be asked (A-12, requirements 6.2, DESIGN 4.6). Pure."""

from datetime import UTC, date, datetime, time, timedelta

from repaircenter.runtime.days import zone_of

ASK_AT = time(9, 0)
LATEST_DAYS = 60


def callable_on(received_on: date, ageing_days: int, delivered_on: date | None, not_before_delivery: bool) -> date:
    """Receipt + ageing; with `not_before_delivery` the later of that and delivery + 1 day, at most receipt + 60."""
    aged = received_on + timedelta(days=ageing_days)
    if not not_before_delivery:
        return aged
    latest = received_on + timedelta(days=LATEST_DAYS)
    if delivered_on is None:
        return max(latest, aged)
    return max(aged, latest if delivered_on >= latest else delivered_on + timedelta(days=1))


def due_at(day: date, zone: str) -> datetime:
    """09:00 of a day in the shop's zone, as UTC."""
    return datetime.combine(day, ASK_AT, zone_of(zone)).astimezone(UTC)
