"""Several folders with rules of their own, the second PC, old exports, bursts and other programs (A-16, A-17; DESIGN 4)."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from repaircenter.assembly.options import ShopOptions
from repaircenter.assembly.shop_app import ShopApp
from repaircenter.demo.ems_writer import CCC, MITCHELL, write_set
from repaircenter.ems.estimate import Dates, Estimate, Labor, Line, RepairFacility, Totals
from repaircenter.runtime.errors import KnownError
from repaircenter.runtime.events import EventHub
from repaircenter.shop.collector.collector import CycleResult
from repaircenter.shop.collector.lease import Leasing
from repaircenter.shop.model.folder import FolderPreview, FolderSetting
from repaircenter.shop.model.job import Shop
from repaircenter.shop.ports import Overloaded, Unreachable
from repaircenter.wire import endpoints
from repaircenter.wire.identity import LeaseAnswer, LeaseClaim, LeaseInfo, LeaseRequest
from tests.conftest import PASSWORD, Central
from tests.fakes.clock import FakeClock
from tests.fakes.service import intercept
from tests.integration.test_collector import Desk, estimate

HOOD = Line(
    1,
    "Hood",
    "OP11",
    "PAN",
    "A1",
    Decimal(1),
    Decimal("250.00"),
    None,
    False,
    "E01",
    (Labor("LAB", Decimal(1), None, False),),
)


@pytest.fixture(autouse=True)
def on_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder `share` of the tests lies on a file server, every other one on the PC itself."""
    monkeypatch.setattr(
        "repaircenter.share.folder.place_of", lambda path: "//srv/ems" if path.name == "share" else None
    )


@pytest.fixture
def desk(central: Central, tmp_path: Path) -> Iterator[Desk]:
    found = Desk(central, tmp_path / "pc")
    yield found
    found.shop.stop()


def second_folder(desk: Desk, **rules: object) -> Path:
    path = desk.folder / "mitchell"
    path.mkdir()
    setting = FolderSetting(str(path), desk.central.shops["South"], **rules)  # type: ignore[arg-type]
    desk.shop.folders.save([*desk.shop.folders.settings(), setting])
    return path


def put_into(folder: Path, what: Estimate) -> None:
    style = MITCHELL if what.system == "M" else CCC
    for name, data in write_set(what, style).items():
        (folder / name).write_bytes(data)


def test_each_folder_sends_to_its_own_shop(desk: Desk) -> None:
    other = second_folder(desk)
    desk.put(estimate(1))
    put_into(other, estimate(2, system="M", base="9508501"))
    assert desk.cycle().answers == {"kept": 2}
    shops = dict(desk.central.rows("SELECT last_name, shop_id FROM job"))  # type: ignore[arg-type, var-annotated]
    assert shops == {"Gagné 1": desk.central.shops["North"], "Gagné 2": desk.central.shops["South"]}


def test_the_same_estimate_number_in_two_shops_is_two_jobs(desk: Desk) -> None:
    other = second_folder(desk)
    desk.put(estimate(1))
    put_into(other, estimate(1))
    desk.cycle()
    assert len(desk.jobs()) == 2


def test_each_folder_has_its_own_code_page(desk: Desk) -> None:
    other = second_folder(desk, code_page="cp850")
    dos = replace(CCC, code_page="cp850")
    for name, data in write_set(estimate(2), dos).items():
        (other / name).write_bytes(data)
    desk.cycle()
    (job,) = desk.jobs()
    assert job.contact.last_name == "Gagné 2"


def test_one_folder_that_is_away_leaves_the_other_alone(desk: Desk) -> None:
    other = second_folder(desk)
    desk.share.rename(desk.folder / "gone")
    put_into(other, estimate(2))
    assert desk.cycle().imports == {"imported": 1}
    health = {folder.path: folder.trouble for folder in desk.shop.collecting.state().folders}
    assert health == {str(desk.share): "missing", str(other): None}


def test_a_paused_folder_is_not_looked_at_until_it_goes_on(desk: Desk) -> None:
    (setting,) = desk.shop.folders.settings()
    desk.shop.folders.save([replace(setting, paused=True)])
    desk.put(estimate())
    assert desk.cycle().imports == {} and desk.shop.collecting.state().folders == ()
    desk.shop.folders.save([setting])
    assert desk.cycle().imports == {"imported": 1}


def test_a_folder_taken_out_keeps_its_jobs_and_is_not_imported_again(desk: Desk) -> None:
    (setting,) = desk.shop.folders.settings()
    desk.put(estimate())
    desk.cycle()
    desk.shop.folders.save([])
    assert len(desk.jobs()) == 1
    desk.shop.folders.save([setting])
    assert desk.cycle().imports == {}
    assert desk.shop.reader.folder_outcomes(setting.path) == {"imported": 1}
    assert list(desk.shop.reader.last_news()) == [setting.path]


def old(number: int, **fields: object) -> Estimate:
    return estimate(number, created_at=datetime(2024, 3, number, 9, 0), **fields)


def test_jobs_from_before_the_cut_off_are_kept_and_not_sent(desk: Desk) -> None:
    (setting,) = desk.shop.folders.settings()
    desk.shop.folders.save([replace(setting, cutoff=date(2026, 10, 1))])
    desk.put(old(1))
    desk.put(old(2, dates=Dates(delivered=date(2026, 10, 20))))
    desk.put(estimate(3))
    found = desk.cycle()
    assert found.imports == {"imported": 3} and found.answers == {"kept": 2}
    before = next(job for job in desk.jobs() if job.contact.last_name == "Gagné 1")
    assert before.sent_digest is None
    details = desk.shop.reader.details(before.id)
    assert details is not None and ("before_cutoff", "2026-10-01") in [(e.kind, e.detail) for e in details.events]
    views = {job.contact.last_name: desk.shop.jobs.view(job.id) for job in desk.jobs()}
    said = {name: view.before_cutoff for name, view in views.items() if view is not None}
    assert said == {"Gagné 1": date(2026, 10, 1), "Gagné 2": None, "Gagné 3": None}, "the card says it of that job only"
    desk.shop.jobs.send_now(before.id)
    assert desk.cycle().answers == {"kept": 1}, "a person may send it all the same"


def test_the_preview_says_what_an_import_would_do_and_keeps_nothing(desk: Desk) -> None:
    (setting,) = desk.shop.folders.settings()
    for number in range(1, 25):
        desk.put(old(number))
    desk.put(old(1, base="5e1f0100", version="S01"))
    desk.put(estimate(30))
    (desk.share / "5e1fffff.env").write_bytes(b"rubbish")
    told: list[FolderPreview] = []

    def progress(found: FolderPreview) -> bool:
        told.append(found)
        return True

    found = desk.shop.folders.preview(replace(setting, cutoff=date(2026, 1, 1)), progress)
    assert (found.done, found.total, found.unreadable, found.jobs, found.customers) == (27, 27, 1, 25, 25)
    assert (found.first_day, found.last_day, found.would_send) == (date(2024, 3, 1), date(2026, 11, 1), 1)
    assert desk.shop.folders.preview(setting, progress).would_send == 25
    assert told[0].done == 20 and desk.jobs() == [] and desk.outcomes() == {}
    stopped = desk.shop.folders.preview(setting, lambda _: False)
    assert stopped.done == 20, "Stop stops"


def test_the_example_is_what_leaves_this_pc_for_that_estimate(desk: Desk) -> None:
    """Issue 15.10, A-N8: before anything is sent a person sees a real message; nothing is kept of it."""
    folder = desk.folder / "exports"
    folder.mkdir()
    put_into(folder, estimate(1))
    (folder / "rubbish.env").write_bytes(b"no table")
    example = desk.shop.folders.example(str(folder), "cp1252")
    assert example is not None and desk.jobs() == []
    desk.put(estimate(1))
    desk.cycle()
    (message,) = desk.shop.store.read.messages(("sent",))
    told, sent = msgspec.json.decode(example), msgspec.json.decode(message.row.payload)
    for payload in (told, sent):
        for fact in ("folder", "digest", "read_at"):
            del payload["source"][fact]
    assert told == sent
    assert desk.shop.folders.example(str(desk.folder), "cp1252") is None


def test_a_folder_without_sets_names_those_below_it_that_hold_some(desk: Desk) -> None:
    above = desk.folder / "above"
    for name, count in (("ccc", 2), ("empty", 0), ("mitchell", 1)):
        (above / name).mkdir(parents=True)
        for number in range(1, count + 1):
            put_into(above / name, estimate(number))
    tested = desk.shop.folders.test(str(above), "cp1252")
    assert (tested.trouble, tested.sets) == (None, 0)
    assert tested.below == ((str(above / "ccc"), 2), (str(above / "mitchell"), 1))
    assert desk.shop.folders.test(str(above / "ccc"), "cp1252").below == ()


def test_a_folder_that_is_away_cannot_be_previewed_and_says_so(desk: Desk) -> None:
    with pytest.raises(KnownError):
        desk.shop.folders.preview(FolderSetting("/no/such/folder"), lambda _: True)
    assert desk.shop.folders.test("/no/such/folder", "cp1252").trouble == "missing"
    found = desk.shop.folders.test(str(desk.share), "cp1252")
    assert (found.trouble, found.sets, found.oldest_utc) == (None, 0, None)


def test_an_import_that_is_stopped_goes_on_where_it_was(desk: Desk) -> None:
    for number in range(1, 13):
        desk.put(estimate(number))
    desk.shop.collector.import_ready(CycleResult())
    desk.central.clock.pass_time(4)
    source = desk.shop.collector._sources[str(desk.share)]
    half = CycleResult()
    for _, found in zip(range(5), source.take(), strict=False):
        desk.shop.collector._import_one(source, found, desk.shop.collector.target(str(desk.share)))
    desk.restart()
    assert desk.cycle().imports == {"imported": 7} and len(desk.jobs()) == 12 and half.imports == {}


def test_twenty_saves_in_a_minute_leave_the_newest(desk: Desk) -> None:
    """Each save of CCC is a complete export under a new name (ems.md 5)."""
    for second in range(20):
        total = Totals(gross=Decimal(100 + second))
        saved = datetime(2026, 11, 1, 9, 0, second * 3)
        desk.put(estimate(1, base=f"5e1f01{second:02x}", export_id=f"X{second}", created_at=saved, totals=total))
        for path in desk.share.glob(f"5e1f01{second:02x}.*"):
            os.utime(path, (1_700_000_000 + second, 1_700_000_000 + second))
    found = desk.cycle()
    (job,) = desk.jobs()
    assert found.imports == {"imported": 1, "superseded": 19} and found.answers == {"kept": 1}
    details = desk.shop.reader.details(job.id)
    assert details is not None and job.total_cents == 11900
    assert [v.total_cents for v in details.versions] == [11900] and len(details.events) <= 4


def test_saves_that_become_ready_one_by_one_leave_one_version_too(desk: Desk) -> None:
    for minute in range(4):
        saved, total = datetime(2026, 11, 1, 9, minute), Totals(gross=Decimal(100 + minute))
        desk.put(estimate(1, base=f"5e1f01{minute:02x}", created_at=saved, totals=total))
        assert desk.cycle().imports == {"imported": 1}
    (job,) = desk.jobs()
    details = desk.shop.reader.details(job.id)
    assert details is not None and [v.total_cents for v in details.versions] == [10300]
    desk.put(estimate(1, base="5e1f0200", created_at=datetime(2026, 11, 2, 9, 0), totals=Totals(gross=Decimal(900))))
    desk.cycle()
    details = desk.shop.reader.details(job.id)
    assert details is not None and [v.total_cents for v in details.versions] == [10300, 90000], "the next day is news"


def test_rewrites_by_other_programs_are_no_news(desk: Desk) -> None:
    """Prices written back into LIN and a touched ENV (ems.md 5: J, PartsTrader); a price with new totals is news."""
    desk.put(estimate(lines=(HOOD,)))
    desk.cycle()
    cheaper = msgspec.structs.replace(HOOD, price=Decimal("199.00"))
    desk.put(estimate(lines=(cheaper,), created_at=datetime(2026, 11, 1, 15, 0)))
    assert desk.cycle().imports == {"seen_again": 1}
    desk.put(estimate(lines=(cheaper,), totals=Totals(gross=Decimal("49.00"))))
    assert desk.cycle().imports == {"imported": 1}


def test_a_busy_set_is_named_and_taken_when_it_is_free(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from repaircenter.share import files

    def violation(path: Path) -> int:
        raise PermissionError(13, "in use")

    with monkeypatch.context() as held:
        held.setattr(files, "open_shared", violation)
        desk.put(estimate())
        desk.cycle()
        assert desk.cycle(120).imports == {"busy": 1}
        (trouble,) = desk.shop.reader.troubles()
        assert (trouble.base, trouble.outcome) == ("5e1f0001", "busy")
    assert desk.cycle(61).imports == {"imported": 1} and desk.shop.reader.troubles() == []


def test_a_set_held_busy_over_a_restart_is_read_afterwards(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from repaircenter.share import files

    with monkeypatch.context() as held:
        held.setattr(files, "open_shared", lambda _: (_ for _ in ()).throw(PermissionError(13, "in use")))
        desk.put(estimate())
        desk.cycle()
        desk.cycle(120)
    desk.restart()
    assert desk.cycle().imports == {"imported": 1}


def second_pc(desk: Desk, name: str = "FRONT-2") -> ShopApp:
    """Another PC of the same account on the same share."""
    options = ShopOptions(desk.folder / "second", desk.central.address, desk.share, quiet_seconds=3.0)
    shop = ShopApp(options, desk.central.clock, EventHub())
    shop.open()
    assert shop.collector_client is not None
    shop.collector_client.device_name = name
    shop.setup.pair("admin@one.example", PASSWORD)
    shop.folders.save([FolderSetting(str(desk.share), desk.central.shops["North"])])
    return shop


def cycles(shop: ShopApp, clock: object, seconds: float = 4.0) -> dict[str, int]:
    shop.collector.cycle()
    clock.pass_time(seconds)  # type: ignore[attr-defined]
    result = shop.collector.cycle()
    return result.imports


def test_a_second_pc_leaves_the_work_to_the_first_and_says_who_it_is(desk: Desk) -> None:
    assert desk.shop.collector_client is not None
    desk.shop.collector_client.device_name = "FRONT-1"
    desk.cycle()
    other = second_pc(desk)
    try:
        cycles(other, desk.central.clock)
        (holder,) = other.collecting.state().others
        assert (holder.shop_id, holder.device_name) == (desk.central.shops["North"], "FRONT-1")
        desk.put(estimate())
        assert cycles(other, desk.central.clock) == {} and other.reader.jobs() == []
        assert desk.cycle().imports == {"imported": 1} and desk.shop.collecting.state().others == ()
    finally:
        other.stop()


def test_taking_over_swaps_the_roles_and_doubles_nothing(desk: Desk) -> None:
    assert desk.shop.collector_client is not None
    desk.shop.collector_client.device_name = "FRONT-1"
    desk.put(estimate())
    desk.cycle()
    other = second_pc(desk)
    try:
        cycles(other, desk.central.clock)
        other.collecting.take_over()
        cycles(other, desk.central.clock)
        assert other.collecting.state().others == () and len(other.reader.jobs()) == 1
        desk.cycle(700)
        (holder,) = desk.shop.collecting.state().others
        assert holder.device_name == "FRONT-2"
        assert desk.central.rows("SELECT count(*) FROM job") == [(1,)]
    finally:
        other.stop()


def test_a_pc_that_went_silent_loses_its_place_by_itself(desk: Desk) -> None:
    assert desk.shop.collector_client is not None
    desk.shop.collector_client.device_name = "FRONT-1"
    desk.cycle()
    other = second_pc(desk)
    try:
        cycles(other, desk.central.clock)
        assert other.collecting.state().others
        desk.central.clock.pass_time(26 * 60)
        cycles(other, desk.central.clock)
        assert other.collecting.state().others == ()
    finally:
        other.stop()


def test_two_pcs_for_two_shops_do_not_disturb_each_other(desk: Desk) -> None:
    desk.cycle()
    other = second_pc(desk)
    try:
        other.folders.save([FolderSetting(str(desk.share), desk.central.shops["South"])])
        cycles(other, desk.central.clock)
        assert other.collecting.state().others == ()
    finally:
        other.stop()


def test_without_the_service_both_import_and_nothing_is_doubled_later(desk: Desk) -> None:
    """Correctness never depends on the lease (DESIGN 4.2)."""
    assert desk.shop.collector_client is not None
    other = second_pc(desk)
    links = [shop.collector._link for shop in (desk.shop, other)]
    try:
        desk.put(estimate())
        for shop in (desk.shop, other):
            shop.collector.import_ready(CycleResult())
        desk.central.clock.pass_time(4)
        for shop in (desk.shop, other):
            shop.collector.import_ready(CycleResult())
            assert len(shop.reader.jobs()) == 1
        for shop in (desk.shop, other):
            shop.collector.deliver(CycleResult())
        assert desk.central.rows("SELECT count(*) FROM job") == [(1,)] and len(links) == 2
    finally:
        other.stop()


def test_a_pc_that_only_shows_collects_nothing(desk: Desk) -> None:
    desk.shop.collecting.show_only(True)
    desk.put(estimate())
    assert desk.cycle().imports == {} and desk.shop.collecting.state().shows_only and desk.shop.setup.configured
    desk.restart()
    assert desk.shop.collecting.state().shows_only, "also after a restart"
    desk.shop.collecting.show_only(False)
    assert desk.cycle().imports == {"imported": 1}


def test_an_installation_asks_only_for_its_own_shops(desk: Desk) -> None:
    from repaircenter.shop.ports import NotSignedIn

    desk.cycle()
    with pytest.raises(NotSignedIn):
        desk.shop.collector._link.call(
            endpoints.HOLD_LEASE, LeaseRequest(claims=[LeaseClaim(shop_id=999, place="x")], device_name="pc")
        )


def test_watched_on_threads_a_set_reaches_the_service(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way as it runs in a shop: threads, doorbell, the collector's own pace."""
    from repaircenter.runtime.clock import SystemClock
    from repaircenter.share import watching

    monkeypatch.setattr(watching, "LEAST_PAUSE_LOCAL_SECONDS", 0.1)
    desk.shop.stop()
    options = ShopOptions(desk.folder / "data", desk.central.address, quiet_seconds=0.2, cycle_seconds=0.2)
    shop = ShopApp(options, SystemClock(), EventHub())
    shop.open()
    shop.folders.save([FolderSetting(str(desk.share), desk.central.shops["North"])])
    shop.start()
    desk.shop = shop
    desk.put(estimate())

    def until(ready: Callable[[], object]) -> None:
        end = time.monotonic() + 20
        while not ready():
            assert time.monotonic() < end
            time.sleep(0.05)

    until(shop.reader.jobs)
    extra = desk.folder / "late"
    extra.mkdir()
    put_into(extra, estimate(2))
    shop.folders.save([*shop.folders.settings(), FolderSetting(str(extra), desk.central.shops["South"])])
    until(lambda: len(shop.reader.jobs()) == 2)
    shop.folders.save([])
    assert shop.collecting.state().folders == ()


def test_by_facility_an_unknown_shop_waits_in_each_folder(desk: Desk) -> None:
    desk.by_facility()
    desk.put(estimate(1, shop=RepairFacility("Elsewhere", None, None, "TAX-9")))
    assert desk.cycle().answers == {}
    (facility,) = desk.shop.reader.facilities()
    desk.shop.jobs.confirm_facility(facility, desk.central.shops["South"])
    assert desk.cycle().answers == {"kept": 1}


def test_confirming_a_facility_respects_the_cut_off_of_the_job_s_folder(desk: Desk) -> None:
    desk.shop.folders.save([FolderSetting(str(desk.share), None, cutoff=date(2026, 10, 1))])
    desk.put(old(1))
    desk.put(estimate(2))
    desk.cycle()
    for facility in desk.shop.reader.facilities():
        desk.shop.jobs.confirm_facility(facility, desk.central.shops["North"])
    assert desk.cycle().answers == {"kept": 1}


def test_a_set_that_cannot_be_kept_is_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Disk full, store locked, a bug: nothing is forgotten, and the rest of the cycle goes on."""
    from repaircenter.shop.jobs import importing

    for number in range(1, 7):
        desk.put(estimate(number))

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as failing:
        failing.setattr(importing, "import_estimate", full)
        assert desk.cycle().imports == {} and desk.shop.collecting.state().folders[0].sets_waiting == 6
    assert desk.cycle(10).imports == {"imported": 6}
    assert "a set could not be imported; it is tried again" in caplog.text


def test_a_folder_of_its_own_is_never_held_back_by_another_pc(desk: Desk) -> None:
    assert desk.shop.collector_client is not None
    desk.shop.collector_client.device_name = "FRONT-1"
    desk.cycle()
    other = second_pc(desk)
    own = desk.folder / "local"
    own.mkdir()
    try:
        north = desk.central.shops["North"]
        other.folders.save([FolderSetting(str(desk.share), north), FolderSetting(str(own), north)])
        cycles(other, desk.central.clock)
        put_into(own, estimate(2))
        desk.put(estimate(1))
        assert cycles(other, desk.central.clock) == {"imported": 1}
        assert [job.contact.last_name for job in other.reader.jobs()] == ["Gagné 2"]
    finally:
        other.stop()


def test_who_cannot_read_the_share_does_not_hold_its_place(desk: Desk) -> None:
    assert desk.shop.collector_client is not None
    desk.shop.collector_client.device_name = "FRONT-1"
    real = desk.share
    desk.shop.folders.save([FolderSetting(str(desk.folder / "elsewhere" / "share"), desk.central.shops["North"])])
    desk.cycle()
    other = second_pc(desk)
    try:
        put_into(real, estimate())
        cycles(other, desk.central.clock)
        assert other.collecting.state().others == () and len(other.reader.jobs()) == 1
    finally:
        other.stop()


class Link:
    """The service as far as the lease needs it."""

    def __init__(self, *answers: object) -> None:
        self.answers, self.asked = list(answers), []  # type: ignore[var-annotated]

    device_name = "A"

    def call(self, endpoint: object, request: LeaseRequest) -> LeaseAnswer:
        assert endpoint == endpoints.HOLD_LEASE
        self.asked.append(request.take_over)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return LeaseAnswer(held=answer)  # type: ignore[arg-type]


def lease(*answers: object) -> tuple[Leasing, Link, FakeClock]:
    link, clock = Link(*answers), FakeClock()
    return Leasing(link, clock), link, clock  # type: ignore[arg-type]


THEIRS = [LeaseInfo(shop_id=1, place="p", mine=False, device_name="B", since=datetime(2026, 11, 1, tzinfo=UTC))]
ONE = FolderSetting("/share", 1)
SHOPS = [Shop(1, "North", "America/Toronto")]


def test_what_was_said_about_another_pc_is_not_believed_for_ever() -> None:
    leasing, _, clock = lease(THEIRS, Unreachable("unreachable"))
    assert leasing.keep([(1, "p")]) and leasing.is_held(ONE, "p", SHOPS)
    for _ in range(24):
        clock.pass_time(61)
        assert not leasing.keep([(1, "p")]), "a service that does not answer changes nothing at once"
    clock.pass_time(61)
    assert not leasing.is_held(ONE, "p", SHOPS) and leasing.others == ()


def test_a_busy_service_is_asked_again_when_it_said_so() -> None:
    leasing, link, clock = lease(Overloaded(600.0))
    for _ in range(500):
        leasing.keep([(1, "p")])
        clock.pass_time(1)
    assert len(link.asked) == 1


def test_a_take_over_pressed_while_a_question_is_under_way_is_not_lost() -> None:
    leasing, link, clock = lease(THEIRS)

    def pressed_meanwhile(request: LeaseRequest, ask: Callable[[LeaseRequest], LeaseAnswer]) -> LeaseAnswer:
        if not link.asked:
            leasing.take_over()
        return ask(request)

    intercept(link, endpoints.HOLD_LEASE, pressed_meanwhile)
    leasing.keep([(1, "p")])
    leasing.keep([(1, "p")])
    assert link.asked == [False, True] and clock is not None


def test_the_original_read_after_its_supplement_still_counts_for_the_cut_off(desk: Desk) -> None:
    (setting,) = desk.shop.folders.settings()
    desk.shop.folders.save([replace(setting, cutoff=date(2026, 10, 1))])
    first = estimate(1, created_at=datetime(2024, 3, 1, 9, 0))
    desk.put(first)
    desk.put(replace(first, base="5e1f0099", version="S01", created_at=datetime(2026, 10, 20, 9, 0)))
    for path in desk.share.glob("5e1f0001.*"):
        os.utime(path, (1_600_000_000, 1_600_000_000))
    found = desk.cycle()
    (job,) = desk.jobs()
    assert found.imports == {"imported": 2} and job.dates.created_on == date(2024, 3, 1)
    assert found.answers == {} and job.sent_digest is None


def test_a_folder_that_is_taken_out_keeps_its_cut_off_for_its_jobs(desk: Desk) -> None:
    desk.shop.folders.save([FolderSetting(str(desk.share), None, cutoff=date(2026, 10, 1))])
    desk.put(old(1))
    desk.cycle()
    desk.shop.folders.save([])
    for facility in desk.shop.reader.facilities():
        desk.shop.jobs.confirm_facility(facility, desk.central.shops["North"])
    assert desk.cycle().answers == {} and desk.shop.folders.settings() == []


def test_a_folder_whose_target_changes_takes_its_jobs_along(desk: Desk) -> None:
    desk.by_facility()
    desk.put(estimate())
    desk.cycle()
    (facility,) = desk.shop.reader.facilities()
    desk.shop.jobs.confirm_facility(facility, desk.central.shops["North"])
    desk.shop.folders.save([FolderSetting(str(desk.share), desk.central.shops["North"])])
    desk.put(estimate(base="5e1f0077", version="S01", created_at=datetime(2026, 11, 3, 9, 0)))
    desk.cycle()
    assert [job.version for job in desk.jobs()] == ["S01"]
    desk.by_facility()
    desk.put(estimate(base="5e1f0078", version="S02", created_at=datetime(2026, 11, 4, 9, 0)))
    desk.cycle()
    assert [job.version for job in desk.jobs()] == ["S02"]


def test_a_new_folder_full_of_old_exports_gets_a_cut_off_by_itself(desk: Desk) -> None:
    archive = desk.folder / "archive"
    archive.mkdir()
    for number in range(60):
        (archive / f"{number:08x}.env").write_bytes(b"x")
    desk.shop.stop()
    options = ShopOptions(desk.folder / "data", desk.central.address, archive, quiet_seconds=3.0)
    desk.shop = ShopApp(options, desk.central.clock, EventHub())
    desk.shop.open()
    assert [one.cutoff is not None for one in desk.shop.folders.settings()] == [False, True]


def test_one_full_cycle_of_an_agent_takes_what_is_ready_and_ends(desk: Desk) -> None:
    from repaircenter.runtime.clock import SystemClock

    desk.shop.stop()
    options = ShopOptions(desk.folder / "data", desk.central.address, quiet_seconds=0.3)
    desk.shop = ShopApp(options, SystemClock(), EventHub())
    desk.shop.open()
    for number in range(1, 6):
        desk.put(estimate(number))
    desk.put(estimate(9), without=frozenset(("LIN",)))
    started = time.monotonic()
    result = desk.shop.cycle_until_quiet(time.sleep)
    assert result.imports == {"imported": 5} and time.monotonic() - started < 30


def test_a_running_collector_that_is_asked_looks_before_it_answers(desk: Desk) -> None:
    from repaircenter.assembly.agent import asked_cycle
    from repaircenter.runtime.clock import SystemClock

    desk.shop.stop()
    options = ShopOptions(desk.folder / "data", desk.central.address, quiet_seconds=0.3, cycle_seconds=0.2)
    desk.shop = ShopApp(options, SystemClock(), EventHub())
    desk.shop.open()
    desk.shop.start()
    desk.put(estimate())
    assert asked_cycle(desk.shop)["jobs"] == 1


def test_jobs_the_rule_does_not_send_yet_are_not_looked_at_again_and_again(desk: Desk) -> None:
    (setting,) = desk.shop.folders.settings()
    desk.shop.folders.save([replace(setting, cutoff=date(2026, 10, 1))])
    with desk.shop.store.write() as uow:
        uow.settings.put("send_rule", "convert")
    told: list[str] = []
    desk.shop.hub.listen(told.append)
    desk.put(estimate())
    desk.cycle()
    told.clear()
    assert desk.cycle().answers == {} and "jobs_changed" not in told
    desk.put(estimate(ro_number="26-1", base="5e1f0042", created_at=datetime(2026, 11, 2, 9, 0)))
    assert desk.cycle().answers == {"kept": 1}


def test_a_folder_given_after_pairing_sends_for_the_shop_that_is_named(desk: Desk, tmp_path: Path) -> None:
    """`agent --folder DIR --shop NAME` on a paired PC (issue 13.20); without a name a person says which is which."""
    late = tmp_path / "late"
    late.mkdir()
    put_into(late, estimate(7))
    desk.shop.stop()
    options = replace(desk.shop.options, folder=late, shop="south")
    desk.shop = ShopApp(options, desk.central.clock, EventHub())
    desk.shop.open()
    mine = {one.path: one.shop_id for one in desk.shop.folders.settings()}
    assert mine[str(late)] == desk.central.shops["South"]
    desk.cycle()
    (job,) = [line for line in desk.shop.store.read.job_lines("")[0] if line.shop_id == desk.central.shops["South"]]
    assert job.sent
    desk.shop.stop()
    desk.shop = ShopApp(replace(options, shop="nowhere"), desk.central.clock, EventHub())
    with pytest.raises(KnownError, match="North, South"):
        desk.shop.open()


def test_part_of_a_version_that_is_there_whole_changes_nothing(desk: Desk) -> None:
    """Case 13: a conflict copy of one file, imported when patience has ended, leaves a complete job complete."""
    desk.put(estimate(1))
    desk.cycle()
    names = sorted(path.name for path in desk.share.iterdir())
    envelope = next(name for name in names if name.lower().endswith(".env"))
    stem = envelope[: -len(".env")]
    (desk.share / f"other {stem}.env").write_bytes((desk.share / envelope).read_bytes())
    desk.central.clock.pass_time(200)
    desk.cycle()
    desk.central.clock.pass_time(200)
    desk.cycle()
    (job,) = desk.shop.store.read.job_lines("")[0]
    assert job.complete


def test_the_shop_a_person_chose_for_the_given_folder_outlives_another_pairing(desk: Desk) -> None:
    desk.shop.stop()
    options = replace(desk.shop.options, shop="North")
    desk.shop = ShopApp(options, desk.central.clock, EventHub())
    desk.shop.open()
    (given,) = desk.shop.folders.settings()
    assert given.shop_id == desk.central.shops["North"]
    desk.shop.folders.save([replace(given, shop_id=desk.central.shops["South"])])
    desk.shop.setup.pair_again(desk.central.address, "admin@one.example", PASSWORD)
    assert [folder.shop_id for folder in desk.shop.folders.settings()] == [desk.central.shops["South"]]
    desk.shop.folders.save([replace(given, shop_id=None)])
    desk.shop.setup.pair_again(desk.central.address, "admin@one.example", PASSWORD)
    assert [folder.shop_id for folder in desk.shop.folders.settings()] == [desk.central.shops["North"]]
