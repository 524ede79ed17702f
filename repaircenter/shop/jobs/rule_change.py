"""The send rule as a setting: what another one does to the jobs already there, and the days it waits for (A-19)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from repaircenter.runtime.days import day_in
from repaircenter.shop.jobs.steps import Acting
from repaircenter.shop.model.job import DELIVERED, Event, Job
from repaircenter.shop.model.outbox import SEND_RULES, Counts, RuleChange
from repaircenter.shop.outbox import send_rule
from repaircenter.shop.repositories import UnitOfWork


def preview(jobs: Iterable[Job], counts: Counts, rule: str, cutoffs: dict[int, date], today: date) -> RuleChange:
    """What a rule would do at once: jobs whose event has happened already. Jobs that were sent stay sent; what waits
    in the outbox is sent. `cutoffs` gives the cut-off day of jobs that came from a folder with one."""
    would = excluded = 0
    for job in jobs:
        if job.sent_digest is not None or job.is_gone or job.shop_id is None or job.unsure:
            continue
        if not send_rule.reached(job, rule, today):
            continue
        cutoff = cutoffs.get(job.id)
        if job.excluded:
            excluded += 1
        elif cutoff is None or not send_rule.is_before(job, cutoff):
            would += 1
    return RuleChange(rule, would, counts.to_send, counts.sent, excluded)


AT_ONCE = 300


def change(uow: UnitOfWork, rule: str, acting: Acting, after: int, *, send_present: bool) -> tuple[int, int | None]:
    """Apply a new rule to a portion of the jobs already there: gives how many were sent, and where to go on (None at
    the end). Jobs whose event has happened already are sent with `send_present`, else left alone for good (Send now
    still sends them). `acting` already knows the new rule."""
    assert rule in SEND_RULES
    sent = 0
    jobs = uow.jobs.unsent(after, AT_ONCE)
    for job in jobs:
        _, today, _ = acting.rules(uow, job)
        if not send_rule.reached(job, rule, today):
            if job.skipped:
                uow.jobs.save(replace(job, skipped=False))
        elif send_present:
            considered = acting.consider(uow, replace(job, skipped=False) if job.skipped else job)
            sent += considered.sent_digest is not None
        elif not (job.skipped or job.excluded or job.unsure):
            uow.jobs.save(replace(job, skipped=True))
            uow.jobs.add_event(job.id, Event(acting.now_utc, "rule_skipped", rule))
    return sent, jobs[-1].id if len(jobs) == AT_ONCE else None


def arm(uow: UnitOfWork, acting: Acting, zone: str) -> int:
    """A planned delivery day has come: the job is delivered, and the send rule applies (DESIGN 4.5). Return how many."""
    # Somewhere it may be tomorrow already; each job is looked at by its own shop's day.
    tomorrow = day_in(zone, acting.now_utc) + timedelta(days=1)
    done = 0
    for job in uow.jobs.deliveries_due(tomorrow):
        _, today, _ = acting.rules(uow, job)
        if not send_rule.is_delivered(job, today):
            continue
        job = uow.jobs.save(replace(job, state=DELIVERED, changed_at_utc=acting.now_utc))
        uow.jobs.add_event(job.id, Event(acting.now_utc, "delivered", str(job.dates.delivered_on)))
        acting.consider(uow, job)
        done += 1
    return done


def try_again(uow: UnitOfWork, row_id: str, acting: Acting) -> None:
    """Send a refused or parked message once more: of a job its state as it is now, else the message itself."""
    row = uow.outbox.row(row_id)
    if row is None or row.state not in ("refused", "parked"):
        return
    job = uow.jobs.find(row.job_id)
    if job is not None and row.kind == "job":
        uow.outbox.put(replace(row, state="discarded"))
        if not (job.excluded or job.unsure or job.is_gone):
            newest = acting.rules(uow, job)[2]
            why = job.sent_why or send_rule.BY_HAND
            send_rule.send_now(uow, replace(job, sent_digest=None), newest, acting.now_utc, why)
        return
    if job is not None and row.kind == "withdraw" and job.sent_digest is not None:
        # It was included again since: taking it back is no longer wanted.
        uow.outbox.put(replace(row, state="discarded"))
        return
    uow.outbox.put(replace(row, state="waiting", attempts=0, next_try_at_utc=acting.now_utc, lease_until_utc=None))


def discard(uow: UnitOfWork, row_id: str, now_utc: datetime) -> None:
    """A person gives a refused message up; it stays in the log with its reason."""
    row = uow.outbox.row(row_id)
    if row is not None and row.state in ("refused", "parked"):
        uow.outbox.put(replace(row, state="discarded"))
        uow.jobs.add_event(row.job_id, Event(now_utc, "discarded", row.last_status))
