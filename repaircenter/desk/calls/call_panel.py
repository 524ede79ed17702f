"""One customer: before the call who it is, during it the script and how the call may end."""

from collections.abc import Callable
from datetime import datetime
from html import escape
from itertools import pairwise

import shiboken6
from PySide6.QtCore import QDateTime, Qt, Signal
from PySide6.QtWidgets import QDateTimeEdit, QMenu, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from repaircenter.desk.calls.call_list import language_text, outcome_text
from repaircenter.desk.calls.script_page import ScriptQuestions
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.detail import DetailHead
from repaircenter.desk.kit.notices.empty_state import EmptyState
from repaircenter.desk.kit.widgets import button, label, row_of, scrolled, unrolled
from repaircenter.runtime.contact import shown_phone
from repaircenter.runtime.days import zone_of
from repaircenter.wire.surveys.interviews import Conversation, Interview, SpokenPage
from repaircenter.wire.vocabulary import APPOINTMENT, CALL_OUTCOMES

_ERRORS = ("missing", "missing_answer", "too_long", "words_too_long")


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
        # What was refused, until something else is shown; and where the keyboard was before something was done.
        self._refused = ""
        self._focus: QWidget | None = None
        bind = context.texts.bind
        self._nothing = EmptyState()
        self._head = DetailHead(3)
        self._problem, self._said = label("", "problem", wrap=True), label("", wrap=True)
        self._phones, self._opening = label("", "title", wrap=True), label("", wrap=True)
        self._phones.setTextFormat(Qt.TextFormat.RichText)
        self._phones.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._phones.setOpenExternalLinks(True)
        self._opening.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._call = bind(button("", self.called.emit, primary=True), "desk.calls.call")
        self._go_on = bind(button("", self.called.emit, primary=True), "desk.calls.go_on")
        self.questions = ScriptQuestions(context)
        self._next = bind(button("", lambda: self._speak(back=False), primary=True), "desk.calls.next")
        self._finish = bind(button("", lambda: self._speak(back=False), primary=True), "desk.calls.finish")
        self._back = bind(button("", lambda: self._speak(back=True)), "desk.calls.back")
        self._close = bind(button("", self.closed.emit, primary=True), "desk.calls.close")
        self._end = bind(QPushButton(), "desk.calls.end")
        self._menu = QMenu(self._end)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._end.setMenu(self._menu)
        self._at = bind(unrolled(QDateTimeEdit()), name="desk.calls.at")
        self._at.setCalendarPopup(True)
        self._at.setDisplayFormat("ddd yyyy-MM-dd HH:mm")
        self._clock = label("", "soft", wrap=True)
        self._make = bind(button("", self._make_appointment, primary=True), "desk.calls.make_appointment")
        self._leave_at = bind(button("", self._hide_appointment), "desk.calls.no_appointment")
        self._appointment = QWidget()
        made = QVBoxLayout(self._appointment)
        made.setContentsMargins(0, 0, 0, 0)
        made.addWidget(self._clock)
        made.addWidget(row_of(self._at, self._make, self._leave_at))
        self._steps = row_of(self._next, self._finish, self._back, self._end)
        self._script = self._scroll(
            (self._head, row_of(self._call, self._go_on), self._phones, self._opening, self.questions, self._said)
        )
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 8)
        whole.addWidget(self._script, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 0, 12, 0)
        for part in (self._problem, self._appointment, self._steps, row_of(self._close)):
            foot.addWidget(part)
        whole.addLayout(foot)
        self.addWidget(self._nothing)
        self.addWidget(page)
        self._hide_appointment()
        self.retranslate()

    @staticmethod
    def _scroll(parts: tuple[QWidget, ...]) -> QScrollArea:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        return scrolled(page)

    def retranslate(self) -> None:
        words = self._context.words
        self._nothing.say(words("desk.calls.choose_title"), words("desk.calls.choose_text"))
        self._show_words()

    @property
    def shown(self) -> Interview | None:
        """Who is shown."""
        return self._interview

    @property
    def is_calling(self) -> bool:
        """Whether a call goes on, or its end was not read yet."""
        return self.conversation is not None

    def show_interview(self, interview: Interview | None) -> None:
        """Show who is to be called; None for nobody. What was refused before stays with its customer."""
        before = None if self._interview is None else self._interview.id
        if interview is None or interview.id != before or self.conversation is not None:
            self._refused = ""
        self._interview, self.conversation = interview, None
        self.questions.show_page(None)
        self._hide_appointment()
        self._show_words()

    def show_conversation(self, conversation: Conversation) -> None:
        """Show the call as it goes on."""
        self._interview, self.conversation = conversation.interview, conversation
        page, words = conversation.page, self._context.words
        error = "" if page is None or not page.error else page.error if page.error in _ERRORS else "missing_answer"
        self._refused = words(f"page.survey.{error}") if error else ""
        self.questions.show_page(page)
        self._show_words()
        if page is None:
            self._close.setFocus()
            return
        # Tab goes through the questions and on to the next page, in whichever order they were made.
        chain = [*self.questions.in_order(), self._next, self._finish, self._back, self._end]
        for before, after in pairwise(chain):
            self.setTabOrder(before, after)
        self._script.verticalScrollBar().setValue(0)
        self.questions.focus_first()

    def _show_words(self) -> None:
        interview, going, words = self._interview, self.conversation, self._context.words
        page = None if going is None else going.page
        self.setCurrentIndex(0 if interview is None else 1)
        if interview is None:
            # Nothing of a customer stays behind what is seen.
            self._head.show_facts("", [(), (), ()])
        else:
            when = self._context.instant(interview.due_at, interview.zone)
            self._head.show_facts(
                interview.customer or words("desk.alerts.no_customer"),
                [
                    [interview.vehicle, interview.ro_number, interview.shop],
                    [language_text(interview, self._context), interview.programme],
                    [words("desk.calls.due_at", when=when), outcome_text(interview.outcome, self._context)],
                ],
            )
            self._clock.setText(words("desk.calls.by_clocks", shop=interview.shop))
        is_mine = interview is not None and interview.is_mine
        self._call.setVisible(going is None and not is_mine)
        self._call.setEnabled(interview is not None and interview.may_call and interview.state != "calling")
        self._go_on.setVisible(going is None and is_mine)
        phones = going.phones if going is not None and page is not None else []
        self._phones.setText(" · ".join(map(_link, phones)))
        self._phones.setAccessibleName(", ".join(map(shown_phone, phones)))
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
        is_late = interview is not None and not interview.may_call and going is None and not is_mine
        self._problem.setText(self._refused or (words("error.not_call_hours") if is_late else ""))
        self._problem.setVisible(bool(self._problem.text()))

    # How a call ends.

    def _fill_menu(self) -> None:
        words = self._context.words
        self._menu.clear()
        for outcome in CALL_OUTCOMES:
            chosen = self._show_appointment if outcome == APPOINTMENT else self._ender(outcome)
            self._menu.addAction(words(f"desk.calls.outcome.{outcome}"), chosen)

    def _ender(self, outcome: str) -> Callable[[], object]:
        return lambda: self.ended.emit(outcome, None)

    def _show_appointment(self) -> None:
        """Offer the next time at which the customer may be called."""
        going = self.conversation
        if going is None:
            return
        later = self._context.local(going.later or self._context.clock.now_utc(), going.interview.zone)
        self._at.setDateTime(QDateTime.fromString(f"{later:%Y-%m-%dT%H:%M:00}", Qt.DateFormat.ISODate))
        self._appointment.show()
        self._at.setFocus()

    def _hide_appointment(self) -> None:
        self._appointment.hide()

    def _make_appointment(self) -> None:
        if self._interview is not None:
            typed = self._at.dateTime().toPython()
            assert isinstance(typed, datetime)
            self.ended.emit(APPOINTMENT, typed.replace(tzinfo=zone_of(self._interview.zone)))

    def _speak(self, *, back: bool) -> None:
        page = self.answered(back=back)
        if page is not None:
            self.spoken.emit(page)

    def answered(self, *, back: bool) -> SpokenPage | None:
        """What was answered on the page that is shown; None without one."""
        going = self.conversation
        if going is None or going.page is None:
            return None
        return SpokenPage(page=going.page.page, given=self.questions.given(), comment=self.questions.comment, back=back)

    def say(self, sentence: str) -> None:
        """What went wrong."""
        self._refused = sentence
        self._show_words()

    def set_busy(self, busy: bool) -> None:
        """Nothing else is begun while something is being done; the keyboard comes back to where it was."""
        if busy:
            self._focus = self.focusWidget()
        self.setEnabled(not busy)
        if not busy and self._focus is not None and shiboken6.isValid(self._focus) and self._focus.isVisible():
            self._focus.setFocus()


def _link(phone: str) -> str:
    """A number that the computer's telephone dials."""
    return f'<a href="tel:{escape(phone.partition(";")[0])}">{escape(shown_phone(phone))}</a>'
