"""The installation's client: implements shop.ports.CollectorLink. The secret comes from the keyring (DESIGN 3.10)."""

import socket
from collections.abc import Sequence

from repaircenter.shop.ports import NotSignedIn, Secrets
from repaircenter.uplink.http import Http
from repaircenter.wire.envelope import BatchAnswer, BatchRequest, Envelope
from repaircenter.wire.identity import (
    LeaseAnswer,
    LeaseClaim,
    LeaseInfo,
    LeaseRequest,
    PairAnswer,
    PairRequest,
    SessionAnswer,
    SessionRequest,
)
from repaircenter.wire.jobs import JobStateAnswer, JobStateInfo, JobStateRequest, KnownAnswer, KnownJob, KnownRequest


class CollectorClient:
    """Pairs once, then opens a session a day by itself."""

    def __init__(self, http: Http, secrets: Secrets, name: str = "installation", device_name: str = "") -> None:
        """`name` is what the credential is kept under: another one for each data folder.

        `device_name` is what other PCs of the account are told about this one.
        """
        self._device_name = device_name or socket.gethostname()
        self._http = http
        self._secrets = secrets
        self._name = name
        self._token: str | None = None

    @property
    def is_paired(self) -> bool:
        return self._secrets.get(self._name) is not None

    def pair(self, email: str, password: str, device_name: str) -> PairAnswer:
        request = PairRequest(email=email, password=password, device_name=device_name)
        answer = self._http.call("POST", "/pair", PairAnswer, request)
        self._secrets.put(self._name, f"{answer.installation_id}:{answer.secret}")
        return answer

    def open_session(self) -> SessionAnswer:
        kept = self._secrets.get(self._name)
        if kept is None:
            raise NotSignedIn("not_paired")
        number, _, secret = kept.partition(":")
        request = SessionRequest(installation_id=int(number), secret=secret)
        answer = self._http.call("POST", "/installation/session", SessionAnswer, request)
        self._token = answer.token
        return answer

    def hold_lease(self, claims: Sequence[LeaseClaim], *, take_over: bool = False) -> list[LeaseInfo]:
        request = LeaseRequest(claims=list(claims), device_name=self._device_name, take_over=take_over)
        return self._http.call("POST", "/installation/lease", LeaseAnswer, request, self._token).held

    def send(self, items: Sequence[Envelope]) -> BatchAnswer:
        return self._http.call("POST", "/jobs/batch", BatchAnswer, BatchRequest(items=list(items)), self._token)

    def known_jobs(self, shop_id: int, jobs: Sequence[KnownJob]) -> list[str]:
        request = KnownRequest(shop_id=shop_id, jobs=list(jobs))
        return self._http.call("POST", "/jobs/known", KnownAnswer, request, self._token).job_keys

    def job_states(self, shop_id: int, job_keys: Sequence[str]) -> list[JobStateInfo]:
        request = JobStateRequest(shop_id=shop_id, job_keys=list(job_keys))
        return self._http.call("POST", "/jobs/states", JobStateAnswer, request, self._token).jobs
