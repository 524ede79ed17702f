"""What is kept summed of whole months (migration 0043): counts that pool without error, for a network's year.

A selection without other filters than shops, programme and period is split: its whole months are read from the sums, and
what the sums do not hold (broken months at both ends, months that changed a moment ago) is a selection of its own, which is
counted answer by answer. Each month of a shop is in one of the two.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from repaircenter.central.reporting.sql.cohort import Selection, Window
from repaircenter.central.reporting.sql.kept_months import Kept, bounds, following
from repaircenter.central.reporting.sql.periods import buckets
from repaircenter.metrics.histogram import Histogram
from repaircenter.metrics.means import Moments
from repaircenter.runtime.days import start_of_day

VALUES = range(11)
Key = tuple[Any, ...]
# By these a sum can be asked for; weeks and days are not kept.
GRAINS = ("month", "quarter")


@dataclass(frozen=True, slots=True)
class Months:
    """Whole months [first, end) of shops as they are kept, but for those that changed since."""

    shops: Sequence[int]
    first: date
    end: date
    programme_id: int | None
    changed: Sequence[tuple[int, date]] = ()

    def rows(self, table: str) -> str:
        """FROM and WHERE of a table of sums `m`."""
        where = ["m.shop_id = ANY(:sum_shops)", "m.month >= :sum_first", "m.month < :sum_end"]
        if self.programme_id is not None:
            where.append("m.programme_id = :sum_programme")
        if self.changed:
            where.append(
                "NOT EXISTS (SELECT 1 FROM unnest(CAST(:changed_shops AS bigint[]), CAST(:changed_months AS date[])) "
                "AS d(shop_id, month) WHERE d.shop_id = m.shop_id AND d.month = m.month)"
            )
        return f"FROM {table} m WHERE {' AND '.join(where)}"

    def values(self, **more: object) -> dict[str, object]:
        return {
            "sum_shops": list(self.shops),
            "sum_first": self.first,
            "sum_end": self.end,
            "sum_programme": self.programme_id,
            "changed_shops": [shop for shop, _ in self.changed],
            "changed_months": [month for _, month in self.changed],
            **more,
        }


@dataclass(frozen=True, slots=True)
class Split:
    """The whole months of a selection and the rest of it; either may be nothing."""

    months: Months | None
    rest: Selection | None


def split(chosen: Selection, *, invited: bool = False, grain: str = "month") -> Split:
    """What of a selection's answers, or with `invited` of its invitations, is kept summed by `grain`."""
    if chosen.kept is None or not _is_kept(chosen, invited=invited) or grain not in GRAINS:
        return Split(None, chosen)
    first, end = _whole_months(chosen)
    if first >= end:
        return Split(None, chosen)
    shops = {shop for window in chosen.windows for shop in window.shops}
    changed = sorted((shop, month) for shop, month in chosen.kept.changed if shop in shops and first <= month < end)
    months = Months(sorted(shops), first, end, chosen.programme_id, changed)
    windows = list(_rest(chosen, first, end, changed))
    return Split(months, replace(chosen, windows=windows) if windows else None)


def _is_kept(chosen: Selection, *, invited: bool) -> bool:
    """Sums know shops, programmes, questions and months alone; answers by the day they came, invitations by that they
    were sent."""
    dated = chosen.basis != "delivery" if invited else chosen.basis == "answer"
    filters = (chosen.channel, chosen.language, chosen.size, chosen.employees, chosen.job_key)
    of_answers = (chosen.group, chosen.stars, chosen.questions, chosen.with_contested, chosen.only_left_out)
    return dated and not any(filters if invited else (*filters, *of_answers))


def _whole_months(chosen: Selection) -> tuple[date, date]:
    """[first, end) of the months that lie in the period; a month whose other days are yet to come is one of them."""
    period = chosen.period
    steps = buckets(period, "month")
    whole = [step.start for step in steps if step.start.day == 1 and step.end.day == 1]
    last = steps[-1]
    is_to_come = all(start_of_day(window.zone, last.end) > chosen.now_utc for window in chosen.windows)
    if last.end.day != 1 and last.start.day == 1 and is_to_come:
        whole.append(last.start)
    return (whole[0], following(whole[-1])) if whole else (period.end, period.end)


def _rest(chosen: Selection, first: date, end: date, changed: Sequence[tuple[int, date]]) -> Iterator[Window]:
    """The period without the whole months, and the months that changed, as windows that do not touch."""
    months: dict[date, set[int]] = {}
    for shop, month in changed:
        months.setdefault(month, set()).add(shop)
    for window in chosen.windows:
        before, after = start_of_day(window.zone, first), start_of_day(window.zone, end)
        if window.start_utc < before:
            yield _part(window, window.shops, window.start_utc, before)
        # Months of the same shops after each other are one window.
        run: tuple[Sequence[int], datetime, datetime] | None = None
        for month in sorted(months):
            shops = [shop for shop in window.shops if shop in months[month]]
            start, following = bounds(window.zone, month)
            if run is not None and (run[0], run[2]) == (shops, start):
                run = (shops, run[1], following)
                continue
            if run is not None:
                yield _part(window, *run)
            run = (shops, start, following) if shops else None
        if run is not None:
            yield _part(window, *run)
        if after < window.end_utc:
            yield _part(window, window.shops, after, window.end_utc)


def _part(window: Window, shops: Sequence[int], start: datetime, end: datetime) -> Window:
    """Its clocks stay those of the whole window: which day it is, is asked of a shop and not of a part."""
    return replace(window, shops=shops, start_utc=start, end_utc=end)


# A grouping's columns, by the words of aggregates.
_COLUMNS = {"shop": "m.shop_id", "programme": "m.programme_id", "question": "m.question"}


def _keys(by: Sequence[str], grain: str) -> str:
    columns = {**_COLUMNS, "period": f"date_trunc('{grain}', m.month::timestamp)::date"}
    return ", ".join(f"{columns[name]} AS k{number}" for number, name in enumerate(by))


def _sums(
    connection: Connection, months: Months, table: str, by: Sequence[str], grain: str, sums: str, more: str = "", **values: object
) -> Iterator[tuple[Key, Row[Any]]]:
    """The key and the sums of each group."""
    grouped = f" GROUP BY {', '.join(str(number + 1) for number in range(len(by)))}" if by else ""
    keys = f"{_keys(by, grain)}, " if by else ""
    rows = connection.execute(
        text(f"SELECT {keys}{sums} {months.rows(table)}{more}{grouped}"), months.values(**values)
    )
    for row in rows.all():
        yield tuple(row[: len(by)]), row


_SCORES = ", ".join(f"sum(m.s{value}) AS s{value}" for value in VALUES)


def scores(
    connection: Connection, months: Months, questions: Sequence[str], by: Sequence[str], grain: str
) -> Iterator[tuple[Key, Histogram]]:
    """How often each value was given."""
    more = " AND m.question = ANY(:questions)"
    for key, row in _sums(connection, months, "month_score", by, grain, _SCORES, more, questions=list(questions)):
        counts = {value: count for value, count in zip(VALUES, row[len(by) :], strict=True) if count}
        if counts:
            yield key, Histogram(counts)


def answers(
    connection: Connection, months: Months, by: Sequence[str]
) -> Iterator[tuple[Key, int]]:
    """How many answers there are."""
    for key, row in _sums(connection, months, "month_answer", by, "month", "sum(m.n) AS n"):
        if row.n:
            yield key, int(row.n)


def invitations(
    connection: Connection, months: Months, by: Sequence[str], grain: str
) -> Iterator[tuple[Key, tuple[int, int, int, int]]]:
    """How many were sent, bounced, were completed and are open."""
    sums = "sum(m.sent) AS sent, sum(m.bounced), sum(m.completed), sum(m.open)"
    for key, row in _sums(connection, months, "month_sum", by, grain, sums):
        if row.sent:
            sent, bounced, completed, still_open = row[len(by) :]
            yield key, (sent, bounced, completed, still_open)


def means(
    connection: Connection, months: Months, kept: Kept, questions: Sequence[str], by: Sequence[str], grain: str
) -> list[tuple[Key, Moments]] | None:
    """Moments of the respondents' own means over the questions; None where what is kept is the mean of others.

    Kept is the mean over each section of each questionnaire.
    """
    wanted: list[tuple[int, str]] = []
    for number, scales in kept.scales.items():
        if scales is None or scales.others & {*questions}:
            return None
        sections = scales.sections
        counted = frozenset().union(*sections.values()) & {*questions}
        if not counted:
            continue
        section = next((name for name, keys in sections.items() if counted == keys), None)
        if section is None:
            return None
        wanted.append((number, section))
    more = " AND (m.questionnaire_id, m.section) IN (SELECT * FROM unnest(CAST(:asked AS bigint[]), CAST(:sections AS text[])))"
    rows = _sums(
        *(connection, months, "month_mean", by, grain, "sum(m.n) AS n, sum(m.total) AS total, sum(m.squares) AS squares"),
        more,
        asked=[number for number, _ in wanted],
        sections=[section for _, section in wanted],
    )
    return [(key, Moments(int(row.n), row.total, row.squares)) for key, row in rows if row.n]


def first_answers(connection: Connection, months: Months) -> list[tuple[int, int, int, datetime]]:
    """(shop, programme, questionnaire, the instant of the first answer), in no order."""
    rows = connection.execute(
        text(
            f"SELECT m.shop_id, m.programme_id, m.questionnaire_id, min(m.first_at) {months.rows('month_answer')} "
            "GROUP BY 1, 2, 3"
        ),
        months.values(),
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]
