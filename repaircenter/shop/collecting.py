"""One cycle of the collector: look, import, connect, deliver, ask what became of the jobs. Runs on one thread."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from repaircenter.ems.reading import NotAnEstimate, read_set
from repaircenter.runtime.clock import Clock
from repaircenter.runtime.errors import InputRefused
from repaircenter.shop import importing
from repaircenter.shop.delivering import Delivering
from repaircenter.shop.model import CollectorState, Job, Shop
from repaircenter.shop.ports import (
    CollectorLink,
    NotSignedIn,
    Overloaded,
    ServiceRefused,
    SetSighting,
    SetSource,
    Store,
    Unreachable,
)
from repaircenter.shop.session import Session
from repaircenter.wire.messages import JobStateInfo

log = logging.getLogger(__name__)
STATES_EVERY_SECONDS = 30.0
_STATES_AT_ONCE = 500
UNREADABLE = "something in the set could not be read"
BUSY = "a file of the set cannot be opened"
Tell = Callable[[str], None]


@dataclass(slots=True)
class CycleResult:
    """What one cycle did."""

    imports: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)

    @property
    def did_something(self) -> bool:
        return bool(self.imports or self.answers)


class Collector:
    """Keeps the shop's jobs current and the service informed; facts are told to `tell`."""

    def __init__(
        self,
        store: Store,
        sources: dict[str, SetSource],
        link: CollectorLink,
        session: Session,
        clock: Clock,
        tell: Tell,
    ) -> None:
        self._store = store
        self._sources = sources
        self._link = link
        self._session = session
        self._clock = clock
        self._tell = tell
        self._delivering = Delivering(store, link)
        self._states_at_seconds = float("-inf")
        self._last_cycle_utc: datetime | None = None

    @property
    def state(self) -> CollectorState:
        health = tuple(source.health for source in self._sources.values())
        return CollectorState(self._session.state(self._clock.now_utc()), health, self._last_cycle_utc)

    def scan_now(self) -> None:
        for source in self._sources.values():
            source.retry_now()

    def reconnect(self) -> None:
        self._session.retry_now()

    def cycle(self) -> CycleResult:
        """One full cycle. Importing goes on whatever the service does."""
        result = CycleResult()
        try:
            self.import_ready(result)
        finally:
            self.deliver(result)
        self._last_cycle_utc = self._clock.now_utc()
        self._tell("cycle_ended")
        return result

    def import_ready(self, result: CycleResult) -> None:
        """Look at every folder and import the sets that are ready."""
        for name, source in self._sources.items():
            ready = source.look()
            if not ready:
                continue
            target = self._target(name)
            for sighting in ready:
                outcome = self._import_one(source, sighting, target)
                if outcome is not None:
                    result.imports[outcome] = result.imports.get(outcome, 0) + 1
            self._tell("jobs_changed")

    def _import_one(self, source: SetSource, sighting: SetSighting, target: importing.Target) -> str | None:
        """Import one set; None when it has to wait."""
        now = self._clock.now_utc()
        if "ENV" not in sighting.files and not source.impatient(sighting):
            return None
        try:
            data = source.read(sighting)
            if data is None:
                return self._set_aside(source, sighting, target, BUSY) if source.impatient(sighting) else None
            estimate = read_set(sighting.base, data, target.code_page, year=now.year + 2)
        except (NotAnEstimate, InputRefused) as refusal:
            if not source.impatient(sighting):
                return None
            return self._set_aside(source, sighting, target, getattr(refusal, "reason", str(refusal)))
        except Exception:
            log.exception("a set could not be read")
            return self._set_aside(source, sighting, target, UNREADABLE)
        if not estimate.complete and not source.impatient(sighting):
            return None
        with self._store.write() as uow:
            outcome = importing.import_estimate(uow, estimate, sighting, target, now)
        source.settle(sighting)
        return outcome

    def _set_aside(self, source: SetSource, sighting: SetSighting, target: importing.Target, reason: str) -> str:
        """Keep a set aside with its reason; it is looked at again when it changes (DESIGN 4.9)."""
        with self._store.write() as uow:
            importing.record_broken(uow, sighting, target, reason, self._clock.now_utc())
        source.settle(sighting)
        return importing.BROKEN

    def _target(self, folder: str) -> importing.Target:
        read = self._store.read
        shops = tuple(read.shops())
        fixed = read.setting(f"folder_shop:{folder}")
        zone = shops[0].zone if shops else "UTC"
        rule = read.setting("send_rule") or "create"
        code_page = read.setting(f"folder_code_page:{folder}") or "cp1252"
        return importing.Target(folder, int(fixed) if fixed else None, shops, rule, zone, code_page)

    def target(self) -> importing.Target:
        """The rules as they are now, for a use case a person starts (confirming a shop, sending by hand)."""
        return self._target(next(iter(self._sources), ""))

    def deliver(self, result: CycleResult) -> None:
        """Connect if needed and bring the outbox to the service."""
        try:
            opened = self._session.ensure(self._clock.now_utc())
            if opened is not None:
                self._remember_shops(opened)
            while self._session.usable(self._clock.now_utc()):
                done = self._delivering.round(self._clock.now_utc())
                for outcome, count in done.outcomes.items():
                    result.answers[outcome] = result.answers.get(outcome, 0) + count
                if done.outcomes:
                    self._tell("jobs_changed")
                if not done.more:
                    break
            self._ask_states()
        except Unreachable:
            self._session.ended("unreachable", self._clock.now_utc())
        except NotSignedIn as refusal:
            self._session.ended(refusal.code, self._clock.now_utc())
        self._tell("connection_changed")

    def _remember_shops(self, shops: list[Shop]) -> None:
        with self._store.write() as uow:
            uow.put_shops(shops)

    def _ask_states(self, *, at_once: bool = False) -> None:
        """Fetch the steps behind the timeline (A-N1), at most once a minute."""
        now_seconds = self._clock.monotonic_seconds()
        if not self._session.usable(self._clock.now_utc()):
            return
        if not at_once and now_seconds - self._states_at_seconds < STATES_EVERY_SECONDS:
            return
        self._states_at_seconds = now_seconds
        changed = False
        mine = {shop.id for shop in self._store.read.shops()}
        for shop_id, keys in self._store.read.sent_job_keys().items():
            for start in range(0, len(keys) if shop_id in mine else 0, _STATES_AT_ONCE):
                try:
                    states = self._link.job_states(shop_id, keys[start : start + _STATES_AT_ONCE])
                except (Overloaded, ServiceRefused):
                    return
                changed = self._apply(shop_id, states) or changed
        if changed:
            self._tell("jobs_changed")

    def refresh_states(self) -> None:
        """Ask the service about all sent jobs now."""
        try:
            self._ask_states(at_once=True)
        except Unreachable:
            self._session.ended("unreachable", self._clock.now_utc())
        except NotSignedIn as refusal:
            self._session.ended(refusal.code, self._clock.now_utc())

    def _apply(self, shop_id: int, states: list[JobStateInfo]) -> bool:
        changed = False
        with self._store.write() as uow:
            for info in states:
                job = uow.job_of_shop(shop_id, info.job_key)
                updated = job and with_state(job, info)
                if job is not None and updated is not None and updated != job:
                    uow.save_job(updated)
                    changed = True
        return changed


def with_state(job: Job, info: JobStateInfo) -> Job:
    """The job with the service's newest answer about it."""
    return replace(
        job,
        service_state=info.state,
        service_reason=info.reason,
        service_received_at_utc=info.received_at,
        service_callable_on=info.callable_on,
        service_invited_at_utc=info.invited_at,
        service_opened_at_utc=info.opened_at,
        service_answered_at_utc=info.answered_at,
        service_stars=info.stars,
    )
