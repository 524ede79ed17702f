"""Which shop a job belongs to (DESIGN 4.1): repair facilities are confirmed once by a person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from repaircenter.runtime.days import day_in
from repaircenter.runtime.text import canonical, digits
from repaircenter.shop.jobs import matching
from repaircenter.shop.jobs.importing import Target
from repaircenter.shop.model.job import Facility, Job, Shop
from repaircenter.shop.outbox import send_rule
from repaircenter.shop.repositories import UnitOfWork
from repaircenter.wire.jobs import EraseMessage

TargetOf = Callable[[str], Target]


def consider(uow: UnitOfWork, job: Job, target_of: TargetOf, now_utc: datetime) -> Job:
    """Apply the send rule of the folder a job came from to the job as it is stored now."""
    newest = uow.versions.newest(job.id)
    target = target_of(newest.folder if newest else "")
    today = day_in(target.zone_of(job.shop_id), now_utc)
    return send_rule.consider(uow, job, newest, target.rule, today, now_utc, target.cutoff)


def confirm_facility(uow: UnitOfWork, facility: Facility, target_of: TargetOf, now_utc: datetime) -> int:
    """A person said which shop a repair facility is: its waiting jobs get the shop; return how many."""
    uow.jobs.put_facility(facility)
    jobs = uow.jobs.of_facility(facility.key)
    if facility.shop_id is not None:
        for job in jobs:
            place(uow, job, facility.shop_id, target_of, now_utc)
    return len(jobs)


def place(uow: UnitOfWork, job: Job, shop_id: int, target_of: TargetOf, now_utc: datetime) -> None:
    """Give a job its shop; the send rule of the folder it came from is applied at once.

    Should the shop have a job of this number already, from another facility, both are kept and a person is asked.
    """
    other = uow.jobs.of_shop(shop_id, job.job_key)
    if other is not None and other.id != job.id:
        job = uow.jobs.save(replace(job, job_key=matching.key_at(job.job_key, job.home), unsure=True))
        matching.ask(uow, job, matching.Found(job.job_key, None, (other,)), now_utc)
    job = uow.jobs.save(replace(job, shop_id=shop_id, changed_at_utc=now_utc))
    if job.erased_at_utc is not None:
        send_rule.put(uow, job, EraseMessage(job_key=job.job_key), now_utc)
    consider(uow, job, target_of, now_utc)


def suggested_shop(facility: Facility, shops: tuple[Shop, ...]) -> Shop | None:
    """The account's shop whose tax id, licence, phone or name is the facility's; None unless exactly one."""
    kind, _, value = facility.key.partition(":")
    keys = {
        "tax": lambda s: canonical(s.tax_id),
        "licence": lambda s: canonical(s.licence),
        "phone": lambda s: digits(s.phone),
        "name": lambda s: canonical(s.name),
    }
    alike = [shop for shop in shops if keys[kind](shop) == value]
    return alike[0] if len(alike) == 1 else None
