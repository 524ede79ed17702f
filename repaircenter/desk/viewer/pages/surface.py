"""The pages of a report where they lie, at a zoom, with their marks. GUI thread only."""

import math
import time

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from repaircenter.desk.kit.theme import Theme
from repaircenter.desk.viewer.pages.layout import ALL, CONTINUOUS, GAP, SINGLE, TWO, PageLayout, Placed, arrange
from repaircenter.desk.viewer.pages.links import PageLinks
from repaircenter.desk.viewer.pages.marks import PageMarks
from repaircenter.desk.viewer.pages.painter import PagePainter
from repaircenter.desk.viewer.pages.pictures import PagePictures
from repaircenter.desk.viewer.pages.place import Place
from repaircenter.rendering.drawing import Page
from repaircenter.rendering.finding import Found

ZOOMS = (25, 50, 75, 100, 125, 150, 200, 300, 400)
# Pages nobody saw yet are painted for so long at once, then the window answers and painting goes on: beside the thread
# that lays a report out a page takes 50 ms.
_PAINT_SECONDS = 0.006
_MM_TO_PIXELS = 96.0 / 25.4


class PageSurface(QAbstractScrollArea):
    """Shows pages as they come in; `current_changed` tells the page at the top, from 1."""

    current_changed = Signal(int)
    zoom_changed = Signal(int)

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
        self.marks = PageMarks(theme, self.links)
        self._go_on = QTimer(self, singleShot=True, interval=0)
        self._go_on.timeout.connect(self.viewport().update)
        # How pages lay before all of them were shown.
        self._before_all = (CONTINUOUS, 100, "")
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
        self.marks.forget()
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
        """How pages lie; the page at the top stays. All pages at a glance are small; one is opened as it was before."""
        if mode == ALL and self._mode != ALL:
            self._before_all = (self._mode, self._zoom, self._fit)
            self._zoom, self._fit = ZOOMS[0], ""
            self.zoom_changed.emit(self._zoom)
        elif mode != ALL and self._mode == ALL:
            _, self._zoom, self._fit = self._before_all
            self.zoom_changed.emit(self._zoom)
        current, self._mode = self._current, mode
        self.marks.selection = None
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
        return self._layout.across if self._mode == ALL else 2 if self._mode == TWO else 1

    def sizeHint(self) -> QSize:
        return QSize(720, 480)

    def mark(self, hits: list[Found], now: int) -> None:
        """Highlight matches, and scroll to the one that is looked at; -1 to none."""
        self.marks.found, self.marks.found_now = hits, now
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

    def _place_at(self, point: QPoint) -> tuple[Placed, float, float] | None:
        """The page under a point of the viewport, and where on it in millimetres."""
        x = point.x() + self.horizontalScrollBar().value()
        y = point.y() + self.verticalScrollBar().value()
        placed = self._layout.at(x, y)
        if placed is None:
            return None
        return placed, (x - placed.left) / self._scale(), (y - placed.top) / self._scale()

    # Painting.

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        view: QWidget = self.viewport()
        painter = QPainter(view)
        painter.fillRect(event.rect(), self._theme.colour("desk"))
        down, across = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        until, all_complete = time.perf_counter() + _PAINT_SECONDS, True
        for placed in self._layout.placed:
            top = placed.top - down
            if top + placed.height < 0 or top > view.height():
                continue
            corner = QPoint(placed.left - across, top)
            picture, complete = self._begun(placed.number, until)
            all_complete = all_complete and complete
            painter.drawPixmap(corner, picture)
            self.marks.paint(painter, placed, corner, self._scale(), focused=self.hasFocus())
            if self._mode == ALL and placed.number == self._current - 1:
                painter.setPen(QPen(self._theme.colour("accent"), 2))
                painter.drawRect(QRect(corner, QSize(placed.width, placed.height)).adjusted(-2, -2, 2, 2))
        painter.end()
        if not all_complete:
            self._go_on.start()

    def picture(self, number: int) -> QPixmap:
        """A page (from 0) at the zoom in use, complete."""
        return self._begun(number, math.inf)[0]

    def _begun(self, number: int, until: float) -> tuple[QPixmap, bool]:
        scale, ratio = self._scale(), self.devicePixelRatioF()
        return self._pictures.begun(self._pages, number, scale, ratio, whole=self._whole, until=until)
