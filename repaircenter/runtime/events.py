"""The event hub: past-tense facts from any thread to whoever listens. Listeners run on the sender's thread."""

import logging
from collections.abc import Callable
from threading import Lock

log = logging.getLogger(__name__)
Listener = Callable[[str], None]


class EventHub:
    """Facts travel as names such as `jobs_changed`; a listener reads the data itself. None is lost or blocks."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._lock = Lock()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Hear every fact; return the call that ends it."""
        with self._lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return end

    def tell(self, fact: str) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(fact)
            except Exception:
                log.exception("a listener failed")
