"""Work in the background: a task does one thing about one subject, a timer says when it is due, upkeep looks for itself."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from repaircenter.central.core.service import Service

log = logging.getLogger(__name__)
# Until a database that was away is asked again.
AWAY_SECONDS = 5.0


class Enqueue(Protocol):
    """Puts a task about a subject into the queue, in the transaction of `connection`."""

    def __call__(self, connection: Connection, task: str, subject_id: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Task:
    """`function(service, enqueue, subject_id)` is idempotent: a kill repeats it.

    With `retries` an exception has it tried again, after longer and longer pauses; a task that keeps its own tries in
    its row takes none.
    """

    name: str
    function: Callable[[Service, Enqueue, int], None]
    retries: bool = True


@dataclass(frozen=True, slots=True)
class Timer:
    """A kind of timer: when due, `fire(connection, subjects)` changes the subjects, and `task` (if any) is enqueued for each, in
    one transaction."""

    kind: str
    task: str | None
    fire: Callable[[Connection, Sequence[int]], None] | None = None


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Work that looks itself for what there is to do: `step` returns the seconds until it looks again.

    Every worker process runs it on a thread of its own: two at once must not hurt, and a kill repeats it.
    """

    name: str
    step: Callable[[Service], float]


def patient(name: str, step: Callable[[], float]) -> Callable[[], float]:
    """A step of a worker that says in one line that the database is away, and tries again: a trace every few seconds would
    hide what is wrong."""

    def tried() -> float:
        try:
            return step()
        except OperationalError as error:
            log.warning("%s waits for the database: %s", name, type(error.orig).__name__)
            return AWAY_SECONDS

    return tried
