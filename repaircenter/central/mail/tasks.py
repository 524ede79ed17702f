"""Sends one message: rendered now, so that neither its text nor its token stands in the database (DESIGN 3.16).

Three steps: a transaction that judges consent and address as they are now and takes the message; the mail server, with
no transaction open; a transaction that says what became of it. A kill between the last two sends it again with the same
Message-ID after `MESSAGE_LEASE`.
"""

import logging
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from sqlalchemy import Connection

from repaircenter.central.core.ports import MESSAGE_LEASE
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import WORKER
from repaircenter.central.mail import queries, rules
from repaircenter.central.mail.transport import Later, Refused
from repaircenter.central.surveys import queries as surveys
from repaircenter.central.surveys.tasks import address_mac, objection
from repaircenter.runtime.contact import read_email
from repaircenter.runtime.text import Texts

log = logging.getLogger(__name__)
# RFC 5322's limit: a header value without a blank (a link) must stay in one piece, folding would encode it.
_POLICY = policy.SMTP.clone(max_line_length=998)


def send(service: Service, mail_id: int) -> None:
    """Send a waiting message once; one that has ended is left alone."""
    with service.worker.scoped(WORKER) as connection:
        taken = _take(service, connection, mail_id)
    if taken is None:
        return
    found, address, attempts = taken
    reason: str | None = None
    refused = False
    try:
        message = invitation_message(service, found, address, mail_id, service.clock.now_utc())
        service.mail.send(message, f"{mail_id:08d}")
    except Later as error:
        reason = str(error)
    except OSError as error:
        reason = type(error).__name__
    except Refused as error:
        reason, refused = str(error), True
    with service.worker.scoped(WORKER) as connection:
        now = service.clock.now_utc()
        pause = None if refused else rules.pause_after(attempts)
        if reason is None:
            queries.set_sent(connection, mail_id, now)
        elif pause is not None:
            log.warning("message %s was not taken (%s); it is tried again", mail_id, reason)
            queries.set_waiting(connection, mail_id, now + pause, reason)
        else:
            log.warning("message %s has failed (%s)", mail_id, reason)
            queries.set_failed(connection, mail_id, now, reason, "bounced" if refused else "mail_failed")


def _take(service: Service, connection: Connection, mail_id: int) -> tuple[surveys.Survey, str, int] | None:
    """The survey, its customer's address and which attempt it is; None when there is nothing to send (any more)."""
    now = service.clock.now_utc()
    row = queries.take(connection, mail_id, now + MESSAGE_LEASE)
    if row is None:
        return None
    invitation_id, attempts = row
    if attempts > rules.MOST_ATTEMPTS:  # it ended without a word each time
        queries.set_failed(connection, mail_id, now, "gave_up", "mail_failed")
        return None
    found = surveys.survey(connection, invitation_id, WORKER)
    if found is None or not found.open:
        queries.set_dropped(connection, mail_id, now)
        return None
    address = read_email(found.email).address
    if address is None:
        queries.set_failed(connection, mail_id, now, "address", "bad_address" if found.email else "no_address")
        return None
    refusal = objection(service, connection, found.org_id, address)
    if refusal is not None:
        queries.set_dropped(connection, mail_id, now)
        surveys.set_sample(connection, found.sample_id, "refused", refusal)
        return None
    # What the customer may stop is the address that is asked, not the one that stood there before.
    queries.set_address(connection, invitation_id, address_mac(service, address))
    return found, address, attempts


def invitation_message(
    service: Service, found: surveys.Survey, address: str, mail_id: int, now: datetime
) -> EmailMessage:
    """The invitation in the customer's language, with sender identity, address and opt-out (RFC 8058)."""
    words = Texts(found.language)
    link = f"{service.public_address}/s/{service.keyed.survey_token(found.nonce)}"
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(found.shop, addr_spec=service.sender)
    message["To"] = Address(addr_spec=address)
    message["Subject"] = words("mail.invitation.subject", shop=found.shop)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<invitation-{mail_id}@{service.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{link}/stop>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    name = found.first_name or ""
    message.set_content(
        words(
            "mail.invitation.body",
            greeting=words("mail.invitation.greeting", name=name) if name else words("mail.invitation.greeting_plain"),
            shop=found.shop,
            address=found.shop_address,
            link=link,
            vehicle=found.vehicle or words("mail.invitation.your_vehicle"),
            stop_link=f"{link}/stop",
        ).lstrip()
    )
    return message
