"""The pages of a report, one below the other, with zoom. Painted pages are kept as pictures (at most 64 MB)."""

from collections import OrderedDict

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from repaircenter.desk.page_painter import PagePainter
from repaircenter.desk.theme import Theme
from repaircenter.reports.drawing import Page, Text

ZOOMS = (25, 50, 75, 100, 125, 150, 200, 300, 400)
_GAP = 12
_MM_TO_PIXELS = 96.0 / 25.4
_CACHE_BYTES = 64 * 1024 * 1024


class PageView(QAbstractScrollArea):
    """Shows pages as they come in; `current_changed` tells the page at the top."""

    current_changed = Signal(int)
    zoom_changed = Signal(int)

    def __init__(self, painter: PagePainter, theme: Theme) -> None:
        super().__init__()
        self._painter = painter
        self._theme = theme
        self._pages: list[Page] = []
        self._tops: list[int] = []
        self._zoom = 100
        self._fit_width = False
        self._current = 0
        self._pictures: OrderedDict[tuple[int, int, int], QPixmap] = OrderedDict()
        self._bytes = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
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

    def clear(self) -> None:
        self._pages = []
        self._forget_pictures()
        self._arrange()
        self.verticalScrollBar().setValue(0)

    def add(self, pages: list[Page]) -> None:
        """Append pages that were just finished."""
        self._pages.extend(pages)
        self._forget_pictures()
        self._arrange()

    def set_zoom(self, per_cent: int) -> None:
        """25 to 400; the page at the top stays."""
        self._fit_width = False
        self._change_zoom(per_cent)

    def fit_width(self) -> None:
        self._fit_width = True
        if self._pages:
            room = self.viewport().width() - 2 * _GAP
            self._change_zoom(int(100 * room / (self._pages[0].width * _MM_TO_PIXELS)))

    def step_zoom(self, direction: int) -> None:
        steps = [z for z in ZOOMS if (z > self._zoom if direction > 0 else z < self._zoom)]
        if steps:
            self.set_zoom(steps[0] if direction > 0 else steps[-1])

    def go_to(self, number: int) -> None:
        """Put a page's top at the top of the view (V-N1)."""
        if 1 <= number <= len(self._tops):
            self.verticalScrollBar().setValue(self._tops[number - 1] - _GAP // 2)

    def page_text(self) -> str:
        """The words of all pages, for screen readers and tests."""
        return "\n".join(op.text for page in self._pages for op in page.operations if isinstance(op, Text))

    def sizeHint(self) -> QSize:
        return QSize(720, 480)

    def _change_zoom(self, per_cent: int) -> None:
        current = self._current
        self._zoom = max(ZOOMS[0], min(ZOOMS[-1], per_cent))
        self._arrange()
        self.go_to(current)
        self.zoom_changed.emit(self._zoom)
        self.viewport().update()

    def _scale(self) -> float:
        return self._zoom / 100.0 * _MM_TO_PIXELS

    def _arrange(self) -> None:
        scale, top, widest = self._scale(), _GAP, 0
        self._tops = []
        for page in self._pages:
            self._tops.append(top)
            top += round(page.height * scale) + _GAP
            widest = max(widest, round(page.width * scale))
        view = self.viewport().size()
        self.verticalScrollBar().setRange(0, max(0, top - view.height()))
        self.verticalScrollBar().setPageStep(view.height())
        self.verticalScrollBar().setSingleStep(48)
        self.horizontalScrollBar().setRange(0, max(0, widest + 2 * _GAP - view.width()))
        self.horizontalScrollBar().setPageStep(view.width())
        self.viewport().update()
        self._scrolled()

    def _scrolled(self) -> None:
        at = self.verticalScrollBar().value() + self.viewport().height() // 3
        current = sum(top <= at for top in self._tops) or (1 if self._pages else 0)
        if current != self._current:
            self._current = current
            self.current_changed.emit(current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fit_width:
            self.fit_width()
        self._arrange()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
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

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        view: QWidget = self.viewport()
        painter = QPainter(view)
        painter.fillRect(event.rect(), self._theme.colour("desk"))
        scale = self._scale()
        offset = self.verticalScrollBar().value()
        for index, page in enumerate(self._pages):
            top = self._tops[index] - offset
            height = round(page.height * scale)
            if top + height < 0 or top > view.height():
                continue
            left = max((view.width() - round(page.width * scale)) // 2, _GAP) - self.horizontalScrollBar().value()
            painter.drawPixmap(QPoint(left, top), self._picture(index, page, scale))
        painter.end()

    def _picture(self, index: int, page: Page, scale: float) -> QPixmap:
        ratio = self.devicePixelRatioF()
        key = (index, self._zoom, round(ratio * 100))
        found = self._pictures.get(key)
        if found is not None:
            self._pictures.move_to_end(key)
            return found
        picture = QPixmap(round(page.width * scale * ratio), round(page.height * scale * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor("white"))
        painter = QPainter(picture)
        painter.scale(scale, scale)
        self._painter.paint(painter, page, index + 1, len(self._pages))
        painter.end()
        self._pictures[key] = picture
        self._bytes += _size(picture)
        while self._bytes > _CACHE_BYTES and len(self._pictures) > 1:
            _, old = self._pictures.popitem(last=False)
            self._bytes -= _size(old)
        return picture

    def _forget_pictures(self) -> None:
        self._pictures.clear()
        self._bytes = 0


def _size(picture: QPixmap) -> int:
    return picture.width() * picture.height() * 4
