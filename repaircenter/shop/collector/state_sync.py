"""Brings what the service did with jobs (A-N1): of all sent jobs once a session, then of those it says have changed.

`listen` may wait on a thread of its own; `fetch` belongs to the collector's thread.
"""

import threading
from collections.abc import Callable
from dataclasses import replace

import msgspec

from repaircenter.runtime.clock import Clock
from repaircenter.shop.ports import CollectorLink, ServiceRefused, Store
from repaircenter.wire import endpoints
from repaircenter.wire.feed import ChangesRequest
from repaircenter.wire.jobs import AtService, JobStateInfo, JobStateRequest

# A service without a feed (of an earlier version) is asked about everything this often.
WITHOUT_FEED_SECONDS = 600.0
_STATES_AT_ONCE = 500


class StateSync:
    """What is to be asked about; a question that fails is asked again. `alerts_changed` is called when those of a shop
    have: persons ask for them, not this PC."""

    def __init__(
        self, store: Store, link: CollectorLink, clock: Clock, alerts_changed: Callable[[], object] = lambda: None
    ) -> None:
        self._store = store
        self._link = link
        self._clock = clock
        self._alerts_changed = alerts_changed
        self._lock = threading.Lock()
        self._after = ""
        self._everything = False
        self._changed: dict[int, set[str]] = {}
        self._again_at_seconds = float("-inf")
        # Whether a thread listens; without one the collector does, and waits for nothing.
        self.is_followed = False

    def begin_session(self) -> None:
        """A session was opened: the first answer says from where to go on, then everything is looked at once."""
        with self._lock:
            self._after, self._again_at_seconds = "", float("-inf")

    def look_at_everything(self) -> None:
        with self._lock:
            self._everything = True

    def note(self, shop_id: int, job_key: str) -> None:
        """The service has just taken this job: ask what becomes of it."""
        with self._lock:
            self._changed.setdefault(shop_id, set()).add(job_key)

    def listen(self, wait_seconds: float) -> bool | None:
        """Ask what has changed, waiting for it; return whether there is something to fetch, None when it did not ask.

        Raises what `call` raises.
        """
        with self._lock:
            after, again_at = self._after, self._again_at_seconds
        if self._clock.monotonic_seconds() < again_at:
            return None
        try:
            answer = self._link.call(endpoints.CHANGES, ChangesRequest(after=after, wait_seconds=wait_seconds))
        except ServiceRefused:
            with self._lock:
                self._everything = True
                self._again_at_seconds = self._clock.monotonic_seconds() + WITHOUT_FEED_SECONDS
            return True
        if any(change.kind == "alert" for change in answer.changes):
            self._alerts_changed()
        with self._lock:
            if self._after != after:  # another session began meanwhile
                return False
            self._after = answer.next
            self._everything = self._everything or answer.everything
            for change in answer.changes:
                if change.kind == "job":
                    self._changed.setdefault(change.shop_id, set()).add(change.key)
            return self._everything or bool(self._changed)

    def fetch(self, shops: set[int]) -> bool:
        """Ask about what has changed at these shops and keep what is news; return whether there was any."""
        with self._lock:
            everything, changed = self._everything, self._changed
            self._everything, self._changed = False, {}
        try:
            return self._fetch(shops, everything, changed)
        except BaseException:
            with self._lock:
                self._everything = self._everything or everything
                for shop_id, keys in changed.items():
                    self._changed.setdefault(shop_id, set()).update(keys)
            raise

    def _fetch(self, shops: set[int], everything: bool, changed: dict[int, set[str]]) -> bool:
        asked_of: dict[int, list[str]] = self._store.read.sent_job_keys() if everything else {}
        for shop_id, keys in changed.items():
            known = asked_of.setdefault(shop_id, [])
            known.extend(sorted(keys.difference(known)))
        news = False
        for shop_id in sorted(asked_of.keys() & shops):
            asked = asked_of[shop_id]
            for start in range(0, len(asked), _STATES_AT_ONCE):
                question = JobStateRequest(shop_id=shop_id, job_keys=asked[start : start + _STATES_AT_ONCE])
                news = self._keep(shop_id, self._link.call(endpoints.JOB_STATES, question).jobs) or news
        return news

    def _keep(self, shop_id: int, states: list[JobStateInfo]) -> bool:
        """Keep what is news: a look first, so that nothing is written while nothing has changed."""
        known = self._store.read.service_states(shop_id, [info.job_key for info in states])
        states = [info for info in states if known.get(info.job_key) != at_service(info)]
        if not states:
            return False
        news = False
        with self._store.write() as uow:
            for info in states:
                job = uow.jobs.of_shop(shop_id, info.job_key)
                if job is None or job.service_state in ("withdrawn", "erased"):
                    continue
                updated = replace(job, service=at_service(info))
                if updated != job:
                    uow.jobs.save(updated)
                    news = True
        return news


def at_service(info: JobStateInfo) -> AtService:
    """What the service says of a job, without the key that says of which."""
    return msgspec.convert(info, AtService, from_attributes=True)
