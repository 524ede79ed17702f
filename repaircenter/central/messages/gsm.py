"""The letters of text messages: what fits the short alphabet costs half (GSM 03.38; tech.md 15). Pure."""

import unicodedata
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")
_PLAIN: Final = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...", "œ": "oe", "Œ": "OE",
     "ç": "c", "\u00a0": " ", "\u202f": " "}
)  # fmt: skip
_ONE, _PART = 160, 153
_ONE_WIDE, _PART_WIDE = 70, 67


def plain_letters(words: str) -> str:
    """Return the words with what is not in the alphabet replaced by the letter it is made of; another script stays."""
    return "".join(_plain(letter) for letter in words.translate(_PLAIN))


def _plain(letter: str) -> str:
    if letter in _BASIC or letter in _EXTENDED:
        return letter
    base = unicodedata.normalize("NFKD", letter)[:1]
    return base if base in _BASIC else letter


def count_parts(words: str) -> int:
    """Return how many messages a telephone company counts."""
    if all(letter in _BASIC or letter in _EXTENDED for letter in words):
        length, one, part = len(words) + sum(letter in _EXTENDED for letter in words), _ONE, _PART
    else:
        length, one, part = len(words.encode("utf-16-le")) // 2, _ONE_WIDE, _PART_WIDE
    return 1 if length <= one else -(-length // part)
