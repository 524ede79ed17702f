"""Fonts beside the one family, for what customers write: symbols, Chinese, Japanese, Korean, Arabic (decision 010).

A text keeps what was written, but Arabic letters, which become the form they have within their word (`shaped`); a line
with Arabic in it is turned into the order it is drawn in at the last moment (`in_drawing_order`).
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from repaircenter.reports import symbols
from repaircenter.runtime.resources import packaged

_HAN: Final = "\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
_LETTERS: Final = "\u0620-\u06ff\u0750-\u077f"
_FORMS: Final = "\ufb50-\ufdff\ufe70-\ufefc"
_ARABIC: Final = f"\u0600-\u061f{_LETTERS}{_FORMS}"
# What a line of Chinese, Japanese or Korean neither begins nor ends with.
_CLOSING: Final = "、。，．：；？！）」』】》〉〕％’”ー々・…"
_BRACKETS: Final = {"(": ")", "[": "]", "{": "}", "«": "»"}
_CLOSED_BY: Final = {closing: opening for opening, closing in _BRACKETS.items()}
_OPENING: Final = "（「『【《〈〔‘“"


class Fallback:
    """A font that draws what the family lacks. Nothing is read before the first such character."""

    def __init__(
        self,
        name: str,
        chars: str,
        file: Callable[[], Path],
        glyph: Callable[[str], str] = str,
        em: float | None = None,
    ) -> None:
        """`glyph` gives the font's own character for a written one; `em` is the width of all of them, if they agree."""
        self.name = name
        self.chars = chars
        self.file = file
        self.glyph = glyph
        self._em = em

    def width(self, char: str) -> float | None:
        """Thousandths of the size; None if this font does not hold the character."""
        return self._widths.get(ord(char)) if self._em is None else self._em

    @cached_property
    def _widths(self) -> Mapping[int, float]:
        from reportlab.pdfbase.ttfonts import TTFontFile  # late: start-up

        found: Mapping[int, float] = TTFontFile(str(self.file())).charWidths
        return found


SYMBOLS: Final = Fallback("symbols", symbols.CHARS, symbols.font_file, symbols.glyph, symbols.WIDTH)
HAN: Final = Fallback("han", _HAN, lambda: packaged("paperang_p2_fonts_cjk", "fonts", "wqy-microhei.ttc"))
ARABIC: Final = Fallback("arabic", _ARABIC, lambda: packaged("pylopdf_fonts_ar", "NotoSansArabic-Variable.ttf"))
ALL: Final = (SYMBOLS, HAN, ARABIC)
_BY_NAME: Final = {one.name: one for one in ALL}


def holding(char: str) -> Fallback | None:
    """The font that draws a character the family lacks."""
    found = _any().match(char)
    one = None if found is None else _of(found)
    return one if one is not None and one.width(char) is not None else None


def is_needed(text: str) -> bool:
    return not text.isascii() and _any().search(text) is not None


def runs(text: str) -> Iterator[tuple[str, Fallback | None]]:
    """The pieces of a text in the order they are drawn in, each with its font (None: the family)."""
    line, at = in_drawing_order(text), 0
    for found in _any().finditer(line):
        if found.start() > at:
            yield line[at : found.start()], None
        yield found.group(), _of(found)
        at = found.end()
    if at < len(line):
        yield line[at:], None


def shaped(text: str) -> str:
    """Arabic letters as they are written within their word; the order stays that of reading."""
    if text.isascii() or not _letters().search(text):
        return text
    from arabic_reshaper import reshape  # late: start-up

    found: str = reshape(text)
    return found


def in_drawing_order(text: str) -> str:
    """From left to right as it is seen; a line runs as most of its letters do. Brackets keep what they enclose."""
    if not has_arabic(text):
        return text
    from bidi import get_display  # late: start-up

    return _mirrored(get_display(text, base_dir="R" if is_right_to_left(text) else "L"))


def has_arabic(text: str) -> bool:
    return not text.isascii() and _arabic().search(text) is not None


def is_right_to_left(text: str) -> bool:
    """Whether most letters of a text are written from right to left."""
    return has_arabic(text) and 2 * len(_arabic().findall(text)) >= sum(map(str.isalpha, text))


def _mirrored(line: str) -> str:
    """Brackets that were turned around with what they enclose open again where they are seen first: the library sets
    characters in order only."""
    found, turned = list(line), dict.fromkeys(_BRACKETS, 0)
    seen = dict(turned)
    for at, char in enumerate(line):
        opening = _CLOSED_BY.get(char)
        if opening is not None:
            if seen[opening]:
                seen[opening] -= 1
            else:
                found[at], turned[opening] = opening, turned[opening] + 1
        elif char in _BRACKETS:
            if turned[char]:
                found[at], turned[char] = _BRACKETS[char], turned[char] - 1
            else:
                seen[char] += 1
    return "".join(found)


def as_written(text: str) -> str:
    """The letters of a text whatever form they have: for finding, reading aloud and copying."""
    return text if text.isascii() else _forms().sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)


def break_pattern() -> str:
    """Where a line may break without a blank: between the characters of Chinese, Japanese and Korean."""
    return rf"(?<=[{_HAN}])(?<![{_OPENING}])(?![{_CLOSING}]|$)|(?<=[^{_OPENING}{_HAN}])(?=[{_HAN}])(?![{_CLOSING}])"


def _of(found: re.Match[str]) -> Fallback:
    assert found.lastgroup is not None
    return _BY_NAME[found.lastgroup]


@cache
def _any() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{one.name}>[{one.chars}]+)" for one in ALL))


@cache
def _letters() -> re.Pattern[str]:
    return re.compile(f"[{_LETTERS}]")


@cache
def _forms() -> re.Pattern[str]:
    return re.compile(f"[{_FORMS}]+")


@cache
def _arabic() -> re.Pattern[str]:
    return re.compile(f"[{_LETTERS}{_FORMS}]")
