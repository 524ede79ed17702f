"""When customers are called, and what comes after a call (A-20, requirements 6.9). Pure."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Final

from repaircenter.central.calendars.rules import Calendar, add_open_time
from repaircenter.wire.vocabulary import APPOINTMENT, BUSY, NO_ANSWER

WAITING, CALLING, ENDED = "waiting", "calling", "ended"
# What came of calls besides the outcomes an agent says: the whole interview, or nobody said how it ended.
INTERVIEWED, ABANDONED = "interviewed", "abandoned"
# When customers are at home: Monday to Friday from four to nine, Saturday from noon to six, by the shop's clocks.
CALL_WEEK: Final = (*(((time(16), time(21)),),) * 5, ((time(12), time(18)),), ())
MOST_ATTEMPTS: Final = 5
# How much time of calling passes before the next attempt.
_PAUSES: Final = {NO_ANSWER: timedelta(hours=2), BUSY: timedelta(minutes=30)}
# Who has not said how a call ended after so long is not on the telephone any more.
LONGEST_CALL: Final = timedelta(hours=1)


def next_call(now_utc: datetime, zone: str, closed: Collection[date], outcome: str = "") -> datetime:
    """Return when a customer is called next: now if that is an hour for calls, or once the pause after a call has passed.

    Days on which the shop is closed are no days for calls.
    """
    calendar, pause = Calendar(zone, CALL_WEEK, frozenset(closed)), _PAUSES.get(outcome, timedelta())
    # The pause may end with the hours: then it is the beginning of the next ones.
    return add_open_time(calendar, add_open_time(calendar, now_utc, pause), timedelta())


def may_call(now_utc: datetime, zone: str, closed: Collection[date]) -> bool:
    """Return whether customers may be called now."""
    return next_call(now_utc, zone, closed) == now_utc


def is_over(outcome: str, attempts: int) -> bool:
    """Return whether nobody calls again after this outcome."""
    return outcome not in (APPOINTMENT, *_PAUSES) or (outcome != APPOINTMENT and attempts >= MOST_ATTEMPTS)
