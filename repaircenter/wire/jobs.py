"""A job as it leaves the PC, and what the service says of it.

Instants are RFC 3339 UTC, money integer cents with its currency.
"""

from datetime import date, datetime

from msgspec import Struct


class Contact(Struct, frozen=True, kw_only=True):
    """Who the customer is and how they may be reached."""

    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    email: str | None = None
    phones: list[str] = []
    preferred_channel: str | None = None
    language: str | None = None
    do_not_contact: bool = False


class VehicleFacts(Struct, frozen=True, kw_only=True):
    year: int | None = None
    make: str | None = None
    model: str | None = None


class InsurerFacts(Struct, frozen=True, kw_only=True):
    code: str | None = None
    name: str | None = None
    claim_number: str | None = None


class People(Struct, frozen=True, kw_only=True):
    """Staff attached to the job (requirements 7.6)."""

    estimator: str | None = None
    appraiser: str | None = None


class Credits(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who worked on the job, entered by hand: (name, share) by role, the shares of a role together 1 (B-N7)."""

    technician: list[tuple[str, float]] = []
    service_writer: list[tuple[str, float]] = []


class JobDates(Struct, frozen=True, kw_only=True):
    """Days in the shop's zone."""

    created: date | None = None
    arrived: date | None = None
    promised: date | None = None
    delivered: date | None = None


class Source(Struct, frozen=True, kw_only=True):
    """Where the newest version was read (A-13)."""

    system: str | None = None
    base: str
    folder: str
    digest: str
    read_at: datetime


class JobMessage(Struct, frozen=True, kw_only=True):
    """The full current state of the uploaded fields of one job (DESIGN 4.6, 4.7); nothing else leaves the PC."""

    job_key: str
    version: str
    version_order: int
    ro_number: str | None = None
    contact: Contact
    vehicle: VehicleFacts
    insurer: InsurerFacts
    people: People
    credits: Credits = Credits()
    dates: JobDates
    total_cents: int | None = None
    currency: str = "CAD"
    source: Source | None = None


class WithdrawMessage(Struct, frozen=True, kw_only=True):
    """Stop what was not yet asked and blank personal data (excluded, merged away)."""

    job_key: str
    reason: str = "excluded"


class EraseMessage(Struct, frozen=True, kw_only=True):
    """A customer asked to be forgotten: the service blanks everything personal of the job and keeps it blank."""

    job_key: str


Message = JobMessage | WithdrawMessage | EraseMessage
# What an outbox row may hold, by the kind its envelope names.
MESSAGES: dict[str, type[Message]] = {"job": JobMessage, "withdraw": WithdrawMessage, "erase": EraseMessage}
KIND_OF: dict[type[Message], str] = {message: kind for kind, message in MESSAGES.items()}


class KnownJob(Struct, frozen=True, kw_only=True):
    """A job and the digest of its uploaded fields (wire.content)."""

    job_key: str
    digest: str


class KnownRequest(Struct, frozen=True, kw_only=True):
    """Before a backlog is sent: which of these does the service have exactly so? (DESIGN 4.2)"""

    shop_id: int
    jobs: list[KnownJob]


class KnownAnswer(Struct, frozen=True, kw_only=True):
    job_keys: list[str]


class JobStateRequest(Struct, frozen=True, kw_only=True):
    shop_id: int
    job_keys: list[str]


class AtService(Struct, frozen=True, kw_only=True):
    """What the service did with a job: the steps behind the timeline (A-N1).

    `channel` is the one the customer is asked by, `channels` are those of the programme, which decide whom it can ask.
    `called_at` is the first of so many `calls`.
    """

    state: str
    reason: str | None = None
    received_at: datetime | None = None
    callable_on: date | None = None
    invited_at: datetime | None = None
    reminded_at: datetime | None = None
    opened_at: datetime | None = None
    started_at: datetime | None = None
    answered_at: datetime | None = None
    published_at: datetime | None = None
    stars: int | None = None
    channel: str | None = None
    channels: list[str] = []
    delivered_at: datetime | None = None
    called_at: datetime | None = None
    calls: int = 0


class JobStateInfo(AtService, frozen=True, kw_only=True):
    """What the service did with the job of this key."""

    job_key: str


class JobStateAnswer(Struct, frozen=True, kw_only=True):
    jobs: list[JobStateInfo]
