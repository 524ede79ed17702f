"""Paints pages of drawing operations with QPainter: screen and printer from the same operations (DESIGN 3.12).

One QFont a face, made at 1000 px and scaled, with kerning, ligatures, hinting and merging off, so that the widths
agree with the metrics the pages were laid out with.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontDatabase, QPainter, QPen, QPolygonF

from repaircenter.desk import icons
from repaircenter.reports import fallbacks
from repaircenter.reports.drawing import Box, Line, Page, PageNumber, Shape, Text
from repaircenter.reports.fonts import BOLD, MM_PER_POINT, face

_EM_PIXELS = 1000
# Characters that keep Qt from turning around what is in drawing order.
_LEFT_TO_RIGHT, _AS_BEFORE = "\u202d", "\u202c"


class PagePainter:
    """Holds the scaled fonts; one for the program."""

    def __init__(self, families: dict[str, str]) -> None:
        self._fonts = {name: _font(family, name) for name, family in families.items()}
        self._fallbacks: dict[str, QFont] = {}

    def paint(self, painter: QPainter, page: Page, number: int, count: int | None) -> None:
        """Draw one page; the painter's unit is the millimetre and its origin the page's top left corner.

        `count` is None while it is not known how many pages there will be.
        """
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing, True)
        for operation in page.operations:
            if isinstance(operation, Text):
                self._text(
                    painter,
                    operation.text,
                    operation.face,
                    operation.size_points,
                    operation.x,
                    operation.baseline,
                    operation.colour,
                )
            elif isinstance(operation, Line):
                painter.setPen(QPen(QColor(f"#{operation.colour}"), operation.width))
                painter.drawLine(QPointF(operation.x1, operation.y1), QPointF(operation.x2, operation.y2))
            elif isinstance(operation, Box):
                area = QRectF(operation.x, operation.y, operation.width, operation.height)
                painter.fillRect(area, QColor(f"#{operation.colour}"))
            elif isinstance(operation, Shape):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QBrush(QColor(f"#{operation.colour}")))
                painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in operation.points]))
            elif isinstance(operation, PageNumber):
                text = operation.template.format(page=number, pages="…" if count is None else count)
                width = face(operation.face).width_mm(text, operation.size_points)
                self._text(
                    painter,
                    text,
                    operation.face,
                    operation.size_points,
                    operation.right - width,
                    operation.baseline,
                    operation.colour,
                )

    def _text(
        self, painter: QPainter, text: str, name: str, size_points: float, x: float, baseline: float, colour: str
    ) -> None:
        scale = size_points * MM_PER_POINT / _EM_PIXELS
        painter.save()
        painter.translate(x, baseline)
        painter.scale(scale, scale)
        painter.setFont(self._fonts[name])
        painter.setPen(QColor(f"#{colour}"))
        if fallbacks.is_needed(text):
            self._pieces(painter, text, name)
        else:
            painter.drawText(QPointF(0.0, 0.0), as_drawn(text))
        painter.restore()

    def _pieces(self, painter: QPainter, text: str, name: str) -> None:
        """A text of several fonts: each piece from its own, where the metrics say that it begins."""
        at = 0.0
        for piece, font in fallbacks.runs(text):
            painter.setFont(self._fonts[name] if font is None else self._fallback(font))
            if font is fallbacks.ARABIC:
                # The letters are in their forms and in drawing order already.
                painter.drawText(QPointF(at, 0.0), f"{_LEFT_TO_RIGHT}{piece}{_AS_BEFORE}")
            else:
                painter.drawText(QPointF(at, 0.0), as_drawn(piece if font is None else "".join(map(font.glyph, piece))))
            at += face(name).width_mm(piece, 1.0) / MM_PER_POINT * _EM_PIXELS

    def _fallback(self, wanted: fallbacks.Fallback) -> QFont:
        """A font that is loaded with the first text that needs it."""
        found = self._fallbacks.get(wanted.name)
        if found is None:
            family = icons.family() if wanted is fallbacks.SYMBOLS else _loaded(wanted)
            found = self._fallbacks[wanted.name] = _font(family, "regular")
        return found


def _loaded(wanted: fallbacks.Fallback) -> str:
    return QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(wanted.file())))[0]


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
