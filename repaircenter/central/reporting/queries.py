"""SQL aggregates of the reports. Periods are half-open days in each shop's own zone; nothing is summed in Python
that the database can sum."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from repaircenter.central.reporting.periods import Period
from repaircenter.metrics.means import Moments

_IN_PERIOD = (
    "a.submitted_at >= (CAST(:start AS timestamp) AT TIME ZONE h.zone) "
    "AND a.submitted_at < (CAST(:end AS timestamp) AT TIME ZONE h.zone) AND a.visible_from <= :now"
)
_FROM = "FROM answer a JOIN shop h ON h.id = a.shop_id"


@dataclass(frozen=True, slots=True)
class Selection:
    """What a report is about: shops of the scope, a period, a programme, a section."""

    shops: Sequence[int]
    period: Period
    now_utc: datetime
    programme_id: int | None = None

    def values(self, **more: object) -> dict[str, object]:
        return {
            "shops": list(self.shops),
            "start": self.period.start,
            "end": self.period.end,
            "now": self.now_utc,
            "programme": self.programme_id,
            **more,
        }


_WANTED = (
    f"a.shop_id = ANY(:shops) AND (CAST(:programme AS bigint) IS NULL OR a.programme_id = :programme) AND {_IN_PERIOD}"
)


@dataclass(frozen=True, slots=True)
class QuestionRow:
    shop_id: int
    question: str
    moments: Moments
    top: int


def questions(connection: Connection, chosen: Selection, tops: dict[str, int]) -> list[QuestionRow]:
    """Per shop and question: n, sum, sum of squares, and how many reach the top box."""
    rows = connection.execute(
        text(
            "SELECT a.shop_id, v.question, count(*) AS n, sum(v.value) AS total, sum(v.value * v.value) AS squares, "
            "count(*) FILTER (WHERE v.value >= t.top) AS top "
            f"{_FROM} JOIN answer_value v ON v.answer_id = a.id "
            "JOIN unnest(CAST(:keys AS text[]), CAST(:tops AS int[])) AS t(question, top) ON t.question = v.question "
            f"WHERE {_WANTED} GROUP BY a.shop_id, v.question"
        ),
        chosen.values(keys=list(tops), tops=list(tops.values())),
    )
    return [QuestionRow(r.shop_id, r.question, Moments(r.n, float(r.total), float(r.squares)), r.top) for r in rows]


def respondents(connection: Connection, chosen: Selection, keys: Sequence[str]) -> dict[int, Moments]:
    """Per shop: moments of each respondent's own mean over the given questions (requirements 7.4)."""
    rows = connection.execute(
        text(
            "SELECT shop_id, count(*) AS n, sum(own) AS total, sum(own * own) AS squares FROM ("
            f"SELECT a.shop_id, a.id, avg(v.value) AS own {_FROM} JOIN answer_value v ON v.answer_id = a.id "
            f"WHERE {_WANTED} AND v.question = ANY(:keys) GROUP BY a.shop_id, a.id) AS each GROUP BY shop_id"
        ),
        chosen.values(keys=list(keys)),
    )
    return {r.shop_id: Moments(r.n, float(r.total), float(r.squares)) for r in rows}


def groups(connection: Connection, chosen: Selection) -> dict[int, tuple[int, int, int]]:
    """Per shop: promoters, passives, detractors of the 0-10 recommendation (requirements 7.3)."""
    rows = connection.execute(
        text(
            "SELECT a.shop_id, count(*) FILTER (WHERE v.value >= 9) AS p, "
            "count(*) FILTER (WHERE v.value BETWEEN 7 AND 8) AS n, count(*) FILTER (WHERE v.value <= 6) AS d "
            f"{_FROM} JOIN answer_value v ON v.answer_id = a.id WHERE {_WANTED} AND v.question = 'recommend' "
            "GROUP BY a.shop_id"
        ),
        chosen.values(),
    )
    return {r.shop_id: (r.p, r.n, r.d) for r in rows}


def responses(connection: Connection, chosen: Selection) -> dict[int, tuple[int, int, int]]:
    """Per shop: sent, bounced and completed invitations of the period's invitation cohort (requirements 7.5)."""
    rows = connection.execute(
        text(
            "SELECT i.shop_id, count(*) AS sent, count(i.bounced_at) AS bounced, count(i.answered_at) AS completed "
            "FROM invitation i JOIN shop h ON h.id = i.shop_id WHERE i.shop_id = ANY(:shops) AND i.sent_at IS NOT NULL "
            "AND (CAST(:programme AS bigint) IS NULL OR i.programme_id = :programme) "
            "AND i.sent_at >= (CAST(:start AS timestamp) AT TIME ZONE h.zone) "
            "AND i.sent_at < (CAST(:end AS timestamp) AT TIME ZONE h.zone) GROUP BY i.shop_id"
        ),
        chosen.values(),
    )
    return {r.shop_id: (r.sent, r.bounced, r.completed) for r in rows}


@dataclass(frozen=True, slots=True)
class Review:
    id: int
    submitted_at: datetime
    zone: str
    shop: str
    ro_number: str | None
    customer: str | None
    vehicle: str | None
    stars: int | None
    recommend: int | None
    comment: str | None
    estimator: str | None
    channel: str


_ORDERS = {
    "newest": "a.submitted_at DESC, a.id DESC",
    "oldest": "a.submitted_at, a.id",
    "lowest": "stars NULLS LAST, a.submitted_at DESC, a.id DESC",
    "highest": "stars DESC NULLS LAST, a.submitted_at DESC, a.id DESC",
}


def reviews(connection: Connection, chosen: Selection, order: str, batch: int = 250) -> Iterator[list[Review]]:
    """Answers one row each in one of the four orders (B-25), in batches straight from the server's cursor."""
    found = connection.execution_options(stream_results=True, yield_per=batch).execute(
        text(
            "SELECT a.id, a.submitted_at, h.zone, h.name AS shop, j.ro_number, "
            "nullif(concat_ws(' ', j.first_name, j.last_name), '') AS person, j.company, j.vehicle, "
            "max(v.value) FILTER (WHERE v.question = 'stars') AS stars, "
            "max(v.value) FILTER (WHERE v.question = 'recommend') AS recommend, a.comment, "
            "i.people #>> '{estimator,0,0}' AS estimator, i.channel "
            f"{_FROM} JOIN invitation i ON i.id = a.invitation_id JOIN sample s ON s.id = i.sample_id "
            "JOIN job j ON j.id = s.job_id LEFT JOIN answer_value v ON v.answer_id = a.id "
            f"WHERE {_WANTED} GROUP BY a.id, a.submitted_at, h.zone, h.name, j.ro_number, j.first_name, j.last_name, "
            f"j.company, j.vehicle, a.comment, i.people, i.channel ORDER BY {_ORDERS[order]}"
        ),
        chosen.values(),
    )
    for rows in found.partitions():
        yield [
            Review(
                r.id,
                r.submitted_at,
                r.zone,
                r.shop,
                r.ro_number,
                r.person or r.company,
                r.vehicle,
                r.stars,
                r.recommend,
                r.comment,
                r.estimator,
                r.channel,
            )
            for r in rows
        ]


def newest_answer_month(connection: Connection, shops: Sequence[int]) -> date | None:
    """The first day of the newest month with an answer, in the shop's zone (A-50)."""
    found: datetime | None = connection.execute(
        text(f"SELECT max(a.submitted_at AT TIME ZONE h.zone) {_FROM} WHERE a.shop_id = ANY(:shops)"),
        {"shops": list(shops)},
    ).scalar_one_or_none()
    return None if found is None else found.date().replace(day=1)


def programme_names(connection: Connection) -> dict[int, str]:
    return {r.id: r.name for r in connection.execute(text("SELECT id, name FROM programme ORDER BY name"))}


def shop_names(connection: Connection, shops: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Shop -> (name, zone) in the order of names."""
    rows = connection.execute(
        text("SELECT id, name, zone FROM shop WHERE id = ANY(:shops) ORDER BY sort_key, id"), {"shops": list(shops)}
    )
    return {r.id: (r.name, r.zone) for r in rows}
