"""SQL of questionnaires: what is asked, as it is asked now and as it was."""

import msgspec
from sqlalchemy import Connection, text

from repaircenter.wire.questionnaires import Question, Questionnaire


def questions_in_use(connection: Connection, *, enrolled: bool = True, scored: bool = True) -> list[Question]:
    """What the programmes of the shops in scope ask, and after it what they asked earlier: each question once, as it is
    asked now. `enrolled` false takes programmes nobody joined yet, too, `scored` false what has no scale, too."""
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
                questions.setdefault(question.key, question)
    return list(questions.values())


def newest_questionnaire(connection: Connection, key: str) -> Questionnaire | None:
    """The questionnaire of a key as it is asked now."""
    content = connection.execute(text("SELECT rc_newest_questionnaire(:key)"), {"key": key}).scalar_one()
    return None if content is None else msgspec.convert(content, Questionnaire)


def other_scale(connection: Connection, questionnaire: Questionnaire) -> str:
    """The key of a question that is asked on another scale elsewhere: figures are counted by key, over all questionnaires
    and versions. Empty when there is none."""
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
