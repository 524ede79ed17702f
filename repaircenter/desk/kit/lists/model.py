"""Rows in columns, for the table, the keyboard and screen readers. They come filtered and sorted."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from repaircenter.desk.kit.desk_context import ALIGN_RIGHT, DeskContext
from repaircenter.desk.kit.lists.columns import Column, Marks

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
# As numbers: looking an enumeration up costs as much as answering.
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGNMENT, _TIP = int(Qt.ItemDataRole.TextAlignmentRole), int(Qt.ItemDataRole.ToolTipRole)


class ListModel(QAbstractTableModel, Generic[R]):
    """`sorting` is called when people choose another order, kept in `order`: (column, downwards)."""

    def __init__(
        self,
        context: DeskContext,
        texts: str,
        columns: Sequence[Column[R]],
        marks: Marks,
        key: Callable[[R], Hashable],
        order: tuple[str, bool],
        sorting: Callable[[], None],
    ) -> None:
        super().__init__()
        self.context = context
        self.columns = tuple(columns)
        self.rows: list[R] = []
        self.order = order
        self._texts, self._marks, self._key, self._sorting = texts, marks, key, sorting
        self._icons: dict[str, Any] = {}

    def show(self, rows: list[R]) -> None:
        """Put new rows in; the page keeps its selection by key."""
        if len(rows) == len(self.rows):
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.columns) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if 0 <= column < len(self.columns):
            self.order = self.columns[column].name, order == Qt.SortOrder.DescendingOrder
            self._sorting()

    def row_of(self, key: Hashable) -> int:
        """The number of the row with this key, -1 when it is not shown."""
        return next((number for number, row in enumerate(self.rows) if self._key(row) == key), -1)

    def retranslate(self) -> None:
        self._icons.clear()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def title(self, column: Column[R]) -> str:
        return self.context.words(f"{self._texts}.column.{column.name}")

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.title(self.columns[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = self.columns[section].right
            return ALIGN_RIGHT if right else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], self.columns[index.column()]
        role = int(role)
        if role == _DISPLAY:
            return column.text(row, self.context)
        if role == _ALIGNMENT:
            return ALIGN_RIGHT if column.right else None
        if role == _TIP:
            return (column.tip and column.tip(row, self.context)) or column.text(row, self.context) or None
        return None

    def icon(self, mark: str) -> Any:
        if mark not in self._icons:
            name, colour = self._marks[mark]
            self._icons[mark] = self.context.theme.icon(name, colour)
        return self._icons[mark]
