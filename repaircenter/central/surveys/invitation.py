"""The message that invites a customer: whom it goes to now, what it says, and what becomes of the survey with it."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from repaircenter.central.core.outgoing import (
    BOUNCED,
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
from repaircenter.central.messages.gate import address_mac
from repaircenter.central.surveys import queries
from repaircenter.central.surveys.answer_queries import Survey
from repaircenter.central.surveys.answer_queries import survey as read_survey
from repaircenter.central.surveys.answers import Answers
from repaircenter.central.surveys.course import visible_questions
from repaircenter.central.surveys.rules import EXPIRE, REMIND, SURVEY_LIFE
from repaircenter.central.surveys.sheet import Sheet
from repaircenter.central.templates.rendering import Template, render
from repaircenter.central.timers import queries as timers
from repaircenter.central.timers.queries import Due
from repaircenter.runtime.contact import read_email

INVITATION = "survey.invitation"
PLACEHOLDERS = frozenset(("name", "shop", "address", "vehicle", "link", "stars", "stop_link"))
MANDATORY = frozenset(("shop", "address", "link", "stop_link"))
TEMPLATE = Template("surveys", "invitation", PLACEHOLDERS, MANDATORY)


def prepare(service: Service, connection: Connection, invitation_id: int) -> Recipient | Ended:
    """Judge the invitation as things stand now."""
    return recipient(service, connection, invitation_id, TEMPLATE)


def recipient(service: Service, connection: Connection, invitation_id: int, template: Template) -> Recipient | Ended:
    """Whom a message of a survey goes to as things stand now, in the words of a template; Ended when it goes to nobody."""
    survey = read_survey(connection, invitation_id, WORKER)
    if survey is None or not survey.open:
        return Ended(DROPPED)
    address = read_email(survey.email).address
    if address is None:
        return Ended(FAILED, "bad_address" if survey.email else "no_address")
    # What the customer may stop is the address that is asked, not the one that stood there before.
    queries.set_address(connection, invitation_id, address_mac(service, address))
    return Recipient(survey.org_id, address, lambda of: write(of, survey, template))


def write(service: Service, survey: Survey, template: Template) -> Letter:
    """Return the message in the customer's language."""
    link = f"{service.public_address}/s/{service.keyed.survey_token(survey.nonce)}"
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
    subject, body = render(template, survey.language, facts)
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
    elif state == BOUNCED:
        came_back(connection, invitation_id, at)
    elif state == FAILED:
        queries.set_invitation_bounced(connection, invitation_id, at, reason)
    elif reason is not None:
        queries.refuse_invited(connection, invitation_id, reason)


def came_back(connection: Connection, invitation_id: int, at: datetime) -> None:
    """End the survey of a message that came back; who answered all the same has answered."""
    sample_id = queries.set_returned(connection, invitation_id, at)
    if sample_id is not None:
        timers.cancel(connection, (EXPIRE, REMIND), [sample_id])


KIND = MessageKind(INVITATION, prepare, ended)
