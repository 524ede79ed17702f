"""Runs of reports as resources (DESIGN 3.11): a worker thread fills parts on a connection of its own, Stop cancels
the backend, and a run nobody asks about for 30 s is stopped."""

import logging
import secrets
import threading
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sqlalchemy import Connection

from repaircenter.central.context import Service
from repaircenter.central.db.connections import Scope
from repaircenter.central.reporting import (
    benchmark,
    by_date,
    by_employee,
    csi_scorecard,
    evolution,
    feedback_data,
    jobs,
    nps_by,
    nps_overview,
    reviews,
    strengths,
    survey_detail,
)
from repaircenter.central.reporting.report import Building, Report, Request
from repaircenter.wire import codec
from repaircenter.wire.document import Part
from repaircenter.wire.messages import RunState

log = logging.getLogger(__name__)
# A new report is named here once; the rest is its own file (docs/reports.md).
REPORTS: dict[str, Report] = {
    module.REPORT.id: module.REPORT
    for module in (
        csi_scorecard,
        survey_detail,
        nps_overview,
        by_date,
        by_employee,
        nps_by,
        reviews,
        strengths,
        benchmark,
        evolution,
        jobs,
        feedback_data,
    )
}
RUNNING, DONE, FAILED, STOPPED = "running", "done", "failed", "stopped"
FORGOTTEN_SECONDS, KEPT_SECONDS, SWEEP_SECONDS = 30.0, 300.0, 5.0
_AT_ONCE = 4


@dataclass(slots=True)
class _Run:
    id: str
    owner: int
    asked_at_seconds: float
    state: str = RUNNING
    error: str | None = None
    parts: list[bytes] = field(default_factory=list)
    cancel: object | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


def _parts(connection: Connection, request: Request) -> Iterator[Part]:
    report = REPORTS[request.report]
    return report.build(Building(connection, request, report))


class Runs:
    """The runs of this process; owned by `close`."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._runs: dict[str, _Run] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="report")
        # Runs that wait, by person; each turn goes to the person who has fewest at work.
        self._waiting: dict[int, deque[tuple[_Run, Request, Scope]]] = {}
        self._at_work: Counter[int] = Counter()

    def start(self, request: Request, scope: Scope, owner: int) -> RunState:
        """Begin a run in the scope of the person who asked."""
        run = _Run(secrets.token_urlsafe(16), owner, self._service.clock.monotonic_seconds())
        with self._lock:
            self._runs[run.id] = run
            self._waiting.setdefault(owner, deque()).append((run, request, scope))
        self._pool.submit(self._take_turn)
        return self._state(run)

    def _take_turn(self) -> None:
        """Do one waiting run: sixty reports of one person do not keep another's first one waiting."""
        with self._lock:
            owner = min(self._waiting, key=lambda person: self._at_work[person], default=None)
            if owner is None:
                return
            run, request, scope = self._waiting[owner].popleft()
            if not self._waiting[owner]:
                del self._waiting[owner]
            self._at_work[owner] += 1
        try:
            self._work(run, request, scope)
        finally:
            with self._lock:
                self._at_work[owner] -= 1
                if not self._at_work[owner]:
                    del self._at_work[owner]

    def state(self, run_id: str, owner: int) -> RunState | None:
        run = self._find(run_id, owner)
        return None if run is None else self._state(run)

    def part(self, run_id: str, owner: int, number: int) -> bytes | None:
        """The encoded part, None while it is not there."""
        run = self._find(run_id, owner)
        return run.parts[number] if run is not None and 0 <= number < len(run.parts) else None

    def stop(self, run_id: str, owner: int) -> bool:
        run = self._find(run_id, owner)
        if run is None:
            return False
        self._cancel(run)
        return True

    def sweep(self) -> float:
        """Stop runs nobody asks about, forget old ones; gives the seconds until the next look."""
        now = self._service.clock.monotonic_seconds()
        with self._lock:
            runs = list(self._runs.values())
        for run in runs:
            silent = now - run.asked_at_seconds
            if run.state == RUNNING and silent > FORGOTTEN_SECONDS:
                self._cancel(run)
            if silent > KEPT_SECONDS:
                with self._lock:
                    self._runs.pop(run.id, None)
        return SWEEP_SECONDS

    def close(self) -> None:
        with self._lock:
            runs = list(self._runs.values())
        for run in runs:
            self._cancel(run)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _find(self, run_id: str, owner: int) -> _Run | None:
        with self._lock:
            run = self._runs.get(run_id)
        if run is None or run.owner != owner:
            return None
        run.asked_at_seconds = self._service.clock.monotonic_seconds()
        return run

    @staticmethod
    def _state(run: _Run) -> RunState:
        return RunState(id=run.id, state=run.state, parts=len(run.parts), error=run.error)

    @staticmethod
    def _cancel(run: _Run) -> None:
        """Ask the server to give up the query now; the worker's connection goes back to its pool clean."""
        with run.lock:
            if run.state != RUNNING:
                return
            run.state = STOPPED
            connection = run.cancel
            if connection is not None:
                connection.cancel_safe(timeout=1.0)  # type: ignore[attr-defined]

    def _work(self, run: _Run, request: Request, scope: Scope) -> None:
        try:
            with self._service.web.scoped(scope) as connection:
                with run.lock:
                    if run.state != RUNNING:
                        return
                    run.cancel = connection.connection.dbapi_connection
                try:
                    for part in _parts(connection, request):
                        if run.state != RUNNING:
                            return
                        run.parts.append(codec.encode(part))
                finally:
                    with run.lock:
                        run.cancel = None
            run.state = DONE if run.state == RUNNING else run.state
        except Exception:
            if run.state != STOPPED:
                log.exception("report %s failed", request.report)
                run.state, run.error = FAILED, "report_failed"
