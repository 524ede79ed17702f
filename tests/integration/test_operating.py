"""Running the service: several processes, a database that dies, changes after set-up, sign-ins (issue 13.17-21)."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import requests
from litestar.testing import TestClient
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from repaircenter.assembly import agent, terminal
from repaircenter.assembly.central import CentralService, _told
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.assembly.commands import operator
from repaircenter.central.accounts.admin import NewPerson, NewProgramme, NewShop, set_password
from repaircenter.central.accounts.listing import lines
from repaircenter.central.accounts.setup_file import SetupFile, apply, check
from repaircenter.central.app import build_app
from repaircenter.central.core import calls
from repaircenter.central.db import queue_schema
from repaircenter.central.db import system_user as db_system_user
from repaircenter.central.db.connections import REPORTS_AT_ONCE
from repaircenter.central.db.embedded import Cluster
from repaircenter.central.db.system_user import ROOT_FOLDER, can_run_program, is_root, system_user
from repaircenter.central.reporting.catalogue import REPORTS
from repaircenter.central.reporting.report import Report, ReportContext, Request
from repaircenter.central.reporting.runs import Runs
from repaircenter.central.reporting.sql import report_runs
from repaircenter.runtime.errors import EnvironmentFailure, KnownError
from repaircenter.shop.model.state import ConnectionState
from repaircenter.shop.ports import NotSignedIn, ServiceRefused
from repaircenter.shop.service.report_run import run_to_end
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import endpoints
from repaircenter.wire.document.nodes import Empty
from repaircenter.wire.document.parts import Part, decode_part
from repaircenter.wire.reports import RunRequest
from repaircenter.wire.version import HEADER, VERSION
from tests import schema
from tests.conftest import PASSWORD, SAMPLES, Central, Template
from tests.fakes.passwords import CHEAP
from tests.fakes.secrets import MemorySecrets


def test_processes_with_folders_of_their_own_share_one_database(central: Central, tmp_path: Path) -> None:
    """Web here, an operator's command and a worker from other folders: nobody's password changes, links stay good."""
    url = central.server.url("tests").render_as_string(hide_password=False)
    before = central.parts.keyed.survey_token(b"nonce")
    other = CentralService(
        CentralOptions(tmp_path / "elsewhere", url, mail_folder=tmp_path / "m"), central.clock, CHEAP
    )
    other.start(web=False, tick_seconds=5.0)
    try:
        assert other.service is not None and other.service.keyed.survey_token(b"nonce") == before
        central.parts.web.close()  # every pooled connection: the next one signs in again
        assert requests.get(f"{central.address}/health", timeout=5).status_code == 200
        PersonClient(Http(central.address), MemorySecrets()).sign_in("admin@one.example", PASSWORD)
    finally:
        other.stop()


def test_a_second_process_joins_the_embedded_server(tmp_path: Path) -> None:
    """`admin` and `worker` beside `serve`: the first one owns the server, the second one uses it and leaves it running."""
    folder = Path("/var/lib/repaircenter/join-test") if os.geteuid() == 0 else tmp_path / "cluster"
    owner, guest = Cluster(folder), Cluster(folder)
    owner.start()
    try:
        with pytest.raises(EnvironmentFailure, match="already uses"):
            guest.start()
        guest.start(join=True)
        guest.stop()
        assert owner._running()
        assert not owner.revive()
        number = int((folder / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(number, signal.SIGKILL)
        while owner._running():
            time.sleep(0.05)
        assert guest.is_lost() and not owner.is_lost(), "until its owner starts it again"
        assert owner.revive() and owner._running() and not guest.is_lost()
    finally:
        owner.stop()
    assert not owner._running() and guest.is_lost()


def test_the_schema_file_is_what_the_migrations_leave(template: Template, tmp_path: Path) -> None:
    written = schema.of_migrations(template.cluster, tmp_path)
    assert schema.FILE.read_text("utf-8") == written, "run `python3 dev.py schema`"


def test_migrations_of_the_task_queue_are_applied_once(central: Central, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those up to the version the tables were made with count as applied; a later one runs at the next start."""
    with central.service.admin() as connection:
        assert queue_schema.apply_queue_migrations(connection) == []
        names = set(connection.exec_driver_sql("SELECT name FROM queue_migration").scalars())
    assert names == {name for name, _ in queue_schema.migrations()}
    later = [
        *queue_schema.migrations(),
        ("99.00.00_01_more.sql", "ALTER TABLE procrastinate_jobs ADD COLUMN more text"),
    ]
    monkeypatch.setattr(queue_schema, "migrations", lambda: later)
    with central.service.admin() as connection:
        assert queue_schema.apply_queue_migrations(connection) == ["99.00.00_01_more.sql"]
        assert queue_schema.apply_queue_migrations(connection) == []
        connection.exec_driver_sql("SELECT more FROM procrastinate_jobs")


def test_health_says_when_the_database_is_away(central: Central) -> None:
    engine = create_engine(central.server.url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("ALTER ROLE rc_web NOLOGIN")
    try:
        central.parts.web.close()
        answer = requests.get(f"{central.address}/health", timeout=5)
        assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql("ALTER ROLE rc_web LOGIN")
        engine.dispose()
    assert requests.get(f"{central.address}/health", timeout=5).status_code == 200


def setup(**more: object) -> SetupFile:
    given: dict[str, object] = {
        "organisation": "Group",
        "shops": [NewShop(name="North", zone="America/Toronto"), NewShop(name="West", zone="America/Vancouver")],
        "persons": [NewPerson(email="Ada@group.example", name="Ada", password="long enough", role="shop_admin")],
        "programmes": [NewProgramme(name="Insurer", codes=["INS"])],
    }
    return SetupFile(**{**given, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"organisation": " "}, "no name"),
        ({"shops": [NewShop(name="North", zone="Toronto")]}, "time zone"),
        ({"shops": [NewShop(name="North", zone="UTC", language="de")]}, "language"),
        ({"shops": [NewShop(name="North", zone="UTC")] * 2}, "twice"),
        ({"persons": [NewPerson(email="ada", name="Ada", password="long enough", role="staff")]}, "no e-mail address"),
        ({"persons": [NewPerson(email="a@b.example", name="A", password="", role="staff")]}, "at least 8"),
        (
            {"persons": [NewPerson(email="a@b.example", name="A", password="long enough", role="boss")]},
            "the role is one of",
        ),
        ({"programmes": [NewProgramme(name="P", ageing_days=-1)]}, "ageing_days"),
        ({"programmes": [NewProgramme(name="P", kind="x")]}, "its kind"),
    ],
)
def test_a_set_up_file_is_checked(more: dict[str, object], word: str) -> None:
    assert word in check(setup(**more)) and check(setup()) == ""


def test_unknown_keys_of_the_file_are_refused(central: Central, tmp_path: Path) -> None:
    path = tmp_path / "setup.json"
    path.write_text('{"organisation": "G", "shops": [], "persons": [], "programmes": [], "shop": []}')
    with pytest.raises(KnownError, match=r"setup\.json"):
        operator.administer(central.service._options, "set-up", path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, r"setup\.json: No such file"),
        ('{"organisation": "G",\n "shops": [}', r"setup\.json, line 2, column 12"),
        ('{"organisation": 7}', "Expected `str`"),
        ("[" * 100_000, r"setup\.json"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_place(
    central: Central, tmp_path: Path, content: str | None, sentence: str
) -> None:
    path = tmp_path / "setup.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(KnownError, match=sentence):
        operator.administer(central.service._options, "set-up", path)


def test_a_person_speaks_what_the_first_shop_does_and_keeps_what_was_chosen(central: Central) -> None:
    ada = NewPerson(email="ada@group.example", name="Ada", password="long enough", role="staff")
    shops = [NewShop(name="North", zone="America/Toronto", language="es")]
    with central.service.admin() as connection:
        apply(connection, setup(shops=shops, persons=[ada]), CHEAP)
    client = PersonClient(Http(central.address), MemorySecrets())
    assert client.sign_in("ada@group.example", "long enough").language == "es"
    with central.service.admin() as connection:
        apply(connection, setup(shops=shops, persons=[msgspec.structs.replace(ada, language="en")]), CHEAP)
        apply(connection, setup(shops=shops, persons=[ada]), CHEAP)
    assert client.sign_in("ada@group.example", "long enough").language == "en"


def test_a_set_up_says_what_it_did_in_numbers(
    central: Central, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "setup.json"
    path.write_bytes(msgspec.json.encode(setup(shops=[NewShop(name="North", zone="America/Toronto")])))
    operator.administer(central.service._options, "set-up", path)
    assert "1 shop, 1 person and 1 programme are as the file says" in capsys.readouterr().out


def test_a_new_password_is_typed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["first words", "other words", "first words", "first words"])
    monkeypatch.setattr(terminal, "getpass", lambda _prompt: next(typed))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    with pytest.raises(KnownError, match="not the same"):
        terminal.ask_new_password(8)
    assert terminal.ask_new_password(8) == "first words"


def test_an_operator_is_told_where_messages_go_and_what_is_readable() -> None:
    told = _told(
        CentralOptions(Path("d"), smtp="mail.example:465", public_address="http://s.example"),
        "http://x",
        web=True,
        worker=True,
    )
    assert told[0] == "RepairCenter service: http://x" and "mail.example:465" in told[1] and "not encrypted" in told[3]
    assert "No texts" in told[2], "what programs ask by text is passed over"
    secure = CentralOptions(Path("d"), mail_folder=Path("m"), public_address="https://s.example")
    assert not any("encrypted" in line for line in _told(secure, "http://x", web=True, worker=True))
    here = CentralOptions(Path("d"), mail_folder=Path("m"), public_address="http://127.0.0.1:8470")
    assert not any("encrypted" in line for line in _told(here, "http://x", web=True, worker=True))


def test_an_agent_says_whom_it_is_paired_for_and_when_nothing_was_sent(central: Central, tmp_path: Path) -> None:
    share = tmp_path / "ems"
    shutil.copytree(SAMPLES / "ccc-style-E01", share)
    command = [sys.executable, "-m", "repaircenter", "agent", "--once", "--data", str(tmp_path / "pc")]
    first = ["--service", central.address, "--folder", str(share), "--shop", "North", "--pair", "admin@one.example"]
    environment = {**os.environ, "REPAIRCENTER_PASSWORD": PASSWORD}

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, *more], env=environment, capture_output=True, text=True, timeout=60)

    done = subprocess.run(
        [*command, *first], env={**environment, "REPAIRCENTER_PASSWORD": "wrong"}, capture_output=True, timeout=60
    )
    assert done.returncode == 1 and b"Recovery code" not in done.stderr, "it is told with the pairing that works"
    done = run(*first)  # type: ignore[assignment]
    assert done.returncode == 0 and "paired with the service for North, South" in done.stderr, done.stderr
    assert "Recovery code of this PC, keep it: " in done.stderr
    assert f"{share}: 1 set, " in done.stdout and "{" not in done.stdout and "[" not in done.stdout
    done = run("--folder", str(tmp_path / "nowhere"))  # type: ignore[assignment]
    assert done.returncode == 1 and "there is no such folder" in done.stderr
    assert "nowhere" not in run().stdout, "a folder that was refused is not remembered"
    central.service.stop()
    done = run()  # type: ignore[assignment]
    assert done.returncode == 1 and "was not reached" in done.stderr and "kept on this PC" in done.stderr


@pytest.mark.parametrize(
    ("state", "code"), [("connected", 0), ("ending_soon", 0), ("offline", 1), ("disconnected", 1), ("unpaired", 1)]
)
def test_an_agent_run_before_the_cut_off_has_reached_the_service(state: str, code: int) -> None:
    """Within a quarter of an hour of the daily end of sessions (A-08) all was sent as ever."""
    assert agent._told(ConnectionState(state)) == code


def test_a_moved_data_folder_is_opened_by_its_recovery_code(central: Central, tmp_path: Path) -> None:
    """On the command line alone: the keyring knows the key by the folder it was made in."""
    share = tmp_path / "ems"
    share.mkdir()

    def run(data: Path, *more: str, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "repaircenter", "agent", "--once", "--data", str(data), *more]
        environment = {**os.environ, "REPAIRCENTER_PASSWORD": PASSWORD, **variables}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    first = ["--service", central.address, "--folder", str(share), "--shop", "North", "--pair", "admin@one.example"]
    done = run(tmp_path / "pc", *first)
    code = next(line for line in done.stderr.splitlines() if line.startswith("Recovery code")).split()[-1]
    (tmp_path / "pc").rename(tmp_path / "moved")
    done = run(tmp_path / "moved")
    assert done.returncode == 1 and "enter the recovery code" in done.stderr and "Traceback" not in done.stderr
    done = run(tmp_path / "moved", "--recover", REPAIRCENTER_RECOVERY_CODE="nonsense")
    assert done.returncode == 1 and "not a recovery code" in done.stderr
    done = run(tmp_path / "moved", "--recover", "--pair", "admin@one.example", REPAIRCENTER_RECOVERY_CODE=code.lower())
    assert done.returncode == 0, done.stderr
    assert run(tmp_path / "moved").returncode == 0, "the key is kept for the next time"


def test_the_file_may_be_given_again_and_closes_what_it_says(central: Central) -> None:
    with central.service.admin() as connection:
        first = apply(connection, setup(), CHEAP)
        counts = [
            connection.exec_driver_sql(f"SELECT count(*) FROM {t}").scalar() for t in ("shop", "person", "programme")
        ]
        again = apply(connection, setup(), CHEAP)
        assert again == first
        assert counts == [
            connection.exec_driver_sql(f"SELECT count(*) FROM {t}").scalar() for t in ("shop", "person", "programme")
        ]
    client = PersonClient(Http(central.address), MemorySecrets())
    client.sign_in("ada@group.example", "long enough")
    changed = setup(
        shops=[NewShop(name="North", zone="America/Halifax"), NewShop(name="East", zone="America/Halifax")],
        persons=[NewPerson(email="ada@group.example", name="Ada B", password="another one", role="manager")],
        programmes=[NewProgramme(name="Insurer", codes=["INS"], ageing_days=7, active=False)],
    )
    with central.service.admin() as connection:
        apply(connection, changed, CHEAP)
        told = "\n".join(lines(connection))
    assert "North (America/Halifax, fr)" in told and "East" in told and "West (America/Vancouver, fr)" in told
    assert "ada@group.example (manager, fr)" in told and "7 days, closed" in told
    with pytest.raises(NotSignedIn, match="wrong"):
        client.sign_in("ada@group.example", "another one")
    assert client.sign_in("ada@group.example", "long enough").role == "manager"
    with central.service.admin() as connection:
        assert set_password(connection, "ada@group.example", "changed since", CHEAP)
        apply(connection, changed, CHEAP)
    with pytest.raises(NotSignedIn, match="wrong"):
        client.sign_in("ada@group.example", "another one")
    assert client.sign_in("ada@group.example", "changed since").role == "manager", "no file brings an old password back"
    with central.service.admin() as connection:
        apply(
            connection,
            setup(persons=[NewPerson(email="ada@group.example", name="Ada", role="staff", active=False)]),
            CHEAP,
        )
    with pytest.raises(NotSignedIn, match="closed"):
        client.sign_in("ada@group.example", "changed since")


def test_a_person_of_another_organisation_or_without_password_is_refused(central: Central) -> None:
    for email, word in (("admin@one.example", "another organization"), ("new@group.example", "needs a password")):
        person = NewPerson(email=email, name="X", role="staff")
        with pytest.raises(KnownError, match=word), central.service.admin() as connection:
            apply(connection, setup(persons=[person]), CHEAP)
    with pytest.raises(KnownError, match="questionnaire"), central.service.admin() as connection:
        apply(connection, setup(programmes=[NewProgramme(name="P", questionnaire="none")]), CHEAP)
    assert central.rows("SELECT count(*) FROM organisation WHERE name = 'Group'") == [(0,)]


def test_a_licence_is_changed_on_the_command_line(central: Central, capsys: pytest.CaptureFixture[str]) -> None:
    options = central.service._options
    assert operator.change_licence(options, "One", "2026-12-31", "yes", ["alerts"]) == 0
    assert capsys.readouterr().out == "One: surveys, alerts until 2027-01-01 00:00 UTC\n", "through its last day"
    assert operator.change_licence(options, "One", None, "no", None) == 0
    assert capsys.readouterr().out == "One: alerts until 2027-01-01 00:00 UTC\n", "the rest stays"
    assert operator.change_licence(options, "One", "never", None, []) == 0
    assert operator.change_licence(options, "One", None, None, None) == 0
    assert capsys.readouterr().out == "One: nothing\n" * 2
    for name, day, code in (("Nobody", None, "no_organisation"), ("One", "31.12.", "no_day")):
        with pytest.raises(KnownError) as refused:
            operator.change_licence(options, name, day, None, None)
        assert refused.value.code.endswith(code)


def test_a_password_is_changed_and_its_sessions_end(
    central: Central, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    client = PersonClient(Http(central.address), MemorySecrets())
    client.sign_in("admin@one.example", PASSWORD)
    monkeypatch.setenv("REPAIRCENTER_NEW_PASSWORD", "quite another")
    assert operator.change_password(central.service._options, "Admin@One.example") == 0
    assert "was changed" in capsys.readouterr().out
    with pytest.raises(NotSignedIn):
        client.call(endpoints.REPORTS)
    client.sign_in("admin@one.example", "quite another")
    with pytest.raises(KnownError, match="no person"):
        operator.change_password(central.service._options, "nobody@one.example")
    monkeypatch.setenv("REPAIRCENTER_NEW_PASSWORD", "short")
    with pytest.raises(KnownError, match="at least"):
        operator.change_password(central.service._options, "admin@one.example")


def test_an_unknown_zone_stops_neither_imports_nor_reports(central: Central) -> None:
    with central.service.admin() as connection:
        connection.exec_driver_sql("UPDATE shop SET zone = 'Mars/Phobos' WHERE name = 'South'")
    client = PersonClient(Http(central.address), MemorySecrets())
    session = client.sign_in("admin@one.example", PASSWORD)
    (part,) = run_to_end(
        client, RunRequest(report="R-01", parameters={}, shops=[shop.id for shop in session.shops]), time.sleep
    )
    assert part.header is not None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sign-in", b'{"email":"a\\u0000b@x.com","password":"x"}'),
        ("/sign-in", b"[" * 200_000),
        ("/sign-in", b'{"a":' * 100_000),
        ("/sign-in", '{"email":"a","password":"x"}'.encode("utf-16")),
        ("/sign-in", b'{"email":"\\ud800","password":"x"}'),
        ("/installation/session", b'{"installation_id":99999999999999999999999,"secret":"x"}'),
        ("/installation/session", b'{"installation_id":9223372036854775807,"secret":"x"}'),
        ("/refresh", b'{"refresh":"\\u0000"}'),
    ],
)
def test_rubbish_is_the_senders_mistake(central: Central, path: str, body: bytes) -> None:
    headers = {HEADER: str(VERSION), "Content-Type": "application/json"}
    answer = requests.post(f"{central.address}/api/v1{path}", data=body, headers=headers, timeout=20)
    assert 400 <= answer.status_code < 500
    assert requests.get(f"{central.address}/health", timeout=5).status_code == 200


def test_wrong_passwords_lock_out_for_longer_and_longer(central: Central) -> None:
    client = PersonClient(Http(central.address), MemorySecrets())
    for _ in range(5):
        with pytest.raises(NotSignedIn, match="is wrong"):
            client.sign_in("admin@one.example", "no")
    with pytest.raises(NotSignedIn, match="Too many"):
        client.sign_in("Admin@One.example", PASSWORD)
    client.sign_in("staff@one.example", PASSWORD)
    central.clock.pass_time(31)
    with pytest.raises(NotSignedIn, match="is wrong"):
        client.sign_in("admin@one.example", "no")
    central.clock.pass_time(31)
    with pytest.raises(NotSignedIn, match="Too many"):
        client.sign_in("admin@one.example", PASSWORD)
    central.clock.pass_time(60)
    client.sign_in("admin@one.example", PASSWORD)
    assert central.rows("SELECT count(*) FROM sign_in_failure") == [(0,)]


def test_one_persons_reports_do_not_starve_anothers(central: Central, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty reports of one person wait; another's first one is the next to begin."""
    runs = Runs(central.parts)
    begun: list[int] = []
    gate = threading.Event()

    def work(run: object) -> None:
        begun.append(run.owner)  # type: ignore[attr-defined]
        gate.wait(10)

    monkeypatch.setattr(runs, "_work", work)
    request = Request("R-01", {}, [central.shops["North"]], "en", "", central.clock.now_utc())
    one, two = (central.scope([central.shops["North"]], person) for person in (1, 2))
    try:
        for _ in range(60):
            runs.start(request, one, 1)
        end = time.monotonic() + 5
        while len(begun) < REPORTS_AT_ONCE and time.monotonic() < end:
            time.sleep(0.01)
        runs.start(request, two, 2)
        gate.set()
        while 2 not in begun and time.monotonic() < end:
            time.sleep(0.01)
        assert begun[:REPORTS_AT_ONCE] == [1] * REPORTS_AT_ONCE
        assert 2 in begun[REPORTS_AT_ONCE : 2 * REPORTS_AT_ONCE]
    finally:
        gate.set()
        runs.close()


def test_one_address_may_not_try_passwords_and_tokens_without_end(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    """429 with the seconds to wait, for sign-in, pairing, sessions and tokens together; the rest is served as before."""
    monkeypatch.setattr(calls, "MOST_UNKNOWN_A_MINUTE", 6)
    app = build_app(central.parts)
    bodies = {
        "refresh": {"refresh": "x"},
        "installation/session": {"installation_id": 1, "secret": "x"},
        "sign-in": {"email": "nobody@one.example", "password": "x"},
        "pair": {"email": "nobody@one.example", "password": "x", "device_name": "pc"},
    }
    with TestClient(app) as web:
        web.headers[HEADER] = str(VERSION)
        answers = [web.post(f"/api/v1/{path}", json=body) for path, body in [*bodies.items(), *bodies.items()]]
        assert [answer.status_code for answer in answers] == [401] * 6 + [429] * 2
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 60 and answers[-1].json()["code"] == "too_many"
        assert web.get("/health").status_code == 200
        assert web.get("/api/v1/reports").status_code == 401


class TwoProcesses:
    """Two web processes of one service, and a report that takes as long as it is let."""

    def __init__(self, central: Central) -> None:
        self.central = central
        self.first, self.second = Runs(central.parts), Runs(central.parts)
        self.scope = central.scope([central.shops["North"]], 1)
        REPORTS["R-slow"] = Report("R-slow", (), self._slow)

    def _slow(self, building: ReportContext) -> Iterator[Part]:
        yield Part(number=0, nodes=[Empty(text="first", suggestions=[])])
        building.connection.exec_driver_sql("SELECT pg_sleep(60)")

    def begin(self) -> str:
        """A run of the first process, whose first part the second one knows of."""
        request = Request("R-slow", {}, [self.central.shops["North"]], "en", "x", self.central.clock.now_utc())
        number = self.first.start(request, self.scope, 1).id
        end = time.monotonic() + 10
        while time.monotonic() < end:
            state = self.second.state(number, self.scope)
            if state is not None and state.parts == 1 and self.central.activity("pg_sleep(60)"):
                return number
            time.sleep(0.01)
        pytest.fail("the run did not begin")

    def end(self) -> None:
        del REPORTS["R-slow"]
        self.first.close()
        self.second.close()


@pytest.fixture
def two(central: Central) -> Iterator[TwoProcesses]:
    processes = TwoProcesses(central)
    yield processes
    processes.end()


def test_any_process_answers_for_a_run_and_stops_it(central: Central, two: TwoProcesses) -> None:
    """Behind a proxy the next request may reach another process (issue 13.21)."""
    number = two.begin()
    content = two.second.part(number, two.scope, 0)
    assert content is not None and decode_part(content).nodes == [Empty(text="first", suggestions=[])]
    assert two.second.part(number, two.scope, 1) is None
    assert two.second.stop(number, two.scope)
    assert central.activity("pg_sleep(60)") == 1, "the other process does not know yet"
    two.first.tend()
    end = time.monotonic() + 2
    while central.activity("pg_sleep(60)"):
        assert time.monotonic() < end
        time.sleep(0.01)
    state = two.second.state(number, two.scope)
    assert state is not None and state.state == "stopped"


def test_a_run_of_a_process_that_died_fails_and_is_forgotten(central: Central, two: TwoProcesses) -> None:
    number = two.begin()
    for _ in range(3):
        central.clock.pass_time(15)
        two.second.state(number, two.scope)
        two.second.tend()  # and the first one never does
    state = two.second.state(number, two.scope)
    assert state is not None and (state.state, state.error) == ("failed", "report_failed")
    central.clock.pass_time(301)
    two.second.tend()
    assert two.second.state(number, two.scope) is None
    assert central.rows("SELECT count(*) FROM report_part") == [(0,)]


def test_a_run_whose_ending_could_not_be_written_fails(
    central: Central, two: TwoProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was away for a moment as the run ended: nobody works on it, so it does not run for ever."""
    real, lost = report_runs.end, threading.Event()

    def end(*arguments: object) -> bool:
        if not lost.is_set():
            lost.set()
            raise OperationalError("", {}, Exception("away"))
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(report_runs, "end", end)
    request = Request("R-04", {}, [central.shops["North"]], "en", "x", central.clock.now_utc())
    number = two.first.start(request, two.scope, 1).id
    assert lost.wait(10)
    until = time.monotonic() + 10
    while two.first._runs and time.monotonic() < until:
        time.sleep(0.01)
    assert not two.first._runs, "the thread has let go of it"
    for _ in range(3):
        central.clock.pass_time(15)
        two.second.state(number, two.scope)
        two.first.tend()
    state = two.second.state(number, two.scope)
    assert state is not None and (state.state, state.error) == ("failed", "report_failed")


def test_a_run_of_another_person_is_not_there(central: Central, two: TwoProcesses) -> None:
    number = two.begin()
    other = central.scope([central.shops["North"]], 2)
    assert two.second.state(number, other) is None and two.second.part(number, other, 0) is None
    assert not two.second.stop(number, other)
    assert two.second.state(number, two.scope).state == "running"


def test_a_run_is_its_owners_alone(central: Central) -> None:
    """Another person of the same shops may neither read, nor stop it."""
    ada, stan = (PersonClient(Http(central.address), MemorySecrets()) for _ in range(2))
    session = ada.sign_in("admin@one.example", PASSWORD)
    stan.sign_in("staff@one.example", PASSWORD)
    state = ada.call(
        endpoints.START_RUN, RunRequest(report="R-01", parameters={}, shops=[shop.id for shop in session.shops])
    )
    for attempt in (
        lambda: stan.call(endpoints.RUN_STATE, run_id=state.id),
        lambda: stan.call(endpoints.RUN_PART, run_id=state.id, number=0),
        lambda: stan.call(endpoints.STOP_RUN, run_id=state.id),
    ):
        with pytest.raises(ServiceRefused) as refused:
            attempt()
        assert refused.value.code in ("unknown_run", "unknown_part")
    assert ada.call(endpoints.RUN_STATE, run_id=state.id).id == state.id


@pytest.mark.parametrize(
    "arguments",
    [
        ["central", "serve", "--database", "mysql://u:secret@h/d", "--mail-folder", "m"],
        ["central", "init", "--database", "nonsense secret"],
        ["report", "run", "R-01", "--service", "http://127.0.0.1:1", "--email", "a@b.c", "--out", "report.doc"],
        ["agent", "--once", "--folder", "/no/such/folder", "--data", "DATA"],
        ["agent", "--once", "--data", "//server/share/data"],
        ["agent", "--once", "--data", "/proc/nothing/here"],
        ["desk", "--data", "DATA"],
        ["central", "serve", "--host", "203.0.113.7", "--port", "0", "--mail-folder", "m"],
        ["central", "serve", "--port", "99999", "--mail-folder", "m"],
        ["central", "serve", "--smtp", "127.0.0.1", "--mail-from", "a@b.example"],
        ["central", "serve", "--mail-folder", "m", "--public-address", "surveys.example"],
        ["central", "serve", "--mail-folder", "/proc/nothing/here"],
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_code_1(arguments: list[str], tmp_path: Path) -> None:
    given = [str(tmp_path / "data") if word == "DATA" else word for word in arguments]
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    bare = {name: value for name, value in os.environ.items() if name not in screens}
    environment = {**bare, "REPAIRCENTER_PASSWORD": "x", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    done = subprocess.run(
        [sys.executable, "-m", "repaircenter", *given],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    told = [line for line in done.stderr.splitlines() if not line.startswith("Recovery code")]
    assert len(told) == 1 and "Traceback" not in done.stderr and "secret" not in done.stderr


@pytest.mark.skipif(not is_root(), reason="only root has something to drop")
def test_a_service_started_by_root_goes_on_as_the_system_user(tmp_path: Path) -> None:
    """In a process of its own: uid, groups, no way back, and its database is still looked after (issue 13.29)."""
    script = """
import os, sys
from pathlib import Path
from repaircenter.central.db import system_user
from repaircenter.central.db.embedded import Cluster
cluster = Cluster(system_user.ROOT_FOLDER / "dropped")
cluster.start()
user = system_user.system_user()
system_user.drop_root(user)
assert os.getresuid() == (user.pw_uid,) * 3 and os.getresgid() == (user.pw_gid,) * 3 and 0 not in os.getgroups()
try:
    os.setuid(0)
except PermissionError:
    pass
else:
    raise SystemExit("root again")
assert cluster.secret("password") and cluster.secret("made later")
cluster._run("pg_ctl", "stop", "-D", str(cluster._data), "-m", "immediate", "-w")
assert cluster.revive()
cluster.stop()
"""
    try:
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
    finally:
        shutil.rmtree(ROOT_FOLDER / "dropped", ignore_errors=True)


@pytest.mark.skipif(not is_root(), reason="only root's database has a place of its own")
def test_data_says_where_the_database_lives_for_root_too(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        Path(name).chmod(0o755)
        place = Path(name) / "data"
        done = run_central("init", "--data", str(place))
        assert done.returncode == 0, done.stderr
        assert (place / "service" / "data" / "PG_VERSION").exists()
        assert (place / "service" / "data").stat().st_uid == system_user().pw_uid
        Path(name).chmod(0o700)
        done = run_central("init", "--data", str(place))
        assert done.returncode == 1 and "cannot reach" in done.stderr and "Traceback" not in done.stderr


def run_central(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "repaircenter", "central", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.mark.skipif(not is_root(), reason="only root has something to drop")
def test_a_program_the_system_user_cannot_read_goes_on_as_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    private = tmp_path / "python"
    shutil.copy("/bin/true", private)
    monkeypatch.setattr(sys, "executable", str(private))
    private.chmod(0o700)
    assert not can_run_program(system_user())
    monkeypatch.setattr(sys, "executable", "/bin/true")
    assert can_run_program(system_user())


@pytest.mark.skipif(not is_root(), reason="only root has something to drop")
def test_a_mail_folder_the_system_user_cannot_reach_is_said_before_root_is_dropped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(db_system_user, "can_run_program", lambda _user: True)
    folder = tmp_path / "mail"
    folder.mkdir()
    with pytest.raises(KnownError, match="cannot write into"):
        CentralService(CentralOptions(tmp_path, mail_folder=folder))._drop_root()
    assert os.geteuid() == 0 and not folder.exists(), "what was made for nothing goes again"
