"""An Estimate becomes a job, a version, a ledger entry and, if the send rule fires, an outbox row: one transaction.

Rules: DESIGN 4.1-4.5, ems.md 7. Every step may be done twice without harm.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from repaircenter.ems.estimate import Estimate
from repaircenter.ems.normalised import normalise
from repaircenter.runtime.contact import read_phones
from repaircenter.runtime.days import country_of, day_in
from repaircenter.shop.jobs import identity, matching
from repaircenter.shop.model.folder import ASSIGNMENT, ERASED, IMPORTED, INCOMPLETE, SEEN_AGAIN, SUPERSEDED, LedgerEntry
from repaircenter.shop.model.job import DELIVERED, OPPORTUNITY, REPAIR_ORDER, Event, Facility, Job, Shop, Version
from repaircenter.shop.outbox import send_rule
from repaircenter.shop.outbox.messages import payload_of
from repaircenter.shop.ports import SetSighting
from repaircenter.shop.repositories import UnitOfWork
from repaircenter.wire import codec

# Saves of one version this close to each other are one burst, and only the newest counts (ems.md 5).
BURST_SECONDS = 600
_NOT_CONTENT = ("base", "export_id", "created_at", "transmitted_at", "problems", "encoding", "tables")


@dataclass(frozen=True, slots=True)
class Target:
    """Where the sets of a folder belong: one shop, or by repair facility (`shop_id` None), and its rules.

    The send rule leaves jobs alone that were created and delivered before `cutoff` (DESIGN 4.5). Because the newest
    sets come first, it `decides_later`, when the sets that tell how a job began were read too (`decide`).
    """

    folder: str
    shop_id: int | None
    shops: tuple[Shop, ...]
    rule: str
    zone: str = "UTC"
    code_page: str = "cp1252"
    cutoff: date | None = None
    decides_later: bool = False

    def zone_of(self, shop_id: int | None) -> str:
        return next((shop.zone for shop in self.shops if shop.id == shop_id), self.zone)


def import_estimate(
    uow: UnitOfWork, estimate: Estimate, sighting: SetSighting, target: Target, now_utc: datetime
) -> str:
    """Take one set of a watched folder into the store and say what became of it (an outcome above)."""
    outcome, job_id = take_estimate(uow, estimate, target, now_utc)
    if outcome == ASSIGNMENT:
        reason: str | None = "an assignment without estimate lines"
    else:
        missing = sorted({p.table for p in estimate.problems if p.code in ("missing_table", "truncated")})
        reason = f"missing or cut: {', '.join(missing)}" if missing else None
    uow.folders.record_set(_entry(sighting, target, outcome, reason, job_id, now_utc))
    return outcome


def take_estimate(uow: UnitOfWork, estimate: Estimate, target: Target, now_utc: datetime) -> tuple[str, int | None]:
    """Take an estimate into the jobs, wherever it was read; return the outcome and the job's id."""
    if estimate.transaction == "A" and not estimate.lines:
        return ASSIGNMENT, None
    return _import(uow, estimate, target, now_utc)


def record_trouble(
    uow: UnitOfWork, sighting: SetSighting, target: Target, outcome: str, reason: str, now_utc: datetime
) -> None:
    """Keep a set aside with its reason: BROKEN is read again only when it changes, BUSY is tried again."""
    uow.folders.record_set(_entry(sighting, target, outcome, reason, None, now_utc))


def _entry(
    sighting: SetSighting, target: Target, outcome: str, reason: str | None, job_id: int | None, now_utc: datetime
) -> LedgerEntry:
    return LedgerEntry(
        folder=target.folder,
        base=sighting.base,
        signature=sighting.signature,
        outcome=outcome,
        reason=reason,
        job_id=job_id,
        at_utc=now_utc,
    )


def message_of(estimate: Estimate, target: Target, now_utc: datetime) -> str:
    """The message as which an estimate would leave this PC, word for word (A-N8); nothing is kept."""
    order = identity.version_order(estimate.version, estimate.created_at)
    new = Job(job_key=identity.job_key(estimate), home=home_of(estimate, target))
    job = merged(new, estimate, order, day_in(target.zone, now_utc), target.zone)
    return payload_of(job, _version(estimate, normalise(estimate), job, target, order, now_utc))


def _version(
    estimate: Estimate, content: dict[str, Any], job: Job, target: Target, order: int, now_utc: datetime
) -> Version:
    return Version(
        job_id=job.id,
        label=estimate.version or "E01",
        order=order,
        digest=content_digest(content),
        base=estimate.base,
        folder=target.folder,
        imported_at_utc=now_utc,
        total_cents=cents(estimate.totals.gross),
        complete=estimate.complete,
        content=codec.encode(content).decode(),
    )


def _import(uow: UnitOfWork, estimate: Estimate, target: Target, now_utc: datetime) -> tuple[str, int]:
    content = normalise(estimate)
    digest = content_digest(content)
    order = identity.version_order(estimate.version, estimate.created_at)
    match = matching.find(uow, estimate, home_of(estimate, target), _shop_of(uow, estimate, target))
    job = match.job
    if job is not None and job.erased_at_utc is not None:
        return ERASED, job.id
    versions = uow.versions.of_job(job.id) if job else []
    outcome = IMPORTED if estimate.complete else INCOMPLETE
    if job is not None and _is_repeated(versions, digest, estimate.version or "E01", order):
        return SEEN_AGAIN, job.id
    if job is not None and _is_part_of_a_whole(versions, estimate):
        return outcome, job.id
    burst = _burst(versions, estimate, order)
    if job is not None and any(old.order > order for old in burst):
        return SUPERSEDED, job.id
    is_new = job is None
    before = job = job or replace(_new_job(uow, match.key, estimate, target, now_utc), unsure=bool(match.others))
    newest_known = max(versions, key=lambda v: v.order, default=None)
    is_newest = newest_known is None or order >= newest_known.order
    zone = target.zone_of(job.shop_id)
    today = day_in(zone, now_utc)
    job = merged(job, estimate, order, today, zone) if is_newest else fill_blanks(job, estimate, zone)
    version = _version(estimate, content, job, target, order, now_utc)
    payload = None
    may_decide = job.sent_digest is not None or not target.decides_later
    if may_decide and send_rule.rule_fires(job, target.rule, today, target.cutoff):
        job, payload = send_rule.message_due(job, version if is_newest else newest_known)
    job = uow.jobs.save(replace(job, changed_at_utc=now_utc, blanked_at_utc=None))
    if _stage(job) != _stage(before):
        # The files have moved on: taking a step by hand back would take theirs back too.
        uow.questions.remove_hand_step(job.id)
    for old in burst:
        uow.versions.remove(old.id)
    uow.versions.add(replace(version, job_id=job.id))
    _tell(uow, before, job, version, is_new, now_utc, told=bool(burst))
    if match.others:
        matching.ask(uow, job, match, now_utc)
    if is_newest and newest_known is not None and _date_is_gone(before, estimate, newest_known):
        uow.jobs.add_event(job.id, Event(now_utc, "date_gone", str(before.dates.delivered_on)))
    if is_new and target.cutoff is not None and send_rule.is_before(job, target.cutoff):
        uow.jobs.add_event(job.id, Event(now_utc, "before_cutoff", target.cutoff.isoformat()))
    if payload is not None:
        send_rule.put(uow, job, payload, now_utc)
    return outcome, job.id


def content_digest(content: dict[str, Any]) -> str:
    """Digest of what an export says, without what changes with every save (ems.md 7).

    Prices of single lines are left out: other programs write them back into LIN (ems.md 5), while an estimating system
    that changes a price changes the totals too.
    """
    kept = {key: value for key, value in content.items() if key not in _NOT_CONTENT}
    kept["lines"] = [{key: value for key, value in line.items() if key != "price"} for line in content["lines"]]
    return codec.digest(codec.encode(kept))


def _burst(versions: list[Version], estimate: Estimate, order: int) -> list[Version]:
    """Versions of the same number that were saved within minutes of this one; a complete version is never replaced by a part."""
    if estimate.created_at is None:
        return []
    label = estimate.version or "E01"
    near = [v for v in versions if v.label == label and abs(v.order - order) < BURST_SECONDS]
    return [v for v in near if estimate.complete or not v.complete]


def _new_job(uow: UnitOfWork, key: str, estimate: Estimate, target: Target, now_utc: datetime) -> Job:
    facility = identity.facility_key(estimate.shop)
    shop_id = target.shop_id
    if shop_id is None and facility is not None:
        known = uow.jobs.facility(facility)
        if known is None:
            known = Facility(facility, identity.facility_label(estimate.shop), None)
            uow.jobs.put_facility(known)
        shop_id = known.shop_id
    return Job(
        job_key=key,
        home=home_of(estimate, target),
        shop_id=shop_id,
        facility=facility,
        system=estimate.system,
        received_at_utc=now_utc,
    )


def home_of(estimate: Estimate, target: Target) -> str:
    """Where the sets of a job come from: the folder's shop, or the repair facility they name."""
    if target.shop_id is not None:
        return f"shop:{target.shop_id}"
    return f"facility:{identity.facility_key(estimate.shop) or ''}"


def _shop_of(uow: UnitOfWork, estimate: Estimate, target: Target) -> int | None:
    """The folder's shop, or the one a person said the repair facility is."""
    if target.shop_id is not None:
        return target.shop_id
    key = identity.facility_key(estimate.shop)
    facility = uow.jobs.facility(key) if key is not None else None
    return None if facility is None else facility.shop_id


def _is_repeated(versions: list[Version], digest: str, label: str, order: int) -> bool:
    """The same content again: a version that is still the newest, or one that this export is not newer than."""
    newest = max((v.order for v in versions), default=-1)
    same = [v for v in versions if v.digest == digest and v.label == label]
    return any(v.order == newest or order <= v.order for v in same)


def _is_part_of_a_whole(versions: list[Version], estimate: Estimate) -> bool:
    """Part of a version that is there whole (a copy of one file, a save that was cut off): it changes nothing."""
    label = estimate.version or "E01"
    return not estimate.complete and any(v.complete and v.label == label for v in versions)


def _stage(job: Job) -> tuple[str, str | None, date | None]:
    """What a step by hand changes."""
    return job.state, job.ro_number, job.dates.delivered_on


def _date_is_gone(before: Job, estimate: Estimate, previous: Version) -> bool:
    """The newest version no longer has the delivery date the one before had: nothing is undone, it is shown
    (DESIGN 4.5)."""
    if before.dates.delivered_on is None or estimate.dates.delivered is not None or not estimate.complete:
        return False
    return bool(codec.decode(previous.content, dict).get("dates", {}).get("delivered"))


def _fresh(job: Job, estimate: Estimate, zone: str) -> dict[str, Any]:
    """What an export says about the fields of a job, without what it leaves blank or a person entered."""
    customer, vehicle, insurer, dates = estimate.customer, estimate.vehicle, estimate.insurer, estimate.dates
    fresh: dict[str, Any] = {
        "ro_number": estimate.ro_number,
        "vin": vehicle.vin,
        "plate": vehicle.plate,
        "year": vehicle.year,
        "make": vehicle.make,
        "model": vehicle.model,
        "insurer_code": insurer.code,
        "insurer_name": insurer.name,
        "claim_number": insurer.claim_number,
        "estimator": estimate.estimator or estimate.appraiser,
        "appraiser": estimate.appraiser,
        "created_on": min(filter(None, (job.dates.created_on, _day(estimate.created_at))), default=None),
        "arrived_on": _day(dates.arrived),
        "promised_on": _day(dates.promised),
        "delivered_on": _day(dates.delivered),
        "total_cents": cents(estimate.totals.gross),
        "system": estimate.system,
    }
    if customer is not None:
        country = country_of(zone)
        phones = tuple(dict.fromkeys(n for phone in customer.phones for n in read_phones(phone, country)))
        fresh |= {
            "first_name": customer.first_name,
            "last_name": customer.last_name,
            "company": customer.company,
            "email": customer.email,
            "phones": phones or None,
        }
    if estimate.country:
        fresh["currency"] = "USD" if estimate.country == "USA" else "CAD"
    return {name: value for name, value in fresh.items() if value is not None and name not in job.entered}


def merged(job: Job, estimate: Estimate, order: int, today: date, zone: str) -> Job:
    """The job after a newer version: blank never wipes, what a person entered stays (DESIGN 4.3)."""
    label = estimate.version or "E01"
    updated = replace(
        job.with_facts(_fresh(job, estimate, zone)),
        version=label,
        version_order=order,
        complete=estimate.complete,
        facility=identity.facility_key(estimate.shop) or job.facility,
    )
    return replace(updated, state=_state(updated, today))


def fill_blanks(job: Job, estimate: Estimate, zone: str) -> Job:
    """The job after an older version: it only adds what is still unknown, and the day it all began.

    Sets come newest first, so the original of a job may be met after its supplements.
    """
    fresh = _fresh(job, estimate, zone)
    return job.with_facts({name: value for name, value in fresh.items() if name == "created_on" or not job.fact(name)})


def _state(job: Job, today: date) -> str:
    """opportunity -> repair order -> delivered; a state is never lost again by an import (DESIGN 4.5)."""
    if job.state == DELIVERED or send_rule.is_delivered(job, today):
        return DELIVERED
    return REPAIR_ORDER if job.ro_number or job.state == REPAIR_ORDER else OPPORTUNITY


def _tell(
    uow: UnitOfWork, before: Job, job: Job, version: Version, is_new: bool, now_utc: datetime, *, told: bool
) -> None:
    """The timeline's facts of this import; `told` says that a save of the same burst was mentioned already."""
    if not told:
        uow.jobs.add_event(
            job.id, Event(now_utc, "read" if is_new else "version_read", f"{version.label} {version.base}")
        )
    if not version.complete:
        uow.jobs.add_event(job.id, Event(now_utc, "incomplete", version.base))
    if before.state == OPPORTUNITY and job.state != OPPORTUNITY:
        uow.jobs.add_event(job.id, Event(now_utc, "converted", job.ro_number))
    if before.state != DELIVERED and job.state == DELIVERED:
        uow.jobs.add_event(job.id, Event(now_utc, "delivered", str(job.dates.delivered_on)))
    if is_new and job.shop_id is None:
        uow.jobs.add_event(job.id, Event(now_utc, "no_shop"))


def _day(value: datetime | date | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value


def cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int((amount * 100).to_integral_value())


def decide(uow: UnitOfWork, target: Target, now_utc: datetime) -> int:
    """Apply the send rule to the jobs of a folder with a cut-off date that were not decided; return how many it sends."""
    assert target.cutoff is not None
    sent = 0
    if target.rule == "never":
        return 0
    for job in uow.jobs.undecided(target.folder, target.cutoff):
        newest = uow.versions.newest(job.id)
        today = day_in(target.zone_of(job.shop_id), now_utc)
        decided = send_rule.consider(uow, job, newest, target.rule, today, now_utc, target.cutoff)
        sent += decided.sent_digest is not None
    return sent
