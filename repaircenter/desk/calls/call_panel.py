"""One customer: before the call who it is, during it the script and how the call may end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape

from PySide6.QtCore import QDateTime, Qt, Signal
from PySide6.QtWidgets import QDateTimeEdit, QStackedWidget, QVBoxLayout, QWidget

from repaircenter.desk.calls.call_list import language_text, outcome_text
from repaircenter.desk.calls.script_page import ScriptQuestions
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.detail import DetailHead
from repaircenter.desk.kit.notices.empty_state import EmptyState
from repaircenter.desk.kit.widgets import button, label, row_of, scrolled
from repaircenter.runtime.contact import shown_phone
from repaircenter.runtime.days import zone_of
from repaircenter.wire.interviews import Conversation, Interview, SpokenPage
from repaircenter.wire.vocabulary import APPOINTMENT, CALL_OUTCOMES

_ERRORS = ("missing", "missing_answer", "too_long", "words_too_long")
_OUTCOMES = tuple(outcome for outcome in CALL_OUTCOMES if outcome != APPOINTMENT)
# An appointment is offered for the same time tomorrow.
_LATER = timedelta(days=1)


class CallPanel(QStackedWidget):
    """Says what is wanted: `called`, `spoken` with what was answered, `ended` with an outcome and the instant of an
    appointment, `closed` once a complete interview was read."""

    called = Signal()
    spoken = Signal(object)
    ended = Signal(str, object)
    closed = Signal()

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self._interview: Interview | None = None
        self.conversation: Conversation | None = None
        bind = context.texts.bind
        self._nothing = EmptyState()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        self._head = DetailHead(3)
        self._problem, self._said = label("", "problem", wrap=True), label("", wrap=True)
        self._phones, self._opening = label("", "title", wrap=True), label("", wrap=True)
        self._phones.setTextFormat(Qt.TextFormat.RichText)
        self._phones.setOpenExternalLinks(True)
        self._opening.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._call = bind(button("", self.called.emit, primary=True), "desk.calls.call")
        self.questions = ScriptQuestions(context)
        self._next = bind(button("", lambda: self._speak(back=False), primary=True), "desk.calls.next")
        self._finish = bind(button("", lambda: self._speak(back=False), primary=True), "desk.calls.finish")
        self._back = bind(button("", lambda: self._speak(back=True)), "desk.calls.back")
        self._close = bind(button("", self.closed.emit, primary=True), "desk.calls.close")
        self._end_title = bind(label("", "group"), "desk.calls.end")
        self._ends = {name: bind(button("", self._ender(name)), f"desk.calls.outcome.{name}") for name in _OUTCOMES}
        self._at = bind(QDateTimeEdit(), name="desk.calls.at")
        self._at.setCalendarPopup(True)
        self._at.setDisplayFormat("yyyy-MM-dd HH:mm")
        self._make = bind(button("", self._make_appointment), "desk.calls.make_appointment")
        self._steps = row_of(self._next, self._finish, self._back)
        self._outcomes = row_of(*(self._ends[name] for name in _OUTCOMES[:2]))
        self._refusals = row_of(*(self._ends[name] for name in _OUTCOMES[2:]))
        self._appointment = row_of(self._at, self._make)
        for part in (
            self._head, self._call, self._problem, self._phones, self._opening, self.questions, self._steps, self._said,
            self._close, self._end_title, self._outcomes, self._appointment, self._refusals,
        ):  # fmt: skip
            column.addWidget(part)
        column.addStretch(1)
        self.addWidget(self._nothing)
        self.addWidget(scrolled(page))
        self.say("")
        self.retranslate()

    def _ender(self, outcome: str) -> Callable[[], object]:
        return lambda: self.ended.emit(outcome, None)

    def retranslate(self) -> None:
        words = self._context.words
        self._nothing.say(words("desk.calls.choose_title"), words("desk.calls.choose_text"))
        self._show_words()

    @property
    def is_calling(self) -> bool:
        """Whether a call goes on, or its end was not read yet."""
        return self.conversation is not None

    def show_interview(self, interview: Interview | None) -> None:
        """Show who is to be called; None for nobody."""
        self._interview, self.conversation = interview, None
        self.questions.show_page(None)
        self._show_words()

    def show_conversation(self, conversation: Conversation) -> None:
        """Show the call as it goes on."""
        before = self.conversation
        self._interview, self.conversation = conversation.interview, conversation
        self.questions.show_page(conversation.page)
        if before is None:
            later = self._context.local(self._context.clock.now_utc() + _LATER, conversation.interview.zone)
            self._at.setDateTime(_as_shown(later))
        self._show_words()
        self.questions.focus_first()

    def _show_words(self) -> None:
        interview, going, words = self._interview, self.conversation, self._context.words
        self.setCurrentIndex(0 if interview is None else 1)
        if interview is None:
            return
        when = self._context.instant(interview.due_at, interview.zone)
        self._head.show_facts(
            interview.customer or words("desk.alerts.no_customer"),
            [
                [interview.vehicle, interview.ro_number, interview.shop],
                [language_text(interview, self._context), interview.programme],
                [words("desk.calls.due_at", when=when), outcome_text(interview.outcome, self._context)],
            ],
        )
        page = None if going is None else going.page
        self._call.setVisible(going is None)
        self._call.setEnabled(interview.may_call and (interview.state != "calling" or interview.is_mine))
        phones = () if going is None else going.phones
        self._phones.setText(" · ".join(map(_link, phones)))
        self._phones.setVisible(page is not None)
        self._opening.setText(going.opening if going is not None else "")
        self._opening.setVisible(page is not None and page.number == 1)
        self.questions.setVisible(page is not None)
        self._steps.setVisible(page is not None)
        self._next.setVisible(page is not None and not page.is_last)
        self._finish.setVisible(page is not None and page.is_last)
        self._back.setVisible(page is not None and page.number > 1)
        self._said.setText(going.closing if going is not None else "")
        self._said.setVisible(going is not None and page is None)
        self._close.setVisible(going is not None and page is None)
        for part in (self._end_title, self._outcomes, self._appointment, self._refusals):
            part.setVisible(page is not None)
        if page is not None:
            error = page.error if page.error in _ERRORS else "missing_answer"
            self.say(words(f"page.survey.{error}") if page.error else "")
        elif not interview.may_call and going is None:
            self.say(words("error.not_call_hours"))

    def _speak(self, *, back: bool) -> None:
        going = self.conversation
        if going is not None and going.page is not None:
            given, comment = self.questions.given(), self.questions.comment
            self.spoken.emit(SpokenPage(page=going.page.page, given=given, comment=comment, back=back))

    def _make_appointment(self) -> None:
        if self._interview is not None:
            typed = self._at.dateTime().toPython()
            assert isinstance(typed, datetime)
            self.ended.emit(APPOINTMENT, typed.replace(tzinfo=zone_of(self._interview.zone)))

    def say(self, sentence: str) -> None:
        """What went wrong."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def set_busy(self, busy: bool) -> None:
        """Nothing else is begun while something is being done."""
        self.setEnabled(not busy)


def _link(phone: str) -> str:
    """A number that the computer's telephone dials."""
    return f'<a href="tel:{escape(phone.partition(";")[0])}">{escape(shown_phone(phone))}</a>'


def _as_shown(local: datetime) -> QDateTime:
    """A time by the shop's clocks, shown as it stands on them."""
    return QDateTime.fromString(f"{local:%Y-%m-%dT%H:00:00}", Qt.DateFormat.ISODate)
