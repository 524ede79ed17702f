"""One cycle of the collector: look, import, connect, deliver, ask what became of the jobs. Runs on one thread."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from repaircenter.ems.reading import NotAnEstimate, read_set
from repaircenter.runtime.clock import Clock
from repaircenter.shop import importing
from repaircenter.shop.delivering import Delivering
from repaircenter.shop.leasing import Leasing, claims_of, is_able
from repaircenter.shop.model import BROKEN, BUSY, CollectorState, FolderSetting, Job, Shop
from repaircenter.shop.ports import (
    CollectorLink,
    FoundSet,
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
# How long one cycle imports before delivering has its turn.
IMPORT_SECONDS = 2.0
# So many sets in one cycle that cannot be kept mean that the store cannot be written now.
MOST_FAILURES = 3
UNREADABLE = "something in the set could not be read"
REASONS = {"busy": "a file of the set cannot be opened", "too_large": "the set is too large to be an estimate"}
Tell = Callable[[str], None]


@dataclass(slots=True)
class CycleResult:
    """What one cycle did."""

    imports: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)


class Collector:
    """Keeps the shop's jobs current and the service informed; facts are told to `tell`."""

    def __init__(self, store: Store, link: CollectorLink, session: Session, clock: Clock, tell: Tell) -> None:
        self._store = store
        self._sources: Mapping[str, SetSource] = {}
        # Folders with a cut-off date whose jobs the send rule has looked at since their last import.
        self._decided: set[str] = set()
        self._link = link
        self._session = session
        self._clock = clock
        self._tell = tell
        self._delivering = Delivering(store, link)
        self._leasing = Leasing(link, clock)
        self._states_at_seconds = float("-inf")
        self._last_cycle_utc: datetime | None = None

    def watch(self, sources: Mapping[str, SetSource]) -> None:
        """The watched folders by path, from now on."""
        self._sources = dict(sources)

    @property
    def state(self) -> CollectorState:
        health = tuple(source.health for source in self._sources.values())
        connection = self._session.state(self._clock.now_utc())
        return CollectorState(connection, health, self._last_cycle_utc, self._leasing.others)

    def take_over(self) -> None:
        """A person wants this PC to collect in the place of another one (A-16)."""
        self._leasing.take_over()

    def scan_now(self) -> None:
        for source in self._sources.values():
            source.look_now()

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
        """Import what the folders have ready, for a few seconds at most: delivering has its turn too."""
        until = self._clock.monotonic_seconds() + IMPORT_SECONDS
        failures = 0
        for folder, source in self._sources.items():
            setting = self._store.read.folder(folder)
            held = setting is None or self._is_held(setting, source)
            source.hold(held)
            if setting is None or held:
                continue
            target, changed = replace(self.target_with(setting), decides_later=setting.cutoff is not None), False
            for found in source.take():
                try:
                    outcome = self._import_one(source, found, target)
                except Exception:
                    log.exception("a set could not be imported; it is tried again")
                    source.again(found.sighting)
                    outcome, failures = None, failures + 1
                if outcome is not None:
                    result.imports[outcome] = result.imports.get(outcome, 0) + 1
                    changed = True
                    self._decided.discard(folder)
                if self._clock.monotonic_seconds() > until or failures >= MOST_FAILURES:
                    break
            changed = self._decide(source, target) or changed
            if changed:
                self._tell("jobs_changed")

    def _decide(self, source: SetSource, target: importing.Target) -> bool:
        """Once no set of a folder waits any more, the send rule decides about what its sets brought."""
        if not target.decides_later or target.folder in self._decided:
            return False
        health = source.health
        if health.trouble is not None or not health.looks or health.sets_waiting > health.sets_incomplete:
            return False
        self._decided.add(target.folder)
        with self._store.write() as uow:
            return importing.decide(uow, target, self._clock.now_utc()) > 0

    def _import_one(self, source: SetSource, found: FoundSet, target: importing.Target) -> str | None:
        """Import one set; None when it has to wait."""
        now, sighting = self._clock.now_utc(), found.sighting
        if found.data is None:
            outcome = BUSY if found.trouble == "busy" else BROKEN
            return self._set_aside(source, sighting, target, outcome, REASONS[found.trouble or ""])
        try:
            estimate = read_set(sighting.base, found.data, target.code_page, year=now.year + 2)
        except NotAnEstimate as refusal:
            if not found.last_chance:
                source.defer(sighting)
                return None
            return self._set_aside(source, sighting, target, BROKEN, refusal.reason)
        except Exception:
            log.exception("a set could not be read")
            return self._set_aside(source, sighting, target, BROKEN, UNREADABLE)
        if not estimate.complete and not found.last_chance:
            source.defer(sighting)
            return None
        with self._store.write() as uow:
            outcome = importing.import_estimate(uow, estimate, sighting, target, now)
        source.settle(sighting)
        return outcome

    def _set_aside(
        self, source: SetSource, sighting: SetSighting, target: importing.Target, outcome: str, reason: str
    ) -> str:
        """Keep a set aside with its reason; it is looked at again when it changes (DESIGN 4.9)."""
        with self._store.write() as uow:
            importing.record_trouble(uow, sighting, target, outcome, reason, self._clock.now_utc())
        if outcome != BUSY:
            source.settle(sighting)
        return outcome

    def target(self, folder: str) -> importing.Target:
        """Where the sets of a folder belong and the rules as they are now; a folder taken out keeps its rules."""
        return self.target_with(self._store.read.folder(folder) or FolderSetting(folder))

    def target_with(self, setting: FolderSetting) -> importing.Target:
        """The same for settings that need not be kept yet."""
        read = self._store.read
        shops = tuple(read.shops())
        zone = shops[0].zone if shops else "UTC"
        rule = read.setting("send_rule") or "create"
        return importing.Target(setting.path, setting.shop_id, shops, rule, zone, setting.code_page, setting.cutoff)

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
            self._keep_lease()
            self._ask_states()
        except Unreachable:
            self._session.ended("unreachable", self._clock.now_utc())
        except NotSignedIn as refusal:
            self._session.ended(refusal.code, self._clock.now_utc())
        self._tell("connection_changed")

    def _keep_lease(self) -> None:
        """Say where this PC collects: on the shares it can read."""
        if not self._session.usable(self._clock.now_utc()):
            return
        shops, claims = self._store.read.shops(), []
        for path, source in self._sources.items():
            setting = self._store.read.folder(path)
            if setting is not None and source.place is not None and is_able(source.health):
                claims += claims_of(setting, source.place, shops)
        if self._leasing.keep(claims):
            self._tell("connection_changed")

    def _is_held(self, setting: FolderSetting, source: SetSource) -> bool:
        return self._leasing.is_held(setting, source.place, self._store.read.shops())

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
