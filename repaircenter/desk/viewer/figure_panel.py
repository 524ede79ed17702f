"""Why this number? The formula, n and interval of a figure, and the way to the rows behind it (V-N3, A-N3)."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import button, label
from repaircenter.rendering import values
from repaircenter.wire.document.cells import Figure


class FigurePanel(QFrame):
    """Below the tool bar while a figure is asked about."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self.setProperty("role", "banner")
        self._rows: Callable[[], object] = lambda: None
        row = QHBoxLayout(self)
        column = QVBoxLayout()
        self._title, self._facts = label("", "title", wrap=True), label("", wrap=True)
        self._formula = label("", "soft", wrap=True)
        for widget in (self._title, self._facts, self._formula):
            widget.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(widget)
        row.addLayout(column, 1)
        self._behind = button("", lambda: self._rows())
        self._close = button("", self.hide)
        row.addWidget(self._behind)
        row.addWidget(self._close)
        self.hide()
        bind = self._context.texts.bind
        bind(self._behind, "desk.figure.rows")
        bind(self._close, "desk.figure.close")

    def explain(self, figure: Figure, language: str, rows: Callable[[], object] | None) -> None:
        """Say how a figure was made, in words; `rows` leads to the answers behind it."""
        words = self._context.words
        value, interval = values.figure(figure, language)[0], values.interval(figure, language)
        self._title.setText(words("desk.figure.title", value=value))
        facts = []
        if figure.n is not None:
            facts.append(words("desk.figure.n", n=figure.n))
        if interval:
            facts.append(words("desk.figure.interval", interval=interval))
        if figure.muted:
            facts.append(words("desk.figure.few"))
        if figure.direction is not None:
            facts.append(words(f"report.direction.{figure.direction}"))
        self._facts.setText(" · ".join(facts))
        key = f"formula.{figure.formula}"
        known = figure.formula is not None and words.has(key)
        text = words(key) if known else ""
        self._formula.setText(f"{text} ({figure.formula})" if text else figure.formula or "")
        self._behind.setVisible(rows is not None)
        self._rows = rows or (lambda: None)
        self.show()
