"""SQL of what a customer does with a survey: opens it, answers page by page, sends it, or stops it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, text

from repaircenter.central.core.events import ANSWERED, Event
from repaircenter.central.db.connections import Scope
from repaircenter.central.surveys.answers import Answers
from repaircenter.central.surveys.rules import PUBLISH, visible_from
from repaircenter.central.surveys.sent_page import SentPage
from repaircenter.central.surveys.sheet import Sheet
from repaircenter.central.timers import queries as timers
from repaircenter.central.timers.queries import Due
from repaircenter.wire.surveys.questionnaires import Questionnaire
from repaircenter.wire.vocabulary import PHONE

# What was answered besides the comment: by answer, question, and what was given.
_GIVEN = {"answer_value": "value", "answer_choice": "choice", "answer_text": "words"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey(Sheet):
    """An invitation with what its page and its mail show; `scope` is the one it was read in."""

    id: int
    scope: Scope
    org_id: int
    shop_id: int
    sample_id: int
    job_id: int
    email: str | None
    phones: list[str]
    came_on: date
    channel: str
    address_mac: bytes
    nonce: bytes
    answered: bool
    open: bool
    programme_id: int
    zone: str
    publishing: str

    @property
    def addresses(self) -> list[str]:
        """Where its customer could be written to or called."""
        return [*([] if self.email is None else [self.email]), *self.phones]

    def with_answers(self, answers: Answers) -> "Survey":
        """The survey with these answers."""
        return replace(self, answers=answers)


def invitation_of_token(connection: Connection, token_hash: bytes) -> tuple[int, Scope] | None:
    """The invitation of a token, and the scope the token opens."""
    row = connection.execute(text("SELECT id, scope FROM rc_invitation_by_token(:hash)"), {"hash": token_hash}).first()
    return None if row is None else (row.id, Scope(row.scope))


def survey(connection: Connection, invitation_id: int, scope: Scope) -> Survey | None:
    """The survey of an invitation, read in `scope`."""
    row = connection.execute(
        text(
            "SELECT i.id, i.org_id, i.shop_id, i.sample_id, s.job_id, i.programme_id, h.name, h.address, i.language, "
            "j.first_name, j.vehicle, j.email, j.phones, s.received_on, i.channel, i.address_mac, i.nonce, "
            "q.content, i.answered_at, s.state, t.given, "
            "ARRAY(SELECT e.promised_on FROM earlier_promise e WHERE e.job_id = j.id ORDER BY e.id) || j.promised_on "
            "AS promised, j.delivered_on, h.zone, p.publishing FROM invitation i "
            "JOIN sample s ON s.id = i.sample_id JOIN job j ON j.id = s.job_id JOIN shop h ON h.id = i.shop_id "
            "JOIN questionnaire q ON q.id = i.questionnaire_id JOIN programme p ON p.id = i.programme_id "
            "LEFT JOIN partial_answer t ON t.org_id = i.org_id AND t.shop_id = i.shop_id AND t.invitation_id = i.id "
            "WHERE i.id = :id"
        ),
        {"id": invitation_id},
    ).first()
    if row is None:
        return None
    return Survey(
        id=row.id,
        scope=scope,
        org_id=row.org_id,
        shop_id=row.shop_id,
        sample_id=row.sample_id,
        job_id=row.job_id,
        programme_id=row.programme_id,
        shop=row.name,
        shop_address=row.address or "",
        language=row.language,
        first_name=row.first_name,
        vehicle=row.vehicle,
        email=row.email,
        phones=list(row.phones),
        came_on=row.delivered_on or row.received_on,
        channel=row.channel,
        address_mac=bytes(row.address_mac),
        nonce=bytes(row.nonce),
        questionnaire=msgspec.convert(row.content, Questionnaire),
        answered=row.answered_at is not None,
        open=row.state == "invited",
        answers=msgspec.convert(row.given or {}, Answers),
        promised=_in_turn(row.promised),
        delivered_on=row.delivered_on,
        zone=row.zone,
        publishing=row.publishing,
    )


def _in_turn(days: Sequence[date | None]) -> list[date]:
    """The days that were promised; one that was said again right after itself is one."""
    known = [day for day in days if day is not None]
    return [day for place, day in enumerate(known) if place == 0 or day != known[place - 1]]


def _is_still_open(connection: Connection, survey: Survey) -> bool:
    """Whether the survey was neither answered nor ended since it was read. Its sample is locked: what is erased at the same
    time takes the customer's words with it, or keeps them out."""
    state: str | None = connection.execute(
        text("SELECT state FROM sample WHERE id = :id FOR UPDATE"), {"id": survey.sample_id}
    ).scalar_one_or_none()
    return state == "invited"


def add_answer(
    connection: Connection, survey: Survey, answers: Answers, at: datetime, channel: str | None = None
) -> int | None:
    """Record a survey's answer once and return its id; None when it was answered before, or ended meanwhile (withdrawn, erased).

    It is shown when the programme says (A-21).
    """
    if not _is_still_open(connection, survey):
        return None
    fields: dict[str, Any] = {
        "org": survey.org_id,
        "shop": survey.shop_id,
        "invitation": survey.id,
        "programme": survey.programme_id,
        "at": at,
        "visible": visible_from(at, survey.zone, survey.publishing),
        "comment": answers.comment or None,
        "language": survey.language,
        "channel": None if channel == survey.channel else channel,
    }
    answer_id = connection.execute(
        text(
            "INSERT INTO answer (org_id, shop_id, invitation_id, programme_id, submitted_at, visible_from, comment, "
            "language, channel) VALUES (:org, :shop, :invitation, :programme, :at, :visible, :comment, :language, :channel) "
            "ON CONFLICT (invitation_id) DO NOTHING RETURNING id"
        ),
        fields,
    ).scalar_one_or_none()
    if answer_id is None:
        return None
    whose = {**fields, "answer": answer_id}
    given = {
        "answer_value": answers.values.items(),
        "answer_choice": [(key, choice) for key, choices in answers.choices.items() for choice in choices],
        "answer_text": answers.texts.items(),
    }
    for table, column in _GIVEN.items():
        rows = [{**whose, "question": key, "given": value} for key, value in given[table]]
        if rows:
            connection.execute(
                text(
                    f"INSERT INTO {table} (org_id, shop_id, answer_id, question, {column}) "
                    "VALUES (:org, :shop, :answer, :question, :given)"
                ),
                rows,
            )
    connection.execute(
        text("UPDATE invitation SET answered_at = :at, shown_at = :visible WHERE id = :invitation"), fields
    )
    connection.execute(text("UPDATE sample SET state = 'answered' WHERE id = :id"), {"id": survey.sample_id})
    if fields["visible"] != at:
        timers.add(connection, PUBLISH, [Due(survey.org_id, survey.shop_id, answer_id, fields["visible"])])
    return int(answer_id)


def given_answers(connection: Connection, comments: Mapping[int, str | None]) -> dict[int, Answers]:
    """What was answered, by answer, of a batch at once: asked for row by row it takes ten times as long."""
    answers = {
        number: Answers(values={}, choices={}, texts={}, comment=said or "") for number, said in comments.items()
    }
    # A hundred answers are looked up one by one, whatever is best for a report over a whole network.
    connection.execute(text("SET LOCAL enable_nestloop = on"))
    for table, column in _GIVEN.items():
        for row in connection.execute(text(_select_given(table, column)), {"answers": list(answers)}):
            given = answers[row.answer_id]
            if table == "answer_choice":
                given.choices.setdefault(row.question, []).append(row.given)
            else:
                (given.values if table == "answer_value" else given.texts)[row.question] = row.given
    return answers


def publish(connection: Connection, answers: Sequence[int]) -> None:
    """Have the desks look again at the jobs of answers that are shown from now on."""
    connection.execute(
        text(
            "UPDATE sample SET state = state WHERE id IN (SELECT i.sample_id FROM answer a "
            "JOIN invitation i ON i.id = a.invitation_id WHERE a.id = ANY(:ids))"
        ),
        {"ids": list(answers)},
    )


def _select_given(table: str, column: str) -> str:
    """By the whole key: by a part of it the answers of all organisations would be gone through."""
    return (
        f"SELECT v.answer_id, v.question, v.{column} AS given FROM {table} v JOIN answer a ON a.org_id = v.org_id "
        f"AND a.shop_id = v.shop_id AND a.id = v.answer_id WHERE a.id = ANY(:answers) AND v.{column} IS NOT NULL"
    )


def note_probe(connection: Connection, survey: Survey, at: datetime) -> None:
    """The link was read, by a person's browser or by a scanner: who opens a survey says so otherwise (B-N2)."""
    connection.execute(
        text(
            "INSERT INTO survey_probe (org_id, shop_id, invitation_id, times, last_at) VALUES (:org, :shop, :id, 1, :at) "
            "ON CONFLICT (org_id, shop_id, invitation_id) DO UPDATE SET times = survey_probe.times + 1, last_at = :at"
        ),
        {"org": survey.org_id, "shop": survey.shop_id, "id": survey.id, "at": at},
    )


def note_opened(connection: Connection, invitation_id: int, at: datetime) -> None:
    """A person looked at the page."""
    connection.execute(
        text("UPDATE invitation SET opened_at = :at WHERE id = :id AND opened_at IS NULL"),
        {"at": at, "id": invitation_id},
    )


def note_page(connection: Connection, survey: Survey, page: str, seconds: int | None, at: datetime) -> None:
    """A page was sent: the survey is opened and begun, and so long was the page looked at, each time together (R-20)."""
    fields = {"org": survey.org_id, "shop": survey.shop_id, "id": survey.id, "page": page, "seconds": seconds, "at": at}
    connection.execute(
        text(
            "UPDATE invitation SET opened_at = coalesce(opened_at, :at), started_at = coalesce(started_at, :at) "
            "WHERE id = :id AND started_at IS NULL"
        ),
        fields,
    )
    connection.execute(
        text(
            "INSERT INTO survey_page (org_id, shop_id, invitation_id, page, seconds, sent_at) "
            "VALUES (:org, :shop, :id, :page, :seconds, :at) ON CONFLICT (org_id, shop_id, invitation_id, page) "
            "DO UPDATE SET seconds = survey_page.seconds + excluded.seconds, sent_at = excluded.sent_at"
        ),
        fields,
    )


def keep_partial(connection: Connection, survey: Survey, answers: Answers, at: datetime) -> bool:
    """Keep what was answered so far (A-P10); False when the survey was answered or has ended meanwhile."""
    if not _is_still_open(connection, survey):
        return False
    connection.execute(
        text(
            "INSERT INTO partial_answer (org_id, shop_id, invitation_id, given, changed_at) "
            "VALUES (:org, :shop, :id, :given, :at) ON CONFLICT (org_id, shop_id, invitation_id) "
            "DO UPDATE SET given = excluded.given, changed_at = excluded.changed_at"
        ),
        {
            "org": survey.org_id,
            "shop": survey.shop_id,
            "id": survey.id,
            "given": msgspec.json.encode(answers).decode(),
            "at": at,
        },
    )
    return True


def record_page(
    connection: Connection, survey: Survey, sent: SentPage, at: datetime, channel: str | None = None
) -> tuple[bool, Event | None]:
    """Keep a page that was sent; return whether it was kept, and what to publish once the survey is answered with it.

    `channel` is how the answer is given where that may differ from how the customer was asked.
    """
    answer_id = add_answer(connection, survey, sent.answers, at, channel) if sent.is_whole else None
    if answer_id is None and (sent.is_whole or not keep_partial(connection, survey, sent.answers, at)):
        return False, None
    note_page(connection, survey, sent.page, None if channel == PHONE else sent.seconds, at)
    if answer_id is None:
        return True, None
    return True, Event(ANSWERED, survey.org_id, survey.shop_id, survey.job_id, at, subject_id=answer_id)


class EarlierLink(NamedTuple):
    """A link of a survey that goes on another way: whose it was, and the customer's language."""

    shop: str
    language: str


def earlier_link(connection: Connection, token_hash: bytes) -> EarlierLink | None:
    """None for a link that never was one of ours, or is the one that holds."""
    row = connection.execute(text("SELECT shop, language FROM rc_earlier_link(:hash)"), {"hash": token_hash}).first()
    return None if row is None else EarlierLink(*row)


def stop_earlier(connection: Connection, token_hash: bytes, at: datetime) -> None:
    """Do not write any more to the address a former link went to."""
    connection.execute(text("SELECT rc_stop_earlier(:hash, :at)"), {"hash": token_hash, "at": at})


def unsubscribe(connection: Connection, survey: Survey, at: datetime) -> None:
    """Do not ask the invited address again: holds across the organisation; an answer already given stays."""
    connection.execute(text("SELECT rc_opt_out(:id, :at)"), {"id": survey.id, "at": at})
    connection.execute(
        text("UPDATE invitation SET unsubscribed_at = coalesce(unsubscribed_at, :at) WHERE id = :id"),
        {"id": survey.id, "at": at},
    )
    connection.execute(
        text("UPDATE sample SET state = 'refused', reason = 'unsubscribed' WHERE id = :id AND state = 'invited'"),
        {"id": survey.sample_id},
    )
