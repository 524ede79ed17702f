"""The worker: fires timers that are due by our clock and runs their tasks (procrastinate, DESIGN 3.8).

`tick` takes what is due and enqueues its work in the same transaction. It knows areas by what they bring only.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import procrastinate
from procrastinate.exceptions import ConnectorException
from sqlalchemy import URL, Connection, text

from repaircenter.central.core.area import Area
from repaircenter.central.core.service import Service
from repaircenter.central.core.work import Task, patient
from repaircenter.central.db.connections import WORKER
from repaircenter.central.timers import queries
from repaircenter.runtime.threads import Worker

log = logging.getLogger(__name__)
TASKS_AT_ONCE = 2
TICK_SECONDS = 5.0
# How often jobs of dead workers are looked for, and how long a task that failed every try rests.
STALLED_SECONDS, RESCUE_SECONDS = 5.0, 900.0
_RETRY = procrastinate.RetryStrategy(max_attempts=10, exponential_wait=2)


class Queue:
    """Defers tasks on a connection of the caller's transaction and runs them on a thread with its own event loop."""

    def __init__(self, service: Service, worker_url: URL, areas: Sequence[Area]) -> None:
        self._service = service
        self._tasks = [task for area in areas for task in area.tasks]
        self._timers = {timer.kind: timer for area in areas for timer in area.timers}
        self._url = worker_url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._defer = self._app(procrastinate.SyncPsycopgConnector(conninfo=self._url))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None
        self._ticker: Worker | None = None
        self._upkeep = [
            Worker(upkeep.name, patient(upkeep.name, partial(upkeep.step, service)), service.clock)
            for area in areas
            for upkeep in area.upkeep
        ]
        self._is_stopped = False

    def _app(self, connector: Any) -> procrastinate.App:
        app = procrastinate.App(connector=connector)
        for task in self._tasks:
            app.task(name=task.name, retry=_RETRY if task.retries else False)(self._work_of(task))
        return app

    def _work_of(self, task: Task) -> Callable[..., None]:
        def work(subject_id: int) -> None:
            task.function(self._service, self._enqueue, subject_id)

        return work

    def _enqueue(self, connection: Connection, task: str, subject_id: int) -> None:
        raw = connection.connection.dbapi_connection
        lock = f"{task}-{subject_id}"
        self._defer.configure_task(task, connection=raw, lock=lock).defer(subject_id=subject_id)

    def tick(self) -> int:
        """Fire what is due by our clock and enqueue its work; return how many timers that were."""
        with self._service.worker.scoped(WORKER) as connection:
            due = queries.take_due(connection, list(self._timers), self._service.clock.now_utc())
            for kind, subjects in due.items():
                timer = self._timers[kind]
                if timer.fire is not None:
                    timer.fire(connection, subjects)
                if timer.task is not None:
                    for subject_id in subjects:
                        self._enqueue(connection, timer.task, subject_id)
        return sum(map(len, due.values()))

    def start(self, tick_seconds: float = TICK_SECONDS) -> None:
        """Run tasks and ticks until `stop`."""
        self._thread = threading.Thread(target=self._run, name="tasks", daemon=True)
        self._thread.start()
        tick = patient("tick", lambda: 0.05 if self.tick() else tick_seconds)
        self._ticker = Worker("tick", tick, self._service.clock)
        self._ticker.start()
        for upkeep in self._upkeep:
            upkeep.start()

    def wake(self) -> None:
        """Look for what is due now (the demo's clock jumps)."""
        if self._ticker is not None:
            self._ticker.wake()

    def wake_upkeep(self) -> None:
        """Have upkeep look now, which is not part of what `wake` waits for."""
        for upkeep in self._upkeep:
            upkeep.wake()

    def idle(self) -> bool:
        """Whether nothing is due and no task waits or runs."""
        with self._service.worker.scoped(WORKER) as connection:
            values = {"now": self._service.clock.now_utc(), "kinds": list(self._timers)}
            return not connection.execute(_LEFT, values).scalar_one()

    def stop(self) -> None:
        self._is_stopped = True
        if self._ticker is not None:
            self._ticker.stop()
        for upkeep in self._upkeep:
            upkeep.stop()
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
        # Whoever stopped before the task was known has nothing to cancel.
        while not self._is_stopped:
            try:
                async with app.open_async():
                    rescue = asyncio.create_task(self._rescue(app))
                    try:
                        await app.run_worker_async(
                            concurrency=TASKS_AT_ONCE,
                            install_signal_handlers=False,
                            listen_notify=True,
                            fetch_job_polling_interval=2.0,
                            delete_jobs="successful",
                            shutdown_graceful_timeout=10,
                        )
                    finally:
                        rescue.cancel()
            except asyncio.CancelledError:
                return
            except (ConnectorException, OSError):
                log.warning("the task queue lost its database; it is tried again")
                await asyncio.sleep(2)

    async def _rescue(self, app: procrastinate.App) -> None:
        """Give back the jobs of workers that died without a word, and now and then those whose every try failed."""
        clock, manager = self._service.clock, app.job_manager
        again_at_seconds = clock.monotonic_seconds() + RESCUE_SECONDS
        while True:
            try:
                lost = list(await manager.get_stalled_jobs())
                if clock.monotonic_seconds() >= again_at_seconds:
                    again_at_seconds = clock.monotonic_seconds() + RESCUE_SECONDS
                    lost += await manager.list_jobs_async(status="failed")
                for job in lost:
                    if job.id is not None:
                        await manager.retry_job_by_id_async(job.id, retry_at=datetime.now(UTC))
            except ConnectorException:
                log.warning("lost jobs could not be looked for")
            await asyncio.sleep(STALLED_SECONDS)


# One statement, so that a timer on its way from due to a waiting task is never missed.
_LEFT = text(
    "SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')) "
    "+ (SELECT count(*) FROM timer WHERE state = 'waiting' AND due_at <= :now AND kind = ANY(:kinds))"
)
