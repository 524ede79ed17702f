"""What left this PC of one job, or what would: field by field, or word for word (A-N8)."""

import json
from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.tables import fill, read_only_table
from repaircenter.desk.kit.widgets import label
from repaircenter.shop.outbox.messages import fields_of


class SentView(QWidget):
    """Shows one payload exactly as it is built for the service."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self._shown = "", ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        self._title = label("", "soft", wrap=True)
        self._exact = QToolButton()
        self._exact.setCheckable(True)
        self._exact.setProperty("role", "chip")
        self._stack = QStackedWidget()
        self._exact.toggled.connect(lambda on: self._stack.setCurrentIndex(int(on)))
        row = QHBoxLayout()
        row.addWidget(self._title, 1)
        row.addWidget(self._exact)
        column.addLayout(row)
        self._fields = read_only_table(2)
        self._fields.setColumnWidth(0, 180)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        for widget in (self._fields, self._text):
            self._stack.addWidget(widget)
        column.addWidget(self._stack, 1)
        bind = self._context.texts.bind
        bind(self._exact, "desk.sent.exact")
        bind(self._fields, name="desk.sent.fields")
        bind(self._text, name="desk.sent.exact")
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        self._fields.setHorizontalHeaderLabels([words("desk.sent.field"), words("desk.sent.value")])
        self.show_payload(*self._shown)

    def show_nothing(self, title: str) -> None:
        """Say why there is nothing to see."""
        self._shown = title, ""
        self._title.setText(title)
        fill(self._fields, [])
        self._text.setPlainText("")

    def show_fields(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        """Show what may leave where there is no message yet: (what people call a field, its name in the message)."""
        self._shown = title, ""
        self._title.setText(title)
        fill(self._fields, rows)
        self._text.setPlainText("\n".join(name for _, name in rows))

    def show_payload(self, title: str, payload: str) -> None:
        """A message as JSON text; an empty one was blanked."""
        self._shown = title, payload
        words = self._context.words
        self._title.setText(title)
        rows = [(field_name(self._context, path), self._said(value)) for path, value in fields_of(payload)]
        fill(self._fields, rows)
        pretty = json.dumps(json.loads(payload), ensure_ascii=False, indent=2) if payload else ""
        self._text.setPlainText(pretty or words("desk.sent.blanked"))

    def _said(self, value: str) -> str:
        """Yes and no as people say them; everything else as it leaves."""
        words = {"True": "desk.sent.yes", "False": "desk.sent.no"}
        return self._context.words(words[value]) if value in words else value


def field_name(context: DeskContext, path: str) -> str:
    """What people call an uploaded field."""
    return context.words(f"desk.field.{path}") if context.words.has(f"desk.field.{path}") else path
