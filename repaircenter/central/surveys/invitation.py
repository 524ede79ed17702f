"""The message that invites a customer: whom it goes to now, what it says, and what becomes of the survey with it."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from repaircenter.central.core.outgoing import DROPPED, FAILED, SENT, Ended, Letter, MessageKind, Recipient
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import WORKER
from repaircenter.central.messages.gate import address_mac
from repaircenter.central.surveys import queries
from repaircenter.central.surveys.rules import EXPIRE, REMIND, SURVEY_LIFE
from repaircenter.central.templates.rendering import Template, render
from repaircenter.central.timers import queries as timers
from repaircenter.central.timers.queries import Due
from repaircenter.runtime.contact import read_email

INVITATION = "survey.invitation"
PLACEHOLDERS = frozenset(("name", "shop", "address", "vehicle", "link", "stop_link"))
MANDATORY = frozenset(("shop", "address", "link", "stop_link"))
TEMPLATE = Template("surveys", "invitation", PLACEHOLDERS, MANDATORY)


def prepare(service: Service, connection: Connection, invitation_id: int) -> Recipient | Ended:
    """Judge the invitation as things stand now."""
    return recipient(service, connection, invitation_id, TEMPLATE)


def recipient(service: Service, connection: Connection, invitation_id: int, template: Template) -> Recipient | Ended:
    """Whom a message of a survey goes to as things stand now, in the words of a template; Ended when it goes to nobody."""
    survey = queries.survey(connection, invitation_id, WORKER)
    if survey is None or not survey.open:
        return Ended(DROPPED)
    address = read_email(survey.email).address
    if address is None:
        return Ended(FAILED, "bad_address" if survey.email else "no_address")
    # What the customer may stop is the address that is asked, not the one that stood there before.
    queries.set_address(connection, invitation_id, address_mac(service, address))
    return Recipient(survey.org_id, address, lambda of: write(of, survey, template))


def write(service: Service, survey: queries.Survey, template: Template) -> Letter:
    """Return the message in the customer's language."""
    link = f"{service.public_address}/s/{service.keyed.survey_token(survey.nonce)}"
    stop_link = f"{link}/stop"
    facts = {
        "name": survey.first_name,
        "shop": survey.shop,
        "address": survey.shop_address,
        "vehicle": survey.vehicle,
        "link": link,
        "stop_link": stop_link,
    }
    subject, body = render(template, survey.language, facts)
    return Letter(survey.shop, subject, body, stop_link)


def ended(connection: Connection, invitation_id: int, state: str, reason: str | None, at: datetime) -> None:
    """Tell the survey what became of its invitation: sent, not to be asked, or out of reach."""
    if state == SENT:
        sample = queries.set_invitation_sent(connection, invitation_id, at)
        timers.put(connection, EXPIRE, [Due(sample.org_id, sample.shop_id, sample.id, at + SURVEY_LIFE)])
        if sample.reminder_days:
            due = at + timedelta(days=sample.reminder_days)
            timers.put(connection, REMIND, [Due(sample.org_id, sample.shop_id, sample.id, due)])
    elif state == FAILED:
        queries.set_invitation_bounced(connection, invitation_id, at, reason)
    elif reason is not None:
        queries.refuse_invited(connection, invitation_id, reason)


KIND = MessageKind(INVITATION, prepare, ended)
