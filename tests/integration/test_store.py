"""The encrypted store: search, outbox leases, migrations that keep everything (DESIGN 3.4, 3.5)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.util import CommandError
from sqlalchemy import text

from repaircenter.shop.model.folder import FolderSetting
from repaircenter.shop.model.job import Event, Job, Version
from repaircenter.shop.model.outbox import OutboxRow
from repaircenter.store import migrating, tables
from repaircenter.store.engine import WrongKey, open_engine
from repaircenter.store.local import LocalStore, NotLocal, open_store
from tests.fakes.clock import FakeClock
from tests.made_jobs import made_job

KEY, OTHER_KEY = "11" * 32, "22" * 32
NOW = FakeClock().now_utc()


def job(number: int, **fields: object) -> Job:
    given = {"first_name": "Éloïse", "last_name": f"Gagné-Côté {number}", "changed_at_utc": NOW}
    return made_job(job_key=f"C:{number}", **{**given, **fields})


def outbox(job_id: int, row_id: str, **fields: object) -> OutboxRow:
    row = OutboxRow(
        id=row_id,
        job_id=job_id,
        shop_id=1,
        kind="job",
        schema=1,
        payload="{}",
        digest="d",
        next_try_at_utc=NOW,
        created_at_utc=NOW,
    )
    return replace(row, **fields)  # type: ignore[arg-type]


def version(job_id: int) -> Version:
    return Version(
        job_id=job_id,
        label="E01",
        order=1,
        digest="d",
        base="b",
        folder="f",
        imported_at_utc=NOW,
        total_cents=5,
        complete=True,
        content="{}",
    )


@pytest.fixture
def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    opened = open_store(tmp_path / "store.db", KEY)
    yield opened
    opened.close()


def test_the_file_is_unreadable_without_the_key(store: LocalStore, tmp_path: Path) -> None:
    with store.write() as uow:
        uow.jobs.save(job(1))
    store.close()
    assert (
        b"Gagn" not in (tmp_path / "store.db").read_bytes() + (tmp_path / "store.db-wal").read_bytes()
        if (tmp_path / "store.db-wal").exists()
        else b"Gagn" not in (tmp_path / "store.db").read_bytes()
    )
    with pytest.raises(WrongKey):
        open_store(tmp_path / "store.db", OTHER_KEY)


def test_a_block_that_fails_writes_nothing(store: LocalStore) -> None:
    with pytest.raises(ZeroDivisionError), store.write() as uow:
        uow.jobs.save(job(1))
        raise ZeroDivisionError
    assert store.read.jobs() == []


def test_a_job_comes_back_as_it_was_saved(store: LocalStore) -> None:
    with store.write() as uow:
        saved = uow.jobs.save(job(1, phones=("5145550101",), entered=frozenset(("email",)), total_cents=12345))
    assert store.read.jobs() == [saved]


@pytest.mark.parametrize(
    "typed", ["eloise", "GAGNE", "côté 7", "gagné-côté", "514 555-01", "REC/2026-7", "t007 abc", '"*']
)
def test_search_finds_in_any_spelling(store: LocalStore, typed: str) -> None:
    with store.write() as uow:
        uow.jobs.save(job(7, phones=("5145550101",), claim_number="REC-2026-7", plate="T007 ABC"))
        uow.jobs.save(made_job(job_key="C:8", last_name="Autre"))
    found = [j.job_key for j in store.read.jobs(typed)]
    assert found == ([] if typed == '"*' else ["C:7"])


def test_claimed_rows_are_leased_and_come_back_when_the_lease_ends(store: LocalStore) -> None:
    with store.write() as uow:
        one = uow.jobs.save(job(1))
        uow.outbox.put(outbox(one.id, "a"))
        uow.outbox.put(outbox(one.id, "b", created_at_utc=NOW + timedelta(seconds=1)))
    with store.write() as uow:
        first = uow.outbox.claim(NOW, NOW + timedelta(minutes=2), 10)
        assert [row.id for row in first] == ["a"], "never two of one job at once"
        assert uow.outbox.claim(NOW, NOW + timedelta(minutes=2), 10) == []
    with store.write() as uow:
        again = uow.outbox.claim(NOW + timedelta(minutes=3), NOW + timedelta(minutes=5), 10)
        assert [(row.id, row.started) for row in again] == [("a", 2)]


def test_rows_that_failed_step_behind_the_others(store: LocalStore) -> None:
    with store.write() as uow:
        for number in range(3):
            saved = uow.jobs.save(job(number))
            uow.outbox.put(outbox(saved.id, f"row{number}", attempts=1 if number == 0 else 0))
        assert [row.id for row in uow.outbox.claim(NOW, NOW, 2)] == ["row1", "row2"]


MIGRATION = f'''
"""Rebuild `job` the way Alembic's batch mode does."""
from alembic import op
import sqlalchemy as sa

revision = "9001"
down_revision = "{tables.REVISION}"


def upgrade():
    with op.batch_alter_table("job", recreate="always") as batch:
        batch.add_column(sa.Column("colour", sa.Text()))
'''


def filled(path: Path) -> None:
    store = open_store(path, KEY)
    with store.write() as uow:
        for number in range(5):
            saved = uow.jobs.save(job(number))
            uow.versions.add(version(saved.id))
            uow.jobs.add_event(saved.id, Event(NOW, "read"))
            uow.outbox.put(outbox(saved.id, f"row{number}"))
    store.close()


def counts(path: Path) -> tuple[int, ...]:
    engine = open_engine(path, KEY)
    with engine.connect() as connection:
        found = tuple(
            connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in ("job", "version", "event", "outbox")
        )
        hits = connection.execute(text("SELECT count(*) FROM job_search WHERE job_search MATCH 'gagne*'")).scalar_one()
    engine.dispose()
    return (*found, hits)


def test_the_newest_migration_is_the_one_the_tables_name() -> None:
    from alembic.script import ScriptDirectory

    assert ScriptDirectory.from_config(migrating.config()).get_current_head() == tables.REVISION


def test_a_migration_that_rebuilds_job_keeps_everything(tmp_path: Path) -> None:
    path, versions = tmp_path / "store.db", tmp_path / "versions"
    filled(path)
    versions.mkdir()
    (versions / "v9001.py").write_text(MIGRATION)
    engine = open_engine(path, KEY)
    migrating.migrate(engine, path, migrating.config(versions))
    engine.dispose()
    assert counts(path) == (5, 5, 5, 5, 5)
    assert (tmp_path / f"store-before-{tables.REVISION}.backup").exists()


def test_with_foreign_keys_on_the_same_migration_would_lose_the_children_and_is_refused(tmp_path: Path) -> None:
    path, versions = tmp_path / "store.db", tmp_path / "versions"
    filled(path)
    versions.mkdir()
    (versions / "v9001.py").write_text(MIGRATION)
    engine = open_engine(path, KEY)
    with pytest.raises(migrating.MigrationFailed):
        migrating.migrate(engine, path, migrating.config(versions), foreign_keys_off=False)
    engine.dispose()
    assert counts(path) == (5, 5, 5, 5, 5), "rolled back"


def test_a_newer_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    filled(path)
    engine = open_engine(path, KEY)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '7777'"))
    engine.dispose()
    before = path.read_bytes()
    with pytest.raises((migrating.NewerStore, CommandError)) as caught:
        open_store(path, KEY)
    assert isinstance(caught.value, migrating.NewerStore)
    assert path.read_bytes() == before


def test_migrations_make_the_tables_of_the_code(store: LocalStore, tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from repaircenter.store.search import TABLES

    with store._engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _p: not (kind == "table" and name in TABLES)}
        )
        assert compare_metadata(context, tables.metadata) == []


def test_a_share_is_no_place_for_the_store() -> None:
    with pytest.raises(NotLocal):
        open_store(Path("//server/share/store.db"), KEY)


def test_folders_of_the_first_version_keep_their_rules(tmp_path: Path) -> None:
    """A store of the first version: its watched folders were lines of `setting`."""
    from alembic import command

    path = tmp_path / "store.db"
    engine = open_engine(path, KEY)
    with engine.begin() as connection:
        settings = migrating.config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0001")
        for key, value in (
            ("folders", '["/ems", "/old"]'),
            ("folder_shop:/ems", "7"),
            ("folder_code_page:/old", "cp850"),
        ):
            connection.execute(tables.setting.insert().values(key=key, value=value))
    engine.dispose()
    store = open_store(path, KEY)
    assert store.read.folders() == [FolderSetting("/ems", 7), FolderSetting("/old", None, "cp850")]
    store.close()


@pytest.mark.parametrize(
    ("state", "received_days_ago", "is_finished"),
    [
        (None, None, True),
        ("answered", 10, True),
        ("expired", 10, True),
        ("ageing", 10, False),
        ("invited", 119, False),
        ("invited", 121, True),
        ("callable", 121, True),
    ],
)
def test_a_job_whose_survey_may_still_come_keeps_its_customer(
    store: LocalStore, state: str | None, received_days_ago: int | None, is_finished: bool
) -> None:
    """Retention waits for a survey, but not for ever: one not answered in 120 days will not be."""
    received = None if received_days_ago is None else NOW - timedelta(days=received_days_ago)
    with store.write() as uow:
        saved = uow.jobs.save(
            job(
                1,
                service_state=state,
                service_received_at=received,
                changed_at_utc=NOW - timedelta(days=200),
                delivered_on=None,
            )
        )
        finished = [one.id for one in uow.jobs.finished_before(NOW - timedelta(days=90), NOW, 10)]
    assert finished == ([saved.id] if is_finished else [])


@pytest.mark.parametrize(("days_ahead", "is_finished"), [(-1, True), (0, False), (1, False)])
def test_a_job_is_not_finished_before_its_delivery_day_is_over_everywhere(
    store: LocalStore, days_ahead: int, is_finished: bool
) -> None:
    delivered = NOW.date() + timedelta(days=days_ahead)
    with store.write() as uow:
        uow.jobs.save(job(1, changed_at_utc=NOW - timedelta(days=200), delivered_on=delivered))
        assert bool(uow.jobs.finished_before(NOW - timedelta(days=90), NOW, 10)) is is_finished


def test_the_list_knows_what_the_service_said(store: LocalStore) -> None:
    with store.write() as uow:
        uow.jobs.save(job(1, service_state="answered", service_stars=2))
        uow.jobs.save(job(2, service_state="filtered", service_reason="insurer_not_surveyed"))
        uow.jobs.save(job(3))
    told = {
        line.id: (line.service_state, line.service_reason, line.service_stars) for line in store.read.job_lines()[0]
    }
    assert list(told.values()) == [
        (None, None, None),
        ("filtered", "insurer_not_surveyed", None),
        ("answered", None, 2),
    ]


def test_the_log_of_what_left_is_searched_as_the_jobs_are(store: LocalStore) -> None:
    """Issue 15.16: a person looks for one customer in What leaves this PC."""
    with store.write() as uow:
        for number, name in ((1, "Gagné"), (2, "Roy")):
            made = uow.jobs.save(job(number, shop_id=1, first_name=None, last_name=name, ro_number=f"26-{number}"))
            uow.outbox.put(outbox(made.id, f"row{number}", state="sent"))
    assert [logged.label for logged in store.read.messages(("sent",), "gagne")] == ["26-1 · Gagné"]
    assert [logged.label for logged in store.read.messages(("sent",), "26-2")] == ["26-2 · Roy"]
    assert len(store.read.messages(("sent",))) == 2 and store.read.messages(("waiting",), "roy") == []
