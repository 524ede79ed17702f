"""The list of alerts: its columns, its chips, and in which order they stand. No Qt here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.columns import Column
from repaircenter.desk.kit.lists.rows import sort_rows
from repaircenter.wire.alerts import Alert, AlertAnswer
from repaircenter.wire.vocabulary import ALERT_KINDS, ALERT_STATES, LOW

OVERDUE: Final = "overdue"
# Mark -> (icon, colour of theme.py).
MARKS: Final = {
    **{word: (state.mark, state.tone) for word, state in ALERT_STATES.items()},
    "unknown": ("help-network-outline", "unknown"),
    OVERDUE: ("clock-alert-outline", "problem"),
}


def is_open(alert: Alert) -> bool:
    return alert.state in ALERT_STATES and ALERT_STATES[alert.state].is_open


def is_overdue(alert: Alert, now_utc: datetime) -> bool:
    return is_open(alert) and alert.due_at < now_utc


def kind_text(alert: Alert, context: DeskContext) -> str:
    """What an alert is about that is about no answer, with why nothing reached the customer; empty for a low answer."""
    words = context.words
    if alert.kind == LOW:
        return ""
    known = alert.kind in ALERT_KINDS
    about = words(f"common.alert.kind.{alert.kind}" if known else "desk.alerts.unknown_state")
    key = f"report.reason.{alert.reason}"
    return f"{about} – {words(key)}" if alert.reason and words.has(key) else about


def low_answers(alert: Alert) -> list[AlertAnswer]:
    return [answer for answer in alert.answers if answer.low]


def mark_text(answer: AlertAnswer, context: DeskContext) -> str:
    """A question and what it was answered with, as one line."""
    if answer.text is not None:
        return context.words("desk.alerts.said", label=answer.label, text=answer.text)
    return context.words("desk.alerts.mark", label=answer.label, value=answer.value, maximum=answer.maximum)


def state_text(alert: Alert, context: DeskContext) -> str:
    is_known = alert.state in ALERT_STATES
    return context.words(f"common.alert.state.{alert.state}" if is_known else "desk.alerts.unknown_state")


def instant_text(alert: Alert, value: datetime | None, context: DeskContext) -> str:
    """An instant on the clocks of the alert's shop."""
    return context.instant(value, alert.zone)


def _lowest(alert: Alert) -> AlertAnswer | None:
    return min(low_answers(alert) or alert.answers, key=lambda answer: answer.value / answer.maximum, default=None)


def _lowest_text(alert: Alert, _context: DeskContext) -> str:
    lowest = _lowest(alert)
    return "" if lowest is None else f"{lowest.value} / {lowest.maximum}"


def _lowest_part(alert: Alert) -> float:
    lowest = _lowest(alert)
    return 1.0 if lowest is None else lowest.value / lowest.maximum


def columns(now_utc: Callable[[], datetime]) -> tuple[Column[Alert], ...]:
    """The columns; what is overdue is so by the clock that is handed in."""
    return (
        Column(
            name="state",
            text=state_text,
            order=lambda alert: list(ALERT_STATES).index(alert.state) if alert.state in ALERT_STATES else -1,
            width=96,
            mark=lambda alert: alert.state if alert.state in ALERT_STATES else "unknown",
        ),
        Column(
            name="due",
            text=lambda alert, context: instant_text(alert, alert.due_at, context),
            order=lambda alert: (not is_open(alert), alert.due_at),
            width=146,
            mark=lambda alert: OVERDUE if is_overdue(alert, now_utc()) else "",
            tip=lambda alert, context: context.words("desk.alerts.overdue") if is_overdue(alert, now_utc()) else None,
        ),
        Column(
            name="customer",
            text=lambda alert, _context: alert.customer or "",
            order=lambda alert: (alert.customer or "").casefold(),
            width=140,
            grows=True,
        ),
        Column(
            name="ro", text=lambda alert, _context: alert.ro_number or "", order=lambda a: a.ro_number or "", width=70
        ),
        Column(name="mark", text=_lowest_text, order=_lowest_part, width=64),
        Column(
            name="about",
            text=lambda alert, context: (
                kind_text(alert, context) or ", ".join(answer.label for answer in low_answers(alert))
            ),
            order=lambda alert: (alert.kind, len(low_answers(alert))),
            width=180,
            grows=True,
        ),
        Column(
            name="owner",
            text=lambda alert, _context: alert.owner or "",
            order=lambda alert: (alert.owner or "").casefold(),
            width=110,
            grows=True,
        ),
        Column(
            name="opened",
            text=lambda alert, context: instant_text(alert, alert.opened_at, context),
            order=lambda alert: alert.opened_at,
            width=118,
            hidden=True,
        ),
    )


def is_mine(alert: Alert, me: int) -> bool:
    """Whether an alert was given to a person, or they worked on the job (A-P3)."""
    return alert.is_own or alert.owner_id == me


@dataclass(frozen=True, slots=True)
class Filters:
    """What the chips and the search say. `shop_id` is the shop that was chosen in the bar."""

    open_only: bool = True
    overdue: bool = False
    mine: bool = False
    shop_id: int | None = None
    search: str = ""

    def passes(self, alert: Alert, me: int, now_utc: datetime) -> bool:
        if self.shop_id is not None and alert.shop_id != self.shop_id:
            return False
        if (self.open_only and not is_open(alert)) or (self.overdue and not is_overdue(alert, now_utc)):
            return False
        if self.mine and not is_mine(alert, me):
            return False
        words = (alert.customer, alert.ro_number, alert.vehicle, alert.owner, alert.comment, alert.programme)
        return self.search.casefold() in " ".join(word for word in words if word).casefold()


def choose(alerts: list[Alert], filters: Filters, order: tuple[str, bool], me: int, now_utc: datetime) -> list[Alert]:
    """The alerts that pass, in the order of a column (True: downwards)."""
    chosen = [alert for alert in alerts if filters.passes(alert, me, now_utc)]
    sort_rows(
        chosen, order, {column.name: column.order for column in columns(lambda: now_utc)}, lambda alert: -alert.id
    )
    return chosen
