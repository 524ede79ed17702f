"""Rows of the store <-> values of shop.model."""

import json
from dataclasses import fields
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import RowMapping

from repaircenter.runtime.contact import dialled
from repaircenter.runtime.text import sort_key
from repaircenter.shop.jobs.identity import search_text
from repaircenter.shop.model.folder import FolderSetting, LedgerEntry
from repaircenter.shop.model.job import (
    FACTS,
    PARTS,
    Event,
    Facility,
    HandStep,
    Job,
    JobLine,
    Shop,
    Suggestion,
    Version,
    customer_name,
    vehicle_name,
)
from repaircenter.shop.model.outbox import OutboxRow
from repaircenter.wire import codec
from repaircenter.wire.jobs import AtService, Credits

Row = RowMapping
_FACTS_OF = {part: [(name, field) for name, (at, field) in FACTS.items() if at == part] for part in PARTS}
_OWN = tuple(field.name for field in fields(Job) if field.name not in (*PARTS, "id", "service"))


def job_values(job: Job) -> dict[str, Any]:
    """Columns of a job without its id; `search` holds the words it is found by."""
    contact, vehicle, insurer, service = job.contact, job.vehicle, job.insurer, job.service
    values = {name: getattr(job, name) for name in _OWN}
    for part in PARTS:
        facts = getattr(job, part)
        values |= {name: getattr(facts, field) for name, field in _FACTS_OF[part]}
    values["phones"] = json.dumps(list(contact.phones))
    values["entered"] = json.dumps(sorted(job.entered))
    values["credits"] = codec.encode(job.credits).decode()
    values["service"] = None if service is None else codec.encode(service).decode()
    values["service_state"] = job.service_state
    values["service_reason"] = None if service is None else service.reason
    values["service_received_at_utc"] = None if service is None else service.received_at
    values["service_stars"] = None if service is None else service.stars
    values["search"] = search_text(
        contact.first_name,
        contact.last_name,
        contact.company,
        job.ro_number,
        insurer.claim_number,
        vehicle.plate,
        vehicle.vin,
        contact.email,
        insurer.name,
        vehicle.make,
        vehicle.model,
        *map(dialled, contact.phones),
    )
    return values


def values_of(value: Any) -> dict[str, Any]:
    """Columns of any other value: its fields as they are."""
    kind: Any = type(value)
    return {name: getattr(value, name) for name in _names(kind)}


def job_of(row: Row) -> Job:
    values = {name: row[name] for name in _OWN}
    for part, kind in PARTS.items():
        facts = {field: row[name] for name, field in _FACTS_OF[part]}
        if part == "contact":
            facts["phones"] = tuple(json.loads(facts["phones"]))
        values[part] = kind(**facts)
    values["id"] = row["id"]
    values["entered"] = frozenset(json.loads(row["entered"]))
    values["credits"] = _credits_of(row["credits"])
    values["service"] = at_service_of(row["service"])
    return Job(**values)


# Of most jobs nobody was named: they share this.
_NOBODY = Credits()


def _credits_of(text: str) -> Credits:
    """Who worked on a job, as it is kept."""
    return _NOBODY if text == "{}" else codec.decode(text, Credits)


def at_service_of(text: str | None) -> AtService | None:
    """What the service said of a job, as it is kept."""
    return None if text is None else codec.decode(text, AtService)


def line_of(row: Any) -> JobLine:
    """A row of `reading.LINE_COLUMNS` in their order."""
    number, shop, ro, state, first, last, company, year, make, model, *rest = row
    insurer, version, order, total, currency, received, created, delivered, complete, email, phones, *more = rest
    unwanted, excluded, skipped, unsure, merged, erased, digest, service, reason, stars = more
    customer = customer_name(first, last, company)
    vehicle = _shared(vehicle_name(year, make, model))
    return JobLine(
        id=number,
        shop_id=shop,
        ro_number=ro,
        state=_shared(state),
        customer=customer,
        vehicle=vehicle,
        insurer=_shared(insurer),
        version=_shared(version),
        version_order=order,
        total_cents=total,
        currency=_shared(currency),
        received_at_utc=received,
        created_on=created,
        delivered_on=delivered,
        complete=complete,
        reachable=bool(email or phones != "[]") and not unwanted,
        has_email=bool(email),
        do_not_contact=unwanted,
        excluded=excluded,
        skipped=skipped,
        unsure=unsure,
        gone="erased" if erased else "merged" if merged else None,
        sent=digest is not None,
        service_state=_shared(service),
        service_reason=_shared(reason),
        service_stars=stars,
        customer_key=sort_key(customer),
        vehicle_key=_key_of(vehicle),
        insurer_key=_key_of(insurer or ""),
    )


@lru_cache(maxsize=4096)
def _shared(text: Any) -> Any:
    """The one object for a text that many jobs share: a list of 20,000 is a third smaller."""
    return text


@lru_cache(maxsize=4096)
def _key_of(text: str) -> str:
    """The sort key of a text that many jobs share."""
    return sort_key(text)


def hand_step_of(row: Row) -> HandStep:
    return HandStep(**{name: row[name] for name in _names(HandStep)})


def suggestion_of(row: Row) -> Suggestion:
    return Suggestion(**{name: row[name] for name in _names(Suggestion)})


def version_of(row: Row) -> Version:
    return Version(**{name: row[name] for name in _names(Version)})


def event_of(row: Row) -> Event:
    return Event(row["at_utc"], row["kind"], row["detail"])


def outbox_of(row: Row) -> OutboxRow:
    return OutboxRow(**{name: row[name] for name in _names(OutboxRow)})


def ledger_of(row: Row) -> LedgerEntry:
    return LedgerEntry(**{name: row[name] for name in _names(LedgerEntry)})


def shop_of(row: Row) -> Shop:
    return Shop(**{name: row[name] for name in _names(Shop)})


def folder_of(row: Row) -> FolderSetting:
    return FolderSetting(**{name: row[name] for name in _names(FolderSetting)})


def facility_of(row: Row) -> Facility:
    return Facility(row["key"], row["label"], row["shop_id"])


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
