"""The send rule (A-19, DESIGN 4.5, 4.6): when a job's message is put into the outbox. Pure rules plus one write."""

from dataclasses import replace
from datetime import date, datetime

from repaircenter.runtime.ids import new_id
from repaircenter.shop.messages import SCHEMA, job_message
from repaircenter.shop.model import DELIVERED, REPAIR_ORDER, FolderTest, Job, OutboxRow, Version
from repaircenter.shop.ports import UnitOfWork
from repaircenter.wire import codec


def reached(job: Job, rule: str, today: date) -> bool:
    """Whether the event of the rule has happened to a job: create, convert, delivery; `never` never happens."""
    if rule == "create":
        return True
    if rule == "convert":
        return job.state in (REPAIR_ORDER, DELIVERED)
    if rule == "delivery":
        return not job.excluded and is_delivered(job, today)
    return False


def is_delivered(job: Job, today: date) -> bool:
    """DATE_OUT <= today with a gross total > 0 in the newest version (DESIGN 4.5)."""
    return job.delivered_on is not None and job.delivered_on <= today and (job.total_cents or 0) > 0


def message_due(job: Job, newest: Version | None) -> tuple[Job, str | None]:
    """The job as it will be remembered, and the payload to send: None when exactly this was sent before.

    A job without a shop is never uploaded (DESIGN 4.1).
    """
    if job.shop_id is None:
        return job, None
    uploaded = codec.digest(codec.encode(job_message(job, None)))
    if uploaded == job.sent_digest:
        return job, None
    payload = codec.encode(job_message(job, newest)).decode()
    return replace(job, sent_digest=uploaded), payload


# A new folder with more sets than this holds old exports.
MANY_SETS = 50


def cutoff_of_new(found: FolderTest, today: date) -> date | None:
    """A new folder full of old exports surveys no old customers unless a person says so (DESIGN 4.5)."""
    return today if found.sets > MANY_SETS else None


def is_before(job: Job, cutoff: date) -> bool:
    """Whether a job of a backlog was neither created nor delivered since the folder's cut-off date (DESIGN 4.5)."""
    return not any(day is not None and day >= cutoff for day in (job.created_on, job.delivered_on))


def rule_fires(job: Job, rule: str, today: date, cutoff: date | None = None) -> bool:
    """Send when the rule's event has happened, and again when an uploaded field of a sent job changed."""
    if job.sent_digest is not None:
        return True
    return reached(job, rule, today) and not (cutoff is not None and is_before(job, cutoff))


def put(uow: UnitOfWork, job: Job, payload: str, now_utc: datetime) -> None:
    """Put a payload into the outbox; a row that never left this PC is replaced (coalesced)."""
    assert job.shop_id is not None
    for row in uow.unsent(job.id):
        if row.kind == "job" and row.started == 0:
            uow.remove_outbox(row.id)
    uow.put_outbox(
        OutboxRow(
            id=new_id(now_utc),
            job_id=job.id,
            shop_id=job.shop_id,
            kind="job",
            schema=SCHEMA,
            payload=payload,
            digest=codec.digest(payload),
            next_try_at_utc=now_utc,
            created_at_utc=now_utc,
        )
    )


def send_now(uow: UnitOfWork, job: Job, newest: Version | None, now_utc: datetime) -> Job:
    """Put the job's current state into the outbox whatever the rule says, unless exactly this was sent before."""
    job, payload = message_due(job, newest)
    if payload is not None:
        job = uow.save_job(job)
        put(uow, job, payload, now_utc)
    return job


def consider(
    uow: UnitOfWork,
    job: Job,
    newest: Version | None,
    rule: str,
    today: date,
    now_utc: datetime,
    cutoff: date | None = None,
) -> Job:
    """Apply the send rule to a stored job."""
    return send_now(uow, job, newest, now_utc) if rule_fires(job, rule, today, cutoff) else job
