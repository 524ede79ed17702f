"""A person changes their own address: the old and the new one confirm it, each by a mailed link (A-26)."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from repaircenter.central.core.calls import Call, serves
from repaircenter.central.core.http import refuse
from repaircenter.central.core.outgoing import DROPPED, Ended, Letter, MessageKind, Recipient
from repaircenter.central.core.secrets import draw_link
from repaircenter.central.core.service import Service
from repaircenter.central.core.work import Enqueue
from repaircenter.central.db.connections import WORKER
from repaircenter.central.messages.queueing import queue_message
from repaircenter.central.templates.rendering import Template, render
from repaircenter.central.timers import queries as timers
from repaircenter.central.timers.queries import Due
from repaircenter.rendering.values import instant_in_zone
from repaircenter.runtime.contact import read_email
from repaircenter.wire import endpoints
from repaircenter.wire.people import MyAddress, WantedAddress

TIMER: Final = "account.address"
OLD, NEW = "old", "new"
LIFE = timedelta(days=7)
_PLACEHOLDERS = frozenset(("name", "old_address", "new_address", "link", "until"))
TEMPLATES = {
    side: Template("accounts", f"address_{side}", _PLACEHOLDERS, frozenset(("new_address", "link")))
    for side in (OLD, NEW)
}
SENDER = "RepairCenter"


@serves(endpoints.MY_ADDRESS)
def my_address(call: Call) -> MyAddress:
    return _mine(call)


@serves(endpoints.CHANGE_ADDRESS)
def change_address(call: Call, asked: WantedAddress) -> MyAddress:
    """Mail both addresses; what was wanted before is wanted no more. The same once more does nothing."""
    address = read_email(asked.address.strip().lower()).address
    if address is None:
        refuse(422, "bad_email")
    connection, caller = call.connection, call.caller
    timers.lock(connection, TIMER, caller.id)
    mine = _mine(call)
    if address == mine.wanted:
        return mine
    taken: bool = connection.execute(text("SELECT rc_address_taken(:address)"), {"address": address}).scalar_one()
    if taken:
        refuse(409, "address_taken")
    now, shop_id = call.service.clock.now_utc(), _shop_of_clock(call)
    links = {side: draw_link(call.service.keyed) for side in (OLD, NEW)}
    number: int = connection.execute(
        text(
            "INSERT INTO address_change (org_id, person_id, shop_id, address, made_at, ends_at, old_nonce, old_hash, "
            "new_nonce, new_hash) VALUES (:org, :person, :shop, :address, :at, :ends, :old_nonce, :old_hash, :new_nonce, "
            ":new_hash) RETURNING id"
        ),
        {
            "org": caller.org_id,
            "person": caller.id,
            "shop": shop_id,
            "address": address,
            "at": now,
            "ends": now + LIFE,
            **{f"{side}_nonce": nonce for side, (nonce, _) in links.items()},
            **{f"{side}_hash": hashed for side, (_, hashed) in links.items()},
        },
    ).scalar_one()
    timers.add(connection, TIMER, [Due(caller.org_id, shop_id, number, now)])
    return _mine(call)


def _shop_of_clock(call: Call) -> int:
    """A shop of the caller's own organisation, on whose clock their mail leaves."""
    shop_id: int | None = call.connection.execute(
        text("SELECT min(id) FROM shop WHERE org_id = :org AND id = ANY(:shops)"),
        {"org": call.caller.org_id, "shops": list(call.caller.shops)},
    ).scalar_one()
    if shop_id is None:
        refuse(422, "not_possible")
    return shop_id


def _mine(call: Call) -> MyAddress:
    """The address, and the newest change of it that is still open."""
    row = call.connection.execute(
        text(
            "SELECT p.email, c.address, c.old_at IS NOT NULL, c.new_at IS NOT NULL, c.ends_at FROM person p "
            "LEFT JOIN LATERAL (SELECT * FROM (SELECT address, old_at, new_at, ends_at, done_at FROM address_change "
            " WHERE person_id = p.id ORDER BY id DESC LIMIT 1) AS newest WHERE done_at IS NULL AND ends_at > :now) AS c ON true "
            "WHERE p.id = :me"
        ),
        {"me": call.caller.id, "now": call.service.clock.now_utc()},
    ).one()
    return MyAddress(
        address=row[0], wanted=row[1], old_confirmed=bool(row[2]), new_confirmed=bool(row[3]), until=row[4]
    )


def mail_links(service: Service, _enqueue: Enqueue, change_id: int) -> None:
    """Queue both mails of a change, each once."""
    with service.worker.scoped(WORKER) as connection:
        place = connection.execute(
            text("SELECT org_id, shop_id FROM address_change WHERE id = :id"), {"id": change_id}
        ).first()
        if place is not None:
            now = service.clock.now_utc()
            for kind in KINDS:
                queue_message(connection, place.org_id, place.shop_id, kind.name, change_id, now, now)


class _ChangeRow(NamedTuple):
    org_id: int
    name: str
    language: str
    old_address: str
    new_address: str
    nonce: bytes
    ends_at: datetime
    zone: str


def prepare(side: str, service: Service, connection: Connection, change_id: int) -> Recipient | Ended:
    """Judge a change as things stand now: it may have ended, or another one may have taken its place."""
    row = connection.execute(
        text(
            f"SELECT c.org_id, p.name, p.language, p.email, c.address, c.{side}_nonce, c.ends_at, h.zone "
            "FROM address_change c JOIN person p ON p.id = c.person_id AND p.active JOIN shop h ON h.id = c.shop_id "
            f"WHERE c.id = :id AND c.{side}_at IS NULL AND c.ends_at > :now "
            "AND NOT EXISTS (SELECT 1 FROM address_change n WHERE n.person_id = c.person_id AND n.id > c.id)"
        ),
        {"id": change_id, "now": service.clock.now_utc()},
    ).first()
    if row is None:
        return Ended(DROPPED, "not_there")
    change = _ChangeRow._make(row)
    address = change.old_address if side == OLD else change.new_address
    return Recipient(change.org_id, address, partial(write, side, change))


def write(side: str, change: _ChangeRow, service: Service) -> Letter:
    """Return the mail to one of the two addresses."""
    facts = {
        "name": change.name,
        "old_address": change.old_address,
        "new_address": change.new_address,
        "link": f"{service.public_address}/m/{service.keyed.password_token(change.nonce)}",
        "until": instant_in_zone(change.ends_at, change.zone, change.language),
    }
    subject, body = render(TEMPLATES[side], change.language, facts)
    return Letter(SENDER, subject, body)


def ended(_connection: Connection, _change_id: int, _state: str, _reason: str | None, _at: datetime) -> None:
    """A mail that does not arrive is not confirmed: the address stays what it is."""


KINDS = tuple(
    MessageKind(f"account.address_{side}", partial(prepare, side), ended, to_staff=True) for side in (OLD, NEW)
)
HANDLERS = (my_address, change_address)
