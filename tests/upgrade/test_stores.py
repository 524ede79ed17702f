"""A desk's store of each earlier revision opens with the present program, and nothing of it is lost (DESIGN 3.4, 3.18).

Each file was written by the last program of its revision (its own tests' `filled`, then two jobs, a facility, a shop, a
setting, from 0002 on a folder). They are never made anew; a new revision adds the file of the one before it.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from repaircenter.store import tables
from repaircenter.store.local import LocalStore, open_store
from tests.conftest import FIXTURES

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
    names = sorted(job.last_name or "" for job in jobs)
    assert names == [*(f"Gagné-Côté {number}" for number in range(5)), "O'Neil", "Œuvrard"]
    for job in jobs:
        details = store.read.details(job.id)
        assert details is not None
        has_more = (job.last_name or "").startswith("Gagné")
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
    from dataclasses import replace

    (job,) = store.read.jobs("oneil")
    with store.write() as uow:
        uow.jobs.save(replace(job, last_name="Strøm"))
    assert [one.id for one in store.read.jobs("strom")] == [job.id]
