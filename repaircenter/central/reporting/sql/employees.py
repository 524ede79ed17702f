"""SQL of employees: whom answers, invitations and jobs are credited to (requirements 7.6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from repaircenter.central.reporting.sql.aggregates import (
    COMPLETED,
    DELIVERED,
    HAPPENED,
    OPEN,
    Responses,
    answered_values,
    shops_of,
)
from repaircenter.central.reporting.sql.cohort import Selection
from repaircenter.central.surveys.rules import SURVEY_LIFE
from repaircenter.metrics.attribution import Weighted, WeightedGroups
from repaircenter.metrics.nps import group_of_score, group_of_stars

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
            f"sum(e.share ^ 2) AS ww {with_people(answered_values(chosen, 'i'))} "
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
            f"{COMPLETED} AS completed, {OPEN} AS open {with_people(chosen.invitations())} GROUP BY 1, 2"
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
            f"WHERE p.name IS NOT NULL AND {DELIVERED} AND {HAPPENED} GROUP BY 1, 2"
        ),
        {**chosen.values(), "all_shops": shops_of(chosen)},
    )
    return [(row.role, row.name, row.n) for row in rows]
