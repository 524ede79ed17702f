"""Brings the outbox to the service: each message exactly once in effect, whatever breaks (anchors.md 5)."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from repaircenter.shop.model import Event, Job, OutboxRow
from repaircenter.shop.ports import CollectorLink, Overloaded, ServiceRefused, Store, UnitOfWork
from repaircenter.wire.messages import BatchAnswer, Envelope, ItemAnswer

LEASE = timedelta(minutes=2)
LARGEST_BATCH = 100
_DELIVERED = frozenset(("kept", "filtered", "already_have", "superseded", "withdrawn", "erased"))


@dataclass(slots=True)
class Delivered:
    """What one round did: answers by outcome, and whether more is due at once."""

    outcomes: dict[str, int]
    more: bool = False


class Delivering:
    """Sends batches that shrink after a failure and grow again; used by one thread."""

    def __init__(self, store: Store, link: CollectorLink) -> None:
        self._store = store
        self._link = link
        self._size = LARGEST_BATCH
        self._began = False

    def round(self, now_utc: datetime) -> Delivered:
        """Send one batch. Raises Unreachable or NotSignedIn: rows stay as they were, attempts unchanged."""
        with self._store.write() as uow:
            if not self._began:
                # One collector per store (DESIGN 3.19): what is leased now was leased by a process that is gone.
                uow.release_leases()
                self._began = True
            rows = uow.claim(now_utc, now_utc + LEASE, self._size)
        if not rows:
            return Delivered({})
        try:
            answer = self._link.send([_envelope(row) for row in rows])
        except Overloaded as error:
            self._back_off(rows, now_utc, error.retry_after_seconds)
            return Delivered({})
        except ServiceRefused as error:
            return self._refused(rows, error.code, now_utc)
        except Exception:
            self._release(rows)
            raise
        self._size = min(self._size * 2, LARGEST_BATCH)
        return Delivered(self._take(rows, answer, now_utc), more=True)

    def _take(self, rows: list[OutboxRow], answer: BatchAnswer, now_utc: datetime) -> dict[str, int]:
        by_key = {item.key: item for item in answer.items}
        outcomes: dict[str, int] = {}
        with self._store.write() as uow:
            for row in rows:
                item = by_key.get(row.id)
                if item is None:
                    uow.put_outbox(replace(row, lease_until_utc=None))
                    continue
                outcomes[item.outcome] = outcomes.get(item.outcome, 0) + 1
                self._settle(uow, row, item, now_utc)
        return outcomes

    @staticmethod
    def _settle(uow: UnitOfWork, row: OutboxRow, item: ItemAnswer, now_utc: datetime) -> None:
        job = uow.job(row.job_id)
        if item.outcome in _DELIVERED:
            uow.put_outbox(
                replace(row, state="sent", sent_at_utc=now_utc, lease_until_utc=None, last_status=item.outcome)
            )
            uow.add_event(row.job_id, Event(now_utc, f"answer_{item.outcome}", item.reason))
            if job is not None:
                uow.save_job(_answered(job, item, now_utc))
        else:
            uow.put_outbox(replace(row, state="refused", lease_until_utc=None, last_status=item.reason or item.outcome))
            uow.add_event(row.job_id, Event(now_utc, "answer_refused", item.reason))
            if job is not None:
                uow.save_job(replace(job, sent_digest=None))

    def _refused(self, rows: list[OutboxRow], code: str, now_utc: datetime) -> Delivered:
        """The whole batch was refused: a single row is the culprit, a larger batch is sent in halves."""
        if len(rows) == 1:
            with self._store.write() as uow:
                self._settle(uow, rows[0], ItemAnswer(key=rows[0].id, outcome="refused", reason=code), now_utc)
            self._size = LARGEST_BATCH
            return Delivered({"refused": 1}, more=True)
        self._size = max(len(rows) // 2, 1)
        self._release(rows)
        return Delivered({}, more=True)

    def _release(self, rows: list[OutboxRow]) -> None:
        with self._store.write() as uow:
            for row in rows:
                uow.put_outbox(replace(row, lease_until_utc=None))

    def _back_off(self, rows: list[OutboxRow], now_utc: datetime, retry_after_seconds: float | None) -> None:
        """30 s x 5^n capped at 4 h, jittered by a quarter; Retry-After is honoured."""
        self._size = max(len(rows) // 2, 1)
        with self._store.write() as uow:
            for row in rows:
                pause = min(30.0 * 5.0**row.attempts, 14400.0) * random.uniform(0.75, 1.25)
                due = now_utc + timedelta(seconds=max(pause, retry_after_seconds or 0.0))
                uow.put_outbox(
                    replace(
                        row, attempts=row.attempts + 1, next_try_at_utc=due, lease_until_utc=None, last_status="busy"
                    )
                )


def _envelope(row: OutboxRow) -> Envelope:
    return Envelope(
        key=row.id, kind=row.kind, schema=row.schema, shop_id=row.shop_id, digest=row.digest, payload=row.payload
    )


def _answered(job: Job, item: ItemAnswer, now_utc: datetime) -> Job:
    """Remember the service's answer on the job; the steps that follow come with the job states."""
    filtered = item.outcome == "filtered" or (item.outcome == "superseded" and item.reason is not None)
    known = None if job.service_state == "filtered" else job.service_state
    return replace(
        job,
        service_state="filtered" if filtered else "withdrawn" if item.outcome == "withdrawn" else known or "received",
        service_reason=item.reason,
        service_received_at_utc=job.service_received_at_utc or now_utc,
    )
