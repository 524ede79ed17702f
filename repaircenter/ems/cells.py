"""Raw cells of a table -> values. A bad cell is None plus a note, never an error (ems.md 3).

Sets repeat each other, so decoded cells are kept by their bytes: `texts` and `numbers` give mappings that decode a cell
on its first look-up. A mapping that grew large is replaced, never emptied under someone who still uses it.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final, TypeVar

from repaircenter.ems.encoding import CODE_PAGES, UTF_8
from repaircenter.ems.estimate import Problem
from repaircenter.runtime.days import is_plausible
from repaircenter.runtime.text import clean_line

T = TypeVar("T")
_BLANK = b" \0"
_LONGEST_NUMBER, _MOST_DECIMALS = 15, 6
_MOST_CELLS, _LONGEST_CELL = 20_000, 64
_DIGITS = b"0123456789"
# What is left of a number without its digits.
_PLAIN_REST: Final = frozenset((b"", b"."))
_SIGNED_REST: Final = frozenset(sign + point for sign in (b"", b"+", b"-") for point in (b"", b".", b","))
_SIGNS: Final = (b"+", b"-")
_EXPONENT: Final = re.compile(rb"[+-]?[0-9]{1,15}([.,][0-9]{0,15})?[eE][+-][0-9]{1,2}")
LOGICAL: Final = {b"T": True, b"t": True, b"Y": True, b"y": True, b"F": False, b"f": False, b"N": False, b"n": False}


class Notes:
    """Collects the problem notes of one set, each at most once a table, code and text."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, str], Problem] = {}

    def add(self, table: str, code: str, message: str) -> None:
        self._seen.setdefault((table, code, message), Problem(table, code, message))

    def all(self) -> tuple[Problem, ...]:
        return tuple(self._seen.values())


class TextCells(dict[bytes, str | None]):
    """C cell -> text without its padding in one code page; blank is None, control characters are blanks."""

    def __init__(self, code_page: str) -> None:
        self._code_page = code_page

    def __missing__(self, raw: bytes) -> str | None:
        # Python decodes ASCII far faster than a code page, and most cells are ASCII.
        text = (raw.decode("ascii") if raw.isascii() else raw.decode(self._code_page, "replace")).strip()
        if not text.isprintable():
            text = clean_line(text.replace("\0", ""))
        # A number that overflowed its field is no text (ems.md 3).
        value = None if not text or (text[0] == "*" and not text.strip("*")) else text
        if len(raw) <= _LONGEST_CELL:
            self[raw] = value
        return value


class Numeric(dict[bytes, T | None]):
    """Cells that are numbers; `bad` holds those that are None because they could not be read."""

    bad: set[bytes]


class NumberCells(Numeric[Decimal]):
    """N cell -> amount: blank and `****` are None, a comma counts as a dot; at least the field's decimals are kept."""

    def __init__(self, decimals: int) -> None:
        self._decimals = decimals
        self._step = Decimal(1).scaleb(-min(decimals, _MOST_DECIMALS))
        self.bad: set[bytes] = set()

    def __missing__(self, raw: bytes) -> Decimal | None:
        text = raw.strip(_BLANK)
        whole, _, fraction = text.partition(b".")
        if whole.isdigit() and fraction.isdigit() and len(fraction) == self._decimals <= _MOST_DECIMALS >= len(whole):
            value: Decimal | None = Decimal(text.decode("ascii"))  # as nearly all are written
        else:
            value, readable = self._read(text)
            if not readable:
                self.bad.add(raw)
        if len(raw) <= _LONGEST_CELL:
            self[raw] = value
        return value

    def _read(self, text: bytes) -> tuple[Decimal | None, bool]:
        if not text.strip(b"*"):
            return None, True
        if _EXPONENT.fullmatch(text):
            # dBASE writes what is too wide for the field this way: 6.5925E+02.
            text = format(Decimal(text.replace(b",", b".").decode("ascii")), "f").encode("ascii")
        rest = text.translate(None, _DIGITS)
        if rest not in _PLAIN_REST:
            # A sign stands in front, and only there.
            if rest not in _SIGNED_REST or (rest[:1] in _SIGNS and text[:1] != rest[:1]):
                return None, False
            text = text.replace(b",", b".")
        if len(text) == len(rest) or len(text) > _LONGEST_NUMBER or self._decimals > _MOST_DECIMALS:
            return None, False
        value = Decimal(text.decode("ascii"))
        if len(text.partition(b".")[2]) < self._decimals:
            value = value.quantize(self._step)
        return value or abs(value), True


class WholeCells(Numeric[int]):
    """N cell -> whole number (a fraction is cut off), by the rules of NumberCells, whose `bad` it shares."""

    def __init__(self, numbers: NumberCells) -> None:
        self._numbers = numbers
        self.bad = numbers.bad

    def __missing__(self, raw: bytes) -> int | None:
        value = self._numbers[raw]
        whole = None if value is None else int(value)
        if len(raw) <= _LONGEST_CELL:
            self[raw] = whole
        return whole


_texts: dict[str, TextCells] = {page: TextCells(page) for page in (*CODE_PAGES, UTF_8)}
_numbers: dict[int, NumberCells] = {}
_wholes: dict[int, WholeCells] = {}


def texts(code_page: str) -> TextCells:
    """The text cells of a code page."""
    if len(_texts[code_page]) > _MOST_CELLS:
        _texts[code_page] = TextCells(code_page)
    return _texts[code_page]


def numbers(decimals: int) -> NumberCells:
    """The number cells of fields with so many decimals."""
    key = min(decimals, _MOST_DECIMALS + 1)
    number = _numbers.get(key)
    if number is None or len(number) > _MOST_CELLS or len(number.bad) > _MOST_CELLS:
        number = _numbers[key] = NumberCells(key)
    return number


def wholes(decimals: int) -> WholeCells:
    """The whole-number cells of fields with so many decimals."""
    key, amounts = min(decimals, _MOST_DECIMALS + 1), numbers(decimals)
    number = _wholes.get(key)
    if number is None or number.bad is not amounts.bad:
        number = _wholes[key] = WholeCells(amounts)
    return number


def day(raw: bytes) -> tuple[date | None, bool]:
    """A D cell, YYYYMMDD, and whether it could be read; spaces, zeros and NULs are blank (ems.md 3).

    The zero of another date type (1899-12-30, 1900-01-01, 1980-01-01) and a year cut off (0026) are no days.
    """
    text = raw.strip(_BLANK)
    if not text.strip(b"0"):
        return None, True
    if len(text) == 8 and text.isdigit():
        try:
            value = date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            return None, False
        if is_plausible(value):
            return value, True
    return None, False


def clock(raw: bytes) -> tuple[time | None, bool]:
    """HHMMSS or HHMM, and whether it could be read; a leading zero may be a blank, colons may stand between."""
    text = raw.strip(_BLANK).replace(b":", b"")
    if not text:
        return None, True
    if text.isdigit() and 3 <= len(text) <= 6:
        text = text.zfill(4 if len(text) < 5 else 6)
        hour, minute, second = int(text[:2]), int(text[2:4]), int(text[4:] or 0)
        if hour < 24 and minute < 60 and second < 60:
            return time(hour, minute, second), True
    return None, False


def instant(day_: date | None, time_: time | None) -> datetime | None:
    """An instant without zone; a day without a time counts from midnight."""
    return None if day_ is None else datetime.combine(day_, time_ or time())


def day_or_instant(day_: date | None, time_: time | None) -> datetime | date | None:
    """A day, or an instant where a time was written too (AD2 dates)."""
    return datetime.combine(day_, time_) if day_ is not None and time_ is not None else day_
