"""One write transaction of the store: implements shop.ports.UnitOfWork."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import sqlite

from repaircenter.shop.model import Event, Facility, FolderSetting, Job, LedgerEntry, OutboxRow, Shop, Version
from repaircenter.store import rows, tables


def _upsert(table: Table, *keys: str) -> sqlite.Insert:
    """Insert a row, or put its values into the one with the same keys."""
    statement = sqlite.insert(table)
    others = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=others)


# Statements are made once: building one costs more than running it.
_job, _version, _outbox = tables.job.c, tables.version.c, tables.outbox.c
_JOBS_BY_KEY = select(tables.job).where(_job.job_key == bindparam("key"))
_JOB_OF_SHOP = _JOBS_BY_KEY.where(_job.shop_id == bindparam("shop"))
_JOB = select(tables.job).where(_job.id == bindparam("wanted"))
_JOBS_OF_FACILITY = select(tables.job).where(_job.facility == bindparam("key"))
_UNDECIDED = select(tables.job).where(
    _job.sent_digest.is_(None),
    or_(_job.created_on >= bindparam("cutoff"), _job.delivered_on >= bindparam("cutoff")),
    exists().where(_version.job_id == _job.id, _version.folder == bindparam("folder")),
)
_UPDATE_JOB = update(tables.job).where(_job.id == bindparam("wanted"))
_INSERT_JOB, _INSERT_VERSION, _INSERT_EVENT = insert(tables.job), insert(tables.version), insert(tables.event)
_VERSIONS = select(tables.version).where(_version.job_id == bindparam("wanted")).order_by(_version.id)
_REMOVE_VERSION = delete(tables.version).where(_version.id == bindparam("wanted"))
_PUT_SET = _upsert(tables.ledger, "folder", "base")
_PUT_FACILITY = _upsert(tables.facility, "key")
_PUT_FOLDER = _upsert(tables.folder, "path")
_PUT_OUTBOX = _upsert(tables.outbox, "id")
_PUT_SETTING = _upsert(tables.setting, "key")
_FACILITY = select(tables.facility).where(tables.facility.c.key == bindparam("wanted"))
_UNSENT = select(tables.outbox).where(_outbox.job_id == bindparam("wanted"), _outbox.state == "waiting")
_REMOVE_OUTBOX = delete(tables.outbox).where(_outbox.id == bindparam("wanted"))


class SqlUnitOfWork:
    """Writes on one connection; the caller's block decides about commit (store.local.LocalStore.write)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _rows(self, statement: Select[Any], **values: object) -> Sequence[RowMapping]:
        return self._connection.execute(statement, values).mappings().all()

    def jobs_by_key(self, job_key: str) -> list[Job]:
        return [rows.job_of(row) for row in self._rows(_JOBS_BY_KEY, key=job_key)]

    def job_of_shop(self, shop_id: int, job_key: str) -> Job | None:
        found = self._rows(_JOB_OF_SHOP, key=job_key, shop=shop_id)
        return rows.job_of(found[0]) if found else None

    def job(self, job_id: int) -> Job | None:
        found = self._rows(_JOB, wanted=job_id)
        return rows.job_of(found[0]) if found else None

    def save_job(self, job: Job) -> Job:
        values = rows.job_values(job)
        if job.id:
            self._connection.execute(_UPDATE_JOB, {**values, "wanted": job.id})
            return job
        key = self._connection.execute(_INSERT_JOB, values).inserted_primary_key
        assert key is not None
        return replace(job, id=key[0])

    def jobs_of_facility(self, key: str) -> list[Job]:
        return [rows.job_of(row) for row in self._rows(_JOBS_OF_FACILITY, key=key)]

    def undecided(self, folder: str, cutoff: date) -> list[Job]:
        """Jobs with sets in a folder that were created or delivered since a day and never put into the outbox."""
        return [rows.job_of(row) for row in self._rows(_UNDECIDED, folder=folder, cutoff=cutoff)]

    def versions(self, job_id: int) -> list[Version]:
        return [rows.version_of(row) for row in self._rows(_VERSIONS, wanted=job_id)]

    def add_version(self, version: Version) -> None:
        values = rows.values_of(version)
        del values["id"]
        self._connection.execute(_INSERT_VERSION, values)

    def remove_version(self, version_id: int) -> None:
        self._connection.execute(_REMOVE_VERSION, {"wanted": version_id})

    def put_folders(self, folders: Sequence[FolderSetting]) -> None:
        """The watched folders as they are from now on, in this order; one taken out keeps its rules for its jobs."""
        self._connection.execute(update(tables.folder), {"removed": True})
        for place, folder in enumerate(folders):
            self._connection.execute(_PUT_FOLDER, {"place": place, "removed": False, **rows.values_of(folder)})

    def add_event(self, job_id: int, event: Event) -> None:
        self._connection.execute(_INSERT_EVENT, {"job_id": job_id, **rows.values_of(event)})

    def record_set(self, entry: LedgerEntry) -> None:
        self._connection.execute(_PUT_SET, rows.values_of(entry))

    def facility(self, key: str) -> Facility | None:
        found = self._rows(_FACILITY, wanted=key)
        return rows.facility_of(found[0]) if found else None

    def put_facility(self, facility: Facility) -> None:
        self._connection.execute(_PUT_FACILITY, rows.values_of(facility))

    def unsent(self, job_id: int) -> list[OutboxRow]:
        return [rows.outbox_of(row) for row in self._rows(_UNSENT, wanted=job_id)]

    def put_outbox(self, row: OutboxRow) -> None:
        self._connection.execute(_PUT_OUTBOX, rows.values_of(row))

    def remove_outbox(self, row_id: str) -> None:
        self._connection.execute(_REMOVE_OUTBOX, {"wanted": row_id})

    def release_leases(self) -> None:
        """Rows that were under way when their process was killed are due again."""
        self._connection.execute(
            update(tables.outbox).where(_outbox.lease_until_utc.is_not(None)), {"lease_until_utc": None}
        )

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
        self._connection.execute(_PUT_SETTING, {"key": key, "value": value})

    def put_shops(self, shops: Sequence[Shop]) -> None:
        self._connection.execute(delete(tables.shop))
        if shops:
            self._connection.execute(insert(tables.shop), [rows.values_of(shop) for shop in shops])
