"""Watches one folder on threads of its own, so that a frozen share freezes nothing else (DESIGN 3.3, anchors.md 4.2-16).

A *lane* is one life of these threads. A call into a dead share may never return and cannot be cancelled: the lane is
then abandoned as a whole, its late results are ignored, and a new one is started after a while.
"""

import logging
import queue
import random
import threading
from collections.abc import Callable, Iterator

from repaircenter.runtime.clock import Clock
from repaircenter.share.doorbell import Doorbell
from repaircenter.share.folder import WatchedFolder
from repaircenter.share.readers import NOT_ANSWERING, READERS_ON_SHARES, Abandoned, Readers
from repaircenter.shop.model.folder import FolderHealth
from repaircenter.shop.ports import FoundSet, SetSighting

log = logging.getLogger(__name__)
FREEZE_SECONDS = 60.0
MOST_FROZEN_LANES, LAST_FROZEN_LANES = 3, 12
LONGEST_AWAY_SECONDS = 300.0
LEAST_PAUSE_LOCAL_SECONDS, LEAST_PAUSE_SHARE_SECONDS, LONGEST_PAUSE_SECONDS = 2.0, 5.0, 120.0
BELL_PAUSE_SECONDS = 0.5
READ_AHEAD = 16
_POLL_SECONDS = 0.5


class FolderWatch:
    """Implements shop.ports.SetSource. Until `start`, `take` looks and reads on the calling thread; after `stop`, never.

    `take` is for one thread, the collector's, which also supervises the lane; everything else may be called from any.
    """

    def __init__(self, folder: WatchedFolder, clock: Clock, freeze_seconds: float = FREEZE_SECONDS) -> None:
        self.folder = folder
        self._clock = clock
        self._freeze_seconds = freeze_seconds
        self._arrived: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._lane: _Lane | None = None
        self._frozen: list[_Lane] = []
        self._probe_at_seconds = 0.0
        self._doorbell: Doorbell | None = None
        self._stage = "new"
        self._held = False

    def start(self, arrived: Callable[[], None]) -> None:
        """Watch until `stop`; `arrived` is called (on another thread) when there is something to take."""
        with self._lock:
            if self._stage != "new":
                return
            self._arrived, self._stage = arrived, "started"
            self._lane = _Lane(self.folder, self._clock, arrived, reads=not self._held)
        if not self.folder.is_share:
            bell = Doorbell(self.ring)
            self._doorbell = bell if bell.hang(self.folder.path) else None

    def ask_to_stop(self) -> None:
        """No further call into the folder; does not wait."""
        with self._lock:
            self._stage = "stopped"
            if self._lane is not None:
                self._lane.abandon()

    def stop(self, timeout_seconds: float = 5.0) -> None:
        """Ask for the end; a thread that is stuck in a dead share is left behind, it is a daemon."""
        self.ask_to_stop()
        if self._doorbell is not None:
            self._doorbell.take_down()
        if self._lane is not None:
            self._lane.join(timeout_seconds)

    def take(self) -> Iterator[FoundSet]:
        """What has been read since the last call, newest first within one look."""
        if self._stage == "new":
            if not self._held:
                yield from self.folder.take()
            return
        lane = self._supervised()
        while lane is not None and self._stage == "started":
            try:
                yield lane.found.get_nowait()
            except queue.Empty:
                return

    def settle(self, sighting: SetSighting) -> None:
        self.folder.settle(sighting)

    def defer(self, sighting: SetSighting) -> None:
        self.folder.defer(sighting)

    def again(self, sighting: SetSighting) -> bool:
        return self.folder.again(sighting)

    def hold(self, held: bool) -> None:
        """While another PC does the work of this folder it is looked at, but not read."""
        with self._lock:
            if held == self._held:
                return
            self._held = held
            if self._lane is not None:
                self._lane.reads = not held
        # What was read before is forgotten: it may have changed by the time somebody takes it.
        if self._lane is not None:
            self._lane.drop()
            self.folder.release()

    def ring(self) -> None:
        """Something moved: look soon."""
        lane = self._lane
        if lane is not None:
            lane.bell.set()

    def look_now(self) -> None:
        """A person asked: look at once, also where a look is not planned yet."""
        self._probe_at_seconds = 0.0
        self.folder.look_now()
        self.ring()

    @property
    def place(self) -> str | None:
        return self.folder.place

    @property
    def health(self) -> FolderHealth:
        return self.folder.health

    def _supervised(self) -> "_Lane | None":
        """The lane in use: one that has not moved for a minute is given up, a new one starts when its wait is over."""
        with self._lock:
            lane = self._lane
            if self._stage != "started":
                return None
            if lane is not None and lane.silent_seconds > self._freeze_seconds:
                log.warning("a watched folder does not answer; its threads are left behind")
                lane.abandon()
                self._frozen.append(lane)
                self._lane = None
                if len(self._frozen) >= MOST_FROZEN_LANES:
                    self._probe_at_seconds = self._clock.monotonic_seconds() + LONGEST_AWAY_SECONDS
                self.folder.went_away(NOT_ANSWERING)
            self._frozen = [old for old in self._frozen if old.is_alive]
            if self._lane is None and not self.folder.away_seconds and self._may_try():
                self._lane = _Lane(self.folder, self._clock, self._arrived, reads=not self._held)
            return self._lane

    def _may_try(self) -> bool:
        """Few lanes are left behind at once; beyond that one tries every five minutes, up to a last limit."""
        if len(self._frozen) < MOST_FROZEN_LANES:
            return True
        now = self._clock.monotonic_seconds()
        if now < self._probe_at_seconds or len(self._frozen) >= LAST_FROZEN_LANES:
            return False
        self._probe_at_seconds = now + LONGEST_AWAY_SECONDS
        return True


class _Lane:
    """The looking thread of a folder and its readers."""

    def __init__(self, folder: WatchedFolder, clock: Clock, arrived: Callable[[], None], *, reads: bool = True) -> None:
        self.reads = reads
        self._folder = folder
        self._clock = clock
        self._arrived = arrived
        self._gone = threading.Event()
        self._busy = True
        self._beat_seconds = clock.monotonic_seconds()
        self.bell = threading.Event()
        self.found: queue.Queue[FoundSet] = queue.Queue(READ_AHEAD)
        self._readers: Readers[SetSighting] | None = None
        self._thread = threading.Thread(target=self._run, name="share", daemon=True)
        self._thread.start()

    @property
    def silent_seconds(self) -> float:
        """How long the lane has been inside one call; 0 while it rests."""
        return self._clock.monotonic_seconds() - self._beat_seconds if self._busy else 0.0

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive() or (self._readers is not None and self._readers.is_alive)

    def abandon(self) -> None:
        self._gone.set()
        self.bell.set()

    def drop(self) -> None:
        """Forget what was read and not taken."""
        while True:
            try:
                self.found.get_nowait()
            except queue.Empty:
                return

    def join(self, timeout_seconds: float) -> None:
        self._thread.join(timeout_seconds)

    def _beat(self) -> None:
        self._check()
        self._beat_seconds = self._clock.monotonic_seconds()

    def _check(self) -> None:
        if self._gone.is_set():
            raise Abandoned

    def _run(self) -> None:
        pause = 0.0
        while not self._gone.is_set():
            if self.bell.wait(pause):
                # Files of one save come together: one look for all of them, and never one after the other.
                self._gone.wait(max(BELL_PAUSE_SECONDS, min(2.0 * self._folder.look_seconds, pause)))
            self.bell.clear()
            self._beat_seconds, self._busy = self._clock.monotonic_seconds(), True
            try:
                pause = self._pass()
            except Abandoned:
                return
            except Exception:
                log.exception("a pass over a watched folder failed")
                pause = LEAST_PAUSE_SHARE_SECONDS
            self._busy = False

    def _pass(self) -> float:
        """Look, read what is ready until the next look is due; seconds to rest."""
        self._beat()
        if not self._folder.look(self._beat):
            return max(self._folder.away_seconds or 0.0, 0.05)
        pause = self._pause_seconds()
        self._read(self._folder.ready(), self._clock.monotonic_seconds() + pause)
        return pause

    def _pause_seconds(self) -> float:
        """20 times the last look, at least 2 s on a disk and 5 s on a share, jittered (anchors.md 4.3, tech.md 2)."""
        least = LEAST_PAUSE_SHARE_SECONDS if self._folder.is_share else LEAST_PAUSE_LOCAL_SECONDS
        pause = min(max(least, 20.0 * self._folder.look_seconds), LONGEST_PAUSE_SECONDS)
        return pause * random.uniform(0.75, 1.25)

    def _read(self, ready: list[SetSighting], until_seconds: float) -> None:
        """Read the sets, on a share by up to four readers; what is left over is ready again after the next look."""

        def read(sighting: SetSighting) -> None:
            if self.reads and self._clock.monotonic_seconds() < until_seconds:
                read_set = self._folder.read(sighting, self._beat)
                if read_set is not None:
                    self._hand_over(read_set)

        if self._folder.is_share:
            self._readers = Readers(ready, read, READERS_ON_SHARES)
            self._readers.wait(self._check)
        else:
            for sighting in ready:
                read(sighting)

    def _hand_over(self, read_set: FoundSet) -> None:
        """Wait for room: no more sets are held in memory than the collector is about to take."""
        while True:
            self._beat()
            if not self.reads:
                self._folder.release()
                return
            try:
                self.found.put(read_set, timeout=_POLL_SECONDS)
            except queue.Full:
                continue
            self._arrived()
            return
