"""A service by hand: answers the endpoints a test gives it, with messages of the declared kinds."""

from collections.abc import Callable, Mapping
from types import NoneType
from typing import Any

from repaircenter.wire.endpoints import A, Endpoint, Q

Answers = Mapping[Endpoint[Any, Any], Callable[..., Any]]


def answer(answers: Answers, endpoint: Endpoint[Q, A], request: Q | None, places: Mapping[str, str | int]) -> A:
    """Return what a fake says to one question; a request or an answer of another kind than declared is a failure."""
    endpoint.path_of(**places)
    assert isinstance(request, endpoint.request), (endpoint.path, request)
    given = () if endpoint.request is NoneType else (request,)
    found = answers[endpoint](*given, **places)
    assert isinstance(found, endpoint.answer), (endpoint.path, found)
    return found


def intercept(client: Any, endpoint: Endpoint[Any, Any], instead: Callable[[Any, Callable[[Any], Any]], Any]) -> None:
    """From now on a question of this client to `endpoint` is `instead(request, ask)`; `ask` asks the service itself."""
    real = client.call

    def call(asked: Endpoint[Any, Any], request: Any = None, /, **places: str | int) -> Any:
        if asked != endpoint:
            return real(asked, request, **places)
        return instead(request, lambda message: real(asked, message, **places))

    client.call = call
