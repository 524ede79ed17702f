"""Threads for calls into a share: daemons, because such a call may never return and cannot be cancelled."""

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from repaircenter.share.files import FolderAway

log = logging.getLogger(__name__)
READERS_ON_SHARES = 4
SILENCE_SECONDS = 30.0
NOT_ANSWERING = "not_answering"
_POLL_SECONDS = 0.5
T = TypeVar("T")
Beat = Callable[[], None]


class Abandoned(Exception):
    """Whoever wanted the result has given up waiting; what was found is of no use any more."""


class Readers(Generic[T]):
    """Does `work` on each item by a few threads; `is_alive` tells whether one of them is still in a call."""

    def __init__(self, items: Iterable[T], work: Callable[[T], object], number: int) -> None:
        self._items = deque(items)
        self._threads = [
            threading.Thread(target=self._run, args=(work,), name="share-reader", daemon=True)
            for _ in range(min(number, len(self._items)))
        ]
        for thread in self._threads:
            thread.start()

    def wait(self, check: Beat) -> None:
        """Until all is done; `check` is called now and then and may raise to give up (the items left are dropped)."""
        try:
            for thread in self._threads:
                while thread.is_alive():
                    thread.join(_POLL_SECONDS)
                    check()
        except BaseException:
            self._items.clear()
            raise

    @property
    def is_alive(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _run(self, work: Callable[[T], object]) -> None:
        while True:
            try:
                item = self._items.popleft()
            except IndexError:
                return
            try:
                work(item)
            except Abandoned:
                return
            except Exception:
                log.exception("a reader of a shared folder failed")


def within(work: Callable[[Beat], T], silence_seconds: float = SILENCE_SECONDS) -> T:
    """The result of `work(beat)`, done on a thread of its own. Raises what it raises.

    Raises FolderAway (`not_answering`) when it does not beat for so long; the thread is left behind then.
    """
    beats: queue.Queue[bool] = queue.Queue()
    gone = threading.Event()
    results: list[T] = []
    errors: list[BaseException] = []

    def beat() -> None:
        if gone.is_set():
            raise Abandoned
        beats.put(True)

    def run() -> None:
        try:
            results.append(work(beat))
        except BaseException as error:  # raised again where the result is wanted
            errors.append(error)
        beats.put(False)

    threading.Thread(target=run, name="share-call", daemon=True).start()
    try:
        while beats.get(timeout=silence_seconds):
            pass
    except queue.Empty:
        gone.set()
        raise FolderAway(NOT_ANSWERING) from None
    if errors:
        raise errors[0]
    return results[0]
