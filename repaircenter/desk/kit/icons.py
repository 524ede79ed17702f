"""Icons of the Material Design font in the package qtawesome, drawn by Qt itself. GUI thread only.

The package's own loader takes eleven fonts and 45 MB with it; one font is used here (docs/decisions/008). Nothing is
read before the first icon is asked for, which is after the first paint.
"""

from functools import cache

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPixmap

from repaircenter.rendering import symbols

# In pixels: 16 and 24 as they are used, at 100, 150 and 200 %. Qt's own engine over ready pictures and not one of ours:
# an engine made in Python is owned by both sides and brings the process down when it is collected.
_SIZES = (16, 24, 32, 36, 48)


class UnknownIcon(KeyError):
    """There is no icon of this name."""


@cache
def family() -> str:
    """The font's family, loaded with the first call."""
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(symbols.font_file())))
    return families[0]


def icon(name: str, colour: str, disabled: str, active: str) -> QIcon:
    """An icon by its name in the font's catalogue (`car-wrench`), with its colours. Raises UnknownIcon."""
    try:
        glyph = symbols.named(name)
    except KeyError:
        raise UnknownIcon(name) from None
    made = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled), (QIcon.Mode.Active, active)):
        for size in _SIZES:
            made.addPixmap(_picture(glyph, size, ink), mode)
    return made


def _picture(glyph: str, size: int, ink: str) -> QPixmap:
    """One character of the font, as high as the picture."""
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    font = QFont(family())
    font.setPixelSize(size)
    painter = QPainter(picture)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(QRect(0, 0, size, size), Qt.AlignmentFlag.AlignCenter, glyph)
    painter.end()
    return picture
