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
from repaircenter.shop.model.job import Event, Facility, HandStep, Job, JobLine, Shop, Suggestion, Version
from repaircenter.shop.model.outbox import OutboxRow

Row = RowMapping


def job_values(job: Job) -> dict[str, Any]:
    """Columns of a job without its id; `search` holds the words it is found by."""
    values = values_of(job)
    del values["id"]
    values["phones"] = json.dumps(list(job.phones))
    values["entered"] = json.dumps(sorted(job.entered))
    values["search"] = search_text(
        job.first_name,
        job.last_name,
        job.company,
        job.ro_number,
        job.claim_number,
        job.plate,
        job.vin,
        job.email,
        job.insurer_name,
        job.make,
        job.model,
        *map(dialled, job.phones),
    )
    return values


def values_of(value: Any) -> dict[str, Any]:
    """Columns of any other value: its fields as they are."""
    kind: Any = type(value)
    return {name: getattr(value, name) for name in _names(kind)}


def job_of(row: Row) -> Job:
    values = {name: row[name] for name in _names(Job)}
    values["phones"] = tuple(json.loads(values["phones"]))
    values["entered"] = frozenset(json.loads(values["entered"]))
    return Job(**values)


def line_of(row: Any) -> JobLine:
    """A row of `reading.LINE_COLUMNS` in their order."""
    number, shop, ro, state, first, last, company, year, make, model, *rest = row
    insurer, version, order, total, currency, received, created, delivered, complete, email, phones, *more = rest
    unwanted, excluded, skipped, unsure, merged, erased, digest, service, reason, stars = more
    customer = " ".join(part for part in (first, last) if part) or company or ""
    vehicle = _shared(" ".join(str(part) for part in (year, make, model) if part))
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
