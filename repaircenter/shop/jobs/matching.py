"""Which job an export belongs to when its key alone does not say (DESIGN 4.2): exactly one candidate, or a person is asked.

Jobs whose numbers come late are found by vehicle, claim and RO. Two jobs that may be one are both kept, and the newer
one waits unsent until a person joins them or keeps them apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from repaircenter.ems.estimate import Customer, Estimate
from repaircenter.runtime.text import canonical, sort_key
from repaircenter.shop.jobs import identity
from repaircenter.shop.model.job import DELIVERED, FACTS, Contact, Event, Job, Suggestion, Version
from repaircenter.shop.outbox import send_rule
from repaircenter.shop.repositories import UnitOfWork

SAME_REPAIR, OTHER_VEHICLE = "same_repair", "other_vehicle"
# A VIN mistyped in one version and mended in the next differs in few places.
_MISTYPED = 3
# What the job that is kept takes from the other where it knows nothing itself.
_JOINED = (
    *FACTS,
    "facility",
    "system",
    "ro_number",
    "estimator",
    "appraiser",
    "credits",
    "version",
    "version_order",
    "total_cents",
)


@dataclass(frozen=True, slots=True)
class Found:
    """The job of an export (None: a new one under `key`), and jobs it may be the same as, with the reason."""

    key: str
    job: Job | None = None
    others: tuple[Job, ...] = ()
    reason: str = SAME_REPAIR


def find(uow: UnitOfWork, estimate: Estimate, home: str, shop_id: int | None) -> Found:
    """Look for the job of an export that comes from `home` and belongs to a shop (None: not known yet)."""
    key = identity.job_key(estimate)
    known = _of_key(uow, key, home, shop_id)
    if known is not None and is_other_vehicle(known, estimate):
        key = f"{key}/{canonical(estimate.vehicle.vin)}"
        apart = _of_key(uow, key, home, shop_id)
        return Found(key, apart) if apart is not None else Found(key, None, (known,), OTHER_VEHICLE)
    if known is not None:
        return Found(key, known)
    candidates = uow.jobs.alike(home, shop_id, estimate.vehicle.vin, estimate.ro_number)
    same = [job for job in candidates if likeness(job, key, estimate) == "same"]
    if len(same) == 1:
        return Found(key, _with_better_key(same[0], key, home))
    maybe = [job for job in candidates if likeness(job, key, estimate)]
    return Found(key, None, tuple(maybe[:3]))


def _of_key(uow: UnitOfWork, key: str, home: str, shop_id: int | None) -> Job | None:
    """The job of this key and home. An export that names no facility belongs to the only job of its key, and the
    other way round: the first one may have been written before the facility was filled in (ems.md 5)."""
    same_key = [*uow.jobs.by_key(key), *uow.jobs.by_key(key_at(key, home))]
    exact = next((job for job in same_key if job.home == home), None)
    # The folder's target was changed: the job of this key in the same shop comes along.
    same_shop = next((job for job in same_key if shop_id is not None and job.shop_id == shop_id), None)
    blank = "facility:"
    if exact is not None:
        known: Job | None = exact
    elif same_shop is not None:
        known = replace(same_shop, home=home)
    else:
        known = same_key[0] if len(same_key) == 1 and blank in (home, same_key[0].home) else None
    while known is not None and known.merged_into is not None:
        known = uow.jobs.find(known.merged_into)
    return known


def key_at(key: str, home: str) -> str:
    """The key of a job whose number another facility of the same shop uses too."""
    return f"{key}@{home}"


def is_other_vehicle(job: Job, estimate: Estimate) -> bool:
    """One estimate number, but another vehicle of another customer: the number was used again (ems.md 5).

    A few letters of a VIN or a name that change are a correction, not another vehicle.
    """
    vins = canonical(job.vehicle.vin), canonical(estimate.vehicle.vin)
    if not all(vins) or _differences(*vins) <= _MISTYPED:
        return False
    ours, theirs = _words(job.contact), _words(estimate.customer)
    return bool(ours and theirs) and not ours & theirs


def _words(person: Customer | Contact | None) -> set[str]:
    """The words a customer is called by."""
    names = (person.first_name, person.last_name, person.company) if person else ()
    return set(sort_key(" ".join(filter(None, names))).split())


def _differences(first: str, other: str) -> int:
    return sum(a != b for a, b in zip(first, other, strict=False)) + abs(len(first) - len(other))


def likeness(job: Job, key: str, estimate: Estimate) -> str | None:
    """`same`, `maybe`, or None: how much an export without a known key looks like a job that is there.

    Two estimates that both have a number of their own are never joined without a person.
    """
    if job.is_gone:
        return None
    vin = _compare(job.vehicle.vin, estimate.vehicle.vin)
    repair_order = _compare(job.ro_number, estimate.ro_number)
    claim = _compare(job.insurer.claim_number, estimate.insurer.claim_number)
    if vin is False or repair_order is False or claim is False:
        return None
    certain = sum((vin is True, repair_order is True, claim is True)) >= 2
    if not (identity.is_weak(job.job_key) or identity.is_weak(key)):
        return "maybe" if certain else None
    if certain:
        return "same"
    if vin is True or repair_order is True:
        return "maybe" if job.state == DELIVERED else "same"
    return None


def _compare(first: str | None, other: str | None) -> bool | None:
    """Equal, different, or None when one of them is not known."""
    ours, theirs = canonical(first), canonical(other)
    return ours == theirs if ours and theirs else None


def _with_better_key(job: Job, key: str, home: str) -> Job:
    """The estimate's own number takes the place of a makeshift key, as long as the service was not told that one."""
    told = job.sent_digest is not None or job.service is not None
    if told or not identity.is_weak(job.job_key) or identity.is_weak(key):
        return job
    return replace(job, job_key=key, home=home)


def ask(uow: UnitOfWork, job: Job, match: Found, now_utc: datetime) -> None:
    """Keep the question whether a new job is the same as others."""
    for other in match.others:
        uow.questions.add_suggestion(Suggestion(0, job.id, other.id, match.reason, now_utc))
    uow.jobs.add_event(job.id, Event(now_utc, "unsure", match.reason))


def join(uow: UnitOfWork, keep: Job, gone: Job, now_utc: datetime) -> Job:
    """A person says that two jobs are one: versions and history move, what the service was told of the other is
    withdrawn (DESIGN 4.6). The sender's rule is applied by the caller."""
    uow.versions.move_history(gone.id, keep.id)
    facts = {name: gone.fact(name) for name in _JOINED if not keep.fact(name) and gone.fact(name)}
    newest = newest_of(uow.versions.of_job(keep.id))
    if newest is not None:
        facts |= {"version": newest.label, "version_order": newest.order, "total_cents": newest.total_cents}
    entered = keep.entered | (gone.entered & facts.keys())
    state = max((keep.state, gone.state), key=("opportunity", "repair_order", "delivered").index)
    send_rule.withdraw(uow, replace(gone, merged_into=keep.id, unsure=False), "merged", now_utc)
    uow.questions.remove_hand_step(gone.id)
    uow.questions.remove_hand_step(keep.id)
    kept = uow.jobs.save(replace(keep.with_facts(facts), entered=entered, state=state, changed_at_utc=now_utc))
    uow.jobs.add_event(kept.id, Event(now_utc, "joined", gone.ro_number))
    for question in uow.questions.suggestions_about(gone.id):
        _about_the_kept(uow, question, gone.id, kept.id)
    return _answered(uow, kept, now_utc)


def _about_the_kept(uow: UnitOfWork, question: Suggestion, gone_id: int, kept_id: int) -> None:
    """A question about a job that was joined is one about the job that was kept; the pair's own is answered."""
    if {question.job_id, question.other_id} == {gone_id, kept_id}:
        uow.questions.remove_suggestion(question.id)
        return
    moved = {gone_id: kept_id}
    uow.questions.put_suggestion(
        replace(
            question,
            job_id=moved.get(question.job_id, question.job_id),
            other_id=moved.get(question.other_id, question.other_id),
        )
    )


def _answered(uow: UnitOfWork, job: Job, now_utc: datetime) -> Job:
    """A job is unsure as long as a question of its own is open."""
    open_still = any(question.job_id == job.id for question in uow.questions.suggestions_about(job.id))
    return uow.jobs.save(replace(job, unsure=open_still, changed_at_utc=now_utc))


def keep_apart(uow: UnitOfWork, job: Job, now_utc: datetime) -> Job:
    """A person says that a job is one of its own; other jobs that may be the same as it are still asked about."""
    for question in uow.questions.suggestions_about(job.id):
        if question.job_id == job.id:
            uow.questions.remove_suggestion(question.id)
    uow.jobs.add_event(job.id, Event(now_utc, "kept_apart"))
    return _answered(uow, job, now_utc)


def forget_questions(uow: UnitOfWork, job_id: int, now_utc: datetime) -> list[Job]:
    """A job is gone for good: nothing is asked about it any more. Return the jobs that waited for nothing else."""
    released = []
    for question in uow.questions.suggestions_about(job_id):
        uow.questions.remove_suggestion(question.id)
        waiting = uow.jobs.find(question.job_id)
        if waiting is not None and waiting.id != job_id:
            waiting = _answered(uow, waiting, now_utc)
            released += [waiting] if not waiting.unsure else []
    return released


def newest_of(versions: Sequence[Version]) -> Version | None:
    return max(versions, key=lambda version: version.order, default=None)
