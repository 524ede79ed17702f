"""The message that invites a customer: whom it goes to now, what it says, and what becomes of the survey with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from repaircenter.central.core.events import REPLIED, Event
from repaircenter.central.core.outgoing import (
    BOUNCED,
    DELIVERED,
    DROPPED,
    FAILED,
    SENT,
    Ended,
    Letter,
    MessageKind,
    Recipient,
)
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import WORKER
from repaircenter.central.messages.gate import address_mac, objection_of
from repaircenter.central.surveys import queries
from repaircenter.central.surveys.answer_queries import Survey
from repaircenter.central.surveys.answer_queries import survey as read_survey
from repaircenter.central.surveys.answers import Answers
from repaircenter.central.surveys.course import visible_questions
from repaircenter.central.surveys.queries import EndedSample
from repaircenter.central.surveys.rules import ASK_AGAIN, CALL, EXPIRE, REMIND, SURVEY_LIFE, called_after, may_text
from repaircenter.central.surveys.sheet import Sheet
from repaircenter.central.templates.queries import Wording, wording
from repaircenter.central.templates.rendering import Template, render
from repaircenter.central.timers import queries as timers
from repaircenter.central.timers.queries import Due
from repaircenter.runtime.contact import read_email
from repaircenter.wire.vocabulary import ALERTS, PHONE, SMS

INVITATION = "survey.invitation"
PLACEHOLDERS = frozenset(("name", "shop", "address", "vehicle", "link", "stars", "stop_link"))
MANDATORY = frozenset(("shop", "address", "link", "stop_link"))
TEXT_PLACEHOLDERS = frozenset(("shop", "link"))


@dataclass(frozen=True, slots=True)
class Words:
    """What a message of a survey says by mail, and what as a text."""

    mail: Template
    text: Template


def text_of(name: str) -> Template:
    """The template of a text message: it is short, and stopped by an answer."""
    return Template("surveys", name, TEXT_PLACEHOLDERS, TEXT_PLACEHOLDERS)


WORDS = Words(Template("surveys", "invitation", PLACEHOLDERS, MANDATORY), text_of("invitation_text"))


def prepare(service: Service, connection: Connection, invitation_id: int) -> Recipient | Ended:
    """Judge the invitation as things stand now."""
    return recipient(service, connection, invitation_id, WORDS)


def recipient(service: Service, connection: Connection, invitation_id: int, words: Words) -> Recipient | Ended:
    """Whom a message of a survey goes to as things stand now, in the words of a template; Ended when it goes to nobody."""
    survey = read_survey(connection, invitation_id, WORKER)
    if survey is None or not survey.open or survey.channel == PHONE:
        return Ended(DROPPED)
    objected = objection_of(service, connection, survey.org_id, survey.addresses)
    if objected is not None:
        return Ended(DROPPED, objected)
    if survey.channel == SMS:
        address = _number(service, survey)
        if address is None or not may_text(service.clock.now_utc(), survey.zone, survey.came_on):
            return Ended(FAILED, "no_way" if address is None else "texts_over")
    else:
        address = read_email(survey.email).address
        if address is None:
            return Ended(FAILED, "bad_address" if survey.email else "no_address")
    # What the customer may stop is the address that is asked, not the one that stood there before.
    queries.set_address(connection, invitation_id, address_mac(service, address))
    template = words.text if survey.channel == SMS else words.mail
    own = wording(connection, survey.org_id, template.name, survey.language)
    if survey.channel == SMS:
        return Recipient(survey.org_id, address, lambda of: write_text(of, survey, template, own), SMS)
    return Recipient(survey.org_id, address, lambda of: write(of, survey, template, own))


def _number(service: Service, survey: Survey) -> str | None:
    """The number that was chosen, or the first where the job has it no more; an extension gets no text."""
    numbers = [phone for phone in survey.phones if ";" not in phone]
    chosen = (phone for phone in numbers if address_mac(service, phone) == survey.address_mac)
    return next(chosen, next(iter(numbers), None))


def write_text(service: Service, survey: Survey, template: Template, own: Wording | None = None) -> Letter:
    """Return the text message in the customer's language."""
    subject, body = render(template, survey.language, {"shop": survey.shop, "link": _link(service, survey)}, own)
    return Letter(survey.shop, subject, body.strip())


def _link(service: Service, survey: Survey) -> str:
    return f"{service.public_address}/s/{service.keyed.survey_token(survey.nonce)}"


def write(service: Service, survey: Survey, template: Template, own: Wording | None = None) -> Letter:
    """Return the message in the customer's language."""
    link = _link(service, survey)
    stop_link = f"{link}/stop"
    facts = {
        "name": survey.first_name,
        "shop": survey.shop,
        "address": survey.shop_address,
        "vehicle": survey.vehicle,
        "link": link,
        "stars": star_links(survey, link),
        "stop_link": stop_link,
    }
    subject, body = render(template, survey.language, facts, own)
    return Letter(survey.shop, subject, body, stop_link)


def star_links(sheet: Sheet, link: str) -> str | None:
    """A line for each number of stars that opens the survey with it marked; nothing is kept before the customer sends it
    (B-N2). None where the survey does not begin with stars."""
    questionnaire = sheet.questionnaire
    first = visible_questions(questionnaire, questionnaire.all_pages[0], Answers())
    stars = next((question for question in first if question.kind == "stars"), None)
    if stars is None:
        return None
    lines = []
    for value in range(stars.maximum, stars.minimum - 1, -1):
        marks = "★" * value + "☆" * (stars.maximum - value)
        word = stars.word(sheet.language, value)
        lines.append(f"{marks} {word}\n{link}?stars={value}" if word else f"{marks}\n{link}?stars={value}")
    return "\n".join(lines)


def ended(connection: Connection, invitation_id: int, state: str, reason: str | None, at: datetime) -> None:
    """Tell the survey what became of its invitation: sent, not to be asked, or out of reach."""
    if state == SENT:
        sample = queries.set_invitation_sent(connection, invitation_id, at)
        timers.put(connection, EXPIRE, [Due(sample.org_id, sample.shop_id, sample.id, at + SURVEY_LIFE)])
        if sample.reminder_days:
            due = at + timedelta(days=sample.reminder_days)
            timers.put(connection, REMIND, [Due(sample.org_id, sample.shop_id, sample.id, due)])
        if PHONE in sample.channels:
            due = at + called_after(sample.reminder_days)
            timers.put(connection, CALL, [Due(sample.org_id, sample.shop_id, sample.id, due)])
    elif state == DELIVERED:
        queries.set_delivered(connection, invitation_id, at)
    elif state == BOUNCED:
        came_back(connection, invitation_id, at)
    elif state == FAILED or reason == "bounced":
        could_not_reach(connection, invitation_id, at, reason or "bounced")
    elif reason is not None:
        queries.refuse_invited(connection, invitation_id, reason)


def came_back(connection: Connection, invitation_id: int, at: datetime) -> None:
    """End the survey of a message that came back; who answered all the same has answered."""
    _look_for_another(connection, queries.set_returned(connection, invitation_id, at), at)


def could_not_reach(connection: Connection, invitation_id: int, at: datetime, reason: str) -> None:
    """End the survey of an invitation that reaches nobody this way, unless there is another."""
    _look_for_another(connection, queries.set_invitation_bounced(connection, invitation_id, at, reason), at)


def _look_for_another(connection: Connection, ended: EndedSample | None, at: datetime) -> None:
    """A survey that reached nobody ends here, unless there is another way."""
    if ended is not None:
        timers.cancel(connection, (EXPIRE, REMIND, CALL), [ended.id])
        timers.put(connection, ASK_AGAIN, [Due(ended.org_id, ended.shop_id, ended.id, at)])


# Of one invitation; what comes after them stays in the inbox.
MOST_REPLIES = 10


def keep_reply(
    service: Service, connection: Connection, invitation_id: int, words: str, digest: bytes, at: datetime
) -> bool:
    """Keep what a customer wrote, once; return whether people see it on the desk: where the shop has alerts, of a job that was
    neither erased nor withdrawn, and of nobody who writes without end."""
    seen = connection.execute(_SEEN, {"invitation": invitation_id, "module": ALERTS, "digest": digest}).scalar()
    if not seen:
        return False
    reply = connection.execute(_ADD, {"invitation": invitation_id, "words": words, "digest": digest, "at": at}).first()
    if reply is not None:
        event = Event(REPLIED, reply.org_id, reply.shop_id, reply.job_id, at, subject_id=reply.id)
        service.events.publish(connection, event)
    return True


# The customer is not erased meanwhile.
_SEEN = text(
    "SELECT :module = ANY(o.modules) FROM invitation i JOIN sample s ON s.id = i.sample_id JOIN job j ON j.id = s.job_id "
    "JOIN organisation o ON o.id = i.org_id WHERE i.id = :invitation AND j.erased_at IS NULL AND j.withdrawn_at IS NULL "
    f"AND (SELECT count(*) FROM reply r WHERE r.invitation_id = i.id AND r.digest <> :digest) < {MOST_REPLIES} FOR SHARE OF j"
)
_ADD = text(
    "INSERT INTO reply (org_id, shop_id, job_id, invitation_id, words, digest, came_at) "
    "SELECT i.org_id, i.shop_id, s.job_id, i.id, :words, :digest, :at FROM invitation i JOIN sample s ON s.id = i.sample_id "
    "WHERE i.id = :invitation ON CONFLICT (digest) DO NOTHING RETURNING org_id, shop_id, job_id, id"
)


KIND = MessageKind(INVITATION, prepare, ended, replied=keep_reply)
