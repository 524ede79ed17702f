"""What all tests share: no screen is needed, no thread may be left running, the real service once a session."""

import email
import email.policy
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

import pytest
import requests
from sqlalchemy import create_engine, text

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.central.accounts.admin import NewPerson, NewProgramme, NewShop
from repaircenter.central.accounts.setup_file import SetupFile, apply
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import Scope
from repaircenter.central.db.embedded import Cluster, default_folder
from repaircenter.demo.answers import fill_in
from tests.fakes.clock import FakeClock
from tests.fakes.passwords import CHEAP
from tests.running import TEMPLATE, Running, remember

FIXTURES = Path(__file__).resolve().parent / "fixtures"
SAMPLES = FIXTURES / "ems"
PASSWORD = "a pass phrase of the tests"
_STAYING = (
    "MainThread",
    "web",
    "tasks",
    "tick",
    "month sums",
    "drafts",
    "report",
    "runs",
    "asyncio",
    "ThreadPoolExecutor",
    "AnyIO",
    "pool-",
    "pymysql",
    "proxy",
    "printer",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: at the end all processes are busy."""
    items.sort(key=lambda item: not {"e2e", "installed"} & set(item.path.parts))


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """A test that starts threads ends them (the service's own live as long as the session)."""
    before = {thread.ident for thread in threading.enumerate()}
    yield
    end = time.monotonic() + 5
    while time.monotonic() < end:
        left = [
            thread.name
            for thread in threading.enumerate()
            if thread.ident not in before and not thread.name.startswith(_STAYING)
        ]
        if not left:
            return
        time.sleep(0.02)
    pytest.fail(f"threads left running: {left}")


@dataclass
class Central:
    """The running service of the tests, on a clock the tests move."""

    service: CentralService
    clock: FakeClock
    mail: Path
    shops: dict[str, int]
    server: Cluster

    @property
    def address(self) -> str:
        return self.service.address

    @property
    def parts(self) -> Service:
        """The service's own parts, for what no client may ask."""
        assert self.service.service is not None
        return self.service.service

    def wait(self, seconds: float = 20.0) -> None:
        """Let everything that is due happen."""
        self.service.queue.wake()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.service.queue.idle():
                return
            time.sleep(0.01)
        pytest.fail("the service did not become idle")

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.service.admin() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def scope(self, shops: Sequence[int], person_id: int | None = None) -> Scope:
        """The scope the database gives a session that sees these shops."""
        return self._signed(f"shops:{','.join(map(str, shops))}:{person_id or ''}")

    def programme_scope(self, programmes: Sequence[int], person_id: int) -> Scope:
        """The scope the database gives who reads these programmes for an insurer."""
        return self._signed(f"programme:{','.join(map(str, programmes))}:{person_id}")

    def page_scope(self, invitation_id: int) -> Scope:
        """The scope the database gives the page of an invitation."""
        return self._signed(f"token:{invitation_id}:")

    def _signed(self, bare: str) -> Scope:
        with self.service.admin() as connection:
            return Scope(connection.execute(text("SELECT rc_signed(:bare)"), {"bare": bare}).scalar_one())

    def activity(self, words: str) -> int:
        """How many backends run a query with these words now, as the server's administrator sees it."""
        engine = create_engine(self.server.url())
        with engine.connect() as connection:
            found: int = connection.execute(
                text(
                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE :like AND state = 'active' "
                    "AND pid <> pg_backend_pid()"
                ),
                {"like": f"%{words}%"},
            ).scalar_one()
        engine.dispose()
        return found

    def mails(self) -> list[Path]:
        """The messages to customers, each of which can be stopped by one click."""
        return [path for path in sorted(self.mail.glob("*.eml")) if b"List-Unsubscribe:" in path.read_bytes()]

    def fill_in(self, link: str, values: Mapping[str, object], comment: str = "") -> requests.Response:
        """Answer a survey page by page; return what is said at the end."""
        with requests.Session() as browser:
            said = fill_in(browser, link, values, comment)
        assert said is not None, "nothing is asked"
        return said

    def license(self, *modules: str) -> None:
        """What the organisations have beside surveys; nothing at first."""
        with self.service.admin() as connection:
            connection.execute(text("UPDATE organisation SET modules = :modules"), {"modules": list(modules)})

    def letters(self, to: str) -> list[EmailMessage]:
        """The messages to one of the shop's own people."""
        known, letters = set(self.mails()), []
        for path in sorted(self.mail.glob("*.eml")):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if path not in known and letter["To"] == to and isinstance(letter, EmailMessage):
                letters.append(letter)
        return letters


@dataclass(frozen=True)
class Template:
    """A running database server with a filled template database, made once a session."""

    cluster: Cluster
    shops: dict[str, int]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Template]:
    """Two organisations, so that tests can look across the fence."""
    cluster = Cluster(
        default_folder(f"tests-{os.environ.get('RC_TESTS', worker_id)}", tmp_path_factory.mktemp("central"))
    )
    cluster.start()
    options = CentralOptions(tmp_path_factory.mktemp("template"), str(cluster.url(TEMPLATE).render_as_string(hide_password=False)), fresh=True)
    service = CentralService(options, passwords=CHEAP)
    service.prepare()
    shops: dict[str, int] = {}
    insurer = NewProgramme(name="Assurances Exemple", codes=["ASEX"], names=["Assurances Exemple inc."])
    with service.admin() as connection:
        for organisation, names in (("One", ("North", "South")), ("Two", ("Other",))):
            persons = [
                NewPerson(email=f"{who}@{organisation.lower()}.example", name=name, password=PASSWORD, role=role)
                for who, name, role in (("admin", "Ada Min", "shop_admin"), ("staff", "Stan Dard", "staff"))
            ]
            wanted = SetupFile(
                organisation=organisation,
                shops=[NewShop(name=name, zone="America/Toronto", tax_id=f"TAX-{name}") for name in names],
                persons=persons,
                programmes=[insurer] if organisation == "One" else [],
                modules=[],
            )
            shops.update(zip(names, apply(connection, wanted, CHEAP), strict=True))
    service.stop()
    engine = create_engine(cluster.url(TEMPLATE))
    with engine.begin() as connection:
        remember(connection)
    engine.dispose()
    yield Template(cluster, shops)
    cluster.stop()


@pytest.fixture(scope="session")
def running(template: Template) -> Iterator[Running]:
    """What keeps the service of this process between tests."""
    running = Running(template.cluster)
    yield running
    running.stop()


@pytest.fixture
def central(template: Template, running: Running, tmp_path: Path) -> Iterator[Central]:
    """A service as the template has it, on a clock the test moves."""
    mail = tmp_path / "mail"
    service = running.take(mail)
    yield Central(service, running.clock, mail, template.shops, template.cluster)
    running.give_back()
