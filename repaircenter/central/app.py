"""The web application: routes of all areas, the wire version, and answers to errors that hold no data."""

import logging
from collections.abc import Sequence
from typing import Any

import msgspec
from anyio.to_thread import current_default_thread_limiter
from litestar import Litestar, Request, Response, Router, get
from litestar.datastructures import State
from litestar.exceptions import HTTPException, TooManyRequestsException, ValidationException
from sqlalchemy import text
from sqlalchemy.exc import DataError, DBAPIError, OperationalError

from repaircenter.central.accounts.guard import authenticate
from repaircenter.central.areas import AREAS
from repaircenter.central.core.area import Area
from repaircenter.central.core.bell import Bell
from repaircenter.central.core.calls import route
from repaircenter.central.core.http import Refused, answer_refused
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import NOTHING, POOL_SIZE
from repaircenter.central.monitoring import REQUESTS
from repaircenter.wire import codec
from repaircenter.wire.envelope import Refusal
from repaircenter.wire.version import HEADER, LEAST, VERSION

log = logging.getLogger(__name__)
_Request = Request[Any, Any, Any]


# A NUL byte, a number no column holds, JSON nested without end, bytes that are no text: the sender's mistake.
_BAD_INPUT = (DataError, msgspec.MsgspecError, RecursionError, UnicodeError, OverflowError)


def _check_version(request: _Request) -> None:
    """426 with the least version when the desk is too old (DESIGN 3.18)."""
    version = request.headers.get(HEADER.lower(), "")
    if not version.isdigit() or int(version) < LEAST:
        raise Refused(426, "too_old", LEAST)


def _answer_error(request: _Request, error: Exception) -> Response[bytes]:
    """Any other error: its status and a code, never its text, which may quote a person's data."""
    headers = {}
    if isinstance(error, TooManyRequestsException):
        status, code = 429, "too_many"
        headers["Retry-After"] = (error.headers or {}).get("RateLimit-Reset", "60")
    elif isinstance(error, ValidationException):
        status, code = 400, "bad_message"
    elif isinstance(error, _BAD_INPUT):
        status, code = 400, "bad_value"
    elif isinstance(error, HTTPException):
        status, code = error.status_code, f"http_{error.status_code}"
    elif (isinstance(error, DBAPIError) and error.connection_invalidated) or isinstance(error, OperationalError):
        status, code = 503, "database_away"
        log.error("a request failed: the database is away")
    else:
        status, code = 500, "internal"
        log.error("a request failed", exc_info=error)
    content = codec.encode(Refusal(code=code))
    return Response(content, status_code=status, media_type="application/json", headers=headers)


def build_app(service: Service, areas: Sequence[Area] = AREAS) -> Litestar:
    """Return the application of these areas; what they start ends with the service (`service.stops`)."""
    bell = Bell(service.web.url)

    @get("/live")
    async def live() -> dict[str, int]:
        """Whether this process answers; nothing else is asked, so that nobody restarts it for another's trouble."""
        return {"wire": VERSION}

    @get(["/ready", "/health"], sync_to_thread=True)
    def ready() -> dict[str, int]:
        """Whether requests can be served: 503 while the database is away."""
        try:
            with service.web.scoped(NOTHING) as connection:
                connection.execute(text("SELECT 1"))
        except DBAPIError:
            raise Refused(503, "database_away") from None
        return {"wire": VERSION}

    api = Router(
        "/api/v1",
        route_handlers=[
            route(service, handler, authenticate, bell) for area in areas for handler in area.handlers(service)
        ],
        before_request=_check_version,
        response_headers={HEADER: str(VERSION)},
    )

    async def limit_threads() -> None:
        """As many requests at work as there are connections: more would only wait for one and time out."""
        current_default_thread_limiter().total_tokens = POOL_SIZE

    return Litestar(
        middleware=[REQUESTS.middleware],
        on_startup=[limit_threads],
        on_shutdown=[bell.stop_listening],
        state=State({"bell": bell}),
        route_handlers=[live, ready, api, *(page for area in areas for page in area.pages(service))],
        exception_handlers={Refused: answer_refused, Exception: _answer_error},
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
