"""A window without a service: the shop's side is a hand-made fake that implements shop.ports.ShopControl."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from repaircenter.central.reporting.parameters import offered
from repaircenter.desk.account.account import Account
from repaircenter.desk.frame.main_window import MainWindow
from repaircenter.desk.frame.program import Program
from repaircenter.desk.frame.rooms import ROOMS
from repaircenter.desk.kit.bridge import Background
from repaircenter.desk.kit.desk_context import DeskContext, open_settings
from repaircenter.desk.kit.notices.toast import Toast
from repaircenter.desk.kit.room import Frame, RoomPage, Status
from repaircenter.desk.kit.theme import Theme
from repaircenter.desk.kit.tray import Tray
from repaircenter.runtime.errors import InputRefused, KeyTrouble, KnownError
from repaircenter.runtime.events import EventHub
from repaircenter.runtime.text import Texts, sort_key
from repaircenter.shop.collector.control import CollectorControl
from repaircenter.shop.controls import DeviceControl, ShopOpener
from repaircenter.shop.folders.folders import Folders
from repaircenter.shop.jobs.actions import Actions
from repaircenter.shop.jobs.opened import OpenedSet
from repaircenter.shop.model.folder import FolderHealth, FolderPreview, FolderSetting, FolderTest, LedgerEntry
from repaircenter.shop.model.job import Contact, Event, Facility, Job, JobDetails, JobLine, JobView, Shop, Version
from repaircenter.shop.model.outbox import Counts, LoggedMessage, RuleChange
from repaircenter.shop.model.preset import Preset
from repaircenter.shop.model.state import CollectorState, ConnectionState, Holder, NewerDesk, Silence, StorageState
from repaircenter.shop.outbox.messages import payload_of
from repaircenter.shop.ports import KeptPerson, NotSignedIn, PersonLink, UnknownCertificate, Unreachable
from repaircenter.shop.service.last_results import LastResult
from repaircenter.shop.setup.setup import Setup
from repaircenter.wire import endpoints
from repaircenter.wire.document.cells import Figure, Link, Linked
from repaircenter.wire.document.charts import Bar, BarChart
from repaircenter.wire.document.nodes import Column, Empty, Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Header, Part
from repaircenter.wire.endpoints import A, Endpoint, Q
from repaircenter.wire.identity import SessionAnswer, ShopInfo
from repaircenter.wire.jobs import Credits
from repaircenter.wire.organisation import Logo
from repaircenter.wire.reports import (
    Favourite,
    FavouriteList,
    ReportInfo,
    ReportList,
    ReportOptions,
    RunRequest,
    RunState,
)
from repaircenter.wire.vocabulary import (
    ALERTS,
    CHANGE_ORGANISATION,
    CHANGE_PROGRAMMES,
    CONTEST,
    MANAGE_PEOPLE,
    RUN_REPORTS,
    WORK_ON_ALERTS,
)
from tests.fakes.alerts import FakeAlerts
from tests.fakes.clock import FakeClock
from tests.fakes.contests import FakeContests
from tests.fakes.employees import FakeEmployees
from tests.fakes.hours import FakeHours
from tests.fakes.interviews import FakeInterviews
from tests.fakes.people import FakePeople
from tests.fakes.places import FakePlaces
from tests.fakes.programmes import FakeProgrammes
from tests.fakes.questionnaires import FakeQuestionnaires
from tests.fakes.service import Answers, answer
from tests.fakes.wordings import FakeWordings
from tests.fixtures import printer
from tests.made_jobs import made_job, with_facts

NOW = FakeClock().now_utc()


@pytest.fixture(scope="module", autouse=True)
def _what_is_there_stays() -> None:
    """The collections after each test go through what the test has made, and not through everything that was imported."""
    gc.collect()
    gc.freeze()


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
    return made_job(**{**given, **fields})


def line(found: Job) -> JobLine:
    """A job as the list shows it."""
    return JobLine(
        found.id,
        found.shop_id,
        found.ro_number,
        found.state,
        found.contact.name,
        found.vehicle.name,
        found.insurer.name,
        found.version,
        found.version_order,
        found.total_cents,
        found.currency,
        found.received_at_utc,
        found.dates.created_on,
        found.dates.delivered_on,
        found.complete,
        found.contact.reachable,
        bool(found.contact.email),
        found.contact.do_not_contact,
        found.excluded,
        found.skipped,
        found.unsure,
        "erased" if found.erased_at_utc else "merged" if found.merged_into else None,
        found.sent_digest is not None,
        found.service_state,
        found.service.reason if found.service else None,
        found.service.stars if found.service else None,
        sort_key(found.contact.name),
        sort_key(found.vehicle.name),
        sort_key(found.insurer.name or ""),
    )


class FakeReader:
    """The store as the desk asks it."""

    def __init__(self, control: "FakeControl") -> None:
        self._control = control

    def job_lines(self, search: str = "", after: int = 0) -> tuple[list[JobLine], int]:
        if self._control.broken:
            raise KnownError("damaged")
        found = [
            j for j in self._control.kept_jobs if search.casefold() in f"{j.contact.name} {j.ro_number}".casefold()
        ]
        return [line(one) for one in reversed(found)], len(self._control.kept_jobs) + 1

    def messages(self, states: Sequence[str] = (), search: str = "", limit: int = 500) -> list[LoggedMessage]:
        return [one for one in self._control.messages if one.row.state in states and search in one.label]

    def details(self, job_id: int) -> JobDetails | None:
        found = next((j for j in self._control.kept_jobs if j.id == job_id), None)
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

    def setting(self, key: str) -> str | None:
        return self._control.kept_settings.get(key)


@dataclass
class FakePerson:
    """A service with two reports; `slow` makes a run take until it is stopped."""

    shops: list[ShopInfo]
    saved: list[Favourite] = field(default_factory=list)
    requests: list[RunRequest] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    slow: bool = False
    empty: bool = False
    rows: int = 200
    known: KeptPerson | None = None
    away: bool = False
    ended: bool = False
    logo: bytes = b""
    refuses: bool = False
    surveys: bool = True
    modules: list[str] = field(default_factory=lambda: [ALERTS])
    alerts: FakeAlerts = field(default_factory=FakeAlerts)
    people: FakePeople = field(default_factory=FakePeople)
    hours: FakeHours = field(default_factory=FakeHours)
    interviews: FakeInterviews = field(default_factory=FakeInterviews)
    employees: FakeEmployees = field(default_factory=FakeEmployees)
    places: FakePlaces = field(default_factory=FakePlaces)
    programmes: FakeProgrammes = field(default_factory=FakeProgrammes)
    contests: FakeContests = field(default_factory=FakeContests)
    questionnaires: FakeQuestionnaires = field(default_factory=FakeQuestionnaires)
    wordings: FakeWordings = field(default_factory=FakeWordings)
    permissions: list[str] = field(
        default_factory=lambda: [
            *(CHANGE_ORGANISATION, CHANGE_PROGRAMMES, CONTEST, MANAGE_PEOPLE, RUN_REPORTS, WORK_ON_ALERTS)
        ]
    )

    def sign_in(self, email: str, password: str, *, stay: bool = False) -> SessionAnswer:
        if self.away:
            raise Unreachable("unreachable")
        if password != "right":
            raise NotSignedIn("wrong_password")
        self.known = KeptPerson(email, stay)
        return self.session()

    def session(self) -> SessionAnswer:
        end = datetime(2026, 11, 3, 6, tzinfo=UTC)
        return SessionAnswer(
            token="t",
            ends_at=end,
            shops=self.shops,
            person="Ada",
            surveys=self.surveys,
            modules=self.modules,
            permissions=self.permissions,
        )

    def resume(self) -> SessionAnswer:
        if self.away:
            raise Unreachable("unreachable")
        return self.session()

    def kept(self) -> KeptPerson | None:
        return self.known

    def unlocks(self, password: str) -> bool:
        return password == "right"

    def send_link(self, email: str) -> None:
        if self.away:
            raise Unreachable("unreachable")
        self.people.links.append(email)

    def sign_out(self) -> None:
        self.known = None

    def call(self, endpoint: Endpoint[Q, A], request: Q | None = None, /, **places: str | int) -> A:
        if self.ended:
            raise NotSignedIn("signed_out")
        return answer(self.answers(), endpoint, request, places)

    def answers(self) -> Answers:
        return {
            endpoints.REPORTS: lambda: ReportList(reports=self.reports(), parameters=offered([])),
            endpoints.REPORT_OPTIONS: self.report_options,
            endpoints.START_RUN: self.start_run,
            endpoints.RUN_STATE: self.run_state,
            endpoints.RUN_PART: self.run_part,
            endpoints.STOP_RUN: self.stop_run,
            endpoints.LOGO: lambda: Logo(image=self.logo),
            endpoints.PUT_LOGO: self.put_logo,
            endpoints.FAVOURITES: lambda: FavouriteList(favourites=list(self.saved)),
            endpoints.ADD_FAVOURITE: self.save_favourite,
            endpoints.CHANGE_FAVOURITE: lambda favourite, favourite_id: self.save_favourite(favourite),
            endpoints.DELETE_FAVOURITE: self.delete_favourite,
            **self.alerts.answers(),
            **self.people.answers(),
            **self.hours.answers(),
            **self.interviews.answers(),
            **self.employees.answers(),
            **self.places.answers(),
            **self.programmes.answers(),
            **self.contests.answers(),
            **self.questionnaires.answers(),
            **self.wordings.answers(),
        }

    def reports(self) -> list[ReportInfo]:
        return [
            ReportInfo(
                id="R-01", parameters=["shops", "period", "date_basis", "programme", "section", "employees", "min_n"]
            ),
            ReportInfo(id="R-07", parameters=["shops", "period", "order"]),
        ]

    def put_logo(self, logo: Logo) -> None:
        if self.refuses:
            raise InputRefused("not_allowed")
        self.logo = logo.image

    def report_options(self) -> ReportOptions:
        return ReportOptions(
            programmes={"1": "Assurances Exemple", "2": "Tous"}, employees={"estimator": ["Ana Ruiz", "Denis Roy"]}
        )

    def start_run(self, request: RunRequest) -> RunState:
        if self.away:
            raise Unreachable("unreachable")
        self.requests.append(request)
        return RunState(
            id=f"run{len(self.requests)}", state="running" if self.slow else "done", parts=0 if self.slow else 1
        )

    def run_state(self, run_id: str) -> RunState:
        return RunState(id=run_id, state="running", parts=0)

    def run_part(self, run_id: str, number: int) -> Part:
        asked = self.requests[-1]
        header = Header(
            report=asked.report,
            title="Commentaires des clients" if asked.report == "R-07" else "Tableau de bord CSI",
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
        link = Link(report="R-07", parameters={"group": "detractors"}, shops=[2])
        figure = Figure(value=8.5, low=8.0, high=9.0, n=20, formula="mean-t")
        table = Table(
            columns=[Column(title="Question", width=3), Column(title="Moyenne", align="right")],
            rows=[[f"Question {n}", figure] for n in range(self.rows)],
        )
        table.rows[0] = [Linked(value="Question 0", link=link), Linked(value=figure, link=link)]
        table.rows[1] = [Linked(value="26-0003", link=Link(job_key="C:3", shops=[1])), figure]
        chart = BarChart(
            title="Moyennes", minimum=1, maximum=10, bars=[Bar(label="Qualité", value=8.5, low=8, high=9, n=20)]
        )
        shown: list[Node] = [
            Heading(text="Nord"),
            chart,
            table,
            Heading(text="Sud", new_page=True),
            Paragraph(text="Fin"),
        ]
        return Part(number=0, header=header, nodes=shown, last=True)

    def stop_run(self, run_id: str) -> None:
        self.stopped.append(run_id)

    def save_favourite(self, favourite: Favourite) -> Favourite:
        import msgspec

        saved = msgspec.structs.replace(favourite, id=favourite.id or len(self.saved) + 1)
        self.saved = [f for f in self.saved if f.id != saved.id] + [saved]
        return saved

    def delete_favourite(self, favourite_id: int) -> None:
        self.saved = [f for f in self.saved if f.id != favourite_id]


class FakeActions(Actions):
    """Remembers what was asked; answers as the shop's side would."""

    def __init__(self, control: "FakeControl") -> None:
        self._control = control

    def _did(self, *call: object) -> None:
        self._control.calls.append(call)

    def _change(self, job_id: int, **fields: object) -> None:
        self._control.kept_jobs = [with_facts(j, **fields) if j.id == job_id else j for j in self._control.kept_jobs]

    def view(self, job_id: int) -> JobView | None:
        found = FakeReader(self._control).details(job_id)
        if found is None:
            return None
        control = self._control
        return JobView(found, control.rule, control.exclude_refusal, control.undoable, control.alike)

    def send_now(self, job_id: int) -> None:
        self._did("send", job_id)
        self._change(job_id, sent_digest="x")

    def edit_contact(self, job_id: int, contact: Contact) -> None:
        if contact.email and "@" not in contact.email:
            raise InputRefused("email")
        self._did("contact", job_id, contact)
        self._change(job_id, email=contact.email, phones=contact.phones)

    def restore_contact(self, job_id: int, before: Job) -> None:
        self._did("restore contact", job_id)
        self._change(job_id, email=before.contact.email, phones=before.contact.phones)

    def set_credits(self, job_id: int, credits: Credits) -> None:
        self._did("credits", job_id, credits)
        self._change(job_id, credits=credits)

    def convert(self, job_id: int, ro_number: str | None) -> None:
        self._did("convert", job_id, ro_number)
        self._change(job_id, state="repair_order", ro_number=ro_number)

    def mark_delivered(self, job_id: int, day: date) -> None:
        self._did("deliver", job_id, day)

    def undo(self, job_id: int) -> None:
        self._did("undo", job_id)

    def exclude(self, job_id: int) -> None:
        self._did("exclude", job_id)
        self._change(job_id, excluded=True)

    def include(self, job_id: int) -> None:
        self._did("include", job_id)
        self._change(job_id, excluded=False)

    def new_job(self, shop_id: int, job: Job) -> int:
        if not job.contact.last_name:
            raise InputRefused("name")
        self._did("new", shop_id, job.ro_number, job.contact.last_name)
        number = max(j.id for j in self._control.kept_jobs) + 1
        self._control.kept_jobs.append(replace(job, id=number, shop_id=shop_id))
        return number

    def take(self, paths: Sequence[str]) -> list[OpenedSet]:
        self._did("take", *paths)
        return self._control.opened

    def confirm_facility(self, facility: Facility, shop_id: int) -> int:
        self._did("confirm", facility.key, shop_id)
        self._control.facilities = []
        return 1

    def place_job(self, job_id: int, shop_id: int) -> None:
        self._did("place", job_id, shop_id)

    def suggested_shop(self, facility: Facility) -> int | None:
        return 2

    def join(self, keep_id: int, gone_id: int) -> None:
        self._did("join", keep_id, gone_id)
        self._control.alike = ()

    def keep_apart(self, job_id: int) -> None:
        self._did("apart", job_id)
        self._control.alike = ()

    def try_again(self, row_ids: Sequence[str]) -> None:
        self._did("again", *row_ids)

    def discard(self, row_ids: Sequence[str]) -> None:
        self._did("discard", *row_ids)
        self._control.messages = [one for one in self._control.messages if one.row.id not in row_ids]

    def preview_rule(self, rule: str) -> RuleChange:
        return RuleChange(rule, 7, 2, 40, 1)

    def change_rule(self, rule: str, *, send_present: bool) -> int:
        self._did("rule", rule, send_present)
        self._control.kept_settings["send_rule"] = rule
        return 0

    def put_setting(self, name: str, value: str) -> None:
        self._did("setting", name, value)
        self._control.kept_settings[name] = value

    def send_offered(self) -> int:
        self._did("send offered")
        self._control.offer = 0
        return 3

    def leave_offered(self) -> None:
        self._did("leave offered")
        self._control.offer = 0

    def erase(self, job_ids: Sequence[int]) -> None:
        self._did("erase", *job_ids)
        for job_id in job_ids:
            self._change(job_id, first_name=None, last_name=None, email=None, erased_at_utc=NOW)

    def export(self, job_ids: Sequence[int]) -> bytes:
        self._did("export", *job_ids)
        return b"[]"


class FakeDevice:
    """A PC that starts programs with the session, and says how it keeps its data."""

    def __init__(self, control: "FakeControl") -> None:
        self._control = control

    def storage(self) -> StorageState:
        months = int(self._control.kept_settings.get("keep_months", "0"))
        return StorageState("/data/store.db", self._control.key_place, 4_200_000, (("store-before-0002", NOW),), months)

    def starts_with_session(self) -> bool | None:
        return self._control.starts

    def start_with_session(self, wanted: bool) -> None:
        self._control.calls.append(("autostart", wanted))
        self._control.starts = wanted

    def try_sample_data(self, language: str) -> None:
        self._control.calls.append(("sample", language))


class FakeLastResults:
    """What this PC keeps of favourites, in memory."""

    def __init__(self) -> None:
        self.person = ""
        self.lists: dict[str, list[Favourite]] = {}
        self.results: dict[int, LastResult] = {}

    def open_for(self, email: str) -> None:
        self.person = email

    def leave(self) -> None:
        self.person = ""

    def begin(self) -> str:
        return ""

    def take_list(self, email: str, favourites: Sequence[Favourite]) -> None:
        self.lists = {email: list(favourites)}

    def favourites(self, email: str) -> list[Favourite]:
        return self.lists.get(email, [])

    def keep(self, email: str, favourite: Favourite, parts: Sequence[Part], begun: str) -> None:
        self.results[favourite.id] = LastResult(list(parts), NOW)

    def find(self, email: str, favourite: Favourite) -> LastResult | None:
        return self.results.get(favourite.id)

    def forget(self) -> None:
        self.lists, self.results = {}, {}


class FakeSetup(Setup):
    """A PC that is paired unless the test says otherwise; the right password is `right`."""

    def __init__(self, control: "FakeControl") -> None:
        self._control = control

    @property
    def configured(self) -> bool:
        return self._control.is_configured

    @property
    def half_set_up(self) -> bool:
        return self._control.kept_settings.get("set_up") == "paired"

    def finish(self) -> None:
        self._control.kept_settings["set_up"] = "done"
        self.begin_collecting()

    def note_code_kept(self) -> None:
        self._control.calls.append(("code kept",))
        self._control.new_recovery_code = None

    def usual_folders(self) -> list[str]:
        return ["/usual"]

    def preset(self) -> Preset:
        if isinstance(self._control.preset, KnownError):
            raise self._control.preset
        return self._control.preset

    def check_service(self, address: str) -> KnownError | None:
        if self._control.fingerprint is not None:
            raise UnknownCertificate(self._control.fingerprint)
        return None

    def trust_certificate(self, address: str, fingerprint: str) -> None:
        self._control.calls.append(("trust", address, fingerprint))
        self._control.fingerprint = None

    def pair_again(self, address: str, email: str, password: str) -> None:
        self.configure(address, None, email, password)

    def configure(self, service: str, folder: str | None, email: str, password: str) -> None:
        if self._control.fingerprint is not None:
            raise UnknownCertificate(self._control.fingerprint)
        if password != "right":
            raise NotSignedIn("wrong_password")
        self._control.calls.append(("configure", service, folder, email))
        self._control.is_configured = True

    def begin_collecting(self) -> None:
        self._control.calls.append(("begin",))


class FakeCollecting(CollectorControl):
    """Says what the control holds of a collector."""

    def __init__(self, control: "FakeControl") -> None:
        self._control = control

    def state(self) -> CollectorState:
        control = self._control
        return CollectorState(
            control.connection,
            control.healths,
            NOW,
            control.others,
            control.only,
            control.kept_settings.get("sending_stopped") == "yes",
            control.silences,
            control.offer,
            control.store_trouble,
            control.person_side.session().licences,
            control.newer,
        )

    def scan_now(self) -> None:
        self._control.calls.append(("scan",))

    def reconnect(self) -> None:
        self._control.calls.append(("reconnect",))

    @property
    def shows_only(self) -> bool:
        return self._control.only

    def show_only(self, only: bool) -> None:
        self._control.calls.append(("show_only", only))
        self._control.only = only

    def take_over(self) -> None:
        self._control.calls.append(("take_over",))
        self._control.others = ()


class FakeFolders(Folders):
    """Watched folders whose tests and previews say what the control holds."""

    def __init__(self, control: "FakeControl") -> None:
        self._control = control

    def settings(self) -> list[FolderSetting]:
        return list(self._control.settings)

    def save(self, folders: Sequence[FolderSetting]) -> None:
        self._control.calls.append(("save_folders", *folders))
        self._control.settings = list(folders)

    def test(self, path: str, code_page: str) -> FolderTest:
        return self._control.tests.get(path, FolderTest(None, False, 3, NOW, NOW, "cp1252"))

    def example(self, path: str, code_page: str) -> str | None:
        return self._control.example

    def preview(self, setting: FolderSetting, progress: Callable[[FolderPreview], bool]) -> FolderPreview:
        for done in range(0, 1200, 20):
            if not progress(FolderPreview(done, 1200, 0, done // 2, done // 3, None, None, 1)):
                return FolderPreview(done, 1200, 0, done // 2, done // 3, None, None, 1)
            if self._control.slow_preview:
                time.sleep(0.01)
        return FolderPreview(1200, 1200, 2, 600, 400, date(2019, 3, 4), date(2026, 11, 1), 12)


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
        self.kept_jobs: list[Job] = [job(n) for n in range(1, 6)]
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
        self.kept_settings: dict[str, str] = {"service_address": "http://service"}
        self.messages: list[LoggedMessage] = []
        self.rule = "create"
        self.exclude_refusal: str | None = "rule_create"
        self.undoable: str | None = None
        self.alike: tuple[tuple[Job, str], ...] = ()
        self.silences: tuple[Silence, ...] = ()
        self.offer = 0
        self.store_trouble: KnownError | None = None
        self.newer: NewerDesk | None = None
        self.key_place = "keyring"
        self.starts: bool | None = False
        self.fingerprint: str | None = None
        self.last_results = FakeLastResults()
        self.setup = FakeSetup(self)
        self.folders = FakeFolders(self)
        self.collecting = FakeCollecting(self)
        self.jobs = FakeActions(self)
        self.device = FakeDevice(self)
        self.is_configured = True
        self.new_recovery_code: str | None = None
        self.preset: Preset | KnownError = Preset()
        self.opened: list[OpenedSet] = []
        self.example: str | None = payload_of(job(1), None)

    @property
    def reader(self) -> FakeReader:
        return FakeReader(self)

    @property
    def person(self) -> FakePerson:
        return self.person_side


class FakeOpener:
    """Opens the fake shop after its troubles; the right recovery code is `right`."""

    def __init__(self, control: FakeControl, troubles: list[Exception] | None = None) -> None:
        self._control = control
        self.troubles = troubles or []
        self.calls: list[str] = []
        self.backup: datetime | None = None

    def open(self) -> FakeControl:
        if self.troubles:
            raise self.troubles[0]
        return self._control

    def recover(self, code: str) -> None:
        if code != "right":
            raise KeyTrouble("not_a_code")
        self.calls.append("recover")
        self.troubles.clear()

    def go_back(self) -> None:
        self.calls.append("go back")
        self.backup = None
        self.troubles.clear()

    def start_new_store(self) -> None:
        self.calls.append("new")
        self.troubles.clear()


class Waiting:
    """Waits without sleeping blindly."""

    program: Any
    window: Any

    def wait(self, ready: Callable[[], object], seconds: float = 5.0) -> None:
        end = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < end, "it did not happen"
            self.program.app.processEvents()
            time.sleep(0.002)
        self.program.app.processEvents()


class Bench(Waiting):
    """A program under test."""

    program: Program
    window: MainWindow

    def __init__(self, program: Program, control: FakeControl, hub: EventHub, opener: "FakeOpener") -> None:
        self.program, self.control, self.hub, self.opener = program, control, hub, opener
        self.window = program.window

    def sign_in(self) -> None:
        self.window.show_page("surveys")
        self.window.page("surveys").sign_in_as("ada@example.com", "right")
        self.wait(lambda: self.window.page("surveys").ready)


@pytest.fixture
def context(qapp: QApplication, tmp_path: Path) -> Iterator[DeskContext]:
    """What a widget of the kit or a single page needs, without a program and its window."""
    background = Background()
    made = DeskContext(Texts("fr"), Theme("light"), background, FakeClock(), open_settings(tmp_path))
    made.set_language("fr")
    yield made
    background.close()
    gc.collect()


class RoomWindow(QWidget):
    """Stands for the window around one page."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.opened: list[str] = []
        self.page_of_room: RoomPage | None = None
        # What the bar would say.
        self.counts: dict[str, int] = {}

    def note_count(self, name: str, count: int) -> None:
        self.counts[name] = count

    def page(self, name: str) -> Any:
        assert name == self.name, "the harness has one room"
        return self.page_of_room


class RoomBench(Waiting):
    """One page of the desk over the fake shop, without the program and its other pages (HOUSE 4)."""

    window: RoomWindow

    def __init__(
        self,
        window: RoomWindow,
        control: FakeControl,
        hub: EventHub,
        app: QApplication,
        context: DeskContext,
        account: Account,
    ) -> None:
        self.window, self.control, self.hub, self.account = window, control, hub, account
        self.program = SimpleNamespace(app=app, context=context)


@pytest.fixture
def room(qapp: QApplication, tmp_path: Path, control: FakeControl) -> Iterator[Callable[..., RoomBench]]:
    """Open one room in a language, as the window would: attached, told the status, on screen."""
    ended: list[tuple[RoomWindow, Background, Account]] = []

    def begin(name: str, language: str = "en", place: str = "") -> RoomBench:
        background = Background()
        made = DeskContext(Texts(language), Theme("light"), background, FakeClock(), open_settings(tmp_path / "desk"))
        made.set_language(language)
        if not qapp.styleSheet():
            made.theme.apply(qapp)
        made.zone = control.reader.shops()[0].zone
        hub, window = EventHub(), RoomWindow(name)
        nothing: Callable[..., None] = lambda *_: None  # noqa: E731 - what the window does with it is not the room's
        account = Account(made)
        frame = Frame(made, {}, account, Tray(made), window.opened.append, nothing, nothing, nothing, window.note_count)
        page = window.page_of_room = next(one for one in ROOMS if one.name == name).make(frame)
        column = QVBoxLayout(window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)
        made.toast = Toast(window)
        window.resize(1250, 700)

        def told(fact: str) -> None:
            page.react(fact)
            page.show_status(Status(control.collecting.state(), control.counts, control.reader.shops()))

        hub.listen(told)
        page.attach(control)
        window.show()
        window.activateWindow()
        page.opened(place, fresh=True)
        told("connection_changed")
        ended.append((window, background, account))
        bench = RoomBench(window, control, hub, qapp, made, account)
        bench.wait(window.isActiveWindow)
        return bench

    yield begin
    for window, background, account in ended:
        assert window.page_of_room is not None
        window.page_of_room.close_down()
        window.close()
        background.close()
        window.page_of_room = None
        shiboken6.delete(window)
        # Its timer would go on, and end with it on whichever thread collects it.
        shiboken6.delete(account)
    gc.collect()


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
        program = Program(tmp_path / "desk", FakeClock(), hub, opener, language, appearance)
        program.window.resize(1280, 800)
        started.append(program)
        program.show()
        program.window.activateWindow()
        found = Bench(program, control, hub, opener)
        found.wait(lambda: program.window.isActiveWindow() and program.window.is_built)
        return found

    yield begin
    while started:
        started.pop().close()
    # Windows are collected here, on their own thread, and not on whichever thread the collector happens to run later.
    gc.collect()


@pytest.fixture
def bench(start: Callable[..., Bench]) -> Bench:
    found = start()
    found.wait(lambda: found.window.page("jobs").count_shown)
    return found


if TYPE_CHECKING:
    # The fakes have what they stand for (mypy says when one has drifted).
    _person: PersonLink = FakePerson([])
    _pc: DeviceControl = FakeDevice(FakeControl())
    _opener: ShopOpener = FakeOpener(FakeControl())


@pytest.fixture(scope="module")
def network_printer() -> Iterator[printer.NetworkPrinter]:
    missing = printer.what_is_missing()
    if missing is not None:
        pytest.skip(missing)
    # One print service for all processes of a run: the next one waits its turn.
    with printer.alone():
        queue = printer.NetworkPrinter()
        try:
            queue.start()
        except printer.NotStarted as trouble:
            pytest.skip(str(trouble))
        yield queue
        queue.stop()
