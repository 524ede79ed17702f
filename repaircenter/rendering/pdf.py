"""Pages -> PDF: reportlab keeps the document, its outline and the embedded fonts; what stands on a page is written here.

A page's operations become PDF operators in one pass: reportlab's own drawing calls take five times as long.
"""

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any

from repaircenter.rendering import fallbacks
from repaircenter.rendering.drawing import Box, Line, LinkArea, Page, PageNumber, Picture, Shape, Text
from repaircenter.rendering.fonts import BOLD, ITALIC, REGULAR, face, font_file

_MM = 72.0 / 25.4
_FAMILY = "RC-"
_FACES = (REGULAR, BOLD, ITALIC)


_MAKING = Lock()


def _register() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    with _MAKING:
        for name in _FACES:
            if _FAMILY + name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(_FAMILY + name, str(font_file(name))))


def write_pdf(pages: Sequence[Page], title: str, language: str, author: str = "") -> bytes:
    """All pages as one PDF file with outline, title, language and author (the shop whose report it is)."""
    from reportlab import rl_config
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    rl_config.useA85 = 0  # binary streams: smaller, and no encoding in Python
    _register()
    buffer = BytesIO()
    canvas: Any = Canvas(buffer, pageCompression=1, lang=language)
    canvas.setTitle(title)
    canvas.setAuthor(author or "RepairCenter")
    canvas.setCreator("RepairCenter")
    sections = {text: number for number, page in enumerate(pages, start=1) for _, text in page.outline}
    beside = _Fallbacks(canvas)
    glyphs = {name: _Glyphs(name, canvas, beside) for name in _FACES}
    for number, page in enumerate(pages, start=1):
        canvas.setPageSize((page.width * _MM, page.height * _MM))
        for level, text in page.outline:
            canvas.bookmarkPage(f"page-{number}")
            canvas.addOutlineEntry(text, f"page-{number}", level - 1)
        _link(canvas, page, number, sections)
        for op in page.operations:
            if isinstance(op, Picture):
                place = (op.x * _MM, (page.height - op.y - op.height) * _MM, op.width * _MM, op.height * _MM)
                with suppress(OSError):  # one that cannot be read is left out
                    canvas.drawImage(ImageReader(BytesIO(op.image)), *place, mask="auto")
        canvas.addLiteral(_content(page, number, len(pages), glyphs))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _link(canvas: Any, page: Page, number: int, sections: dict[str, int]) -> None:
    """What leads to a section of the same document (a shop to its pages) does so here; links to other reports and to
    jobs lead somewhere in the desk only."""
    for op in page.operations:
        if isinstance(op, LinkArea) and op.link is not None and sections.get(op.label, number) != number:
            low = page.height - op.y - op.height
            area = (op.x * _MM, low * _MM, (op.x + op.width) * _MM, (low + op.height) * _MM)
            canvas.linkRect("", f"page-{sections[op.label]}", area, relative=0, thickness=0)


class _Glyphs:
    """One face in one document: characters become codes of the subset that is embedded."""

    def __init__(self, name: str, canvas: Any, beside: "_Fallbacks") -> None:
        from reportlab.pdfbase import pdfmetrics

        self._font: Any = pdfmetrics.getFont(_FAMILY + name)
        self._document = canvas._doc
        self._fallbacks = beside
        # Code by character: of all, and of the face's first subset, in which nearly every text stands whole.
        self._codes: dict[str, tuple[str, str]] = {}
        self._known: set[str] = set()
        self._usual: dict[int, str] = {}
        self._subset = ""
        self._subset = self._code(" ")[0]

    def shown(self, text: str, size: str, *, right_to_left: bool = False) -> str:
        """The operators that show a text: set the font, show the codes; another subset begins another piece."""
        if not self._known.issuperset(text):
            line = fallbacks.in_drawing_order(text, right_to_left=right_to_left)
            for char in line:
                if char not in self._codes:
                    self._learn(char)
            if not self._known.issuperset(line):
                return " ".join(
                    f"{subset} {size} Tf ({''.join([self._codes[char][1] for char in piece])}) Tj"
                    for subset, piece in groupby(line, lambda char: self._codes[char][0])
                )
            text = line
        return f"{self._subset} {size} Tf ({text.translate(self._usual)}) Tj"

    def _learn(self, char: str) -> None:
        font = fallbacks.holding(char)
        code = self._codes[char] = self._code(char) if font is None else self._fallbacks.code(char, font)
        if code[0] == self._subset:
            self._known.add(char)
            self._usual[ord(char)] = code[1]

    def _code(self, char: str) -> tuple[str, str]:
        """(the subset's name, the code in it)."""
        ((subset, code),) = self._font.splitString(char, self._document)
        return self._font.getSubsetInternalName(subset, self._document), _escaped(code)


class _Fallbacks:
    """The other fonts in one document, each embedded with its first character. Text that is taken out of the file again
    is what the customer wrote, not the font's own character."""

    def __init__(self, canvas: Any) -> None:
        self._document = canvas._doc
        self._fonts: dict[str, Any] = {}

    def _font(self, fallback: fallbacks.Fallback) -> Any:
        font = self._fonts.get(fallback.name)
        if font is None:
            # Two documents may be written at once: a font that was made twice would be two of one name.
            with _MAKING:
                font = self._fonts[fallback.name] = _fallback_font(fallback)
        return font

    def code(self, char: str, fallback: fallbacks.Fallback) -> tuple[str, str]:
        font = self._font(fallback)
        own, letters = ord(fallback.glyph(char)), fallbacks.as_written(char)
        # Two letters joined to one keep the character of that: the number below cannot begin with a nought.
        letter = letters if len(letters) == 1 else char
        is_other = own != ord(char) or letter != char or ord(char) > 0xFFFF
        if is_other:
            unicode = _unicode(char, letter)
            for table in (font.face.charToGlyph, font.face.charWidths):
                table[ord(char)] = table[unicode] = table[own]
        ((subset, code),) = font.splitString(char, self._document)
        if is_other:
            font.state[self._document].subsets[subset][code[0]] = unicode
        return font.getSubsetInternalName(subset, self._document), _escaped(code)


class _Unicode(int):
    """What the map to Unicode is written from: the letter in UTF-16 as one number. The four forms of a letter have the
    same number and glyphs of their own, so that each is equal to itself only."""

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


@cache
def _unicode(char: str, letter: str) -> _Unicode:
    """One for each character: the fonts keep it."""
    return _Unicode(int(letter.encode("utf-16-be").hex(), 16))


@cache
def _fallback_font(fallback: fallbacks.Fallback) -> Any:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    font = TTFont(f"{_FAMILY}{fallback.name}", str(fallback.file()))
    pdfmetrics.registerFont(font)
    return font


def _escaped(code: bytes) -> str:
    """Codes as they may stand in a PDF string."""
    return "".join(chr(byte) if 32 <= byte < 127 and byte not in b"\\()" else f"\\{byte:03o}" for byte in code)


def _content(page: Page, number: int, count: int, glyphs: dict[str, _Glyphs]) -> str:
    """The page's operators in millimetres, y upwards as PDF wants it."""
    high = page.height
    out = [f"{_MM:.6f} 0 0 {_MM:.6f} 0 0 cm"]
    fill = ""

    def colour(ink: str) -> None:
        nonlocal fill
        if ink != fill:
            out.append(f"{_rgb(ink)} rg")
            fill = ink

    for op in page.operations:
        if isinstance(op, Text):
            colour(op.colour)
            shown = glyphs[op.face].shown(op.text, f"{op.size_points / _MM:.4f}", right_to_left=op.right_to_left)
            out.append(f"BT 1 0 0 1 {op.x:.3f} {high - op.baseline:.3f} Tm {shown} ET")
        elif isinstance(op, Line):
            points = f"{op.x1:.3f} {high - op.y1:.3f} m {op.x2:.3f} {high - op.y2:.3f} l"
            out.append(f"{_rgb(op.colour)} RG {op.width:.3f} w {points} S")
        elif isinstance(op, Box):
            colour(op.colour)
            out.append(f"{op.x:.3f} {high - op.y - op.height:.3f} {op.width:.3f} {op.height:.3f} re f")
        elif isinstance(op, Shape):
            colour(op.colour)
            path = " l ".join(f"{x:.3f} {high - y:.3f}" for x, y in op.points)
            out.append(path.replace(" l ", " m ", 1) + " l h f")
        elif isinstance(op, PageNumber):
            colour(op.colour)
            out.append(_page_number(op, high, number, count, glyphs))
    return "\n".join(out)


def _page_number(op: PageNumber, high: float, number: int, count: int, glyphs: dict[str, _Glyphs]) -> str:
    text = op.template.format(page=number, pages=count)
    left = op.right - face(op.face).width_mm(text, op.size_points)
    shown = glyphs[op.face].shown(text, f"{op.size_points / _MM:.4f}")
    return f"BT 1 0 0 1 {left:.3f} {high - op.baseline:.3f} Tm {shown} ET"


@cache
def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.3f}" for at in (0, 2, 4))


def save_pdf(pages: Sequence[Page], title: str, language: str, path: Path) -> None:
    """Write beside the target first, so that a file that is there is never half overwritten."""
    save(write_pdf(pages, title, language), path)


def save(data: bytes, path: Path) -> None:
    """Put bytes into a file in one step, so that one that is there is never half overwritten; it keeps its mode.

    A link is followed to its file. A device or a pipe (`/dev/stdout`) is written to and stays what it is.
    """
    target = path.resolve() if path.is_symlink() else path
    if target.exists() and not target.is_file():
        with target.open("wb") as file:
            file.write(data)
        return
    fresh = target.with_name(f"{target.name}.{os.getpid()}.new")
    try:
        fresh.write_bytes(data)
        if target.exists():
            fresh.chmod(stat.S_IMODE(target.stat().st_mode))
        fresh.replace(target)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
