"""Brings the outbox to the service: each message exactly once in effect, whatever breaks (anchors.md 5, state table).

A batch the service could not take (5xx, 429) is halved after a growing pause until it is one row: only a row that
fails alone counts a failure and steps back, so one poisoned row never keeps the others waiting.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from repaircenter.runtime.clock import Clock
from repaircenter.shop.jobs import erasure
from repaircenter.shop.model.job import Event, Job
from repaircenter.shop.model.outbox import OutboxRow
from repaircenter.shop.outbox.messages import SCHEMA
from repaircenter.shop.ports import CollectorLink, NotSignedIn, Overloaded, ServiceRefused, Store
from repaircenter.shop.repositories import UnitOfWork
from repaircenter.wire import codec, endpoints
from repaircenter.wire.content import content_digest
from repaircenter.wire.envelope import BatchAnswer, BatchRequest, Envelope, ItemAnswer
from repaircenter.wire.jobs import MESSAGES, AtService, JobMessage, KnownJob, KnownRequest
from repaircenter.wire.vocabulary import ALREADY_HAVE, KEPT, TAKEN

LEASE = timedelta(minutes=2)
LARGEST_BATCH = 100
# A backlog of so many rows asks first what the service has already (DESIGN 4.2).
BACKLOG = 20
LONGEST_HOLD_SECONDS = 60.0
# What the service asks for is honoured up to here: a proxy that says "in a year" does not stop a shop.
LONGEST_ASKED_SECONDS = 4 * 3600.0


@dataclass(slots=True)
class SendResult:
    """What one round did: answers by outcome, and whether more is due at once."""

    outcomes: dict[str, int] = field(default_factory=dict)
    more: bool = False


class OutboxSender:
    """Sends batches that shrink after a failure and grow again; used by one thread."""

    def __init__(
        self,
        store: Store,
        link: CollectorLink,
        clock: Clock,
        taken: Callable[[int, str], None] = lambda _shop_id, _job_key: None,
    ) -> None:
        """`taken(shop_id, job_key)` is told of each job the service keeps, once that is written."""
        self._taken = taken
        self._store = store
        self._link = link
        self._clock = clock
        self._size = LARGEST_BATCH
        self._began = False
        self._failures = 0
        self._hold_until_seconds = float("-inf")

    def signed_in(self) -> None:
        """A session was opened: what waits for a later try is due now."""
        self._hold_until_seconds, self._failures = float("-inf"), 0
        with self._store.write() as uow:
            uow.outbox.due_again(self._clock.now_utc())

    def round(self) -> SendResult:
        """Send one batch. Raises Unreachable, UnknownCertificate or NotSignedIn: rows stay as they were, attempts
        unchanged."""
        if self._clock.monotonic_seconds() < self._hold_until_seconds:
            return SendResult()
        now_utc = self._clock.now_utc()
        with self._store.write() as uow:
            if not self._began:
                # One collector per store (DESIGN 3.19): what is leased now was leased by a process that is gone.
                uow.outbox.release_leases()
                self._began = True
            claimed = uow.outbox.claim(now_utc, now_utc + LEASE, self._size)
            rows = [row for row in claimed if _is_readable(row) or _park(uow, row, now_utc)]
        if not claimed:
            return SendResult()
        try:
            answer = self._known(rows) if len(rows) >= BACKLOG else BatchAnswer(items=[])
            told = {item.key for item in answer.items}
            left = [row for row in rows if row.id not in told]
            items = self._send([_envelope(row) for row in left]) if left else []
        except Overloaded as error:
            self._step_back(rows, error.retry_after_seconds)
            return SendResult()
        except ServiceRefused as error:
            return self._refused(rows, error.code)
        except Exception:
            self._release(rows)
            raise
        self._failures = 0
        self._size = min(self._size * 2, LARGEST_BATCH)
        outcomes = self._take(rows, [*answer.items, *items])
        self._tell_taken(rows, [*answer.items, *items])
        return SendResult(outcomes, more=True)

    def _tell_taken(self, rows: Sequence[OutboxRow], items: Sequence[ItemAnswer]) -> None:
        kept = {item.key for item in items if item.outcome in (KEPT, ALREADY_HAVE)}
        for row in rows:
            if row.id in kept and row.kind == "job" and row.shop_id is not None:
                self._taken(row.shop_id, codec.decode(row.payload, JobMessage).job_key)

    def _send(self, items: list[Envelope]) -> list[ItemAnswer]:
        return self._link.call(endpoints.SEND_JOBS, BatchRequest(items=items)).items

    def _known(self, rows: Sequence[OutboxRow]) -> BatchAnswer:
        """Which jobs of a backlog the service has exactly so: a rebuilt store need not send them again."""
        items: list[ItemAnswer] = []
        for shop_id in dict.fromkeys(row.shop_id for row in rows):
            asked = {}
            for row in rows:
                if row.shop_id == shop_id and row.kind == "job":
                    message = codec.decode(row.payload, JobMessage)
                    asked[message.job_key] = (row.id, KnownJob(job_key=message.job_key, digest=content_digest(message)))
            if asked:
                try:
                    question = KnownRequest(shop_id=shop_id, jobs=[job for _, job in asked.values()])
                    known = self._link.call(endpoints.KNOWN_JOBS, question).job_keys
                except (NotSignedIn, ServiceRefused):
                    continue  # sending says of each row what is wrong with it
                items += [ItemAnswer(key=asked[key][0], outcome="already_have") for key in known if key in asked]
        return BatchAnswer(items=items)

    def _take(self, rows: Sequence[OutboxRow], items: Sequence[ItemAnswer]) -> dict[str, int]:
        by_key = {item.key: item for item in items}
        now_utc = self._clock.now_utc()
        outcomes: dict[str, int] = {}
        with self._store.write() as uow:
            for row in rows:
                item = by_key.get(row.id)
                if item is None:
                    uow.outbox.settle(row, replace(row, lease_until_utc=None))
                    continue
                outcomes[item.outcome] = outcomes.get(item.outcome, 0) + 1
                _settle(uow, row, item, now_utc)
        return outcomes

    def _refused(self, rows: Sequence[OutboxRow], code: str) -> SendResult:
        """The whole batch was refused: a single row is the culprit, a larger batch is sent in halves."""
        if len(rows) == 1:
            with self._store.write() as uow:
                item = ItemAnswer(key=rows[0].id, outcome="refused", reason=code)
                _settle(uow, rows[0], item, self._clock.now_utc())
            self._size = LARGEST_BATCH
            return SendResult({"refused": 1}, more=True)
        self._size = max(len(rows) // 2, 1)
        self._release(rows)
        return SendResult(more=True)

    def _release(self, rows: Sequence[OutboxRow]) -> None:
        with self._store.write() as uow:
            for row in rows:
                uow.outbox.settle(row, replace(row, lease_until_utc=None))

    def _step_back(self, rows: Sequence[OutboxRow], asked_seconds: float | None) -> None:
        """The service could not take this now: pause everything a little, or as long as it asked; halve the batch.

        A row that fails alone waits 30 s x 5^n, at most 4 h, jittered by a quarter, and the others go on.
        """
        self._failures += 1
        pause = min(2.0**self._failures, LONGEST_HOLD_SECONDS) * random.uniform(0.75, 1.25)
        asked = min(asked_seconds or 0.0, LONGEST_ASKED_SECONDS)
        self._hold_until_seconds = self._clock.monotonic_seconds() + max(pause, asked)
        self._size = max(len(rows) // 2, 1)
        if len(rows) > 1:
            self._release(rows)
            return
        with self._store.write() as uow:
            for row in rows:
                alone = min(30.0 * 5.0 ** min(row.attempts, 10), 14400.0) * random.uniform(0.75, 1.25)
                due = self._clock.now_utc() + timedelta(seconds=max(alone, asked))
                after = replace(
                    row, attempts=row.attempts + 1, next_try_at_utc=due, lease_until_utc=None, last_status="busy"
                )
                uow.outbox.settle(row, after)


def _is_readable(row: OutboxRow) -> bool:
    """Whether this program understands a row of its own outbox; another version may have written it."""
    kind = MESSAGES.get(row.kind)
    if kind is None or row.schema > SCHEMA:
        return False
    try:
        codec.decode(row.payload, kind)
    except codec.BadMessage:
        return False
    return True


def _park(uow: UnitOfWork, row: OutboxRow, now_utc: datetime) -> bool:
    """Set a row aside that cannot be read; it is listed with its reason and blocks nothing. Always False."""
    uow.outbox.settle(row, replace(row, state="parked", lease_until_utc=None, last_status="unreadable"))
    uow.jobs.add_event(row.job_id, Event(now_utc, "parked", row.kind))
    return False


def _settle(uow: UnitOfWork, row: OutboxRow, item: ItemAnswer, now_utc: datetime) -> None:
    """What the service said of a row. A row that went away meanwhile (its customer was erased) changes nothing."""
    job = uow.jobs.find(row.job_id)
    if item.outcome not in TAKEN:
        refused = replace(row, state="refused", lease_until_utc=None, last_status=item.reason or item.outcome)
        if not uow.outbox.settle(row, refused):
            return
        uow.jobs.add_event(row.job_id, Event(now_utc, "answer_refused", item.reason))
        if job is not None and row.kind == "job":
            uow.jobs.save(replace(job, sent_digest=None))
        return
    sent = replace(row, state="sent", sent_at_utc=now_utc, lease_until_utc=None, last_status=item.outcome)
    if not uow.outbox.settle(row, sent):
        return
    uow.jobs.add_event(row.job_id, Event(now_utc, f"answer_{item.outcome}", item.reason))
    if job is None:
        return
    if item.outcome == "erased" and job.erased_at_utc is None:
        # Another PC, or this one before its store was lost, had the customer erased.
        job = erasure.forget(uow, job, now_utc)
    if item.outcome == "erased":
        uow.jobs.blank(row.job_id)
        # A report that was run before the service knew may have brought the customer back.
        uow.favourites.forget_results()
        job = uow.jobs.find(row.job_id) or job
    uow.jobs.save(_answered(job, item, now_utc))


def _envelope(row: OutboxRow) -> Envelope:
    return Envelope(
        key=row.id, kind=row.kind, schema=row.schema, shop_id=row.shop_id, digest=row.digest, payload=row.payload
    )


def _answered(job: Job, item: ItemAnswer, now_utc: datetime) -> Job:
    """Remember the service's answer on the job; the steps that follow come with the job states."""
    if item.outcome in ("withdrawn", "erased"):
        return replace(job, service=_changed(job, state=item.outcome, reason=item.reason, callable_on=None))
    filtered = item.outcome == "filtered" or (item.outcome == "superseded" and item.reason is not None)
    known = None if job.service_state in ("filtered", "withdrawn", "erased") else job.service_state
    received = None if job.service is None else job.service.received_at
    state = "filtered" if filtered else known or "received"
    return replace(job, service=_changed(job, state=state, reason=item.reason, received_at=received or now_utc))


def _changed(job: Job, *, state: str, **facts: Any) -> AtService:
    """What is known of a job at the service, with what it has just said."""
    return msgspec.structs.replace(job.service or AtService(state=state), state=state, **facts)
