"""Sessions, refresh tokens, licence and certificates against the real service (A-01, A-08, DESIGN 3.10)."""

import json
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import text

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.central.accounts import web
from repaircenter.central.core.day_end import DayEnd
from repaircenter.runtime.errors import KnownError
from repaircenter.shop.ports import NotSignedIn, Overloaded, UnknownCertificate, Unreachable
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import endpoints
from repaircenter.wire.envelope import BatchRequest
from repaircenter.wire.identity import Newest
from tests.conftest import PASSWORD, Central
from tests.fakes.secrets import MemorySecrets

STAFF, ADMIN = "staff@one.example", "admin@one.example"


def person(central: Central, secrets: MemorySecrets) -> PersonClient:
    return PersonClient(Http(central.address), secrets)


def say(central: Central, statement: str) -> None:
    with central.service.admin() as connection:
        connection.execute(text(statement))


def test_a_person_comes_back_by_themselves_after_the_cut_off(central: Central) -> None:
    client = person(central, MemorySecrets())
    answer = client.sign_in(STAFF, PASSWORD)
    central.clock.jump_to(answer.ends_at + timedelta(seconds=1))
    assert client.call(endpoints.REPORTS).reports, "the session ended and was opened again without a word"


def test_staying_signed_in_outlives_the_program_and_rotates(central: Central) -> None:
    kept = MemorySecrets()
    person(central, kept).sign_in(STAFF, PASSWORD, stay=True)
    seen = set()
    for _ in range(5):
        client = person(central, kept)
        assert client.resume().person == "Stan Dard" and client.call(endpoints.REPORTS).reports
        seen.add(json.loads(kept.get("person") or "{}")["refresh"])
    assert len(seen) == 5, "every start brings another token"


def test_without_staying_nothing_that_signs_in_is_kept(central: Central) -> None:
    kept = MemorySecrets()
    person(central, kept).sign_in(STAFF, PASSWORD)
    assert PASSWORD not in (kept.get("person") or "")
    with pytest.raises(NotSignedIn, match="sign in again"):
        person(central, kept).resume()


class Killed(BaseException):
    """The process ended here."""


class KillingSecrets(MemorySecrets):
    """Ends the process at a write; what was written before it stays."""

    def __init__(self) -> None:
        super().__init__()
        self.writes_left = 10**6

    def put(self, name: str, value: str) -> None:
        if not self.writes_left:
            raise Killed
        self.writes_left -= 1
        super().put(name, value)


@pytest.mark.parametrize("writes", [0, 1], ids=["before the request", "between answer and keyring"])
def test_a_kill_while_renewing_costs_nobody_the_session(central: Central, writes: int) -> None:
    """Before the attempt is kept nothing was asked; after it the same attempt gets the same token again."""
    kept = KillingSecrets()
    person(central, kept).sign_in(STAFF, PASSWORD, stay=True)
    for turn in range(3):
        kept.writes_left = 0 if turn else writes  # the attempt is kept once
        with pytest.raises(Killed):
            person(central, kept).resume()
    kept.writes_left = 10**6
    client = person(central, kept)
    assert client.resume().person == "Stan Dard"
    assert client.resume().person == "Stan Dard" and person(central, kept).resume().person == "Stan Dard"


def test_an_answer_that_got_lost_is_given_again(central: Central, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without "stay signed in" nothing is written; the attempt is remembered by the running program."""
    client = person(central, MemorySecrets())
    client.sign_in(STAFF, PASSWORD)
    real = client._http.call

    def lost(*arguments: object, **options: object) -> object:
        real(*arguments, **options)  # type: ignore[arg-type]
        raise Unreachable("unreachable")

    monkeypatch.setattr(client._http, "call", lost)
    for _ in range(2):
        with pytest.raises(Unreachable):
            client.resume()
    monkeypatch.undo()
    assert client.resume().person == "Stan Dard"


def test_a_token_shown_twice_ends_at_once(central: Central) -> None:
    """A copy of the keyring, used second: neither the copy nor the owner goes on (issue 13.22)."""
    kept = MemorySecrets()
    person(central, kept).sign_in(STAFF, PASSWORD, stay=True)
    thief = MemorySecrets()
    thief.put("person", kept.get("person") or "")
    owner = person(central, kept)
    owner.resume()
    assert owner.call(endpoints.REPORTS).reports
    with pytest.raises(NotSignedIn, match="sign in again"):
        person(central, thief).resume()
    with pytest.raises(NotSignedIn):
        owner.call(endpoints.REPORTS)
    assert central.rows("SELECT count(*) FROM refresh") == [(0,)]


def test_a_copied_token_ends_the_whole_family(central: Central) -> None:
    kept = MemorySecrets()
    person(central, kept).sign_in(STAFF, PASSWORD, stay=True)
    thief = MemorySecrets()
    thief.put("person", kept.get("person") or "")
    person(central, kept).resume()
    person(central, kept).resume()
    with pytest.raises(NotSignedIn, match="sign in again"):
        person(central, thief).resume()
    with pytest.raises(NotSignedIn, match="sign in again"):
        person(central, kept).resume()


def test_a_token_idle_for_90_days_is_over(central: Central) -> None:
    kept = MemorySecrets()
    person(central, kept).sign_in(STAFF, PASSWORD, stay=True)
    central.clock.pass_time(89 * 86400)
    person(central, kept).resume()
    central.clock.pass_time(91 * 86400)
    with pytest.raises(NotSignedIn, match="sign in again"):
        person(central, kept).resume()


def test_signing_out_ends_it_here_and_there(central: Central) -> None:
    kept = MemorySecrets()
    client = person(central, kept)
    client.sign_in(STAFF, PASSWORD, stay=True)
    copied = kept.get("person") or ""
    client.sign_out()
    assert kept.get("person") is None and client.kept() is None
    kept.put("person", copied)
    with pytest.raises(NotSignedIn, match="sign in again"):
        person(central, kept).resume()


def test_the_desk_is_unlocked_by_the_right_password_only_and_without_the_service(central: Central) -> None:
    client = person(central, MemorySecrets())
    client.sign_in(STAFF, PASSWORD)
    central.service.stop()
    assert client.unlocks(PASSWORD) and not client.unlocks("x") and not client.unlocks("")


def test_a_closed_account_and_a_revoked_installation_say_so(central: Central) -> None:
    kept = MemorySecrets()
    client, collector = person(central, kept), CollectorClient(Http(central.address), MemorySecrets())
    client.sign_in(STAFF, PASSWORD, stay=True)
    collector.pair(ADMIN, PASSWORD, "pc")
    say(central, "UPDATE person SET active = false WHERE email = 'staff@one.example'")
    for refused in (
        lambda: client.call(endpoints.REPORTS),
        lambda: client.sign_in(STAFF, PASSWORD),
        person(central, kept).resume,
    ):
        with pytest.raises(NotSignedIn, match="account was closed"):
            refused()
    say(central, "UPDATE installation SET revoked_at = now()")
    with pytest.raises(NotSignedIn, match="revoked"):
        collector.open_session()


def test_an_expired_licence_stops_everything_and_says_so(central: Central) -> None:
    client, collector = person(central, MemorySecrets()), CollectorClient(Http(central.address), MemorySecrets())
    collector.pair(ADMIN, PASSWORD, "pc")
    collector.open_session()
    client.sign_in(STAFF, PASSWORD)
    say(central, "UPDATE organisation SET licence_until = '2026-11-02 16:00+00' WHERE name = 'One'")
    assert client.call(endpoints.REPORTS).reports
    central.clock.jump_to(datetime(2026, 11, 2, 16, 0, tzinfo=UTC))
    calls = (
        lambda: client.call(endpoints.REPORTS),
        collector.open_session,
        lambda: collector.call(endpoints.SEND_JOBS, BatchRequest(items=[])),
        lambda: client.sign_in(STAFF, PASSWORD),
    )
    for refused in calls:
        with pytest.raises(NotSignedIn, match="license has expired"):
            refused()


def test_without_the_licence_for_surveys_reports_are_forbidden_and_collecting_is_not(central: Central) -> None:
    client, collector = person(central, MemorySecrets()), CollectorClient(Http(central.address), MemorySecrets())
    collector.pair(ADMIN, PASSWORD, "pc")
    assert client.sign_in(STAFF, PASSWORD).surveys and client.call(endpoints.REPORTS).reports
    say(central, "UPDATE organisation SET surveys = false WHERE name = 'One'")
    with pytest.raises(NotSignedIn, match="does not include survey reports") as refusal:
        client.call(endpoints.REPORTS)
    assert refusal.value.code == "not_licensed" and not client.sign_in(STAFF, PASSWORD).surveys
    assert collector.open_session().shops


def test_the_session_tells_the_services_own_time_and_when_programmes_change(central: Central) -> None:
    collector = CollectorClient(Http(central.address), MemorySecrets())
    collector.pair(ADMIN, PASSWORD, "pc")
    first = collector.open_session()
    assert first.now == central.clock.now_utc()
    assert collector.open_session().programmes == first.programmes
    say(central, "UPDATE enrolment SET active = false")
    assert collector.open_session().programmes != first.programmes


class _Answering(BaseHTTPRequestHandler):
    """Answers every request with a code and a header of its own."""

    status, headers_, asked = 200, dict[str, str](), list[str]()

    def do_POST(self) -> None:
        type(self).asked.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b'{"code": ""}'
        self.send_response(self.status)
        for name, value in {**self.headers_, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def tls_server(tmp_path: Path) -> Iterator[tuple[str, str, type[_Answering]]]:
    """(address, fingerprint, handler) of a server with a certificate nobody has signed."""
    pytest.importorskip("cryptography")
    from tests.fakes.certificates import self_signed

    certificate, key, fingerprint = self_signed(tmp_path)
    handler = type("Handler", (_Answering,), {"asked": [], "status": 429, "headers_": {"Retry-After": "7"}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}", fingerprint, handler
    server.shutdown()
    thread.join(5)
    server.server_close()


def test_an_unknown_certificate_is_refused_shown_and_believed_only_after_consent(
    tls_server: tuple[str, str, type[_Answering]],
) -> None:
    address, fingerprint, handler = tls_server
    with pytest.raises(UnknownCertificate) as shown:
        CollectorClient(Http(address), MemorySecrets()).pair(ADMIN, PASSWORD, "pc")
    assert shown.value.fingerprint == fingerprint and not handler.asked, "no byte of ours was sent"
    with pytest.raises(Overloaded) as busy:
        CollectorClient(Http(address, fingerprint), MemorySecrets()).pair(ADMIN, PASSWORD, "pc")
    assert busy.value.retry_after_seconds == 7 and handler.asked == ["/api/v1/pair"]
    with pytest.raises(UnknownCertificate) as changed:
        CollectorClient(Http(address, "ab" * 32), MemorySecrets()).pair(ADMIN, PASSWORD, "pc")
    assert changed.value.fingerprint == fingerprint and len(handler.asked) == 1, "another certificate is not believed"


def test_the_operator_offers_the_desk_of_the_services_version(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    collector = CollectorClient(Http(central.address), MemorySecrets())
    collector.pair(ADMIN, PASSWORD, "pc")
    assert collector.open_session().newest is None, "nobody offers one"
    monkeypatch.setattr(web, "__version__", "9.1")
    object.__setattr__(central.service.service, "desk_download", "https://example.com/desk")
    try:
        assert collector.open_session().newest == Newest(version="9.1", where="https://example.com/desk")
    finally:
        object.__setattr__(central.service.service, "desk_download", "")


@pytest.mark.parametrize("address", ["example.com/desk", "ftp://example.com", "https://"])
def test_an_address_of_the_desk_that_is_none_is_said_before_anything_starts(tmp_path: Path, address: str) -> None:
    options = CentralOptions(tmp_path, mail_folder=tmp_path, desk_download=address)
    with pytest.raises(KnownError, match="--desk-download"):
        CentralService(options).start()


def test_sessions_end_when_the_operator_says(central: Central) -> None:
    """The end of the day is a setting (A-08); the next session after it has the next day's end."""
    client = CollectorClient(Http(central.address), MemorySecrets())
    client.pair(ADMIN, PASSWORD, "pc")
    object.__setattr__(central.service.service, "day_end", DayEnd(time(3, 30), "Europe/Madrid"))
    try:
        answer = client.open_session()
        assert answer.ends_at == datetime(2026, 11, 3, 2, 30, tzinfo=UTC)
        central.clock.jump_to(answer.ends_at)
        with pytest.raises(NotSignedIn):
            client.call(endpoints.SEND_JOBS, BatchRequest(items=[]))
        assert client.open_session().ends_at == datetime(2026, 11, 4, 2, 30, tzinfo=UTC)
    finally:
        object.__setattr__(central.service.service, "day_end", DayEnd())


@pytest.mark.parametrize("given", ["25:00", "22:00 Nowhere/City", "ten"])
def test_an_end_of_the_day_that_is_none_is_said_before_anything_starts(given: str, tmp_path: Path) -> None:
    options = CentralOptions(tmp_path, mail_folder=tmp_path, sessions_end=given)
    with pytest.raises(KnownError, match="--sessions-end is a time of day"):
        CentralService(options).start()
    assert not list(tmp_path.iterdir())
