"""What happened to something: one line a step, with its instant and an icon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.tables import Wrapped, put, read_only_table

# How a step is meant; the words are colours of theme.py.
DONE, STOPPED = "good", "unknown"
_ICONS = {DONE: "check", STOPPED: "minus-circle-outline"}


@dataclass(frozen=True, slots=True)
class Step:
    """One line: when it happened (None: not known), what, and how it is meant."""

    at_utc: datetime | None
    text: str
    meaning: str


class TimelineView(QWidget):
    """Steps in the order they are given."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self._table = context.texts.bind(read_only_table(2, stretch=1), name="desk.steps.name")
        self._table.setItemDelegate(Wrapped(self._table))
        self._table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._table)
        self.setFocusProxy(self._table)
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        self._table.setHorizontalHeaderLabels([words("desk.steps.when"), words("desk.steps.what")])

    def show_steps(self, steps: Sequence[Step]) -> None:
        self._table.setRowCount(len(steps))
        for row, step in enumerate(steps):
            put(self._table, row, 0, self._context.instant(step.at_utc))
            icon = self._context.theme.icon(_ICONS[step.meaning], step.meaning)
            put(self._table, row, 1, step.text).setIcon(icon)
