"""A message to oneself, as a customer would get it (A-25)."""

from datetime import datetime

from sqlalchemy import Connection

from repaircenter.central.core.outgoing import DROPPED, Ended, Letter, MessageKind, Recipient
from repaircenter.central.core.service import Service
from repaircenter.central.core.work import Enqueue
from repaircenter.central.db.connections import WORKER
from repaircenter.central.messages.queueing import queue_message
from repaircenter.central.wordings import queries

LETTER, SENDER = "wording.letter", "RepairCenter"


def send_test(service: Service, _enqueue: Enqueue, test_id: int) -> None:
    """Queue a message to oneself, once."""
    with service.worker.scoped(WORKER) as connection:
        row = queries.test_message(connection, test_id)
        if row is not None:
            now = service.clock.now_utc()
            queue_message(connection, row.org_id, row.shop_id, LETTER, test_id, now, now)


def prepare(_service: Service, connection: Connection, test_id: int) -> Recipient | Ended:
    row = queries.test_message(connection, test_id)
    if row is None:
        return Ended(DROPPED, "not_there")
    return Recipient(row.org_id, row.email, lambda _of: Letter(SENDER, row.subject, row.body))


def ended(_connection: Connection, _test_id: int, _state: str, _reason: str | None, _at: datetime) -> None:
    """Whoever sees that nothing came sends another."""


KIND = MessageKind(LETTER, prepare, ended, to_staff=True)
