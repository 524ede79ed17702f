"""What an area brings to the service, in one value: `app` and the worker go through all of them and know no other detail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from repaircenter.central.core.calls import Handler
from repaircenter.central.core.service import Service


def _none(_service: Service) -> Sequence[Any]:
    return ()


@dataclass(frozen=True, slots=True)
class Area:
    """`handlers` serve the desk's endpoints, `pages` are Litestar routes for browsers. Both are made once a service."""

    name: str
    handlers: Callable[[Service], Sequence[Handler]] = _none
    pages: Callable[[Service], Sequence[Any]] = _none
