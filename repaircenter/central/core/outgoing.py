"""What an area says about its messages: whom they go to and what they say, as things stand when they leave."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from repaircenter.central.core.service import Service
from repaircenter.wire.vocabulary import EMAIL

SENT, DROPPED, FAILED = "sent", "dropped", "failed"
# A text that a telephone has got.
DELIVERED = "delivered"
# Taken by a mail server and returned later.
BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says, in its reader's language; a text has no subject. `stop_link` ends such messages with one click
    (RFC 8058); one to the shop's own people has none."""

    sender: str
    subject: str
    body: str
    stop_link: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message goes to now, and by which channel; `write` makes its letter after the transaction that judged it."""

    org_id: int
    address: str
    write: Callable[[Service], Letter]
    channel: str = EMAIL


@dataclass(frozen=True, slots=True)
class Ended:
    """Why there is nothing to send: `state` is DROPPED or FAILED, `reason` a code the area knows (None: it is over)."""

    state: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A kind of message, e.g. `survey.invitation`.

    `prepare(service, connection, subject)` judges as things stand now. `ended(connection, subject, state, reason, at)`
    tells the area what became of it: SENT, DROPPED or FAILED, with a reason of `prepare`, of the gate (opted_out,
    do_not_contact, bounced), or bounced / mail_failed; after SENT perhaps DELIVERED or BOUNCED. A message `to_staff` is not for
    customers: neither quiet hours nor what a customer objected to hold it. `replied(service, connection, subject, words,
    digest, at)` keeps what a customer wrote back, once by the digest of the mail, and says whether people see it on the desk.
    """

    name: str
    prepare: Callable[[Service, Connection, int], Recipient | Ended]
    ended: Callable[..., None]
    to_staff: bool = False
    replied: Callable[..., bool] | None = None
