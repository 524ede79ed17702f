"""A desk's store of each earlier revision opens with the present program, and nothing of it is lost (DESIGN 3.4, 3.18).

Each file was written by the last program of its revision (its own tests' `filled`, then two jobs, a facility, a shop, a
setting, from 0002 on a folder). They are never made anew; a new revision adds the file of the one before it.
"""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from repaircenter.store import tables
from repaircenter.store.engine import open_engine
from repaircenter.store.local import LocalStore, open_store
from repaircenter.wire.jobs import AtService
from tests.conftest import FIXTURES
from tests.fakes.clock import FakeClock

KEY = "11" * 32
STORES = sorted((FIXTURES / "upgrade").glob("store-*.db"))


def test_there_is_a_store_of_each_revision_before_this_one() -> None:
    assert [path.stem for path in STORES] == [f"store-{number:04}" for number in range(1, int(tables.REVISION))]


@pytest.fixture(params=STORES, ids=lambda path: path.stem)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LocalStore]:
    path = tmp_path / "store.db"
    shutil.copy(request.param, path)
    opened = open_store(path, KEY)
    yield opened
    opened.close()
    assert (tmp_path / f"store-before-{request.param.stem[-4:]}.backup").read_bytes()


def test_jobs_versions_steps_and_messages_are_there(store: LocalStore) -> None:
    jobs = store.read.jobs()
    assert len(jobs) == 7
    names = sorted(job.contact.last_name or "" for job in jobs)
    assert names == [*(f"Gagné-Côté {number}" for number in range(5)), "O'Neil", "Œuvrard"]
    for job in jobs:
        details = store.read.details(job.id)
        assert details is not None
        has_more = (job.contact.last_name or "").startswith("Gagné")
        assert (len(details.versions), len(details.events)) == ((1, 1) if has_more else (0, 0))
    with store._engine.connect() as connection:
        waiting = connection.execute(text("SELECT count(*) FROM outbox WHERE state = 'waiting'")).scalar_one()
        assert waiting == 5
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    store.check()


@pytest.mark.parametrize("typed", ["gagne", "Gagné", "oeuvrard", "Œuvrard", "o'neil"])
def test_jobs_are_found(store: LocalStore, typed: str) -> None:
    assert len(store.read.jobs(typed)) == (5 if typed.lower().startswith("g") else 1)


def test_shops_settings_and_facilities_are_there(store: LocalStore) -> None:
    assert [(shop.id, shop.name, shop.zone) for shop in store.read.shops()] == [(1, "Atelier Nord", "America/Toronto")]
    assert store.read.setting("service_address") == "https://service.example"
    assert [one.key for one in store.read.facilities()] == ["name:carrosseriecoeur"]


def test_the_store_goes_on_working(store: LocalStore) -> None:
    (job,) = store.read.jobs("oneil")
    with store.write() as uow:
        uow.jobs.save(job.with_facts({"last_name": "Strøm"}))
    assert [one.id for one in store.read.jobs("strom")] == [job.id]


@pytest.mark.parametrize("store", STORES[4:6], indirect=True, ids=lambda path: path.stem)
def test_what_the_service_said_of_jobs_is_kept(store: LocalStore) -> None:
    (answered,), (filtered,) = store.read.jobs("oneil"), store.read.jobs("oeuvrard")
    sent = FakeClock().now_utc()
    assert answered.service == AtService(
        state="answered",
        received_at=sent,
        callable_on=date(2026, 11, 20),
        invited_at=sent,
        opened_at=sent,
        answered_at=sent + timedelta(hours=1),
        published_at=sent + timedelta(hours=2),
        stars=4,
    )
    assert filtered.service == AtService(state="filtered", reason="insurer_not_surveyed", received_at=sent)
    assert store.read.filtered(sent) == {"insurer_not_surveyed": 1}


def test_jobs_kept_before_are_found_by_letters_as_they_are_typed(tmp_path: Path) -> None:
    """The store of revision 0004, with words and a facility as that one kept them (issue 13.16)."""
    path = tmp_path / "store.db"
    shutil.copy(FIXTURES / "upgrade" / "store-0004.db", path)
    engine = open_engine(path, KEY)
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE job SET company = 'Strøm', facility = 'name:carrosseriecur', "
                "home = 'facility:name:carrosseriecur', search = 'zoé œuvrard strøm uvrard strm' "
                "WHERE last_name = 'Œuvrard'"
            )
        )
        connection.execute(text("DELETE FROM facility"))
        connection.execute(
            text(
                "INSERT INTO facility (key, label, shop_id) "
                "VALUES ('name:carrosseriecur', 'Carrosserie Cœur', 7), ('tax:12', 'Œ · 12', 8)"
            )
        )
    engine.dispose()
    opened = open_store(path, KEY)
    for typed in ("oeuvrard", "Œuvrard", "strom", "Strøm"):
        assert [job.contact.company for job in opened.read.jobs(typed)] == ["Strøm"], typed
    assert {one.key: one.shop_id for one in opened.read.facilities()} == {"name:carrosseriecoeur": 7, "tax:12": 8}
    (kept,) = opened.read.jobs("strom")
    assert (kept.facility, kept.home) == ("name:carrosseriecoeur", "facility:name:carrosseriecoeur")
    opened.close()
