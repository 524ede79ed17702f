"""Read-only questions to the store: implements shop.ports.Reader. Any thread; each call is one short transaction."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, Table, TextClause, and_, case, func, or_, select, text

from repaircenter.runtime.text import canonical, sort_key
from repaircenter.shop.collector.silence import EVENTS
from repaircenter.shop.model.folder import BROKEN, BUSY, IMPORTED, INCOMPLETE, FolderSetting, LedgerEntry
from repaircenter.shop.model.job import Facility, HandStep, Job, JobDetails, JobLine, Shop, Suggestion, customer_name
from repaircenter.shop.model.outbox import Counts, LoggedMessage
from repaircenter.shop.model.state import Rhythm
from repaircenter.shop.repositories import KeptFavourite
from repaircenter.store import rows, tables
from repaircenter.store.search import query_text
from repaircenter.wire import codec
from repaircenter.wire.jobs import AtService
from repaircenter.wire.reports import Favourite
from repaircenter.wire.vocabulary import ENDED_STATES

LINE_COLUMNS = tuple(
    tables.job.c[name]
    for name in (
        *("id", "shop_id", "ro_number", "state", "first_name", "last_name", "company", "year", "make", "model"),
        *("insurer_name", "version", "version_order", "total_cents", "currency", "received_at_utc", "created_on"),
        *("delivered_on", "complete", "email", "phones", "do_not_contact", "excluded", "skipped", "unsure"),
        *("merged_into", "erased_at_utc", "sent_digest", "service_state", "service_reason", "service_stars"),
    )
)
_REVISION = select(func.coalesce(func.max(tables.job.c.revision), 0))


def _called(row: rows.Row) -> str:
    """What people call a job: its RO number and its customer."""
    name = customer_name(row["first_name"], row["last_name"], row["company"])
    return " · ".join(part for part in (row["ro_number"], name) if part)


class SqlReader:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(readonly=True)

    def jobs(self, search: str = "", limit: int = 2000) -> list[Job]:
        """Newest first; `search` finds names, RO, claim, plate, VIN and phone, in any punctuation."""
        query = select(tables.job).order_by(tables.job.c.changed_at_utc.desc(), tables.job.c.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            if search.strip():
                query = query.where(tables.job.c.id.in_(self._found(search)))
            return [rows.job_of(row) for row in connection.execute(query).mappings()]

    @staticmethod
    def _found(search: str) -> TextClause:
        """Ids of jobs that hold every word, or the whole text without its punctuation."""
        words, plain = query_text(sort_key(search)), query_text(canonical(search))
        query = f"({words}) OR ({plain})" if plain and plain != words else words or '""'
        return text("SELECT rowid FROM job_search WHERE job_search MATCH :wanted").bindparams(wanted=query)

    def job_lines(self, search: str = "", after: int = 0) -> tuple[list[JobLine], int]:
        """Every job as the list shows it, newest first, and the revision they are of; with `after` only those that
        changed since that revision. Merged ones come with `after` only: to be taken out of a list."""
        job = tables.job.c
        query = select(*LINE_COLUMNS).order_by(job.id.desc())
        query = query.where(job.revision > after) if after else query.where(job.merged_into.is_(None))
        if search.strip():
            query = query.where(job.id.in_(self._found(search)))
        with self._engine.connect() as connection, connection.begin():
            revision = connection.execute(_REVISION).scalar_one()
            # In portions: thousands of rows at once would leave holes in the memory behind them.
            lines = connection.execute(query.execution_options(yield_per=500))
            return [rows.line_of(row) for row in lines], revision

    def revision(self) -> int:
        """The newest revision of any job."""
        with self._engine.connect() as connection:
            revision: int = connection.execute(_REVISION).scalar_one()
            return revision

    def messages(self, states: Sequence[str] = (), search: str = "", limit: int = 500) -> list[LoggedMessage]:
        """Rows of the outbox, newest first, for the log of everything that left this PC or waits to; `search` finds
        those of jobs as `jobs` does."""
        outbox, job = tables.outbox, tables.job.c
        query = (
            select(outbox, job.ro_number, job.first_name, job.last_name, job.company)
            .join(tables.job, job.id == outbox.c.job_id)
            .order_by(func.coalesce(outbox.c.sent_at_utc, outbox.c.created_at_utc).desc())
            .limit(limit)
        )
        if states:
            query = query.where(outbox.c.state.in_(states))
        if search.strip():
            query = query.where(job.id.in_(self._found(search)))
        with self._engine.connect() as connection:
            logged = connection.execute(query).mappings().all()
        return [LoggedMessage(rows.outbox_of(row), _called(row)) for row in logged]

    def suggestions(self) -> list[Suggestion]:
        """Open questions whether two jobs are one, oldest first."""
        query = select(tables.suggestion).order_by(tables.suggestion.c.id)
        with self._engine.connect() as connection:
            return [rows.suggestion_of(row) for row in connection.execute(query).mappings()]

    def hand_step(self, job_id: int) -> HandStep | None:
        query = select(tables.hand_step).where(tables.hand_step.c.job_id == job_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
            return None if row is None else rows.hand_step_of(row)

    def rhythm(self, stage: str, since_utc: datetime) -> Rhythm:
        """When something of a stage happened, oldest first (A-N2)."""
        event = tables.event.c
        query = (
            select(event.at_utc).where(event.kind.in_(EVENTS[stage]), event.at_utc >= since_utc).order_by(event.at_utc)
        )
        with self._engine.connect() as connection:
            return Rhythm(stage, tuple(connection.execute(query).scalars()))

    def filtered(self, since_utc: datetime) -> dict[str, int]:
        """Why the service did not keep jobs it received since an instant, counted by reason."""
        job = tables.job.c
        query = (
            select(func.coalesce(job.service_reason, ""), func.count())
            .where(job.service_state == "filtered", job.service_received_at_utc >= since_utc, ~job.excluded)
            .where(job.erased_at_utc.is_(None))
            .group_by(job.service_reason)
        )
        with self._engine.connect() as connection:
            return dict(connection.execute(query).all())

    def unsent_jobs(self) -> list[tuple[Job, str | None]]:
        """Jobs of a shop no message was made of, each with the folder of its newest version (None: by hand)."""
        job, version = tables.job.c, tables.version.c
        folder = (
            select(version.folder).where(version.job_id == job.id).order_by(version.order.desc()).limit(1)
        ).scalar_subquery()
        query = select(tables.job, folder.label("folder")).where(
            job.sent_digest.is_(None), job.merged_into.is_(None), job.erased_at_utc.is_(None), job.shop_id.is_not(None)
        )
        with self._engine.connect() as connection:
            return [(rows.job_of(row), row["folder"]) for row in connection.execute(query).mappings()]

    def details(self, job_id: int) -> JobDetails | None:
        with self._engine.connect() as connection:
            job = connection.execute(select(tables.job).where(tables.job.c.id == job_id)).mappings().first()
            if job is None:
                return None

            def of(table: Table, order: ColumnElement[object]) -> Sequence[rows.Row]:
                query = select(table).where(table.c.job_id == job_id).order_by(order)
                return connection.execute(query).mappings().all()

            return JobDetails(
                rows.job_of(job),
                tuple(rows.version_of(row) for row in of(tables.version, tables.version.c.order)),
                tuple(rows.event_of(row) for row in of(tables.event, tables.event.c.id)),
                tuple(rows.outbox_of(row) for row in of(tables.outbox, tables.outbox.c.created_at_utc)),
            )

    def counts(self, today_began_utc: datetime) -> Counts:
        outbox, job, ledger = tables.outbox.c, tables.job.c, tables.ledger.c
        with self._engine.connect() as connection:
            states: dict[str, int] = dict(
                connection.execute(select(outbox.state, func.count()).group_by(outbox.state)).all()
            )
            reachable = or_(job.email.is_not(None), job.phones != "[]")
            total, without_shop, today, unreachable, unsure = connection.execute(
                select(
                    func.count(),
                    func.count(case((job.shop_id.is_(None), 1))),
                    func.count(case((job.received_at_utc >= today_began_utc, 1))),
                    func.count(case((and_(~reachable, job.erased_at_utc.is_(None)), 1))),
                    func.count(case((job.unsure, 1))),
                ).where(job.merged_into.is_(None))
            ).one()
            outcomes: dict[str, int] = dict(
                connection.execute(select(ledger.outcome, func.count().label("sets")).group_by(ledger.outcome)).all()
            )
            oldest = connection.execute(
                select(func.min(outbox.created_at_utc)).where(outbox.state == "waiting")
            ).scalar()
            last = connection.execute(select(func.max(outbox.sent_at_utc))).scalar()
        return Counts(
            jobs=total,
            to_send=states.get("waiting", 0),
            refused=states.get("refused", 0) + states.get("parked", 0),
            sent=states.get("sent", 0),
            without_shop=without_shop,
            imported_today=today,
            outcomes=outcomes,
            oldest_waiting_utc=oldest,
            last_sent_utc=last,
            unreachable=unreachable,
            unsure=unsure,
        )

    def troubles(self) -> list[LedgerEntry]:
        """Sets that could not be read or opened or are not whole, newest first."""
        ledger = tables.ledger
        query = select(ledger).where(ledger.c.outcome.in_((BROKEN, BUSY, INCOMPLETE))).order_by(ledger.c.at_utc.desc())
        with self._engine.connect() as connection:
            return [rows.ledger_of(row) for row in connection.execute(query).mappings()]

    def facilities(self) -> list[Facility]:
        with self._engine.connect() as connection:
            facilities = connection.execute(select(tables.facility).order_by(tables.facility.c.label)).mappings()
            return [rows.facility_of(row) for row in facilities]

    def known_sets(self, folder: str) -> dict[str, str]:
        """Base -> signature of the sets dealt with, so that unchanged ones are not opened again.

        A set that could not be opened was not dealt with.
        """
        ledger = tables.ledger.c
        with self._engine.connect() as connection:
            query = select(ledger.base, ledger.signature).where(ledger.folder == folder, ledger.outcome != BUSY)
            return {row.base: row.signature for row in connection.execute(query)}

    def folders(self) -> list[FolderSetting]:
        query = select(tables.folder).where(~tables.folder.c.removed).order_by(tables.folder.c.place)
        with self._engine.connect() as connection:
            return [rows.folder_of(row) for row in connection.execute(query).mappings()]

    def folder(self, path: str) -> FolderSetting | None:
        """The rules of one folder, also of one that was taken out."""
        with self._engine.connect() as connection:
            query = select(tables.folder).where(tables.folder.c.path == path)
            row = connection.execute(query).mappings().first()
            return None if row is None else rows.folder_of(row)

    def folder_outcomes(self, folder: str) -> dict[str, int]:
        """How many sets of a folder came to which end."""
        ledger = tables.ledger.c
        query = (
            select(ledger.outcome, func.count().label("sets")).where(ledger.folder == folder).group_by(ledger.outcome)
        )
        with self._engine.connect() as connection:
            return {row.outcome: row.sets for row in connection.execute(query)}

    def last_news(self) -> dict[str, datetime]:
        """When each folder last brought a new export (A-N2)."""
        ledger = tables.ledger.c
        newest = func.max(ledger.at_utc).label("newest")
        query = select(ledger.folder, newest).where(ledger.outcome.in_((IMPORTED, INCOMPLETE))).group_by(ledger.folder)
        with self._engine.connect() as connection:
            return {row.folder: row.newest for row in connection.execute(query)}

    def service_states(self, shop_id: int, job_keys: Sequence[str]) -> dict[str, AtService | None]:
        """What is believed of these jobs at the service, by their keys."""
        job = tables.job.c
        query = select(job.job_key, job.service).where(job.shop_id == shop_id, job.job_key.in_(job_keys))
        with self._engine.connect() as connection:
            return {row.job_key: rows.at_service_of(row.service) for row in connection.execute(query)}

    def sent_job_keys(self) -> dict[int, list[str]]:
        """Keys of jobs the service has been told of and whose survey is not over, by shop."""
        job = tables.job.c
        query = select(job.shop_id, job.job_key).where(
            job.service_state.is_not(None), job.service_state.not_in(ENDED_STATES), job.shop_id.is_not(None)
        )
        keys: dict[int, list[str]] = {}
        with self._engine.connect() as connection:
            for shop_id, job_key in connection.execute(query):
                if shop_id is not None:
                    keys.setdefault(shop_id, []).append(job_key)
        return keys

    def kept_favourites(self, person: str) -> list[KeptFavourite]:
        """Of the person with this digest, in the order of their list."""
        column = tables.kept_favourite.c
        query = select(column.favourite, column.made_at_utc).where(column.person == person).order_by(column.place)
        with self._engine.connect() as connection:
            kept_rows = connection.execute(query).all()
        kept = []
        for row in kept_rows:
            # Written by another version: as if it had not been kept.
            with suppress(codec.BadMessage):
                kept.append(KeptFavourite(codec.decode(row.favourite, Favourite), row.made_at_utc))
        return kept

    def keeps_for_others(self, person: str) -> bool:
        kept = tables.kept_favourite.c
        with self._engine.connect() as connection:
            return connection.execute(select(kept.id).where(kept.person != person).limit(1)).first() is not None

    def kept_result(self, person: str, favourite_id: int) -> tuple[bytes, datetime] | None:
        kept = tables.kept_favourite.c
        query = select(kept.result, kept.made_at_utc).where(kept.person == person, kept.id == favourite_id)
        with self._engine.connect() as connection:
            row = connection.execute(query.where(kept.result.is_not(None))).first()
        return None if row is None else (row.result, row.made_at_utc)

    def setting(self, key: str) -> str | None:
        query = select(tables.setting.c.value).where(tables.setting.c.key == key)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none()

    def shops(self) -> list[Shop]:
        with self._engine.connect() as connection:
            shops = connection.execute(select(tables.shop).order_by(tables.shop.c.name)).mappings()
            return [rows.shop_of(row) for row in shops]
