"""Icons of the Material Design font in the package qtawesome, drawn by Qt itself. GUI thread only.

The package's own loader takes eleven fonts and 45 MB with it; one font is used here (docs/decisions/008). Nothing is
read before the first icon is asked for, which is after the first paint.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPixmap

_FONT = "materialdesignicons6-webfont"
# In pixels: 16 and 24 as they are used, at 100, 150 and 200 %. Qt's own engine over ready pictures and not one of ours:
# an engine made in Python is owned by both sides and brings the process down when it is collected.
_SIZES = (16, 24, 32, 36, 48)


class UnknownIcon(KeyError):
    """There is no icon of this name."""


@cache
def _charmap() -> dict[str, str]:
    (path,) = (one for one in _fonts().glob(f"{_FONT}-charmap-*.json"))
    found: dict[str, str] = json.loads(path.read_text("utf-8"))
    return found


def _fonts() -> Path:
    """Where the package keeps its fonts; it is not imported for that."""
    spec = find_spec("qtawesome")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "fonts"


@cache
def _family() -> str:
    (path,) = (one for one in _fonts().glob(f"{_FONT}-*.ttf"))
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path)))
    return families[0]


def icon(name: str, colour: str, disabled: str, active: str) -> QIcon:
    """An icon by its name in the font's catalogue (`car-wrench`), with its colours. Raises UnknownIcon."""
    code = _charmap().get(name)
    if code is None:
        raise UnknownIcon(name)
    made = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled), (QIcon.Mode.Active, active)):
        for size in _SIZES:
            made.addPixmap(_picture(chr(int(code, 16)), size, ink), mode)
    return made


def _picture(glyph: str, size: int, ink: str) -> QPixmap:
    """One character of the font, as high as the picture."""
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    font = QFont(_family())
    font.setPixelSize(size)
    painter = QPainter(picture)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(QRect(0, 0, size, size), Qt.AlignmentFlag.AlignCenter, glyph)
    painter.end()
    return picture
