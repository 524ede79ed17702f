"""Jobs, versions, ledger and outbox as plain values. Instants are aware UTC, money integer cents, days shop days."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

OPPORTUNITY, REPAIR_ORDER, DELIVERED = "opportunity", "repair_order", "delivered"
# What became of a set. BUSY is no end: it is tried again.
IMPORTED, SEEN_AGAIN, SUPERSEDED, INCOMPLETE, ASSIGNMENT, BROKEN, BUSY = (
    "imported",
    "seen_again",
    "superseded",
    "incomplete",
    "assignment",
    "broken",
    "busy",
)
SEND_RULES: Final = ("create", "convert", "delivery", "never")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job of a shop. `id` 0 is not stored yet; `shop_id` None waits under "Which shop?" (DESIGN 4.1).

    `home` is where its sets come from, `shop:ID` or `facility:KEY`: estimate numbers are unique within it only.
    `entered` names the fields a person typed: an import never overwrites them (DESIGN 4.3).
    `service_*` is the service's last answer for the timeline (A-N1).
    """

    id: int = 0
    job_key: str
    home: str = ""
    shop_id: int | None = None
    facility: str | None = None
    system: str | None = None
    ro_number: str | None = None
    state: str = OPPORTUNITY
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    email: str | None = None
    phones: tuple[str, ...] = ()
    preferred_channel: str | None = None
    language: str | None = None
    do_not_contact: bool = False
    vin: str | None = None
    plate: str | None = None
    year: int | None = None
    make: str | None = None
    model: str | None = None
    insurer_code: str | None = None
    insurer_name: str | None = None
    claim_number: str | None = None
    estimator: str | None = None
    appraiser: str | None = None
    created_on: date | None = None
    arrived_on: date | None = None
    promised_on: date | None = None
    delivered_on: date | None = None
    version: str | None = None
    version_order: int = 0
    total_cents: int | None = None
    currency: str = "CAD"
    complete: bool = True
    excluded: bool = False
    entered: frozenset[str] = frozenset()
    received_at_utc: datetime | None = None
    changed_at_utc: datetime | None = None
    sent_digest: str | None = None
    service_state: str | None = None
    service_reason: str | None = None
    service_received_at_utc: datetime | None = None
    service_callable_on: date | None = None
    service_invited_at_utc: datetime | None = None
    service_opened_at_utc: datetime | None = None
    service_answered_at_utc: datetime | None = None
    service_stars: int | None = None

    @property
    def customer(self) -> str:
        """The customer's name as people say it, the company when there is no person."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.company or ""

    @property
    def vehicle(self) -> str:
        return " ".join(str(part) for part in (self.year, self.make, self.model) if part)

    @property
    def reachable(self) -> bool:
        """Any way to ask this customer at all (chip *no way to reach*)."""
        return bool(self.email or self.phones) and not self.do_not_contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an estimate as imported. `content` is the normalised estimate as JSON text."""

    id: int = 0
    job_id: int
    label: str
    order: int
    digest: str
    base: str
    folder: str
    imported_at_utc: datetime
    total_cents: int | None
    complete: bool
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """What became of one set in one state (`signature`): one of the outcomes above."""

    folder: str
    base: str
    signature: str
    outcome: str
    reason: str | None
    job_id: int | None
    at_utc: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A message that must reach the service. `id` is the idempotency key of every try (anchors.md 5).

    `state`: waiting, sent, refused, parked. `started` counts tries that left this PC, `attempts` answers that failed.
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
class Event:
    """One step of a job's timeline: a past-tense fact, with what a person wants to know about it."""

    at_utc: datetime
    kind: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop of the account as the service names it."""

    id: int
    name: str
    zone: str
    group: str | None = None
    tax_id: str | None = None
    licence: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Facility:
    """A repair facility met in AD2 and the shop it stands for: None until a person confirms (DESIGN 4.1)."""

    key: str
    label: str
    shop_id: int | None


@dataclass(frozen=True, slots=True)
class JobDetails:
    """Everything the job page shows."""

    job: Job
    versions: tuple[Version, ...]
    events: tuple[Event, ...]
    outbox: tuple[OutboxRow, ...]


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


@dataclass(frozen=True, slots=True)
class FolderSetting:
    """A watched folder and its own rules (DESIGN 4.1). `shop_id` None means *by repair facility*.

    Jobs created and delivered before `cutoff` are kept, but not sent by the send rule (DESIGN 4.5).
    A `paused` folder is not looked at.
    """

    path: str
    shop_id: int | None = None
    code_page: str = "cp1252"
    cutoff: date | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class FolderTest:
    """What a look at a folder found (A-17). `trouble` as in FolderHealth; times are those of its newest files a set."""

    trouble: str | None
    is_share: bool
    sets: int
    oldest_utc: datetime | None
    newest_utc: datetime | None
    code_page: str | None


@dataclass(frozen=True, slots=True)
class FolderPreview:
    """What an import of a folder would bring, counted so far: `done` of `total` sets were read."""

    done: int = 0
    total: int = 0
    unreadable: int = 0
    jobs: int = 0
    customers: int = 0
    first_day: date | None = None
    last_day: date | None = None
    would_send: int = 0


@dataclass(frozen=True, slots=True)
class Holder:
    """Another PC that collects for a shop (A-16)."""

    shop_id: int
    device_name: str
    since_utc: datetime


@dataclass(frozen=True, slots=True)
class FolderHealth:
    """How a watched folder is doing; `away_since_utc` is None while it can be read.

    `trouble` is `missing`, `denied`, `unreachable` or `not_answering`; `looks` counts complete listings.
    """

    path: str
    read_at_utc: datetime | None
    away_since_utc: datetime | None
    sets_seen: int
    sets_waiting: int
    look_seconds: float
    trouble: str | None = None
    sets_incomplete: int = 0
    looks: int = 0


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """What the status bar says. `since_utc` tells how long a trouble has lasted."""

    name: str
    until_utc: datetime | None = None
    since_utc: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CollectorState:
    """What the status bar shows of the collector."""

    connection: ConnectionState
    folders: tuple[FolderHealth, ...]
    last_cycle_utc: datetime | None
    others: tuple[Holder, ...] = ()
    shows_only: bool = False
