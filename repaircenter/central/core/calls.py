"""One request of the desk: who asked, on which connection, and how an endpoint's function becomes a route.

An area declares `@serves(endpoints.X)` over a function that takes a `Call`, the message and the path's places. Whoever
may not ask is refused before the function runs.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence, Sized
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import NoneType
from typing import Any

from litestar import HttpMethod, Request, Response
from litestar.concurrency import sync_to_thread
from litestar.handlers import HTTPRouteHandler
from litestar.middleware.base import DefineMiddleware
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.params import JSONBody
from sqlalchemy import Connection, text

from repaircenter.central.core.bell import Bell
from repaircenter.central.core.http import refuse
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import Scope
from repaircenter.wire import codec
from repaircenter.wire.endpoints import Endpoint
from repaircenter.wire.vocabulary import NOBODY

# By the caller's address, for passwords and tokens together; a group behind one address reconnects after the cut-off.
MOST_UNKNOWN_A_MINUTE = 300
MOST_ITEMS = 500
# What the number of a row fits in.
_LARGEST = 2**63 - 1
_Http = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request: an installation or a person, the shops this request is about, and the licences (A-01).

    `scope` is what the database signed for the session; of a person it is narrowed to the shops in which they may what
    is asked. `permissions` are theirs, with the shops each holds in; `role` is the strongest they have anywhere.
    """

    kind: str
    org_id: int
    id: int
    shops: tuple[int, ...]
    scope: Scope
    licensed: bool = True
    surveys: bool = True
    role: str | None = None
    permissions: Mapping[str, frozenset[int]] = field(default_factory=dict)
    modules: tuple[str, ...] = ()

    def may(self, permission: str, shop_id: int) -> bool:
        """Return whether the caller holds a permission in a shop."""
        return shop_id in self.permissions.get(permission, ())


class NothingYet(Exception):
    """There is nothing to say yet; `again_soon` when there will be in a moment, ring or no ring."""

    def __init__(self, *, again_soon: bool) -> None:
        super().__init__("nothing yet")
        self.again_soon = again_soon


class Call:
    """A request at work. `connection` is a transaction in the caller's scope, opened when first used and committed when
    the function has returned, before the answer leaves; an error rolls it back."""

    def __init__(self, service: Service, caller: Caller | None, *, may_wait: bool = False) -> None:
        self.service = service
        self._may_wait = may_wait
        self._caller = caller
        self._connection: Connection | None = None
        self._open = ExitStack()

    @property
    def caller(self) -> Caller:
        """Who asks; endpoints for nobody have none."""
        assert self._caller is not None
        return self._caller

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            self._connection = self._open.enter_context(self.service.web.scoped(self.caller.scope))
        return self._connection

    @property
    def manages_all(self) -> bool:
        """Whether the caller manages every shop of their organisation."""
        managed: bool = self.connection.execute(text("SELECT rc_manages_all()")).scalar_one()
        return managed

    def check_shops(self, shops: Collection[int]) -> None:
        """Refuse what names a shop the caller does not see (403)."""
        if not set(shops) <= set(self.caller.shops):
            refuse(403, "not_allowed")

    def wait(self, *, again_soon: bool = False) -> None:
        """Have this function called again when the bell rings for the caller's shops; return when it is time to answer."""
        if self._may_wait:
            raise NothingYet(again_soon=again_soon)

    def __enter__(self) -> "Call":
        return self

    def __exit__(self, *error: Any) -> None:
        self._open.__exit__(*error)


def check_count(items: Sized, most: int = MOST_ITEMS) -> None:
    """Refuse a request with more items than one transaction should hold (413)."""
    if len(items) > most:
        refuse(413, "too_many")


@dataclass(frozen=True, slots=True)
class Handler:
    """A function that serves an endpoint: `function(call, message, **places)`, without the message where there is none.

    `waits(message)` gives the seconds a request may wait for something to say (`Call.wait`), where it may.
    """

    endpoint: Endpoint[Any, Any]
    function: Callable[..., Any]
    waits: Callable[[Any], float] | None = None


def serves(
    endpoint: Endpoint[Any, Any], waits: Callable[[Any], float] | None = None
) -> Callable[[Callable[..., Any]], Handler]:
    """Make a handler of the function below."""
    return lambda function: Handler(endpoint, function, waits)


def _places_of(request: _Http) -> dict[str, Any]:
    """Return what stands in the path; refuse a number that no row can have (404)."""
    places: dict[str, Any] = request.path_params
    if any(isinstance(place, int) and abs(place) > _LARGEST for place in places.values()):
        refuse(404, "not_there")
    return places


Authenticate = Callable[[Service, str, Endpoint[Any, Any]], Caller]
SOON_SECONDS = 0.1


def route(service: Service, handler: Handler, authenticate: Authenticate, bell: Bell) -> HTTPRouteHandler:
    """Return the Litestar route of a handler. `authenticate(service, authorization, endpoint)` says who asks, or refuses."""
    endpoint = handler.endpoint

    def caller_of(request: _Http) -> Caller:
        return authenticate(service, request.headers.get("authorization", ""), endpoint)

    def work(request: _Http, *message: Any, may_wait: bool = False) -> Response[bytes]:
        caller = caller_of(request) if endpoint.caller != NOBODY else None
        with Call(service, caller, may_wait=may_wait) as call:
            answer = handler.function(call, *message, **_places_of(request))
        if endpoint.answer is NoneType:
            return Response(b"", status_code=204)
        content = answer if isinstance(answer, bytes) else codec.encode(answer)
        return Response(content, media_type="application/json")

    def plain(request: _Http) -> Response[bytes]:
        return work(request)

    def with_message(request: _Http, data: Any) -> Response[bytes]:
        return work(request, data)

    async def patient(request: _Http, data: Any) -> Response[bytes]:
        """Ask again with every ring; who asks is judged each time."""
        assert handler.waits is not None
        end = time.monotonic() + handler.waits(data)
        caller = await sync_to_thread(caller_of, request)
        with bell.waiter(caller.shops) as waiter:
            while True:
                left = end - time.monotonic()
                try:
                    return await sync_to_thread(work, request, data, may_wait=left > 0 and not bell.is_closed)
                except NothingYet as nothing:
                    await waiter.wait(min(left, SOON_SECONDS) if nothing.again_soon else left)

    if endpoint.request is not NoneType:
        body: Any = JSONBody
        patient.__annotations__["data"] = with_message.__annotations__["data"] = body[endpoint.request]
    middleware: Sequence[DefineMiddleware] = ()
    if endpoint.caller == NOBODY:
        middleware = (RateLimitConfig(rate_limit=("minute", MOST_UNKNOWN_A_MINUTE)).middleware,)
    make = HTTPRouteHandler(
        endpoint.path,
        http_method=[HttpMethod(endpoint.method)],
        status_code=200,
        sync_to_thread=None if handler.waits else True,
        middleware=middleware,
    )
    if handler.waits is not None:
        return make(patient)
    return make(plain if endpoint.request is NoneType else with_message)
