"""Jobs, their versions and what happened to them. Instants are aware UTC, money integer cents, days shop days."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from repaircenter.shop.model.outbox import OutboxRow
from repaircenter.wire.jobs import AtService, Credits

OPPORTUNITY, REPAIR_ORDER, DELIVERED = "opportunity", "repair_order", "delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Who the customer is and how they may be reached; what *Edit contact* changes."""

    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    email: str | None = None
    phones: tuple[str, ...] = ()
    preferred_channel: str | None = None
    language: str | None = None
    do_not_contact: bool = False

    @property
    def name(self) -> str:
        """The customer's name as people say it, the company when there is no person."""
        return customer_name(self.first_name, self.last_name, self.company)

    @property
    def reachable(self) -> bool:
        """Any way to ask this customer at all (chip *no way to reach*)."""
        return bool(self.email or self.phones) and not self.do_not_contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    vin: str | None = None
    plate: str | None = None
    year: int | None = None
    make: str | None = None
    model: str | None = None

    @property
    def name(self) -> str:
        return vehicle_name(self.year, self.make, self.model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurer:
    code: str | None = None
    name: str | None = None
    claim_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDates:
    """Days in the shop's zone."""

    created_on: date | None = None
    arrived_on: date | None = None
    promised_on: date | None = None
    delivered_on: date | None = None


def customer_name(first_name: str | None, last_name: str | None, company: str | None) -> str:
    return " ".join(part for part in (first_name, last_name) if part) or company or ""


def vehicle_name(year: int | None, make: str | None, model: str | None) -> str:
    return " ".join(str(part) for part in (year, make, model) if part)


PARTS = {"contact": Contact, "vehicle": Vehicle, "insurer": Insurer, "dates": JobDates}
_NAMES = {("insurer", "code"): "insurer_code", ("insurer", "name"): "insurer_name"}
# The facts of a job's parts by the names they are stored and remembered under: name -> (part, field).
FACTS = {
    _NAMES.get((part, field.name), field.name): (part, field.name)
    for part, kind in PARTS.items()
    for field in fields(kind)
}


# Nobody was named who worked on it.
_NOBODY = Credits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job of a shop. `id` 0 is not stored yet; `shop_id` None waits under "Which shop?" (DESIGN 4.1).

    `home` is where its sets come from, `shop:ID` or `facility:KEY`: estimate numbers are unique within it only.
    `entered` names the facts a person typed: an import never overwrites them (DESIGN 4.3).
    `sent_why` is `rule` or `hand` once a message was made. `skipped` jobs were there before the send rule changed;
    `unsure` ones wait until a person says whether they are the same as another one. A job with `merged_into` only
    remembers its key. `service` is the service's last answer for the timeline (A-N1), None before the first.
    """

    id: int = 0
    job_key: str
    home: str = ""
    shop_id: int | None = None
    facility: str | None = None
    system: str | None = None
    ro_number: str | None = None
    state: str = OPPORTUNITY
    contact: Contact = Contact()
    vehicle: Vehicle = Vehicle()
    insurer: Insurer = Insurer()
    estimator: str | None = None
    appraiser: str | None = None
    credits: Credits = _NOBODY
    dates: JobDates = JobDates()
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
    service: AtService | None = None

    @property
    def service_state(self) -> str | None:
        """The service's word for this job (wire.vocabulary), None before its first answer."""
        return None if self.service is None else self.service.state

    @property
    def is_gone(self) -> bool:
        """Merged away or erased: it is kept for its key only and never sent."""
        return self.merged_into is not None or self.erased_at_utc is not None

    def fact(self, name: str) -> Any:
        """Return a fact by the name it is stored under: one of FACTS, or a field of the job itself."""
        if name not in FACTS:
            return getattr(self, name)
        part, field = FACTS[name]
        return getattr(getattr(self, part), field)

    def with_facts(self, facts: Mapping[str, Any]) -> "Job":
        """Return the job with these facts in the place of its own, by the names they are stored under."""
        own = {name: value for name, value in facts.items() if name not in FACTS}
        told: dict[str, dict[str, Any]] = {}
        for name in facts.keys() & FACTS.keys():
            part, field = FACTS[name]
            told.setdefault(part, {})[field] = facts[name]
        return replace(self, **own, **{part: replace(getattr(self, part), **values) for part, values in told.items()})


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
    has_email: bool
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
    `undoable` names the step by hand that can be taken back; `others` are the jobs it may be the same as;
    `before_cutoff` is the folder's cut-off date for a job of before it, which is not sent by itself."""

    details: JobDetails
    rule: str
    exclude_refusal: str | None = None
    undoable: str | None = None
    others: tuple[tuple[Job, str], ...] = ()
    before_cutoff: date | None = None


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
