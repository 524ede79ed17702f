"""The threads that collect: one runs the collector's cycles, one waits for changes at the service."""

from collections.abc import Callable
from pathlib import Path

from repaircenter.runtime.clock import Clock
from repaircenter.runtime.threads import Worker
from repaircenter.shop.collector.collector import Collector
from repaircenter.store.migrating import age_backups
from repaircenter.uplink.http import CONNECT_SECONDS, READ_SECONDS

# How long the service may keep a question for changes, and when it is asked again where nobody could be asked.
FEED_WAIT_SECONDS, NOBODY_SECONDS = 25.0, 2.0
# Longer than any call to the service takes: a collector that outlives its stop would work beside the next.
STOP_SECONDS = READ_SECONDS + CONNECT_SECONDS + 5.0
BACKUPS_SECONDS = 86400.0


class Collecting:
    """One collector at work until `stop`."""

    def __init__(self, collector: Collector, clock: Clock, cycle_seconds: float, store_path: Path) -> None:
        self._collector = collector
        self._clock = clock
        self._worker = Worker("collector", self._step_of(cycle_seconds, store_path), clock)
        self._follower = Worker("feed", self._follow, clock)

    def start(self) -> None:
        self._worker.start()
        self._collector.states.is_followed = True
        self._follower.start()

    def wake(self) -> None:
        self._worker.wake()

    def stop(self) -> None:
        # It may be waiting for the service; it ends by itself with the next answer, which nobody uses.
        self._follower.stop(0.0)
        self._worker.stop(STOP_SECONDS)

    def _step_of(self, cycle_seconds: float, store_path: Path) -> Callable[[], float]:
        aged_at = self._clock.monotonic_seconds()

        def step() -> float:
            nonlocal aged_at
            self._collector.cycle()
            if self._clock.monotonic_seconds() - aged_at > BACKUPS_SECONDS:
                aged_at = self._clock.monotonic_seconds()
                age_backups(store_path, self._clock.now_utc())
            return cycle_seconds

        return step

    def _follow(self) -> float:
        """Wait for changes at the service, and wake the collector for each."""
        heard = self._collector.listen(FEED_WAIT_SECONDS)
        if heard:
            self.wake()
        return NOBODY_SECONDS if heard is None else 0.0
