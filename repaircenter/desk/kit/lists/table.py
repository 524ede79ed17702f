"""The table of a list, painted in one go (DESIGN 5: fluid with 20,000 jobs while another thread imports).

Qt paints a table cell by cell: each cell asks the model in Python, which waits for the interpreter's lock, and is then
drawn through the style sheet. Here Python has the lock once for all cells in sight, and makes no value of Qt's on the
way: that would give it away (decision 008). Keyboard, selection, header and screen readers stay the view's own.
"""

import time
from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from repaircenter.desk.kit.lists.columns import Column
from repaircenter.desk.kit.lists.model import ListModel
from repaircenter.runtime.text import sort_key

_PAD, _ICON = 4, 16
_MOST_CUT = 4000
# A column that grows is never narrower than that; letters typed within that time belong together.
_LEAST_WIDTH, _TYPING_SECONDS = 48, 1.0


class ListTable(QTableView):
    """Rows of one height; texts on one line, cut with dots. `name` is what widths and hidden columns are kept under.

    `menu_wanted` says where somebody wants a menu of the chosen rows: right button, menu key or Shift+F10.
    """

    menu_wanted = Signal(QPoint)

    def __init__(self, model: ListModel[Any], name: str) -> None:
        super().__init__()
        self._is_fitting = True
        self._typed, self._typed_at = "", 0.0
        self._list, self._context, self._name = model, model.context, name
        self._root = QModelIndex()
        # (text, room) -> (what fits, its width): the fonts and columns of a list seldom change.
        self._cut: dict[tuple[str, int], tuple[str, int]] = {}
        self._pictures: dict[tuple[str, float, int], QPixmap] = {}
        self._inks: dict[str, Any] = {}
        self._inks_of: object = None
        self.setModel(model)
        self._chosen = self.selectionModel()
        self._measure()
        self._set_up()
        self._is_fitting = False

    def _set_up(self) -> None:
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(30)
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self.choose_columns)
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setMinimumSectionSize(24)
        header.sectionResized.connect(self._resized)
        state = self._context.remembered_state(f"{self._name}/columns")
        if state is None or not header.restoreState(state):
            for index, column in enumerate(self._list.columns):
                self.setColumnWidth(index, column.width)
                self.setColumnHidden(index, column.hidden)
            name, downwards = self._list.order
            at = next(index for index, column in enumerate(self._list.columns) if column.name == name)
            header.setSortIndicator(at, Qt.SortOrder.DescendingOrder if downwards else Qt.SortOrder.AscendingOrder)
        # At last: it sorts by what the header says by then.
        self.setSortingEnabled(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _resized(self, index: int, _before: int, _now: int) -> None:
        """A person made a column wider or narrower: the others that grow make room."""
        if not self._is_fitting:
            self._fit(index)
            self._remember()

    def _fit(self, kept: int = -1) -> None:
        """Share what the width has too much or too little among the columns that grow, but for `kept`."""
        shown = [at for at in range(len(self._list.columns)) if not self.isColumnHidden(at)]
        growing = [at for at in shown if self._list.columns[at].grows and at != kept]
        # The narrowest first: what it may not give the wider ones do.
        growing.sort(key=self.columnWidth)
        left = self.viewport().width() - sum(self.columnWidth(at) for at in shown)
        if not growing or not left or self.viewport().width() <= 0:
            return
        self._is_fitting = True
        room = sum(self.columnWidth(at) for at in growing) + left
        for number, at in enumerate(growing):
            rest = sum(self.columnWidth(other) for other in growing[number:])
            width = max(_LEAST_WIDTH, round(room * self.columnWidth(at) / rest) if rest else _LEAST_WIDTH)
            room -= width
            self.setColumnWidth(at, width)
        self._is_fitting = False

    def _remember(self) -> None:
        self._context.remember(f"{self._name}/columns", self.horizontalHeader().saveState())

    def choose_columns(self, at: QPoint) -> None:
        """Offer the columns to show and to hide, where the header was clicked."""
        menu = QMenu(self)
        for index, column in enumerate(self._list.columns):
            action = QAction(self._list.title(column), menu, checkable=True)
            action.setChecked(not self.isColumnHidden(index))
            action.toggled.connect(partial(self._show_column, index))
            menu.addAction(action)
        menu.popup(self.horizontalHeader().mapToGlobal(at))

    def _show_column(self, index: int, shown: bool) -> None:
        self.setColumnHidden(index, not shown)
        self._fit()
        self._remember()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Beside the mouse, or at the current row for a key."""
        is_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.menu_wanted.emit(self._below_current() if is_key else event.globalPos())

    def _below_current(self) -> QPoint:
        return self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        elif event.key() == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            self.menu_wanted.emit(self._below_current())
        else:
            super().keyPressEvent(event)

    def chosen_rows(self) -> list[int]:
        """The numbers of the chosen rows, from the top."""
        chosen = self._chosen.selection()
        ranges = [chosen.at(number) for number in range(chosen.size())]
        return sorted({row for part in ranges for row in range(part.top(), part.bottom() + 1)})

    def choose_row(self, number: int) -> None:
        """Choose one row, whatever keys are held down meanwhile."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self._chosen.setCurrentIndex(self._list.index(number, 0), flags)

    def copy_rows(self) -> None:
        """Copy the chosen rows as they are shown, with the titles of the columns, for a spreadsheet or a message."""
        header = self.horizontalHeader()
        order = sorted(range(len(self._list.columns)), key=header.visualIndex)
        columns = [self._list.columns[at] for at in order if not self.isColumnHidden(at)]
        rows = [self._list.rows[number] for number in self.chosen_rows()]
        if rows:
            lines = [[self._list.title(column) for column in columns]]
            lines += [[column.text(row, self._context) for column in columns] for row in rows]
            QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))

    def keyboardSearch(self, search: str) -> None:
        """Go to the next row whose first growing column begins with the letters typed one after another."""
        now = time.monotonic()
        again = now - self._typed_at > _TYPING_SECONDS
        self._typed, self._typed_at = (search if again else self._typed + search), now
        column = next((column for column in self._list.columns if column.grows), self._list.columns[0])
        begin, rows = sort_key(self._typed), self._list.rows
        start = self.currentIndex().row() + (1 if again else 0)
        for number in (*range(max(start, 0), len(rows)), *range(0, max(start, 0))):
            if sort_key(column.text(rows[number], self._context)).startswith(begin):
                self.choose_row(number)
                return

    def _measure(self) -> None:
        """Of the font in use: how far the baseline stands below the middle, times two."""
        metrics = self.fontMetrics()
        self._letters = metrics.ascent() - metrics.descent()
        self._cut.clear()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        inks, area = self._colours(), event.rect()
        painter.fillRect(area, inks["paper"])
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        if first >= 0:
            right, columns = area.left() + area.width(), self._columns()
            reach = self.horizontalHeader().length() - self.horizontalHeader().offset()
            last = last if last >= 0 else len(self._list.rows) - 1
            for row in range(first, last + 1):
                self._paint_row(painter, row, right, reach, columns, inks)
            current = self.currentIndex().row()
            if first <= current <= last and self.hasFocus():
                painter.setPen(inks["accent"])
                top, high = self.rowViewportPosition(current), self.rowHeight(current)
                painter.drawRect(1, top + 1, reach - 3, high - 4)
        painter.end()

    def _columns(self) -> list[tuple[Column[Any], int, int]]:
        """(column, left edge, width) of those that are shown."""
        places = enumerate(self._list.columns)
        columns = [(column, self.columnViewportPosition(at), self.columnWidth(at)) for at, column in places]
        return [placed for placed in columns if placed[2] > 2 * _PAD]

    def _paint_row(
        self,
        painter: QPainter,
        number: int,
        right: int,
        reach: int,
        columns: list[tuple[Column[Any], int, int]],
        inks: dict[str, Any],
    ) -> None:
        """`reach` is where the last column ends: Qt paints no more of a row anew when another one is chosen."""
        top, high = self.rowViewportPosition(number), self.rowHeight(number)
        baseline = top + (high + self._letters) // 2
        if self._chosen.isRowSelected(number, self._root):
            painter.fillRect(0, top, reach, high - 1, inks["chosen"])
        painter.setPen(inks["hairline"])
        painter.drawLine(0, top + high - 1, right, top + high - 1)
        painter.setPen(inks["ink"])
        row, context = self._list.rows[number], self._context
        for column, left, wide in columns:
            if left > right or left + wide < 0:
                continue
            at, room = left + _PAD, wide - 2 * _PAD
            mark = column.mark(row) if column.mark is not None else ""
            if mark:
                painter.drawPixmap(at, top + (high - _ICON) // 2, self._picture(mark))
                at, room = at + _ICON + _PAD, room - _ICON - _PAD
            text, width = self._fitted(column.text(row, context), room)
            painter.drawText(at + room - width if column.right else at, baseline, text)

    def _fitted(self, text: str, room: int) -> tuple[str, int]:
        fitted = self._cut.get((text, room))
        if fitted is None:
            if len(self._cut) > _MOST_CUT:
                self._cut.clear()
            metrics = self.fontMetrics()
            cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            fitted = self._cut[text, room] = cut, metrics.horizontalAdvance(cut)
        return fitted

    def _picture(self, mark: str) -> QPixmap:
        key = mark, self.devicePixelRatioF(), id(self._inks_of)
        if key not in self._pictures:
            self._pictures[key] = self._list.icon(mark).pixmap(QSize(_ICON, _ICON), key[1])
        return self._pictures[key]

    def _colours(self) -> dict[str, Any]:
        """Brushes to fill with and pens to draw with, made once a theme."""
        theme = self._context.theme
        if self._inks_of is not theme.colours:
            self._inks_of = theme.colours
            self._inks = {name: theme.colour(name) for name in ("paper", "chosen")}
            self._inks |= {name: QPen(theme.colour(name)) for name in ("ink", "hairline", "accent")}
            self._cut.clear()
        return self._inks

    def changeEvent(self, event: Any) -> None:
        """Another font or scale: what fits is worked out anew."""
        super().changeEvent(event)
        self._measure()
