"""Sort keys, digits and the texts people see (DESIGN 3.7; three languages from the first string). Pure, any thread."""

import re
import tomllib
import unicodedata
from functools import cache
from typing import Final

from repaircenter.runtime.resources import resource

LANGUAGES: Final = ("en", "fr", "es")
_NOT_DIGIT = re.compile(r"[^0-9]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\xa0\u2028\u2029\u202f\u2007]")
# As above, but no-break spaces stay.
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_LINE_END = re.compile(r"\r\n|\r")
# Letters that are one sign and two when typed, or have no accent that can be taken off.
_TYPED = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ß": "ss", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n"}
)
_NOT_ALNUM = re.compile(r"[^0-9a-z]")


def sort_key(text: str) -> str:
    """Case-folded, accents stripped: how people's names are ordered and matched."""
    if text.isascii():
        return text.lower().strip()
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in folded if not unicodedata.combining(char)).translate(_TYPED).strip()


def clean_line(text: str) -> str:
    """Text of one line: control characters, line ends and no-break spaces become blanks, the ends are trimmed."""
    return clean_text(text).replace("\n", " ").strip()


def clean_text(text: str) -> str:
    """Text of several lines: as `clean_line`, but line ends stay and are all one newline."""
    if text.isprintable():
        return text.strip()
    return _CONTROL.sub(" ", _LINE_END.sub("\n", text)).strip()


def clean_letter(text: str) -> str:
    """Text that people are written: as `clean_text`, but no-break spaces stay, as French has them before ":" and "%"."""
    return _UNSEEN.sub(" ", _LINE_END.sub("\n", text)).strip()


def digits(text: str | None) -> str:
    """Only the digits of a phone number."""
    return _NOT_DIGIT.sub("", text or "")


def canonical(text: str | None) -> str:
    """Letters and digits only, lower case, no accents: claim numbers and plates are compared this way."""
    return _NOT_ALNUM.sub("", sort_key(text or ""))


def language_of(wish: str | None) -> str:
    """The nearest language we speak: `fr-CA` -> `fr`, unknown -> `en`."""
    short = (wish or "").replace("_", "-").split("-")[0].lower()
    return short if short in LANGUAGES else "en"


class _Catalog(dict[str, str]):
    """The texts of one language; a file is read with the first of its keys (start-up time is the reason)."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._folder = resource("texts", language)
        self._read: set[str] = set()

    def __missing__(self, key: str) -> str:
        self.read(key.partition(".")[0])
        text = self.get(key)
        if text is None:
            raise KeyError(key)
        return text

    def read(self, name: str) -> None:
        """Read `name.toml`, or the files of the folder `name` (one a room), once; nothing happens when there is neither.

        Any thread: twice does no harm.
        """
        if name in self._read:
            return
        alone = self._folder / f"{name}.toml"
        paths = [alone] if alone.is_file() else sorted((self._folder / name).glob("*.toml"))
        for path in paths:
            _flatten(f"{name}.", tomllib.loads(path.read_text("utf-8")), self)
        if paths:
            self._read.add(name)

    def whole(self) -> "_Catalog":
        for path in sorted(self._folder.iterdir()):
            self.read(path.stem)
        return self


@cache
def _catalog(language: str) -> _Catalog:
    return _Catalog(language)


def _flatten(prefix: str, tree: dict[str, object], into: dict[str, str]) -> None:
    for key, value in tree.items():
        if isinstance(value, dict):
            _flatten(f"{prefix}{key}.", value, into)
        else:
            into[prefix + key] = str(value)


class Texts:
    """The texts of one language by key, `file.section.name` (`desk` is a folder with a file a room); placeholders in braces."""

    def __init__(self, language: str) -> None:
        self.language = language_of(language)
        self._catalog = _catalog(self.language)

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of a key with its placeholders filled; an unknown key raises KeyError (a test finds it first)."""
        return self._catalog[key].format(**values) if values else self._catalog[key]

    def has(self, key: str) -> bool:
        self._catalog.read(key.partition(".")[0])
        return key in self._catalog

    def count(self, key: str, number: int, /, **values: object) -> str:
        """The singular (`key.one`) or plural (`key.other`) text for a number; French counts 0 as singular."""
        is_one = number == 1 or (self.language == "fr" and number == 0)
        return self(f"{key}.one" if is_one else f"{key}.other", n=number, **values)

    def note(self, english: str) -> str:
        """The reason the store kept with a set (an English note of the EMS reader) in this language."""
        key = _notes().get(english.replace("'", "’"))
        return self._catalog[key] if key is not None else english


@cache
def _notes() -> dict[str, str]:
    """English note -> key, for the notes of the EMS reader (texts `error.ems.*`)."""
    english = _catalog("en")
    english.read("error")
    return {text: key for key, text in list(english.items()) if key.startswith("error.ems.")}
