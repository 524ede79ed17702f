"""SQL aggregates of the reports: nothing is summed in Python that the database can sum.

Every query takes a Selection (cohort.py) and gives counts or sums that pool without error; `metrics` makes figures of
them. Keys of a grouping are tuples in the order of `by`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, text

from repaircenter.central.reporting.sql.cohort import Selection
from repaircenter.central.surveys.rules import SURVEY_LIFE
from repaircenter.metrics import shares
from repaircenter.metrics.attribution import Weighted, WeightedGroups
from repaircenter.metrics.drivers import PairSums
from repaircenter.metrics.figure import Figure
from repaircenter.metrics.histogram import Histogram
from repaircenter.metrics.means import Moments
from repaircenter.metrics.nps import group_of_score, group_of_stars

SHOP, PERIOD, PROGRAMME, QUESTION = "shop", "period", "programme", "question"
GRAINS = ("day", "week", "month", "quarter")
Key = tuple[Any, ...]


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


def _values(chosen: Selection, *more: str) -> str:
    """The cohort's answers with their values `v`."""
    return chosen.answers(*more).replace(
        " WHERE ", " JOIN answer_value v ON v.answer_id = a.id AND v.shop_id = a.shop_id WHERE ", 1
    )


def histograms(
    connection: Connection, chosen: Selection, questions: Sequence[str], by: Sequence[str], grain: str = "month"
) -> dict[Key, Histogram]:
    """How often each score was given, for each key."""
    rows = connection.execute(
        text(
            f"SELECT {_keys(chosen, by, grain)}, v.value, count(*) AS n {_values(chosen)} "
            f"AND v.question = ANY(:questions) GROUP BY {_ordinals(by, 1)}"
        ),
        chosen.values(questions=list(questions)),
    )
    tally: dict[Key, dict[int, int]] = {}
    for row in rows:
        tally.setdefault(tuple(row[: len(by)]), {})[row.value] = row.n
    return {key: Histogram(counts) for key, counts in tally.items()}


def answer_counts(connection: Connection, chosen: Selection, by: Sequence[str]) -> dict[Key, int]:
    """How many answers there are, whatever was answered, for each key."""
    rows = connection.execute(
        text(f"SELECT {_keys(chosen, by, 'month')}, count(*) AS n {chosen.answers()} GROUP BY {_ordinals(by)}"),
        chosen.values(),
    )
    return {tuple(row[: len(by)]): row.n for row in rows}


def respondents(
    connection: Connection, chosen: Selection, questions: Sequence[str], by: Sequence[str], grain: str = "month"
) -> dict[Key, Moments]:
    """Moments of each respondent's own mean over the questions (requirements 7.4)."""
    names = ", ".join(f"k{number}" for number in range(len(by)))
    rows = connection.execute(
        text(
            f"SELECT {names}, count(*) AS n, sum(own) AS total, sum(own * own) AS squares FROM ("
            f"SELECT {_keys(chosen, by, grain)}, a.id, avg(v.value)::float8 AS own {_values(chosen)} "
            f"AND v.question = ANY(:questions) GROUP BY {_ordinals(by, 1)}) AS each GROUP BY {_ordinals(by)}"
        ),
        chosen.values(questions=list(questions)),
    )
    return {tuple(row[: len(by)]): Moments(row.n, row.total, row.squares) for row in rows}


# An invitation that bounced and was answered all the same is not in the base of the rate.
_COMPLETED = "count(*) FILTER (WHERE i.shown_at <= :now AND i.bounced_at IS NULL)"
_OPEN = "count(*) FILTER (WHERE i.sent_at > :open_since AND i.answered_at IS NULL AND i.bounced_at IS NULL)"


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
    rows = connection.execute(
        text(
            f"SELECT {_keys(chosen, by, grain, invited=True)}, count(*) AS sent, count(i.bounced_at) AS bounced, "
            f"{_COMPLETED} AS completed, {_OPEN} AS open {chosen.invitations()} GROUP BY {_ordinals(by)}"
        ),
        chosen.values(open_since=chosen.now_utc - SURVEY_LIFE),
    )
    return {tuple(row[: len(by)]): Responses(row.sent, row.bounced, row.completed, row.open) for row in rows}


# The people of an invitation by role: as they stand there, or each once under the name they are known by.
_PEOPLE = (
    " CROSS JOIN LATERAL jsonb_each(i.people) AS r(role, named) CROSS JOIN LATERAL ("
    "SELECT p ->> 0 AS name, (p ->> 1)::float8 AS share FROM jsonb_array_elements(r.named) AS p) AS e "
)
_KNOWN_PEOPLE = (
    " CROSS JOIN LATERAL jsonb_each(i.people) AS r(role, named) CROSS JOIN LATERAL ("
    "SELECT rc_known_as(i.shop_id, p ->> 0) AS name, sum((p ->> 1)::float8) AS share "
    "FROM jsonb_array_elements(r.named) AS p GROUP BY 1) AS e "
)


def has_known_names(connection: Connection, shops: Sequence[int]) -> bool:
    """Whether somebody decided that a name of these shops stands for another one: most never do, and pay nothing."""
    known: bool = connection.execute(
        text("SELECT EXISTS (SELECT 1 FROM employee_name WHERE shop_id = ANY(:shops) AND known_as <> name)"),
        {"shops": list(shops)},
    ).scalar_one()
    return known


def people(connection: Connection, shops: Sequence[int]) -> str:
    """The join of the people of invitations, with `r.role`, `e.name` and `e.share`."""
    return _KNOWN_PEOPLE if has_known_names(connection, shops) else _PEOPLE


@dataclass(slots=True)
class Employee:
    """One person in one role: credits over the answers, counts over invitations."""

    role: str
    name: str
    ratings: Weighted = field(default_factory=Weighted)
    stars: WeightedGroups = field(default_factory=WeightedGroups)
    recommend: WeightedGroups = field(default_factory=WeightedGroups)
    low: int = 0
    comments: int = 0
    jobs: int | None = 0
    responses: Responses = field(default_factory=Responses)


def employees(connection: Connection, chosen: Selection) -> dict[tuple[str, str], Employee]:
    """Credits by role and person as frozen at the invitation (requirements 7.6)."""
    employees: dict[tuple[str, str], Employee] = {}
    joined = people(connection, shops_of(chosen))

    def of(role: str, name: str) -> Employee:
        return employees.setdefault((role, name), Employee(role, name))

    def with_people(cohort: str) -> str:
        return cohort.replace(" WHERE ", f"{joined}WHERE ", 1)

    scores = connection.execute(
        text(
            "SELECT r.role, e.name, v.question, v.value, count(*) AS n, sum(e.share) AS w, "
            f"sum(e.share ^ 2) AS ww {with_people(_values(chosen, 'i'))} "
            "AND v.question IN ('stars', 'recommend') GROUP BY 1, 2, 3, 4"
        ),
        chosen.values(),
    )
    for row in scores:
        employee = of(row.role, row.name)
        if row.question == "stars":
            employee.ratings += Weighted(row.n, row.w, row.ww, row.w * row.value, row.w * row.value**2)
            employee.stars += _credit(group_of_stars(row.value), row.n, row.w, row.ww)
            employee.low += row.n if row.value <= 3 else 0
        else:
            employee.recommend += _credit(group_of_score(row.value), row.n, row.w, row.ww)
    comments = connection.execute(
        text(
            f"SELECT r.role, e.name, count(*) AS n {with_people(chosen.answers('i'))} "
            "AND a.comment IS NOT NULL GROUP BY 1, 2"
        ),
        chosen.values(),
    )
    for row in comments:
        of(row.role, row.name).comments = row.n
    invited = connection.execute(
        text(
            "SELECT r.role, e.name, count(*) AS sent, count(i.bounced_at) AS bounced, "
            f"{_COMPLETED} AS completed, {_OPEN} AS open {with_people(chosen.invitations())} GROUP BY 1, 2"
        ),
        chosen.values(open_since=chosen.now_utc - SURVEY_LIFE),
    )
    for row in invited:
        of(row.role, row.name).responses = Responses(row.sent, row.bounced, row.completed, row.open)
    if counts_jobs(chosen):
        for role, name, count in _delivered_by(connection, chosen):
            of(role, name).jobs = count
    else:
        for employee in employees.values():
            employee.jobs = None
    if not chosen.employees:
        return employees
    # Those who shared a job with the chosen people are not asked about.
    return {
        key: employee for key, employee in employees.items() if key[0] == chosen.role and key[1] in chosen.employees
    }


def counts_jobs(chosen: Selection) -> bool:
    """A delivered job has no channel or language of a survey: filtered by those it cannot be counted."""
    return not (chosen.channel or chosen.language)


def _credit(group: str, n: int, weight: float, squares: float) -> WeightedGroups:
    shares = {"promoter": (weight, 0.0, 0.0), "passive": (0.0, weight, 0.0), "detractor": (0.0, 0.0, weight)}[group]
    return WeightedGroups(n, *shares, squares)


def _delivered_by(connection: Connection, chosen: Selection) -> Iterable[tuple[str, str, int]]:
    """Jobs delivered in the period, by the people who stand in the job itself."""
    is_known = has_known_names(connection, shops_of(chosen))
    named = "DISTINCT k.role, rc_known_as(j.shop_id, k.name) AS name" if is_known else "k.role, k.name"
    rows = connection.execute(
        text(
            f"SELECT p.role, p.name, count(*) AS n FROM job j CROSS JOIN LATERAL (SELECT {named} FROM (VALUES "
            "('estimator', j.estimator), ('appraiser', j.appraiser) "
            " UNION ALL SELECT c.role, e ->> 0 FROM jsonb_each(j.credits) AS c(role, named), jsonb_array_elements(c.named) AS e"
            " ) AS k(role, name) WHERE k.name IS NOT NULL) AS p "
            f"WHERE p.name IS NOT NULL AND {DELIVERED} AND {_HAPPENED} GROUP BY 1, 2"
        ),
        {**chosen.values(), "all_shops": shops_of(chosen)},
    )
    return [(row.role, row.name, row.n) for row in rows]


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
_HAPPENED = "(CAST(:today AS date) IS NULL OR j.delivered_on <= :today)"


def shops_of(chosen: Selection) -> list[int]:
    return [shop for window in chosen.windows for shop in window.shops]


def delivered(connection: Connection, chosen: Selection, grain: str) -> dict[date, int]:
    """Jobs delivered, by period."""
    rows = connection.execute(
        text(
            f"SELECT date_trunc('{grain}', j.delivered_on::timestamp)::date AS period, count(*) AS n FROM job j "
            f"WHERE {DELIVERED} AND {_HAPPENED} GROUP BY 1"
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
        f"SELECT v.shop_id, v.question, v.value::float8 AS x, o.value::float8 AS y {_values(chosen)} "
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
    rows = connection.execute(
        text(
            "SELECT a.shop_id, a.programme_id, p.name, q.id, q.version, "
            f"min({chosen.day()}) AS first {chosen.answers('i', 'p')} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 6, 4".replace(
                " WHERE ", " JOIN questionnaire q ON q.id = i.questionnaire_id WHERE ", 1
            )
        ),
        chosen.values(),
    ).all()
    return sorted(
        QuestionnaireChange(row.first, row.shop_id, row.name, row.version)
        for before, row in pairwise(rows)
        if (before.shop_id, before.programme_id) == (row.shop_id, row.programme_id)
    )
