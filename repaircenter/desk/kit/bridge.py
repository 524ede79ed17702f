"""Joins worker threads to the GUI thread: facts become signals, blocking calls run elsewhere and report back.

The dispatcher owns the signal, the runnable gets only data (anchors.md 7-6).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from repaircenter.runtime.errors import KeyTrouble, KnownError
from repaircenter.runtime.events import EventHub
from repaircenter.runtime.text import Texts

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)
T = TypeVar("T")
_AT_ONCE = 8
# What the service, or the client itself, says of a session that is over; a wrong password is another matter.
_ENDED = frozenset(("session_ended", "signed_out"))


class FactSignals(QObject):
    """Every fact of the event hub as a signal on the GUI thread."""

    told = Signal(str)

    def __init__(self, hub: EventHub) -> None:
        super().__init__()
        self.stop_listening = hub.listen(self.told.emit)


class Background(QObject):
    """Runs blocking calls on few named threads; results and known errors come back as calls on the GUI thread."""

    _finished = Signal(object, object)

    def __init__(self, threads: int = 3) -> None:
        super().__init__()
        self._threads = threads
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self.words = Texts("en")
        # Called when the person's session turns out to have ended, whatever was asked (issue 15.1): with what asks it
        # again, and with what says that it failed.
        self.session_ended: Callable[[Callable[[], None], Callable[[], None]], None] | None = None
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._closed = False

    def run(
        self,
        call: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[str], None] | None = None,
        key_trouble: Callable[[str], None] | None = None,
        *,
        takes_long: bool = False,
    ) -> None:
        """`done` gets the result; `failed` one clear sentence (empty for a bug, which is logged).

        `key_trouble` gets the sentence instead when the store's key is the trouble. What `takes_long` (reports,
        previews, tests of folders) has threads of its own, so that lists and forms never wait for it.
        """

        def work() -> None:
            try:
                result = call()
            except KnownError as error:
                is_key = isinstance(error, KeyTrouble) and key_trouble is not None
                fail = partial(self._report, key_trouble if is_key else failed, error.said(self.words))
                if error.code in _ENDED and self.session_ended is not None:
                    again = partial(self.run, call, done, failed, key_trouble, takes_long=takes_long)
                    self._report(lambda _none: self._tell_ended(again, fail), None)
                else:
                    fail()
            except Exception:
                log.exception("work in the background failed")
                self._report(failed, "")
            else:
                self._report(done, result)

        if not self._closed:
            self._workers("desk-long" if takes_long else "desk").submit(work)

    def _tell_ended(self, again: Callable[[], None], fail: Callable[[], None]) -> None:
        if self.session_ended is not None:
            self.session_ended(again, fail)

    def _workers(self, name: str) -> ThreadPoolExecutor:
        """Made with the first call, after the first paint: start-up time is the reason."""
        if name not in self._pools:
            from concurrent.futures import ThreadPoolExecutor

            self._pools[name] = ThreadPoolExecutor(self._threads, thread_name_prefix=name)
        return self._pools[name]

    def let_go(self, many: list[Any]) -> None:
        """Take a long list apart a few at a time: freeing a report of 300 pages at once stops the window.

        The caller holds the list no longer.
        """

        def work() -> None:
            while many:
                del many[-_AT_ONCE:]

        self.run(work, lambda _none: None, takes_long=True)

    def report(self, call: Callable[[Any], None], value: object) -> None:
        """From a worker thread: have `call(value)` run on the GUI thread."""
        self._report(call, value)

    def _report(self, call: Callable[[Any], None] | None, value: object) -> None:
        if call is not None and not self._closed:
            self._finished.emit(call, value)

    def _deliver(self, call: Callable[[Any], None], value: object) -> None:
        if not self._closed:
            call(value)

    def close(self) -> None:
        self._closed = True
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)
