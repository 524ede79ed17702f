"""One write transaction of the store: implements shop.ports.UnitOfWork."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import Connection, and_, delete, exists, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from repaircenter.shop.model import Event, Facility, FolderSetting, Job, LedgerEntry, OutboxRow, Shop, Version
from repaircenter.store import rows, tables


class SqlUnitOfWork:
    """Writes on one connection; the caller's block decides about commit (store.local.LocalStore.write)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def jobs_by_key(self, job_key: str) -> list[Job]:
        found = self._connection.execute(select(tables.job).where(tables.job.c.job_key == job_key)).mappings()
        return [rows.job_of(row) for row in found]

    def job_of_shop(self, shop_id: int, job_key: str) -> Job | None:
        wanted = and_(tables.job.c.job_key == job_key, tables.job.c.shop_id == shop_id)
        row = self._connection.execute(select(tables.job).where(wanted)).mappings().first()
        return None if row is None else rows.job_of(row)

    def job(self, job_id: int) -> Job | None:
        row = self._connection.execute(select(tables.job).where(tables.job.c.id == job_id)).mappings().first()
        return None if row is None else rows.job_of(row)

    def save_job(self, job: Job) -> Job:
        values = rows.job_values(job)
        if job.id:
            self._connection.execute(update(tables.job).where(tables.job.c.id == job.id).values(**values))
            return job
        key = self._connection.execute(insert(tables.job).values(**values)).inserted_primary_key
        assert key is not None
        return replace(job, id=key[0])

    def jobs_of_facility(self, key: str) -> list[Job]:
        found = self._connection.execute(select(tables.job).where(tables.job.c.facility == key)).mappings()
        return [rows.job_of(row) for row in found]

    def versions(self, job_id: int) -> list[Version]:
        query = select(tables.version).where(tables.version.c.job_id == job_id).order_by(tables.version.c.id)
        return [rows.version_of(row) for row in self._connection.execute(query).mappings()]

    def add_version(self, version: Version) -> None:
        values = asdict(version)
        values.pop("id")
        self._connection.execute(insert(tables.version).values(**values))

    def remove_version(self, version_id: int) -> None:
        self._connection.execute(delete(tables.version).where(tables.version.c.id == version_id))

    def put_folders(self, folders: Sequence[FolderSetting]) -> None:
        """The watched folders as they are from now on, in this order."""
        self._connection.execute(delete(tables.folder))
        for place, folder in enumerate(folders):
            self._connection.execute(insert(tables.folder).values(place=place, **asdict(folder)))

    def add_event(self, job_id: int, event: Event) -> None:
        self._connection.execute(insert(tables.event).values(job_id=job_id, **asdict(event)))

    def record_set(self, entry: LedgerEntry) -> None:
        values = asdict(entry)
        statement = upsert(tables.ledger).values(**values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["folder", "base"], set_=values))

    def facility(self, key: str) -> Facility | None:
        row = self._connection.execute(select(tables.facility).where(tables.facility.c.key == key)).mappings().first()
        return None if row is None else rows.facility_of(row)

    def put_facility(self, facility: Facility) -> None:
        values = asdict(facility)
        statement = upsert(tables.facility).values(**values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))

    def unsent(self, job_id: int) -> list[OutboxRow]:
        query = select(tables.outbox).where(tables.outbox.c.job_id == job_id, tables.outbox.c.state == "waiting")
        return [rows.outbox_of(row) for row in self._connection.execute(query).mappings()]

    def put_outbox(self, row: OutboxRow) -> None:
        values = asdict(row)
        statement = upsert(tables.outbox).values(**values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))

    def remove_outbox(self, row_id: str) -> None:
        self._connection.execute(delete(tables.outbox).where(tables.outbox.c.id == row_id))

    def release_leases(self) -> None:
        """Rows that were under way when their process was killed are due again."""
        held = tables.outbox.c.lease_until_utc.is_not(None)
        self._connection.execute(update(tables.outbox).where(held).values(lease_until_utc=None))

    def claim(self, now_utc: datetime, lease_until_utc: datetime, limit: int) -> list[OutboxRow]:
        """Due rows under a new lease: fewest failures first, then oldest; within one job strictly in order."""
        column = tables.outbox.c
        free = or_(column.lease_until_utc.is_(None), column.lease_until_utc <= now_utc)
        busy = select(column.job_id).where(and_(column.state == "waiting", column.lease_until_utc > now_utc))
        older = tables.outbox.alias("older")
        overtakes = exists().where(
            older.c.job_id == column.job_id, older.c.state == "waiting", older.c.created_at_utc < column.created_at_utc
        )
        due = and_(
            column.state == "waiting", column.next_try_at_utc <= now_utc, free, column.job_id.not_in(busy), ~overtakes
        )
        query = select(tables.outbox).where(due).order_by(column.attempts, column.created_at_utc, column.id)
        claimed: dict[int, OutboxRow] = {}
        for row in self._connection.execute(query.limit(limit * 4)).mappings():
            found = rows.outbox_of(row)
            if len(claimed) < limit and found.job_id not in claimed:
                claimed[found.job_id] = replace(found, lease_until_utc=lease_until_utc, started=found.started + 1)
        for found in claimed.values():
            self.put_outbox(found)
        return list(claimed.values())

    def setting(self, key: str) -> str | None:
        return self._connection.execute(
            select(tables.setting.c.value).where(tables.setting.c.key == key)
        ).scalar_one_or_none()

    def put_setting(self, key: str, value: str) -> None:
        statement = upsert(tables.setting).values(key=key, value=value)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))

    def put_shops(self, shops: Sequence[Shop]) -> None:
        self._connection.execute(delete(tables.shop))
        if shops:
            self._connection.execute(insert(tables.shop), [asdict(shop) for shop in shops])
