"""Links to the page where a person chooses a password: made, mailed and judged when the mail leaves."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from repaircenter.central.accounts import people_queries as queries
from repaircenter.central.accounts.people_queries import LinkRow
from repaircenter.central.core.calls import Call
from repaircenter.central.core.outgoing import DROPPED, Ended, Letter, MessageKind, Recipient
from repaircenter.central.core.secrets import draw_link
from repaircenter.central.core.service import Service
from repaircenter.central.core.work import Enqueue
from repaircenter.central.db.connections import NOTHING, WORKER
from repaircenter.central.messages.queueing import queue_message
from repaircenter.central.templates.rendering import Template, render
from repaircenter.central.timers import queries as timers
from repaircenter.central.timers.queries import Due
from repaircenter.rendering.values import instant_in_zone

LINK, LETTER = "account.link", "account.letter"
WELCOME_LIFE, RESET_LIFE = timedelta(days=7), timedelta(hours=2)
_PLACEHOLDERS = frozenset(("name", "organisation", "asked_by", "link", "until"))
WELCOME = Template("accounts", "welcome", _PLACEHOLDERS, frozenset(("organisation", "link")))
RESET = Template("accounts", "reset", _PLACEHOLDERS, frozenset(("link",)))
SENDER = "RepairCenter"


def make_link(call: Call, person_id: int, *, invited: bool) -> None:
    """Make a link for a person within reach and have it mailed."""
    now, caller = call.service.clock.now_utc(), call.caller
    ends_at = now + (WELCOME_LIFE if invited else RESET_LIFE)
    shop_id, drawn = caller.shops[0], draw_link(call.service.keyed)
    number = queries.add_link(call.connection, caller.org_id, shop_id, person_id, caller.id, drawn, now, ends_at)
    timers.add(call.connection, LINK, [Due(caller.org_id, shop_id, number, now)])


def help_forgetful(service: Service, email: str) -> None:
    """Mail a link to whoever has this address."""
    now = service.clock.now_utc()
    with service.sign_in.scoped(NOTHING) as connection:
        queries.forgot(connection, email, draw_link(service.keyed), now, now + RESET_LIFE, now + WELCOME_LIFE)


def mail_link(service: Service, _enqueue: Enqueue, link_id: int) -> None:
    """Queue the mail of a link, once."""
    with service.worker.scoped(WORKER) as connection:
        place = queries.link_place(connection, link_id)
        if place is not None:
            now = service.clock.now_utc()
            queue_message(connection, *place, LETTER, link_id, now, now)


def prepare(service: Service, connection: Connection, link_id: int) -> Recipient | Ended:
    """Judge a link as things stand now: it may have ended, or another one may have taken its place."""
    row = queries.link(connection, link_id, service.clock.now_utc())
    if row is None:
        return Ended(DROPPED, "not_there")
    return Recipient(row.org_id, row.email, lambda of: write(of, row))


def write(service: Service, row: LinkRow) -> Letter:
    """Return the mail in the language of its reader."""
    facts = {
        "name": row.name,
        "organisation": row.organisation,
        "asked_by": row.asked_by,
        "link": f"{service.public_address}/p/{service.keyed.password_token(row.nonce)}",
        "until": instant_in_zone(row.ends_at, row.zone, row.language),
    }
    subject, body = render(WELCOME if row.is_invited else RESET, row.language, facts)
    return Letter(SENDER, subject, body)


def ended(_connection: Connection, _link_id: int, _state: str, _reason: str | None, _at: datetime) -> None:
    """A mail that does not arrive changes nothing: whoever asked sees that nobody came, and sends another."""


KIND = MessageKind(LETTER, prepare, ended, to_staff=True)
