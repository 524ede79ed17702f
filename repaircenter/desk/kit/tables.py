"""Small read-only tables as several pages show them: no grid, words wrapped, whole rows chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem


def read_only_table(columns: int, *, stretch: int | None = None) -> QTableWidget:
    """`stretch` is the column that takes the room left; the last one without it."""
    table = QTableWidget(0, columns)
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    table.setWordWrap(True)
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setStretchLastSection(stretch is None)
    if stretch is not None:
        header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
    else:
        table.setColumnWidth(0, 140)
    return table


def put(table: QTableWidget, row: int, column: int, text: str) -> QTableWidgetItem:
    """One cell; its whole text is also its tip."""
    item = QTableWidgetItem(text)
    item.setToolTip(text)
    table.setItem(row, column, item)
    return item


def fill(table: QTableWidget, rows: Sequence[Sequence[str]]) -> None:
    """All cells as text."""
    table.setRowCount(len(rows))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            put(table, number, column, text)
