"""Which answers are low, when mail about them leaves, and what may follow what (A-06, A-20, A-P1, A-P3). Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from repaircenter.central.surveys.rules import called_after
from repaircenter.runtime.days import zone_of
from repaircenter.wire.alerts import AlertChange, Recovery
from repaircenter.wire.surveys.questionnaires import Question
from repaircenter.wire.vocabulary import (
    ALERT_CAUSES,
    ALERT_OUTCOMES,
    ALERT_STATES,
    ALL,
    COMPANIES,
    EVERYBODY,
    LONGEST_ACTION,
    MINE,
    NONE,
    SILENT,
    UNREACHED,
)

# The timers of an answer that is to be judged, of the mail of a shop's morning, and of the end of its week.
JUDGE, MORNING, WEEK = "alert.judge", "alert.morning", "alert.week"
# The timer of a sample whose customer nothing reaches, or who had their time to answer.
LOOK = "alert.look"
# The timer of what a customer wrote back.
TELL = "alert.tell"
NEW, SEEN, IN_HAND, DONE = "new", "seen", "in_hand", "done"
MORNING_AT = time(7)
# Sunday, Monday being 0.
_SUNDAY, _WEEK_ENDS_AT = 6, time(20)
# A PC says every ten minutes that it is there; one that was not heard of for so long is away.
_UNHEARD = timedelta(days=3)
# Stars are compared on the scale of ten: three of five stars count as six.
_TEN, _FIVE = 10, 5
# A person reads an alert of yesterday; how long one that has ended is still shown.
SHOWN_FOR = timedelta(days=90)


def low_answers(questions: Sequence[Question], values: Mapping[str, int], at_most: int | None) -> list[str]:
    """Return the keys of the questions answered with `at_most` or less of ten, in their order.

    A question that was not answered is not low (MODULES 2, rules), nor is a no; None asks for no alert at all.
    """
    if at_most is None:
        return []
    scored = (q for q in questions if q.is_scored and q.key in values)
    return [q.key for q in scored if _of_ten(q, values[q.key]) <= at_most]


def _of_ten(question: Question, value: int) -> int:
    return value * (_TEN // _FIVE) if question.maximum == _FIVE else value


def what_to_tell(
    state: str, asked_for: timedelta | None, *, is_company: bool, reminder_days: int, unreached: bool, silent: str
) -> str:
    """Return the kind of alert a customer who was asked is worth as things stand now, empty for none (A-P8).

    `asked_for` is how long ago the invitation left; whoever would be called by now has been silent for long enough.
    """
    if state == "unreachable":
        return UNREACHED if unreached else ""
    if state != "invited" or asked_for is None or asked_for < called_after(reminder_days):
        return ""
    return SILENT if silent == EVERYBODY or (silent == COMPANIES and is_company) else ""


def next_morning(now_utc: datetime, zone: str) -> datetime:
    """Return the next 07:00 on the clocks of a zone, later than now (requirements 6.3: also on closed days)."""
    place = zone_of(zone)
    day = now_utc.astimezone(place).date()
    morning = datetime.combine(day, MORNING_AT, place).astimezone(UTC)
    if morning <= now_utc:
        morning = datetime.combine(day + timedelta(days=1), MORNING_AT, place).astimezone(UTC)
    return morning


def offered_choices(may_see_all: bool) -> list[str]:
    """Of which alerts somebody may get mail: whoever answers for the shop of all, everybody of their own (A-P3)."""
    return [ALL, MINE, NONE] if may_see_all else [MINE, NONE]


def concerns(owner_id: int | None, credited: Collection[int], person_id: int) -> bool:
    """Whether an alert is a person's own: it was given to them, or they worked on the job (A-P3)."""
    return owner_id == person_id or person_id in credited


def wants(choice: str | None, may_see_all: bool, is_own: bool) -> bool:
    """Whether a person gets mail about an alert, by what they chose; who chose nothing gets what concerns them."""
    if choice not in offered_choices(may_see_all):
        choice = offered_choices(may_see_all)[0]
    return choice == ALL or (choice == MINE and is_own)


def refusal(change: AlertChange, state: str, recovery_demanded: bool, may_end: bool) -> str:
    """Return why a change may not be made (a code), empty when it may.

    What has ended is opened again, and ended, by whoever may end alerts; a programme that demands it gets a recovery
    first (A-P1).
    """
    if change.state not in (None, IN_HAND, DONE):
        return "not_possible"
    ended = not ALERT_STATES[state].is_open
    if ended and (state != DONE or change.state not in (IN_HAND, None)):
        return "not_possible"
    if (change.state == DONE or ended) and not may_end:
        return "not_allowed"
    if change.state == DONE and recovery_demanded and change.recovery is None:
        return "recovery_missing"
    return "" if change.recovery is None else wrong_recovery(change.recovery)


def wrong_recovery(recovery: Recovery) -> str:
    """Return the code of what is wrong with a recovery note, empty for nothing."""
    if recovery.cause not in ALERT_CAUSES or recovery.outcome not in ALERT_OUTCOMES or not recovery.action.strip():
        return "recovery_missing"
    return "too_long" if len(recovery.action) > LONGEST_ACTION else ""


def next_sunday_evening(now_utc: datetime, zone: str) -> datetime:
    """Return the next Sunday 20:00 on the clocks of a zone, later than now (A-22)."""
    place = zone_of(zone)
    today = now_utc.astimezone(place).date()
    sunday = today + timedelta(days=_SUNDAY - today.weekday())
    evening = datetime.combine(sunday, _WEEK_ENDS_AT, place).astimezone(UTC)
    if evening <= now_utc:
        evening = datetime.combine(sunday + timedelta(days=7), _WEEK_ENDS_AT, place).astimezone(UTC)
    return evening


def last_sunday_evening(now_utc: datetime, zone: str) -> datetime:
    """Return the last Sunday 20:00 on the clocks of a zone, at the latest now."""
    place = zone_of(zone)
    sunday = next_sunday_evening(now_utc, zone).astimezone(place).date() - timedelta(days=7)
    return datetime.combine(sunday, _WEEK_ENDS_AT, place).astimezone(UTC)


def silent_stage(is_paired: bool, seen_at: datetime | None, was_filtered: bool, until_utc: datetime) -> str:
    """Return which stage brought nothing in a week (A-N2): no PC was ever connected, it was not heard of any more, all
    that came is in no programme, or no estimates came."""
    if not is_paired:
        return "not_connected"
    if was_filtered:
        return "filtered"
    if seen_at is None or seen_at < until_utc - _UNHEARD:
        return "not_heard"
    return "no_estimates"
