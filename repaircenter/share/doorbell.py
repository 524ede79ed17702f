"""The doorbell: on a local disk the operating system says that something moved; that is a reason to look, no more.

What it says is never believed (anchors.md 4.1), and its death costs seconds: the folder is looked at anyway.
"""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from watchdog.events import EVENT_TYPE_CLOSED_NO_WRITE, EVENT_TYPE_OPENED, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from repaircenter.ems import naming

log = logging.getLogger(__name__)
# Our own reading raises these.
_READING = frozenset((EVENT_TYPE_OPENED, EVENT_TYPE_CLOSED_NO_WRITE))


class Doorbell:
    """Rings `ring` (from a thread of its own) when an EMS file moves; `hang` gives whether it could be hung."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._observer: BaseObserver | None = None

    def hang(self, folder: Path) -> bool:
        observer = Observer()
        try:
            observer.schedule(_Ringing(self._ring), str(folder), recursive=False)
            observer.start()
        except Exception as error:
            # Any failure of the operating system's notification means: none.
            log.info("no doorbell on a watched folder (%s)", type(error).__name__)
            return False
        self._observer = observer
        return True

    def take_down(self, timeout_seconds: float = 2.0) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join(timeout_seconds)


class _Ringing(FileSystemEventHandler):
    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring

    def on_any_event(self, event: FileSystemEvent) -> None:
        names = (os.path.basename(os.fsdecode(path)) for path in (event.src_path, event.dest_path))  # noqa: PTH119
        if event.event_type not in _READING and any(naming.split(name) for name in names):
            self._ring()
