"""A window without a service: the shop's side is a hand-made fake that implements shop.ports.ShopControl."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from repaircenter.desk.program import Program
from repaircenter.runtime.errors import KeyTrouble, KnownError
from repaircenter.runtime.events import EventHub
from repaircenter.shop.model import (
    CollectorState,
    ConnectionState,
    Counts,
    Event,
    Facility,
    FolderHealth,
    FolderPreview,
    FolderSetting,
    FolderTest,
    Holder,
    Job,
    JobDetails,
    LedgerEntry,
    Shop,
    Version,
)
from repaircenter.shop.ports import NotSignedIn
from repaircenter.wire.document import Bar, BarChart, Column, Empty, Figure, Header, Heading, Part, Table
from repaircenter.wire.messages import Favourite, ReportInfo, RunRequest, RunState, SessionAnswer, ShopInfo
from tests.fakes.clock import FakeClock

NOW = FakeClock().now_utc()


def job(number: int, **fields: object) -> Job:
    given: dict[str, object] = {
        "id": number,
        "job_key": f"C:{number}",
        "shop_id": 1,
        "ro_number": f"26-{number:04d}",
        "first_name": "Éloïse",
        "last_name": f"Gagné {number}",
        "email": "e@example.com",
        "year": 2020,
        "make": "Mazda",
        "model": "CX-5",
        "insurer_name": "Assurances Exemple",
        "version": "E01",
        "total_cents": 123456 + number,
        "received_at_utc": NOW,
        "changed_at_utc": NOW,
        "sent_digest": "x",
        "service_state": "ageing",
        "service_callable_on": date(2026, 11, 21),
    }
    return Job(**{**given, **fields})  # type: ignore[arg-type]


class FakeReader:
    """The store as the desk asks it."""

    def __init__(self, control: "FakeControl") -> None:
        self._control = control

    def jobs(self, search: str = "", limit: int = 2000) -> list[Job]:
        if self._control.broken:
            raise KnownError("The store cannot be read.")
        return [j for j in self._control.jobs if search.casefold() in f"{j.customer} {j.ro_number}".casefold()]

    def details(self, job_id: int) -> JobDetails | None:
        found = next((j for j in self._control.jobs if j.id == job_id), None)
        if found is None:
            return None
        content = (
            '{"lines": [{"number": 1, "description": "Capot", "part_number": "X", "price": "10.00", "labor": []}]}'
        )
        version = Version(
            id=1,
            job_id=job_id,
            label="E01",
            order=1,
            digest="d",
            base="5e1f00a1",
            folder="/share",
            imported_at_utc=NOW,
            total_cents=found.total_cents,
            complete=True,
            content=content,
        )
        return JobDetails(found, (version,), (Event(NOW, "read", "E01 5e1f00a1"), Event(NOW, "answer_kept")), ())

    def counts(self, today_began_utc: datetime) -> Counts:
        return self._control.counts

    def troubles(self) -> list[LedgerEntry]:
        return self._control.troubles

    def facilities(self) -> list[Facility]:
        return self._control.facilities

    def shops(self) -> list[Shop]:
        return [Shop(1, "Nord", "America/Toronto"), Shop(2, "Sud", "America/Toronto")]

    def known_sets(self, folder: str) -> dict[str, str]:
        return {}

    def last_news(self) -> dict[str, datetime]:
        return {"/share": NOW}

    def sent_job_keys(self) -> dict[int, list[str]]:
        return {}

    def setting(self, key: str) -> str | None:
        return None


@dataclass
class FakePerson:
    """A service with two reports; `slow` makes a run take until it is stopped."""

    shops: list[ShopInfo]
    kept: list[Favourite] = field(default_factory=list)
    requests: list[RunRequest] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    slow: bool = False
    empty: bool = False
    rows: int = 200

    def sign_in(self, email: str, password: str) -> SessionAnswer:
        if password != "right":
            raise NotSignedIn("The e-mail address or the password is wrong.", "wrong_password")
        return SessionAnswer(token="t", ends_at=datetime(2026, 11, 3, 6, tzinfo=UTC), shops=self.shops, person="Ada")

    def reports(self) -> list[ReportInfo]:
        return [
            ReportInfo(id="R-01", parameters=["shops", "period", "section"]),
            ReportInfo(id="R-07", parameters=["shops", "period", "order"]),
        ]

    def start_run(self, request: RunRequest) -> RunState:
        self.requests.append(request)
        return RunState(
            id=f"run{len(self.requests)}", state="running" if self.slow else "done", parts=0 if self.slow else 1
        )

    def run_state(self, run_id: str) -> RunState:
        return RunState(id=run_id, state="running", parts=0)

    def run_part(self, run_id: str, part: int) -> Part:
        header = Header(
            report="R-01",
            title="Tableau de bord CSI",
            subtitle="Nord",
            facts=[("Période", "2026-11-01 – 2026-11-30")],
            language="fr",
            data_as_of=NOW,
            run_by="Ada",
            zone="America/Toronto",
        )
        if self.empty:
            nodes = [
                Empty(text="Aucun sondage", suggestions=[("last_month", "Le mois dernier"), ("2026-09", "Septembre")])
            ]
            return Part(number=0, header=header, nodes=nodes, last=True)  # type: ignore[arg-type]
        figure = Figure(value=8.5, low=8.0, high=9.0, n=20)
        table = Table(
            columns=[Column(title="Question", width=3), Column(title="Moyenne", align="right")],
            rows=[[f"Question {n}", figure] for n in range(self.rows)],
        )
        chart = BarChart(
            title="Moyennes", minimum=1, maximum=10, bars=[Bar(label="Qualité", value=8.5, low=8, high=9, n=20)]
        )
        return Part(number=0, header=header, nodes=[Heading(text="Nord"), chart, table], last=True)

    def stop_run(self, run_id: str) -> None:
        self.stopped.append(run_id)

    def favourites(self) -> list[Favourite]:
        return list(self.kept)

    def save_favourite(self, favourite: Favourite) -> Favourite:
        import msgspec

        saved = msgspec.structs.replace(favourite, id=favourite.id or len(self.kept) + 1)
        self.kept = [f for f in self.kept if f.id != saved.id] + [saved]
        return saved

    def delete_favourite(self, favourite_id: int) -> None:
        self.kept = [f for f in self.kept if f.id != favourite_id]


class FakeControl:
    """The shop's side: what it holds can be changed by the test."""

    def __init__(self, several_shops: bool = True) -> None:
        names = ("Nord", "Sud") if several_shops else ("Nord",)
        self.person_side = FakePerson(
            [
                ShopInfo(id=number, name=name, zone="America/Toronto", group="QC" if several_shops else None)
                for number, name in enumerate(names, start=1)
            ]
        )
        self.jobs: list[Job] = [job(n) for n in range(1, 6)]
        self.troubles: list[LedgerEntry] = []
        self.facilities: list[Facility] = []
        self.counts = Counts(jobs=5, to_send=2, imported_today=3)
        self.connection = ConnectionState("connected", datetime(2026, 11, 3, 6, tzinfo=UTC))
        self.healths: tuple[FolderHealth, ...] = (FolderHealth("/share", NOW, None, 5, 1, 0.1),)
        self.settings = [FolderSetting("/share", 1)]
        self.tests: dict[str, FolderTest] = {}
        self.others: tuple[Holder, ...] = ()
        self.only = self.slow_preview = False
        self.broken = False
        self.calls: list[tuple[object, ...]] = []
        self.is_configured = True
        self.new_recovery_code: str | None = None

    @property
    def reader(self) -> FakeReader:
        return FakeReader(self)

    @property
    def person(self) -> FakePerson:
        return self.person_side

    @property
    def configured(self) -> bool:
        return self.is_configured

    def collector_state(self) -> CollectorState:
        return CollectorState(self.connection, self.healths, NOW, self.others, self.only)

    def configure(self, service: str, folder: str, email: str, password: str) -> None:
        if password != "right":
            raise NotSignedIn("The e-mail address or the password is wrong.", "wrong_password")
        self.calls.append(("configure", service, folder, email))
        self.is_configured = True

    def begin_collecting(self) -> None:
        self.calls.append(("begin",))

    def scan_now(self) -> None:
        self.calls.append(("scan",))

    def reconnect(self) -> None:
        self.calls.append(("reconnect",))

    def send_now(self, job_id: int) -> None:
        self.calls.append(("send", job_id))
        self.jobs = [replace(j, sent_digest="x") if j.id == job_id else j for j in self.jobs]

    def confirm_facility(self, facility: Facility, shop_id: int) -> int:
        self.calls.append(("confirm", facility.key, shop_id))
        self.facilities = []
        return 1

    def place_job(self, job_id: int, shop_id: int) -> None:
        self.calls.append(("place", job_id, shop_id))

    def suggested_shop(self, facility: Facility) -> int | None:
        return 2

    @property
    def shows_only(self) -> bool:
        return self.only

    def show_only(self, only: bool) -> None:
        self.calls.append(("show_only", only))
        self.only = only

    def take_over(self) -> None:
        self.calls.append(("take_over",))
        self.others = ()

    def folders(self) -> list[FolderSetting]:
        return list(self.settings)

    def save_folders(self, folders: Sequence[FolderSetting]) -> None:
        self.calls.append(("save_folders", *folders))
        self.settings = list(folders)

    def test_folder(self, path: str, code_page: str) -> FolderTest:
        return self.tests.get(path, FolderTest(None, False, 3, NOW, NOW, "cp1252"))

    def preview_folder(self, setting: FolderSetting, progress: Callable[[FolderPreview], bool]) -> FolderPreview:
        for done in range(0, 1200, 20):
            if not progress(FolderPreview(done, 1200, 0, done // 2, done // 3, None, None, 1)):
                return FolderPreview(done, 1200, 0, done // 2, done // 3, None, None, 1)
            if self.slow_preview:
                time.sleep(0.01)
        return FolderPreview(1200, 1200, 2, 600, 400, date(2019, 3, 4), date(2026, 11, 1), 12)


class FakeOpener:
    """Opens the fake shop after its troubles; the right recovery code is `right`."""

    def __init__(self, control: FakeControl, troubles: list[Exception] | None = None) -> None:
        self._control = control
        self.troubles = troubles or []
        self.calls: list[str] = []

    def open(self) -> FakeControl:
        if self.troubles:
            raise self.troubles[0]
        return self._control

    def recover(self, code: str) -> None:
        if code != "right":
            raise KeyTrouble("This is not a recovery code of RepairCenter.")
        self.calls.append("recover")
        self.troubles.clear()

    def start_new_store(self) -> None:
        self.calls.append("new")
        self.troubles.clear()


class Bench:
    """A program under test with helpers that wait without sleeping blindly."""

    def __init__(self, program: Program, control: FakeControl, hub: EventHub, opener: "FakeOpener") -> None:
        self.program, self.control, self.hub, self.opener = program, control, hub, opener
        self.window = program.window

    def wait(self, ready: Callable[[], object], seconds: float = 5.0) -> None:
        end = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < end, "it did not happen"
            self.program.app.processEvents()
            time.sleep(0.002)
        self.program.app.processEvents()

    def sign_in(self) -> None:
        self.window.show_page("surveys")
        self.window.surveys.sign_in_as("ada@example.com", "right")
        self.wait(lambda: self.window.surveys.ready)


@pytest.fixture
def control() -> FakeControl:
    return FakeControl()


@pytest.fixture
def start(qapp: QApplication, tmp_path: Path, control: FakeControl) -> Iterator[Callable[..., Bench]]:
    """Start the program in a language and look; it is closed at the end."""
    started: list[Program] = []

    def begin(language: str = "fr", appearance: str = "light", opening: Sequence[Exception] = ()) -> Bench:
        troubles = list(opening)
        hub = EventHub()

        opener = FakeOpener(control, troubles)
        program = Program(tmp_path / "desk", FakeClock(), hub, opener, language, appearance)  # type: ignore[arg-type]
        started.append(program)
        program.show()
        program.window.activateWindow()
        found = Bench(program, control, hub, opener)
        found.wait(program.window.isActiveWindow)
        return found

    yield begin
    while started:
        started.pop().close()
    # Windows are collected here, on their own thread, and not on whichever thread the collector happens to run later.
    gc.collect()


@pytest.fixture
def bench(start: Callable[..., Bench]) -> Bench:
    found = start()
    found.wait(lambda: found.window.jobs.count_shown)
    return found
