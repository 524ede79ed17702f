"""What leaves this PC: the one place that builds the uploaded fields of a job (DESIGN 4.7, A-N8)."""

import json
from collections.abc import Iterator
from typing import Any, get_args

import msgspec

from repaircenter.shop.model.job import Job, Version
from repaircenter.wire import codec
from repaircenter.wire.jobs import Contact, InsurerFacts, JobDates, JobMessage, People, Source, VehicleFacts

SCHEMA = 1


def fields_of(payload: str) -> list[tuple[str, str]]:
    """A message field by field as it leaves this PC: (path with dots, value), in the order people read them.

    Unknown values are left out.
    """
    if not payload:
        return []
    order = {path: place for place, path in enumerate(every_field())}
    return sorted(_flat("", json.loads(payload)), key=lambda field: order.get(field[0], len(order)))


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{prefix}.{name}" if prefix else name, inner)
    elif isinstance(value, list):
        if value:
            yield prefix, ", ".join(map(_said, value))
    elif value is not None:
        yield prefix, str(value)


def _said(value: Any) -> str:
    """One of several values; of two that belong together (a name and a share) both."""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def payload_of(job: Job, newest: Version | None) -> str:
    """What would leave this PC for a job now, word for word (A-N8)."""
    return codec.encode(job_message(job, newest)).decode()


def every_field() -> list[str]:
    """The paths of all fields that may ever leave this PC, in the message's order."""
    return list(_paths("", JobMessage))


def _paths(prefix: str, kind: Any) -> Iterator[str]:
    for field in msgspec.structs.fields(kind):
        path = f"{prefix}.{field.name}" if prefix else field.name
        inner = next((t for t in (field.type, *get_args(field.type)) if _is_struct(t)), None)
        if inner is None:
            yield path
        else:
            yield from _paths(path, inner)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def job_message(job: Job, newest: Version | None) -> JobMessage:
    """The full current state of the uploaded fields of a job."""
    source = (
        None
        if newest is None
        else Source(
            system=job.system,
            base=newest.base,
            folder=newest.folder,
            digest=newest.digest,
            read_at=newest.imported_at_utc,
        )
    )
    contact, vehicle, insurer, dates = job.contact, job.vehicle, job.insurer, job.dates
    return JobMessage(
        job_key=job.job_key,
        version=job.version or "E01",
        version_order=job.version_order,
        ro_number=job.ro_number,
        contact=Contact(
            first_name=contact.first_name,
            last_name=contact.last_name,
            company=contact.company,
            email=contact.email,
            phones=list(contact.phones),
            preferred_channel=contact.preferred_channel,
            language=contact.language,
            do_not_contact=contact.do_not_contact,
        ),
        vehicle=VehicleFacts(year=vehicle.year, make=vehicle.make, model=vehicle.model),
        insurer=InsurerFacts(code=insurer.code, name=insurer.name, claim_number=insurer.claim_number),
        people=People(estimator=job.estimator, appraiser=job.appraiser),
        credits=job.credits,
        dates=JobDates(
            created=dates.created_on, arrived=dates.arrived_on, promised=dates.promised_on, delivered=dates.delivered_on
        ),
        total_cents=job.total_cents,
        currency=job.currency,
        source=source,
    )
