"""How long the GUI thread does not answer: the gaps of a 5-ms timer (DESIGN 5)."""

import time

from PySide6.QtCore import QTimer


class Pauses:
    """Begins to measure at once; needs a running application."""

    def __init__(self) -> None:
        self._gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(5)

    def _tick(self) -> None:
        now = time.perf_counter()
        self._gaps.append(now - self._last)
        self._last = now

    def end(self) -> list[float]:
        """All gaps in seconds, the longest last."""
        self._timer.stop()
        return sorted(self._gaps)
