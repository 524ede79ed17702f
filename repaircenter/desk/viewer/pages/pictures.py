"""Painted pages kept as pictures, at most 32 MB: DESIGN 5 allows 64, the memory budget leaves less. GUI thread only."""

import math
from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtGui import QColor, QPainter, QPixmap

from repaircenter.desk.viewer.pages.painter import PagePainter
from repaircenter.rendering.drawing import Page

_MOST_BYTES = 32 * 1024 * 1024


@dataclass
class _Kept:
    picture: QPixmap
    # Operations of the page that are painted.
    painted: int = 0


class PagePictures:
    """A page is painted once for each scale and screen."""

    def __init__(self, painter: PagePainter) -> None:
        self._painter = painter
        self._kept: OrderedDict[tuple[int, int, int], _Kept] = OrderedDict()
        self._bytes = 0

    def forget(self) -> None:
        self._kept.clear()
        self._bytes = 0

    def picture(self, pages: list[Page], number: int, scale: float, ratio: float, *, whole: bool = True) -> QPixmap:
        """Page `number` (from 0) at `scale` pixels a millimetre on a screen of `ratio` device pixels a pixel.

        `whole` is false while more pages may come.
        """
        return self.begun(pages, number, scale, ratio, whole=whole, until=math.inf)[0]

    def begun(
        self, pages: list[Page], number: int, scale: float, ratio: float, *, whole: bool, until: float
    ) -> tuple[QPixmap, bool]:
        """Return the picture as far as it is painted at `until` (of `time.perf_counter`), and whether it is complete.

        Another call goes on where this one rests.
        """
        page, key = pages[number], (number, round(scale * 1000), round(ratio * 100))
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = _Kept(_empty(page, scale, ratio))
            self._bytes += _size(kept.picture)
            self._make_room(pages, key)
        else:
            self._kept.move_to_end(key)
        if kept.painted < len(page.operations):
            painter = QPainter(kept.picture)
            painter.scale(scale, scale)
            count = len(pages) if whole else None
            kept.painted = self._painter.paint(painter, page, number + 1, count, first=kept.painted, until=until)
            painter.end()
        return kept.picture, kept.painted == len(page.operations)

    def _make_room(self, pages: list[Page], wanted: tuple[int, int, int]) -> None:
        """Let the oldest pictures go. A begun one stays: two large pages in sight would begin each other for ever."""
        for key, kept in list(self._kept.items()):
            if self._bytes <= _MOST_BYTES:
                return
            if key != wanted and kept.painted == len(pages[key[0]].operations):
                del self._kept[key]
                self._bytes -= _size(kept.picture)


def _empty(page: Page, scale: float, ratio: float) -> QPixmap:
    picture = QPixmap(round(page.width * scale * ratio), round(page.height * scale * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor("white"))
    return picture


def _size(picture: QPixmap) -> int:
    return picture.width() * picture.height() * 4
