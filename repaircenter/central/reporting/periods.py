"""Report periods: relative words in favourites, worked out at each run (A-36, requirements 9.1). Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

PERIODS = ("this_month", "last_month", "quarter", "year_to_date", "last_12_months")


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open days [start, end) in each shop's own zone."""

    start: date
    end: date


def _month(day: date, back: int) -> date:
    """The first day of the month `back` months before the month of `day`."""
    count = day.year * 12 + day.month - 1 - back
    return date(count // 12, count % 12 + 1, 1)


def period_of(word: str, today: date) -> Period:
    """A word of PERIODS, `YYYY-MM`, or `YYYY-MM-DD..YYYY-MM-DD` (both days included). Raises ValueError."""
    tomorrow = today + timedelta(days=1)
    if word == "this_month":
        return Period(_month(today, 0), _month(today, -1))
    if word == "last_month":
        return Period(_month(today, 1), _month(today, 0))
    if word == "quarter":
        first = _month(today, (today.month - 1) % 3)
        return Period(first, _month(first, -3))
    if word == "year_to_date":
        return Period(date(today.year, 1, 1), tomorrow)
    if word == "last_12_months":
        return Period(_month(today, 11), _month(today, -1))
    if ".." in word:
        first_text, _, last_text = word.partition("..")
        period = Period(date.fromisoformat(first_text), date.fromisoformat(last_text) + timedelta(days=1))
        if period.start >= period.end:
            raise ValueError(word)
        return period
    first = date.fromisoformat(f"{word}-01")
    return Period(first, _month(first, -1))


def before(period: Period) -> Period:
    """The period of the same length just before: whole months stay whole months."""
    if period.start.day == 1 and period.end.day == 1:
        months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month
        return Period(_month(period.start, months), period.start)
    return Period(period.start - (period.end - period.start), period.start)
