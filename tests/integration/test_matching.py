"""Which job an export belongs to: every trap of ems.md 7, with the real store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from repaircenter.ems.estimate import Estimate, Totals, Vehicle
from repaircenter.shop.jobs import importing, matching
from repaircenter.shop.model.folder import IMPORTED, SEEN_AGAIN
from repaircenter.shop.model.job import DELIVERED, Job
from repaircenter.shop.ports import SetSighting
from repaircenter.store.local import LocalStore, open_store
from tests.fakes.clock import FakeClock
from tests.integration.test_collector import estimate
from tests.made_jobs import made_job

TARGET = importing.Target("/share", 1, (), "never", "America/Toronto")


class Shop:
    def __init__(self, store: LocalStore) -> None:
        self.store, self.clock = store, FakeClock()

    def take(self, what: Estimate) -> str:
        """Import one export; says what became of it."""
        sighting = SetSighting(what.base, {}, {}, f"{what.base}{self.clock.monotonic_seconds()}", 0)
        self.clock.pass_time(5)
        with self.store.write() as uow:
            return importing.import_estimate(uow, what, sighting, TARGET, self.clock.now_utc())

    @property
    def jobs(self) -> list[Job]:
        return sorted(self.store.read.jobs(), key=lambda job: job.id)

    def labels(self, job: Job) -> list[str]:
        details = self.store.read.details(job.id)
        assert details is not None
        return sorted(version.label for version in details.versions)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    store = open_store(tmp_path / "store.db", "ab" * 32)
    yield Shop(store)
    store.close()


def whole(number: int = 1, **fields: object) -> Estimate:
    return replace(estimate(number, complete=True), **fields)  # type: ignore[arg-type]


def nameless(**fields: object) -> Estimate:
    """An export of a system that gives its estimates no number of their own."""
    return whole(estimate_id=None, **fields)  # type: ignore[arg-type]


def claim(number: str | None, vin: str | None) -> dict[str, object]:
    made = estimate()
    return {"insurer": replace(made.insurer, claim_number=number), "vehicle": replace(made.vehicle, vin=vin)}


def test_two_cars_of_one_claim_are_two_jobs(shop: Shop) -> None:
    shop.take(nameless(**claim("R-1", "VINA")))
    shop.take(nameless(**claim("R-1", "VINB")))
    assert [job.vehicle.vin for job in shop.jobs] == ["VINA", "VINB"]


def test_the_same_car_next_year_is_another_job(shop: Shop) -> None:
    shop.take(nameless(**claim("R-1", "VINA")))
    shop.take(nameless(created_at=datetime(2027, 11, 1, 9, 0), **claim("R-2", "VINA")))
    shop.take(whole(7, vehicle=Vehicle(vin="VINA")))
    assert len(shop.jobs) == 3


def test_the_punctuation_of_a_claim_number_does_not_matter(shop: Shop) -> None:
    shop.take(nameless(**claim("R-2026/17", "VINA")))
    shop.take(nameless(version="S01", **claim("r 2026 17", "vina")))
    (job,) = shop.jobs
    assert shop.labels(job) == ["E01", "S01"]


def test_a_blank_vin_that_is_filled_in_later_stays_one_job(shop: Shop) -> None:
    shop.take(whole(vehicle=Vehicle()))
    shop.take(whole(base="later", created_at=datetime(2026, 11, 2, 9, 0)))
    (job,) = shop.jobs
    assert job.vehicle.vin == "VIN1"


def test_a_vin_that_a_later_export_leaves_blank_is_not_wiped(shop: Shop) -> None:
    shop.take(whole())
    shop.take(whole(version="S01", vehicle=Vehicle(), totals=Totals(gross=Decimal(7))))
    (job,) = shop.jobs
    assert (job.vehicle.vin, job.total_cents, job.version) == ("VIN1", 700, "S01")


def test_an_ro_number_used_again_after_new_year_is_another_job(shop: Shop) -> None:
    shop.take(nameless(ro_number="417"))
    shop.take(nameless(ro_number="417", created_at=datetime(2027, 1, 5, 9, 0), **claim("R-9", "VIN9")))
    shop.take(nameless(ro_number="0417"))
    assert len(shop.jobs) == 3


def test_the_estimates_own_number_wins_over_an_ro_number_used_twice(shop: Shop) -> None:
    shop.take(whole(1, ro_number="417"))
    shop.take(whole(2, ro_number="417"))
    assert len(shop.jobs) == 2


def test_the_original_exported_again_after_the_supplement_takes_nothing_back(shop: Shop) -> None:
    first = whole(totals=Totals(gross=Decimal(100)))
    shop.take(first)
    shop.take(whole(version="S01", created_at=datetime(2026, 11, 3, 9, 0), totals=Totals(gross=Decimal(150))))
    assert shop.take(replace(first, base="again", created_at=datetime(2026, 11, 4, 9, 0))) in (IMPORTED, SEEN_AGAIN)
    (job,) = shop.jobs
    assert (job.version, job.total_cents) == ("S01", 15000)


def test_a_supplement_before_its_original(shop: Shop) -> None:
    shop.take(whole(version="S01", created_at=datetime(2026, 11, 3, 9, 0), totals=Totals(gross=Decimal(150))))
    shop.take(whole(created_at=datetime(2026, 11, 1, 9, 0), totals=Totals(gross=Decimal(100))))
    (job,) = shop.jobs
    assert (job.version, job.total_cents, shop.labels(job)) == ("S01", 15000, ["E01", "S01"])
    assert job.dates.created_on == date(2026, 11, 1), "the day of the original"


def test_the_same_set_saved_twice_is_seen_again(shop: Shop) -> None:
    assert [shop.take(whole()), shop.take(whole(transmitted_at=datetime(2026, 11, 9)))] == [IMPORTED, SEEN_AGAIN]


def test_a_base_name_used_again_for_another_estimate_is_another_job(shop: Shop) -> None:
    shop.take(whole(1, base="9508501"))
    shop.take(whole(2, base="9508501"))
    assert len(shop.jobs) == 2


def test_two_systems_with_the_same_estimate_number_are_two_jobs(shop: Shop) -> None:
    shop.take(whole(system="C", estimate_id="77"))
    shop.take(whole(system="M", estimate_id="77"))
    assert len(shop.jobs) == 2


def test_a_delivered_job_is_not_opened_again_by_an_old_export(shop: Shop) -> None:
    shop.take(whole(version="S01", dates=replace(estimate().dates, delivered=date(2026, 11, 1))))
    shop.take(whole(created_at=datetime(2026, 11, 9, 9, 0)))
    assert shop.jobs[0].state == DELIVERED


def test_versions_are_ordered_by_supplement_and_then_by_time(shop: Shop) -> None:
    for label, hour in (("S02", 8), ("S10", 7), ("S01", 9), ("E01", 23)):
        shop.take(whole(version=label, created_at=datetime(2026, 11, 1, hour, 0), totals=Totals(gross=Decimal(hour))))
    (job,) = shop.jobs
    assert job.version == "S10" and shop.labels(job) == ["E01", "S01", "S02", "S10"]


def test_an_incomplete_set_completed_later_is_one_version(shop: Shop) -> None:
    shop.take(whole(complete=False, totals=Totals()))
    shop.take(whole())
    (job,) = shop.jobs
    assert job.complete and shop.labels(job) == ["E01"]


def test_a_part_of_a_set_never_takes_the_place_of_the_whole(shop: Shop) -> None:
    shop.take(whole())
    shop.take(whole(base="part", complete=False, created_at=datetime(2026, 11, 1, 9, 1), totals=Totals()))
    (job,) = shop.jobs
    details = shop.store.read.details(job.id)
    assert details is not None and any(version.complete for version in details.versions) and job.total_cents == 10000


def test_a_joined_job_keeps_its_own_facts_and_takes_those_it_lacks(shop: Shop) -> None:
    given = {"job_key": "C:1", "home": "shop:1", "shop_id": 1, "email": "kept@example.com", "make": "Mazda"}
    other = {"job_key": "C:2", "home": "shop:1", "shop_id": 1, "email": "gone@example.com", "plate": "A1", "model": "3"}
    with shop.store.write() as uow:
        keep = uow.jobs.save(made_job(**given, service_state="ageing", entered=frozenset({"email"})))
        gone = uow.jobs.save(made_job(**other, service_state="invited", entered=frozenset({"email", "plate"})))
        kept = matching.join(uow, keep, gone, shop.clock.now_utc())
    assert (kept.contact.email, kept.vehicle.make, kept.vehicle.plate, kept.vehicle.model) == (
        "kept@example.com",
        "Mazda",
        "A1",
        "3",
    )
    assert kept.entered == {"email", "plate"} and kept.service_state == "ageing", "the service knows it by its own key"
