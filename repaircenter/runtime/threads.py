"""Named worker threads that can be woken, asked to stop, and that show a heartbeat (anchors.md 7)."""

import logging
import threading
from collections.abc import Callable

from repaircenter.runtime.clock import Clock

log = logging.getLogger(__name__)


class Worker:
    """Calls `step` again and again on a thread of its own; `step` gives the seconds to wait before the next call.

    An exception in a step is logged and the loop goes on (a bug keeps the program up, DESIGN 4.9).
    """

    def __init__(self, name: str, step: Callable[[], float], clock: Clock) -> None:
        self._step = step
        self._clock = clock
        self._wake = threading.Event()
        self._stop = threading.Event()
        self.last_beat_seconds = clock.monotonic_seconds()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Take the next step now."""
        self._wake.set()

    def stopping(self) -> bool:
        return self._stop.is_set()

    def stop(self, timeout_seconds: float = 10.0) -> bool:
        """Ask for the end and wait for it, never without a limit; False when the thread is still in a call."""
        self._stop.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        pause = 0.0
        while not self._stop.is_set():
            self._wake.wait(pause)
            self._wake.clear()
            if self._stop.is_set():
                break
            try:
                pause = self._step()
            except Exception:
                log.exception("a step of %s failed", self._thread.name)
                pause = 5.0
            self.last_beat_seconds = self._clock.monotonic_seconds()


class Stops:
    """Every start registers its stop here; they run in reverse order, each one even when another fails."""

    def __init__(self) -> None:
        self._stops: list[tuple[str, Callable[[], object]]] = []

    def add(self, name: str, stop: Callable[[], object]) -> None:
        self._stops.append((name, stop))

    def run(self) -> None:
        while self._stops:
            name, stop = self._stops.pop()
            try:
                stop()
            except KeyboardInterrupt:
                log.warning("interrupted while stopping %s; the rest is stopped too", name)
            except Exception:
                log.exception("stopping %s failed", name)
