"""Cells as words in the report's language (V-28): numbers, per cents, days. Rounds half away from zero for display only."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from repaircenter.runtime.days import zone_of
from repaircenter.wire.document.cells import Cell, Day, Figure, Icon, Linked, Stars

_LOCALES = {"en": "en_CA", "fr": "fr_CA", "es": "es_US"}
DASH = "–"
DECIMALS = {"plain": 2, "change": 2, "nps_change": 1, "percent": 1, "nps": 1, "count": 0, "money": 2}


@lru_cache(maxsize=8)
def locale_of(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, "en_CA"))


@lru_cache(maxsize=64)
def _pattern(decimals: int, sign: bool) -> str:
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f"+{digits};-{digits}" if sign else digits


@lru_cache(maxsize=4096)
def number(value: float, decimals: int, language: str, *, sign: bool = False) -> str:
    """A number with a fixed count of decimals; minus zero is zero."""
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if not rounded:
        return format_decimal(0, _pattern(decimals, False), locale=locale_of(language))
    return format_decimal(rounded, _pattern(decimals, sign), locale=locale_of(language)).replace("-", "−")


def ungrouped(value: float, decimals: int, language: str) -> str:
    """A number for another program: the language's decimal mark, no groups, the plain minus."""
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{rounded:f}" if rounded else f"{abs(rounded):f}"
    return text.replace(".", ",") if language == "fr" else text


def labelled(label: str, value: str, language: str) -> str:
    """A label and its value as the language writes them."""
    return f"{label}{chr(0xA0) if language == 'fr' else ''}: {value}"


def percent(value: float, decimals: int, language: str) -> str:
    """A number of per cents with its sign, after a no-break space in French."""
    return number(value, decimals, language) + ("\u00a0%" if language == "fr" else "%")


def money(value: float, currency: str, language: str) -> str:
    """An amount with its currency, as the language writes it (V-28)."""
    return format_currency(Decimal(repr(value)), currency, locale=locale_of(language))


def figure(cell: Figure, language: str) -> tuple[str, str]:
    """(value, interval) as shown; no value is a dash, never 0."""
    if cell.value is None:
        return DASH, ""
    decimals = DECIMALS.get(cell.unit, 2)
    bounds = "" if cell.brief else interval(cell, language)
    if cell.unit == "percent":
        value = percent(cell.value, decimals, language)
    elif cell.currency:
        value = money(cell.value, cell.currency, language)
    else:
        value = number(cell.value, decimals, language, sign=cell.unit in ("change", "nps_change"))
    return value, bounds


def interval(cell: Figure, language: str) -> str:
    """Both bounds, whether or not there is room for them beside the value."""
    if cell.value is None or cell.low is None or cell.high is None:
        return ""
    decimals = DECIMALS.get(cell.unit, 2)
    return f"[{number(cell.low, decimals, language)}; {number(cell.high, decimals, language)}]"


def has_interval(cell: Cell) -> bool:
    """Whether a cell shows an interval beside its figure."""
    plain = cell.value if isinstance(cell, Linked) else cell
    return isinstance(plain, Figure) and None not in (plain.value, plain.low, plain.high) and not plain.brief


def with_interval(title: str, language: str) -> str:
    """The title of a column whose figures show their 95 % interval (issue 15.18a)."""
    return f"{title} [{percent(95.0, 0, language)}]"


def day(value: date, language: str) -> str:
    return format_date(value, "yyyy-MM-dd", locale=locale_of(language))


def instant(value: datetime, zone: str, language: str) -> str:
    return format_datetime(value.astimezone(zone_of(zone)), "yyyy-MM-dd HH:mm", locale=locale_of(language))


def instant_in_zone(value: datetime, zone: str, language: str) -> str:
    """An instant that names the zone it is told in: readers of a network sit in several."""
    return f"{instant(value, zone, language)} {zone.rpartition('/')[2].replace('_', ' ')}"


def shown(cell: Cell, language: str) -> tuple[str, str]:
    """A cell as its text and, for a figure, its interval."""
    plain = cell.value if isinstance(cell, Linked) else cell
    return figure(plain, language) if isinstance(plain, Figure) else (words(plain, language), "")


def words(cell: Cell, language: str) -> str:
    """A cell as one text (search, copy, CSV of what is not a number)."""
    if isinstance(cell, Linked):
        cell = cell.value
    if cell is None:
        return ""
    if isinstance(cell, Figure):
        value, interval = figure(cell, language)
        return f"{value} {interval}".strip()
    if isinstance(cell, Icon):
        return cell.words
    if isinstance(cell, Stars):
        return DASH if cell.value is None else number(cell.value, 0 if cell.value == int(cell.value) else 1, language)
    if isinstance(cell, Day):
        if cell.value is None:
            return ""
        return day(cell.value, language) + ("" if cell.at is None else f" {cell.at:%H:%M}")
    if isinstance(cell, bool):
        return "✓" if cell else ""
    if isinstance(cell, int):
        return number(float(cell), 0, language)
    return number(cell, 2, language) if isinstance(cell, float) else cell
