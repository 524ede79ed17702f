"""The installation's client: implements shop.ports.CollectorLink. The secret comes from the keyring (DESIGN 3.10)."""

import socket

from repaircenter.shop.ports import NotSignedIn, Secrets
from repaircenter.uplink.http import A, Http, Q
from repaircenter.wire import endpoints
from repaircenter.wire.endpoints import Endpoint
from repaircenter.wire.identity import PairAnswer, PairRequest, SessionAnswer, SessionRequest


class CollectorClient:
    """Pairs once, then opens a session a day by itself."""

    def __init__(self, http: Http, secrets: Secrets, name: str = "installation", device_name: str = "") -> None:
        """`name` is what the credential is kept under: another one for each data folder.

        `device_name` is what other PCs of the account are told about this one.
        """
        self.device_name = device_name or socket.gethostname()
        self._http = http
        self._secrets = secrets
        self._name = name
        self._token: str | None = None

    @property
    def is_paired(self) -> bool:
        return self._secrets.get(self._name) is not None

    def pair(self, email: str, password: str, device_name: str, *, collects: bool = True) -> PairAnswer:
        request = PairRequest(email=email, password=password, device_name=device_name, collects=collects)
        answer = self._http.call(endpoints.PAIR, request)
        self._secrets.put(self._name, f"{answer.installation_id}:{answer.secret}")
        return answer

    def open_session(self) -> SessionAnswer:
        kept = self._secrets.get(self._name)
        if kept is None:
            raise NotSignedIn("not_paired")
        number, _, secret = kept.partition(":")
        request = SessionRequest(installation_id=int(number), secret=secret)
        answer = self._http.call(endpoints.OPEN_SESSION, request)
        self._token = answer.token
        return answer

    def call(self, endpoint: Endpoint[Q, A], request: Q | None = None, /, **places: str | int) -> A:
        """Ask one question in the session that is open."""
        return self._http.call(endpoint, request, token=self._token, **places)


class NoService:
    """Stands where no service address is set: never paired, and asked nothing (the session sees to that)."""

    device_name = ""
    is_paired = False

    def pair(self, email: str, password: str, device_name: str, *, collects: bool = True) -> PairAnswer:
        raise NotSignedIn("not_paired")

    def open_session(self) -> SessionAnswer:
        raise NotSignedIn("not_paired")

    def call(self, endpoint: Endpoint[Q, A], request: Q | None = None, /, **places: str | int) -> A:
        raise NotSignedIn("not_paired")
