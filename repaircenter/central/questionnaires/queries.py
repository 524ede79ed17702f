"""SQL of questionnaires: what is asked, as it is asked now and as it was, and what organisations make their own."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, text

from repaircenter.wire.surveys.questionnaires import Question, Questionnaire


def questions_in_use(connection: Connection, *, enrolled: bool = True, scored: bool = True) -> list[Question]:
    """What the programmes of the shops in scope ask, and after it what they asked earlier: each question once, as it is
    asked now, with the choices it had earlier after those of today. `enrolled` false takes programmes nobody joined yet, too,
    `scored` false what has no scale, too."""
    joined = "AND EXISTS (SELECT 1 FROM enrolment e WHERE e.programme_id = p.id)" if enrolled else ""
    rows = connection.execute(
        text(
            "SELECT q.content FROM questionnaire q "
            f"WHERE EXISTS (SELECT 1 FROM programme p WHERE p.questionnaire = q.key {joined}) "
            "ORDER BY row_number() OVER (PARTITION BY q.key ORDER BY q.version DESC), q.key"
        )
    )
    questions: dict[str, Question] = {}
    for row in rows:
        for question in msgspec.convert(row.content, Questionnaire).questions:
            if question.is_scored or not scored:
                known = questions.setdefault(question.key, question)
                today = {option.key for option in known.options}
                if earlier := [option for option in question.options if option.key not in today]:
                    questions[question.key] = replace(known, options=[*known.options, *earlier])
    return list(questions.values())


def other_scale(connection: Connection, questionnaire: Questionnaire) -> str:
    """The key of a question that is asked on another scale elsewhere: figures are counted by key, over all questionnaires
    and versions in sight. Empty when there is none."""
    rows = connection.execute(text("SELECT content FROM questionnaire"))
    kept = {
        question.key: (question.kind, question.minimum, question.maximum)
        for row in rows
        for question in msgspec.convert(row.content, Questionnaire).questions
    }
    mine = ((q.key, (q.kind, q.minimum, q.maximum)) for q in questionnaire.questions)
    return next((key for key, scale in mine if kept.get(key, scale) != scale), "")


def questionnaire_of(connection: Connection, questionnaire_id: int) -> Questionnaire:
    """One questionnaire in its version."""
    content = connection.execute(
        text("SELECT content FROM questionnaire WHERE id = :id"), {"id": questionnaire_id}
    ).scalar_one()
    return msgspec.convert(content, Questionnaire)


def may_be_asked(connection: Connection) -> dict[str, Questionnaire]:
    """Those that a programme of the organisation may ask, by key, as they are asked now."""
    return {row.key: row.content for row in newest(connection)}


# Of an organisation, within an hour.
_MOST_DRAFTS = 50


class QuestionnaireRow(NamedTuple):
    """The newest version of a questionnaire; `id` is that of its first one."""

    id: int
    key: str
    version: int
    is_own: bool
    content: Questionnaire
    last_key: str | None
    made_by: str | None
    made_at: datetime | None
    programmes: Sequence[str]


def newest(connection: Connection) -> list[QuestionnaireRow]:
    """Ours, the operator's and the organisation's own, with the names of the programmes in sight that ask them; by key. What
    another organisation asks of shops in sight is no choice."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT ON (q.key) first_value(q.id) OVER (PARTITION BY q.key ORDER BY q.version) AS id, q.key, "
            "q.version, q.org_id IS NOT NULL AS is_own, q.content, q.last_key, p.name AS made_by, q.made_at, ARRAY(SELECT "
            " g.name FROM programme g WHERE g.questionnaire = q.key AND g.active ORDER BY 1) AS programmes "
            "FROM questionnaire q LEFT JOIN person p ON p.id = q.made_by "
            "WHERE q.org_id IS NULL OR q.org_id = rc_scope_organisation() ORDER BY q.key, q.version DESC"
        )
    )
    return [QuestionnaireRow._make((*row[:4], msgspec.convert(row.content, Questionnaire), *row[5:])) for row in rows]


def lock(connection: Connection, org_id: int) -> None:
    """Let one transaction at a time change questionnaires of an organisation."""
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('questionnaires'), CAST(:org AS integer))"), {"org": org_id}
    )


def add_version(
    connection: Connection, org_id: int, content: Questionnaire, key: str, person_id: int, at: datetime
) -> None:
    """Another version of an organisation's own questionnaire, or its first."""
    connection.execute(
        text(
            "INSERT INTO questionnaire (key, version, content, org_id, last_key, made_by, made_at) "
            "VALUES (:name, :version, CAST(:content AS jsonb), :org, :key, :me, :at)"
        ),
        {
            "name": content.key,
            "version": content.version,
            "content": msgspec.json.encode(content).decode(),
            "org": org_id,
            "key": key,
            "me": person_id,
            "at": at,
        },
    )


class Draft(NamedTuple):
    """What is looked at as a customer of a shop would see it."""

    content: Questionnaire
    shop: str
    language: str


def add_draft(
    connection: Connection, org_id: int, token_hash: bytes, draft: Draft, ends_at: datetime
) -> None:
    """What is to be looked at; the oldest of many are forgotten."""
    connection.execute(
        text(
            "DELETE FROM questionnaire_draft WHERE token_hash IN "
            "(SELECT token_hash FROM questionnaire_draft ORDER BY ends_at DESC OFFSET :most)"
        ),
        {"most": _MOST_DRAFTS},
    )
    connection.execute(
        text(
            "INSERT INTO questionnaire_draft (org_id, token_hash, content, shop, language, ends_at) "
            "VALUES (:org, :hash, CAST(:content AS jsonb), :shop, :language, :ends)"
        ),
        {
            "org": org_id,
            "hash": token_hash,
            "content": msgspec.json.encode(draft.content).decode(),
            "shop": draft.shop,
            "language": draft.language,
            "ends": ends_at,
        },
    )


def forget_drafts(connection: Connection, at: datetime) -> None:
    """Nobody can look any more at what is over."""
    connection.execute(text("DELETE FROM questionnaire_draft WHERE ends_at <= :at"), {"at": at})


def draft(connection: Connection, token_hash: bytes, at: datetime) -> Draft | None:
    """What is looked at by whoever has its address; it needs no scope."""
    row = connection.execute(
        text("SELECT content, shop, language FROM rc_questionnaire_draft(:hash, :at)"), {"hash": token_hash, "at": at}
    ).first()
    return None if row is None else Draft(msgspec.convert(row.content, Questionnaire), row.shop, row.language)


def add_questionnaire(connection: Connection, key: str, version: int, content: object) -> bool:
    """Keep a version of one of ours or the operator's; a version that is there is never changed (answers keep their text).

    False if it is there with another content.
    """
    values = {"key": key, "version": version, "content": json.dumps(content)}
    kept = "INSERT INTO questionnaire (key, version, content) VALUES (:key, :version, :content) ON CONFLICT DO NOTHING"
    connection.execute(text(kept), values)
    same: bool = connection.execute(
        text("SELECT content = CAST(:content AS jsonb) FROM questionnaire WHERE key = :key AND version = :version"),
        values,
    ).scalar_one()
    return same


def shop_name(connection: Connection, shop_id: int) -> str:
    return str(connection.execute(text("SELECT name FROM shop WHERE id = :id"), {"id": shop_id}).scalar_one())
