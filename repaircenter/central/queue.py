"""The task queue (procrastinate): runs only what is due now, enqueued inside the causing transaction (DESIGN 3.8).

`tick` takes rows whose time has come by our clock and enqueues their work in the same transaction.
"""

import asyncio
import logging
import threading
from typing import Any

import procrastinate
from procrastinate.exceptions import ConnectorException
from sqlalchemy import URL, Connection, text

from repaircenter.central.core.ports import MESSAGE_LEASE
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import WORKER
from repaircenter.central.mail import queries as mail_queries
from repaircenter.central.mail import tasks as mail
from repaircenter.central.sampling import queries as sampling
from repaircenter.central.surveys import queries as survey_queries
from repaircenter.central.surveys import tasks as surveys
from repaircenter.central.surveys.rules import SURVEY_LIFE
from repaircenter.runtime.threads import Worker

log = logging.getLogger(__name__)
TICK_SECONDS = 5.0
RESCUE_SECONDS = 900.0
_RETRY = procrastinate.RetryStrategy(max_attempts=10, exponential_wait=2)


class Queue:
    """Defers tasks on a connection of the caller's transaction and runs them on a thread with its own event loop."""

    def __init__(self, service: Service, worker_url: URL) -> None:
        self._service = service
        self._url = worker_url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._defer = self._app(procrastinate.SyncPsycopgConnector(conninfo=self._url))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None
        self._ticker: Worker | None = None
        self._rescue_at_seconds = service.clock.monotonic_seconds() + RESCUE_SECONDS

    def _app(self, connector: Any) -> procrastinate.App:
        app = procrastinate.App(connector=connector)
        service = self._service

        @app.task(name="invite", retry=_RETRY)
        def invite(sample_id: int) -> None:
            surveys.invite(service, sample_id, self._enqueue_mail)

        # No retry of the queue's: when a message is tried again stands in its row.
        @app.task(name="send_mail")
        def send_mail(mail_id: int) -> None:
            mail.send(service, mail_id)

        return app

    def _enqueue(self, connection: Connection, task: str, **arguments: Any) -> None:
        raw = connection.connection.dbapi_connection
        self._defer.configure_task(task, connection=raw, lock=f"{task}-{next(iter(arguments.values()))}").defer(
            **arguments
        )

    def _enqueue_mail(self, connection: Connection, mail_id: int) -> None:
        self._enqueue(connection, "send_mail", mail_id=mail_id)

    def tick(self) -> int:
        """Enqueue the work of everything that is due by our clock; gives how many rows were taken."""
        now = self._service.clock.now_utc()
        with self._service.worker.scoped(WORKER) as connection:
            due = sampling.take_due(connection, now)
            for sample_id in due:
                self._enqueue(connection, "invite", sample_id=sample_id)
            mails = mail_queries.take_due(connection, now, now + MESSAGE_LEASE)
            for mail_id in mails:
                self._enqueue_mail(connection, mail_id)
            expired = survey_queries.expire(connection, now - SURVEY_LIFE)
        return len(due) + len(mails) + expired

    def requeue_lost(self) -> int:
        """Give back the jobs of workers that died without a word."""
        with self._service.worker.scoped(WORKER) as connection:
            return connection.execute(_REQUEUE).rowcount

    def rescue(self) -> int:
        """Enqueue again what is due but has no living task, because every try of it failed; at most every 15 minutes."""
        now_seconds = self._service.clock.monotonic_seconds()
        if now_seconds < self._rescue_at_seconds:
            return 0
        self._rescue_at_seconds = now_seconds + RESCUE_SECONDS
        with self._service.worker.scoped(WORKER) as connection:
            samples = list(connection.execute(_STRANDED_SAMPLES).scalars())
            for sample_id in samples:
                self._enqueue(connection, "invite", sample_id=sample_id)
        return len(samples)

    def start(self, tick_seconds: float = TICK_SECONDS) -> None:
        """Run tasks and ticks until `stop`."""
        self._thread = threading.Thread(target=self._run, name="tasks", daemon=True)
        self._thread.start()

        def step() -> float:
            self.requeue_lost()
            self.rescue()
            return 0.05 if self.tick() else tick_seconds

        self._ticker = Worker("tick", step, self._service.clock)
        self._ticker.start()

    def wake(self) -> None:
        """Look for due rows now (the demo's clock jumps)."""
        if self._ticker is not None:
            self._ticker.wake()

    def idle(self) -> bool:
        """Whether nothing is due and no task waits or runs."""
        with self._service.worker.scoped(WORKER) as connection:
            now = self._service.clock.now_utc()
            left = connection.execute(_LEFT, {"now": now, "sent_before": now - SURVEY_LIFE}).scalar_one()
        return not left

    def stop(self) -> None:
        if self._ticker is not None:
            self._ticker.stop()
        loop, task = self._loop, self._task
        if loop is not None and task is not None:
            loop.call_soon_threadsafe(task.cancel)
        if self._thread is not None:
            self._thread.join(15)

    def _run(self) -> None:
        asyncio.run(self._work())

    async def _work(self) -> None:
        self._loop = asyncio.get_running_loop()
        app = self._app(procrastinate.PsycopgConnector(conninfo=self._url, min_size=1, max_size=5))
        self._task = asyncio.current_task()
        while True:
            try:
                async with app.open_async():
                    await app.run_worker_async(
                        concurrency=2,
                        install_signal_handlers=False,
                        listen_notify=True,
                        fetch_job_polling_interval=2.0,
                        delete_jobs="successful",
                        shutdown_graceful_timeout=10,
                    )
            except asyncio.CancelledError:
                return
            except (ConnectorException, OSError):
                log.warning("the task queue lost its database; it is tried again")
                await asyncio.sleep(2)


# One statement, so that a row on its way from due to waiting is never missed.
_LEFT = text(
    "SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')) "
    "+ (SELECT count(*) FROM sample WHERE state = 'ageing' AND due_at <= :now) "
    "+ (SELECT count(*) FROM mail_message WHERE state = 'waiting' AND next_try_at <= :now) "
    "+ (SELECT count(*) FROM sample s JOIN invitation i ON i.sample_id = s.id "
    "WHERE s.state = 'invited' AND i.sent_at <= :sent_before)"
)
_REQUEUE = text(
    "UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL WHERE status = 'doing' AND (worker_id IS NULL OR "
    "worker_id IN (SELECT id FROM procrastinate_workers WHERE last_heartbeat < now() - interval '30 seconds'))"
)
_LIVING = (
    "EXISTS (SELECT 1 FROM procrastinate_jobs j WHERE j.task_name = '{task}' AND j.status IN ('todo', 'doing') "
    "AND j.args ->> '{argument}' = {row}.id::text)"
)
_STRANDED_SAMPLES = text(
    "SELECT s.id FROM sample s WHERE s.state = 'callable' AND NOT "
    + _LIVING.format(task="invite", argument="sample_id", row="s")
    + " LIMIT 500"
)
