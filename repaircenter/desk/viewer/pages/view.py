"""The pages of a report as one works with them: links, selection, keys and wheel. GUI thread only."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QKeySequence, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from repaircenter.desk.kit.theme import Theme
from repaircenter.desk.viewer.pages.layout import ALL, SINGLE
from repaircenter.desk.viewer.pages.painter import PagePainter
from repaircenter.desk.viewer.pages.selection import Selection, in_lines, whole
from repaircenter.desk.viewer.pages.surface import PageSurface
from repaircenter.rendering.drawing import LinkArea, Text
from repaircenter.rendering.fallbacks import as_written

_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class PageView(PageSurface):
    """`area_activated` for a link, a figure or a title; `copy_wanted` by its key; `mode_changed` when a page is opened from
    all of them."""

    area_activated = Signal(object)  # LinkArea
    copy_wanted = Signal()
    mode_changed = Signal(str)

    def __init__(self, painter: PagePainter, theme: Theme) -> None:
        super().__init__(painter, theme)
        # Where a drag began, in pixels of the viewport.
        self._pressed: QPoint | None = None

    # Words.

    def page_text(self) -> str:
        """The words of all pages, for screen readers and tests."""
        return as_written("\n".join(op.text for page in self._pages for op in page.operations if isinstance(op, Text)))

    def current_text(self) -> str:
        """The words of the page at the top, line by line as it is read aloud (V-27)."""
        if not self._current:
            return ""
        return in_lines(whole(self._current - 1, self._pages[self._current - 1]).texts(self._pages), "  ")

    def selected_text(self) -> str:
        """What is marked, with tabs between what stands beside each other; empty without a mark."""
        selection = self.marks.selection
        return "" if selection is None else in_lines(selection.texts(self._pages), "\t")

    def open_page(self, number: int) -> None:
        """From all pages at a glance to one of them, as pages lay before."""
        self._set_current(number)
        self.set_mode(self._before_all[0])
        self.mode_changed.emit(self._mode)

    # Links and selection.

    def area_at(self, point: QPoint) -> LinkArea | None:
        """What lies under a point of the viewport; what leads somewhere before a mere figure."""
        at = self._place_at(point)
        return None if at is None or self._mode == ALL else self.links.at(at[0].number, at[1], at[2])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton else None
        self._select(None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        area = self.area_at(point)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor if area is None else Qt.CursorShape.PointingHandCursor)
        start = self._pressed
        if start is None or self._mode == ALL:
            return
        far = (point - start).manhattanLength() >= QApplication.startDragDistance()
        first, last = self._place_at(start), self._place_at(point)
        if first is None or last is None or not (far or self.marks.selection is not None):
            return
        # Within one page: its rows are what a sheet wants.
        if last[0].number == first[0].number:
            self._select(Selection(first[0].number, first[1], first[2], last[1], last[2]))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click follows what it is on; a drag has marked something."""
        point, self._pressed = event.position().toPoint(), None
        if self.marks.selection is not None or event.button() != Qt.MouseButton.LeftButton:
            return
        at, area = self._place_at(point), self.area_at(point)
        if self._mode == ALL and at is not None:
            self.open_page(at[0].number + 1)
        elif area is not None:
            self.area_activated.emit(area)

    def select_page(self) -> None:
        """All of the page at the top."""
        if self._current:
            self._select(whole(self._current - 1, self._pages[self._current - 1]))

    def _select(self, selection: Selection | None) -> None:
        if selection != self.marks.selection:
            self.marks.selection = selection
            self.viewport().update()

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Tab goes through what can be clicked on the current page, then on to the next control."""
        page = max(self._current - 1, 0)
        area = self.links.step(page, forwards)
        self.viewport().update()
        if area is None:
            return super().focusNextPrevChild(forwards)
        self.show_area(page, area.y)
        self._set_current(page + 1)
        self.setAccessibleDescription(area.label)
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    # Keys and wheel.

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.SelectAll):
            self.copy_wanted.emit() if event.matches(QKeySequence.StandardKey.Copy) else self.select_page()
            return
        chosen = self.links.chosen
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self._mode == ALL:
                self.open_page(max(self._current, 1))
            elif chosen is not None:
                self.area_activated.emit(chosen)
            return
        bar = self.verticalScrollBar()
        if self._turn(Qt.Key(event.key())):
            return
        moves = {
            Qt.Key.Key_PageDown: bar.value() + bar.pageStep() - 48,
            Qt.Key.Key_PageUp: bar.value() - bar.pageStep() + 48,
            Qt.Key.Key_Down: bar.value() + 48,
            Qt.Key.Key_Up: bar.value() - 48,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: bar.maximum(),
        }
        target = moves.get(Qt.Key(event.key()))
        if target is None:
            super().keyPressEvent(event)
            return
        bar.setValue(target)

    def _turn(self, key: Qt.Key) -> bool:
        """With one page alone in sight, keys turn pages at its ends; among all of them arrows choose one."""
        if self._mode == ALL and key in _STEPS:
            across, down = _STEPS[key]
            self.go_to(min(max(self._current + across + down * self.beside, 1), len(self._pages)))
            self.viewport().update()
            return True
        if self._mode != SINGLE:
            return False
        bar = self.verticalScrollBar()
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to(1 if key == Qt.Key.Key_Home else len(self._pages))
            return True
        if key == Qt.Key.Key_PageDown and bar.value() >= bar.maximum():
            self.go_to(self._current + 1)
            return True
        if key == Qt.Key.Key_PageUp and bar.value() <= 0:
            self.go_to(self._current - 1)
            return True
        return False

    # Help.

    def viewportEvent(self, event: QEvent) -> bool:
        """What a link or figure is, when the mouse rests on it."""
        if isinstance(event, QHelpEvent):
            area = self.area_at(event.pos())
            self.viewport().setToolTip("" if area is None else area.label)
        return super().viewportEvent(event)
