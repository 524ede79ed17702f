"""SQL of messages: taken for one attempt, then sent, waiting again, dropped or failed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text


def take(connection: Connection, mail_id: int, lease_until: datetime) -> tuple[int, int] | None:
    """(invitation, attempt) of a message that still has to go; nobody else tries it before `lease_until`."""
    row = connection.execute(
        text(
            "UPDATE mail_message SET attempts = attempts + 1, next_try_at = :until WHERE id = :id AND state = 'waiting' "
            "RETURNING invitation_id, attempts"
        ),
        {"id": mail_id, "until": lease_until},
    ).first()
    return None if row is None else (row.invitation_id, row.attempts)


def take_due(connection: Connection, now: datetime, lease_until: datetime, limit: int = 200) -> Sequence[int]:
    """Messages whose next attempt is due, each given to one caller until `lease_until`."""
    return (
        connection.execute(
            text(
                "UPDATE mail_message SET next_try_at = :until WHERE id IN (SELECT id FROM mail_message "
                "WHERE state = 'waiting' AND next_try_at <= :now ORDER BY next_try_at LIMIT :limit "
                "FOR UPDATE SKIP LOCKED) RETURNING id"
            ),
            {"now": now, "until": lease_until, "limit": limit},
        )
        .scalars()
        .all()
    )


def set_sent(connection: Connection, mail_id: int, now: datetime) -> None:
    _end(connection, mail_id, "sent", now, None)
    connection.execute(
        text(
            "UPDATE invitation SET sent_at = coalesce(sent_at, :now) "
            "WHERE id = (SELECT invitation_id FROM mail_message WHERE id = :id)"
        ),
        {"now": now, "id": mail_id},
    )


def set_waiting(connection: Connection, mail_id: int, next_try_at: datetime, reason: str) -> None:
    connection.execute(
        text("UPDATE mail_message SET next_try_at = :at, reason = :reason WHERE id = :id AND state = 'waiting'"),
        {"id": mail_id, "at": next_try_at, "reason": reason[:60]},
    )


def set_dropped(connection: Connection, mail_id: int, now: datetime) -> None:
    _end(connection, mail_id, "dropped", now, None)


def set_failed(connection: Connection, mail_id: int, now: datetime, reason: str, sample_reason: str) -> None:
    """The message will never arrive: its invitation bounced, its customer cannot be reached this way."""
    _end(connection, mail_id, "failed", now, reason[:60])
    connection.execute(
        text(
            "UPDATE invitation SET bounced_at = coalesce(bounced_at, :now) "
            "WHERE id = (SELECT invitation_id FROM mail_message WHERE id = :id)"
        ),
        {"now": now, "id": mail_id},
    )
    connection.execute(
        text(
            "UPDATE sample SET state = 'unreachable', reason = :reason WHERE state = 'invited' AND id = "
            "(SELECT i.sample_id FROM invitation i JOIN mail_message m ON m.invitation_id = i.id WHERE m.id = :id)"
        ),
        {"reason": sample_reason, "id": mail_id},
    )


def set_address(connection: Connection, invitation_id: int, address_mac: bytes) -> None:
    connection.execute(
        text("UPDATE invitation SET address_mac = :mac WHERE id = :id"), {"mac": address_mac, "id": invitation_id}
    )


def _end(connection: Connection, mail_id: int, state: str, now: datetime, reason: str | None) -> None:
    connection.execute(
        text(
            "UPDATE mail_message SET state = :state, sent_at = :now, next_try_at = NULL, reason = :reason WHERE id = :id"
        ),
        {"id": mail_id, "state": state, "now": now, "reason": reason},
    )
