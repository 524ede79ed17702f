"""Runs of reports as resources (DESIGN 3.11): a worker thread fills parts on a connection of its own, Stop cancels
the backend, and a run nobody asks about for 30 s is stopped.

Runs and their parts stand in the database: any process answers for them. The one that began a run works on it; should it
die, the run fails and the desk may begin it again.
"""

import logging
import secrets
import threading
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from repaircenter.central.core.service import Service
from repaircenter.central.core.work import patient
from repaircenter.central.db.connections import NOTHING, REPORTS_AT_ONCE, Database, Scope
from repaircenter.central.db.replica import Reading
from repaircenter.central.reporting.catalogue import REPORTS
from repaircenter.central.reporting.report import ReportContext, Request
from repaircenter.central.reporting.sql import report_runs
from repaircenter.runtime.threads import Worker
from repaircenter.wire import codec
from repaircenter.wire.document.parts import Part
from repaircenter.wire.reports import RunState

log = logging.getLogger(__name__)
RUNNING, DONE, FAILED, STOPPED = "running", "done", "failed", "stopped"
FORGOTTEN, KEPT, DEAD = timedelta(seconds=30), timedelta(seconds=300), timedelta(seconds=30)
# How soon a run that was stopped by way of another process ends here.
TEND_SECONDS = 1.0


@dataclass(slots=True)
class _Run:
    """A run this process works on."""

    id: str
    owner: int
    request: Request
    scope: Scope
    stopped: bool = False
    # How many parts there are.
    kept: int = 0
    at_work: object | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


def _parts(connection: Connection, request: Request) -> Iterator[Part]:
    report = REPORTS[request.report]
    return report.build(ReportContext(connection, request, report))


class Runs:
    """Begins, works on and answers for runs; owned by `close`. Each call needs the person's scope."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._name = secrets.token_urlsafe(8)
        # What this process works on or has waiting.
        self._runs: dict[str, _Run] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(REPORTS_AT_ONCE, thread_name_prefix="report")
        # Runs that wait, by person; each turn goes to the person who has fewest at work.
        self._waiting: dict[int, deque[_Run]] = {}
        self._at_work: Counter[int] = Counter()

    def start(self, request: Request, scope: Scope, owner: int) -> RunState:
        """Begin a run in the scope of the person who asked."""
        run = _Run(secrets.token_urlsafe(16), owner, request, scope)
        with self._service.web.scoped(scope) as connection:
            report_runs.add(connection, run.id, owner, self._name, self._service.clock.now_utc())
        with self._lock:
            self._runs[run.id] = run
            self._waiting.setdefault(owner, deque()).append(run)
        self._pool.submit(self._take_turn)
        return RunState(id=run.id, state=RUNNING, parts=0)

    def _take_turn(self) -> None:
        """Do one waiting run: sixty reports of one person do not keep another's first one waiting."""
        with self._lock:
            owner = min(self._waiting, key=lambda person: self._at_work[person], default=None)
            if owner is None:
                return
            run = self._waiting[owner].popleft()
            if not self._waiting[owner]:
                del self._waiting[owner]
            self._at_work[owner] += 1
        try:
            self._work(run)
        finally:
            with self._lock:
                self._runs.pop(run.id, None)
                self._at_work[owner] -= 1
                if not self._at_work[owner]:
                    del self._at_work[owner]

    def state(self, run_id: str, scope: Scope) -> RunState | None:
        with self._service.web.scoped(scope) as connection:
            return report_runs.state(connection, run_id, self._service.clock.now_utc())

    def part(self, run_id: str, scope: Scope, number: int) -> bytes | None:
        """The encoded part, None while it is not there."""
        with self._service.web.scoped(scope) as connection:
            return report_runs.part(connection, run_id, number)

    def stop(self, run_id: str, scope: Scope) -> bool:
        """Stop a run, whichever process works on it; False when the person has no such run."""
        with self._service.web.scoped(scope) as connection:
            if not report_runs.end(connection, run_id, STOPPED):
                return False
        self._cancel(run_id)
        return True

    def start_tending(self) -> None:
        """Look after runs on a thread of their own until the service stops."""
        tender = Worker("runs", patient("runs", self.tend), self._service.clock)
        self._service.stops.add("forgotten runs", tender.stop)
        tender.start()

    def tend(self) -> float:
        """Stop runs nobody asks about, forget old ones, end what was stopped elsewhere; return the seconds until then."""
        now = self._service.clock.now_utc()
        with self._lock:
            alive = list(self._runs)
        with self._service.web.scoped(NOTHING) as connection:
            stopped = report_runs.tend(connection, self._name, alive, now, FORGOTTEN, DEAD, KEPT)
        for run_id in stopped:
            self._cancel(run_id)
        return TEND_SECONDS

    def close(self) -> None:
        with self._lock:
            runs = list(self._runs.values())
        for run in runs:
            with suppress(SQLAlchemyError):  # the database may be gone: the run fails by itself then
                self.stop(run.id, run.scope)
            self._cancel(run.id)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _cancel(self, run_id: str) -> None:
        """Ask the server to give up the query now; the worker's connection goes back to its pool clean."""
        with self._lock:
            run = self._runs.get(run_id)
        if run is None:
            return
        with run.lock:
            run.stopped = True
            if run.at_work is not None:
                run.at_work.cancel_safe(timeout=1.0)  # type: ignore[attr-defined]

    def _work(self, run: _Run) -> None:
        ending, error = DONE, None
        try:
            if not self._build(run):
                return
        except Exception:
            if run.stopped:
                return
            log.exception("report %s failed", run.request.report)
            ending, error = FAILED, "report_failed"
        with self._service.web.scoped(run.scope) as connection:
            report_runs.end(connection, run.id, ending, error)

    def _build(self, run: _Run) -> bool:
        """Whether all parts of a run were kept. Where its first part did not come, because the copy went away or took the
        query back, it is begun again in the database itself."""
        try:
            return self._read(run, self._service.reports)
        except OperationalError:
            if run.stopped or run.kept:
                raise
            log.warning("report %s is read again in the database itself", run.request.report)
            return self._read(run, self._service.web)

    def _read(self, run: _Run, place: Reading | Database) -> bool:
        with place.scoped(run.scope) as connection:
            with run.lock:
                if run.stopped:
                    return False
                run.at_work = connection.connection.dbapi_connection
            try:
                for number, part in enumerate(_parts(connection, run.request)):
                    if run.stopped or not self._keep(run, number, codec.encode(part)):
                        return False
            finally:
                with run.lock:
                    run.at_work = None
        return True

    def _keep(self, run: _Run, number: int, content: bytes) -> bool:
        """Whether the part was kept: the run may have ended meanwhile."""
        with self._service.web.scoped(run.scope) as connection:
            is_kept = report_runs.add_part(connection, run.id, run.owner, number, content)
        run.kept += is_kept
        return is_kept
