"""One cycle of the collector: look, import, keep house, connect, deliver, ask what became of the jobs.

Runs on one thread; `state` may be read from any.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from repaircenter import __version__
from repaircenter.ems.reading import NotAnEstimate, read_set
from repaircenter.runtime.clock import Clock
from repaircenter.runtime.days import day_in
from repaircenter.runtime.errors import EnvironmentFailure
from repaircenter.shop.collector.housekeeping import Housekeeping
from repaircenter.shop.collector.lease import Leasing, claims_of, is_able
from repaircenter.shop.collector.outbox_sender import OutboxSender
from repaircenter.shop.collector.state_sync import StateSync
from repaircenter.shop.jobs import importing
from repaircenter.shop.jobs.steps import Acting
from repaircenter.shop.model.folder import BROKEN, BUSY, FolderSetting, setting_elsewhere
from repaircenter.shop.model.job import Shop
from repaircenter.shop.model.state import CollectorState
from repaircenter.shop.ports import (
    CollectorLink,
    FoundSet,
    NotSignedIn,
    Overloaded,
    ServiceRefused,
    SetSighting,
    SetSource,
    Store,
    UnknownCertificate,
    Unreachable,
)
from repaircenter.shop.service.newest import newer_desk
from repaircenter.shop.service.session import Session
from repaircenter.wire.vocabulary import SURVEYS

log = logging.getLogger(__name__)
# How long one cycle imports before delivering has its turn.
IMPORT_SECONDS = 2.0
# So many sets in one cycle that cannot be kept mean that the store cannot be written now.
MOST_FAILURES = 3
# So long after the last import of a folder its jobs are decided, whatever else waits there.
DECIDE_SECONDS = 600.0
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
        self._imported_at_seconds: dict[str, float] = {}
        self._link = link
        self._session = session
        self._clock = clock
        self._tell = tell
        self._leasing = Leasing(link, clock)
        self._keeping = Housekeeping(store, clock)
        self.states = StateSync(store, link, clock, lambda: self._tell("alerts_changed"))
        self._sender = OutboxSender(store, link, clock, self.states.note)
        self._store_trouble: EnvironmentFailure | None = None
        self._logged_connection = ""
        self._last_cycle_utc: datetime | None = None

    def watch(self, sources: Mapping[str, SetSource]) -> None:
        """The watched folders by path, from now on."""
        self._sources = dict(sources)

    @property
    def state(self) -> CollectorState:
        health = tuple(source.health for source in self._sources.values())
        return CollectorState(
            self._session.state,
            health,
            self._last_cycle_utc,
            self._leasing.others,
            silences=self._keeping.silences,
            store_trouble=self._store_trouble,
            newer=newer_desk(self._session.answer, __version__),
        )

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
            self.keep_house()
        finally:
            self.deliver(result)
        self._last_cycle_utc = self._clock.now_utc()
        self._log(result)
        self._tell("cycle_ended")
        return result

    def _log(self, result: CycleResult) -> None:
        """What happened, in counts and codes: no name ever (DESIGN 4.10)."""
        if result.imports or result.answers:
            log.info("imported %s, answered %s", result.imports, result.answers)
        connection = self._session.state
        if connection.name != self._logged_connection:
            self._logged_connection = connection.name
            log.info("connection: %s (%s)", connection.name, connection.reason or "-")

    def keep_house(self) -> None:
        """What comes with time alone: planned deliveries, retention, silence (DESIGN 4.5, 4.10, A-N2)."""
        acting = Acting(self.target, self.exclude_always, self._clock.now_utc())
        health = [source.health for source in self._sources.values()]
        if self._guarded(lambda: self._keeping.keep(acting, health, self._session.state)):
            self._tell("jobs_changed")

    def _guarded(self, write: Callable[[], bool]) -> bool:
        """A write that may find the disk full: that is shown, and tried again in the next cycle."""
        try:
            done = write()
        except EnvironmentFailure as trouble:
            self._store_trouble = trouble
            return False
        if done:
            self._store_trouble = None
        return done

    @property
    def exclude_always(self) -> bool:
        """Whether a person may exclude jobs under every send rule (DESIGN 4.5)."""
        return self._store.read.setting("exclude_always") == "yes"

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
            for read in source.take():
                try:
                    outcome = self._import_one(source, read, target)
                    self._store_trouble = None
                except EnvironmentFailure as trouble:
                    self._store_trouble = trouble
                    source.again(read.sighting)
                    outcome, failures = None, MOST_FAILURES
                except Exception:
                    log.exception("a set could not be imported; it is tried again")
                    source.again(read.sighting)
                    outcome, failures = None, failures + 1
                if outcome is not None:
                    result.imports[outcome] = result.imports.get(outcome, 0) + 1
                    changed = True
                    if outcome != BUSY:
                        self._decided.discard(folder)
                        self._imported_at_seconds[folder] = self._clock.monotonic_seconds()
                if self._clock.monotonic_seconds() > until or failures >= MOST_FAILURES:
                    break
            changed = self._guarded(partial(self._decide, source, target)) or changed
            if changed:
                self._keeping.note_import()
                self._tell("jobs_changed")

    def _decide(self, source: SetSource, target: importing.Target) -> bool:
        """Once no set of a folder waits any more, the send rule decides about what its sets brought."""
        if not target.decides_later or target.folder in self._decided:
            return False
        health = source.health
        if health.trouble is not None or not health.looks:
            return False
        now = self._clock.monotonic_seconds()
        last = self._imported_at_seconds.setdefault(target.folder, now)
        # Sets that cannot be opened must not keep the others from being sent.
        if health.sets_waiting > health.sets_incomplete and now - last < DECIDE_SECONDS:
            return False
        with self._store.write() as uow:
            sent = importing.decide(uow, target, self._clock.now_utc()) > 0
        self._decided.add(target.folder)
        return sent

    def _import_one(self, source: SetSource, read: FoundSet, target: importing.Target) -> str | None:
        """Import one set; None when it has to wait."""
        now, sighting = self._clock.now_utc(), read.sighting
        if read.data is None:
            outcome = BUSY if read.trouble == "busy" else BROKEN
            return self._set_aside(source, sighting, target, outcome, REASONS[read.trouble or ""])
        try:
            estimate = read_set(sighting.base, read.data, target.code_page, year=now.year + 2)
        except NotAnEstimate as refusal:
            if not read.last_chance:
                source.defer(sighting)
                return None
            return self._set_aside(source, sighting, target, BROKEN, refusal.reason)
        except Exception:
            log.exception("a set could not be read")
            return self._set_aside(source, sighting, target, BROKEN, UNREADABLE)
        if not estimate.complete and not read.last_chance:
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
        """Where the sets of a folder belong and the rules as they are now; a folder taken out keeps its rules.

        No folder is where jobs by hand come from; one that was never watched is where a person opened a set.
        """
        read = self._store.read
        setting = read.folder(folder) if folder else FolderSetting("")
        today = day_in(self._zone, self._clock.now_utc())
        return self.target_with(setting or setting_elsewhere(folder, read.folders(), today))

    @property
    def _zone(self) -> str:
        """The zone whose days count where no shop is known of a set."""
        return next((shop.zone for shop in self._store.read.shops()), "UTC")

    def target_with(self, setting: FolderSetting) -> importing.Target:
        """The same for settings that need not be kept yet."""
        read = self._store.read
        shops = tuple(read.shops())
        rule = read.setting("send_rule") or "create"
        return importing.Target(
            setting.path, setting.shop_id, shops, rule, self._zone, setting.code_page, setting.cutoff
        )

    def deliver(self, result: CycleResult) -> None:
        """Connect if needed and bring the outbox to the service."""
        try:
            opened = self._session.ensure()
            if opened is not None:
                self._guarded(lambda: self._remember(opened))
            while self._session.usable() and not self.sending_stopped:
                done = self._sender.round()
                for outcome, count in done.outcomes.items():
                    result.answers[outcome] = result.answers.get(outcome, 0) + count
                if done.outcomes:
                    self._store_trouble = None
                    self._tell("jobs_changed")
                if not done.more:
                    break
            self._keep_lease()
            self._sync_states()
        except Unreachable:
            self._session.ended("unreachable")
        except UnknownCertificate as unknown:
            self._session.ended(unknown.code, unknown.fingerprint)
        except NotSignedIn as refusal:
            self._session.ended(refusal.code)
        except EnvironmentFailure as trouble:
            self._store_trouble = trouble
        self._tell("connection_changed")

    @property
    def sending_stopped(self) -> bool:
        """A person stopped all sending; importing and everything else go on (A-N8)."""
        return self._store.read.setting("sending_stopped") == "yes"

    def _remember(self, shops: list[Shop]) -> bool:
        """What a new session says: the shops, and whether programmes changed (DESIGN 4.6). What waits is due now."""
        answer = self._session.answer
        stamp = None if answer is None else answer.programmes
        with self._store.write() as uow:
            uow.settings.put_shops(shops)
            uow.settings.put("licences", SURVEYS if answer is None else ",".join(sorted(answer.licences)))
            before = uow.settings.get("programmes")
            if stamp is not None and stamp != before:
                uow.settings.put("programmes", stamp)
                if before is not None:
                    uow.settings.put("programmes_offer", "yes")
        self._sender.signed_in()
        self.states.begin_session()
        return True

    def _keep_lease(self) -> None:
        """Say where this PC collects: on the shares it can read."""
        if not self._session.usable():
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

    def _sync_states(self) -> None:
        """Fetch the steps behind the timeline (A-N1) of what the service says has changed."""
        if not self._session.usable():
            return
        try:
            if not self.states.is_followed:
                self.states.listen(0.0)
            if self.states.fetch({shop.id for shop in self._store.read.shops()}):
                self._tell("jobs_changed")
        except (Overloaded, ServiceRefused):
            return

    def refresh_states(self) -> None:
        """Ask the service about all sent jobs now."""
        self.states.look_at_everything()
        try:
            self._sync_states()
        except Unreachable:
            self._session.ended("unreachable")
        except NotSignedIn as refusal:
            self._session.ended(refusal.code)

    def listen(self, wait_seconds: float) -> bool | None:
        """Wait for changes at the service on a thread of its own; return whether the collector has something to fetch.

        None when there is nobody to listen to now; what goes wrong is the collector's to find out.
        """
        if not self._session.usable():
            return None
        try:
            return self.states.listen(wait_seconds)
        except (Unreachable, UnknownCertificate, NotSignedIn, Overloaded):
            return None
