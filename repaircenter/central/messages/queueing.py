"""Queues a message for its first attempt."""

from datetime import datetime

from sqlalchemy import Connection

from repaircenter.central.messages import queries
from repaircenter.central.timers import queries as timers
from repaircenter.central.timers.queries import Due
from repaircenter.wire.vocabulary import EMAIL

TIMER = "message.send"


def queue_message(
    connection: Connection,
    org_id: int,
    shop_id: int,
    kind: str,
    subject_id: int,
    at: datetime,
    due_at: datetime,
    occurrence: int = 0,
    channel: str = EMAIL,
) -> None:
    """Queue a message once for its subject and occurrence; its first attempt is due at `due_at`. Once more does nothing."""
    message_id = queries.add(connection, org_id, shop_id, kind, subject_id, at, occurrence, channel)
    if message_id is not None:
        timers.put(connection, TIMER, [Due(org_id, shop_id, message_id, due_at)])
