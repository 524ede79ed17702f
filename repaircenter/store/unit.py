"""One write transaction of the store: implements shop.ports.UnitOfWork."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

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
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import sqlite

from repaircenter.shop.model import (
    Event,
    Facility,
    FolderSetting,
    HandStep,
    Job,
    LedgerEntry,
    OutboxRow,
    Shop,
    Suggestion,
    Version,
)
from repaircenter.shop.ports import RESULTS_FORGOTTEN, KeptFavourite
from repaircenter.store import personal, rows, tables
from repaircenter.wire import codec
from repaircenter.wire.vocabulary import OPEN_STATES

# No row ever waits longer for its next try (shop.collector.outbox_sender).
_LONGEST_WAIT = timedelta(hours=6)


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
_JOBS_OF_FACILITY = select(tables.job).where(
    _job.facility == bindparam("key"), _job.home.like("facility:%"), _job.shop_id.is_(None)
)
_UNDECIDED = select(tables.job).where(
    _job.sent_digest.is_(None),
    ~_job.excluded,
    ~_job.skipped,
    ~_job.unsure,
    _job.shop_id.is_not(None),
    or_(_job.created_on >= bindparam("cutoff"), _job.delivered_on >= bindparam("cutoff")),
    exists().where(_version.job_id == _job.id, _version.folder == bindparam("folder")),
)
_JOBS_ALIKE = select(tables.job).where(
    or_(_job.vin == bindparam("vin"), _job.ro_number == bindparam("ro")),
    or_(_job.home == bindparam("home"), _job.shop_id == bindparam("shop")),
    _job.merged_into.is_(None),
    _job.erased_at_utc.is_(None),
)
_UNSENT_JOBS = (
    select(tables.job)
    .where(
        _job.sent_digest.is_(None),
        _job.merged_into.is_(None),
        _job.erased_at_utc.is_(None),
        _job.shop_id.is_not(None),
        _job.id > bindparam("after"),
    )
    .order_by(_job.id)
    .limit(bindparam("most"))
)
_DELIVERIES_DUE = select(tables.job).where(
    _job.state != "delivered",
    _job.delivered_on <= bindparam("today"),
    _job.merged_into.is_(None),
    _job.erased_at_utc.is_(None),
)
# A survey that may still come needs the customer; one not answered in 120 days will not be.
_SURVEY_LIFE = timedelta(days=120)
_WAITS = exists().where(_outbox.job_id == _job.id, _outbox.state.in_(("waiting", "refused", "parked")))
_FINISHED = (
    select(tables.job)
    .where(
        _job.changed_at_utc < bindparam("before"),
        or_(_job.blanked_at_utc.is_(None), _job.blanked_at_utc < _job.changed_at_utc),
        _job.erased_at_utc.is_(None),
        or_(
            _job.service_state.is_(None),
            _job.service_state.not_in(OPEN_STATES),
            _job.service_received_at_utc < bindparam("long_ago"),
        ),
        or_(_job.delivered_on.is_(None), _job.delivered_on <= bindparam("today")),
        ~_WAITS,
    )
    .limit(bindparam("most"))
)
_FILTERED = select(tables.job).where(
    _job.service_state == "filtered",
    _job.service_received_at_utc >= bindparam("since"),
    _job.erased_at_utc.is_(None),
    ~_job.excluded,
)
_UPDATE_JOB = update(tables.job).where(_job.id == bindparam("wanted"))
_INSERT_JOB, _INSERT_VERSION, _INSERT_EVENT = insert(tables.job), insert(tables.version), insert(tables.event)
_VERSIONS = select(tables.version).where(_version.job_id == bindparam("wanted")).order_by(_version.id)
_NEWEST_VERSION = (
    select(tables.version)
    .where(_version.job_id == bindparam("wanted"))
    .order_by(_version.order.desc(), _version.id.desc())
    .limit(1)
)
_REMOVE_VERSION = delete(tables.version).where(_version.id == bindparam("wanted"))
_PUT_SET = _upsert(tables.ledger, "folder", "base")
_PUT_FACILITY = _upsert(tables.facility, "key")
_PUT_FOLDER = _upsert(tables.folder, "path")
_PUT_OUTBOX = _upsert(tables.outbox, "id")
_PUT_SETTING = _upsert(tables.setting, "key")
_FACILITY = select(tables.facility).where(tables.facility.c.key == bindparam("wanted"))
_UNSENT = select(tables.outbox).where(_outbox.job_id == bindparam("wanted"), _outbox.state == "waiting")
_SETTLE_OUTBOX = update(tables.outbox).where(
    _outbox.id == bindparam("wanted"), _outbox.state == "waiting", _outbox.started == bindparam("try")
)
_PUT_STEP = _upsert(tables.hand_step, "job_id")
_REMOVE_OUTBOX = delete(tables.outbox).where(_outbox.id == bindparam("wanted"))


class SqlUnitOfWork:
    """Writes on one connection; the caller's block decides about commit (store.local.LocalStore.write)."""

    def __init__(self, connection: Connection, revisions: Iterator[int]) -> None:
        self._connection = connection
        self._revisions = revisions

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
        values = {**rows.job_values(job), "revision": next(self._revisions)}
        if job.id:
            self._connection.execute(_UPDATE_JOB, {**values, "wanted": job.id})
            return job
        key = self._connection.execute(_INSERT_JOB, values).inserted_primary_key
        assert key is not None
        return replace(job, id=key[0])

    def jobs_alike(self, home: str, shop_id: int | None, vin: str | None, ro_number: str | None) -> list[Job]:
        """Jobs of a home or shop with this VIN or this RO number, as they are written."""
        if not vin and not ro_number:
            return []
        found = self._rows(_JOBS_ALIKE, home=home, shop=shop_id, vin=vin or None, ro=ro_number or None)
        return [rows.job_of(row) for row in found]

    def unsent_jobs(self, after: int, most: int) -> list[Job]:
        """Jobs of a shop no message was made of, by id, the ones after an id."""
        return [rows.job_of(row) for row in self._rows(_UNSENT_JOBS, after=after, most=most)]

    def deliveries_due(self, today: date) -> list[Job]:
        """Jobs that are not delivered yet although their delivery day has come."""
        return [rows.job_of(row) for row in self._rows(_DELIVERIES_DUE, today=today)]

    def finished_before(self, before_utc: datetime, now_utc: datetime, most: int) -> list[Job]:
        """Jobs in which nothing has happened since an instant, that wait for nothing and still hold personal data."""
        # A day behind: over in every shop's zone.
        today = now_utc.date() - timedelta(days=1)
        values = {"before": before_utc, "today": today, "long_ago": now_utc - _SURVEY_LIFE, "most": most}
        return [rows.job_of(row) for row in self._rows(_FINISHED, **values)]

    def merged_into(self, job_id: int) -> list[Job]:
        """Jobs that were joined into this one."""
        return [rows.job_of(row) for row in self._rows(select(tables.job).where(_job.merged_into == job_id))]

    def filtered_since(self, since_utc: datetime) -> list[Job]:
        """Jobs the service did not keep that it received since an instant."""
        return [rows.job_of(row) for row in self._rows(_FILTERED, since=since_utc)]

    def blank(self, job_id: int) -> None:
        """Blank every personal column of a job, its versions and its messages (store.personal).

        What is not of one job is taken away by `forget_results`.
        """
        for name, columns in personal.PERSONAL.items():
            if name in personal.WHOLE:
                continue
            table = tables.metadata.tables[name]
            key = table.c.id if name == "job" else table.c.job_id
            values = {column: personal.BLANK.get(column) for column in columns}
            if name == "job":
                values["revision"] = str(next(self._revisions))
            self._connection.execute(update(table).where(key == job_id).values(values))

    def forget_results(self, before_utc: datetime | None = None) -> None:
        """Last results made before an instant; without one all of them, and those that are on their way too."""
        kept = tables.kept_favourite
        if before_utc is None:
            self.put_setting(RESULTS_FORGOTTEN, uuid4().hex)
        statement = update(kept).values(result=None, made_at_utc=None)
        if before_utc is not None:
            statement = statement.where(kept.c.made_at_utc < before_utc)
        self._connection.execute(statement)

    def put_kept_favourites(self, person: str, favourites: Sequence[KeptFavourite]) -> None:
        """Exactly these, of nobody else; those without an instant lose their result."""
        kept = tables.kept_favourite
        ids = [one.favourite.id for one in favourites]
        self._connection.execute(delete(kept).where(or_(kept.c.person != person, kept.c.id.not_in(ids))))
        for place, one in enumerate(favourites):
            values = {"place": place, "favourite": codec.encode(one.favourite).decode()}
            if one.made_at_utc is None:
                values |= {"result": None, "made_at_utc": None}
            new = sqlite.insert(kept).values(person=person, id=one.favourite.id, **values)
            self._connection.execute(new.on_conflict_do_update(index_elements=["person", "id"], set_=values))

    def put_result(self, person: str, favourite_id: int, result: bytes, made_at_utc: datetime) -> None:
        kept = tables.kept_favourite
        wanted = update(kept).where(kept.c.person == person, kept.c.id == favourite_id)
        self._connection.execute(wanted.values(result=result, made_at_utc=made_at_utc))

    def hand_step(self, job_id: int) -> HandStep | None:
        found = self._rows(select(tables.hand_step).where(tables.hand_step.c.job_id == job_id))
        return rows.hand_step_of(found[0]) if found else None

    def put_hand_step(self, step: HandStep) -> None:
        self._connection.execute(_PUT_STEP, rows.values_of(step))

    def remove_hand_step(self, job_id: int) -> None:
        self._connection.execute(delete(tables.hand_step).where(tables.hand_step.c.job_id == job_id))

    def add_suggestion(self, suggestion: Suggestion) -> None:
        values = rows.values_of(suggestion)
        del values["id"]
        self._connection.execute(insert(tables.suggestion), values)

    def suggestions_about(self, job_id: int) -> list[Suggestion]:
        """Every question about a job, on either side."""
        column = tables.suggestion.c
        query = select(tables.suggestion).where(or_(column.job_id == job_id, column.other_id == job_id))
        return [rows.suggestion_of(row) for row in self._rows(query)]

    def put_suggestion(self, suggestion: Suggestion) -> None:
        """A question is about other jobs now."""
        values = rows.values_of(suggestion)
        self._connection.execute(update(tables.suggestion).where(tables.suggestion.c.id == suggestion.id), values)

    def remove_suggestion(self, suggestion_id: int) -> None:
        self._connection.execute(delete(tables.suggestion).where(tables.suggestion.c.id == suggestion_id))

    def move_history(self, from_id: int, to_id: int) -> None:
        """Versions and events of one job become another one's."""
        for table in (tables.version, tables.event):
            self._connection.execute(update(table).where(table.c.job_id == from_id), {"job_id": to_id})

    def outbox_row(self, row_id: str) -> OutboxRow | None:
        found = self._rows(select(tables.outbox).where(_outbox.id == row_id))
        return rows.outbox_of(found[0]) if found else None

    def last_answer(self, job_id: int) -> str | None:
        """What the service said last when a message of this job was delivered."""
        query = (
            select(_outbox.last_status)
            .where(_outbox.job_id == job_id, _outbox.state == "sent")
            .order_by(literal_column("outbox.rowid").desc())
            .limit(1)
        )
        found: str | None = self._connection.execute(query).scalar()
        return found

    def due_again(self, now_utc: datetime) -> None:
        """Everything that waits may be tried at once: someone signed in, or the way is free again."""
        self._connection.execute(
            update(tables.outbox).where(_outbox.state == "waiting", _outbox.next_try_at_utc > now_utc),
            {"next_try_at_utc": now_utc},
        )

    def jobs_of_facility(self, key: str) -> list[Job]:
        return [rows.job_of(row) for row in self._rows(_JOBS_OF_FACILITY, key=key)]

    def undecided(self, folder: str, cutoff: date) -> list[Job]:
        """Jobs with sets in a folder that were created or delivered since a day and never put into the outbox."""
        return [rows.job_of(row) for row in self._rows(_UNDECIDED, folder=folder, cutoff=cutoff)]

    def versions(self, job_id: int) -> list[Version]:
        return [rows.version_of(row) for row in self._rows(_VERSIONS, wanted=job_id)]

    def newest_version(self, job_id: int) -> Version | None:
        """The version that counts: the highest of a job."""
        found = self._rows(_NEWEST_VERSION, wanted=job_id)
        return rows.version_of(found[0]) if found else None

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

    def settle_outbox(self, claimed: OutboxRow, after: OutboxRow) -> bool:
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

    def remove_outbox(self, row_id: str) -> None:
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
            replace(found, lease_until_utc=lease_until_utc, started=found.started + 1)
            for found in map(rows.outbox_of, self._connection.execute(query).mappings())
        ]
        for found in claimed:
            self.put_outbox(found)
        return claimed

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
