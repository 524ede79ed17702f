"""Which code page a set was written in. No EMS set declares one (ems.md 3, Character set)."""

from dataclasses import dataclass
from typing import Final

CODE_PAGES: Final = ("cp1252", "cp850", "cp437")
DEFAULT: Final = "cp1252"
_LETTERS: Final = frozenset("àâäçéèêëîïôöùûüÿœáíóúñÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÁÍÓÚÑ")
_MARKS: Final = frozenset("«»°’‘“”–—…€©®™ºª¿¡½¼¾²³")


def decode(raw: bytes, code_page: str) -> str:
    """Text of a cell; bytes the code page does not define become U+FFFD, a set never fails on a byte."""
    return raw.decode(code_page, "replace")


def _score(lines: list[bytes], code_page: str) -> int:
    """How much lines with bytes above 0x7F look like French, Spanish or English text in a code page.

    A letter counts only beside a letter, and not as a capital after a small one: `GagnÚ` is no name.
    """
    total = 0
    for line in lines:
        text = f" {line.decode(code_page, 'replace')} "
        for at, char in enumerate(text):
            if char < "\x80":
                continue
            before, after = text[at - 1], text[at + 1]
            fits = (
                char in _LETTERS and (before.isalpha() or after.isalpha()) and not (before.islower() and char.isupper())
            )
            total += 4 if fits else 1 if char in _MARKS else -3
    return total


@dataclass(frozen=True, slots=True)
class Guess:
    """The code page to use, and whether the bytes left no doubt."""

    code_page: str
    clear: bool
    plain: bool


def detect(text: bytes, setting: str = DEFAULT) -> Guess:
    """Judge the bytes of all names and descriptions of a set; plain ASCII keeps the folder's setting."""
    lines = list({line for line in text.split(b"\n") if not line.isascii()})
    if not lines:
        return Guess(setting, True, True)
    high = b"\n".join(lines)
    scores = {page: _score(lines, page) for page in CODE_PAGES}
    best = max(CODE_PAGES, key=lambda page: (scores[page], page == setting, page == DEFAULT))
    said = high.decode(best, "replace")
    rivals = [scores[p] for p in CODE_PAGES if p != best and high.decode(p, "replace") != said]
    return Guess(best, scores[best] > max(rivals, default=scores[best] - 1), False)
