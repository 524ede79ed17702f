"""SQL of messages: queued once, taken for one attempt, then sent, dropped or failed; of who must not be written to."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from repaircenter.central.core.outgoing import BOUNCED, DELIVERED, SENT


class Taken(NamedTuple):
    """A message at its attempt."""

    org_id: int
    shop_id: int
    kind: str
    subject_id: int
    attempts: int
    channel: str


def add(
    connection: Connection,
    org_id: int,
    shop_id: int,
    kind: str,
    subject_id: int,
    at: datetime,
    occurrence: int,
    channel: str,
) -> int | None:
    """Queue a message once for its subject, occurrence and channel; None when it is there already."""
    number: int | None = connection.execute(
        text(
            "INSERT INTO message (org_id, shop_id, kind, subject_id, occurrence, channel, state, created_at) "
            "VALUES (:org, :shop, :kind, :subject, :occurrence, :channel, 'waiting', :at) "
            "ON CONFLICT (kind, subject_id, occurrence, channel) DO NOTHING RETURNING id"
        ),
        {
            "org": org_id,
            "shop": shop_id,
            "kind": kind,
            "subject": subject_id,
            "occurrence": occurrence,
            "channel": channel,
            "at": at,
        },
    ).scalar_one_or_none()
    return number


class Waiting(NamedTuple):
    """A message that waits, and the zone of its shop."""

    org_id: int
    shop_id: int
    zone: str
    kind: str


def waiting(connection: Connection, message_id: int) -> Waiting | None:
    """None for a message that has ended."""
    row = connection.execute(
        text(
            "SELECT m.org_id, m.shop_id, h.zone, m.kind FROM message m JOIN shop h ON h.id = m.shop_id "
            "WHERE m.id = :id AND m.state = 'waiting'"
        ),
        {"id": message_id},
    ).first()
    return None if row is None else Waiting(*row)


def take(connection: Connection, message_id: int) -> Taken | None:
    """Count one more attempt of a message that still waits; None for one that has ended."""
    row = connection.execute(
        text(
            "UPDATE message SET attempts = attempts + 1 WHERE id = :id AND state = 'waiting' "
            "RETURNING org_id, shop_id, kind, subject_id, attempts, channel"
        ),
        {"id": message_id},
    ).first()
    return None if row is None else Taken(*row)


def set_reason(connection: Connection, message_id: int, reason: str) -> None:
    """Keep why an attempt did not succeed."""
    connection.execute(
        text("UPDATE message SET reason = :reason WHERE id = :id"), {"id": message_id, "reason": reason[:60]}
    )


def end(connection: Connection, message_id: int, state: str, at: datetime, reason: str | None) -> bool:
    """End a message; False when it has ended already. A sent one has no reason."""
    kept = None if state == SENT or reason is None else reason[:60]
    return bool(
        connection.execute(
            text(
                "UPDATE message SET state = :state, ended_at = :at, reason = :reason WHERE id = :id AND state = 'waiting'"
            ),
            {"id": message_id, "state": state, "at": at, "reason": kept},
        ).rowcount
    )


def set_address(connection: Connection, message_id: int, address_mac: bytes) -> None:
    """Keep the digest of the address that a message goes to."""
    connection.execute(
        text("UPDATE message SET address_mac = :mac WHERE id = :id"), {"mac": address_mac, "id": message_id}
    )


def is_under_way(connection: Connection, message_id: int) -> bool:
    """Whether a message is being sent: that a mail server took it may not be kept yet."""
    query = text("SELECT 1 FROM message WHERE id = :id AND state = 'waiting' AND attempts > 0")
    return connection.execute(query, {"id": message_id}).first() is not None


def bounce(connection: Connection, message_id: int, status: str) -> Taken | None:
    """A message that was sent came back; None when it was not, or did so before."""
    return _settle(connection, message_id, BOUNCED, status)


def answered(connection: Connection, message_id: int) -> Taken | None:
    """The message that somebody wrote back to; None for one that is not there."""
    row = connection.execute(
        text("SELECT org_id, shop_id, kind, subject_id, attempts, channel FROM message WHERE id = :id"), {"id": message_id}
    ).first()
    return None if row is None else Taken(*row)


def deliver(connection: Connection, message_id: int) -> Taken | None:
    """A message that was sent has got there; None when that is known, or it came back."""
    return _settle(connection, message_id, DELIVERED, None)


def _settle(connection: Connection, message_id: int, state: str, reason: str | None) -> Taken | None:
    row = connection.execute(
        text(
            "UPDATE message SET state = :state, reason = :reason WHERE id = :id AND state = :sent "
            "RETURNING org_id, shop_id, kind, subject_id, attempts, channel"
        ),
        {"id": message_id, "state": state, "reason": reason, "sent": SENT},
    ).first()
    return None if row is None else Taken(*row)


def opt_out(connection: Connection, org_id: int, address_mac: bytes, at: datetime) -> None:
    """Do not write to this address or number any more."""
    connection.execute(
        text("INSERT INTO opt_out (org_id, address_mac, at) VALUES (:org, :mac, :at) ON CONFLICT DO NOTHING"),
        {"org": org_id, "mac": address_mac, "at": at},
    )


def opt_out_of(connection: Connection, message_id: int, at: datetime) -> None:
    """Do not write any more to where a message went."""
    connection.execute(
        text(
            "INSERT INTO opt_out (org_id, address_mac, at) SELECT org_id, address_mac, :at FROM message "
            "WHERE id = :id AND address_mac IS NOT NULL ON CONFLICT DO NOTHING"
        ),
        {"id": message_id, "at": at},
    )


def set_told(connection: Connection, message_id: int, status: str, code: int) -> None:
    """Keep what was said of a message that is still being handed in."""
    connection.execute(
        text("UPDATE message SET told = :told WHERE id = :id"), {"id": message_id, "told": f"{status} {code}"}
    )


def told(connection: Connection, message_id: int) -> tuple[str, int] | None:
    """(status, code) of what was said of a message before it had left."""
    kept = connection.execute(text("SELECT told FROM message WHERE id = :id"), {"id": message_id}).scalar_one()
    if kept is None:
        return None
    status, _, code = kept.partition(" ")
    return status, int(code)


def stop_texts(connection: Connection, address_mac: bytes, at: datetime) -> None:
    """Whoever has this number does not want our texts: all who wrote to it share the number they come from."""
    connection.execute(
        text(
            "INSERT INTO opt_out (org_id, address_mac, at) SELECT DISTINCT m.org_id, m.address_mac, :at FROM message m "
            "WHERE m.channel = 'sms' AND m.address_mac = :mac ON CONFLICT DO NOTHING"
        ),
        {"mac": address_mac, "at": at},
    )


def texts_to(connection: Connection, address_mac: bytes) -> list[tuple[str, int]]:
    """(kind, subject) of the texts that went to a number."""
    rows = connection.execute(
        text("SELECT DISTINCT kind, subject_id FROM message WHERE channel = 'sms' AND address_mac = :mac"),
        {"mac": address_mac},
    )
    return [(row.kind, row.subject_id) for row in rows]


def add_dead(connection: Connection, message_id: int, at: datetime) -> None:
    """There is no such address as the one a message went to."""
    connection.execute(
        text(
            "INSERT INTO dead_address (org_id, address_mac, at) SELECT org_id, address_mac, :at FROM message "
            "WHERE id = :id AND address_mac IS NOT NULL ON CONFLICT (org_id, address_mac) DO UPDATE SET at = excluded.at"
        ),
        {"id": message_id, "at": at},
    )


def is_dead(connection: Connection, org_id: int, address_mac: bytes, since: datetime) -> bool:
    """Whether mail to this address came back since then because there is no such address."""
    query = text("SELECT 1 FROM dead_address WHERE org_id = :org AND address_mac = :mac AND at >= :since")
    return connection.execute(query, {"org": org_id, "mac": address_mac, "since": since}).first() is not None


def opted_out(connection: Connection, org_id: int, address_mac: bytes) -> bool:
    return (
        connection.execute(
            text("SELECT 1 FROM opt_out WHERE org_id = :org AND address_mac = :mac"),
            {"org": org_id, "mac": address_mac},
        ).first()
        is not None
    )


def contact_forbidden(connection: Connection, org_id: int, address: str) -> bool:
    """Whether any job of the organisation with this address (its key) or number says *Do not contact*."""
    where = "lower(email) = :address" if "@" in address else "phones @> ARRAY[CAST(:address AS text)]"
    query = text(f"SELECT 1 FROM job WHERE org_id = :org AND {where} AND do_not_contact LIMIT 1")
    return connection.execute(query, {"org": org_id, "address": address}).first() is not None
