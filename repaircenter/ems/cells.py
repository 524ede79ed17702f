"""Raw cells of a table -> values. A bad cell is None plus a note, never an error (ems.md 3)."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from repaircenter.ems.estimate import Problem

_NUMBER = re.compile(rb"[+-]?(?:\d+[.,]?\d*|[.,]\d+)\Z")
_BLANK = b" \0"
_LONGEST_NUMBER, _MOST_DECIMALS = 15, 6
Note = Callable[[str, str], None]


class Notes:
    """Collects the problem notes of one set, each at most once a table, code and text."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, str], Problem] = {}

    def add(self, table: str, code: str, message: str) -> None:
        self._seen.setdefault((table, code, message), Problem(table, code, message))

    def all(self) -> tuple[Problem, ...]:
        return tuple(self._seen.values())


@lru_cache(maxsize=4096)
def number(raw: bytes, decimals: int) -> tuple[Decimal | None, bool]:
    """An N cell and whether it could be read: blank and `****` are None, a comma counts as a dot.

    At least the field's decimals are kept. Cached, because the cells of a table repeat each other.
    """
    text = raw.strip(_BLANK)
    if not text or not text.strip(b"*"):
        return None, True
    if not _NUMBER.match(text) or len(text) > _LONGEST_NUMBER or decimals > _MOST_DECIMALS:
        return None, False
    value = Decimal(text.replace(b",", b".").decode("ascii"))
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent > -decimals:
        value = value.quantize(Decimal(1).scaleb(-decimals))
    return value or abs(value), True


@lru_cache(maxsize=4096)
def short_text(raw: bytes, code_page: str) -> str | None:
    """A C cell without its padding; blank is None. Only for cells of a few dozen bytes (cached)."""
    trimmed = raw.strip(_BLANK)
    return (trimmed.decode(code_page, "replace").replace("\0", "").strip() or None) if trimmed else None


def logical(raw: bytes | None) -> bool | None:
    """An L cell has three states; anything but T/Y and F/N is unknown."""
    if raw is None:
        return None
    if raw in b"TtYy" and raw:
        return True
    return False if raw and raw in b"FfNn" else None


def day(raw: bytes | None, note: Callable[[], None]) -> date | None:
    """A D cell, YYYYMMDD; spaces, zeros and NULs are blank (ems.md 3)."""
    if raw is None:
        return None
    text = raw.strip(_BLANK)
    if not text.strip(b"0"):
        return None
    if len(text) == 8 and text.isdigit():
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            pass
    note()
    return None


def clock(raw: bytes | None) -> time | None:
    """HHMMSS or HHMM; None when blank or impossible."""
    text = (raw or b"").strip(_BLANK)
    if len(text) not in (4, 6) or not text.isdigit():
        return None
    hour, minute, second = int(text[:2]), int(text[2:4]), int(text[4:] or 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def instant(day_: date | None, time_: time | None) -> datetime | None:
    """An instant without zone; a day without a time counts from midnight."""
    return None if day_ is None else datetime.combine(day_, time_ or time())


def day_or_instant(day_: date | None, time_: time | None) -> datetime | date | None:
    """A day, or an instant where a time was written too (AD2 dates)."""
    return datetime.combine(day_, time_) if day_ is not None and time_ is not None else day_
