"""What an import of a folder full of old exports would do, counted without keeping anything (ems.md 8.16)."""

from datetime import date

from repaircenter.ems.estimate import Estimate
from repaircenter.shop.jobs import identity, importing
from repaircenter.shop.model.folder import FolderPreview
from repaircenter.shop.model.job import Job
from repaircenter.shop.outbox import send_rule


class Previewing:
    """Takes estimates one by one (newest first) and counts; the same rules as the import decide."""

    def __init__(self, target: importing.Target, today: date) -> None:
        self._target = target
        self._today = today
        self._jobs: dict[tuple[str, str], Job] = {}
        self._customers: set[tuple[str | None, ...]] = set()
        self._days: list[date] = []
        self._done = self._unreadable = 0
        self._total = 0

    def take(self, estimate: Estimate | None, done: int, total: int) -> None:
        """Count one set, None being one that could not be read."""
        self._done, self._total = done, total
        if estimate is None:
            self._unreadable += 1
        elif estimate.transaction != "A":
            self._count(estimate)

    def result(self) -> FolderPreview:
        """The figures so far."""
        target = self._target
        send = sum(send_rule.rule_fires(job, target.rule, self._today, target.cutoff) for job in self._jobs.values())
        return FolderPreview(
            done=self._done,
            total=self._total,
            unreadable=self._unreadable,
            jobs=len(self._jobs),
            customers=len(self._customers),
            first_day=min(self._days, default=None),
            last_day=max(self._days, default=None),
            would_send=send,
        )

    def _count(self, estimate: Estimate) -> None:
        key = identity.job_key(estimate), importing.home_of(estimate, self._target)
        order = identity.version_order(estimate.version, estimate.created_at)
        job = self._jobs.get(key)
        if job is None or order >= job.version_order:
            fresh = job or Job(job_key=key[0], home=key[1])
            self._jobs[key] = importing.merged(fresh, estimate, order, self._today, self._target.zone)
        else:
            self._jobs[key] = importing.fill_blanks(job, estimate, self._target.zone)
        customer = estimate.customer
        if customer is not None:
            self._customers.add((customer.first_name, customer.last_name, customer.company, *customer.phones[:1]))
        if estimate.created_at is not None:
            self._days.append(estimate.created_at.date())
