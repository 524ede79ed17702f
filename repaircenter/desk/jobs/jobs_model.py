"""The table of jobs: lines in columns people may hide. They come filtered and sorted (desk.job_list)."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from repaircenter.desk.jobs.job_list import SURVEY, survey_state
from repaircenter.desk.kit.desk_context import ALIGN_RIGHT, DeskContext
from repaircenter.shop.model.job import JobLine

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("ro", "customer", "vehicle", "insurer", "version", "total", "received", "delivered", "survey", "rating")
RIGHT = frozenset(("total", "rating"))
HIDDEN_AT_FIRST = frozenset(("rating",))
# As numbers: looking an enumeration up costs as much as answering.
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGNMENT, _TIP = int(Qt.ItemDataRole.TextAlignmentRole), int(Qt.ItemDataRole.ToolTipRole)


class JobsModel(QAbstractTableModel):
    """Rows are job lines; `sorting` is called when people choose another order, kept in `order`."""

    def __init__(self, context: DeskContext, sorting: Callable[[], None]) -> None:
        super().__init__()
        self._context = context
        self._sorting = sorting
        self.lines: list[JobLine] = []
        self._icons: dict[str, Any] = {}
        self.order = "received", True

    def show(self, lines: list[JobLine]) -> None:
        """Put new rows in; the view keeps its selection by job (jobs_page)."""
        if len(lines) == len(self.lines):
            self.lines = lines
            if lines:
                self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if 0 <= column < len(COLUMNS):
            self.order = COLUMNS[column], order == Qt.SortOrder.DescendingOrder
            self._sorting()

    def row_of(self, job_id: int) -> int:
        """The row of a job, -1 when it is not shown."""
        return next((row for row, line in enumerate(self.lines) if line.id == job_id), -1)

    def retranslate(self) -> None:
        self._icons.clear()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._context.words(f"desk.jobs.column.{COLUMNS[section]}")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = COLUMNS[section] in RIGHT
            return ALIGN_RIGHT if right else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self._value(self.lines[index.row()], COLUMNS[index.column()], int(role))

    def text(self, row: int, column: str) -> str:
        """What a cell says."""
        return self._text(self.lines[row], column)

    def mark(self, row: int, column: str) -> str:
        """The state whose icon stands before the words; empty for none."""
        line = self.lines[row]
        if column == "survey":
            return survey_state(line)
        return "incomplete" if column == "version" and not line.complete else ""

    def _value(self, line: JobLine, column: str, role: int) -> Any:
        if role == _DISPLAY:
            return self._text(line, column)
        if role == _ALIGNMENT:
            return ALIGN_RIGHT if column in RIGHT else None
        return self._tip(line, column) if role == _TIP else None

    def _text(self, line: JobLine, column: str) -> str:
        context = self._context
        if column == "survey":
            return context.words(f"desk.survey.{survey_state(line)}")
        if column == "total":
            return context.money(line.total_cents, line.currency)
        if column == "received":
            return "" if line.received_at_utc is None else context.day(context.local(line.received_at_utc).date())
        if column == "delivered":
            return context.day(line.delivered_on)
        return str(_PLAIN[column](line) or "")

    def _tip(self, line: JobLine, column: str) -> str | None:
        if column == "survey" and line.service_state == "filtered":
            reason = f"desk.reason.{line.service_reason}"
            return self._context.words(reason if self._context.words.has(reason) else "desk.reason.unknown")
        if column == "version" and not line.complete:
            return self._context.words("desk.job.incomplete")
        return self._text(line, column) or None

    def icon(self, state: str) -> Any:
        if state not in self._icons:
            name, colour = SURVEY[state]
            self._icons[state] = self._context.theme.icon(name, colour)
        return self._icons[state]


_PLAIN: dict[str, Callable[[JobLine], object]] = {
    "ro": lambda line: line.ro_number,
    "customer": lambda line: line.customer,
    "vehicle": lambda line: line.vehicle,
    "insurer": lambda line: line.insurer,
    "version": lambda line: line.version,
    "rating": lambda line: line.service_stars,
}
