"""Pairing, sessions, refresh tokens, licence and lease (A-01, DESIGN 3.10, 4.2)."""

import threading
from collections.abc import Sequence

from repaircenter import __version__
from repaircenter.central.accounts import queries
from repaircenter.central.accounts.addresses import HANDLERS as ADDRESSES
from repaircenter.central.accounts.links import help_forgetful
from repaircenter.central.accounts.logo import HANDLERS as LOGO
from repaircenter.central.accounts.organisation import HANDLERS as ORGANISATION
from repaircenter.central.accounts.people import HANDLERS as PEOPLE
from repaircenter.central.accounts.places import HANDLERS as PLACES
from repaircenter.central.core.calls import Call, Handler, check_count, serves
from repaircenter.central.core.http import refuse
from repaircenter.central.core.secrets import new_token, sign_in_address, token_hash
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import NOTHING
from repaircenter.wire import endpoints
from repaircenter.wire.identity import (
    LeaseAnswer,
    LeaseRequest,
    Newest,
    PairAnswer,
    PairRequest,
    RefreshRequest,
    SessionAnswer,
    SessionRequest,
    SignInRequest,
)
from repaircenter.wire.people import Forgotten
from repaircenter.wire.vocabulary import INSTALLATION, PERSON

MOST_CLAIMS = 2000
# Each takes 64 MB and a processor for a moment.
PASSWORD_SECONDS = 10.0
_PASSWORDS_AT_ONCE = threading.BoundedSemaphore(2)


def _check_password(service: Service, email: str, password: str, dummy: str) -> tuple[int, int]:
    """(organisation, person); refuses a wrong pair after the same work as for a right one.

    Failures lock the address out for longer and longer, whether there is such an account or not; few passwords are
    worked on at a time, so that a storm of them leaves memory and processor to the others.
    """
    address, now = sign_in_address(service.keyed, email), service.clock.now_utc()
    with service.sign_in.scoped(NOTHING) as connection:
        until = queries.locked_until(connection, address, now)
        kept = queries.password_of(connection, email)
    if until is not None and until > now:
        refuse(403, "locked_out")
    if not _PASSWORDS_AT_ONCE.acquire(timeout=PASSWORD_SECONDS):
        refuse(503, "busy")
    try:
        # Who was asked in and never came has no password yet.
        stored = kept[2] if kept else None
        fits = service.passwords.fits(stored or dummy, password) and stored is not None
    finally:
        _PASSWORDS_AT_ONCE.release()
    with service.sign_in.scoped(NOTHING) as connection:
        queries.note_sign_in(connection, address, now, good=kept is not None and fits)
    if kept is None or not fits:
        refuse(401, "wrong_password")
    if not kept[3]:
        refuse(403, "account_revoked")
    return kept[0], kept[1]


def _licence(service: Service, org_id: int) -> bool:
    """Whether reports are licensed; refuses when the licence as a whole is over."""
    with service.sign_in.scoped(NOTHING) as connection:
        until, surveys = queries.licence(connection, org_id)
    if until is not None and until <= service.clock.now_utc():
        refuse(403, "licence_expired")
    return surveys


def _open(service: Service, org_id: int, kind: str, subject_id: int, refresh: str | None = None) -> SessionAnswer:
    now = service.clock.now_utc()
    surveys = _licence(service, org_id)
    token, ends_at = new_token(), service.day_end.next_after(now)
    with service.sign_in.scoped(NOTHING) as connection:
        queries.open_session(connection, org_id, token_hash(token), kind, subject_id, now, ends_at)
        if refresh is not None:
            queries.bind_session(connection, token_hash(token), token_hash(refresh))
    with service.web.scoped(NOTHING) as connection:
        caller = queries.caller(connection, token_hash(token), now)
    if caller is None:
        refuse(403, "not_allowed")
    with service.web.scoped(caller.scope) as connection:
        shops = queries.shops(connection)
        person = queries.person(connection, subject_id) if kind == PERSON else None
        programmes = queries.programmes_stamp(connection)
    return SessionAnswer(
        token=token,
        ends_at=ends_at,
        shops=shops,
        person=person.name if person else None,
        role=caller.role,
        permissions=sorted(caller.permissions),
        language=person.language if person else None,
        now=now,
        refresh=refresh,
        surveys=surveys,
        programmes=programmes,
        modules=list(caller.modules),
        # The desk of this version: both are one program and are released together.
        newest=Newest(version=__version__, where=service.desk_download) if service.desk_download else None,
    )


def handlers(service: Service) -> Sequence[Handler]:
    dummy = service.passwords.hash(new_token())

    @serves(endpoints.PAIR)
    def pair(_call: Call, asked: PairRequest) -> PairAnswer:
        org_id, person_id = _check_password(service, asked.email, asked.password, dummy)
        _licence(service, org_id)
        secret = new_token()
        with service.sign_in.scoped(NOTHING) as connection:
            now = service.clock.now_utc()
            paired = queries.add_installation(
                connection, person_id, asked.device_name, token_hash(secret), now, collects=asked.collects
            )
        if paired is None:
            refuse(403, "not_allowed")
        with service.web.scoped(paired[1]) as connection:
            return PairAnswer(installation_id=paired[0], secret=secret, shops=queries.shops(connection))

    @serves(endpoints.OPEN_SESSION)
    def installation_session(_call: Call, asked: SessionRequest) -> SessionAnswer:
        with service.sign_in.scoped(NOTHING) as connection:
            installation = queries.installation(connection, asked.installation_id, token_hash(asked.secret))
        if installation is None or installation[1]:
            refuse(401, "revoked")
        return _open(service, installation[0], INSTALLATION, asked.installation_id)

    @serves(endpoints.SIGN_IN)
    def sign_in(_call: Call, asked: SignInRequest) -> SessionAnswer:
        org_id, person_id = _check_password(service, asked.email, asked.password, dummy)
        _licence(service, org_id)
        refresh = new_token()
        with service.sign_in.scoped(NOTHING) as connection:
            queries.issue_refresh(connection, person_id, token_hash(refresh), service.clock.now_utc())
        return _open(service, org_id, PERSON, person_id, refresh)

    @serves(endpoints.REFRESH)
    def refresh(_call: Call, asked: RefreshRequest) -> SessionAnswer:
        """A person's next session without a password; the token given is replaced by the one in the answer.

        Shown once more it ends the sign-in at once, but to the attempt whose answer may have got lost.
        """
        attempt = token_hash(asked.attempt) if asked.attempt else None
        fresh = service.keyed.refresh_token(asked.refresh, asked.attempt) if asked.attempt else new_token()
        old, now = token_hash(asked.refresh), service.clock.now_utc()
        with service.sign_in.scoped(NOTHING) as connection:
            verdict = queries.rotate(connection, old, token_hash(fresh), attempt, now)
        if isinstance(verdict, str):
            refuse(401, verdict)
        org_id, person_id = verdict
        return _open(service, org_id, PERSON, person_id, fresh)

    @serves(endpoints.FORGOT_PASSWORD)
    def forgot_password(_call: Call, asked: Forgotten) -> None:
        help_forgetful(service, asked.email.strip().lower())

    @serves(endpoints.SIGN_OUT)
    def sign_out(_call: Call, asked: RefreshRequest) -> None:
        with service.sign_in.scoped(NOTHING) as connection:
            queries.sign_out(connection, token_hash(asked.refresh))

    @serves(endpoints.HOLD_LEASE)
    def lease(call: Call, asked: LeaseRequest) -> LeaseAnswer:
        call.check_shops({claim.shop_id for claim in asked.claims})
        check_count(asked.claims, MOST_CLAIMS)
        return LeaseAnswer(held=queries.hold_lease(call.connection, call.caller, asked, service.clock.now_utc()))

    return (
        pair,
        installation_session,
        sign_in,
        refresh,
        forgot_password,
        sign_out,
        lease,
        *LOGO,
        *PEOPLE,
        *PLACES,
        *ORGANISATION,
        *ADDRESSES,
    )
