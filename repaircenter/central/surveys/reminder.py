"""The one reminder of a survey that nobody answered (A-05, requirements 6.4): due so many days after the invitation left."""

from datetime import datetime

from sqlalchemy import Connection

from repaircenter.central.core.outgoing import BOUNCED, SENT, Ended, MessageKind, Recipient
from repaircenter.central.core.service import Service
from repaircenter.central.core.work import Enqueue
from repaircenter.central.db.connections import WORKER
from repaircenter.central.messages.queueing import queue_message
from repaircenter.central.surveys import queries
from repaircenter.central.surveys.invitation import (
    MANDATORY,
    PLACEHOLDERS,
    Words,
    came_back,
    keep_reply,
    recipient,
    text_of,
)
from repaircenter.central.templates.rendering import Template

REMINDER = "survey.reminder"
WORDS = Words(Template("surveys", "reminder", PLACEHOLDERS, MANDATORY), text_of("reminder_text"))


def remind(service: Service, _enqueue: Enqueue, sample_id: int) -> None:
    """Queue the reminder of a survey that is still open; what was answered or ended meanwhile is left alone."""
    with service.worker.scoped(WORKER) as connection:
        unanswered = queries.unanswered_invitation(connection, sample_id)
        if unanswered is not None:
            now = service.clock.now_utc()
            org_id, shop_id, invitation_id = unanswered.org_id, unanswered.shop_id, unanswered.invitation_id
            times, channel = unanswered.times - 1, unanswered.channel
            queue_message(connection, org_id, shop_id, REMINDER, invitation_id, now, now, times, channel)


def prepare(service: Service, connection: Connection, invitation_id: int) -> Recipient | Ended:
    """Judge the reminder as things stand now: who answered a minute ago is not reminded."""
    return recipient(service, connection, invitation_id, WORDS)


def ended(connection: Connection, invitation_id: int, state: str, reason: str | None, at: datetime) -> None:
    """Note that the customer was reminded; a reminder that was not sent ends nothing, the survey's own end comes. One that
    came back tells that the customer is out of reach."""
    if state == SENT:
        queries.set_reminded(connection, invitation_id, at)
    elif state == BOUNCED:
        came_back(connection, invitation_id, at)


KIND = MessageKind(REMINDER, prepare, ended, replied=keep_reply)
