"""The send rule (A-19, DESIGN 4.5, 4.6): when a message of a job is put into the outbox, and when one is taken back."""

from dataclasses import replace
from datetime import date, datetime

from repaircenter.runtime.ids import new_id
from repaircenter.shop.model.folder import FolderTest
from repaircenter.shop.model.job import DELIVERED, REPAIR_ORDER, Event, Job, Version
from repaircenter.shop.model.outbox import OutboxRow
from repaircenter.shop.outbox.messages import SCHEMA, job_message
from repaircenter.shop.repositories import UnitOfWork
from repaircenter.wire import codec
from repaircenter.wire.jobs import KIND_OF, Message, WithdrawMessage

BY_RULE, BY_HAND = "rule", "hand"


def reached(job: Job, rule: str, today: date) -> bool:
    """Whether the event of the rule has happened to a job: create, convert, delivery; `never` never happens."""
    if rule == "create":
        return True
    if rule == "convert":
        return job.state in (REPAIR_ORDER, DELIVERED)
    if rule == "delivery":
        return is_delivered(job, today)
    return False


def is_delivered(job: Job, today: date) -> bool:
    """DATE_OUT <= today with a gross total > 0 in the newest version, or a day a person entered (DESIGN 4.5)."""
    delivered_on = job.dates.delivered_on
    if delivered_on is None or delivered_on > today:
        return False
    return (job.total_cents or 0) > 0 or "delivered_on" in job.entered


def may_exclude(job: Job, rule: str, today: date, *, always: bool) -> str | None:
    """None when a person may exclude this job, else why not (A-19): rule_create, rule_convert, rule_never, delivered.

    CREATE and CONVERT send everything, NEVER sends nothing by itself, DELIVERY allows it before the delivery; with
    `always` the shop allows it under every rule (DESIGN 4.5).
    """
    if always:
        return None
    if rule != "delivery":
        return f"rule_{rule}"
    return "delivered" if is_delivered(job, today) else None


def message_due(job: Job, newest: Version | None, why: str = BY_RULE) -> tuple[Job, str | None]:
    """The job as it will be remembered, and the payload to send: None when exactly this was sent before.

    A job without a shop is never uploaded (DESIGN 4.1), nor is one that is gone, nor one whose personal data was
    removed here after its time: the service must not be told the blanks.
    """
    if job.shop_id is None or job.is_gone or job.blanked_at_utc is not None:
        return job, None
    uploaded = codec.digest(codec.encode(job_message(job, None)))
    if uploaded == job.sent_digest:
        return job, None
    payload = codec.encode(job_message(job, newest)).decode()
    return replace(job, sent_digest=uploaded, sent_why=job.sent_why or why), payload


# A new folder with more sets than this holds old exports.
MANY_SETS = 50


def cutoff_of_new(tested: FolderTest, today: date) -> date | None:
    """A new folder full of old exports surveys no old customers unless a person says so (DESIGN 4.5)."""
    return today if tested.sets > MANY_SETS else None


def is_before(job: Job, cutoff: date) -> bool:
    """Whether a job of a backlog was neither created nor delivered since the folder's cut-off date (DESIGN 4.5)."""
    return not any(day is not None and day >= cutoff for day in (job.dates.created_on, job.dates.delivered_on))


def rule_fires(job: Job, rule: str, today: date, cutoff: date | None = None) -> bool:
    """Send when the rule's event has happened, and again when an uploaded field of a sent job changed."""
    if job.excluded or job.unsure or job.is_gone:
        return False
    if job.sent_digest is not None:
        return True
    if job.skipped or not reached(job, rule, today):
        return False
    return not (cutoff is not None and is_before(job, cutoff))


def put(uow: UnitOfWork, job: Job, message: Message | str, now_utc: datetime) -> None:
    """Put a message (or the payload of a `job` message) into the outbox.

    Rows of this job that never left this PC say what is no longer true: a newer one takes their place.
    """
    assert job.shop_id is not None
    kind = "job" if isinstance(message, str) else KIND_OF[type(message)]
    payload = message if isinstance(message, str) else codec.encode(message).decode()
    drop_unsent(uow, job)
    uow.outbox.put(
        OutboxRow(
            id=new_id(now_utc),
            job_id=job.id,
            shop_id=job.shop_id,
            kind=kind,
            schema=SCHEMA,
            payload=payload,
            digest=codec.digest(payload),
            next_try_at_utc=now_utc,
            created_at_utc=now_utc,
        )
    )


def drop_unsent(uow: UnitOfWork, job: Job) -> None:
    """Take `job` messages that never left this PC out of the outbox."""
    for row in uow.outbox.unsent(job.id):
        if row.kind == "job" and row.started == 0:
            uow.outbox.remove(row.id)


def has_left(uow: UnitOfWork, job: Job) -> bool:
    """Whether the service may hold this job: the last answer about it says so, or a try was begun whose answer is
    not known. What became of its survey does not matter: a survey may end while the job is still there."""
    if any(row.kind == "job" and row.started for row in uow.outbox.unsent(job.id)):
        return True
    return uow.outbox.last_answer(job.id) in ("kept", "already_have", "superseded")


def withdraw(uow: UnitOfWork, job: Job, reason: str, now_utc: datetime) -> Job:
    """Take a job back: an unsent message is dropped, a sent one followed by a withdrawal (DESIGN 4.5, 4.6)."""
    left = has_left(uow, job)
    drop_unsent(uow, job)
    job = uow.jobs.save(replace(job, sent_digest=None, sent_why=None, changed_at_utc=now_utc))
    if left and job.shop_id is not None:
        put(uow, job, WithdrawMessage(job_key=job.job_key, reason=reason), now_utc)
        uow.jobs.add_event(job.id, Event(now_utc, "withdrawal", reason))
    return job


def send_now(uow: UnitOfWork, job: Job, newest: Version | None, now_utc: datetime, why: str = BY_HAND) -> Job:
    """Put the job's current state into the outbox whatever the rule says, unless exactly this was sent before."""
    job, payload = message_due(job, newest, why)
    if payload is not None:
        job = uow.jobs.save(job)
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
    return send_now(uow, job, newest, now_utc, BY_RULE) if rule_fires(job, rule, today, cutoff) else job
