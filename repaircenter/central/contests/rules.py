"""How long an answer may be contested, what may follow what, and how long a contest waits (A-N6). Pure."""

from datetime import datetime, timedelta
from typing import Final

from repaircenter.wire.vocabulary import CONTEST_REASONS, LONGEST_EVIDENCE, OPEN, REJECTED, UPHELD, WITHDRAWN_CONTEST

# The timers of a contest nobody decided, and of mail about one.
LAPSE: Final = "contest.lapse"
TELL: Final = "contest.tell"
# What was answered longer ago is settled; what nobody decides in this time counts as it was given.
MAY_BE_CONTESTED, DECIDED_WITHIN = timedelta(days=60), timedelta(days=30)


def contested_since(now_utc: datetime) -> datetime:
    """Return the instant since which an answer must have been sent to be contested now."""
    return now_utc - MAY_BE_CONTESTED


def wrong_contest(reason: str, evidence: str) -> str:
    """Return the code of what is wrong with a contest, empty for nothing. Evidence is asked of everybody."""
    if reason not in CONTEST_REASONS or not evidence.strip():
        return "contest_incomplete"
    return "too_long" if len(evidence) > LONGEST_EVIDENCE else ""


def refusal(wanted: str, state: str, note: str, *, is_own: bool, may_review: bool) -> str:
    """Return why a state may not follow another (a code), empty when it may.

    Who contested an answer may withdraw it; who may review decides it with a reason, and nobody their own.
    """
    if state != OPEN or wanted not in (UPHELD, REJECTED, WITHDRAWN_CONTEST):
        return "not_possible"
    if wanted == WITHDRAWN_CONTEST:
        return "" if is_own else "not_allowed"
    if is_own or not may_review:
        return "not_allowed"
    if not note.strip():
        return "note_missing"
    return "too_long" if len(note) > LONGEST_EVIDENCE else ""
