"""Last results of favourites in the encrypted store: what keeps them and what takes them away (UI.md, DESIGN 4.10)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from repaircenter.shop.jobs import erasure
from repaircenter.shop.service.last_results import LastResults
from repaircenter.store.local import LocalStore, open_store
from repaircenter.wire.document.nodes import Heading, Paragraph
from repaircenter.wire.document.parts import Header, Part
from repaircenter.wire.reports import Favourite
from tests.fakes.clock import FakeClock
from tests.made_jobs import made_job

KEY, ADA, BEN = "11" * 32, "ada@example.com", "ben@example.com"
DAILY = Favourite(id=3, name="Chaque matin", report="R-07", parameters={"period": "this_month"}, shops=[1])
WEEKLY = Favourite(id=4, name="Weekly", report="R-01", parameters={}, shops=[1, 2])


def document(words: str) -> list[Part]:
    header = Header(
        report="R-07",
        title="Reviews",
        subtitle="Nord",
        facts=[("Period", "2026-11")],
        language="en",
        data_as_of=FakeClock().now_utc(),
    )
    return [
        Part(number=0, header=header, nodes=[Heading(text="Nord")]),
        Part(number=1, nodes=[Paragraph(text=words)], last=True),
    ]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    opened = open_store(tmp_path / "store.db", KEY)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def last(store: LocalStore, clock: FakeClock) -> LastResults:
    found = LastResults(store, clock)
    found.open_for(ADA)
    found.take_list(ADA, [DAILY, WEEKLY])
    found.keep(ADA, DAILY, document("Éloïse was delighted"), found.begin())
    return found


def test_a_result_comes_back_whole_after_a_restart(last: LastResults, store: LocalStore, tmp_path: Path) -> None:
    store.close()
    again = open_store(tmp_path / "store.db", KEY)
    found = LastResults(again, FakeClock())
    assert found.favourites("ADA@example.com ") == [DAILY, WEEKLY]
    result = found.find(ADA, DAILY)
    assert result is not None and result.parts == document("Éloïse was delighted")
    assert result.made_at_utc == FakeClock().now_utc()
    assert found.find(ADA, WEEKLY) is None
    again.close()


def test_a_new_name_and_a_new_order_keep_a_result(last: LastResults) -> None:
    renamed = msgspec.structs.replace(DAILY, name="Mornings")
    last.take_list(ADA, [WEEKLY, renamed])
    assert last.favourites(ADA) == [WEEKLY, renamed]
    assert last.find(ADA, renamed) is not None


def test_a_favourite_that_asks_for_something_else_has_no_result_any_more(last: LastResults) -> None:
    changed = msgspec.structs.replace(DAILY, parameters={"period": "last_month"})
    last.take_list(ADA, [changed])
    assert last.favourites(ADA) == [changed] and last.find(ADA, changed) is None


def test_a_favourite_that_is_gone_takes_its_result_along(last: LastResults) -> None:
    last.take_list(ADA, [WEEKLY])
    last.keep(ADA, DAILY, document("late"), last.begin())
    assert last.find(ADA, DAILY) is None and last.favourites(ADA) == [WEEKLY]


def test_nobody_sees_the_results_of_another(last: LastResults) -> None:
    assert last.find(BEN, DAILY) is None and last.favourites(BEN) == []
    last.open_for(BEN)
    last.take_list(BEN, [])
    assert last.favourites(ADA) == [] and last.find(ADA, DAILY) is None


def test_signing_out_takes_everything(last: LastResults) -> None:
    last.leave()
    last.forget()
    assert last.favourites(ADA) == [] and last.find(ADA, DAILY) is None


def test_an_erased_customer_takes_every_result_along_and_leaves_the_favourites(
    last: LastResults, store: LocalStore, clock: FakeClock
) -> None:
    with store.write() as uow:
        job = uow.jobs.save(made_job(job_key="C:1", last_name="Gagné", changed_at_utc=clock.now_utc()))
        erasure.forget(uow, job, clock.now_utc())
    assert last.find(ADA, DAILY) is None and last.favourites(ADA) == [DAILY, WEEKLY]


def test_retention_takes_results_that_are_older(last: LastResults, store: LocalStore, clock: FakeClock) -> None:
    made = clock.now_utc()
    with store.write() as uow:
        erasure.blank_finished(uow, made, made)
    assert last.find(ADA, DAILY) is not None, "not older than the retention"
    with store.write() as uow:
        erasure.blank_finished(uow, made + timedelta(seconds=1), made)
    assert last.find(ADA, DAILY) is None


def test_what_this_version_cannot_read_counts_as_none(last: LastResults, store: LocalStore, clock: FakeClock) -> None:
    person = last_person(store)
    for rubbish in (b"", b"rubbish", bytes.fromhex("789c030000000001")):
        with store.write() as uow:
            uow.favourites.put_result(person, DAILY.id, rubbish, clock.now_utc())
        assert last.find(ADA, DAILY) is None


def last_person(store: LocalStore) -> str:
    from sqlalchemy import select

    from repaircenter.store import tables

    with store._engine.connect() as connection:
        return str(connection.execute(select(tables.kept_favourite.c.person)).scalars().first())


def test_the_newest_result_takes_the_place_of_the_one_before(last: LastResults, clock: FakeClock) -> None:
    clock.pass_time(3600)
    last.keep(ADA, DAILY, document("today"), last.begin())
    result = last.find(ADA, DAILY)
    assert result is not None and result.parts == document("today") and result.made_at_utc == clock.now_utc()


def test_a_run_under_way_does_not_bring_an_erased_customer_back(
    last: LastResults, store: LocalStore, clock: FakeClock
) -> None:
    begun = last.begin()
    with store.write() as uow:
        job = uow.jobs.save(made_job(job_key="C:1", last_name="Gagné", changed_at_utc=clock.now_utc()))
        erasure.forget(uow, job, clock.now_utc())
    last.keep(ADA, DAILY, document("Gagné was delighted"), begun)
    assert last.find(ADA, DAILY) is None
    last.keep(ADA, DAILY, document("somebody else"), last.begin())
    assert last.find(ADA, DAILY) is not None


def test_what_is_still_on_its_way_for_who_left_is_not_kept(last: LastResults) -> None:
    last.leave()
    last.forget()
    last.take_list(ADA, [DAILY])
    last.keep(ADA, DAILY, document("late"), last.begin())
    assert last.favourites(ADA) == []
    last.open_for(BEN)
    last.take_list(BEN, [WEEKLY])
    last.keep(BEN, WEEKLY, document("Ben's"), last.begin())
    last.take_list(ADA, [DAILY])
    assert last.favourites(BEN) == [WEEKLY] and last.find(BEN, WEEKLY) is not None


def test_a_result_of_what_the_favourite_asked_for_before_is_not_kept(last: LastResults) -> None:
    changed = msgspec.structs.replace(DAILY, parameters={"period": "last_month"})
    last.take_list(ADA, [changed])
    last.keep(ADA, DAILY, document("of this month"), last.begin())
    assert last.find(ADA, changed) is None


def test_a_store_that_cannot_be_written_costs_the_copy_only(
    last: LastResults, store: LocalStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise OSError("no room")

    monkeypatch.setattr(store, "write", broken)
    last.take_list(ADA, [WEEKLY])
    last.keep(ADA, DAILY, document("today"), last.begin())
    assert "was not kept" in caplog.text


def test_a_favourite_of_another_version_counts_as_none(last: LastResults, store: LocalStore) -> None:
    from sqlalchemy import update

    from repaircenter.store import tables

    kept = tables.kept_favourite
    with store._engine.begin() as connection:
        connection.execute(update(kept).where(kept.c.id == DAILY.id).values(favourite='{"name": 5}'))
    assert last.favourites(ADA) == [WEEKLY]
    last.take_list(ADA, [DAILY, WEEKLY])
    assert last.favourites(ADA) == [DAILY, WEEKLY]


def test_a_late_forgetting_takes_nothing_from_who_is_here_now(last: LastResults) -> None:
    last.leave()
    last.open_for(BEN)
    last.take_list(BEN, [WEEKLY])
    last.forget()
    assert last.favourites(BEN) == [WEEKLY] and last.favourites(ADA) == []
