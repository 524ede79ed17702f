"""The mail of a shop's morning: what came in low since the last one, to whom it concerns (A-20, A-P3; requirements 6.3)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from repaircenter.central.accounts.roles import may
from repaircenter.central.alerts import queries
from repaircenter.central.alerts.rules import concerns, wants
from repaircenter.central.core.outgoing import DROPPED, Ended, Letter, MessageKind, Recipient
from repaircenter.central.core.service import Service
from repaircenter.central.core.work import Enqueue
from repaircenter.central.db.connections import WORKER
from repaircenter.central.messages.queueing import queue_message
from repaircenter.central.surveys.answers import in_words
from repaircenter.central.templates.rendering import Template, render
from repaircenter.rendering.values import instant
from repaircenter.runtime.text import Texts
from repaircenter.wire.surveys.questionnaires import Questionnaire
from repaircenter.wire.vocabulary import END_ALERTS, LOW, WORK_ON_ALERTS

LETTER = "alert.letter"
PLACEHOLDERS = frozenset(("name", "shop", "count", "several", "others", "alerts"))
TEMPLATE = Template("alerts", "letter", PLACEHOLDERS, frozenset(("shop", "alerts")))
SENDER = "RepairCenter"


def write_to_people(service: Service, _enqueue: Enqueue, shop_id: int) -> None:
    """Queue one message a person about the open alerts of a shop they were not told of: new ones to whom they concern,
    those that were given away to whose they are now."""
    with service.worker.scoped(WORKER) as connection:
        now = service.clock.now_utc()
        untold = queries.untold(connection, shop_id, now)
        told: dict[int, list[int]] = {alert.id: [] for alert in untold}
        for reader in queries.readers(connection, shop_id) if untold else ():
            may_see_all = may(reader.roles, END_ALERTS)
            ids = [
                alert.id
                for alert in untold
                if (not alert.is_known or alert.owner_id == reader.id)
                and wants(reader.choice, may_see_all, concerns(alert.owner_id, alert.credited, reader.id))
            ]
            if ids and may(reader.roles, WORK_ON_ALERTS):
                org_id = untold[0].org_id
                mail_id = queries.add_mail(connection, org_id, shop_id, reader.id, ids, now)
                queue_message(connection, org_id, shop_id, LETTER, mail_id, now, now)
                for alert_id in ids:
                    told[alert_id].append(reader.id)
        for alert_id, people in told.items():
            queries.set_told(connection, alert_id, people, now)


def prepare(service: Service, connection: Connection, mail_id: int) -> Recipient | Ended:
    """Judge a mail as things stand now: whom it is for may have left, what it is about may be done."""
    mail = queries.mail(connection, mail_id, service.clock.now_utc())
    if mail is None or not may(mail.reader.roles, WORK_ON_ALERTS):
        return Ended(DROPPED, "not_there")
    may_see_all = may(mail.reader.roles, END_ALERTS)
    rows = [
        row
        for row in queries.alerts(connection, mail.alerts)
        if row.ended_at is None
        and wants(mail.reader.choice, may_see_all, concerns(row.owner_id, row.credited, mail.reader.id))
    ]
    if not rows:
        return Ended(DROPPED, "nothing_open")
    questionnaires = queries.questionnaires(connection, {row.questionnaire_id for row in rows})
    return Recipient(mail.org_id, mail.email, lambda _service: write(mail, rows, questionnaires))


def write(mail: queries.Mail, rows: Sequence[queries.AlertRow], questionnaires: dict[int, Questionnaire]) -> Letter:
    """Return the mail in the language of its reader."""
    facts = {
        "name": mail.name,
        "shop": mail.shop,
        "count": str(len(rows)),
        "several": "yes" if len(rows) > 1 else None,
        "others": "yes" if any(row.kind != LOW for row in rows) else None,
        "alerts": "\n\n".join(_about(mail, row, questionnaires[row.questionnaire_id]) for row in rows),
    }
    subject, body = render(TEMPLATE, mail.language, facts)
    return Letter(SENDER, subject, body)


def _about(mail: queries.Mail, row: queries.AlertRow, questionnaire: Questionnaire) -> str:
    """One alert: whose it is, its low answers, the customer's words, and until when it is due."""
    language = mail.language
    lines = [" - ".join(fact for fact in (row.ro_number, row.customer, row.vehicle) if fact) or row.programme]
    if row.kind != LOW:
        words, why = Texts(language), f"report.reason.{row.reason}"
        about = words(f"common.alert.kind.{row.kind}")
        lines.append(f"  {about} - {words(why)}" if row.reason and words.has(why) else f"  {about}")
    for question in questionnaire.questions:
        if question.key in row.low:
            value = row.answers.values[question.key]
            lines.append(f"  {value} / {question.maximum} - {question.label(language, row.shop)}")
        elif not question.is_scored and (said := in_words(question, row.answers, Texts(language))):
            lines.append(f"  {question.label(language, row.shop)} {said}")
    if row.comment:
        lines += [f"  > {line}" for line in row.comment.splitlines()]
    lines.append("  -> " + instant(row.due_at, mail.zone, language))
    return "\n".join(lines)


def ended(_connection: Connection, _mail_id: int, _state: str, _reason: str | None, _at: datetime) -> None:
    """A mail that does not arrive changes no alert: it stands on the desk all the same."""


KIND = MessageKind(LETTER, prepare, ended, to_staff=True)
