"""Draw the program's icon in all its sizes into resources/icons; run by hand when it is to look different.

A white car on the accent colour; from 48 pixels on three stars above it, for what customers say.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import qtawesome
from PIL import Image
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QImage, QPainter, QPainterPath

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "icons"
SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256, 512)
GROUND, CAR, STARS = "#1f5fae", "#ffffff", "#f5c04a"
_STARS_FROM = 48


def main() -> int:
    """Write one PNG a size, and the .ico of Windows that holds those up to 256 pixels."""
    app = QGuiApplication(sys.argv)
    font_file = Path(qtawesome.__file__).parent / "fonts" / "materialdesignicons6-webfont-6.9.96.ttf"
    family = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(font_file)))[0]
    glyphs = {"car": "\U000f010b", "star": "\U000f04ce"}
    FOLDER.mkdir(exist_ok=True)
    for size in SIZES:
        picture(size, family, glyphs).save(str(FOLDER / f"repaircenter-{size}.png"))
    pictures = [Image.open(FOLDER / f"repaircenter-{size}.png") for size in SIZES if size <= 256]
    pictures[-1].save(FOLDER / "repaircenter.ico", sizes=[(p.width, p.width) for p in pictures], append_images=pictures)
    app.quit()
    return 0


def picture(size: int, family: str, glyphs: dict[str, str]) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(GROUND))
    edge = 0.0 if size < 32 else size / 32
    painter.drawRoundedRect(QRectF(edge, edge, size - 2 * edge, size - 2 * edge), size * 0.2, size * 0.2)
    if size < _STARS_FROM:
        glyph(painter, family, glyphs["car"], CAR, QPointF(size / 2, size * 0.5), size * 0.8)
    else:
        glyph(painter, family, glyphs["car"], CAR, QPointF(size / 2, size * 0.6), size * 0.66)
        for number, lift in ((-1, 0.0), (0, 0.04), (1, 0.0)):
            at = QPointF(size * (0.5 + number * 0.22), size * (0.25 - lift))
            glyph(painter, family, glyphs["star"], STARS, at, size * 0.2)
    painter.end()
    return image


def glyph(painter: QPainter, family: str, character: str, colour: str, middle: QPointF, wide: float) -> None:
    """A character of the icon font as a shape, `wide` pixels wide, its middle at `middle`."""
    font = QFont(family)
    font.setPixelSize(512)
    path = QPainterPath()
    path.addText(0, 0, font, character)
    box = path.boundingRect()
    scale = wide / max(box.width(), box.height())
    painter.save()
    painter.translate(middle)
    painter.scale(scale, scale)
    painter.translate(-box.center())
    painter.fillPath(path, QColor(colour))
    painter.restore()


if __name__ == "__main__":
    sys.exit(main())
