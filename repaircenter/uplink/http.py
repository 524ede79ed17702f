"""One HTTP connection to the service: wire version, TLS by the system trust store, errors sorted into kinds."""

import contextlib
import threading
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlsplit

import requests
import truststore
from requests.utils import get_environ_proxies

from repaircenter.shop.ports import (
    PLAIN,
    NotEncrypted,
    NotSignedIn,
    Overloaded,
    ServiceRefused,
    UnknownCertificate,
    Unreachable,
)
from repaircenter.uplink.certificates import PinnedAdapter, fingerprint_of
from repaircenter.wire import codec
from repaircenter.wire.endpoints import Endpoint
from repaircenter.wire.envelope import Refusal
from repaircenter.wire.version import HEADER, VERSION

CONNECT_SECONDS, READ_SECONDS = 5.0, 30.0
Q = TypeVar("Q")
A = TypeVar("A")
_API = "/api/v1"


class Http:
    """Requests to one service address. Raises Unreachable, UnknownCertificate, NotSignedIn, Overloaded, ServiceRefused.

    With `trusted` (SHA-256 in hex) the service is known by that certificate alone, which a person agreed to; PLAIN is
    their consent to an address that is not encrypted, which only this machine's own needs not.
    """

    def __init__(self, address: str, trusted: str | None = None) -> None:
        with contextlib.suppress(Exception):
            truststore.inject_into_ssl()
        self._base = address.rstrip("/") + _API
        self._trusted = trusted
        parts = urlsplit(self._base)
        self._is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        self._is_readable = parts.scheme == "http" and not _is_this_machine(parts.hostname or "")
        self._local = threading.local()
        self._sessions: list[requests.Session] = []
        self._lock = threading.Lock()

    def _session(self) -> requests.Session:
        """The session of this thread: requests does not promise that threads may share one."""
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            # Not the environment's: .netrc would send a password of its own. The system's proxy is asked for by itself.
            session.trust_env = False
            session.headers[HEADER] = str(VERSION)
            if self._trusted not in (None, PLAIN):
                session.verify = False
                session.mount("https://", PinnedAdapter(str(self._trusted)))
            self._local.session = session
            with self._lock:
                self._sessions.append(session)
        return session

    def call(
        self, endpoint: Endpoint[Q, A], request: Q | None = None, /, token: str | None = None, **places: str | int
    ) -> A:
        """Ask one question and decode its answer."""
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        data = None if request is None else codec.encode(request)
        content = self._request(endpoint.method, self._base + endpoint.path_of(**places), data, headers)
        try:
            return endpoint.read(content)
        except codec.BadMessage:
            raise Unreachable("elsewhere") from None

    def health(self) -> None:
        """Whether the service answers at its address."""
        self._request("GET", self._base.removesuffix(_API) + "/health", None, {})

    def _request(self, method: str, address: str, data: bytes | None, headers: dict[str, str]) -> bytes:
        if not self._is_address:
            raise Unreachable("no_address")
        if self._is_readable and self._trusted != PLAIN:
            raise NotEncrypted
        try:
            response = self._session().request(
                method,
                address,
                data=data,
                headers=headers,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,  # a password goes to the address a person agreed to and to no other
                proxies=_proxies(address),
            )
        except requests.exceptions.SSLError:
            shown = fingerprint_of(self._base)
            if shown is not None:
                raise UnknownCertificate(shown) from None
            raise Unreachable("unreachable") from None
        except requests.RequestException:
            raise Unreachable("unreachable") from None
        if response.is_redirect or 300 <= response.status_code < 400:
            raise Unreachable("moved")
        if response.ok:
            return response.content
        raise _sorted(response)

    def close(self) -> None:
        with self._lock:
            for session in self._sessions:
                session.close()
            self._sessions.clear()


def _proxies(address: str) -> dict[str, str]:
    """The system's proxy (environment, Windows settings) for an address; none for this machine itself."""
    return {} if _is_this_machine(urlsplit(address).hostname or "") else dict(get_environ_proxies(address))


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _sorted(response: requests.Response) -> Exception:
    """The state table of anchors.md 5. Only the service's own refusals are taken as such: a proxy's 404 is an outage."""
    status = response.status_code
    try:
        refusal = codec.decode(response.content, Refusal)
    except codec.BadMessage:
        refusal = Refusal(code="")
    code = refusal.code
    if status in (401, 403) and code:
        return NotSignedIn(code)
    if status == 426:
        return NotSignedIn("too_old")
    if status in (408, 425, 429) or status >= 500:
        wait = response.headers.get("Retry-After", "")
        return Overloaded(float(wait) if wait.isdigit() else None)
    return ServiceRefused(code, **refusal.facts) if code else Unreachable("elsewhere")
