"""When Python looks for garbage: a full look stops every thread for a tenth of a second with a long report on screen.

Young objects are looked at in portions that stop nobody; everything only while nobody touches the desk.
"""

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

# A thousand objects take a millisecond, and every thread waits: portions of 20,000 were pauses of 20 to 36 ms (measured
# 2026-11-29). The last number puts off full looks for ever.
_THRESHOLDS = (3_000, 10, 1_000_000)
_LOOK_MS, _IDLE_SECONDS, _BUSY_LOOKS = 60_000, 20.0, 60


class IdleCollector(QObject):
    """`idle_seconds` says how long nobody has touched the desk."""

    def __init__(self, idle_seconds: Callable[[], float]) -> None:
        super().__init__()
        self._idle_seconds = idle_seconds
        self._looks = 0
        self._before = gc.get_threshold()
        gc.set_threshold(*_THRESHOLDS)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect everything if nobody would notice, and now and then where somebody is there all day."""
        self._looks += 1
        if self._idle_seconds() >= _IDLE_SECONDS or self._looks >= _BUSY_LOOKS:
            self._looks = 0
            gc.collect()

    def close(self) -> None:
        """As Python had it before."""
        self._timer.stop()
        gc.set_threshold(*self._before)
