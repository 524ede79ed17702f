"""Which code page a set was written in. No EMS set declares one (ems.md 3, Character set)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

CODE_PAGES: Final = ("cp1252", "cp850", "cp437")
DEFAULT: Final = "cp1252"
_LETTERS: Final = frozenset("àâäçéèêëîïôöùûüÿœáíóúñÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÁÍÓÚÑ")
_MARKS: Final = frozenset("«»°’‘“”–—…€©®™ºª¿¡½¼¾²³")


def decode(raw: bytes, code_page: str) -> str:
    """Text of a cell; bytes the code page does not define become U+FFFD, a set never fails on a byte."""
    return raw.decode(code_page, "replace")


_HIGH: Final = re.compile(rb"[\x80-\xff]")


def _score(three: bytes, code_page: str) -> int:
    """How much a byte above 0x7F between its neighbours looks like French, Spanish or English text in a code page.

    A letter counts only beside a letter, and not as a capital after a small one: `GagnÚ` is no name.
    """
    before, char, after = (three[at : at + 1].decode(code_page, "replace") for at in range(3))
    if char in _LETTERS and (before.isalpha() or after.isalpha()) and not (before.islower() and char.isupper()):
        return 4
    return 1 if char in _MARKS else -3


@lru_cache(maxsize=4096)
def _scores(three: bytes) -> tuple[int, ...]:
    """The score in each of CODE_PAGES; texts use few such groups again and again."""
    return tuple([_score(three, page) for page in CODE_PAGES])


@dataclass(frozen=True, slots=True)
class Guess:
    """The code page to use, and whether the bytes left no doubt."""

    code_page: str
    clear: bool
    plain: bool


def detect(texts: Iterable[bytes], setting: str = DEFAULT) -> Guess:
    """Judge the bytes of all names and descriptions of a set; plain ASCII keeps the folder's setting."""
    threes = [
        padded[at.start() - 1 : at.start() + 2]
        for text in set(texts)
        if not text.isascii()
        for padded in (b" " + text + b" ",)
        for at in _HIGH.finditer(padded)
    ]
    if not threes:
        return Guess(setting, True, True)
    scores = dict(zip(CODE_PAGES, map(sum, zip(*map(_scores, threes), strict=True)), strict=True))
    best = max(CODE_PAGES, key=lambda page: (scores[page], page == setting, page == DEFAULT))
    high = b"".join(set(threes))
    said = high.decode(best, "replace")
    rivals = [scores[p] for p in CODE_PAGES if p != best and high.decode(p, "replace") != said]
    return Guess(best, scores[best] > max(rivals, default=scores[best] - 1), False)
