"""Jobs, their versions and what happened to them. Instants are aware UTC, money integer cents, days shop days."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from repaircenter.shop.model.outbox import OutboxRow

OPPORTUNITY, REPAIR_ORDER, DELIVERED = "opportunity", "repair_order", "delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job of a shop. `id` 0 is not stored yet; `shop_id` None waits under "Which shop?" (DESIGN 4.1).

    `home` is where its sets come from, `shop:ID` or `facility:KEY`: estimate numbers are unique within it only.
    `entered` names the fields a person typed: an import never overwrites them (DESIGN 4.3).
    `sent_why` is `rule` or `hand` once a message was made. `skipped` jobs were there before the send rule changed;
    `unsure` ones wait until a person says whether they are the same as another one. A job with `merged_into` only
    remembers its key. `service_*` is the service's last answer for the timeline (A-N1).
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
    skipped: bool = False
    unsure: bool = False
    merged_into: int | None = None
    erased_at_utc: datetime | None = None
    blanked_at_utc: datetime | None = None
    entered: frozenset[str] = frozenset()
    received_at_utc: datetime | None = None
    changed_at_utc: datetime | None = None
    sent_digest: str | None = None
    sent_why: str | None = None
    service_state: str | None = None
    service_reason: str | None = None
    service_received_at_utc: datetime | None = None
    service_callable_on: date | None = None
    service_invited_at_utc: datetime | None = None
    service_opened_at_utc: datetime | None = None
    service_answered_at_utc: datetime | None = None
    service_published_at_utc: datetime | None = None
    service_stars: int | None = None

    @property
    def customer(self) -> str:
        """The customer's name as people say it, the company when there is no person."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.company or ""

    @property
    def vehicle(self) -> str:
        return " ".join(str(part) for part in (self.year, self.make, self.model) if part)

    @property
    def is_gone(self) -> bool:
        """Merged away or erased: it is kept for its key only and never sent."""
        return self.merged_into is not None or self.erased_at_utc is not None

    @property
    def reachable(self) -> bool:
        """Any way to ask this customer at all (chip *no way to reach*)."""
        return bool(self.email or self.phones) and not self.do_not_contact


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFields:
    """What a person may write about a customer (Edit contact)."""

    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    email: str | None = None
    phones: tuple[str, ...] = ()
    preferred_channel: str | None = None
    language: str | None = None
    do_not_contact: bool = False


@dataclass(frozen=True, slots=True)
class HandStep:
    """The last step a person took with a job, and the fields as they were before: undone within the day (DESIGN 4.5)."""

    job_id: int
    kind: str
    at_utc: datetime
    before: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two jobs that may be one: a person decides (anchors.md 5, "exactly one candidate or ask").

    `reason`: same_repair (two estimates of one repair?) or other_vehicle (one estimate number, two vehicles?).
    """

    id: int
    job_id: int
    other_id: int
    reason: str
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a job's timeline: a past-tense fact, with what a person wants to know about it."""

    at_utc: datetime
    kind: str
    detail: str | None = None


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


class JobLine(NamedTuple):
    """A job as the list shows it: 20,000 of them are read and sorted at once. `sent` says that a message was made;
    the keys are what customers, vehicles and insurers are ordered by."""

    id: int
    shop_id: int | None
    ro_number: str | None
    state: str
    customer: str
    vehicle: str
    insurer: str | None
    version: str | None
    version_order: int
    total_cents: int | None
    currency: str
    received_at_utc: datetime | None
    created_on: date | None
    delivered_on: date | None
    complete: bool
    reachable: bool
    do_not_contact: bool
    excluded: bool
    skipped: bool
    unsure: bool
    gone: str | None
    sent: bool
    service_state: str | None
    service_reason: str | None
    service_stars: int | None
    customer_key: str
    vehicle_key: str
    insurer_key: str


@dataclass(frozen=True, slots=True)
class JobDetails:
    """Everything the job page shows."""

    job: Job
    versions: tuple[Version, ...]
    events: tuple[Event, ...]
    outbox: tuple[OutboxRow, ...]


@dataclass(frozen=True, slots=True)
class JobView:
    """A job with what a person may do with it now. `exclude_refusal` says why excluding is not allowed;
    `undoable` names the step by hand that can be taken back; `others` are the jobs it may be the same as."""

    details: JobDetails
    rule: str
    exclude_refusal: str | None = None
    undoable: str | None = None
    others: tuple[tuple[Job, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Facility:
    """A repair facility met in AD2 and the shop it stands for: None until a person confirms (DESIGN 4.1)."""

    key: str
    label: str
    shop_id: int | None


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
