"""Where a password goes: to the address a person agreed to, through the system's proxy, and no further (issue 13.23)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from repaircenter.shop.ports import PLAIN, NotEncrypted, Unreachable
from repaircenter.uplink import http as uplink_http
from repaircenter.uplink.http import Http
from repaircenter.wire import endpoints
from repaircenter.wire.identity import RefreshRequest

SECRET = RefreshRequest(refresh="secret")


@contextmanager
def serving(status: int, **headers: str) -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def test_nothing_is_sent_unencrypted_to_another_machine_before_a_person_agreed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uplink_http, "_is_this_machine", lambda _host: False)
    with serving(200) as (address, asked):
        with pytest.raises(NotEncrypted) as refused:
            Http(address).call(endpoints.SIGN_OUT, SECRET)
        assert asked == [] and refused.value.fingerprint == PLAIN and refused.value.code == "not_encrypted"
        agreed = Http(address, PLAIN)
        agreed.call(endpoints.SIGN_OUT, SECRET)
        agreed.close()
    assert asked == ["/api/v1/sign-out"]


@pytest.mark.parametrize("address", ["127.0.0.1:8470", "service", "ftp://service", "https://", ""])
def test_what_is_no_address_is_said_so(address: str) -> None:
    with pytest.raises(Unreachable, match="begins with https"):
        Http(address).health()


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("127.0.0.1.example.com", False),
        ("localhost.example.com", False),
        ("192.168.1.5", False),
        ("", False),
    ],
)
def test_this_machine_is_known_by_its_loopback_addresses_alone(host: str, is_here: bool) -> None:
    assert uplink_http._is_this_machine(host) is is_here


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(status: int) -> None:
    with serving(200) as (elsewhere, asked), serving(status, Location=elsewhere + "/stolen") as (address, _):
        http = Http(address)
        with pytest.raises(Unreachable, match="another one"):
            http.call(endpoints.SIGN_OUT, SECRET)
        http.close()
    assert asked == []


def test_the_systems_proxy_is_used_but_not_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Case 27."""
    with serving(200) as (proxy, through), serving(200) as (here, direct):
        for name in ("HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, proxy)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        for address in ("http://service.shop.invalid", here):
            http = Http(address, PLAIN)
            http.health()
            http.close()
        assert through == ["http://service.shop.invalid/health"] and direct == ["/health"]
        monkeypatch.setenv("no_proxy", "service.shop.invalid")
        http = Http("http://service.shop.invalid", PLAIN)
        with pytest.raises(Unreachable):
            http.health()
        http.close()


def test_every_thread_has_a_session_of_its_own() -> None:
    with serving(200) as (address, asked):
        http = Http(address)
        http.health()
        thread = threading.Thread(target=http.health)
        thread.start()
        thread.join(5)
        http.health()
        assert len(asked) == 3 and len(http._sessions) == 2
        http.close()
        assert http._sessions == []
