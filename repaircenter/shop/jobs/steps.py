"""What a person does to a job (DESIGN 4.4, 4.5): contact, conversion, delivery, exclusion, a job by hand, and undo.

Each call is one transaction of the caller; the send rule is applied at once.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from repaircenter.runtime.contact import read_email, read_phones
from repaircenter.runtime.days import country_of, day_in
from repaircenter.runtime.errors import InputRefused
from repaircenter.runtime.ids import new_id
from repaircenter.runtime.text import LANGUAGES, clean_line
from repaircenter.shop.jobs.importing import Target
from repaircenter.shop.model.job import DELIVERED, OPPORTUNITY, REPAIR_ORDER, Contact, Event, HandStep, Job, Version
from repaircenter.shop.outbox import send_rule
from repaircenter.shop.repositories import UnitOfWork
from repaircenter.wire.jobs import Credits
from repaircenter.wire.vocabulary import CHANNELS

CONVERTED, DELIVERED_STEP = "converted_by_hand", "delivered_by_hand"


@dataclass(frozen=True, slots=True)
class Acting:
    """The rules as they are now: `target_of` a folder, whether exclusion is allowed under every rule, and the time."""

    target_of: Callable[[str], Target]
    exclude_always: bool
    now_utc: datetime

    def rules(self, uow: UnitOfWork, job: Job) -> tuple[Target, date, Version | None]:
        """The target of the folder a job came from, today in its shop's zone, and its newest version."""
        newest = uow.versions.newest(job.id)
        target = self.target_of(newest.folder if newest else "")
        return target, day_in(target.zone_of(job.shop_id), self.now_utc), newest

    def zone_of(self, uow: UnitOfWork, job: Job) -> str:
        """The zone of a job's shop."""
        newest = uow.versions.newest(job.id)
        return self.target_of(newest.folder if newest else "").zone_of(job.shop_id)

    def consider(self, uow: UnitOfWork, job: Job) -> Job:
        """Apply the send rule to a job."""
        target, today, newest = self.rules(uow, job)
        return send_rule.consider(uow, job, newest, target.rule, today, self.now_utc, target.cutoff)


def checked(contact: Contact, zone: str) -> Contact:
    """The contact as it is kept: trimmed, one e-mail address, phones in E.164 of the country of the shop's `zone`.

    Raises InputRefused with one clear sentence.
    """
    emails = read_email(contact.email)
    if emails.refused or emails.others:
        raise InputRefused("email")
    read = [read_phones(phone, country_of(zone)) for phone in contact.phones if phone.strip()]
    if not all(read):
        raise InputRefused("phone")
    phones = tuple(dict.fromkeys(number for numbers in read for number in numbers))
    if contact.preferred_channel not in (None, *CHANNELS) or contact.language not in (None, *LANGUAGES):
        raise InputRefused("choice")
    return replace(
        contact,
        email=emails.address,
        phones=phones,
        first_name=_tidy(contact.first_name),
        last_name=_tidy(contact.last_name),
        company=_tidy(contact.company),
    )


def _tidy(text: str | None) -> str | None:
    return " ".join(clean_line(text or "").split())[:120] or None


def edit_contact(uow: UnitOfWork, job: Job, contact: Contact, acting: Acting) -> Job:
    """Keep what a person wrote; no import changes it any more (DESIGN 4.3). A sent job is sent again if it changed."""
    given = checked(contact, acting.zone_of(uow, job))
    changed = {f.name for f in fields(given) if getattr(given, f.name) != getattr(job.contact, f.name)}
    if not changed or job.is_gone:
        return job
    entered = job.entered | changed
    job = uow.jobs.save(
        replace(job, contact=given, entered=entered, blanked_at_utc=None, changed_at_utc=acting.now_utc)
    )
    uow.jobs.add_event(job.id, Event(acting.now_utc, "contact_edited"))
    return acting.consider(uow, job)


def restore_contact(uow: UnitOfWork, job: Job, before: Job, acting: Acting) -> Job:
    """Take an edit of the contact back: the contact of `before`, and what of it had been typed by then, so that
    later exports fill the rest again. A job that was sent is sent again."""
    if job.is_gone:
        return job
    of_contact = {f.name for f in fields(Contact)}
    entered = (job.entered - of_contact) | (before.entered & of_contact)
    job = uow.jobs.save(replace(job, contact=before.contact, entered=frozenset(entered), changed_at_utc=acting.now_utc))
    uow.jobs.add_event(job.id, Event(acting.now_utc, "undone", "contact_edited"))
    return acting.consider(uow, job)


def set_credits(uow: UnitOfWork, job: Job, credits: Credits, acting: Acting) -> Job:
    """Keep who worked on a job; one that was sent is sent again. What a customer was asked about keeps whom it was about
    (B-N1)."""
    if job.is_gone or credits == job.credits:
        return job
    job = uow.jobs.save(replace(job, credits=credits, changed_at_utc=acting.now_utc))
    uow.jobs.add_event(job.id, Event(acting.now_utc, "credits_edited"))
    return acting.consider(uow, job)


def convert(uow: UnitOfWork, job: Job, ro_number: str | None, acting: Acting) -> Job:
    """Opportunity -> repair order by hand; the RO number may come later."""
    number = (ro_number or "").strip()[:40] or None
    if job.state != OPPORTUNITY or job.is_gone:
        return job
    entered = job.entered | (frozenset(("ro_number",)) if number else frozenset())
    after = replace(job, state=REPAIR_ORDER, ro_number=number or job.ro_number, entered=entered)
    return _step(uow, job, after, CONVERTED, number, acting)


def mark_delivered(uow: UnitOfWork, job: Job, day: date, acting: Acting) -> Job:
    """The vehicle was handed over on a day, or will be: a later day arms the send rule for it (DESIGN 4.5)."""
    if job.is_gone:
        return job
    _, today, _ = acting.rules(uow, job)
    after = replace(job, dates=replace(job.dates, delivered_on=day), entered=job.entered | {"delivered_on"})
    if day > today:
        return _step(uow, job, after, "delivery_planned", day.isoformat(), acting)
    return _step(uow, job, replace(after, state=DELIVERED), DELIVERED_STEP, day.isoformat(), acting)


def _step(uow: UnitOfWork, before: Job, after: Job, kind: str, detail: str | None, acting: Acting) -> Job:
    uow.questions.put_hand_step(HandStep(before.id, kind, acting.now_utc, _remembered(before)))
    job = uow.jobs.save(replace(after, changed_at_utc=acting.now_utc))
    uow.jobs.add_event(job.id, Event(acting.now_utc, kind, detail))
    return acting.consider(uow, job)


def _remembered(job: Job) -> str:
    delivered_on = job.dates.delivered_on
    day = None if delivered_on is None else delivered_on.isoformat()
    return json.dumps(
        {
            "state": job.state,
            "ro_number": job.ro_number,
            "delivered_on": day,
            "entered": sorted(job.entered & {"ro_number", "delivered_on"}),
            "sent": job.sent_digest is not None,
        }
    )


def undo(uow: UnitOfWork, job: Job, acting: Acting) -> Job:
    """Take the last step by hand back, within the day: an unsent message is dropped, a sent one becomes a
    withdrawal when the step was what sent it (DESIGN 4.5). Does nothing later."""
    step = uow.questions.hand_step(job.id)
    target, today, _ = acting.rules(uow, job)
    if step is None or not may_undo(step, target.zone_of(job.shop_id), acting.now_utc):
        return job
    before = json.loads(step.before)
    day = before["delivered_on"]
    kept = job.entered - {"ro_number", "delivered_on"} | frozenset(before["entered"])
    job = replace(
        job,
        state=before["state"],
        ro_number=before["ro_number"],
        dates=replace(job.dates, delivered_on=None if day is None else date.fromisoformat(day)),
        entered=kept,
        changed_at_utc=acting.now_utc,
    )
    job = uow.jobs.save(job)
    uow.questions.remove_hand_step(job.id)
    uow.jobs.add_event(job.id, Event(acting.now_utc, "undone", step.kind))
    by_this_step = job.sent_why == send_rule.BY_RULE and not before["sent"]
    if by_this_step and not send_rule.reached(job, target.rule, today):
        return send_rule.withdraw(uow, job, "undone", acting.now_utc)
    return acting.consider(uow, job)


def may_undo(step: HandStep, zone: str, now_utc: datetime) -> bool:
    """Undo is there on the shop's day of the step only."""
    return day_in(zone, step.at_utc) == day_in(zone, now_utc)


def exclude(uow: UnitOfWork, job: Job, acting: Acting) -> Job:
    """Never send this job; what was sent is withdrawn (A-19). Raises InputRefused where the rule does not allow it."""
    target, today, _ = acting.rules(uow, job)
    if job.excluded or job.is_gone:
        return job
    if send_rule.may_exclude(job, target.rule, today, always=acting.exclude_always) is not None:
        raise InputRefused("no_exclude")
    job = uow.jobs.save(replace(job, excluded=True, changed_at_utc=acting.now_utc))
    uow.jobs.add_event(job.id, Event(acting.now_utc, "excluded"))
    return send_rule.withdraw(uow, job, "excluded", acting.now_utc)


def include(uow: UnitOfWork, job: Job, acting: Acting) -> Job:
    """Take an exclusion back; the send rule applies again."""
    if not job.excluded:
        return job
    job = uow.jobs.save(replace(job, excluded=False, skipped=False, changed_at_utc=acting.now_utc))
    uow.jobs.add_event(job.id, Event(acting.now_utc, "included"))
    return acting.consider(uow, job)


def send_now(uow: UnitOfWork, job: Job, acting: Acting) -> Job:
    """Send whatever the rule says (A-19); an excluded job is included first, an unsure one decided first."""
    if job.excluded or job.unsure:
        raise InputRefused("include_first" if job.excluded else "decide_first")
    _, _, newest = acting.rules(uow, job)
    before, job = job.sent_digest, send_rule.send_now(uow, job, newest, acting.now_utc)
    if job.sent_digest != before:
        uow.jobs.add_event(job.id, Event(acting.now_utc, "sent_by_hand"))
    return job


def new_job(uow: UnitOfWork, shop_id: int, job: Job, acting: Acting) -> Job:
    """A job without an estimate, made by a person (DESIGN 4.4); an export that fits joins it later."""
    given = checked(job.contact, acting.zone_of(uow, replace(job, shop_id=shop_id)))
    if not given.name:
        raise InputRefused("name")
    _, today, _ = acting.rules(uow, job)
    job = replace(job, contact=given, dates=replace(job.dates, created_on=today))
    typed = {f.name for f in fields(given)} | _BY_HAND
    mark = new_id(acting.now_utc)
    made = replace(
        job,
        id=0,
        job_key=f"hand:{mark}",
        home=f"hand:{shop_id}",
        shop_id=shop_id,
        version=None,
        state=REPAIR_ORDER if job.ro_number else OPPORTUNITY,
        entered=frozenset(name for name in typed if job.fact(name)),
        received_at_utc=acting.now_utc,
        changed_at_utc=acting.now_utc,
    )
    if send_rule.is_delivered(made, today):
        made = replace(made, state=DELIVERED)
    made = uow.jobs.save(made)
    uow.jobs.add_event(made.id, Event(acting.now_utc, "made_by_hand"))
    return acting.consider(uow, made)


_BY_HAND = frozenset(
    ("ro_number", "vin", "plate", "year", "make", "model", "insurer_name", "claim_number", "estimator", "delivered_on")
)
