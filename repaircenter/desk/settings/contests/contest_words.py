"""Contests in words: which answer, and where a contest stands. No Qt here."""

from typing import Final

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.wire.surveys.contests import Contest, ContestableAnswer
from repaircenter.wire.vocabulary import CONTEST_STATES, LAPSED, OPEN, REJECTED, UPHELD, WITHDRAWN_CONTEST

# Mark -> (icon, colour of theme.py).
MARKS: Final = {
    OPEN: ("timer-sand", "attention"),
    UPHELD: ("check-circle", "good"),
    REJECTED: ("cancel", "unknown"),
    WITHDRAWN_CONTEST: ("undo", "unknown"),
    LAPSED: ("timer-off-outline", "unknown"),
    "unknown": ("help-network-outline", "unknown"),
}


def state_of(contest: Contest) -> str:
    return contest.state if contest.state in CONTEST_STATES else "unknown"


def state_text(contest: Contest, context: DeskContext) -> str:
    state = state_of(contest)
    return context.words("desk.contests.unknown" if state == "unknown" else f"common.contest.state.{state}")


def about(answer: ContestableAnswer, context: DeskContext) -> str:
    """Whose answer it is, of when and of which shop, in one line."""
    when = context.instant(answer.answered_at, answer.zone)
    return " · ".join(fact for fact in (answer.ro_number, answer.customer, answer.vehicle, when, answer.shop) if fact)


def standing(contest: Contest, context: DeskContext) -> str:
    """Where a contest stands: who made it, until when it waits, who decided."""
    words, zone = context.words, contest.answer.zone
    made = words("desk.contests.made", by=contest.made_by or "", when=context.instant(contest.made_at, zone))
    if contest.state == OPEN:
        key = "waits_for_you" if contest.may_decide else "waits"
        then = words(f"desk.contests.{key}", until=context.instant(contest.ends_at, zone))
    else:
        when = context.instant(contest.decided_at, zone)
        state = state_text(contest, context)
        key = "ended_by" if contest.decided_by else "ended"
        then = words(f"desk.contests.{key}", state=state, by=contest.decided_by or "", when=when)
    return f"{made}\n{then}"
