"""The pages of a report with zoom, links and marks: scrolled by mouse and keyboard. GUI thread only."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from repaircenter.desk.kit.theme import Theme
from repaircenter.desk.viewer.pages.layout import CONTINUOUS, GAP, SINGLE, TWO, PageLayout, Placed, arrange
from repaircenter.desk.viewer.pages.links import PageLinks
from repaircenter.desk.viewer.pages.painter import PagePainter
from repaircenter.desk.viewer.pages.pictures import PagePictures
from repaircenter.desk.viewer.pages.place import Place
from repaircenter.rendering.drawing import LinkArea, Page, Text
from repaircenter.rendering.fallbacks import as_written
from repaircenter.rendering.finding import Found

ZOOMS = (25, 50, 75, 100, 125, 150, 200, 300, 400)
_MM_TO_PIXELS = 96.0 / 25.4
_MARK, _MARK_NOW = QColor(255, 213, 79, 110), QColor(255, 145, 0, 150)


class PageView(QAbstractScrollArea):
    """Shows pages as they come in; `current_changed` tells the page at the top, from 1."""

    current_changed = Signal(int)
    zoom_changed = Signal(int)
    area_activated = Signal(object)  # LinkArea

    def __init__(self, painter: PagePainter, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pages: list[Page] = []
        self.links = PageLinks()
        self.links.show(self._pages)
        self._pictures = PagePictures(painter)
        self._layout = PageLayout((), 0, 0)
        self._zoom, self._fit, self._mode = 100, "", CONTINUOUS
        self._current = 0
        self._whole = False
        self._found: list[Found] = []
        self._found_now = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    @property
    def pages(self) -> list[Page]:
        return self._pages

    @property
    def current(self) -> int:
        """Number of the page at the top, from 1; 0 without pages."""
        return self._current

    @property
    def zoom(self) -> int:
        return self._zoom

    @property
    def mode(self) -> str:
        return self._mode

    def clear(self) -> None:
        """Nothing is shown any more; the list that was is no longer this view's."""
        self._pages, self._whole = [], False
        self.links.show(self._pages)
        self._found, self._found_now = [], -1
        self._pictures.forget()
        self._set_current(0)
        self._arrange()
        self.verticalScrollBar().setValue(0)

    def add(self, pages: list[Page], *, whole: bool = False) -> None:
        """Append pages that were just finished; `whole` when they are all."""
        self._pages.extend(pages)
        self._arrange()
        if whole:
            self.complete()

    def complete(self) -> None:
        """No more pages come: each can say how many there are."""
        self._whole = True
        self._pictures.forget()
        self.viewport().update()

    # Place.

    def place(self) -> Place:
        scroll = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return Place(max(self._current, 1), *scroll, self._zoom, self._fit, self._mode, self.links.focus)

    def restore(self, place: Place) -> None:
        """Be where one was; the pages are there again already."""
        self._zoom, self._fit, self._mode, self.links.focus = place.zoom, place.fit, place.mode, place.focus
        self._set_current(min(place.page, len(self._pages)))
        self._arrange()
        self.horizontalScrollBar().setValue(place.x)
        self.verticalScrollBar().setValue(place.y)
        self.zoom_changed.emit(self._zoom)

    def set_mode(self, mode: str) -> None:
        """How pages lie; the page at the top stays."""
        current, self._mode = self._current, mode
        self._arrange()
        if self._fit:
            self._fit_now()
        self.go_to(current)

    def set_zoom(self, per_cent: int) -> None:
        """25 to 400; what the eye is on, a third down, stays there."""
        self._fit = ""
        self._change_zoom(per_cent, self.viewport().height() // 3)

    def fit_width(self) -> None:
        self._fit = "width"
        self._fit_now()

    def fit_page(self) -> None:
        self._fit = "page"
        self._fit_now()

    def _fit_now(self) -> None:
        if not self._pages:
            return
        page = self._pages[max(self._current - 1, 0)]
        room = (self.viewport().width() - (1 + self.beside) * GAP) / self.beside
        zoom = 100 * room / (page.width * _MM_TO_PIXELS)
        if self._fit == "page":
            zoom = min(zoom, 100 * (self.viewport().height() - 2 * GAP) / (page.height * _MM_TO_PIXELS))
        self._change_zoom(int(zoom), GAP // 2)

    def step_zoom(self, direction: int) -> None:
        steps = [z for z in ZOOMS if (z > self._zoom if direction > 0 else z < self._zoom)]
        if steps:
            self.set_zoom(steps[0] if direction > 0 else steps[-1])

    def go_to(self, number: int) -> None:
        """Put a page's top at the top of the view (V-N1)."""
        if not 1 <= number <= len(self._pages):
            return
        if self._mode == SINGLE:
            self._set_current(number)
            self._arrange()
        placed = self._layout.of(number - 1)
        if placed is not None:
            self.verticalScrollBar().setValue(placed.top - GAP // 2)
        # Where several pages are in sight, the one that was asked for is the current one.
        self._set_current(number)

    @property
    def beside(self) -> int:
        """How many pages lie beside each other."""
        return 2 if self._mode == TWO else 1

    def sizeHint(self) -> QSize:
        return QSize(720, 480)

    # Words.

    def page_text(self) -> str:
        """The words of all pages, for screen readers and tests."""
        return as_written("\n".join(op.text for page in self._pages for op in page.operations if isinstance(op, Text)))

    def current_text(self) -> str:
        """The words of the page at the top, line by line as it is read aloud (V-27)."""
        if not self._current:
            return ""
        texts = [op for op in self._pages[self._current - 1].operations if isinstance(op, Text)]
        lines: dict[float, list[Text]] = {}
        for op in texts:
            lines.setdefault(round(op.baseline, 1), []).append(op)
        return as_written(
            "\n".join(
                "  ".join(op.text for op in sorted(lines[baseline], key=lambda op: op.x)) for baseline in sorted(lines)
            )
        )

    def mark(self, hits: list[Found], now: int) -> None:
        """Highlight matches, and scroll to the one that is looked at; -1 to none."""
        self._found, self._found_now = hits, now
        if 0 <= now < len(hits):
            self.show_area(hits[now].page, hits[now].y)
        self.viewport().update()

    def show_area(self, page: int, y: float) -> None:
        """Scroll so that a place of a page (from 0, millimetres) is in sight."""
        if self._mode == SINGLE and page + 1 != self._current:
            self.go_to(page + 1)
        placed = self._layout.of(page)
        if placed is None:
            return
        at = placed.top + round(y * self._scale())
        bar, high = self.verticalScrollBar(), self.viewport().height()
        if not bar.value() + 24 <= at <= bar.value() + high - 48:
            bar.setValue(at - high // 3)

    # Layout.

    def _change_zoom(self, per_cent: int, height: int) -> None:
        """What stands `height` pixels below the view's top stays there."""
        bar = self.verticalScrollBar()
        at = bar.value() + height
        number = self._layout.current(at)
        before, scale = self._layout.of(number), self._scale()
        self._zoom = max(ZOOMS[0], min(ZOOMS[-1], per_cent))
        self._arrange()
        after = self._layout.of(number)
        if before is not None and after is not None:
            down = (at - before.top) * self._scale() / scale
            bar.setValue(round(after.top + down) - height)
        self.zoom_changed.emit(self._zoom)
        self.viewport().update()

    def _scale(self) -> float:
        return self._zoom / 100.0 * _MM_TO_PIXELS

    def _arrange(self) -> None:
        view = self.viewport().size()
        sizes = [(page.width, page.height) for page in self._pages]
        self._layout = arrange(sizes, self._scale(), self._mode, max(self._current - 1, 0), view.width())
        self.verticalScrollBar().setRange(0, max(0, self._layout.height - view.height()))
        self.verticalScrollBar().setPageStep(view.height())
        self.verticalScrollBar().setSingleStep(48)
        self.horizontalScrollBar().setRange(0, max(0, self._layout.width - view.width()))
        self.horizontalScrollBar().setPageStep(view.width())
        self.viewport().update()
        self._scrolled()

    def _scrolled(self) -> None:
        if not self._pages:
            self._set_current(0)
        elif self._mode == SINGLE:
            self._set_current(min(max(self._current, 1), len(self._pages)))
        else:
            at = self.verticalScrollBar().value() + self.viewport().height() // 3
            self._set_current(self._layout.current(at) + 1)

    def _set_current(self, number: int) -> None:
        if number != self._current:
            self._current = number
            self.current_changed.emit(number)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fit:
            self._fit_now()
        self._arrange()

    # Links.

    def area_at(self, point: QPoint) -> LinkArea | None:
        """What lies under a point of the viewport; what leads somewhere before a mere figure."""
        x = point.x() + self.horizontalScrollBar().value()
        y = point.y() + self.verticalScrollBar().value()
        placed = self._layout.at(x, y)
        if placed is None:
            return None
        mm_x, mm_y = (x - placed.left) / self._scale(), (y - placed.top) / self._scale()
        return self.links.at(placed.number, mm_x, mm_y)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        area = self.area_at(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor if area is None else Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        area = self.area_at(event.position().toPoint())
        if area is not None and event.button() == Qt.MouseButton.LeftButton:
            self.area_activated.emit(area)

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
        chosen = self.links.chosen
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and chosen is not None:
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
        """With one page alone in sight, keys turn pages at its ends."""
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

    # Painting.

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        view: QWidget = self.viewport()
        painter = QPainter(view)
        painter.fillRect(event.rect(), self._theme.colour("desk"))
        down, across = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        for placed in self._layout.placed:
            top = placed.top - down
            if top + placed.height < 0 or top > view.height():
                continue
            corner = QPoint(placed.left - across, top)
            painter.drawPixmap(corner, self.picture(placed.number))
            self._paint_marks(painter, placed, corner)
        painter.end()

    def picture(self, number: int) -> QPixmap:
        """A page (from 0) at the zoom in use."""
        ratio = self.devicePixelRatioF()
        return self._pictures.picture(self._pages, number, self._scale(), ratio, whole=self._whole)

    def _paint_marks(self, painter: QPainter, placed: Placed, corner: QPoint) -> None:
        scale = self._scale()

        def area(x: float, y: float, width: float, height: float) -> QRectF:
            return QRectF(QPointF(corner.x() + x * scale, corner.y() + y * scale), QPointF(
                corner.x() + (x + width) * scale, corner.y() + (y + height) * scale))  # fmt: skip

        for index, hit in enumerate(self._found):
            if hit.page == placed.number:
                colour = _MARK_NOW if index == self._found_now else _MARK
                painter.fillRect(area(hit.x, hit.y, hit.width, hit.height), colour)
        chosen = self.links.chosen
        if (
            chosen is not None
            and self.links.focus is not None
            and self.links.focus[0] == placed.number
            and self.hasFocus()
        ):
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.drawRect(area(chosen.x, chosen.y, chosen.width, chosen.height))

    def viewportEvent(self, event: QEvent) -> bool:
        """What a link or figure is, when the mouse rests on it."""
        if isinstance(event, QHelpEvent):
            area = self.area_at(event.pos())
            self.viewport().setToolTip("" if area is None else area.label)
        return super().viewportEvent(event)
