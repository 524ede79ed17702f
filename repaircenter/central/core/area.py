"""What an area brings to the service, in one value: `app` and the worker go through all of them and know no other detail."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from repaircenter.central.core.calls import Handler
from repaircenter.central.core.events import Listener
from repaircenter.central.core.outgoing import MessageKind
from repaircenter.central.core.personal import PersonalTable
from repaircenter.central.core.service import Service
from repaircenter.central.core.work import Task, Timer, Upkeep


def _none(_service: Service) -> Sequence[Any]:
    return ()


@dataclass(frozen=True, slots=True)
class Area:
    """`handlers` serve the desk's endpoints, `pages` are Litestar routes for browsers; both are made once a service.

    `tasks`, `timers`, `upkeep` and `messages` are its work in the background; `listeners` hear events by kind. `personal` are its
    tables with customers' data, `plain_tables` those without any.
    """

    name: str
    handlers: Callable[[Service], Sequence[Handler]] = _none
    pages: Callable[[Service], Sequence[Any]] = _none
    tasks: tuple[Task, ...] = ()
    timers: tuple[Timer, ...] = ()
    upkeep: tuple[Upkeep, ...] = ()
    messages: tuple[MessageKind, ...] = ()
    listeners: Mapping[str, Listener] = field(default_factory=dict)
    personal: tuple[PersonalTable, ...] = ()
    plain_tables: tuple[str, ...] = ()
