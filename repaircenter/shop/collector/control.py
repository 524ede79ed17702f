"""What a person may ask of the collector: how it does, look now, connect now, work in the place of another PC (A-16)."""

from collections.abc import Callable
from dataclasses import replace

from repaircenter.runtime.clock import Clock
from repaircenter.runtime.errors import KnownError
from repaircenter.shop.collector.collector import Collector
from repaircenter.shop.jobs.actions import OFFERED
from repaircenter.shop.model.state import CollectorState
from repaircenter.shop.ports import Store
from repaircenter.wire.vocabulary import SURVEYS


class CollectorControl:
    """Every call may block. `current` is the collector at work: another one after the service has changed."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        current: Callable[[], Collector],
        wake: Callable[[], None],
        watch: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._current = current
        self._wake = wake
        self._watch = watch

    def state(self) -> CollectorState:
        read, collector = self._store.read, self._current()
        held = read.setting("licences")
        offer = 0
        if read.setting("programmes_offer") == "yes":
            offer = sum(read.filtered(self._clock.now_utc() - OFFERED).values())
        return replace(
            collector.state,
            shows_only=self.shows_only,
            sending_stopped=collector.sending_stopped,
            offer=offer,
            licences=frozenset((SURVEYS,) if held is None else filter(None, held.split(","))),
        )

    @property
    def shows_only(self) -> bool:
        """This PC shows and does not collect."""
        return self._store.read.setting("shows_only") == "yes"

    def show_only(self, only: bool) -> None:
        """Collect no more, or begin to. Raises KnownError on a PC that was paired only to read: it is of no shop."""
        if not only and not self._store.read.shops():
            raise KnownError("reads_only")
        with self._store.write() as uow:
            uow.settings.put("shows_only", "yes" if only else "no")
        self._watch()

    def take_over(self) -> None:
        """Collect in the place of the PC that did so until now."""
        self._current().take_over()
        self._wake()

    def scan_now(self) -> None:
        self._current().scan_now()
        self._wake()

    def reconnect(self) -> None:
        self._current().reconnect()
        self._wake()
