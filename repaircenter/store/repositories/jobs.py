"""Jobs, their events and their repair facilities."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, exists, insert, or_, select, update

from repaircenter.shop.model.job import Event, Facility, Job
from repaircenter.store import personal, rows, tables
from repaircenter.store.repositories.repository import Repository, upsert
from repaircenter.wire.vocabulary import OPEN_STATES

# Statements are made once: building one costs more than running it.
_job = tables.job.c
_version = tables.version.c
_outbox = tables.outbox.c
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
_INSERT_JOB = insert(tables.job)
_INSERT_VERSION = insert(tables.version)
_INSERT_EVENT = insert(tables.event)
_PUT_FACILITY = upsert(tables.facility, "key")
_FACILITY = select(tables.facility).where(tables.facility.c.key == bindparam("wanted"))


class JobsRepository(Repository):
    """Implements shop.repositories.Jobs."""

    def by_key(self, job_key: str) -> list[Job]:
        return [rows.job_of(row) for row in self._rows(_JOBS_BY_KEY, key=job_key)]

    def of_shop(self, shop_id: int, job_key: str) -> Job | None:
        matching = self._rows(_JOB_OF_SHOP, key=job_key, shop=shop_id)
        return rows.job_of(matching[0]) if matching else None

    def find(self, job_id: int) -> Job | None:
        matching = self._rows(_JOB, wanted=job_id)
        return rows.job_of(matching[0]) if matching else None

    def save(self, job: Job) -> Job:
        values = {**rows.job_values(job), "revision": next(self._revisions)}
        if job.id:
            self._connection.execute(_UPDATE_JOB, {**values, "wanted": job.id})
            return job
        key = self._connection.execute(_INSERT_JOB, values).inserted_primary_key
        assert key is not None
        return replace(job, id=key[0])

    def alike(self, home: str, shop_id: int | None, vin: str | None, ro_number: str | None) -> list[Job]:
        """Jobs of a home or shop with this VIN or this RO number, as they are written."""
        if not vin and not ro_number:
            return []
        alike = self._rows(_JOBS_ALIKE, home=home, shop=shop_id, vin=vin or None, ro=ro_number or None)
        return [rows.job_of(row) for row in alike]

    def unsent(self, after: int, most: int) -> list[Job]:
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

    def of_facility(self, key: str) -> list[Job]:
        return [rows.job_of(row) for row in self._rows(_JOBS_OF_FACILITY, key=key)]

    def undecided(self, folder: str, cutoff: date) -> list[Job]:
        """Jobs with sets in a folder that were created or delivered since a day and never put into the outbox."""
        return [rows.job_of(row) for row in self._rows(_UNDECIDED, folder=folder, cutoff=cutoff)]

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

    def add_event(self, job_id: int, event: Event) -> None:
        self._connection.execute(_INSERT_EVENT, {"job_id": job_id, **rows.values_of(event)})

    def facility(self, key: str) -> Facility | None:
        matching = self._rows(_FACILITY, wanted=key)
        return rows.facility_of(matching[0]) if matching else None

    def put_facility(self, facility: Facility) -> None:
        self._connection.execute(_PUT_FACILITY, rows.values_of(facility))
