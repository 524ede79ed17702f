"""Which code page a set was written in. No EMS set declares one (ems.md 3, Character set)."""

from dataclasses import dataclass
from typing import Final

CODE_PAGES: Final = ("cp1252", "cp850", "cp437")
DEFAULT: Final = "cp1252"
_LETTERS: Final = frozenset("àâäçéèêëîïôöùûüÿœæáíóúñÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆÁÍÓÚÑ")
_MARKS: Final = frozenset("«»°’‘“”–—…€©®ºª¿¡½¼¾²³")


def decode(raw: bytes, code_page: str) -> str:
    """Text of a cell; bytes the code page does not define become U+FFFD, a set never fails on a byte."""
    return raw.decode(code_page, "replace")


def _score(high: bytes, code_page: str) -> int:
    """How much the bytes above 0x7F look like French, Spanish or English text in a code page."""
    total = 0
    for char in high.decode(code_page, "replace"):
        if char in _LETTERS:
            total += 4
        elif char in _MARKS:
            total += 1
        else:
            total -= 3
    return total


@dataclass(frozen=True, slots=True)
class Guess:
    """The code page to use, and whether the bytes left no doubt."""

    code_page: str
    clear: bool
    plain: bool


def detect(text: bytes, setting: str = DEFAULT) -> Guess:
    """Judge the bytes of all names and descriptions of a set; plain ASCII keeps the folder's setting."""
    high = bytes(byte for byte in text if byte >= 0x80)
    if not high:
        return Guess(setting, True, True)
    scores = {page: _score(high, page) for page in CODE_PAGES}
    best = max(CODE_PAGES, key=lambda page: (scores[page], page == setting))
    said = high.decode(best, "replace")
    rivals = [scores[p] for p in CODE_PAGES if p != best and high.decode(p, "replace") != said]
    return Guess(best, scores[best] > max(rivals, default=scores[best] - 1), False)
