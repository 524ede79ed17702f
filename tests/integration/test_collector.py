"""From the share to the service with real files, the real store and the real service (issue 2 c, d; A-08 ... A-11)."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from repaircenter.assembly.options import ShopOptions
from repaircenter.assembly.shop_app import ShopApp
from repaircenter.demo.ems_writer import CCC, write_set
from repaircenter.ems.estimate import Address, Customer, Dates, Estimate, Insurer, RepairFacility, Totals, Vehicle
from repaircenter.runtime.errors import KeyTrouble
from repaircenter.runtime.events import EventHub
from repaircenter.shop.collector.collector import CycleResult
from repaircenter.shop.model.folder import FolderSetting
from repaircenter.shop.model.job import DELIVERED, OPPORTUNITY, REPAIR_ORDER, Job
from repaircenter.shop.ports import Overloaded, ServiceRefused
from repaircenter.wire import endpoints
from repaircenter.wire.jobs import JobStateAnswer, JobStateRequest
from tests.conftest import PASSWORD, SAMPLES, Central
from tests.fakes.service import intercept
from tests.made_jobs import with_facts


def until(ready: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


class Desk:
    """A shop's PC in a test: its share, its store, and the service it talks to."""

    def __init__(self, central: Central, folder: Path, address: str | None = None) -> None:
        self.central = central
        self.folder = folder
        self.address = address or central.address
        self.share = folder / "share"
        self.share.mkdir(parents=True)
        self.shop = self.start()

    def start(self) -> ShopApp:
        options = ShopOptions(self.folder / "data", self.address, self.share, quiet_seconds=3.0)
        shop = ShopApp(options, self.central.clock, EventHub())
        shop.open()
        if shop.collector_client is not None and not shop.collector_client.is_paired:
            shop.setup.pair("admin@one.example", PASSWORD)
        shop.folders.save([FolderSetting(str(self.share), self.central.shops["North"])])
        return shop

    def by_facility(self) -> None:
        """The sets of the folder belong to whichever shop they name."""
        self.shop.folders.save([FolderSetting(str(self.share))])

    def restart(self) -> None:
        self.shop.stop()
        self.shop = self.start()

    def put(self, estimate: Estimate, **options: object) -> None:
        for name, data in write_set(estimate, CCC, **options).items():  # type: ignore[arg-type]
            (self.share / name).write_bytes(data)

    def cycle(self, seconds: float = 4.0) -> CycleResult:
        """Two looks with a quiet moment between them."""
        first = self.shop.collector.cycle()
        self.central.clock.pass_time(seconds)
        second = self.shop.collector.cycle()
        return CycleResult(_sum(first.imports, second.imports), _sum(first.answers, second.answers))

    def jobs(self) -> list[Job]:
        return self.shop.store.read.jobs()

    def outcomes(self) -> dict[str, int]:
        return self.shop.store.read.counts(self.central.clock.now_utc()).outcomes


def _sum(one: dict[str, int], two: dict[str, int]) -> dict[str, int]:
    return {key: one.get(key, 0) + two.get(key, 0) for key in {*one, *two}}


@pytest.fixture
def desk(central: Central, tmp_path: Path) -> Iterator[Desk]:
    found = Desk(central, tmp_path / "pc")
    yield found
    found.shop.stop()


def estimate(number: int = 1, **fields: object) -> Estimate:
    base = f"{0x5E1F0000 + number:08x}"
    given = Estimate(
        base=base,
        export_id=base,
        system="C",
        estimate_id=f"guid-{number}",
        version="E01",
        transaction="E",
        country="CAN",
        created_at=datetime(2026, 11, 1, 9, 0),
        customer=Customer(
            "owner", "Éloïse", f"Gagné {number}", None, f"e{number}@example.com", ("5145550101",), Address()
        ),
        insurer=Insurer(name="Assurances Exemple inc.", claim_number=f"R-{number}"),
        vehicle=Vehicle(vin=f"VIN{number}", year=2020, make="Mazda", model="CX-5"),
        estimator="Benoît",
        shop=RepairFacility("North", None, None, "TAX-North"),
        totals=Totals(gross=Decimal("100.00")),
    )
    return replace(given, **fields)  # type: ignore[arg-type]


def test_the_sample_sets_become_jobs(desk: Desk) -> None:
    for folder in SAMPLES.iterdir():
        for path in folder.iterdir():
            shutil.copy(path, desk.share)
    assert desk.cycle().imports == {"imported": 4}
    desk.central.clock.pass_time(120)
    assert desk.cycle().imports == {"incomplete": 1}
    found = {job.job_key: job for job in desk.jobs()}
    ccc = found["C:0f0e0d0c11114222833" + "3444455556666"]
    assert (ccc.contact.name, ccc.vehicle.name, ccc.insurer.name) == (
        "JORDAN SAMPLE",
        "2024 Toyota Exampla XLE AWD",
        "Example Mutual Insurance",
    )
    assert (ccc.version, ccc.total_cents, ccc.ro_number, ccc.state) == ("S01", 176736, "25-0417", REPAIR_ORDER)
    details = desk.shop.store.read.details(ccc.id)
    assert details is not None and [v.label for v in details.versions] == ["E01", "S01"]
    french = next(job for job in found.values() if job.contact.last_name == "Gagné-Côté")
    assert (french.contact.name, french.total_cents, french.appraiser) == (
        "Éloïse Gagné-Côté",
        126994,
        "Benoît Estimateur",
    )
    mitchell = found["M:7700123"]
    assert (mitchell.contact.name, mitchell.total_cents, mitchell.currency) == (
        "Placeholder Plumbing LLC",
        192002,
        "USD",
    )
    real = next(job for job in found.values() if not job.complete)
    assert (real.vehicle.name, real.contact.name) == ("2010 Volkswagen Jetta", "") and len(found) == 4


def test_a_job_reaches_the_service_and_its_steps_come_back(desk: Desk) -> None:
    desk.put(estimate())
    assert desk.cycle().answers == {"kept": 1}
    desk.shop.collector.refresh_states()
    (job,) = desk.jobs()
    assert job.state == OPPORTUNITY and job.service_state == "ageing"
    assert desk.central.rows("SELECT last_name, estimator, source ->> 'base' FROM job") == [
        ("Gagné 1", "Benoît", "5e1f0001")
    ]


def test_the_service_is_asked_about_jobs_that_have_changed_only(desk: Desk) -> None:
    """At first about every job whose survey is not over, then about none until the service says so (14.6)."""
    asked: list[list[str]] = []
    for number in (1, 2):
        desk.put(estimate(number))
    desk.cycle()
    assert desk.shop.collector_client is not None

    def note(question: JobStateRequest, ask: Callable[[JobStateRequest], JobStateAnswer]) -> JobStateAnswer:
        asked.append(sorted(question.job_keys))
        return ask(question)

    intercept(desk.shop.collector_client, endpoints.JOB_STATES, note)
    for _ in range(120):
        desk.central.clock.pass_time(30)
        desk.shop.collector.cycle()
    keys = sorted(job.job_key for job in desk.jobs())
    assert asked == [], "a whole hour in which nothing changed"
    assert [job.service_state for job in desk.jobs()] == ["ageing", "ageing"]
    with desk.central.service.admin() as connection:
        connection.execute(
            text("UPDATE sample SET state = 'refused' WHERE job_id = (SELECT id FROM job WHERE job_key = :key)"),
            {"key": keys[0]},
        )
    desk.shop.collector.cycle()
    assert asked == [keys[:1]]
    assert sorted(job.service_state or "" for job in desk.jobs()) == ["ageing", "refused"]
    desk.central.clock.pass_time(86400)
    desk.shop.collector.cycle()
    assert asked[1:] == [keys[1:]], "a new session: what may still move is looked at once"


def test_a_question_that_failed_is_asked_again(desk: Desk) -> None:
    failures = 2

    def fail(question: JobStateRequest, ask: Callable[[JobStateRequest], JobStateAnswer]) -> JobStateAnswer:
        nonlocal failures
        if failures:
            failures -= 1
            raise Overloaded(None)
        return ask(question)

    assert desk.shop.collector_client is not None
    intercept(desk.shop.collector_client, endpoints.JOB_STATES, fail)
    desk.put(estimate())
    for _ in range(6):
        desk.cycle()
    assert failures == 0 and [job.service_state for job in desk.jobs()] == ["ageing"]


def test_a_look_at_everything_that_failed_is_made_again(desk: Desk) -> None:
    asked: list[list[str]] = []

    def fail_first(question: JobStateRequest, ask: Callable[[JobStateRequest], JobStateAnswer]) -> JobStateAnswer:
        asked.append(question.job_keys)
        if len(asked) == 1:
            raise Overloaded(None)
        return ask(question)

    desk.put(estimate())
    desk.cycle()
    desk.cycle()
    assert desk.shop.collector_client is not None
    intercept(desk.shop.collector_client, endpoints.JOB_STATES, fail_first)
    desk.shop.collector.states.look_at_everything()
    for _ in range(3):
        desk.shop.collector.cycle()
    assert len(asked) == 2 and asked[0] == asked[1] == [job.job_key for job in desk.jobs()]


def test_a_service_without_a_feed_is_asked_now_and_then(desk: Desk) -> None:
    """An earlier service knows no /changes: everything open is looked at every ten minutes."""
    asked: list[float] = []

    def refuse(_request: object, _ask: object) -> object:
        raise ServiceRefused("http_404")

    def note(question: JobStateRequest, ask: Callable[[JobStateRequest], JobStateAnswer]) -> JobStateAnswer:
        asked.append(desk.central.clock.monotonic_seconds())
        return ask(question)

    assert desk.shop.collector_client is not None
    intercept(desk.shop.collector_client, endpoints.CHANGES, refuse)
    intercept(desk.shop.collector_client, endpoints.JOB_STATES, note)
    desk.put(estimate())
    desk.cycle()
    for _ in range(120):
        desk.central.clock.pass_time(30)
        desk.shop.collector.cycle()
    assert 5 <= len(asked) <= 8


def test_a_running_desk_hears_of_a_change_within_seconds(desk: Desk) -> None:
    """On its own threads: the collector's next cycle would be minutes away."""
    desk.put(estimate())
    desk.cycle()
    desk.cycle()
    object.__setattr__(desk.shop.options, "cycle_seconds", 300.0)
    desk.shop.start()
    try:
        time.sleep(1.0)
        assert [job.service_state for job in desk.jobs()] == ["ageing"]
        with desk.central.service.admin() as connection:
            connection.execute(text("UPDATE sample SET state = 'refused'"))
        began = time.monotonic()
        until(lambda: [job.service_state for job in desk.jobs()] == ["refused"])
        assert time.monotonic() - began < 5
    finally:
        desk.shop.stop()


def test_a_re_export_without_change_is_no_news(desk: Desk) -> None:
    desk.put(estimate())
    desk.cycle()
    desk.put(estimate(base="5e1f00ff", export_id="5e1f00ff", created_at=datetime(2026, 11, 1, 17, 0)))
    again = desk.cycle()
    assert again.imports == {"seen_again": 1} and again.answers == {}


def test_blank_values_never_wipe_and_what_a_person_entered_stays(desk: Desk) -> None:
    desk.put(estimate())
    desk.cycle()
    (job,) = desk.jobs()
    with desk.shop.store.write() as uow:
        uow.jobs.save(with_facts(job, email="typed@example.com", entered=frozenset(("email",))))
    customer = Customer("owner", None, "Gagné 1", None, "other@example.com", (), Address())
    desk.put(
        estimate(
            version="S01", customer=customer, vehicle=Vehicle(make="Mazda"), totals=Totals(gross=Decimal("250.00"))
        )
    )
    desk.cycle()
    (after,) = desk.jobs()
    assert (after.contact.first_name, after.contact.phones, after.vehicle.vin, after.vehicle.year) == (
        "Éloïse",
        ("+15145550101",),
        "VIN1",
        2020,
    )
    assert after.contact.email == "typed@example.com" and after.total_cents == 25000 and after.version == "S01"


def test_an_old_version_exported_again_does_not_go_back(desk: Desk) -> None:
    desk.put(estimate(version="S01", totals=Totals(gross=Decimal("250.00"))))
    desk.cycle()
    desk.put(estimate(base="5e1f0002", totals=Totals(gross=Decimal("90.00")), created_at=datetime(2026, 11, 9, 9, 0)))
    assert desk.cycle().imports == {"imported": 1}
    (job,) = desk.jobs()
    assert (job.version, job.total_cents) == ("S01", 25000)


def test_conversion_and_delivery_follow_the_files(desk: Desk) -> None:
    desk.put(estimate())
    desk.cycle()
    desk.put(estimate(ro_number="26-1", created_at=datetime(2026, 11, 2, 9, 0)))
    desk.cycle()
    assert desk.jobs()[0].state == REPAIR_ORDER
    out = Dates(delivered=datetime(2026, 11, 2).date())
    desk.put(estimate(ro_number="26-1", dates=out, created_at=datetime(2026, 11, 2, 10, 0)))
    desk.cycle()
    assert desk.jobs()[0].state == DELIVERED
    assert desk.central.rows("SELECT delivered_on::text FROM job") == [("2026-11-02",)]


@pytest.mark.parametrize(
    ("rule", "sent_after"),
    [("create", "created"), ("convert", "converted"), ("delivery", "delivered"), ("never", None)],
)
def test_the_send_rule_says_when_a_job_leaves(desk: Desk, rule: str, sent_after: str | None) -> None:
    with desk.shop.store.write() as uow:
        uow.settings.put("send_rule", rule)
    sent: list[str] = []
    stages = {
        "created": {},
        "converted": {"ro_number": "26-1"},
        "delivered": {"ro_number": "26-1", "dates": Dates(delivered=datetime(2026, 11, 2).date())},
    }
    for hour, (stage, fields) in enumerate(stages.items(), start=9):
        desk.put(estimate(created_at=datetime(2026, 11, 2, hour, 0), **fields))  # type: ignore[arg-type]
        if desk.cycle().answers:
            sent.append(stage)
    assert sent[:1] == ([sent_after] if sent_after else [])


def test_send_now_sends_under_any_rule(desk: Desk) -> None:
    with desk.shop.store.write() as uow:
        uow.settings.put("send_rule", "never")
    desk.put(estimate())
    desk.cycle()
    desk.shop.jobs.send_now(desk.jobs()[0].id)
    assert desk.cycle().answers == {"kept": 1}


def test_importing_goes_on_while_the_service_is_away_and_everything_arrives_once(desk: Desk) -> None:
    desk.put(estimate(1))
    desk.cycle()
    port = desk.central.service.port
    desk.central.service.stop()
    for number in range(2, 6):
        desk.put(estimate(number))
    found = desk.cycle()
    assert found.imports == {"imported": 4} and found.answers == {}
    state = desk.shop.collector.state.connection
    assert state.name == "offline" and state.since_utc is not None
    waiting = [
        row for job in desk.jobs() for row in desk.shop.store.read.details(job.id).outbox if row.state == "waiting"
    ]
    assert len(waiting) == 4 and all(row.attempts == 0 for row in waiting), "an outage uses up no attempts"
    restarted = type(desk.central.service)(replace(desk.central.service._options, port=port), desk.central.clock)
    restarted.start()
    try:
        desk.central.clock.pass_time(600)
        assert desk.cycle().answers == {"kept": 4}
        with restarted.admin() as connection:
            assert connection.exec_driver_sql("SELECT count(*), count(DISTINCT job_key) FROM job").one() == (5, 5)
        assert desk.shop.collector.state.connection.name == "connected"
    finally:
        restarted.stop()


def test_the_daily_cut_off_is_crossed_without_a_hand(desk: Desk) -> None:
    desk.put(estimate(1))
    desk.cycle()
    desk.central.clock.jump_to(datetime(2026, 11, 3, 6, 0, 1, tzinfo=UTC))
    desk.put(estimate(2))
    assert desk.cycle().answers == {"kept": 1}
    connection = desk.shop.collector.state.connection
    assert connection.until_utc == datetime(2026, 11, 4, 6, tzinfo=UTC)


def test_a_store_that_was_lost_is_rebuilt_from_the_share_and_doubles_nothing(desk: Desk) -> None:
    for number in range(1, 4):
        desk.put(estimate(number))
    desk.cycle()
    desk.central.clock.pass_time(70 * 86400)
    desk.central.wait()
    mails = len(desk.central.mails())
    assert mails == 3
    desk.shop.stop()
    for path in (desk.folder / "data").glob("store.db*"):
        path.unlink()
    desk.shop = desk.start()
    for number in range(4, 6):
        desk.put(estimate(number))
    found = desk.cycle()
    assert found.imports == {"imported": 5} and found.answers == {"already_have": 3, "kept": 2}
    desk.central.clock.pass_time(70 * 86400)
    desk.central.wait()
    assert desk.central.rows("SELECT count(*), count(DISTINCT job_key) FROM job") == [(5, 5)]
    assert len(desk.central.mails()) == 5


def test_known_sets_are_not_opened_again_after_a_restart(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put(estimate())
    desk.cycle()
    desk.restart()
    monkeypatch.setattr("repaircenter.share.files._read", lambda *_: pytest.fail("a known set was opened"))
    assert desk.cycle().imports == {}


def test_a_set_that_is_still_being_copied_waits_and_then_comes(desk: Desk) -> None:
    files = write_set(estimate(), CCC)
    for name, data in files.items():
        (desk.share / name).write_bytes(data[: len(data) // 2])
    assert desk.cycle().imports == {} and desk.shop.collector.state.folders[0].sets_waiting == 1
    for name, data in files.items():
        (desk.share / name).write_bytes(data)
    assert desk.cycle().imports == {"imported": 1}


def test_a_missing_member_that_arrives_completes_the_job(desk: Desk) -> None:
    desk.put(estimate(), without=frozenset(("LIN",)))
    assert desk.cycle().imports == {}
    desk.central.clock.pass_time(120)
    assert desk.cycle().imports == {"incomplete": 1}
    assert not desk.jobs()[0].complete
    desk.put(estimate())
    assert desk.cycle().imports == {"imported": 1}
    assert desk.jobs()[0].complete and len(desk.jobs()) == 1


def test_a_broken_set_is_kept_aside_with_its_reason_and_blocks_nothing(desk: Desk) -> None:
    (desk.share / "broken.env").write_bytes(b"rubbish")
    desk.put(estimate())
    assert desk.cycle().imports == {"imported": 1}
    desk.central.clock.pass_time(120)
    desk.cycle()
    (entry,) = desk.shop.store.read.troubles()
    assert (entry.base, entry.outcome, entry.reason) == (
        "broken",
        "broken",
        "the file is empty or too short for a table",
    )
    assert desk.cycle(200).imports == {}, "read again only when it changes"


def test_a_share_that_is_away_is_a_state_and_comes_back_by_itself(desk: Desk) -> None:
    desk.put(estimate())
    desk.cycle()
    away = desk.share.rename(desk.folder / "gone")
    desk.shop.collector.cycle()
    assert desk.shop.collector.state.folders[0].away_since_utc is not None and len(desk.jobs()) == 1
    away.rename(desk.share)
    desk.put(estimate(2))
    desk.central.clock.pass_time(15)
    assert desk.cycle().imports == {"imported": 1}
    assert desk.shop.collector.state.folders[0].away_since_utc is None


def test_a_set_of_an_unknown_facility_waits_for_a_person(desk: Desk) -> None:
    desk.by_facility()
    desk.put(estimate())
    found = desk.cycle()
    assert found.imports == {"imported": 1} and found.answers == {}
    (facility,) = desk.shop.store.read.facilities()
    assert facility.shop_id is None and desk.shop.jobs.suggested_shop(facility) == desk.central.shops["North"]
    assert desk.shop.jobs.confirm_facility(facility, desk.central.shops["North"]) == 1
    assert desk.cycle().answers == {"kept": 1}
    desk.put(estimate(2))
    assert desk.cycle().answers == {"kept": 1}, "the next one knows its shop"


def test_an_assignment_is_no_job(desk: Desk) -> None:
    desk.put(estimate(transaction="A", lines=()))
    assert desk.cycle().imports == {"assignment": 1} and desk.jobs() == []


def test_the_shops_folder_is_only_read(desk: Desk) -> None:
    desk.put(estimate())
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in desk.share.iterdir()}
    desk.cycle()
    assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in desk.share.iterdir()} == before


def test_two_shops_may_use_the_same_estimate_number(desk: Desk) -> None:
    """Mitchell numbers are plain numbers: each repair facility has its own 1042 (ems.md 5)."""
    desk.by_facility()
    for number, shop in enumerate(("North", "South")):
        facility = RepairFacility(shop, None, None, f"TAX-{shop}", None)
        customer = Customer("owner", None, f"Client of {shop}", None, None, ("5145550101",), Address())
        desk.put(estimate(base=f"5e1f000{number}", estimate_id="1042", system="C", shop=facility, customer=customer))
    desk.cycle()
    for facility_ in desk.shop.store.read.facilities():
        suggestion = desk.shop.jobs.suggested_shop(facility_)
        assert suggestion is not None
        desk.shop.jobs.confirm_facility(facility_, suggestion)
    desk.cycle()
    rows = desk.central.rows("SELECT s.name, j.last_name FROM job j JOIN shop s ON s.id = j.shop_id ORDER BY 1")
    assert rows == [("North", "Client of North"), ("South", "Client of South")]


def test_a_facility_filled_in_later_joins_its_job(desk: Desk) -> None:
    desk.by_facility()
    desk.put(estimate(shop=RepairFacility()))
    desk.cycle()
    desk.put(estimate(version="S01"))
    desk.cycle()
    (job,) = desk.jobs()
    assert job.version == "S01" and job.facility == "tax:taxnorth"


def test_an_older_version_fills_only_what_is_unknown(desk: Desk) -> None:
    """Sets come newest first: the first estimate may know the e-mail that the supplement lacks (DESIGN 4.3)."""
    late = Customer("owner", "Éloïse", "Gagné 1", None, None, (), Address())
    desk.put(estimate(base="5e1f0002", version="S01", customer=late, totals=Totals(gross=Decimal("250.00"))))
    desk.cycle()
    desk.put(estimate())
    desk.cycle()
    (job,) = desk.jobs()
    assert (job.version, job.total_cents, job.contact.email) == ("S01", 25000, "e1@example.com")


def test_going_back_to_an_earlier_content_is_news(desk: Desk) -> None:
    for hour, gross in enumerate(("100.00", "200.00", "100.00"), start=9):
        desk.put(estimate(created_at=datetime(2026, 11, 1, hour, 0), totals=Totals(gross=Decimal(gross))))
        desk.cycle()
    assert desk.jobs()[0].total_cents == 10000


def test_a_set_that_breaks_the_reader_blocks_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from repaircenter.shop.collector import collector

    real = collector.read_set  # type: ignore[attr-defined]

    def read(base: str, *arguments: object, **options: object) -> Estimate:
        if base == "5e1f0002":
            raise ZeroDivisionError
        return real(base, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(collector, "read_set", read)
    desk.put(estimate(1))
    desk.put(estimate(2))
    found = desk.cycle()
    assert found.imports == {"imported": 1, "broken": 1} and found.answers == {"kept": 1}


@pytest.mark.parametrize("status", [404, 426, 503])
def test_something_else_at_the_address_uses_up_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """A proxy's 404, a captive portal or a too-old desk: the rows stay as they are and go out later."""
    import requests

    from repaircenter.uplink import http

    desk.cycle()
    real = requests.Session.request

    def answer(self: requests.Session, method: str, address: str, **options: object) -> requests.Response:
        if "jobs/batch" not in address:
            return real(self, method, address, **options)  # type: ignore[arg-type]
        found = requests.Response()
        found.status_code = status
        found._content = b"<html>hello</html>"
        return found

    monkeypatch.setattr(http.requests.Session, "request", answer)  # type: ignore[attr-defined]
    for number in range(3):
        desk.put(estimate(number))
    assert desk.cycle().answers == {}
    counts = desk.shop.store.read.counts(desk.central.clock.now_utc())
    assert (counts.to_send, counts.refused) == (3, 0)
    monkeypatch.undo()
    desk.central.clock.pass_time(4 * 3600)
    assert desk.cycle().answers == {"kept": 3}


def test_a_refused_row_can_be_sent_again_once_it_changed(desk: Desk) -> None:
    desk.put(estimate(dates=Dates(delivered=datetime(9999, 12, 31).date())))
    found = desk.cycle()
    assert found.answers == {"kept": 1}, "a far date is clamped, not refused"
    desk.put(estimate(2, totals=Totals(gross=Decimal("99999999.99"))))
    assert desk.cycle().answers == {"kept": 1}


def test_messages_of_one_job_never_overtake_each_other(desk: Desk) -> None:
    desk.put(estimate())
    desk.cycle()
    (job,) = desk.jobs()
    now = desk.central.clock.now_utc()
    from repaircenter.shop.model.outbox import OutboxRow

    def row(name: str, minutes: int, state: str = "waiting") -> OutboxRow:
        return OutboxRow(
            id=name,
            job_id=job.id,
            shop_id=1,
            kind="job",
            schema=1,
            payload="{}",
            digest="",
            state=state,
            attempts=minutes,
            next_try_at_utc=now,
            created_at_utc=now.replace(minute=minutes),
        )

    with desk.shop.store.write() as uow:
        uow.outbox.put(row("older", 5))
        uow.outbox.put(row("newer", 6))
        assert [r.id for r in uow.outbox.claim(now, now, 10)] == ["older"]


def test_a_job_that_names_no_facility_is_placed_by_hand(desk: Desk) -> None:
    desk.by_facility()
    desk.put(estimate(shop=RepairFacility()))
    assert desk.cycle().answers == {}
    desk.shop.jobs.place_job(desk.jobs()[0].id, desk.central.shops["South"])
    assert desk.cycle().answers == {"kept": 1}


def test_the_recovery_code_brings_a_store_back_and_is_shown_until_it_is_kept(desk: Desk) -> None:
    """A set-up that is killed before its last step costs nobody the code (issue 15.10)."""
    desk.put(estimate())
    desk.cycle()
    code = desk.shop.new_recovery_code
    assert code is not None
    desk.restart()
    assert (desk.shop.new_recovery_code or "") == code
    desk.shop.setup.note_code_kept()
    desk.restart()
    assert desk.shop.new_recovery_code is None
    desk.shop.stop()
    (desk.folder / "data" / "keys.json").unlink()
    fresh = ShopApp(desk.shop.options, desk.central.clock, EventHub())
    with pytest.raises(KeyTrouble):
        fresh.open()
    with pytest.raises(KeyTrouble):
        fresh.recover("nonsense")
    fresh.recover(code)
    fresh.open()
    assert len(fresh.store.read.jobs()) == 1
    fresh.stop()


def test_a_new_store_keeps_the_old_one_aside(desk: Desk) -> None:
    desk.put(estimate())
    desk.cycle()
    desk.shop.stop()
    (desk.folder / "data" / "keys.json").unlink()
    fresh = ShopApp(desk.shop.options, desk.central.clock, EventHub())
    fresh.start_new_store()
    fresh.open()
    assert fresh.store.read.jobs() == [] and (desk.folder / "data" / "store-old-1.db").exists()
    fresh.stop()


def test_rows_leased_by_a_killed_process_are_sent_at_the_next_start(desk: Desk) -> None:
    desk.put(estimate())
    desk.shop.collector.import_ready(CycleResult())
    desk.central.clock.pass_time(4)
    desk.shop.collector.import_ready(CycleResult())
    now = desk.central.clock.now_utc()
    with desk.shop.store.write() as uow:
        assert len(uow.outbox.claim(now, now + timedelta(minutes=2), 10)) == 1
    desk.restart()
    result = CycleResult()
    desk.shop.collector.deliver(result)
    assert result.answers == {"kept": 1}


def test_what_was_silent_is_judged_again_as_soon_as_something_comes(desk: Desk) -> None:
    """The banner does not say for another hour that nothing comes, above what has just come."""
    desk.put(estimate(1))
    desk.cycle()
    keeping = desk.shop.collector._keeping
    keeping.silences = (object(),)  # type: ignore[assignment]
    desk.cycle()
    assert len(keeping.silences) == 1, "an hour passes between two looks"
    desk.put(estimate(2))
    desk.cycle()
    assert keeping.silences == ()


def test_nothing_is_called_silent_while_sets_keep_coming(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue 15.5: a backlog may bring what seemed to be missing."""
    asked: list[int] = []
    keeping = desk.shop.collector._keeping

    def listen(*_: object) -> tuple[()]:
        asked.append(1)
        return ()

    monkeypatch.setattr(keeping, "_listen", listen)
    for number in range(1, 4):
        desk.put(estimate(number))
        desk.cycle()
        desk.central.clock.pass_time(40)
    assert asked == [], "two minutes after the start, but sets came until a moment ago"
    desk.central.clock.pass_time(30)
    desk.cycle()
    assert asked == [1]


def test_a_damaged_store_is_closed_again_so_that_it_can_be_set_aside(desk: Desk) -> None:
    desk.put(estimate(1))
    desk.cycle()
    desk.shop.stop()
    path = desk.folder / "data" / "store.db"
    data = bytearray(path.read_bytes())
    data[-2000:-1900] = b"\xff" * 100
    path.write_bytes(data)
    shop = ShopApp(desk.shop.options, desk.central.clock, EventHub())
    with pytest.raises(KeyTrouble, match="start a new one"):
        shop.open()
    opened = [one.readlink() for one in Path("/proc/self/fd").iterdir() if one.exists()]
    assert path not in opened
    shop.start_new_store()
    desk.shop = desk.start()


def test_a_certificate_somebody_agreed_to_holds_at_once_for_its_own_service(desk: Desk) -> None:
    before = desk.shop.collector_client
    desk.shop.setup.trust_certificate("https://elsewhere.example/", "SHA-256 aa")
    assert desk.shop.collector_client is before, "another service: nothing is connected anew"
    desk.shop.setup.trust_certificate(f"{desk.central.address}/", "SHA-256 bb")
    after = desk.shop.collector_client
    assert after is not before and after is not None and after.is_paired
    read = desk.shop.store.read.setting
    assert read("trusted_certificate:https://elsewhere.example") == "SHA-256 aa"
    assert read(f"trusted_certificate:{desk.central.address}") == "SHA-256 bb"
