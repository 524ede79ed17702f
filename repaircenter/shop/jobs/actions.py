"""What people ask of the shop's side, each as one transaction.

Every call may block and belongs on a background thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from repaircenter.runtime.clock import Clock
from repaircenter.runtime.days import day_in
from repaircenter.shop.jobs import erasure, facilities, matching, rule_change, steps
from repaircenter.shop.jobs.importing import Target
from repaircenter.shop.jobs.opened import OpenedSet, take
from repaircenter.shop.jobs.steps import Acting
from repaircenter.shop.model.job import Contact, Facility, Job, JobView
from repaircenter.shop.model.outbox import RuleChange
from repaircenter.shop.outbox import send_rule
from repaircenter.shop.ports import FolderInspector, Store
from repaircenter.shop.repositories import UnitOfWork
from repaircenter.wire.jobs import Credits

Rules = Callable[[str], Target]
# How far back jobs are offered again when programmes change (DESIGN 4.6).
OFFERED = timedelta(days=60)


class Actions:
    """`target_of` gives the rules of a folder; `changed` is called after every change."""

    def __init__(
        self, store: Store, clock: Clock, inspector: FolderInspector, target_of: Rules, changed: Callable[[], None]
    ) -> None:
        self._store = store
        self._inspector = inspector
        self._clock = clock
        self._target_of = target_of
        self._changed = changed

    def _acting(self, target_of: Rules | None = None) -> Acting:
        always = self._store.read.setting("exclude_always") == "yes"
        return Acting(cache(target_of or self._target_of), always, self._clock.now_utc())

    def _with_job(self, job_id: int, act: Callable[[UnitOfWork, Job, Acting], Job]) -> Job | None:
        """One action on one job; None when it is not there any more."""
        rules = self._acting()
        with self._store.write() as uow:
            job = uow.jobs.find(job_id)
            done = None if job is None else act(uow, job, rules)
        self._changed()
        return done

    def view(self, job_id: int) -> JobView | None:
        """A job with what may be done with it now."""
        read, rules = self._store.read, self._acting()
        details = read.details(job_id)
        if details is None:
            return None
        job, newest = details.job, matching.newest_of(details.versions)
        target = self._target_of(newest.folder if newest else "")
        zone = target.zone_of(job.shop_id)
        today = day_in(zone, rules.now_utc)
        step = read.hand_step(job_id)
        may_undo = step is not None and steps.may_undo(step, zone, rules.now_utc)
        asked = [suggestion for suggestion in read.suggestions() if job_id in (suggestion.job_id, suggestion.other_id)]
        others = []
        for suggestion in asked:
            other = read.details(suggestion.other_id if suggestion.job_id == job_id else suggestion.job_id)
            if other is not None:
                others.append((other.job, suggestion.reason))
        is_before = target.cutoff is not None and send_rule.is_before(job, target.cutoff)
        return JobView(
            details,
            target.rule,
            send_rule.may_exclude(job, target.rule, today, always=rules.exclude_always),
            step.kind if step is not None and may_undo else None,
            tuple(others),
            target.cutoff if is_before else None,
        )

    def send_now(self, job_id: int) -> None:
        """Send a job whatever the rule says (A-19). Raises InputRefused."""
        self._with_job(job_id, steps.send_now)

    def edit_contact(self, job_id: int, contact: Contact) -> None:
        """Raises InputRefused with one clear sentence."""
        self._with_job(job_id, lambda uow, job, rules: steps.edit_contact(uow, job, contact, rules))

    def restore_contact(self, job_id: int, before: Job) -> None:
        """Take an edit of the contact back; `before` is the job as it was then."""
        self._with_job(job_id, lambda uow, job, rules: steps.restore_contact(uow, job, before, rules))

    def set_credits(self, job_id: int, credits: Credits) -> None:
        """Say who worked on a job."""
        self._with_job(job_id, lambda uow, job, rules: steps.set_credits(uow, job, credits, rules))

    def convert(self, job_id: int, ro_number: str | None) -> None:
        self._with_job(job_id, lambda uow, job, rules: steps.convert(uow, job, ro_number, rules))

    def mark_delivered(self, job_id: int, day: date) -> None:
        self._with_job(job_id, lambda uow, job, rules: steps.mark_delivered(uow, job, day, rules))

    def undo(self, job_id: int) -> None:
        self._with_job(job_id, steps.undo)

    def exclude(self, job_id: int) -> None:
        """Raises InputRefused where the rule does not allow it."""
        self._with_job(job_id, steps.exclude)

    def include(self, job_id: int) -> None:
        self._with_job(job_id, steps.include)

    def new_job(self, shop_id: int, job: Job) -> int:
        """A job by hand; return its id. Raises InputRefused."""
        rules = self._acting()
        with self._store.write() as uow:
            made = steps.new_job(uow, shop_id, replace(job, shop_id=shop_id), rules)
        self._changed()
        return made.id

    def take(self, paths: Sequence[str]) -> list[OpenedSet]:
        """Take the sets a person opened into the jobs; what is wrong with one is in its answer."""
        try:
            return take(paths, self._inspector, self._store, self._clock, self._target_of)
        finally:
            self._changed()

    def confirm_facility(self, facility: Facility, shop_id: int) -> int:
        """A person said which shop a repair facility is; return how many jobs got it."""
        with self._store.write() as uow:
            count = facilities.confirm_facility(
                uow, replace(facility, shop_id=shop_id), self._target_of, self._clock.now_utc()
            )
        self._changed()
        return count

    def place_job(self, job_id: int, shop_id: int) -> None:
        """A person said which shop one job belongs to, because its sets name no repair facility."""
        with self._store.write() as uow:
            job = uow.jobs.find(job_id)
            if job is not None:
                facilities.place(uow, job, shop_id, self._target_of, self._clock.now_utc())
        self._changed()

    def suggested_shop(self, facility: Facility) -> int | None:
        suggested = facilities.suggested_shop(facility, tuple(self._store.read.shops()))
        return None if suggested is None else suggested.id

    def join(self, keep_id: int, gone_id: int) -> None:
        """Two jobs are one: the first is kept."""
        rules = self._acting()
        with self._store.write() as uow:
            keep, gone = uow.jobs.find(keep_id), uow.jobs.find(gone_id)
            if keep is not None and gone is not None and not keep.is_gone and not gone.is_gone:
                rules.consider(uow, matching.join(uow, keep, gone, rules.now_utc))
        self._changed()

    def keep_apart(self, job_id: int) -> None:
        """A job is one of its own; the send rule applies to it from now on."""

        def apart(uow: UnitOfWork, job: Job, rules: Acting) -> Job:
            kept = matching.keep_apart(uow, replace(job, skipped=False), rules.now_utc)
            return rules.consider(uow, kept)

        self._with_job(job_id, apart)

    def try_again(self, row_ids: Sequence[str]) -> None:
        rules = self._acting()
        with self._store.write() as uow:
            for row_id in row_ids:
                rule_change.try_again(uow, row_id, rules)
        self._changed()

    def discard(self, row_ids: Sequence[str]) -> None:
        with self._store.write() as uow:
            for row_id in row_ids:
                rule_change.discard(uow, row_id, self._clock.now_utc())
        self._changed()

    def preview_rule(self, rule: str) -> RuleChange:
        """What another send rule would do to the jobs already there (A-19)."""
        now_utc = self._clock.now_utc()
        jobs, cutoffs = [], {}
        target_of = cache(self._target_of)
        for job, folder in self._store.read.unsent_jobs():
            cutoff = target_of(folder or "").cutoff
            jobs.append(job)
            if cutoff is not None:
                cutoffs[job.id] = cutoff
        zone = self._target_of("").zone
        return rule_change.preview(jobs, self._store.read.counts(now_utc), rule, cutoffs, day_in(zone, now_utc))

    def change_rule(self, rule: str, *, send_present: bool) -> int:
        """Put a send rule in force; return how many of the jobs already there were sent."""
        rules = self._acting(lambda folder: replace(self._target_of(folder), rule=rule))
        sent, after = 0, 0
        if send_present:
            # Should this be cut off, the rule is in force and the rest is sent when its day comes.
            self.put_setting("send_rule", rule)
        while True:
            # In portions: importing has its turn in between. What is to be left alone is marked before the rule holds.
            with self._store.write() as uow:
                done, following = rule_change.change(uow, rule, rules, after, send_present=send_present)
            sent += done
            if following is None:
                break
            after = following
        self.put_setting("send_rule", rule)
        return sent

    def put_setting(self, name: str, value: str) -> None:
        """A setting of the shop's side: exclude_always, sending_stopped (yes or no), keep_months, …"""
        with self._store.write() as uow:
            uow.settings.put(name, value)
        self._changed()

    def send_offered(self) -> int:
        """Programmes changed: have the service judge the jobs of the last 60 days again (DESIGN 4.6)."""
        rules = self._acting()
        sent = 0
        with self._store.write() as uow:
            for job in uow.jobs.filtered_since(rules.now_utc - OFFERED):
                _, _, newest = rules.rules(uow, job)
                again = replace(job, sent_digest=None)
                sent += send_rule.send_now(uow, again, newest, rules.now_utc, send_rule.BY_RULE).sent_digest is not None
            uow.settings.put("programmes_offer", "no")
        self._changed()
        return sent

    def leave_offered(self) -> None:
        self.put_setting("programmes_offer", "no")

    def erase(self, job_ids: Sequence[int]) -> None:
        """Forget a customer: these jobs are blanked here now, and the service is told (DESIGN 4.10)."""
        now_utc = self._clock.now_utc()
        with self._store.write() as uow:
            for job_id in job_ids:
                job = uow.jobs.find(job_id)
                if job is not None and job.erased_at_utc is None:
                    erasure.erase(uow, job, now_utc)
        self._changed()

    def export(self, job_ids: Sequence[int]) -> bytes:
        """Everything this PC holds of these jobs, as JSON."""
        every = (self._store.read.details(job_id) for job_id in job_ids)
        return erasure.exported([details for details in every if details is not None])
