"""Small read-only tables as several pages show them, and lists of sentences: no grid, words wrapped."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
)

# What the style sheet puts around the words of a cell, left and right together, in pixels.
_AROUND = 10


class Wrapped(QStyledItemDelegate):
    """Wraps words where they are painted: Qt measures them without the room that the style sheet puts around them.

    For a few rows: each is measured in Python.
    """

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        if option.rect.width() > _AROUND:
            option.rect.setWidth(option.rect.width() - _AROUND)
        return super().sizeHint(option, index)


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
