"""The recovery code of the store: shown once when the store is made, asked for when its key is gone (DESIGN 3.4)."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from repaircenter.desk.kit.card import card_on
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import button, label, row_of


class RecoveryCode(QWidget):
    """The code with Copy and Print."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        bind = context.texts.bind
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._code = bind(label("", wrap=True), name="desk.recovery.code")
        self._code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._code.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        copy = bind(button("", self._copy), "desk.recovery.copy")
        print_ = bind(button("", self._print), "desk.recovery.print")
        column.addWidget(self._code)
        column.addWidget(row_of(copy, print_))

    def show_code(self, code: str) -> None:
        self._code.setText(code)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._code.text())
        self._context.tell(self._context.words("desk.recovery.copied"))

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter()
        if QPrintDialog(printer, self).exec() == QPrintDialog.DialogCode.Accepted:
            document, title = QTextDocument(), self._context.words("desk.recovery.show_title")
            document.setPlainText(f"RepairCenter\n\n{title}\n\n{self._code.text()}")
            document.print_(printer)


class ShowCodePage(QWidget):
    """The code of a new store, and *I have kept it*; first run has a step of its own for it."""

    def __init__(self, context: DeskContext, kept: Callable[[], None]) -> None:
        super().__init__()
        bind = context.texts.bind
        column = card_on(self, 620)
        column.addWidget(bind(label("", "title"), "desk.recovery.show_title"))
        column.addWidget(bind(label("", wrap=True), "desk.recovery.show_text"))
        self._code = RecoveryCode(context)
        column.addWidget(self._code)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(bind(button("", kept, primary=True), "desk.recovery.kept"))
        column.addLayout(row)

    def show_code(self, code: str) -> None:
        self._code.show_code(code)


class AskCodePage(QWidget):
    """Why the store does not open, and the three ways on: try again, the code, a new store (the old file is kept)."""

    def __init__(
        self,
        context: DeskContext,
        retry: Callable[[], None],
        entered: Callable[[str], None],
        start_new: Callable[[], None],
    ) -> None:
        super().__init__()
        self._context = context
        column = card_on(self, 620)
        self._title, self._why = label("", "title"), label("", "problem", wrap=True)
        self._caption, self._code = label(""), QLineEdit()
        self._caption.setBuddy(self._code)
        self._code.returnPressed.connect(lambda: entered(self._code.text()))
        self._open = button("", lambda: entered(self._code.text()), primary=True)
        self._retry, self._new = button("", retry), button("", start_new)
        self._note = label("", "soft", wrap=True)
        for widget in (self._title, self._why, self._caption, self._code):
            column.addWidget(widget)
        row = QHBoxLayout()
        for part in (self._open, self._retry, self._new):
            row.addWidget(part)
        column.addLayout(row)
        column.addWidget(self._note)
        bind = self._context.texts.bind
        bind(self._title, "desk.opening.failed")
        bind(self._caption, "desk.recovery.code")
        bind(self._code, name="desk.recovery.code")
        bind(self._note, "desk.recovery.new_note")
        bind(self._open, "desk.recovery.open")
        bind(self._retry, "desk.retry")
        bind(self._new, "desk.recovery.new")

    def say(self, sentence: str) -> None:
        self._why.setText(sentence)
        self._code.setFocus()
