"""How requests say no, and how their bodies are read."""

from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import parse_qs

from litestar import Request, Response
from litestar.exceptions import HTTPException

from repaircenter.wire import codec
from repaircenter.wire.envelope import Refusal


class Refused(HTTPException):
    """A request that is answered with a code the desk has words for."""

    def __init__(
        self, status_code: int, code: str, least_version: int | None = None, facts: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail=code, status_code=status_code)
        self.refusal = Refusal(code=code, least_version=least_version, facts=dict(facts or {}))


def refuse(status_code: int, code: str, **facts: str) -> NoReturn:
    """Say no, with the `facts` that the code's sentence needs."""
    raise Refused(status_code, code, facts=facts)


def answer_refused(_request: Request[Any, Any, Any], error: Refused) -> Response[bytes]:
    return Response(codec.encode(error.refusal), status_code=error.status_code, media_type="application/json")


async def body_of(request: Request[Any, Any, Any], limit_bytes: int = 8 * 1024 * 1024) -> bytes:
    """The request's body; refuses one that is larger than the limit."""
    if int(request.headers.get("content-length") or 0) > limit_bytes:
        refuse(413, "too_large")
    data = await request.body()
    if len(data) > limit_bytes:
        refuse(413, "too_large")
    return data


async def fields_of(request: Request[Any, Any, Any]) -> dict[str, list[str]]:
    """Return what was filled in, by name; of several boxes each that was ticked."""
    raw = await body_of(request, 256 * 1024)
    try:
        return parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200)
    except ValueError:  # more fields than any form of ours has
        refuse(400, "bad_value")


async def form_of(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Return what was filled in, by name."""
    return {name: values[-1] for name, values in (await fields_of(request)).items()}
