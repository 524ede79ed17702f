"""What every area of the service is handed: databases, clock, keyed digests, texts, and how requests say no."""

from dataclasses import dataclass
from typing import Any, NoReturn

from litestar import Request, Response
from litestar.exceptions import HTTPException

from repaircenter.central.accounts import queries
from repaircenter.central.accounts.rules import PERSON, Caller
from repaircenter.central.db.connections import NOTHING, Database
from repaircenter.central.mail.transport import MailTransport
from repaircenter.central.secrets import Keyed, Passwords, token_hash
from repaircenter.runtime.clock import Clock
from repaircenter.wire import codec
from repaircenter.wire.messages import Refusal


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of one running service."""

    web: Database
    sign_in: Database
    worker: Database
    clock: Clock
    keyed: Keyed
    passwords: Passwords
    public_address: str
    mail: MailTransport
    sender: str


class Refused(HTTPException):
    """A request that is answered with a code the desk has words for."""

    def __init__(self, status_code: int, code: str, least_version: int | None = None) -> None:
        super().__init__(detail=code, status_code=status_code)
        self.refusal = Refusal(code=code, least_version=least_version)


def refuse(status_code: int, code: str) -> NoReturn:
    raise Refused(status_code, code)


def answer_refused(_request: Request[Any, Any, Any], error: Refused) -> Response[bytes]:
    return Response(codec.encode(error.refusal), status_code=error.status_code, media_type="application/json")


def caller_of(service: Service, request: Request[Any, Any, Any], kind: str) -> Caller:
    """Who sent the request. Refuses with 401 when the session ended, 403 when the kind or the licence says no.

    What persons ask for are reports and what belongs to them: that is what the licence for surveys opens (A-01).
    """
    header = request.headers.get("authorization", "")
    if not header.startswith("Bearer "):
        refuse(401, "session_ended")
    with service.web.scoped(NOTHING) as connection:
        found = queries.caller(connection, token_hash(header[7:]), service.clock.now_utc())
    if found is None:
        refuse(401, "session_ended")
    if found.kind != kind:
        refuse(403, "not_allowed")
    if not found.licensed:
        refuse(403, "licence_expired")
    if kind == PERSON and not found.surveys:
        refuse(403, "not_licensed")
    return found


async def body_of(request: Request[Any, Any, Any], limit_bytes: int = 8 * 1024 * 1024) -> bytes:
    """The request's body; refuses one that is larger than the limit."""
    if int(request.headers.get("content-length") or 0) > limit_bytes:
        refuse(413, "too_large")
    data = await request.body()
    if len(data) > limit_bytes:
        refuse(413, "too_large")
    return data
