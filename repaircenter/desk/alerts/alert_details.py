"""One alert: whose car it is, what was marked low, who has it and until when, and what can be done about it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from repaircenter.desk.alerts.alert_list import instant_text, is_open, is_overdue, kind_text, mark_text, state_text
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.detail import DetailHead
from repaircenter.desk.kit.notices.empty_state import EmptyState
from repaircenter.desk.kit.widgets import button, label, row_of, scrolled
from repaircenter.wire.alerts import Alert, Colleague
from repaircenter.wire.vocabulary import LOW

_NOBODY = 0


class AlertDetails(QStackedWidget):
    """Says what is wanted: `take`, `write` (what was done), `reopen`, `survey`, `job`; `given` to a colleague's id."""

    wanted = Signal(str)
    given = Signal(int)

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self._alert: Alert | None = None
        self._colleagues: Sequence[Colleague] = ()
        bind = context.texts.bind
        self._nothing = EmptyState()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        self._head = DetailHead(3)
        self._low, self._others = label("", "problem", wrap=True), label("", "soft", wrap=True)
        self._comment, self._recovery = label("", wrap=True), label("", wrap=True)
        self._low_title, self._recovery_title = label("", "group"), label("", "group")
        self._kind = label("", wrap=True)
        self._problem = label("", "problem", wrap=True)
        self._buttons = {
            name: bind(button("", self._asker(name), primary=name == "take"), f"desk.alerts.{name}")
            for name in ("take", "write", "reopen", "survey", "job", "contest")
        }
        self._owner = bind(QComboBox(), name="desk.alerts.owner")
        self._owner.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._owner.activated.connect(lambda _index: self.given.emit(int(self._owner.currentData())))
        caption = bind(label(""), "desk.alerts.owner")
        caption.setBuddy(self._owner)
        owner = QHBoxLayout()
        owner.addWidget(caption)
        owner.addWidget(self._owner)
        owner.addStretch(1)
        column.addWidget(self._head)
        column.addLayout(owner)
        column.addWidget(self._kind)
        column.addWidget(bind(self._low_title, "desk.alerts.low"))
        for words in (self._low, self._comment, self._others):
            column.addWidget(_copied(words))
        column.addWidget(bind(self._recovery_title, "desk.alerts.recovery.title"))
        column.addWidget(_copied(self._recovery))
        column.addWidget(self._problem)
        column.addWidget(row_of(self._buttons["take"], self._buttons["write"], self._buttons["reopen"]))
        column.addWidget(row_of(self._buttons["survey"], self._buttons["job"], self._buttons["contest"]))
        column.addStretch(1)
        self.addWidget(self._nothing)
        self.addWidget(scrolled(page))
        self.say("")
        self.retranslate()

    def _asker(self, name: str) -> Callable[[], object]:
        return lambda: self.wanted.emit(name)

    def retranslate(self) -> None:
        words = self._context.words
        self._nothing.say(words("desk.alerts.choose_title"), words("desk.alerts.choose_text"))
        self.show_alert(self._alert, self._colleagues)

    def show_alert(self, alert: Alert | None, colleagues: Sequence[Colleague]) -> None:
        """Show an alert as it stands now; None for none."""
        self._alert, self._colleagues = alert, colleagues
        self.setCurrentIndex(0 if alert is None else 1)
        if alert is None:
            self._head.show_facts("", [(), (), ()])
            self._owner.clear()
            for widget in (self._kind, self._low, self._others, self._comment, self._recovery, self._problem):
                widget.clear()
            return
        words, context = self._context.words, self._context
        title = " · ".join(fact for fact in (alert.customer, alert.ro_number) if fact)
        self._head.show_facts(
            title or words("desk.alerts.no_customer"),
            [
                [alert.vehicle, alert.programme],
                [state_text(alert, context), self._when(alert)],
                [self._last_change(alert)],
            ],
        )
        self._low_title.setVisible(alert.kind == LOW)
        _say(self._kind, kind_text(alert, context))
        _say(self._low, "\n".join(mark_text(answer, context) for answer in alert.answers if answer.low))
        _say(self._others, "\n".join(mark_text(answer, context) for answer in alert.answers if not answer.low))
        _say(self._comment, words("desk.alerts.comment", text=alert.comment) if alert.comment else "")
        _say(self._recovery, self._done(alert))
        self._recovery_title.setVisible(alert.recovery is not None)
        self._offer_owners(alert)
        going = is_open(alert)
        self._buttons["take"].setVisible(going and alert.state != "in_hand")
        self._buttons["write"].setVisible(going)
        self._buttons["reopen"].setVisible(alert.state == "done" and alert.may_end)
        self._buttons["contest"].setVisible(alert.may_end and alert.answer_id is not None and bool(alert.job_key))
        self._buttons["survey"].setVisible(bool(alert.job_key) and alert.kind == LOW)
        self._buttons["job"].setVisible(bool(alert.ro_number))

    def _when(self, alert: Alert) -> str:
        words, context = self._context.words, self._context
        if alert.ended_at is not None:
            who = alert.ended_by or ""
            when = instant_text(alert, alert.ended_at, context)
            return words("desk.alerts.ended_by" if who else "desk.alerts.ended", when=when, who=who)
        overdue = is_overdue(alert, context.clock.now_utc())
        when = instant_text(alert, alert.due_at, context)
        return words("desk.alerts.overdue_since" if overdue else "desk.alerts.due", when=when)

    def _last_change(self, alert: Alert) -> str:
        """Who changed it last, and when: a colleague's work is seen."""
        if alert.changed_by is None or alert.ended_at is not None:
            return ""
        when = instant_text(alert, alert.changed_at, self._context)
        return self._context.words("desk.alerts.changed", who=alert.changed_by, when=when)

    def _done(self, alert: Alert) -> str:
        recovery, words = alert.recovery, self._context.words
        if recovery is None:
            return ""
        cause, outcome = f"common.alert.cause.{recovery.cause}", f"common.alert.outcome.{recovery.outcome}"
        known = [words(key) for key in (cause, outcome) if words.has(key)]
        return "\n".join(line for line in (" · ".join(known), recovery.action) if line)

    def _offer_owners(self, alert: Alert) -> None:
        here = [colleague for colleague in self._colleagues if alert.shop_id in colleague.shops]
        offered = [(self._context.words("desk.alerts.nobody"), _NOBODY), *((one.name, one.id) for one in here)]
        if alert.owner_id is not None and alert.owner_id not in {one.id for one in here}:
            offered.append((alert.owner or "", alert.owner_id))
        self._owner.clear()
        for name, number in offered:
            self._owner.addItem(name, number)
        self._owner.setCurrentIndex(max(self._owner.findData(alert.owner_id or _NOBODY), 0))
        self._owner.setEnabled(is_open(alert))

    def say(self, sentence: str) -> None:
        """What could not be done."""
        _say(self._problem, sentence)


def _say(widget: QLabel, text: str) -> None:
    widget.setText(text)
    widget.setVisible(bool(text))


def _copied(widget: QLabel) -> QLabel:
    widget.setTextFormat(Qt.TextFormat.PlainText)
    widget.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return widget
