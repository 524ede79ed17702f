"""The letters of text messages: what fits the short alphabet costs half (GSM 03.38; tech.md 15). Pure."""

import unicodedata
from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED: Final = frozenset("\f^{}\\[~]|€")
_PLAIN: Final = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...", "œ": "oe", "Œ": "OE",
     "ç": "c", "\u00a0": " ", "\u202f": " "}
)  # fmt: skip


def plain_letters(words: str) -> str:
    """Return the words with what is not in the alphabet replaced by the letter it is made of; another script stays."""
    return "".join(_plain(letter) for letter in words.translate(_PLAIN))


def _plain(letter: str) -> str:
    if letter in BASIC or letter in EXTENDED:
        return letter
    base = unicodedata.normalize("NFKD", letter)[:1]
    return base if base in BASIC else letter
