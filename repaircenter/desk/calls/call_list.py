"""The list of customers to call: its columns, its chips, and in which order they stand. No Qt here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.columns import Column
from repaircenter.desk.kit.lists.rows import sort_rows
from repaircenter.wire.surveys.interviews import Interview

DUE, LATER, CALLING, APPOINTMENT = "due", "later", "calling", "appointment"
# Mark -> (icon, colour of theme.py).
MARKS: Final = {
    DUE: ("phone-outline", "accent"),
    LATER: ("timer-sand", "soft"),
    CALLING: ("phone-in-talk-outline", "attention"),
    APPOINTMENT: ("calendar-clock-outline", "accent"),
}


def state_of(interview: Interview, now_utc: datetime) -> str:
    """Whether somebody is on the telephone, or the customer is to be called now, by appointment, or later: outside the
    hours for calls nobody is to be called now."""
    if interview.state == CALLING:
        return CALLING
    if interview.due_at > now_utc or not interview.may_call:
        return LATER
    return APPOINTMENT if interview.is_appointment else DUE


def outcome_text(outcome: str | None, context: DeskContext) -> str:
    """What came of the last call."""
    key = f"desk.calls.outcome.{outcome}"
    return context.words(key).removesuffix("…") if outcome and context.words.has(key) else ""


def language_text(interview: Interview, context: DeskContext) -> str:
    key = f"desk.contact.in_{interview.language}"
    return context.words(key) if context.words.has(key) else interview.language


def columns(now_utc: Callable[[], datetime]) -> tuple[Column[Interview], ...]:
    """The columns; what is due is so by the clock that is handed in."""

    def mark(interview: Interview) -> str:
        return state_of(interview, now_utc())

    return (
        Column(
            name="state",
            text=lambda one, context: one.agent or context.words(f"desk.calls.state.{mark(one)}"),
            order=lambda one: (one.state == CALLING, one.due_at),
            width=120,
            mark=mark,
        ),
        Column(
            name="due",
            text=lambda one, context: context.instant(one.due_at, one.zone),
            order=lambda one: one.due_at,
            width=130,
        ),
        Column(
            name="customer",
            text=lambda one, _context: one.customer or "",
            order=lambda one: (one.customer or "").casefold(),
            width=140,
            grows=True,
        ),
        Column(name="language", text=language_text, order=lambda one: one.language, width=80),
        Column(
            name="shop",
            text=lambda one, _context: one.shop,
            order=lambda one: one.shop.casefold(),
            width=120,
            grows=True,
        ),
        Column(
            name="attempts",
            text=lambda one, _context: str(one.attempts or ""),
            order=lambda one: one.attempts,
            width=60,
            right=True,
        ),
        Column(
            name="outcome",
            text=lambda one, context: outcome_text(one.outcome, context),
            order=lambda one: one.outcome or "",
            width=110,
            hidden=True,
        ),
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """What the chips and the search say. `shop_id` is the shop that was chosen in the bar."""

    due_only: bool = True
    shop_id: int | None = None
    search: str = ""

    def passes(self, interview: Interview, now_utc: datetime) -> bool:
        if self.shop_id is not None and interview.shop_id != self.shop_id:
            return False
        if self.due_only and state_of(interview, now_utc) == LATER:
            return False
        words = (interview.customer, interview.ro_number, interview.vehicle, interview.shop, interview.programme)
        return self.search.casefold() in " ".join(word for word in words if word).casefold()


def choose(
    interviews: Sequence[Interview], filters: Filters, order: tuple[str, bool], now_utc: datetime
) -> list[Interview]:
    """The interviews that pass, in the order of a column (True: downwards)."""
    chosen = [interview for interview in interviews if filters.passes(interview, now_utc)]
    sort_rows(chosen, order, {column.name: column.order for column in columns(lambda: now_utc)}, lambda one: one.id)
    return chosen
