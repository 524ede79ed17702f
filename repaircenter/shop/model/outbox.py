"""Messages that leave this PC, and the rules by which they do."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

SEND_RULES: Final = ("create", "convert", "delivery", "never")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A message that must reach the service. `id` is the idempotency key of every try (anchors.md 5).

    `kind`: job, withdraw, erase. `state`: waiting, sent, refused, parked (cannot be read), discarded.
    `started` counts tries that left this PC, `attempts` answers that failed.
    """

    id: str
    job_id: int
    shop_id: int
    kind: str
    schema: int
    payload: str
    digest: str
    state: str = "waiting"
    started: int = 0
    attempts: int = 0
    next_try_at_utc: datetime
    lease_until_utc: datetime | None = None
    last_status: str | None = None
    created_at_utc: datetime
    sent_at_utc: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoggedMessage:
    """A row of the outbox with what people call its job, for the log of everything that left this PC."""

    row: OutboxRow
    label: str


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What another send rule does to the jobs already there, before it does it (A-19)."""

    rule: str
    would_send: int = 0
    waiting: int = 0
    sent: int = 0
    excluded: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures of the status bar and the demo's summary."""

    jobs: int = 0
    to_send: int = 0
    refused: int = 0
    sent: int = 0
    without_shop: int = 0
    imported_today: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    oldest_waiting_utc: datetime | None = None
    last_sent_utc: datetime | None = None
    unreachable: int = 0
    unsure: int = 0
