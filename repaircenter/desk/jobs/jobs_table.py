"""The table of jobs, painted in one go (DESIGN 5: fluid with 20,000 jobs while another thread imports).

Qt paints a table cell by cell: each cell asks the model in Python, which waits for the interpreter's lock, and is then
drawn through the style sheet. Here Python has the lock once for all cells in sight, and makes no value of Qt's on the
way: that would give it away (decision 008). Keyboard, selection, header and screen readers stay the view's own.
"""

from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QMenu, QTableView

from repaircenter.desk.jobs.jobs_model import COLUMNS, RIGHT, JobsModel
from repaircenter.desk.kit.desk_context import DeskContext

_PAD, _ICON = 4, 16
_MOST_CUT = 4000


class JobsTable(QTableView):
    """Rows of one height; texts on one line, cut with dots."""

    def __init__(self, model: JobsModel, context: DeskContext) -> None:
        super().__init__()
        self._jobs, self._context = model, context
        self._root = QModelIndex()
        # (text, room) -> (what fits, its width): the fonts and columns of a list seldom change.
        self._cut: dict[tuple[str, int], tuple[str, int]] = {}
        self._pictures: dict[tuple[str, float, int], QPixmap] = {}
        self._inks: dict[str, Any] = {}
        self._inks_of: object = None
        self.setModel(model)
        self._chosen = self.selectionModel()
        self._measure()

    def choose_columns(self, at: QPoint) -> None:
        """Offer the columns to show and to hide, where the header was clicked."""
        menu = QMenu(self)
        for index, name in enumerate(COLUMNS):
            action = QAction(self._context.words(f"desk.jobs.column.{name}"), menu, checkable=True)
            action.setChecked(not self.isColumnHidden(index))
            action.toggled.connect(partial(self._show_column, index))
            menu.addAction(action)
        menu.popup(self.horizontalHeader().mapToGlobal(at))

    def _show_column(self, index: int, shown: bool) -> None:
        self.setColumnHidden(index, not shown)
        self._context.remember("jobs/columns", self.horizontalHeader().saveState())

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
            last = last if last >= 0 else len(self._jobs.lines) - 1
            for row in range(first, last + 1):
                self._paint_row(painter, row, right, reach, columns, inks)
            current = self.currentIndex().row()
            if first <= current <= last and self.hasFocus():
                painter.setPen(inks["accent"])
                top, high = self.rowViewportPosition(current), self.rowHeight(current)
                painter.drawRect(1, top + 1, reach - 3, high - 4)
        painter.end()

    def _columns(self) -> list[tuple[str, int, int]]:
        """(name, left edge, width) of those that are shown."""
        found = [(name, self.columnViewportPosition(at), self.columnWidth(at)) for at, name in enumerate(COLUMNS)]
        return [one for one in found if one[2] > 2 * _PAD]

    def _paint_row(
        self,
        painter: QPainter,
        row: int,
        right: int,
        reach: int,
        columns: list[tuple[str, int, int]],
        inks: dict[str, Any],
    ) -> None:
        """`reach` is where the last column ends: Qt paints no more of a row anew when another one is chosen."""
        top, high = self.rowViewportPosition(row), self.rowHeight(row)
        baseline = top + (high + self._letters) // 2
        if self._chosen.isRowSelected(row, self._root):
            painter.fillRect(0, top, reach, high - 1, inks["chosen"])
        painter.setPen(inks["hairline"])
        painter.drawLine(0, top + high - 1, right, top + high - 1)
        painter.setPen(inks["ink"])
        for name, left, wide in columns:
            if left > right or left + wide < 0:
                continue
            at, room = left + _PAD, wide - 2 * _PAD
            state = self._jobs.mark(row, name)
            if state:
                painter.drawPixmap(at, top + (high - _ICON) // 2, self._picture(state))
                at, room = at + _ICON + _PAD, room - _ICON - _PAD
            text, width = self._fitted(self._jobs.text(row, name), room)
            painter.drawText(at + room - width if name in RIGHT else at, baseline, text)

    def _fitted(self, text: str, room: int) -> tuple[str, int]:
        found = self._cut.get((text, room))
        if found is None:
            if len(self._cut) > _MOST_CUT:
                self._cut.clear()
            metrics = self.fontMetrics()
            cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            found = self._cut[text, room] = cut, metrics.horizontalAdvance(cut)
        return found

    def _picture(self, state: str) -> QPixmap:
        key = state, self.devicePixelRatioF(), id(self._inks_of)
        if key not in self._pictures:
            self._pictures[key] = self._jobs.icon(state).pixmap(QSize(_ICON, _ICON), key[1])
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
