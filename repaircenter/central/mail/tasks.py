"""Sends one message: rendered now, so that neither its text nor its token stands in the database (DESIGN 3.16)."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from sqlalchemy import Connection, text

from repaircenter.central.context import Service
from repaircenter.central.db.connections import WORKER
from repaircenter.central.surveys import queries
from repaircenter.runtime.text import Texts


def send(service: Service, mail_id: int) -> None:
    """Render and send; a message that was sent before is left alone. Its Message-ID is the same on every try."""
    with service.worker.scoped(WORKER) as connection:
        row = _waiting(connection, mail_id)
        if row is None:
            return
        found = queries.survey(connection, row)
        now = service.clock.now_utc()
        if found is None or not found.email or not found.open:
            _set_state(connection, mail_id, "dropped", now)
            return
        message = invitation_message(service, found, mail_id, now)
        service.mail.send(message, f"{mail_id:08d}")
        _set_state(connection, mail_id, "sent", now)
        connection.execute(
            text("UPDATE invitation SET sent_at = coalesce(sent_at, :now) WHERE id = :id"), {"now": now, "id": found.id}
        )


def _waiting(connection: Connection, mail_id: int) -> int | None:
    """The invitation of a message that still has to go, locked."""
    found: int | None = connection.execute(
        text("SELECT invitation_id FROM mail_message WHERE id = :id AND state = 'waiting' FOR UPDATE"), {"id": mail_id}
    ).scalar_one_or_none()
    return found


def _set_state(connection: Connection, mail_id: int, state: str, now: datetime) -> None:
    connection.execute(
        text("UPDATE mail_message SET state = :state, sent_at = :now WHERE id = :id"),
        {"id": mail_id, "state": state, "now": now},
    )


def invitation_message(service: Service, found: queries.Survey, mail_id: int, now: datetime) -> EmailMessage:
    """The invitation in the customer's language, with sender identity, address and opt-out."""
    words = Texts(found.language)
    link = f"{service.public_address}/s/{service.keyed.survey_token(found.nonce)}"
    message = EmailMessage()
    message["From"] = service.sender
    message["To"] = found.email or ""
    message["Subject"] = words("mail.invitation.subject", shop=found.shop)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<invitation-{mail_id}@repaircenter.example>"
    message["List-Unsubscribe"] = f"<{link}/stop>"
    message.set_content(
        words(
            "mail.invitation.body",
            name=found.first_name or "",
            shop=found.shop,
            address=found.shop_address,
            link=link,
            vehicle=found.vehicle or words("mail.invitation.your_vehicle"),
            stop_link=f"{link}/stop",
        ).lstrip()
    )
    return message
