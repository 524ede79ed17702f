"""A conversation: what was said by whom, oldest first, and a box to answer or to leave a note for colleagues."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.operations import Command
from repaircenter.desk.kit.widgets import button, label

_DRAFT_HEIGHT, _INDENT = 88, 48


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was said. `is_ours`: by the shop; `is_private`: a note the customer never sees."""

    at_utc: datetime
    who: str
    text: str
    is_ours: bool = False
    is_private: bool = False


class ThreadView(QWidget):
    """`send(text, is_private)` runs in the background; what was written stays until it went through, and stays too when
    another conversation is shown meanwhile (a draft a subject)."""

    def __init__(self, context: DeskContext, send: Callable[[str, bool], object], sent: Callable[[], None]) -> None:
        super().__init__()
        self._context, self._send, self._sent = context, send, sent
        self._subject = ""
        self._drafts: dict[str, str] = {}
        self._sending = Command(context.operations, self._set_busy)
        bind = context.texts.bind
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._draft = bind(QPlainTextEdit(), name="desk.thread.write")
        self._draft.setTabChangesFocus(True)
        self._draft.setMaximumHeight(_DRAFT_HEIGHT)
        self._private = bind(QCheckBox(), "desk.thread.private")
        self._problem = label("", "problem", wrap=True)
        self._button = bind(button("", self._press, primary=True), "desk.thread.send")
        row = QHBoxLayout()
        row.addWidget(self._private)
        row.addStretch(1)
        row.addWidget(self._button)
        for widget in (self._area, self._draft, self._problem):
            column.addWidget(widget, 1 if widget is self._area else 0)
        column.addLayout(row)
        QShortcut(QKeySequence("Ctrl+Return"), self, self._press, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._say("")

    def show_thread(self, subject: str, entries: Sequence[Entry]) -> None:
        """Show a conversation by its subject's key; the draft of the one before is kept."""
        if subject != self._subject:
            self._drafts[self._subject] = self._draft.toPlainText()
            self._subject = subject
            self._draft.setPlainText(self._drafts.pop(subject, ""))
            self._private.setChecked(False)
            self._say("")
        page = QWidget()
        column = QVBoxLayout(page)
        for entry in entries:
            column.addWidget(self._card(entry))
        column.addStretch(1)
        self._area.setWidget(page)
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.maximum())

    def forget(self) -> None:
        """Clear what was shown and written, after sign-out."""
        self._sending.drop()
        self._draft.clear()
        self.show_thread("", ())
        self._drafts.clear()

    def _card(self, entry: Entry) -> QFrame:
        card = QFrame()
        card.setProperty("role", "banner" if entry.is_private else "card")
        column = QVBoxLayout(card)
        key = "note" if entry.is_private else "line"
        heading = self._context.words(f"desk.thread.{key}", who=entry.who, when=self._context.instant(entry.at_utc))
        column.addWidget(label(heading, "soft"))
        text = label(entry.text, wrap=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(text)
        card.setAccessibleName(heading)
        card.setContentsMargins(_INDENT if entry.is_ours else 0, 0, 0 if entry.is_ours else _INDENT, 0)
        return card

    def _press(self) -> None:
        text, is_private = self._draft.toPlainText().strip(), self._private.isChecked()
        if not text:
            self._draft.setFocus()
            return
        self._say("")
        subject = self._subject
        self._sending.run(
            lambda: self._send(text, is_private),
            lambda _none: self._went_through(subject),
            lambda sentence: self._say(sentence if subject == self._subject else ""),
        )

    def _went_through(self, subject: str) -> None:
        """Also when another conversation is shown by now: what was sent is no draft any more."""
        if subject == self._subject:
            self._draft.clear()
        self._drafts.pop(subject, None)
        self._sent()

    def _set_busy(self, busy: bool) -> None:
        self._button.setEnabled(not busy)
        self._draft.setReadOnly(busy)

    def _say(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
