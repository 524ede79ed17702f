"""The watched folders of one PC: exactly those that are wanted, each with a watch of its own."""

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from repaircenter.runtime.clock import Clock
from repaircenter.share.folder import WatchedFolder
from repaircenter.share.watching import FolderWatch

STOP_SECONDS = 5.0


class FolderWatches:
    """Any thread. `known(path)` gives the signatures of the sets that were taken from a folder before."""

    def __init__(
        self,
        clock: Clock,
        quiet_seconds: float | None,
        known: Callable[[str], dict[str, str]],
        wake: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._quiet_seconds = quiet_seconds
        self._known = known
        self._wake = wake
        self._watches: dict[str, FolderWatch] = {}
        self._is_started = False
        self._lock = threading.RLock()

    def watch(self, paths: list[str]) -> Mapping[str, FolderWatch]:
        """Watch exactly these folders; one that stays keeps its watch and what it knows. Return the watches by path."""
        with self._lock:
            before, now = dict(self._watches), dict[str, FolderWatch]()
            for path in paths:
                watch = before.pop(path, None)
                if watch is None:
                    folder = WatchedFolder(Path(path), self._clock, self._known(path), self._quiet_seconds)
                    watch = FolderWatch(folder, self._clock)
                    if self._is_started:
                        watch.start(self._wake)
                now[path] = watch
            self._watches = now
        _stop_all(list(before.values()))
        return now

    def start(self) -> None:
        with self._lock:
            self._is_started = True
            for watch in self._watches.values():
                watch.start(self._wake)

    def stop(self) -> None:
        with self._lock:
            self._is_started = False
            watches, self._watches = list(self._watches.values()), {}
        _stop_all(watches)


def _stop_all(watches: list[FolderWatch]) -> None:
    """All at once: folders of one dead server share the wait."""
    for watch in watches:
        watch.ask_to_stop()
    end = time.monotonic() + STOP_SECONDS
    for watch in watches:
        watch.stop(max(0.1, end - time.monotonic()))
