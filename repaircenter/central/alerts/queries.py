"""SQL of alerts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, text

from repaircenter.central.surveys.answer_queries import given_answers
from repaircenter.central.surveys.answers import Answers
from repaircenter.wire.alerts import Colleague
from repaircenter.wire.surveys.questionnaires import Questionnaire


class Answer(NamedTuple):
    """An answer that is to be judged, with the rule of its programme as it stands now."""

    org_id: int
    shop_id: int
    job_id: int
    programme_id: int
    zone: str
    submitted_at: datetime
    questionnaire: Questionnaire
    values: Mapping[str, int]
    at_most: int | None
    hours: int


class AlertRow(NamedTuple):
    """An alert with what it is about, as people read it; without an answer where it is about none."""

    id: int
    kind: str
    reason: str | None
    shop_id: int
    state: str
    version: int
    last_key: str | None
    low: Sequence[str]
    opened_at: datetime
    due_at: datetime
    recovery_demanded: bool
    programme: str
    shop: str
    zone: str
    is_erased: bool
    job_key: str
    ro_number: str | None
    customer: str | None
    vehicle: str | None
    comment: str | None
    owner_id: int | None
    changed_by: int | None
    changed_at: datetime | None
    cause: str | None
    action: str | None
    outcome: str | None
    ended_by: int | None
    ended_at: datetime | None
    questionnaire_id: int
    answer_id: int | None
    credited: Sequence[int]
    answers: Answers


class Reader(NamedTuple):
    """Somebody who may get mail about a shop's alerts."""

    id: int
    roles: Sequence[str]
    choice: str | None


class Mail(NamedTuple):
    """A morning's mail about some alerts of a shop to one person, as things stand now."""

    org_id: int
    shop_id: int
    shop: str
    zone: str
    name: str
    email: str
    language: str
    reader: Reader
    alerts: Sequence[int]


# By the whole key of the values: without the organisation all of them would be gone through for each answer.
_VALUES = (
    "(SELECT json_object_agg(v.question, v.value) FROM answer_value v "
    "WHERE v.org_id = a.org_id AND v.shop_id = a.shop_id AND v.answer_id = a.id)"
)


def answer(connection: Connection, answer_id: int) -> Answer | None:
    """The answer as it stands; None where the organisation has no alerts, or its customer was erased."""
    row = connection.execute(
        text(
            "SELECT a.org_id, a.shop_id, s.job_id, a.programme_id, h.zone, a.submitted_at, q.content, "
            f"{_VALUES} AS given, p.alert_at_most, p.alert_hours FROM answer a "
            "JOIN invitation i ON i.id = a.invitation_id JOIN sample s ON s.id = i.sample_id "
            "JOIN job j ON j.id = s.job_id JOIN questionnaire q ON q.id = i.questionnaire_id "
            "JOIN programme p ON p.id = a.programme_id JOIN shop h ON h.id = a.shop_id "
            "JOIN organisation o ON o.id = a.org_id "
            "WHERE a.id = :id AND 'alerts' = ANY(o.modules) AND j.erased_at IS NULL FOR SHARE OF j"
        ),
        {"id": answer_id},
    ).first()
    if row is None:
        return None
    questionnaire = msgspec.convert(row.content, Questionnaire)
    return Answer._make((*row[:6], questionnaire, row.given or {}, row.alert_at_most, row.alert_hours))


def add(connection: Connection, answer_id: int, about: Answer, low: Sequence[str], at: datetime, due: datetime) -> bool:
    """Open an alert for an answer, once; False when there is one."""
    opened = connection.execute(
        text(
            "INSERT INTO alert (org_id, shop_id, answer_id, job_id, programme_id, low, opened_at, due_at, state) "
            "VALUES (:org, :shop, :answer, :job, :programme, :low, :at, :due, 'new') ON CONFLICT (answer_id) DO NOTHING"
        ),
        {
            "org": about.org_id,
            "shop": about.shop_id,
            "answer": answer_id,
            "job": about.job_id,
            "programme": about.programme_id,
            "low": list(low),
            "at": at,
            "due": due,
        },
    )
    return bool(opened.rowcount)


_READ = (
    "SELECT l.id, l.kind, CASE WHEN l.kind = 'unreached' THEN s.reason END AS reason, l.shop_id, l.state, l.version, "
    "l.last_key, l.low, l.opened_at, l.due_at, p.recovery_demanded, "
    "p.name AS programme, h.name AS shop, h.zone, j.erased_at IS NOT NULL AS is_erased, j.job_key, j.ro_number, "
    "coalesce(nullif(concat_ws(' ', j.first_name, j.last_name), ''), j.company) AS customer, j.vehicle, "
    "CASE l.kind WHEN 'reply' THEN (SELECT string_agg(r.words, E'\n\n' ORDER BY r.came_at, r.id) FROM reply r "
    "WHERE r.invitation_id = l.invitation_id) ELSE a.comment END AS comment, "
    "l.owner_id, l.changed_by, l.changed_at, l.cause, l.action, l.outcome, l.ended_by, l.ended_at, i.questionnaire_id, "
    "l.answer_id, rc_accounts_of(l.shop_id, i.people) AS credited FROM alert l LEFT JOIN answer a ON a.id = l.answer_id "
    "JOIN invitation i ON i.id = coalesce(l.invitation_id, a.invitation_id) JOIN sample s ON s.id = i.sample_id "
    "JOIN job j ON j.id = l.job_id JOIN programme p ON p.id = l.programme_id JOIN shop h ON h.id = l.shop_id "
)


def shown(connection: Connection, since: datetime, most: int) -> list[AlertRow]:
    """The alerts of the scope that are open, the most urgent first, then those that ended since an instant, the last one
    first; at most so many."""
    rows = connection.execute(
        text(
            f"{_READ} WHERE l.ended_at IS NULL OR l.ended_at >= :since "
            "ORDER BY l.ended_at DESC NULLS FIRST, l.due_at, l.id LIMIT :most"
        ),
        {"since": since, "most": most},
    )
    return _with_answers(connection, rows.all())


def alerts(connection: Connection, ids: Sequence[int]) -> list[AlertRow]:
    """Some alerts of the scope, the oldest first."""
    rows = connection.execute(text(f"{_READ} WHERE l.id = ANY(:ids) ORDER BY l.opened_at, l.id"), {"ids": list(ids)})
    return _with_answers(connection, rows.all())


def _with_answers(connection: Connection, rows: Sequence[Any]) -> list[AlertRow]:
    given = given_answers(connection, {row.answer_id: row.comment for row in rows if row.answer_id is not None})
    return [AlertRow._make((*row, given.get(row.answer_id, Answers()))) for row in rows]


def lock(connection: Connection, alert_id: int) -> None:
    """Have nobody else change an alert until this transaction ends."""
    connection.execute(text("SELECT 1 FROM alert WHERE id = :id FOR UPDATE"), {"id": alert_id})


def change(connection: Connection, alert_id: int, values: Mapping[str, object]) -> None:
    """Set columns of an alert, which becomes its next version."""
    assigned = ", ".join(f"{name} = :{name}" for name in values)
    connection.execute(
        text(f"UPDATE alert SET version = version + 1, {assigned} WHERE id = :id"), {**values, "id": alert_id}
    )


def set_seen(connection: Connection, alert_id: int) -> None:
    """Somebody has opened an alert; it is the same version still."""
    connection.execute(text("UPDATE alert SET state = 'seen' WHERE id = :id AND state = 'new'"), {"id": alert_id})


def end_erased(connection: Connection, job_id: int, at: datetime) -> None:
    """Nobody can act on an alert whose customer was erased."""
    connection.execute(
        text(
            "UPDATE alert SET state = 'erased', version = version + 1, ended_at = :at "
            "WHERE job_id = :job AND ended_at IS NULL"
        ),
        {"job": job_id, "at": at},
    )


def questionnaires(connection: Connection, ids: set[int]) -> dict[int, Questionnaire]:
    rows = connection.execute(text("SELECT id, content FROM questionnaire WHERE id = ANY(:ids)"), {"ids": list(ids)})
    return {row.id: msgspec.convert(row.content, Questionnaire) for row in rows}


def people(connection: Connection) -> tuple[list[Colleague], dict[int, str]]:
    """Who may be given an alert of the scope's shops, by name; and the name of everybody known there."""
    rows = connection.execute(
        text(
            "SELECT id, name, bool_or(active) AS active, array_agg(shop_id ORDER BY shop_id) AS shops "
            "FROM rc_people_of_shops() GROUP BY id, name ORDER BY name, id"
        )
    ).all()
    colleagues = [Colleague(id=row.id, name=row.name, shops=row.shops) for row in rows if row.active]
    return colleagues, {row.id: row.name for row in rows}


def choices(connection: Connection, person_id: int) -> dict[int, str]:
    """What a person chose, by shop."""
    rows = connection.execute(
        text("SELECT shop_id, choice FROM alert_choice WHERE person_id = :person"), {"person": person_id}
    )
    return {row.shop_id: row.choice for row in rows}


def choose(connection: Connection, org_id: int, person_id: int, shop_id: int, choice: str) -> None:
    connection.execute(
        text(
            "INSERT INTO alert_choice (org_id, person_id, shop_id, choice) VALUES (:org, :person, :shop, :choice) "
            "ON CONFLICT (org_id, person_id, shop_id) DO UPDATE SET choice = EXCLUDED.choice"
        ),
        {"org": org_id, "person": person_id, "shop": shop_id, "choice": choice},
    )


class Untold(NamedTuple):
    """An open alert that somebody is to be told of: everybody at first, later the one it was given to."""

    org_id: int
    id: int
    owner_id: int | None
    is_known: bool
    # The accounts of those who worked on the job.
    credited: Sequence[int]


def untold(connection: Connection, shop_id: int, at: datetime) -> list[Untold]:
    """The open alerts of a shop nobody was written to about, and those whose owner was not; locked."""
    rows = connection.execute(
        text(
            "SELECT l.org_id, l.id, l.owner_id, l.mailed_at IS NOT NULL, (SELECT rc_accounts_of(i.shop_id, i.people) "
            "FROM invitation i WHERE i.id = coalesce(l.invitation_id, (SELECT a.invitation_id FROM answer a "
            "WHERE a.id = l.answer_id))) FROM alert l WHERE l.shop_id = :shop AND l.ended_at IS NULL "
            "AND l.opened_at <= :at AND (l.mailed_at IS NULL OR l.owner_id <> ALL (l.told)) ORDER BY l.id FOR UPDATE"
        ),
        {"shop": shop_id, "at": at},
    )
    return [Untold._make(row) for row in rows]


def set_told(connection: Connection, alert_id: int, people: Sequence[int], at: datetime) -> None:
    """Note whom a mail about an alert was queued for."""
    connection.execute(
        text("UPDATE alert SET mailed_at = coalesce(mailed_at, :at), told = told || :people WHERE id = :id"),
        {"id": alert_id, "people": list(people), "at": at},
    )


def readers(connection: Connection, shop_id: int) -> list[Reader]:
    """The active people of a shop and what they chose for it."""
    rows = connection.execute(
        text(
            "SELECT p.id, at.roles, c.choice FROM rc_people_at(:shop) AS at JOIN person p ON p.id = at.person_id "
            "LEFT JOIN alert_choice c ON c.person_id = p.id AND c.shop_id = :shop WHERE p.active ORDER BY p.id"
        ),
        {"shop": shop_id},
    )
    return [Reader(*row) for row in rows]


def add_mail(
    connection: Connection, org_id: int, shop_id: int, person_id: int, ids: Sequence[int], at: datetime
) -> int:
    number: int = connection.execute(
        text(
            "INSERT INTO alert_mail (org_id, shop_id, person_id, alerts, made_at) "
            "VALUES (:org, :shop, :person, :alerts, :at) RETURNING id"
        ),
        {"org": org_id, "shop": shop_id, "person": person_id, "alerts": list(ids), "at": at},
    ).scalar_one()
    return number


# What an organisation pays for at an instant (A-01, MODULES 1).
LICENSED = "'alerts' = ANY(o.modules) AND o.surveys AND coalesce(o.licence_until > :now, true)"


def mail(connection: Connection, mail_id: int, now: datetime) -> Mail | None:
    """A morning's mail as things stand; None for somebody who is no longer there, or without the licence."""
    row = connection.execute(
        text(
            "SELECT m.org_id, m.shop_id, h.name, h.zone, p.name, p.email, p.language, p.id, at.roles, c.choice, m.alerts "
            "FROM alert_mail m JOIN shop h ON h.id = m.shop_id JOIN organisation o ON o.id = m.org_id "
            "JOIN person p ON p.id = m.person_id AND p.active "
            "JOIN rc_people_at(m.shop_id) AS at ON at.person_id = p.id "
            "LEFT JOIN alert_choice c ON c.person_id = p.id AND c.shop_id = m.shop_id "
            f"WHERE m.id = :id AND {LICENSED}"
        ),
        {"id": mail_id, "now": now},
    ).first()
    return None if row is None else Mail._make((*row[:7], Reader._make(row[7:10]), row[10]))
