"""SQL aggregates of the reports: nothing is summed in Python that the database can sum.

Every query takes a Selection (cohort.py) and gives counts or sums that pool without error; `metrics` makes figures of
them. Keys of a grouping are tuples in the order of `by`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, TypeVar

from sqlalchemy import Connection, text

from repaircenter.central.reporting.sql import month_sums
from repaircenter.central.reporting.sql.cohort import Selection, looked_up
from repaircenter.central.reporting.sql.month_sums import Months, split
from repaircenter.central.surveys.rules import SURVEY_LIFE
from repaircenter.metrics import shares
from repaircenter.metrics.drivers import PairSums
from repaircenter.metrics.figure import Figure
from repaircenter.metrics.histogram import Histogram
from repaircenter.metrics.means import Moments
from repaircenter.runtime.days import day_in

SHOP, PERIOD, PROGRAMME, QUESTION = "shop", "period", "programme", "question"
GRAINS = ("day", "week", "month", "quarter")
Key = tuple[Any, ...]
T = TypeVar("T")


def _keys(chosen: Selection, by: Sequence[str], grain: str, *, invited: bool = False) -> str:
    """The grouping columns, numbered k0, k1 …"""
    table = "i" if invited else "a"
    columns = {
        SHOP: f"{table}.shop_id",
        PROGRAMME: f"{table}.programme_id",
        QUESTION: "v.question",
        PERIOD: f"date_trunc('{grain}', {chosen.day(invited=invited)}::timestamp)::date",
    }
    return ", ".join(f"{columns[name]} AS k{number}" for number, name in enumerate(by))


def _ordinals(by: Sequence[str], more: int = 0) -> str:
    return ", ".join(str(number + 1) for number in range(len(by) + more))


def answered_values(chosen: Selection, *more: str) -> str:
    """The cohort's answers with their values `v`."""
    return chosen.answers(*more).replace(
        " WHERE ", " JOIN answer_value v ON v.answer_id = a.id AND v.shop_id = a.shop_id WHERE ", 1
    )


# A smaller part than one in so many is looked up answer by answer, where the whole would not be.
_SMALL_PART = 4
FromSums = Callable[[Months], Iterable[tuple[Key, T]] | None]
Counted = Callable[[Selection], Iterable[tuple[Key, T]]]


def _pooled(
    connection: Connection,
    chosen: Selection,
    kept: FromSums[T],
    counted: Counted[T],
    *,
    invited: bool = False,
    grain: str = "month",
) -> dict[Key, T]:
    """What is kept of whole months, and what is counted of the rest, by key."""
    part = split(chosen, invited=invited, grain=grain)
    pools = None if part.months is None else kept(part.months)
    if pools is None:
        return dict(counted(chosen))
    pooled: dict[Key, Any] = dict(pools)
    if part.rest is not None:
        is_small = part.rest.shop_days * _SMALL_PART < chosen.shop_days
        with looked_up(connection) if is_small else nullcontext():
            for key, pool in counted(part.rest):
                pooled[key] = pooled[key] + pool if key in pooled else pool
    return pooled


def histograms(
    connection: Connection, chosen: Selection, questions: Sequence[str], by: Sequence[str], grain: str = "month"
) -> dict[Key, Histogram]:
    """How often each score was given, for each key."""

    def counted(of: Selection) -> Iterator[tuple[Key, Histogram]]:
        rows = connection.execute(
            text(
                f"SELECT {_keys(of, by, grain)}, v.value, count(*) AS n {answered_values(of)} "
                f"AND v.question = ANY(:questions) GROUP BY {_ordinals(by, 1)}"
            ),
            of.values(questions=list(questions)),
        )
        tally: dict[Key, dict[int, int]] = {}
        for row in rows:
            tally.setdefault(tuple(row[: len(by)]), {})[row.value] = row.n
        return ((key, Histogram(counts)) for key, counts in tally.items())

    def kept(months: Months) -> Iterator[tuple[Key, Histogram]]:
        return month_sums.scores(connection, months, questions, by, grain)

    return _pooled(connection, chosen, kept, counted, grain=_step(by, grain))


def answer_counts(connection: Connection, chosen: Selection, by: Sequence[str]) -> dict[Key, int]:
    """How many answers there are, whatever was answered, for each key."""

    def counted(of: Selection) -> Iterator[tuple[Key, int]]:
        rows = connection.execute(
            text(f"SELECT {_keys(of, by, 'month')}, count(*) AS n {of.answers()} GROUP BY {_ordinals(by)}"), of.values()
        )
        return ((tuple(row[: len(by)]), row.n) for row in rows)

    return _pooled(connection, chosen, lambda months: month_sums.answers(connection, months, by), counted)


def respondents(
    connection: Connection, chosen: Selection, questions: Sequence[str], by: Sequence[str], grain: str = "month"
) -> dict[Key, Moments]:
    """Moments of each respondent's own mean over the questions (requirements 7.4)."""
    names = ", ".join(f"k{number}" for number in range(len(by)))

    def counted(of: Selection) -> Iterator[tuple[Key, Moments]]:
        rows = connection.execute(
            text(
                f"SELECT {names}, count(*) AS n, sum(own) AS total, sum(own * own) AS squares FROM ("
                f"SELECT {_keys(of, by, grain)}, a.id, avg(v.value)::float8 AS own {answered_values(of)} "
                f"AND v.question = ANY(:questions) GROUP BY {_ordinals(by, 1)}) AS each GROUP BY {_ordinals(by)}"
            ),
            of.values(questions=list(questions)),
        )
        return ((tuple(row[: len(by)]), Moments(row.n, row.total, row.squares)) for row in rows)

    def kept(months: Months) -> list[tuple[Key, Moments]] | None:
        assert chosen.kept is not None
        return month_sums.means(connection, months, chosen.kept, questions, by, grain)

    return _pooled(connection, chosen, kept, counted, grain=_step(by, grain))


def _step(by: Sequence[str], grain: str) -> str:
    """The grain that matters: without periods whole months are as good as any."""
    return grain if PERIOD in by else "month"


# An invitation that bounced and was answered all the same is not in the base of the rate.
COMPLETED = "count(*) FILTER (WHERE i.shown_at <= :now AND i.bounced_at IS NULL)"
OPEN = "count(*) FILTER (WHERE i.sent_at > :open_since AND i.answered_at IS NULL AND i.bounced_at IS NULL)"


@dataclass(frozen=True, slots=True)
class Responses:
    """Invitations of a cohort by what became of them; they pool by addition."""

    sent: int = 0
    bounced: int = 0
    completed: int = 0
    # Of those sent: invitations that may still be answered.
    open: int = 0

    def __add__(self, other: "Responses") -> "Responses":
        return Responses(
            self.sent + other.sent,
            self.bounced + other.bounced,
            self.completed + other.completed,
            self.open + other.open,
        )

    @property
    def rate(self) -> Figure:
        """The response rate of requirements 7.5."""
        return shares.response_rate(self.sent, self.bounced, self.completed)


def responses(
    connection: Connection, chosen: Selection, by: Sequence[str], grain: str = "month"
) -> dict[Key, Responses]:
    """Of the invitation cohort (requirements 7.5); an answer the programme does not show yet is not counted."""

    def counted(of: Selection) -> Iterator[tuple[Key, Responses]]:
        rows = connection.execute(
            text(
                f"SELECT {_keys(of, by, grain, invited=True)}, count(*) AS sent, count(i.bounced_at) AS bounced, "
                f"{COMPLETED} AS completed, {OPEN} AS open {of.invitations()} GROUP BY {_ordinals(by)}"
            ),
            of.values(open_since=of.now_utc - SURVEY_LIFE),
        )
        return ((tuple(row[: len(by)]), Responses(*row[len(by) :])) for row in rows)

    def kept(months: Months) -> Iterator[tuple[Key, Responses]]:
        sums = month_sums.invitations(connection, months, by, grain)
        return ((key, Responses(*counts)) for key, counts in sums)

    return _pooled(connection, chosen, kept, counted, invited=True, grain=_step(by, grain))


# The filters that a job answers by itself.
OF_JOB = (
    "(CAST(:programme AS bigint) IS NULL OR EXISTS (SELECT 1 FROM sample w WHERE w.job_id = j.id "
    "AND w.programme_id = :programme)) "
    "AND (CAST(:size_from AS bigint) IS NULL OR j.total_cents >= :size_from) "
    "AND (CAST(:size_to AS bigint) IS NULL OR j.total_cents < :size_to) "
    "AND (cardinality(CAST(:employees AS text[])) = 0 "
    "OR rc_known_as(j.shop_id, CASE :role WHEN 'appraiser' THEN j.appraiser WHEN 'estimator' THEN j.estimator END) "
    "= ANY(:employees) OR EXISTS (SELECT 1 FROM jsonb_array_elements(j.credits -> :role) AS e "
    "WHERE rc_known_as(j.shop_id, e ->> 0) = ANY(:employees)))"
)
DELIVERED = (
    "j.shop_id = ANY(:all_shops) AND j.delivered_on >= :start AND j.delivered_on < :end AND j.withdrawn_at IS NULL "
    f"AND {OF_JOB}"
)


# A car promised for a day to come is not delivered; on the delivery basis such days are part of the period.
HAPPENED = "(CAST(:today AS date) IS NULL OR j.delivered_on <= :today)"


def shops_of(chosen: Selection) -> list[int]:
    return [shop for window in chosen.windows for shop in window.shops]


def delivered(connection: Connection, chosen: Selection, grain: str) -> dict[date, int]:
    """Jobs delivered, by period."""
    rows = connection.execute(
        text(
            f"SELECT date_trunc('{grain}', j.delivered_on::timestamp)::date AS period, count(*) AS n FROM job j "
            f"WHERE {DELIVERED} AND {HAPPENED} GROUP BY 1"
        ),
        {**chosen.values(), "all_shops": shops_of(chosen)},
    )
    return {row.period: row.n for row in rows}


def pair_sums(
    connection: Connection,
    chosen: Selection,
    drivers: Sequence[str],
    outcome: str,
    *,
    by_shop: bool = True,
    ranks: bool = False,
) -> dict[Key, PairSums]:
    """Sums over answers that hold both driver and outcome, by shop and driver or by driver; with `ranks` over their
    mid-ranks among those of the same key (Spearman), which do not pool."""
    keys = "shop_id, question" if by_shop else "question"
    pairs = (
        f"SELECT v.shop_id, v.question, v.value::float8 AS x, o.value::float8 AS y {answered_values(chosen)} "
        "AND v.question = ANY(:drivers)"
    ).replace(
        " WHERE ",
        " JOIN answer_value o ON o.answer_id = a.id AND o.shop_id = a.shop_id AND o.question = :outcome WHERE ",
        1,
    )
    if ranks:
        mid = (
            f"rank() OVER (PARTITION BY {keys} ORDER BY {{0}}) + (count(*) OVER (PARTITION BY {keys}, {{0}}) - 1) / 2.0"
        )
        pairs = f"SELECT {keys}, {mid.format('x')} AS x, {mid.format('y')} AS y FROM ({pairs}) AS p"
    rows = connection.execute(
        text(
            f"SELECT {keys}, count(*) AS n, sum(x)::float8 AS x, sum(y)::float8 AS y, sum(x * x)::float8 AS xx, "
            f"sum(y * y)::float8 AS yy, sum(x * y)::float8 AS xy FROM ({pairs}) AS pairs GROUP BY {keys}"
        ),
        chosen.values(drivers=list(drivers), outcome=outcome),
    )
    return {tuple(row[:-6]): PairSums(*row[-6:]) for row in rows}


@dataclass(frozen=True, slots=True, order=True)
class QuestionnaireChange:
    """A programme asked a shop's customers by another questionnaire from a day on."""

    day: date
    shop_id: int
    programme: str
    version: int


def questionnaire_changes(connection: Connection, chosen: Selection) -> list[QuestionnaireChange]:
    """Each change within a shop and programme up to the selection's end: an event to mark in a trend (B-N3).

    The first questionnaire a programme asks by is no change, nor is another programme's. `chosen` begins long before
    the trend, so that a change just before it is known as one.
    """

    def counted(of: Selection) -> Iterator[tuple[Key, _First]]:
        rows = connection.execute(
            text(
                f"SELECT a.shop_id, a.programme_id, i.questionnaire_id, min({of.day()}) AS first {of.answers('i')} "
                "GROUP BY 1, 2, 3"
            ),
            of.values(),
        )
        return ((tuple(row[:3]), _First(row.first)) for row in rows)

    def kept(months: Months) -> Iterator[tuple[Key, _First]]:
        zones = {shop: window.zone for window in chosen.windows for shop in window.shops}
        for shop, *asked, at in month_sums.first_answers(connection, months):
            yield (shop, *asked), _First(day_in(zones[shop], at))

    firsts = _pooled(connection, chosen, kept, counted)
    programmes, versions = _names(connection, {key[1] for key in firsts}), _versions(connection, {key[2] for key in firsts})
    asked = sorted(
        (shop, programme, first.day, questionnaire)
        for (shop, programme, questionnaire), first in firsts.items()
        if programme in programmes and questionnaire in versions
    )
    return sorted(
        QuestionnaireChange(day, shop, programmes[programme], versions[questionnaire])
        for before, (shop, programme, day, questionnaire) in pairwise(asked)
        if before[:2] == (shop, programme)
    )


@dataclass(frozen=True, slots=True)
class _First:
    """The day of the first answer; the earlier of two pools."""

    day: date

    def __add__(self, other: "_First") -> "_First":
        return _First(min(self.day, other.day))


def _names(connection: Connection, programmes: Collection[int]) -> dict[int, str]:
    rows = connection.execute(text("SELECT id, name FROM programme WHERE id = ANY(:ids)"), {"ids": list(programmes)})
    return {row.id: row.name for row in rows}


def _versions(connection: Connection, questionnaires: Collection[int]) -> dict[int, int]:
    rows = connection.execute(
        text("SELECT id, version FROM questionnaire WHERE id = ANY(:ids)"), {"ids": list(questionnaires)}
    )
    return {row.id: row.version for row in rows}
