"""What a person may do with the job on screen: buttons, and the small forms that need one more word (UI.md)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from repaircenter.desk.jobs.job_status import (
    ADD_EMAIL,
    CONVERT,
    CORRECT_EMAIL,
    DELIVER,
    INCLUDE,
    SEE_ANSWER,
    SEND,
    TRY_AGAIN,
)
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.flow_layout import FlowLayout
from repaircenter.desk.kit.widgets import button, day_box, label, row_of
from repaircenter.shop.jobs.actions import Actions
from repaircenter.shop.model.job import DELIVERED, OPPORTUNITY, JobView

Act = Callable[[Actions], object]


@dataclass(frozen=True, slots=True)
class Deed:
    """What to do in the background, what to say once it is done, and what takes it back."""

    act: Act
    said: str = ""
    undo: Act | None = None


class JobActions(QWidget):
    """`do` runs one action in the background; `edit_contact` and `edit_credits` open forms; `survey_wanted` with a Job."""

    survey_wanted = Signal(object)

    def __init__(
        self,
        context: DeskContext,
        do: Callable[[Deed], None],
        edit_contact: Callable[[], None],
        edit_credits: Callable[[], None],
    ) -> None:
        super().__init__()
        self._context = context
        self._do = do
        self._edit_contact, self._edit_credits = edit_contact, edit_credits
        self._view: JobView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        # They wrap where a language has long words: the list keeps its width.
        buttons = QWidget()
        row = FlowLayout(buttons)
        self._send = button("", self._send_now)
        self._contact = button("", edit_contact)
        self._more = QToolButton()
        self._more.setProperty("role", "button")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill)
        self._more.setMenu(self._menu)
        for widget in (self._send, self._contact, self._more):
            row.addWidget(widget)
        column.addWidget(buttons)
        self._convert, self._deliver = _Step(), _Step()
        self._number = QLineEdit()
        self._convert.build(self._number, self._converted)
        self._day = day_box()
        self._deliver.build(self._day, self._delivered)
        for step in (self._convert, self._deliver):
            column.addWidget(step)
            step.hide()
        bind = self._context.texts.bind
        bind(self._send, "desk.job.send_now")
        bind(self._contact, "desk.job.edit_contact")
        bind(self._more, "desk.job.more")
        bind(self._number, name="desk.job.ro_number")
        bind(self._day, name="desk.job.day")
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        self._convert.say(words("desk.job.ro_number"), words("desk.job.convert"), words("desk.configuration.cancel"))
        self._deliver.say(words("desk.job.day"), words("desk.job.deliver"), words("desk.configuration.cancel"))

    def show_view(self, view: JobView, offered: str) -> None:
        """Show what fits the job; the deed that the status card offers is not offered twice."""
        changed = self._view is None or self._view.details.job.id != view.details.job.id
        self._view = view
        job = view.details.job
        if changed:
            self._convert.hide()
            self._deliver.hide()
        able = not (job.is_gone or job.excluded or job.unsure)
        self._send.setVisible(offered != SEND)
        self._send.setEnabled(able and job.shop_id is not None and job.sent_digest is None)
        self._send.setToolTip("" if self._send.isEnabled() else self._context.words("desk.job.sent_already"))
        self._contact.setEnabled(not job.is_gone)
        self._more.setEnabled(not job.is_gone)

    def do_deed(self, deed: str) -> None:
        """Do what the status card offers (job_status)."""
        view = self._view
        if view is None:
            return
        job = view.details.job
        refused = [row.id for row in view.details.outbox if row.state in ("refused", "parked")]
        deeds: dict[str, Callable[[], object]] = {
            ADD_EMAIL: self._edit_contact,
            CORRECT_EMAIL: self._edit_contact,
            SEND: self._send_now,
            TRY_AGAIN: lambda: self._do(Deed(lambda act: act.try_again(refused))),
            CONVERT: self._ask_number,
            DELIVER: self._ask_day,
            INCLUDE: self._include,
            SEE_ANSWER: lambda: self.survey_wanted.emit(job),
        }
        deeds[deed]()

    def _fill(self) -> None:
        self._menu.clear()
        self.fill(self._menu)

    def fill(self, menu: QMenu) -> None:
        """Put what fits the job now into a menu; what cannot be done is grey and says why."""
        view, words = self._view, self._context.words
        if view is None:
            return
        job = view.details.job

        def offer(key: str, call: Callable[[], object], refusal: str = "") -> None:
            text = words(f"desk.job.{key}")
            action = menu.addAction(f"{text} – {words(f'desk.job.{refusal}')}" if refusal else text, call)
            action.setEnabled(not refusal)

        offer("convert", self._ask_number, "" if job.state == OPPORTUNITY else "no_convert")
        offer("deliver", self._ask_day, "" if job.state != DELIVERED else "no_deliver")
        if job.excluded:
            offer("include", self._include)
        else:
            offer("exclude", self._exclude, (view.exclude_refusal and f"no_exclude.{view.exclude_refusal}") or "")
        offer("credits", self._edit_credits)
        menu.addSeparator()
        answered = job.service_state == "answered" and job.shop_id is not None
        offer("open_survey", lambda: self.survey_wanted.emit(job), "" if answered else "no_survey")
        if view.undoable is not None:
            menu.addSeparator()
            menu.addAction(words("desk.job.undo", what=words(f"desk.job.step.{view.undoable}")), self._undo)

    def _include(self) -> None:
        job_id = self._job_id
        self._do(Deed(lambda act: act.include(job_id), self._context.words("desk.job.did.included")))

    def _exclude(self) -> None:
        job_id, said = self._job_id, self._context.words("desk.job.did.excluded")
        self._do(Deed(lambda act: act.exclude(job_id), said, lambda act: act.include(job_id)))

    def _undo(self) -> None:
        job_id = self._job_id
        self._do(Deed(lambda act: act.undo(job_id), self._context.words("desk.job.did.undone")))

    @property
    def _job_id(self) -> int:
        return 0 if self._view is None else self._view.details.job.id

    def _ask_number(self) -> None:
        self._deliver.hide()
        self._number.setText("" if self._view is None else self._view.details.job.ro_number or "")
        self._convert.show()
        self._number.setFocus()

    def _ask_day(self) -> None:
        self._convert.hide()
        today = self._context.today()
        self._day.setDate(QDate(today.year, today.month, today.day))
        self._deliver.show()
        self._day.setFocus()

    def _converted(self) -> None:
        job_id, number, said = self._job_id, self._number.text(), self._context.words("desk.job.did.converted")
        self._convert.hide()
        self._do(Deed(lambda act: act.convert(job_id, number), said, lambda act: act.undo(job_id)))

    def _delivered(self) -> None:
        job_id, chosen, said = self._job_id, self._day.date(), self._context.words("desk.job.did.delivered")
        self._deliver.hide()
        day = date(chosen.year(), chosen.month(), chosen.day())
        self._do(Deed(lambda act: act.mark_delivered(job_id, day), said, lambda act: act.undo(job_id)))

    def _send_now(self) -> None:
        job_id = self._job_id
        self._send.setEnabled(False)
        self._do(Deed(lambda act: act.send_now(job_id), self._context.words("desk.job.did.sent")))


class _Step(QFrame):
    """One question with its answer and two buttons, in the flow of the page."""

    def build(self, field: QWidget, done: Callable[[], None]) -> None:
        self.setProperty("role", "strip")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        self._caption = label("")
        self._caption.setBuddy(field)
        self._done, self._leave = button("", done, primary=True), button("", self.hide)
        # The answer above its buttons: the details are narrow in a small window.
        column.addWidget(row_of(self._caption, field))
        column.addWidget(row_of(self._done, self._leave))
        if isinstance(field, QLineEdit):
            field.returnPressed.connect(done)

    def say(self, caption: str, done: str, leave: str) -> None:
        self._caption.setText(caption)
        for widget, text in ((self._done, done), (self._leave, leave)):
            widget.setText(text.replace("…", ""))
            widget.setAccessibleName(text.replace("&", "").replace("…", ""))
