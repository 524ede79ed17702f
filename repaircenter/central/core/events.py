"""What happens to a job at the service: kept in its story, and told to the areas that listen, in one transaction.

Two areas that meet do so here: one publishes, the other listens, and neither imports the other.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

# What the intake publishes, and what surveys do.
WITHDRAWN, ERASED = "job.withdrawn", "job.erased"
ANSWERED, TO_CALL, REPLIED = "survey.answered", "survey.to_call", "survey.replied"


@dataclass(frozen=True, slots=True)
class Event:
    """`kind` is area.what; `reason` a code, never a person's words or name. `subject_id` is told to who listens and not
    kept: of `survey.answered` the answer, of `survey.to_call` the invitation, of `survey.replied` the reply."""

    kind: str
    org_id: int
    shop_id: int
    job_id: int
    at: datetime
    reason: str | None = None
    subject_id: int | None = None


Listener = Callable[[Connection, Event], None]


class Events:
    """Keeps events and tells who listens to their kind; listeners enqueue or mark, they do not work."""

    def __init__(self, listeners: Iterable[Mapping[str, Listener]] = ()) -> None:
        self._listeners: dict[str, list[Listener]] = {}
        for of_area in listeners:
            for kind, listener in of_area.items():
                self._listeners.setdefault(kind, []).append(listener)

    def publish(self, connection: Connection, event: Event) -> None:
        """Keep an event and tell it, in the transaction that caused it; a listener's error undoes all of it."""
        connection.execute(
            _ADD,
            {
                "org": event.org_id,
                "shop": event.shop_id,
                "job": event.job_id,
                "at": event.at,
                "kind": event.kind,
                "reason": event.reason,
            },
        )
        for listener in self._listeners.get(event.kind, ()):
            listener(connection, event)


_ADD = text(
    "INSERT INTO event (org_id, shop_id, job_id, at, kind, reason) VALUES (:org, :shop, :job, :at, :kind, :reason)"
)
