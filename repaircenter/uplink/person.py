"""A person's client: implements shop.ports.PersonLink (DESIGN 3.10).

The access token lives in memory only. What comes back after a cut-off or a restart is the refresh token, in the
keyring only with "stay signed in"; beside it lies a scrypt verifier of the password, so that a locked desk can be
unlocked while the service is away.
"""

import hashlib
import hmac
import os
import threading
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from repaircenter.shop.ports import (
    KeptPerson,
    NotSignedIn,
    Overloaded,
    Secrets,
    ServiceRefused,
    UnknownCertificate,
    Unreachable,
)
from repaircenter.uplink.http import A, Http, Q
from repaircenter.wire import codec, endpoints
from repaircenter.wire.endpoints import Endpoint
from repaircenter.wire.identity import RefreshRequest, SessionAnswer, SignInRequest
from repaircenter.wire.people import Forgotten

_SCRYPT = {"n": 2**14, "r": 8, "p": 1}


class _Kept(Struct, frozen=True, kw_only=True):
    """What the keyring holds of the person: `refresh` only with "stay signed in"; `attempt` names the renewal that was
    begun with it."""

    email: str
    salt: str
    verifier: str
    refresh: str | None = None
    attempt: str = ""


class PersonClient:
    """Reports and favourites of the person who signed in. Used by several threads; renewing is one at a time."""

    def __init__(self, http: Http, secrets: Secrets, name: str = "person") -> None:
        """`name` is what the credential is kept under: another one for each data folder."""
        self._http = http
        self._secrets = secrets
        self._name = name
        self._token: str | None = None
        self._refresh: str | None = None
        self._attempt = ""
        self._renewing = threading.Lock()

    def sign_in(self, email: str, password: str, *, stay: bool = False) -> SessionAnswer:
        answer = self._http.call(endpoints.SIGN_IN, SignInRequest(email=email, password=password))
        salt = os.urandom(16)
        kept = _Kept(
            email=email.strip(),
            salt=salt.hex(),
            verifier=_verifier(password, salt),
            refresh=answer.refresh if stay else None,
        )
        self._put(kept)
        self._token, self._refresh, self._attempt = answer.token, answer.refresh, ""
        return answer

    def resume(self) -> SessionAnswer:
        """Open the session again without a password. Raises NotSignedIn when that cannot be done."""
        with self._renewing:
            return self._resume()

    def _resume(self) -> SessionAnswer:
        kept = self._get()
        token = self._refresh or (None if kept is None else kept.refresh)
        if token is None:
            raise NotSignedIn("signed_out")
        # The service gives the same successor to the same attempt, and to no other: it is kept before it is made, so
        # that neither a lost answer nor a kill costs the session.
        stays = kept is not None and kept.refresh is not None
        attempt = self._attempt or (kept.attempt if kept is not None and stays else "") or os.urandom(16).hex()
        self._attempt = attempt
        if kept is not None and stays and kept.attempt != attempt:
            self._put(replace(kept, attempt=attempt))
        try:
            request = RefreshRequest(refresh=token, attempt=attempt)
            answer = self._http.call(endpoints.REFRESH, request)
        except NotSignedIn as refusal:
            if refusal.code == "signed_out":
                self._forget_refresh()
            raise
        # Kept before it is used: a kill in between leaves the old token and its attempt.
        if kept is not None and stays:
            self._put(replace(kept, refresh=answer.refresh, attempt=""))
        self._token, self._refresh, self._attempt = answer.token, answer.refresh, ""
        return answer

    def kept(self) -> KeptPerson | None:
        kept = self._get()
        return None if kept is None else KeptPerson(kept.email, kept.refresh is not None)

    def unlocks(self, password: str) -> bool:
        """Whether this is the password of the person who signed in last; needs no service."""
        kept = self._get()
        return kept is not None and hmac.compare_digest(_verifier(password, bytes.fromhex(kept.salt)), kept.verifier)

    def send_link(self, email: str) -> None:
        """Have a link for another password mailed to an address; nothing says whether it has an account."""
        self._http.call(endpoints.FORGOT_PASSWORD, Forgotten(email=email))

    def sign_out(self) -> None:
        """Forget the person here, and end the session at the service when it can be reached."""
        with self._renewing:
            kept = self._get()
            token = self._refresh or (None if kept is None else kept.refresh)
            self._token = self._refresh = None
            self._attempt = ""
            self._secrets.delete(self._name)
        if token is not None:
            with suppress(Unreachable, UnknownCertificate, NotSignedIn, Overloaded, ServiceRefused):
                self._http.call(endpoints.SIGN_OUT, RefreshRequest(refresh=token))

    def _forget_refresh(self) -> None:
        self._token = self._refresh = None
        self._attempt = ""
        kept = self._get()
        if kept is not None:
            self._put(_Kept(email=kept.email, salt=kept.salt, verifier=kept.verifier))

    def _get(self) -> _Kept | None:
        text = self._secrets.get(self._name)
        try:
            return None if text is None else codec.decode(text, _Kept)
        except codec.BadMessage:
            return None

    def _put(self, kept: _Kept) -> None:
        self._secrets.put(self._name, codec.encode(kept).decode())

    def call(self, endpoint: Endpoint[Q, A], request: Q | None = None, /, **places: str | int) -> A:
        """Ask one question; when the session has ended it is opened again once."""
        used = self._token
        try:
            return self._http.call(endpoint, request, token=used, **places)
        except NotSignedIn as refusal:
            if refusal.code != "session_ended":
                raise
        with self._renewing:
            if self._token == used:
                self._resume()
        return self._http.call(endpoint, request, token=self._token, **places)


def _verifier(password: str, salt: bytes) -> str:
    return hashlib.scrypt(password.encode(), salt=salt, **_SCRYPT).hex()
