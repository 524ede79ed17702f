"""What travels between desk and service. Instants are RFC 3339 UTC, money integer cents with its currency.

Open sets (kinds, outcomes, reasons, states) travel as strings: an unknown one is shown as "needs a newer desk".
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


class Envelope(Struct, frozen=True, kw_only=True):
    """One outbox row on its way: `key` is the same on every try, `payload` the message of `kind` as JSON text."""

    key: str
    kind: str
    schema: int
    shop_id: int
    digest: str
    payload: str


class BatchRequest(Struct, frozen=True, kw_only=True):
    items: list[Envelope]


class ItemAnswer(Struct, frozen=True, kw_only=True):
    """`outcome`: kept, filtered, already_have, superseded, withdrawn, erased, refused."""

    key: str
    outcome: str
    reason: str | None = None
    server_id: int | None = None


class BatchAnswer(Struct, frozen=True, kw_only=True):
    items: list[ItemAnswer]


class PairRequest(Struct, frozen=True, kw_only=True):
    """A shop admin makes this PC an installation of the account."""

    email: str
    password: str
    device_name: str


class ShopInfo(Struct, frozen=True, kw_only=True):
    """A shop as the service knows it; the facility fields match AD2 RF_* (DESIGN 4.1)."""

    id: int
    name: str
    zone: str
    group: str | None = None
    tax_id: str | None = None
    licence: str | None = None
    phone: str | None = None


class PairAnswer(Struct, frozen=True, kw_only=True):
    installation_id: int
    secret: str
    shops: list[ShopInfo]


class SessionRequest(Struct, frozen=True, kw_only=True):
    """The installation's own sign-in."""

    installation_id: int
    secret: str


class SignInRequest(Struct, frozen=True, kw_only=True):
    email: str
    password: str


class RefreshRequest(Struct, frozen=True, kw_only=True):
    """A person's session is opened again after the cut-off; the answer brings the next refresh token."""

    refresh: str
    attempt: str = ""


class SessionAnswer(Struct, frozen=True, kw_only=True):
    """A session of either kind; `ends_at` is the announced cut-off (requirements 6.12).

    `now` is the service's own time: a desk whose clock is wrong reckons with the difference. `refresh` is a person's
    next refresh token (DESIGN 3.10). `surveys` is the licence for reports (A-01). `programmes` changes whenever the
    programmes of these shops do (DESIGN 4.6).
    """

    token: str
    ends_at: datetime
    shops: list[ShopInfo]
    person: str | None = None
    role: str | None = None
    language: str | None = None
    now: datetime | None = None
    refresh: str | None = None
    surveys: bool = True
    programmes: str | None = None


class LeaseClaim(Struct, frozen=True, kw_only=True):
    """A shop and the place (a digest of the share's address) from which an installation collects for it."""

    shop_id: int
    place: str


class LeaseRequest(Struct, frozen=True, kw_only=True):
    """An installation says where it collects for which shop (A-16); `take_over` puts it in another one's place."""

    claims: list[LeaseClaim]
    device_name: str
    take_over: bool = False


class LeaseInfo(Struct, frozen=True, kw_only=True):
    """Who collects for a shop from a place, and since when."""

    shop_id: int
    place: str
    mine: bool
    device_name: str
    since: datetime


class LeaseAnswer(Struct, frozen=True, kw_only=True):
    held: list[LeaseInfo]


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


class JobStateInfo(Struct, frozen=True, kw_only=True):
    """What the service did with a job: the steps behind the timeline (A-N1)."""

    job_key: str
    state: str
    reason: str | None = None
    received_at: datetime | None = None
    callable_on: date | None = None
    invited_at: datetime | None = None
    opened_at: datetime | None = None
    answered_at: datetime | None = None
    published_at: datetime | None = None
    stars: int | None = None


class JobStateAnswer(Struct, frozen=True, kw_only=True):
    jobs: list[JobStateInfo]


class Favourite(Struct, frozen=True, kw_only=True):
    """A saved report: its parameters stay relative ("this month") and are worked out at each run (A-36)."""

    id: int = 0
    name: str
    report: str
    parameters: dict[str, str]
    shops: list[int]


class FavouriteList(Struct, frozen=True, kw_only=True):
    favourites: list[Favourite]


class ReportInfo(Struct, frozen=True, kw_only=True):
    """A report one can run. `parameters` names those of requirements 9.1 that it takes."""

    id: str
    parameters: list[str]


class ReportOptions(Struct, frozen=True, kw_only=True):
    """What a person may choose from: programmes by id, employees by role, measures (empty: those of the first wire),
    questions by key with their text in each language."""

    programmes: dict[str, str] = {}
    employees: dict[str, list[str]] = {}
    measures: list[str] = []
    questions: dict[str, dict[str, str]] = {}


class ReportList(Struct, frozen=True, kw_only=True):
    reports: list[ReportInfo]


class RunRequest(Struct, frozen=True, kw_only=True):
    report: str
    parameters: dict[str, str]
    shops: list[int]
    language: str = "en"


class RunState(Struct, frozen=True, kw_only=True):
    """`state`: running, done, failed, stopped. `parts` says how many parts of the document are there."""

    id: str
    state: str
    parts: int
    error: str | None = None


class Refusal(Struct, frozen=True, kw_only=True):
    """Why a request was not carried out: a code the desk has words for."""

    code: str
    least_version: int | None = None
