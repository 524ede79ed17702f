"""Pages -> PDF with reportlab's canvas: outline, title and language; the same operations as on screen."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from repaircenter.reports.drawing import Box, Line, Operation, Page, PageNumber, Shape, Text
from repaircenter.reports.fonts import face, font_file

_MM = 72.0 / 25.4
_FAMILY = "RC-"


def _register() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name in ("regular", "bold", "italic"):
        if _FAMILY + name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(_FAMILY + name, str(font_file(name))))


def write_pdf(pages: Sequence[Page], title: str, language: str) -> bytes:
    """All pages as one PDF file."""
    from reportlab.pdfgen.canvas import Canvas

    _register()
    buffer = BytesIO()
    canvas: Any = Canvas(buffer, pageCompression=1, lang=language)
    canvas.setTitle(title)
    canvas.setCreator("RepairCenter")
    for number, page in enumerate(pages, start=1):
        canvas.setPageSize((page.width * _MM, page.height * _MM))
        canvas.scale(_MM, _MM)
        for level, text in page.outline:
            canvas.bookmarkPage(f"page-{number}")
            canvas.addOutlineEntry(text, f"page-{number}", level - 1)
        _Painter(canvas, page.height, number, len(pages)).paint(page.operations)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


class _Painter:
    """Draws the operations of one page in millimetres, y upwards as PDF wants it."""

    def __init__(self, canvas: Any, height: float, number: int, count: int) -> None:
        self._canvas = canvas
        self._height = height
        self._number = number
        self._count = count
        self._fill = ""

    def paint(self, operations: Sequence[Operation]) -> None:
        for operation in operations:
            if isinstance(operation, Text):
                self._text(
                    operation.text,
                    operation.face,
                    operation.size_points,
                    operation.x,
                    operation.baseline,
                    operation.colour,
                )
            elif isinstance(operation, Line):
                self._canvas.setStrokeColor(_colour(operation.colour))
                self._canvas.setLineWidth(operation.width)
                self._canvas.line(operation.x1, self._height - operation.y1, operation.x2, self._height - operation.y2)
            elif isinstance(operation, Box):
                self._set_fill(operation.colour)
                bottom = self._height - operation.y - operation.height
                self._canvas.rect(operation.x, bottom, operation.width, operation.height, stroke=0, fill=1)
            elif isinstance(operation, Shape):
                self._shape(operation)
            elif isinstance(operation, PageNumber):
                text = operation.template.format(page=self._number, pages=self._count)
                left = operation.right - face(operation.face).width_mm(text, operation.size_points)
                self._text(text, operation.face, operation.size_points, left, operation.baseline, operation.colour)

    def _set_fill(self, colour: str) -> None:
        if colour != self._fill:
            self._canvas.setFillColor(_colour(colour))
            self._fill = colour

    def _text(self, text: str, name: str, size_points: float, x: float, baseline: float, colour: str) -> None:
        self._set_fill(colour)
        self._canvas.setFont(_FAMILY + name, size_points / _MM)
        self._canvas.drawString(x, self._height - baseline, text)

    def _shape(self, shape: Shape) -> None:
        self._set_fill(shape.colour)
        path = self._canvas.beginPath()
        for index, (x, y) in enumerate(shape.points):
            (path.lineTo if index else path.moveTo)(x, self._height - y)
        path.close()
        self._canvas.drawPath(path, stroke=0, fill=1)


def _colour(text: str) -> Any:
    from reportlab.lib.colors import HexColor

    return HexColor(f"#{text}")


def save_pdf(pages: Sequence[Page], title: str, language: str, path: Path) -> None:
    """Write beside the target first, so that a file that is there is never half overwritten."""
    save(write_pdf(pages, title, language), path)


def save(data: bytes, path: Path) -> None:
    """Put bytes into a file in one step."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(data)
    fresh.replace(path)
