"""Paints pages of drawing operations with QPainter: screen and printer from the same operations (DESIGN 3.12).

One QFont a face, made at 1000 px and scaled, with kerning, ligatures, hinting and merging off, so that the widths
agree with the metrics the pages were laid out with.
"""

import math
import time
from functools import cache, lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontDatabase, QImage, QPainter, QPen, QPolygonF

from repaircenter.desk.kit import icons
from repaircenter.rendering import fallbacks
from repaircenter.rendering.drawing import Box, Line, LinkArea, Page, PageNumber, Picture, Shape, Text
from repaircenter.rendering.fonts import BOLD, MM_PER_POINT, face

_EM_PIXELS = 1000
# Lines and shapes are drawn in whole thousandths of a millimetre.
_GRAIN_MM = 0.001
# The clock is read once for so many operations.
_LOOKED_AT = 8
# Characters that keep Qt from turning around what is in drawing order.
_LEFT_TO_RIGHT, _AS_BEFORE = "\u202d", "\u202c"


class PagePainter:
    """Holds the scaled fonts; one for the program."""

    def __init__(self, families: dict[str, str]) -> None:
        self._fonts = {name: _font(family, name) for name, family in families.items()}
        self._fallbacks: dict[str, QFont] = {}

    def paint(
        self, painter: QPainter, page: Page, number: int, count: int | None, *, first: int = 0, until: float = math.inf
    ) -> int:
        """Draw one page; the painter's unit is the millimetre and its origin the page's top left corner.

        `count` is None while it is not known how many pages there will be. Painting begins with operation `first` and
        rests at `until` (of `time.perf_counter`), but never before some of it is done. Return the operation to go on
        with; the page is complete when it is their number.
        """
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing, True)
        surface = _Surface(painter)
        for done, operation in enumerate(page.operations[first:]):
            if done % _LOOKED_AT == _LOOKED_AT - 1 and time.perf_counter() >= until:
                return first + done
            if isinstance(operation, Text):
                self._text(surface, operation, operation.text, operation.x, right_to_left=operation.right_to_left)
            elif isinstance(operation, PageNumber):
                text = operation.template.format(page=number, pages="…" if count is None else count)
                width = face(operation.face).width_mm(text, operation.size_points)
                self._text(surface, operation, text, operation.right - width)
            elif isinstance(operation, Picture):
                surface.set_scale(1.0)
                place = QRectF(operation.x, operation.y, operation.width, operation.height)
                painter.drawImage(place, QImage.fromData(operation.image))
            elif not isinstance(operation, LinkArea):
                surface.draw(operation)
        surface.set_scale(1.0)
        return len(page.operations)

    def _text(
        self, surface: "_Surface", operation: Text | PageNumber, text: str, x: float, *, right_to_left: bool = False
    ) -> None:
        scale = operation.size_points * MM_PER_POINT / _EM_PIXELS
        surface.set_scale(scale)
        surface.set_pen(operation.colour)
        at, baseline = x / scale, round(operation.baseline / scale)
        if not fallbacks.is_needed(text):
            surface.set_font(self._fonts[operation.face])
            surface.painter.drawText(round(at), baseline, as_drawn(text))
            return
        # A text of several fonts: each piece from its own, where the metrics say that it begins.
        for piece, font in fallbacks.runs(text, right_to_left=right_to_left):
            surface.set_font(self._fonts[operation.face] if font is None else self._fallback(font))
            if font is fallbacks.ARABIC:
                # The letters are in their forms and in drawing order already.
                shown = f"{_LEFT_TO_RIGHT}{piece}{_AS_BEFORE}"
            else:
                shown = as_drawn(piece if font is None else "".join(map(font.glyph, piece)))
            surface.painter.drawText(round(at), baseline, shown)
            at += face(operation.face).width_mm(piece, 1.0) / MM_PER_POINT * _EM_PIXELS

    def _fallback(self, fallback: fallbacks.Fallback) -> QFont:
        """A font that is loaded with the first text that needs it."""
        typeface = self._fallbacks.get(fallback.name)
        if typeface is None:
            family = icons.family() if fallback is fallbacks.SYMBOLS else _loaded(fallback)
            typeface = self._fallbacks[fallback.name] = _font(family, "regular")
        return typeface


class _Surface:
    """A painter that is told only what changes, in whole numbers of a fine grain.

    Making any value of Qt's (QPointF, QPen) gives the interpreter's lock away: while another thread lays out a report
    each costs half a millisecond on average, a hundred times what drawing does. None is made for a text or a line.
    """

    def __init__(self, painter: QPainter) -> None:
        self.painter = painter
        self._scale = 1.0
        self._font: QFont | None = None
        self._pen: tuple[str, int] | None = None

    def set_scale(self, scale: float) -> None:
        """How many millimetres one unit is."""
        if scale != self._scale:
            self.painter.scale(scale / self._scale, scale / self._scale)
            self._scale = scale

    def set_font(self, font: QFont) -> None:
        if font is not self._font:
            self._font = font
            self.painter.setFont(font)

    def set_pen(self, colour: str, width: int = 0) -> None:
        if self._pen != (colour, width):
            self._pen = colour, width
            self.painter.setPen(_pen(colour, width))

    def draw(self, operation: Line | Box | Shape) -> None:
        self.set_scale(_GRAIN_MM)
        if isinstance(operation, Line):
            self.set_pen(operation.colour, _grains(operation.width))
            x1, y1, x2, y2 = map(_grains, (operation.x1, operation.y1, operation.x2, operation.y2))
            self.painter.drawLine(x1, y1, x2, y2)
        elif isinstance(operation, Box):
            x, y, width, height = map(_grains, (operation.x, operation.y, operation.width, operation.height))
            self.painter.fillRect(x, y, width, height, _brush(operation.colour))
        else:
            self._shape(operation)

    def _shape(self, shape: Shape) -> None:
        """Stars, dots and arrows are alike but for their place."""
        left, top = shape.points[0]
        x, y = _grains(left), _grains(top)
        self._pen = None
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(_brush(shape.colour))
        self.painter.translate(x, y)
        self.painter.drawPolygon(_polygon(tuple([(_grains(a - left), _grains(b - top)) for a, b in shape.points])))
        self.painter.translate(-x, -y)


def _grains(mm: float) -> int:
    return round(mm / _GRAIN_MM)


@cache
def _colour(rgb: str) -> QColor:
    return QColor(f"#{rgb}")


@cache
def _brush(rgb: str) -> QBrush:
    return QBrush(_colour(rgb))


@cache
def _pen(rgb: str, width: int) -> QPen:
    return QPen(_colour(rgb), width or 1)


@lru_cache(maxsize=256)
def _polygon(points: tuple[tuple[int, int], ...]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])


def _loaded(fallback: fallbacks.Fallback) -> str:
    return QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(fallback.file())))[0]


def as_drawn(text: str) -> str:
    """A no-break space is drawn as a space, as in the PDF: the font has another width for it than the metrics."""
    return text.replace("\u00a0", " ")


def _font(family: str, name: str) -> QFont:
    font = QFont(family)
    font.setPixelSize(_EM_PIXELS)
    if name == BOLD:
        font.setWeight(QFont.Weight.DemiBold)
    font.setItalic(name == "italic")
    font.setKerning(False)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setStyleStrategy(QFont.StyleStrategy.NoFontMerging | QFont.StyleStrategy.PreferOutline)
    for feature in ("liga", "clig", "calt", "kern"):
        tag = QFont.Tag.fromString(feature)
        if tag is not None:
            font.setFeature(tag, 0)
    return font
