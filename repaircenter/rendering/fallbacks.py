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

from repaircenter.rendering import symbols
from repaircenter.runtime.resources import packaged, resource

_HAN: Final = "\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
_LETTERS: Final = "\u0620-\u06ff\u0750-\u077f"
_FORMS: Final = "\ufb50-\ufdff\ufe70-\ufefc"
_ARABIC: Final = f"\u0600-\u061f{_LETTERS}{_FORMS}"
# What a line of Chinese, Japanese or Korean neither begins nor ends with.
_CLOSING: Final = "、。，．：；？！）」』】》〉〕％’”ー々・….,:;?!)%"
_OPENING: Final = "（「『【《〈〔‘“("
# Written one way and seen the other in a line from right to left; the first three enclose what they stand around.
_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}
_MIRRORED: Final = {
    a: b
    for opening, other in {**_PAIRS, "«": "»", "‹": "›", "<": ">"}.items()
    for a, b in ((opening, other), (other, opening))
}
# Stand in for them while a line is ordered, each for one: brackets for brackets, and marks without a direction.
_RARE_PAIRS: Final = "⁅⁆⁽⁾₍₎⌈⌉⌊⌋❨❩❪❫❬❭❮❯❰❱❲❳❴❵⟅⟆⟦⟧⟨⟩⟪⟫⟬⟭⟮⟯⦃⦄⦅⦆"
_RARE_MARKS: Final = "".join(map(chr, range(0x2500, 0x2580)))


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

        widths: Mapping[int, float] = TTFontFile(str(self.file())).charWidths
        return widths


SYMBOLS: Final = Fallback("symbols", symbols.CHARS, symbols.font_file, symbols.glyph, symbols.WIDTH)
HAN: Final = Fallback("han", _HAN, lambda: resource("fonts", "DroidSansFallback.ttf"))
ARABIC: Final = Fallback("arabic", _ARABIC, lambda: packaged("pylopdf_fonts_ar", "NotoSansArabic-Variable.ttf"))
ALL: Final = (SYMBOLS, HAN, ARABIC)
_BY_NAME: Final = {fallback.name: fallback for fallback in ALL}


def holding(char: str) -> Fallback | None:
    """The font that draws a character the family lacks."""
    match = _any().match(char)
    fallback = None if match is None else _of(match)
    return fallback if fallback is not None and fallback.width(char) is not None else None


def is_needed(text: str) -> bool:
    return not text.isascii() and _any().search(text) is not None


def runs(text: str, *, right_to_left: bool = False) -> Iterator[tuple[str, Fallback | None]]:
    """The pieces of a line in the order they are drawn in, each with its font (None: the family)."""
    line, at = in_drawing_order(text, right_to_left=right_to_left), 0
    for match in _any().finditer(line):
        if match.start() > at:
            yield line[at : match.start()], None
        yield match.group(), _of(match)
        at = match.end()
    if at < len(line):
        yield line[at:], None


def shaped(text: str) -> str:
    """Arabic letters as they are written within their word, without vowel marks; the order stays that of reading."""
    if text.isascii() or not _letters().search(text):
        return text
    from arabic_reshaper import reshape  # late: start-up

    shaped: str = reshape(text)
    return shaped


def in_drawing_order(line: str, *, right_to_left: bool) -> str:
    """A line from left to right as it is seen; `right_to_left` is how its paragraph runs."""
    if not has_arabic(line):
        return line
    from bidi import get_display  # late: start-up

    marked, stands_for = _marked(line)
    seen = get_display(marked, base_dir="R" if right_to_left else "L")
    return "".join(_bracket(seen, stands_for[char]) if char in stands_for else char for char in seen)


def has_arabic(text: str) -> bool:
    return not text.isascii() and _arabic().search(text) is not None


def is_right_to_left(text: str) -> bool:
    """Whether most letters of a paragraph are written from right to left."""
    return has_arabic(text) and 2 * len(_arabic().findall(text)) >= sum(map(str.isalpha, text))


def as_written(text: str) -> str:
    """The letters of a text whatever form they have: for finding, reading aloud and copying."""
    return text if text.isascii() else _forms().sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)


# The bracket, and two characters that tell its direction: which of them is seen first.
_Mirrored = tuple[str, str, str]


def _marked(line: str) -> tuple[str, dict[str, _Mirrored]]:
    """The line with a character of its own for each bracket: the library sets characters in order but does not say which
    it turned around. A pair tells by which of the two is seen first, any other by a second mark beside it."""
    rare = [pair for pair in zip(_RARE_PAIRS[::2], _RARE_PAIRS[1::2], strict=True) if not {*pair} & {*line}]
    marks = [mark for mark in _RARE_MARKS if mark not in line]
    ordered, stands_for, open_ = list(line), {}, list[int]()
    pairs: dict[int, tuple[str, str]] = {}
    for at, char in enumerate(line):
        if char in _PAIRS:
            open_.append(at)
        elif char in _PAIRS.values():
            start = next((place for place in reversed(open_) if _PAIRS[line[place]] == char), None)
            if start is not None and rare:
                del open_[open_.index(start) :]
                pairs[start] = pairs[at] = first, other = rare.pop()
                ordered[start], ordered[at] = first, other
                stands_for[first], stands_for[other] = (line[start], first, other), (char, first, other)
    for at, char in enumerate(line):
        if char in _MIRRORED and at not in pairs and len(marks) > 1:
            first, other = marks.pop(), marks.pop()
            ordered[at] = first + other
            stands_for[first], stands_for[other] = (char, first, other), ("", first, other)
    return "".join(ordered), stands_for


def _bracket(seen: str, mirrored: _Mirrored) -> str:
    char, first, second = mirrored
    return char if not char or seen.index(first) < seen.index(second) else _MIRRORED[char]


def break_pattern() -> str:
    """Where a line may break without a blank: between the characters of Chinese, Japanese and Korean."""
    return rf"(?<=[{_HAN}])(?<![{_OPENING}])(?![{_CLOSING}]|$)|(?<=[^{_OPENING}{_HAN}])(?=[{_HAN}])(?![{_CLOSING}])"


def _of(match: re.Match[str]) -> Fallback:
    assert match.lastgroup is not None
    return _BY_NAME[match.lastgroup]


@cache
def _any() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{fallback.name}>[{fallback.chars}]+)" for fallback in ALL))


@cache
def _letters() -> re.Pattern[str]:
    return re.compile(f"[{_LETTERS}]")


@cache
def _forms() -> re.Pattern[str]:
    return re.compile(f"[{_FORMS}]+")


@cache
def _arabic() -> re.Pattern[str]:
    return re.compile(f"[{_LETTERS}{_FORMS}]")
