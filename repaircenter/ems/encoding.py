"""Which code page a set was written in. No EMS set declares one (ems.md 3, Character set)."""

import re
from codecs import getincrementaldecoder
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from repaircenter.runtime.text import clean_text

CODE_PAGES: Final = ("cp1252", "cp850", "cp437")
UTF_8: Final = "utf-8"
DEFAULT: Final = "cp1252"
_COMMON: Final = frozenset("àâäçéèêëîïôöùûüÿœáíóúñÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÁÍÓÚÑ")
_RARE: Final = frozenset("åãõøßýšžæðþÅÃÕØÝŠŽÆÐÞìòÌÒ")
_MARKS: Final = frozenset("«»°“”–—…€©®™ºª¿¡½¼¾²³")
# Signs that stand beside no letter: as "Per£" they are an accent of another code page.
_SIGNS: Final = frozenset("•·±×÷§¶£¢¥¤")
# Lines and blocks of old screens: they stand in no name whatever, so they are worse than an odd capital.
_BOXES: Final = frozenset(map(chr, range(0x2500, 0x25A0)))
_APOSTROPHES: Final = frozenset("’‘´")
_NO_BREAK_SPACE: Final = "\xa0"
# More than this of accented text says no more about its code page.
SAMPLE_BYTES: Final = 16_384


def decode(raw: bytes, code_page: str) -> str:
    """Text of a memo; bytes the code page does not define become U+FFFD, a set never fails on a byte."""
    return clean_text(raw.decode(code_page, "replace"))


_THREE: Final = re.compile(rb"(?s)(?=(.[\x80-\xff].))")


def _score(three: bytes, code_page: str) -> int:
    """How much a byte above 0x7F between its neighbours looks like a name or a description in a code page.

    A letter counts only beside a letter (alone, as in "pièces à neuf", it says nothing), and not as a capital after a
    small one: `GagnÚ` is no name. A mark counts only outside of words: `S°rensen` is none either.
    """
    before, char, after = (three[at : at + 1].decode(code_page, "replace") for at in range(3))
    beside = before.isalpha() or after.isalpha()
    if char in _COMMON or char in _RARE:
        if not beside:
            return 0
        fits = not (before.islower() and char.isupper())
        return (4 if char in _COMMON else 2) if fits else -3
    if char in _BOXES:
        return -6
    if char in _APOSTROPHES:
        return 1
    if char == _NO_BREAK_SPACE:
        # A blank; within a word ("M laga") it is the á of another code page.
        return -3 if before.isalpha() and after.islower() else 0
    if char in _SIGNS:
        return -3 if beside else 1
    return 1 if char in _MARKS and not (before.isalpha() and after.isalpha()) else -3


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
    """Judge the bytes of all names and descriptions of a set; plain ASCII keeps the folder's setting.

    So does text in which every accent fits the setting, even where another code page fits better (then not clear).
    """
    accented = [text[:SAMPLE_BYTES] for text in texts if not text.isascii()]
    groups = Counter(_groups(accented))
    if not groups:
        return Guess(setting, True, True)
    if _is_utf_8(accented):
        return Guess(UTF_8, True, False)
    scores, misfits = dict.fromkeys(CODE_PAGES, 0), dict.fromkeys(CODE_PAGES, 0)
    for three, count in groups.items():
        for page, score in zip(CODE_PAGES, _scores(three), strict=True):
            scores[page] += score * count
            misfits[page] += score < 0
    best = max(CODE_PAGES, key=lambda page: (scores[page], page == setting, page == DEFAULT))
    chosen = setting if not misfits.get(setting, 1) else best
    high = b"".join(groups)
    shown = high.decode(chosen, "replace")
    rivals = [scores[page] for page in CODE_PAGES if page != chosen and high.decode(page, "replace") != shown]
    return Guess(chosen, scores[chosen] > max(rivals, default=scores[chosen] - 1), False)


def _is_utf_8(texts: Iterable[bytes]) -> bool:
    """Whether all the texts are UTF-8 with letters of several bytes.

    A cell may cut its last letter, but so ends "Gagné" of another code page: whole letters must be twice as many.
    """
    whole = cut = 0
    for text in texts:
        decoder = getincrementaldecoder(UTF_8)()
        try:
            decoded = decoder.decode(text)
        except UnicodeDecodeError:
            return False
        whole += sum([char.isalpha() for char in decoded if not char.isascii()])
        cut += decoder.getstate()[0] != b""
    return whole > 0 and whole >= 2 * cut


def _groups(texts: Iterable[bytes]) -> list[bytes]:
    """Each byte above 0x7F with its two neighbours, from the first SAMPLE_BYTES of the texts that have any."""
    distinct = sorted(set(texts))
    return _THREE.findall(b" " + b"\n".join(distinct)[:SAMPLE_BYTES] + b" ")
