"""Alerts one row each, of the answers a report is about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, text

from repaircenter.central.reporting.sql.cohort import Selection


@dataclass(frozen=True, slots=True)
class AlertRow:
    shop_id: int
    shop: str
    zone: str
    programme: str
    job_key: str
    ro_number: str | None
    customer: str | None
    state: str
    low: Sequence[str]
    opened_at: datetime
    due_at: datetime
    ended_at: datetime | None
    owner_id: int | None
    cause: str | None
    action: str | None
    outcome: str | None
    comment: str | None
    questionnaire_id: int
    values: Mapping[str, int]
    kind: str


def counts(connection: Connection, chosen: Selection) -> dict[str, int]:
    """How many alerts stand in each state."""
    rows = connection.execute(
        text(f"SELECT state, count(*) FROM alert l WHERE {_chosen(chosen)} GROUP BY state"), chosen.values()
    )
    return {row[0]: row[1] for row in rows}


def alert_rows(connection: Connection, chosen: Selection, batch: int = 250) -> Iterator[list[AlertRow]]:
    """Open ones first, the most urgent of them first, then what ended last; straight from the server's cursor."""
    cursor = connection.execute(
        text(
            "SELECT l.shop_id, h.name, h.zone, p.name, j.job_key, j.ro_number, "
            "coalesce(nullif(concat_ws(' ', j.first_name, j.last_name), ''), j.company), l.state, l.low, l.opened_at, "
            "l.due_at, l.ended_at, l.owner_id, l.cause, l.action, l.outcome, "
            "CASE l.kind WHEN 'reply' THEN (SELECT string_agg(r.words, E'\n\n' ORDER BY r.came_at, r.id) FROM reply r "
            "WHERE r.invitation_id = l.invitation_id) ELSE b.comment END, i.questionnaire_id, "
            "(SELECT json_object_agg(v.question, v.value) FROM answer_value v "
            "WHERE v.org_id = l.org_id AND v.shop_id = l.shop_id AND v.answer_id = l.answer_id), "
            "l.kind FROM alert l LEFT JOIN answer b ON b.id = l.answer_id "
            "JOIN invitation i ON i.id = coalesce(l.invitation_id, b.invitation_id) "
            "JOIN job j ON j.id = l.job_id JOIN programme p ON p.id = l.programme_id JOIN shop h ON h.id = l.shop_id "
            f"WHERE {_chosen(chosen)} "
            "ORDER BY l.ended_at DESC NULLS FIRST, l.due_at, l.id"
        ),
        chosen.values(),
        execution_options={"stream_results": True, "yield_per": batch},
    )
    for rows in cursor.partitions(batch):
        yield [AlertRow(*(*row[:-2], row[-2] or {}, row[-1])) for row in rows]


def _chosen(chosen: Selection) -> str:
    """Those about the answers of a selection, contested or not, and those opened in its period about no answer (A-P8), unless
    something is chosen that only an answer or a survey has."""
    answered = f"l.answer_id IN (SELECT a.id {replace(chosen, with_contested=True).answers()})"
    only_answers = (chosen.channel, chosen.language, chosen.size, chosen.employees, chosen.group, chosen.questions)
    if any(only_answers) or chosen.stars is not None or chosen.job_key:
        return answered
    programme = "(CAST(:programme AS bigint) IS NULL OR l.programme_id = :programme)"
    return f"({answered} OR (l.answer_id IS NULL AND {programme} AND {chosen.happened('l.opened_at', 'l.shop_id')}))"
