"""What an EMS set says: the values every other part works with. Strings are trimmed, unknown is None.

What a set has hundreds of (lines, labour, subtotals) are msgspec structs, which are made several times as fast; they
hold plain values only, so the garbage collector need not look at them.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import msgspec


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person may want to know about a set; `code` is one of those in ems/normalised.md."""

    table: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Address:
    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """Owner first, then insured, then claimant (DESIGN 4.4); phones are digits only, without extensions."""

    role: str
    first_name: str | None
    last_name: str | None
    company: str | None
    email: str | None
    phones: tuple[str, ...]
    address: Address


@dataclass(frozen=True, slots=True)
class Insurer:
    code: str | None = None
    name: str | None = None
    claim_number: str | None = None
    policy_number: str | None = None
    deductible: Decimal | None = None
    loss_date: date | None = None
    loss_category: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Vehicle:
    vin: str | None = None
    year: int | None = None
    make: str | None = None
    model: str | None = None
    body_style: str | None = None
    color: str | None = None
    plate: str | None = None
    plate_region: str | None = None
    mileage: str | None = None
    impact: str | None = None


@dataclass(frozen=True, slots=True)
class RepairFacility:
    """AD2 RF_*: tells which shop a set belongs to (DESIGN 4.1)."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    tax_id: str | None = None
    licence: str | None = None


class Labor(msgspec.Struct, frozen=True, gc=False):
    """`type` is None where hours or money were written without one."""

    type: str | None
    hours: Decimal | None
    amount: Decimal | None
    included: bool


class Line(msgspec.Struct, frozen=True, gc=False):
    """One estimate line: records of one LINE_NO merged, the part price counted once (ems.md 4)."""

    number: int | None
    description: str | None
    operation: str | None
    part_type: str | None
    part_number: str | None
    quantity: Decimal | None
    price: Decimal | None
    misc: Decimal | None
    sublet: bool
    version: str | None
    labor: tuple[Labor, ...]


class Subtotal(msgspec.Struct, frozen=True, gc=False):
    code: str | None
    description: str | None
    amount: Decimal | None
    hours: Decimal | None
    rollup: bool


@dataclass(frozen=True, slots=True)
class Totals:
    gross: Decimal | None = None
    net: Decimal | None = None
    deductible: Decimal | None = None
    supplement: Decimal | None = None
    tax: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """Instants without zone where a time was written, else days (AD2)."""

    arrived: datetime | date | None = None
    promised: datetime | date | None = None
    completed: datetime | date | None = None
    delivered: datetime | date | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """One export of one version of an estimate."""

    base: str
    system: str | None = None
    ems_version: str | None = None
    software_version: str | None = None
    country: str | None = None
    estimate_id: str | None = None
    export_id: str | None = None
    ro_number: str | None = None
    version: str | None = None
    transaction: str | None = None
    created_at: datetime | None = None
    transmitted_at: datetime | None = None
    complete: bool = False
    tables: tuple[str, ...] = ()
    encoding: str = "cp1252"
    customer: Customer | None = None
    insurer: Insurer = field(default_factory=Insurer)
    vehicle: Vehicle = field(default_factory=Vehicle)
    estimator: str | None = None
    appraiser: str | None = None
    shop: RepairFacility = field(default_factory=RepairFacility)
    dates: Dates = field(default_factory=Dates)
    lines: tuple[Line, ...] = ()
    subtotals: tuple[Subtotal, ...] = ()
    totals: Totals = field(default_factory=Totals)
    memo_options: str | None = None
    memo_damage: str | None = None
    memo_note: str | None = None
    problems: tuple[Problem, ...] = ()
