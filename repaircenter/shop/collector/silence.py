"""Which stage went silent, since when, and why probably (A-N2). Pure: the shop's own history decides what is usual.

For each weekday the history gives how much is usual. Silence is reported when the shop would have been expected to
have brought `SILENT_AT` events since the last one: by chance that happens about once in four hundred times.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from repaircenter.runtime.days import zone_of
from repaircenter.shop.model.folder import FolderHealth
from repaircenter.shop.model.state import ConnectionState, Rhythm, Silence

SILENT_AT = 6.0
WINDOW_DAYS = 56
LEAST_EVENTS, LEAST_DAYS = 10, 14
# A working day runs from 8 to 18 o'clock: so much of what is usual today could have come by now.
_OPENS, _HOURS = 8, 10
SHARE_AFTER, SERVICE_AFTER = timedelta(minutes=30), timedelta(hours=1)
STAGES = ("sets", "kept", "delivered")
EVENTS = {
    "sets": ("read", "version_read"),
    "kept": ("answer_kept", "answer_already_have"),
    "delivered": ("delivered", "delivered_by_hand"),
}


def usual(rhythm: Rhythm, zone: str) -> dict[int, float] | None:
    """How many events each weekday (0 Monday) usually brings; None while there is too little history to say."""
    days = [instant.astimezone(zone_of(zone)).date() for instant in rhythm.instants_utc]
    if len(days) < LEAST_EVENTS or (days[-1] - days[0]).days < LEAST_DAYS:
        return None
    first = max(days[0], days[-1] - timedelta(days=WINDOW_DAYS - 1))
    seen = Counter(day.weekday() for day in days if day >= first)
    length = Counter((first + timedelta(days=n)).weekday() for n in range((days[-1] - first).days + 1))
    return {weekday: seen[weekday] / count for weekday, count in length.items()}


def expected_since(a_day: Mapping[int, float], last: date, now: datetime) -> float:
    """How many events would be usual after the day `last` until `now` (in the shop's zone)."""
    full = sum(a_day.get((last + timedelta(days=n)).weekday(), 0.0) for n in range(1, (now.date() - last).days))
    if now.date() == last:
        return 0.0
    part = min(max((now.hour + now.minute / 60 - _OPENS) / _HOURS, 0.0), 1.0)
    return full + a_day.get(now.weekday(), 0.0) * part


def silences(
    now_utc: datetime,
    zone: str,
    rhythms: Sequence[Rhythm],
    folders: Sequence[FolderHealth],
    connection: ConnectionState,
    rule: str,
    filtered: Mapping[str, int],
    *,
    stopped: bool,
) -> tuple[Silence, ...]:
    """The stages that are silent now, the earliest of the chain first; one that an earlier one explains is left out.

    `filtered` counts reasons for which the service did not keep jobs lately.
    """
    silences: list[Silence] = []
    away = [f for f in folders if f.away_since_utc is not None and now_utc - f.away_since_utc >= SHARE_AFTER]
    for folder in away:
        silences.append(Silence("share", folder.away_since_utc, 0.0, folder.trouble or "unreachable", folder.path))
    # A folder that was not listed yet may hold what seems to be missing.
    unread = any(folder.away_since_utc is None and not folder.looks for folder in folders)
    quiet = {
        silence.stage: silence
        for silence in (_quiet(rhythm, zone, now_utc) for rhythm in rhythms)
        if silence is not None and not unread
    }
    if "sets" in quiet and not away:
        silences.append(_with(quiet["sets"], "no_exports", ", ".join(f.path for f in folders)))
    service = _service(now_utc, connection)
    if service is not None:
        silences.append(service)
    if "kept" in quiet and service is None and "sets" not in quiet and not away:
        silences.append(_with(quiet["kept"], *_why_not_kept(rule, filtered, stopped=stopped)))
    if "delivered" in quiet and "sets" not in quiet and not away:
        silences.append(_with(quiet["delivered"], "no_delivery_dates", ""))
    return tuple(silences)


def _quiet(rhythm: Rhythm, zone: str, now_utc: datetime) -> Silence | None:
    a_day = usual(rhythm, zone)
    if a_day is None:
        return None
    last, now = rhythm.instants_utc[-1].astimezone(zone_of(zone)).date(), now_utc.astimezone(zone_of(zone))
    if now.date() < last or expected_since(a_day, last, now) < SILENT_AT:
        return None
    return Silence(rhythm.stage, rhythm.instants_utc[-1], sum(a_day.values()), "")


def _with(silence: Silence, cause: str, detail: str) -> Silence:
    return Silence(silence.stage, silence.since_utc, silence.usual_a_week, cause, detail)


def _service(now_utc: datetime, connection: ConnectionState) -> Silence | None:
    """The service is silent when this PC has not been connected for an hour."""
    if connection.since_utc is not None and now_utc - connection.since_utc >= SERVICE_AFTER:
        return Silence("service", connection.since_utc, 0.0, connection.reason or connection.name)
    return None


def _why_not_kept(rule: str, filtered: Mapping[str, int], *, stopped: bool) -> tuple[str, str]:
    if stopped:
        return "sending_stopped", ""
    if rule == "never":
        return "rule_never", ""
    if filtered:
        return "all_filtered", max(filtered, key=lambda reason: filtered[reason])
    return "rule_waits", rule
