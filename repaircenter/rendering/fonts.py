"""The one family of screen and paper (DESIGN 3.13): widths as reportlab reads them from the font files.

What the font lacks is drawn from another (reports.fallbacks), or becomes the same replacement mark everywhere.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from repaircenter.rendering import fallbacks
from repaircenter.runtime.resources import packaged

REGULAR, BOLD, ITALIC = "regular", "bold", "italic"
_FILES: Final = {
    REGULAR: "SourceSansPro-Regular.ttf",
    BOLD: "SourceSansPro-Semibold.ttf",
    ITALIC: "SourceSansPro-It.ttf",
}
REPLACEMENT: Final = "\u2610"
MM_PER_POINT: Final = 25.4 / 72.0


@cache
def font_file(face: str) -> Path:
    """The .ttf of a face in the package `font-source-sans-pro`."""
    return packaged("font_source_sans_pro", "files", _FILES[face])


class _ByChar(dict[str, float]):
    """Widths by character, filled as they are asked for: the inner loop of all layout stays in C."""

    def __init__(self, widths: dict[int, float], default: float) -> None:
        super().__init__()
        self._widths, self._default = widths, default

    def __missing__(self, char: str) -> float:
        width = self._widths.get(ord(char))
        if width is None:
            font = fallbacks.holding(char)
            width = (None if font is None else font.width(char)) or self._default
        self[char] = width
        return width


class _Drawable(dict[int, str]):
    """What each character is drawn as, filled as they are asked for."""

    def __init__(self, drawn_as: Callable[[str], str]) -> None:
        super().__init__()
        self._drawn_as = drawn_as

    def __missing__(self, code: int) -> str:
        width = self[code] = self._drawn_as(chr(code))
        return width


class Face:
    """Widths of one face in thousandths of its size, and its vertical measures."""

    def __init__(self, face: str) -> None:
        from reportlab.pdfbase.ttfonts import TTFontFile

        font = TTFontFile(str(font_file(face)))
        self._widths: dict[int, float] = dict(font.charWidths)
        self.ascent: float = font.ascent / 1000.0
        self.descent: float = font.descent / 1000.0
        mark = ord(REPLACEMENT)
        self._mark = REPLACEMENT if mark in self._widths else "?"
        self._drawable = _Drawable(self._drawn_as)
        self._by_char = _ByChar(self._widths, self._widths[ord(self._mark)])

    def clean(self, text: str) -> str:
        """The text as it can be drawn: no control characters, unknown glyphs as the replacement mark, Arabic letters in
        the form they have in their word."""
        if text.isascii() and text.isprintable():
            return text
        return fallbacks.shaped(unicodedata.normalize("NFC", text)).translate(self._drawable)

    def _drawn_as(self, char: str) -> str:
        if char in "\t\r\n\u2028\u2029":
            return " "
        if char in "\u202f\u2009":
            return "\u00a0"
        if char == "\u00ad":
            return ""  # a place where a word might be broken: Qt draws nothing there
        invisible = unicodedata.category(char) == "Cf"
        if (ord(char) in self._widths and char.isprintable()) or char == "\u00a0":
            return char
        if not invisible and fallbacks.holding(char):
            return char
        # Joiners, marks of direction, and what chooses the colour of a symbol.
        if invisible or char in "\ufe0e\ufe0f" or "\U0001f3fb" <= char <= "\U0001f3ff":
            return ""
        return self._mark

    def width_mm(self, text: str, size_points: float) -> float:
        """Advance width of a cleaned text in millimetres, without kerning or ligatures."""
        return sum(map(self._by_char.__getitem__, text)) * size_points * MM_PER_POINT / 1000.0


@cache
def face(name: str) -> Face:
    return Face(name)


def wrap(text: str, name: str, size_points: float, width_mm: float) -> list[str]:
    """Lines no wider than `width_mm`; a word that is wider itself is cut between characters."""
    font = face(name)
    lines: list[str] = []
    for paragraph in text.replace("\r\n", "\n").split("\n"):
        clean = font.clean(paragraph)
        if font.width_mm(clean, size_points) <= width_mm:
            lines.append(clean)
            continue
        line = ""
        for joint, word in _words(clean):
            longer = f"{line}{joint}{word}" if line else word
            if font.width_mm(longer, size_points) <= width_mm:
                line = longer
                continue
            if line:
                lines.append(line)
            line = word
            while font.width_mm(line, size_points) > width_mm and len(line) > 1:
                cut = _fitting(line, font, size_points, width_mm)
                lines.append(line[:cut])
                line = line[cut:]
        lines.append(line)
    return lines or [""]


def fitted(words: str, name: str, size: float, width: float) -> str:
    """The words cut to one line, with dots where something was cut."""
    lines = wrap(words, name, size, width)
    if len(lines) == 1:
        return lines[0]
    cut = fallbacks.as_written(lines[0])
    while cut and face(name).width_mm(face(name).clean(cut + "…"), size) > width:
        cut = cut[:-1]
    return cut.rstrip() + "…"


def _words(text: str) -> list[tuple[str, str]]:
    """(what joins it to the text before, word): a line may break at blanks, between letters after a hyphen, a dash or a
    stroke, and between the characters of Chinese, Japanese and Korean."""
    runs: list[tuple[str, str]] = []
    breaks = _breaks() if fallbacks.is_needed(text) else _hyphen()
    for word in text.split(" "):
        pieces = breaks.split(word)
        runs.append((" ", pieces[0]))
        runs.extend(("", piece) for piece in pieces[1:])
    return runs


@cache
def _hyphen() -> re.Pattern[str]:
    return re.compile(r"(?<=[^\W\d][-–/])(?=[^\W\d])")


@cache
def _breaks() -> re.Pattern[str]:
    return re.compile(f"{_hyphen().pattern}|{fallbacks.break_pattern()}")


def longest_word(text: str, name: str, size_points: float) -> float:
    """Millimetres of the widest piece a line cannot break."""
    font = face(name)
    return max((font.width_mm(word, size_points) for _, word in _words(font.clean(text))), default=0.0)


def _fitting(text: str, font: Face, size_points: float, width_mm: float) -> int:
    """How many characters fit, at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if font.width_mm(text[:middle], size_points) <= width_mm:
            low = middle
        else:
            high = middle - 1
    return low
