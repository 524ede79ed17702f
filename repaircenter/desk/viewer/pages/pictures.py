"""Painted pages kept as pictures, at most 32 MB: DESIGN 5 allows 64, the memory budget leaves less. GUI thread only."""

from collections import OrderedDict

from PySide6.QtGui import QColor, QPainter, QPixmap

from repaircenter.desk.viewer.pages.painter import PagePainter
from repaircenter.rendering.drawing import Page

_MOST_BYTES = 32 * 1024 * 1024


class PagePictures:
    """A page is painted once for each scale and screen."""

    def __init__(self, painter: PagePainter) -> None:
        self._painter = painter
        self._pictures: OrderedDict[tuple[int, int, int], QPixmap] = OrderedDict()
        self._bytes = 0

    def forget(self) -> None:
        self._pictures.clear()
        self._bytes = 0

    def picture(self, pages: list[Page], number: int, scale: float, ratio: float, *, whole: bool = True) -> QPixmap:
        """Page `number` (from 0) at `scale` pixels a millimetre on a screen of `ratio` device pixels a pixel.

        `whole` is false while more pages may come.
        """
        key = (number, round(scale * 1000), round(ratio * 100))
        kept = self._pictures.get(key)
        if kept is not None:
            self._pictures.move_to_end(key)
            return kept
        page = pages[number]
        picture = QPixmap(round(page.width * scale * ratio), round(page.height * scale * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor("white"))
        painter = QPainter(picture)
        painter.scale(scale, scale)
        self._painter.paint(painter, page, number + 1, len(pages) if whole else None)
        painter.end()
        self._pictures[key] = picture
        self._bytes += _size(picture)
        while self._bytes > _MOST_BYTES and len(self._pictures) > 1:
            _, old = self._pictures.popitem(last=False)
            self._bytes -= _size(old)
        return picture


def _size(picture: QPixmap) -> int:
    return picture.width() * picture.height() * 4
