"""Messages on their way to the service."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, exists, literal_column, or_, select, update

from repaircenter.shop.model.outbox import OutboxRow
from repaircenter.store import rows, tables
from repaircenter.store.repositories.repository import Repository, upsert

# Statements are made once: building one costs more than running it.
# No row ever waits longer for its next try (shop.collector.outbox_sender).
_LONGEST_WAIT = timedelta(hours=6)
_outbox = tables.outbox.c
_PUT_OUTBOX = upsert(tables.outbox, "id")
_UNSENT = select(tables.outbox).where(_outbox.job_id == bindparam("wanted"), _outbox.state == "waiting")
_SETTLE_OUTBOX = update(tables.outbox).where(
    _outbox.id == bindparam("wanted"), _outbox.state == "waiting", _outbox.started == bindparam("try")
)
_REMOVE_OUTBOX = delete(tables.outbox).where(_outbox.id == bindparam("wanted"))


class OutboxRepository(Repository):
    """Implements shop.repositories.Outbox."""

    def row(self, row_id: str) -> OutboxRow | None:
        matching = self._rows(select(tables.outbox).where(_outbox.id == row_id))
        return rows.outbox_of(matching[0]) if matching else None

    def last_answer(self, job_id: int) -> str | None:
        """What the service said last when a message of this job was delivered."""
        query = (
            select(_outbox.last_status)
            .where(_outbox.job_id == job_id, _outbox.state == "sent")
            .order_by(literal_column("outbox.rowid").desc())
            .limit(1)
        )
        status: str | None = self._connection.execute(query).scalar()
        return status

    def due_again(self, now_utc: datetime) -> None:
        """Everything that waits may be tried at once: someone signed in, or the way is free again."""
        self._connection.execute(
            update(tables.outbox).where(_outbox.state == "waiting", _outbox.next_try_at_utc > now_utc),
            {"next_try_at_utc": now_utc},
        )

    def unsent(self, job_id: int) -> list[OutboxRow]:
        return [rows.outbox_of(row) for row in self._rows(_UNSENT, wanted=job_id)]

    def put(self, row: OutboxRow) -> None:
        self._connection.execute(_PUT_OUTBOX, rows.values_of(row))

    def settle(self, claimed: OutboxRow, after: OutboxRow) -> bool:
        """Write what became of a try: state, attempts, times and status, never the message itself.

        False, and nothing is changed, when the row is gone or was claimed anew since.
        """
        done = self._connection.execute(
            _SETTLE_OUTBOX,
            {
                "wanted": claimed.id,
                "try": claimed.started,
                "state": after.state,
                "attempts": after.attempts,
                "next_try_at_utc": after.next_try_at_utc,
                "lease_until_utc": after.lease_until_utc,
                "last_status": after.last_status,
                "sent_at_utc": after.sent_at_utc,
            },
        )
        return done.rowcount == 1

    def remove(self, row_id: str) -> None:
        self._connection.execute(_REMOVE_OUTBOX, {"wanted": row_id})

    def release_leases(self) -> None:
        """Rows that were under way when their process was killed are due again."""
        self._connection.execute(
            update(tables.outbox).where(_outbox.lease_until_utc.is_not(None)), {"lease_until_utc": None}
        )

    def claim(self, now_utc: datetime, lease_until_utc: datetime, limit: int) -> list[OutboxRow]:
        """Due rows under a new lease: fewest failures first, then oldest; within one job strictly in order.

        A clock that was set back must not keep rows waiting: a lease or a next try further ahead than any can be is
        from before the clock moved.
        """
        column, ahead = _outbox, now_utc + _LONGEST_WAIT
        free = or_(
            column.lease_until_utc.is_(None),
            column.lease_until_utc <= now_utc,
            column.lease_until_utc > lease_until_utc,
        )
        busy = select(column.job_id).where(column.state == "waiting", ~free)
        older = tables.outbox.alias("older")
        overtakes = exists().where(
            older.c.job_id == column.job_id,
            older.c.state == "waiting",
            literal_column("older.rowid") < literal_column("outbox.rowid"),
        )
        due = and_(
            column.state == "waiting",
            or_(column.next_try_at_utc <= now_utc, column.next_try_at_utc > ahead),
            free,
            column.job_id.not_in(busy),
            ~overtakes,
        )
        query = select(tables.outbox).where(due).order_by(column.attempts, literal_column("outbox.rowid")).limit(limit)
        claimed = [
            replace(row, lease_until_utc=lease_until_utc, started=row.started + 1)
            for row in map(rows.outbox_of, self._connection.execute(query).mappings())
        ]
        for row in claimed:
            self.put(row)
        return claimed
