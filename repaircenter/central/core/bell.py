"""Wakes requests that wait: the database rings for the shops of which a transaction changed something."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

import psycopg
from sqlalchemy import URL

log = logging.getLogger(__name__)
AGAIN_SECONDS = 2.0
CHANNEL = "rc_feed"


class Waiter:
    """One request that waits; used in the event loop it was made in."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the request. Any thread; a loop that has ended needs no waking."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._rung.set)

    async def wait(self, seconds: float) -> None:
        """Wait for the next ring, so long at most."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)
        self._rung.clear()


class Bell:
    """Listens to the database from the first waiting request on, until `close`. Lives in one event loop."""

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._waiters: dict[Waiter, frozenset[int]] = {}
        self._lock = threading.Lock()
        self._listening: asyncio.Task[None] | None = None
        self.is_closed = False

    @contextmanager
    def waiter(self, shops: Collection[int]) -> Iterator[Waiter]:
        """A waiter that is woken for these shops, from before one looks until one has stopped waiting."""
        waiter = Waiter()
        with self._lock:
            self._waiters[waiter] = frozenset(shops)
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen())
        try:
            yield waiter
        finally:
            with self._lock:
                del self._waiters[waiter]

    def ring(self, shop_id: int | None = None) -> None:
        """Wake who waits for a shop, or everybody. Any thread."""
        with self._lock:
            rung = [waiter for waiter, shops in self._waiters.items() if shop_id is None or shop_id in shops]
        for waiter in rung:
            waiter.ring()

    def close(self) -> None:
        """End every wait, and those to come. Any thread."""
        self.is_closed = True
        self.ring()

    async def stop_listening(self) -> None:
        """Let go of the database; the application calls this when it ends."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def _listen(self) -> None:
        while not self.is_closed:
            try:
                connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
                async with connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self.ring()  # what was committed before we listened
                    async for told in connection.notifies():
                        self.ring(int(told.payload))
            except (psycopg.Error, OSError):
                log.warning("the database does not ring; it is listened to again")
            await asyncio.sleep(AGAIN_SECONDS)
