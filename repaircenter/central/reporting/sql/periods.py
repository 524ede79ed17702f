"""Report periods: relative words in favourites, worked out at each run (A-36, requirements 9.1). Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

# No report is about days beyond these.
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 1, 1)
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
        if not _EARLIEST <= period.start < period.end <= _LATEST:
            raise ValueError(word)
        return period
    first = date.fromisoformat(f"{word}-01")
    if not _EARLIEST <= first < _LATEST:
        raise ValueError(word)
    return Period(first, _month(first, -1))


def ever(today: date) -> Period:
    """All days up to today."""
    return Period(date(2000, 1, 1), today + timedelta(days=1))


def year_to(period: Period, latest: date) -> Period:
    """The twelve months that end with the month of a period's last day; none is after the month of `latest`."""
    last = min(period.end - timedelta(days=1), latest)
    return Period(_month(last, 11), _month(last, -1))


def before(period: Period) -> Period:
    """The period of the same length just before: whole months stay whole months."""
    if period.start.day == 1 and period.end.day == 1:
        months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month
        return Period(_month(period.start, months), period.start)
    return Period(period.start - (period.end - period.start), period.start)


def year_before(period: Period, grain: str = "day") -> Period:
    """The same days a year earlier; 29 February becomes 1 March. By week it is 52 weeks, so that weeks stay weeks."""
    if grain == "week":
        return Period(period.start - timedelta(days=364), period.end - timedelta(days=364))

    def back(day: date) -> date:
        try:
            return day.replace(year=day.year - 1)
        except ValueError:
            return date(day.year - 1, 3, 1)

    return Period(back(period.start), back(period.end))


def grain_for(period: Period) -> str:
    """Days within a month, weeks within half a year, months beyond."""
    days = (period.end - period.start).days
    return "day" if days <= 31 else "week" if days <= 183 else "month"


def bucket_start(day: date, grain: str) -> date:
    """The first day of the bucket a day lies in: weeks begin on Monday, as PostgreSQL's date_trunc has it."""
    if grain == "week":
        return day - timedelta(days=day.weekday())
    if grain == "quarter":
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return day.replace(day=1) if grain == "month" else day


def buckets(period: Period, grain: str) -> list[Period]:
    """The buckets that touch a period, each clipped to it; together they are the period, without gap or overlap."""
    steps = []
    start = period.start
    while start < period.end:
        first = bucket_start(start, grain)
        if grain == "day":
            following = first + timedelta(days=1)
        elif grain == "week":
            following = first + timedelta(days=7)
        else:
            following = _month(first, -3 if grain == "quarter" else -1)
        steps.append(Period(start, min(following, period.end)))
        start = following
    return steps


def span(period: Period) -> str:
    """A period as the parameter of another report."""
    return f"{period.start.isoformat()}..{last_day(period)}"


def last_day(period: Period) -> str:
    return (period.end - timedelta(days=1)).isoformat()
