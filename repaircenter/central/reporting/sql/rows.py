"""Answers and jobs one row each, in batches straight from the server's cursor."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, text

from repaircenter.central.reporting.sql.aggregates import DELIVERED, OF_JOB, PROGRAMME, answer_counts, shops_of
from repaircenter.central.reporting.sql.cohort import Selection, looked_up
from repaircenter.central.sampling.queries import TELLING
from repaircenter.central.surveys.answer_queries import given_answers
from repaircenter.central.surveys.answers import Answers

F = TypeVar("F")


def answer_count(connection: Connection, chosen: Selection) -> int:
    return sum(answer_counts(connection, chosen, (PROGRAMME,)).values())


@dataclass(frozen=True, slots=True)
class Review:
    id: int
    shop_id: int
    job_key: str
    submitted_at: datetime
    zone: str
    shop: str
    ro_number: str | None
    customer: str | None
    vehicle: str | None
    stars: int | None
    recommend: int | None
    comment: str | None
    language: str
    people: Mapping[str, Sequence[tuple[str, float]]]
    channel: str
    # The mean of the questions the selection asks about; None where it asks about none.
    mark: float | None


# Ties by date, then id (B-25).
_ORDERS = {
    "newest": "a.submitted_at DESC, a.id DESC",
    "oldest": "a.submitted_at, a.id",
    "lowest": "stars NULLS LAST, a.submitted_at DESC, a.id DESC",
    "highest": "stars DESC NULLS LAST, a.submitted_at DESC, a.id DESC",
}
ORDERS = tuple(_ORDERS)


def _given(question: str) -> str:
    return (
        "(SELECT v.value FROM answer_value v WHERE v.shop_id = a.shop_id AND v.answer_id = a.id "
        f"AND v.question = '{question}') AS {question}"
    )


# Whom an answer is credited to, under the names they are known by; most shops have decided nothing of them.
_PEOPLE = (
    "CASE WHEN i.shop_id IN (SELECT n.shop_id FROM public.employee_name n) THEN rc_known_people(i.shop_id, i.people) "
    "ELSE i.people END"
)
_REVIEW = (
    "a.id, a.shop_id, j.job_key, a.submitted_at, h.zone, h.name AS shop, j.ro_number, "
    "coalesce(nullif(concat_ws(' ', j.first_name, j.last_name), ''), j.company) AS customer, j.vehicle, "
    f"{_given('stars')}, {_given('recommend')}, a.comment, a.language, {_PEOPLE} AS people, "
    "coalesce(a.channel, i.channel) AS channel, "
    "(SELECT avg(v.value)::float8 FROM answer_value v WHERE v.shop_id = a.shop_id AND v.answer_id = a.id "
    "AND v.question = ANY(:answered_questions)) AS mark"
)


def reviews(
    connection: Connection, chosen: Selection, order: str, batch: int = 250, *, commented: bool = False
) -> Iterator[list[Review]]:
    """Answers one row each in one of the four orders, in batches straight from the server's cursor."""
    only = " AND a.comment IS NOT NULL" if commented else ""
    cursor = connection.execution_options(stream_results=True, yield_per=batch).execute(
        text(f"SELECT {_REVIEW} {chosen.answers('j')}{only} ORDER BY {_ORDERS[order]}"), chosen.values()
    )
    for rows in cursor.partitions(batch):
        yield [Review(*row) for row in rows]


def newest_comments(connection: Connection, chosen: Selection, count: int, *, each_shop: bool = False) -> list[Review]:
    """So many of the newest answers that hold a comment, of all shops together or of each; the newest of all first."""
    # Each shop's are looked up by themselves, and what is shown for these few alone.
    newest = (
        "SELECT n.id FROM unnest(CAST(:all_shops AS bigint[])) AS w(shop_id) CROSS JOIN LATERAL (SELECT a.id, a.submitted_at "
        f"{chosen.answers()} AND a.shop_id = w.shop_id AND a.comment IS NOT NULL "
        f"ORDER BY {_ORDERS['newest']} LIMIT :count) AS n"
    )
    if not each_shop:
        newest = f"{newest} ORDER BY n.submitted_at DESC, n.id DESC LIMIT :count"
    ids = connection.execute(text(newest), chosen.values(all_shops=shops_of(chosen), count=count)).scalars().all()
    shown = text(f"SELECT {_REVIEW} {chosen.answers('j')} AND a.id = ANY(:ids) ORDER BY {_ORDERS['newest']}")
    with looked_up(connection):
        return [Review(*row) for row in connection.execute(shown, chosen.values(ids=list(ids)))]


@dataclass(frozen=True, slots=True)
class Survey:
    """One answered survey with its job."""

    shop_id: int
    shop: str
    zone: str
    programme: str
    job_key: str
    ro_number: str | None
    customer: str | None
    vehicle: str | None
    insurer: str | None
    arrived_on: date | None
    promised_on: date | None
    delivered_on: date | None
    sent_at: datetime
    submitted_at: datetime
    channel: str
    language: str
    people: Mapping[str, Sequence[tuple[str, float]]]
    questionnaire_id: int
    alert: "AlertFacts | None"
    contest: "ContestFacts | None"
    answers: Answers


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """What became of the alert an answer opened; `owner_id` is a person's number."""

    state: str
    opened_at: datetime
    ended_at: datetime | None
    owner_id: int | None
    cause: str | None
    action: str | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class ContestFacts:
    """How an answer was contested, and what was decided; why is the shop's own."""

    state: str
    reason: str | None
    made_at: datetime
    decided_at: datetime | None
    evidence: str | None
    note: str | None


_STARS = (
    "(SELECT v.value FROM answer_value v WHERE v.shop_id = a.shop_id AND v.answer_id = a.id AND v.question = 'stars') "
)


def surveys(connection: Connection, chosen: Selection, order: str, batch: int = 100) -> Iterator[list[Survey]]:
    """Whole surveys in one of the four orders, in batches straight from the server's cursor."""
    cursor = connection.execute(
        text(
            "SELECT a.id, a.shop_id, h.name AS shop, h.zone, p.name AS programme, j.job_key, j.ro_number, "
            "coalesce(nullif(concat_ws(' ', j.first_name, j.last_name), ''), j.company) AS customer, j.vehicle, "
            "j.insurer_name, j.arrived_on, j.promised_on, j.delivered_on, i.sent_at, a.submitted_at, "
            "coalesce(a.channel, i.channel) AS channel, "
            f"a.language, {_PEOPLE} AS people, i.questionnaire_id, "
            "(SELECT row_to_json(l) FROM (SELECT state, opened_at, ended_at, "
            "owner_id, cause, action, outcome FROM alert WHERE answer_id = a.id) l) AS alert, (SELECT row_to_json(c) FROM ("
            "SELECT state, reason, made_at, decided_at, evidence, note FROM contest WHERE answer_id = a.id) c) AS contest, "
            "a.comment "
            f"{chosen.answers('j', 'p')} ORDER BY {_ORDERS[order].replace('stars', _STARS)}"
        ),
        chosen.values(),
        # Of this statement only: others go over the same connection between two batches.
        execution_options={"stream_results": True, "yield_per": batch},
    )
    for rows in cursor.partitions(batch):
        given = given_answers(connection, {row.id: row.comment for row in rows})
        yield [
            Survey(*(*row[1:-3], _facts(row.alert, AlertFacts), _facts(row.contest, ContestFacts), given[row.id]))
            for row in rows
        ]


def _facts(kept: Any, kind: type[F]) -> F | None:
    return None if kept is None else msgspec.convert(kept, kind)


@dataclass(frozen=True, slots=True)
class JobRow:
    """One kept job with everything that happened to it (B-N5); `values`, `choices` and `texts` by question."""

    shop_id: int
    shop: str
    zone: str
    job_key: str
    ro_number: str | None
    customer: str | None
    vehicle: str | None
    insurer: str | None
    programme: str
    estimator: str | None
    appraiser: str | None
    total_cents: int | None
    currency: str | None
    created_on: date | None
    arrived_on: date | None
    promised_on: date | None
    delivered_on: date | None
    received_at: datetime
    callable_on: date | None
    state: str | None
    reason: str | None
    sent_at: datetime | None
    bounced_at: datetime | None
    started_at: datetime | None
    opened_at: datetime | None
    answered_at: datetime | None
    unsubscribed_at: datetime | None
    text_arrived_at: datetime | None
    calls: int
    channel: str | None
    people: Mapping[str, Sequence[tuple[str, float]]] | None
    values: Mapping[str, int] | None
    choices: Mapping[str, list[str]] | None
    texts: Mapping[str, str] | None
    comment: str | None


def _received(chosen: Selection) -> str:
    """Jobs received in the period (delivered in it, on the delivery basis), or those a response rate is of."""
    if chosen.invited:
        return f"i.id IN (SELECT i.id {chosen.invitations('j')} AND i.bounced_at IS NULL)"
    asked = (
        "(:channel = '' AND :language = '' OR EXISTS (SELECT 1 FROM sample n JOIN invitation m ON m.sample_id = n.id "
        "WHERE n.job_id = j.id AND :channel IN ('', m.channel) AND :language IN ('', m.language)))"
    )
    if chosen.basis == "delivery":
        return f"{DELIVERED} AND {asked}"
    return f"{chosen.happened('j.received_at', 'j.shop_id')} AND {OF_JOB} AND {asked}"


def _jobs(chosen: Selection) -> str:
    """Each job with the sample that tells most, of the chosen programme where one is; behind a response rate each of the
    invitations it is a rate of, so that there are as many rows."""
    if chosen.invited:
        return "invitation i JOIN sample s ON s.id = i.sample_id JOIN job j ON j.id = s.job_id"
    return (
        "job j LEFT JOIN LATERAL (SELECT * FROM sample s WHERE s.job_id = j.id "
        f"AND (CAST(:programme AS bigint) IS NULL OR s.programme_id = :programme) ORDER BY {TELLING} LIMIT 1) s ON true "
        "LEFT JOIN invitation i ON i.sample_id = s.id"
    )


def job_count(connection: Connection, chosen: Selection) -> int:
    number: int = connection.execute(
        text(f"SELECT count(*) FROM {_jobs(chosen)} WHERE {_received(chosen)}"),
        {**chosen.values(), "all_shops": shops_of(chosen)},
    ).scalar_one()
    return number


def job_rows(connection: Connection, chosen: Selection, batch: int = 250) -> Iterator[list[JobRow]]:
    """Newest first, in batches straight from the server's cursor."""
    cursor = connection.execution_options(stream_results=True, yield_per=batch).execute(
        text(
            "SELECT j.shop_id, h.name AS shop, h.zone, j.job_key, j.ro_number, "
            "coalesce(nullif(concat_ws(' ', j.first_name, j.last_name), ''), j.company) AS customer, j.vehicle, "
            "j.insurer_name, p.name AS programme, rc_known_as(j.shop_id, j.estimator) AS estimator, "
            "rc_known_as(j.shop_id, j.appraiser) AS appraiser, j.total_cents, j.currency, j.created_on, "
            "j.arrived_on, j.promised_on, j.delivered_on, j.received_at, s.callable_on, s.state, s.reason, i.sent_at, "
            "i.bounced_at, i.started_at, i.opened_at, CASE WHEN a.id IS NOT NULL THEN i.answered_at END AS answered_at, "
            "i.unsubscribed_at, i.delivered_at, (SELECT count(*) FROM interview v JOIN interview_call k "
            "ON k.org_id = v.org_id AND k.shop_id = v.shop_id AND k.interview_id = v.id WHERE v.invitation_id = i.id) AS calls, "
            f"coalesce(a.channel, i.channel) AS channel, {_PEOPLE} AS people, "
            "(SELECT jsonb_object_agg(v.question, v.value) FROM answer_value v "
            "WHERE v.org_id = a.org_id AND v.shop_id = a.shop_id AND v.answer_id = a.id) AS given, "
            "(SELECT jsonb_object_agg(c.question, c.chosen) FROM (SELECT question, jsonb_agg(choice) AS chosen "
            " FROM answer_choice c WHERE c.org_id = a.org_id AND c.shop_id = a.shop_id AND c.answer_id = a.id "
            " GROUP BY question) c) AS chosen, (SELECT jsonb_object_agg(t.question, t.words) FROM answer_text t "
            "WHERE t.org_id = a.org_id AND t.shop_id = a.shop_id AND t.answer_id = a.id AND t.words IS NOT NULL) AS texts, "
            f"a.comment FROM {_jobs(chosen)} JOIN shop h ON h.id = j.shop_id "
            "JOIN programme p ON p.id = coalesce(s.programme_id, j.programme_id) "
            "LEFT JOIN answer a ON a.invitation_id = i.id AND a.visible_from <= :now "
            f"WHERE {_received(chosen)} ORDER BY j.received_at DESC, j.id DESC"
        ),
        {**chosen.values(), "all_shops": shops_of(chosen)},
    )
    for rows in cursor.partitions(batch):
        yield [JobRow(*row) for row in rows]
