"""The clock every part is handed (DESIGN 4.8): instants are aware UTC, monotonic seconds measure waiting."""

import time
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol


class Clock(Protocol):
    """What time it is, and how long something has lasted."""

    def now_utc(self) -> datetime: ...

    def monotonic_seconds(self) -> float: ...


class SystemClock:
    """The machine's own clock."""

    def now_utc(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_seconds(self) -> float:
        return time.monotonic()


class ShiftedClock:
    """The system clock moved by an offset that only grows; built by assembly/demo/world_run.py and by nothing else."""

    def __init__(self, start_utc: datetime) -> None:
        self._offset = start_utc - datetime.now(UTC)
        self._ahead = 0.0
        self._lock = Lock()

    def now_utc(self) -> datetime:
        with self._lock:
            return datetime.now(UTC) + self._offset

    def monotonic_seconds(self) -> float:
        with self._lock:
            return time.monotonic() + self._ahead

    def advance(self, step: timedelta) -> None:
        """Let `step` (>= 0) pass at once."""
        with self._lock:
            self._offset += step
            self._ahead += step.total_seconds()

    def advance_to(self, instant_utc: datetime) -> None:
        """Let time pass until `instant_utc`; nothing happens when that is already over."""
        self.advance(max(timedelta(), instant_utc - self.now_utc()))
