"""SQL of contests."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, text

from repaircenter.central.surveys.answer_queries import given_answers
from repaircenter.central.surveys.answers import Answers
from repaircenter.wire.surveys.questionnaires import Questionnaire


class Given(NamedTuple):
    """An answer as people know it."""

    answer_id: int
    org_id: int
    shop_id: int
    job_id: int
    programme_id: int
    shop: str
    zone: str
    programme: str
    job_key: str
    ro_number: str | None
    customer: str | None
    vehicle: str | None
    submitted_at: datetime
    questionnaire: Questionnaire
    answers: Answers


class ContestRow(NamedTuple):
    """A contest with the answer it is about."""

    id: int
    reason: str
    evidence: str
    state: str
    version: int
    last_key: str | None
    made_by: int
    made_at: datetime
    ends_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    note: str | None
    given: Given


_GIVEN = (
    "a.id AS answer_id, a.org_id, a.shop_id, j.id AS job_id, a.programme_id, h.name AS shop, h.zone, p.name AS programme, "
    "j.job_key, j.ro_number, coalesce(nullif(concat_ws(' ', j.first_name, j.last_name), ''), j.company) AS customer, "
    "j.vehicle, a.submitted_at, q.content, a.comment"
)
_OF_ANSWER = (
    "JOIN invitation i ON i.id = a.invitation_id JOIN sample s ON s.id = i.sample_id JOIN job j ON j.id = s.job_id "
    "JOIN questionnaire q ON q.id = i.questionnaire_id JOIN programme p ON p.id = a.programme_id "
    "JOIN shop h ON h.id = a.shop_id"
)
_CONTEST = (
    "c.id, c.reason, c.evidence, c.state, c.version, c.last_key, c.made_by, c.made_at, c.ends_at, c.decided_by, "
    "c.decided_at, c.note"
)
_COLUMNS = len(_CONTEST.split(","))


def contests(connection: Connection, most: int, contest_id: int | None = None) -> list[ContestRow]:
    """The contests of the scope, open ones first, then the newest; or one of them."""
    rows = connection.execute(
        text(
            f"SELECT {_CONTEST}, {_GIVEN} FROM contest c JOIN answer a ON a.id = c.answer_id {_OF_ANSWER} "
            "WHERE CAST(:id AS bigint) IS NULL OR c.id = :id ORDER BY c.state <> 'open', c.made_at DESC, c.id LIMIT :most"
        ),
        {"id": contest_id, "most": most},
    ).all()
    given = _given(connection, [row[_COLUMNS:] for row in rows])
    return [ContestRow._make((*row[:_COLUMNS], one)) for row, one in zip(rows, given, strict=True)]


def contestable(
    connection: Connection, since: datetime, now: datetime, most: int, answer_id: int | None = None
) -> list[Given]:
    """The answers of the scope that may be contested, the newest first; or one of them, whose customer is not erased before
    the transaction ends. Shown ones, sent since an instant, of jobs that are there, that nobody contests or has contested but
    who took it back."""
    rows = connection.execute(
        text(
            f"SELECT {_GIVEN} FROM answer a {_OF_ANSWER} WHERE a.submitted_at >= :since AND a.visible_from <= :now "
            "AND j.erased_at IS NULL AND j.withdrawn_at IS NULL AND (CAST(:id AS bigint) IS NULL OR a.id = :id) "
            "AND NOT EXISTS (SELECT 1 FROM contest c WHERE c.answer_id = a.id AND c.state <> 'withdrawn') "
            f"ORDER BY a.submitted_at DESC, a.id DESC LIMIT :most{' FOR SHARE OF j' if answer_id is not None else ''}"
        ),
        {"since": since, "now": now, "most": most, "id": answer_id},
    ).all()
    return _given(connection, rows)


def _given(connection: Connection, rows: Sequence[Any]) -> list[Given]:
    """Rows of `_GIVEN` with all that was answered."""
    answers = given_answers(connection, {row[0]: row[-1] for row in rows})
    return [
        Given._make((*row[:-2], msgspec.convert(row[-2], Questionnaire), answers[row[0]])) for row in map(tuple, rows)
    ]


def add(
    connection: Connection, given: Given, values: Mapping[str, object], at: datetime, ends_at: datetime
) -> int | None:
    """Contest an answer, once; None while another's contest of it stands. What was taken back is contested anew."""
    number: int | None = connection.execute(
        text(
            "INSERT INTO contest AS c (org_id, shop_id, answer_id, job_id, programme_id, reason, evidence, state, last_key, "
            "made_by, made_at, ends_at) VALUES (:org, :shop, :answer, :job, :programme, :reason, :evidence, 'open', :key, "
            ":me, :at, :ends) ON CONFLICT (answer_id) DO UPDATE SET reason = excluded.reason, evidence = excluded.evidence, "
            "state = 'open', last_key = excluded.last_key, made_by = excluded.made_by, made_at = excluded.made_at, "
            "ends_at = excluded.ends_at, decided_by = NULL, decided_at = NULL, note = NULL, version = c.version + 1 "
            "WHERE c.state = 'withdrawn' RETURNING id"
        ),
        {
            "org": given.org_id,
            "shop": given.shop_id,
            "answer": given.answer_id,
            "job": given.job_id,
            "programme": given.programme_id,
            "at": at,
            "ends": ends_at,
            **values,
        },
    ).scalar()
    return number


def lock(connection: Connection, contest_id: int) -> None:
    """Have nobody else decide a contest until this transaction ends."""
    connection.execute(text("SELECT 1 FROM contest WHERE id = :id FOR UPDATE"), {"id": contest_id})


def known_key(connection: Connection, person_id: int, key: str) -> int | None:
    """The contest a person made or changed last with this key."""
    number: int | None = connection.execute(
        text("SELECT id FROM contest WHERE last_key = :key AND (made_by = :me OR decided_by = :me)"),
        {"key": key, "me": person_id},
    ).scalar()
    return number


def decide(
    connection: Connection, contest_id: int, state: str, by: int | None, at: datetime, note: str | None, key: str | None
) -> None:
    """End a contest; `by` None for one that nobody decided."""
    connection.execute(
        text(
            "UPDATE contest SET state = :state, decided_by = :by, decided_at = :at, note = :note, last_key = :key, "
            "version = version + 1 WHERE id = :id"
        ),
        {"id": contest_id, "state": state, "by": by, "at": at, "note": note, "key": key},
    )


def lapse(connection: Connection, contest_id: int, at: datetime) -> bool:
    """End a contest nobody decided by its last day; False when it is decided, or was made anew since."""
    ended = connection.execute(
        text(
            "UPDATE contest SET state = 'lapsed', decided_at = :at, version = version + 1 "
            "WHERE id = :id AND state = 'open' AND ends_at <= :at"
        ),
        {"id": contest_id, "at": at},
    )
    return bool(ended.rowcount)


def end_gone(connection: Connection, job_id: int, at: datetime) -> None:
    """Nobody can decide about an answer whose job was withdrawn or erased: it counts as it was given."""
    connection.execute(
        text(
            "UPDATE contest SET state = 'lapsed', decided_at = :at, version = version + 1 "
            "WHERE job_id = :job AND state = 'open'"
        ),
        {"job": job_id, "at": at},
    )


class Told(NamedTuple):
    """Somebody who works in a shop, and their roles there."""

    person_id: int
    roles: Sequence[str]


def people_at(connection: Connection, shop_id: int) -> list[Told]:
    """The active people of a shop. Needs the worker."""
    rows = connection.execute(
        text(
            "SELECT p.id, at.roles FROM rc_people_at(:shop) AS at JOIN person p ON p.id = at.person_id AND p.active ORDER BY p.id"
        ),
        {"shop": shop_id},
    )
    return [Told(*row) for row in rows]


def add_mail(connection: Connection, row: ContestRow, person_id: int) -> int | None:
    """A message about a contest as it stands now, once a person and version; None when there is one."""
    number: int | None = connection.execute(
        text(
            "INSERT INTO contest_mail (org_id, shop_id, contest_id, person_id, version) "
            "VALUES (:org, :shop, :contest, :person, :version) ON CONFLICT DO NOTHING RETURNING id"
        ),
        {
            "org": row.given.org_id,
            "shop": row.given.shop_id,
            "contest": row.id,
            "person": person_id,
            "version": row.version,
        },
    ).scalar()
    return number


class Mail(NamedTuple):
    """A message about a contest at the moment it leaves."""

    contest_id: int
    version: int
    org_id: int
    person_id: int
    name: str
    email: str
    language: str
    roles: Sequence[str]


def mail(connection: Connection, mail_id: int, now: datetime) -> Mail | None:
    """A message as things stand; None for somebody who works there no more, or without the licence. Needs the worker."""
    row = connection.execute(
        text(
            "SELECT m.contest_id, m.version, m.org_id, p.id, p.name, p.email, p.language, at.roles FROM contest_mail m "
            "JOIN person p ON p.id = m.person_id AND p.active JOIN rc_people_at(m.shop_id) AS at ON at.person_id = p.id "
            "JOIN organisation o ON o.id = m.org_id AND o.surveys AND coalesce(o.licence_until > :now, true) "
            "WHERE m.id = :id"
        ),
        {"id": mail_id, "now": now},
    ).first()
    return None if row is None else Mail._make(row)
