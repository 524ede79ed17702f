"""Personal data that goes away (DESIGN 4.10): one customer erased, finished jobs blanked, and what a customer may see.

What is personal is listed once, in store.personal; blanking works from that list.
"""

import json
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

import msgspec

from repaircenter.shop.jobs import matching
from repaircenter.shop.model.job import FACTS, PARTS, Event, Job, JobDetails
from repaircenter.shop.outbox import send_rule
from repaircenter.shop.repositories import UnitOfWork
from repaircenter.wire.jobs import AtService, Credits, EraseMessage

# Days a month of retention has; whole days are enough for it.
DAYS_A_MONTH = 30.44
BLANKED_AT_ONCE = 200


def erase(uow: UnitOfWork, job: Job, now_utc: datetime) -> Job:
    """Forget a customer here now and tell the service, which confirms it back. A later export is not taken.

    Jobs that were joined into this one go with it, each under its own key.
    """
    for joined in uow.jobs.merged_into(job.id):
        erase(uow, joined, now_utc)
    job = forget(uow, job, now_utc)
    if job.shop_id is not None:
        send_rule.put(uow, job, EraseMessage(job_key=job.job_key), now_utc)
    return job


def forget(uow: UnitOfWork, job: Job, now_utc: datetime) -> Job:
    """Blank a job for good on this PC only: the service asked for it, or was told already."""
    for row in uow.outbox.unsent(job.id):
        uow.outbox.remove(row.id)
    uow.questions.remove_hand_step(job.id)
    uow.jobs.blank(job.id)
    uow.favourites.forget_results()
    blank = uow.jobs.find(job.id)
    assert blank is not None
    job = uow.jobs.save(
        replace(blank, erased_at_utc=now_utc, entered=frozenset(), unsure=False, sent_digest=None, sent_why=None)
    )
    matching.forget_questions(uow, job.id, now_utc)
    uow.jobs.add_event(job.id, Event(now_utc, "erased"))
    return job


def blank_finished(uow: UnitOfWork, before_utc: datetime, now_utc: datetime) -> int:
    """Blank personal data of finished jobs in which nothing has happened since an instant; return how many were done,
    at most BLANKED_AT_ONCE. Nothing is sent: the service keeps its own time, and is never told the blanks."""
    jobs = uow.jobs.finished_before(before_utc, now_utc, BLANKED_AT_ONCE)
    uow.favourites.forget_results(before_utc)
    for job in jobs:
        uow.jobs.blank(job.id)
        blank = uow.jobs.find(job.id)
        assert blank is not None
        uow.jobs.save(replace(blank, blanked_at_utc=now_utc, entered=frozenset()))
        uow.jobs.add_event(job.id, Event(now_utc, "blanked"))
    return len(jobs)


def exported(jobs: Sequence[JobDetails]) -> bytes:
    """Everything this PC holds of these jobs, as JSON a person can read."""
    return json.dumps([_exported(job) for job in jobs], ensure_ascii=False, indent=2).encode()


def _exported(details: JobDetails) -> dict[str, Any]:
    names = (*(field.name for field in fields(details.job) if field.name not in PARTS), *FACTS)
    job = {name: _plain(details.job.fact(name)) for name in names}
    return {
        "job": {name: value for name, value in job.items() if value not in (None, [], {}, False)},
        "versions": [
            {
                "version": version.label,
                "read": _plain(version.imported_at_utc),
                "estimate": json.loads(version.content or "{}"),
            }
            for version in details.versions
        ],
        "history": [
            {"at": _plain(event.at_utc), "what": event.kind, "detail": event.detail} for event in details.events
        ],
        "sent": [
            {
                "at": _plain(row.sent_at_utc),
                "kind": row.kind,
                "answer": row.last_status,
                "message": _message(row.payload),
            }
            for row in details.outbox
            if row.started
        ],
    }


def _message(payload: str) -> Any:
    return json.loads(payload) if payload else None


def _plain(value: object) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (AtService, Credits)):
        return {name: fact for name, fact in msgspec.to_builtins(value).items() if fact is not None}
    return sorted(value) if isinstance(value, frozenset) else list(value) if isinstance(value, tuple) else value
