"""Timers: once each, moved and cancelled with their subject, taken by one worker (14.6, MODULES 2)."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from repaircenter.central.core.area import Area
from repaircenter.central.core.service import Service
from repaircenter.central.core.work import Enqueue, Task, Timer
from repaircenter.central.db.connections import WORKER
from repaircenter.central.timers import queries
from repaircenter.central.timers.queries import Due
from repaircenter.central.timers.worker import Queue
from tests.conftest import Central

NOON = datetime(2026, 11, 2, 16, 0, tzinfo=UTC)


def due(central: Central, subject_id: int, at: datetime, occurrence: int = 0) -> Due:
    return Due(1, central.shops["North"], subject_id, at, occurrence)


def states(central: Central) -> list[tuple[object, ...]]:
    return central.rows("SELECT subject_id, occurrence, state FROM timer WHERE kind <> 'alert.week' ORDER BY 1, 2")


def test_a_timer_fires_once_when_its_instant_has_come(central: Central) -> None:
    with central.parts.worker.scoped(WORKER) as connection:
        queries.put(connection, "test", [due(central, 1, NOON), due(central, 2, NOON + timedelta(seconds=1))])
        assert queries.take_due(connection, ["test"], NOON - timedelta(seconds=1)) == {}
        assert queries.take_due(connection, ["other"], NOON) == {}, "a kind nobody here knows waits for who does"
        assert queries.take_due(connection, ["test"], NOON) == {"test": [1]}
        assert queries.take_due(connection, ["test"], NOON) == {}
    assert states(central) == [(1, 0, "fired"), (2, 0, "waiting")]


def test_a_timer_is_moved_cancelled_and_set_again(central: Central) -> None:
    with central.parts.worker.scoped(WORKER) as connection:
        queries.put(connection, "test", [due(central, 1, NOON)])
        queries.put(connection, "test", [due(central, 1, NOON + timedelta(days=1))])
        queries.put(connection, "test", [due(central, 1, NOON, occurrence=1)])
        assert queries.take_due(connection, ["test"], NOON) == {"test": [1]}, "the first occurrence was moved"
        queries.cancel(connection, ["test"], [1])
    assert states(central) == [(1, 0, "cancelled"), (1, 1, "fired")]
    with central.parts.worker.scoped(WORKER) as connection:
        queries.put(connection, "test", [due(central, 1, NOON)])
    (row,) = central.rows("SELECT state, due_at, planned_at FROM timer WHERE occurrence = 0 AND kind = 'test'")
    assert row == ("waiting", NOON, NOON), "the first plan is remembered"


def test_two_workers_never_take_the_same_timer(central: Central) -> None:
    with central.parts.worker.scoped(WORKER) as connection:
        queries.put(connection, "test", [due(central, number, NOON) for number in range(10)])
    with central.parts.worker.scoped(WORKER) as one, central.parts.worker.scoped(WORKER) as two:
        first = queries.take_due(one, ["test"], NOON, limit=6)["test"]
        second = queries.take_due(two, ["test"], NOON)["test"]
    assert sorted(first + second) == list(range(10)) and len(first) == 6


def until(ready: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


class Areas:
    """An area whose timer notes and whose task fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.fired: list[int] = []
        self.worked: list[int] = []
        self.failures = failures
        timer, task = Timer("test.due", "test.work", self.fire), Task("test.work", self.work)
        self.areas = (Area("test", tasks=(task,), timers=(timer,)),)

    def fire(self, _connection: Connection, subjects: Sequence[int]) -> None:
        self.fired.extend(subjects)

    def work(self, _service: Service, _enqueue: Enqueue, subject_id: int) -> None:
        if self.failures:
            self.failures -= 1
            raise ValueError("as told")
        self.worked.append(subject_id)


@pytest.mark.parametrize("failures", [0, 2])
def test_what_an_area_registers_is_done(central: Central, failures: int) -> None:
    """An area brings a timer and a task; nothing else names them. A task that fails is tried again."""
    brought = Areas(failures)
    queue = Queue(central.parts, central.service.url_of("rc_worker"), brought.areas)
    with central.parts.worker.scoped(WORKER) as connection:
        queries.put(connection, "test.due", [due(central, 7, central.clock.now_utc())])
    central.service.queue.stop()
    queue.start(0.05)
    try:
        until(lambda: brought.worked == [7])
        assert brought.fired == [7]
        until(queue.idle)
    finally:
        queue.stop()


def test_an_error_while_firing_leaves_the_timer_waiting(central: Central) -> None:
    """Marking the subjects, firing and enqueuing are one transaction."""

    def fail(_connection: Connection, _subjects: Sequence[int]) -> None:
        raise ValueError("as told")

    areas = (Area("test", timers=(Timer("test.due", None, fail),)),)
    queue = Queue(central.parts, central.service.url_of("rc_worker"), areas)
    with central.parts.worker.scoped(WORKER) as connection:
        queries.put(connection, "test.due", [due(central, 7, central.clock.now_utc())])
    with pytest.raises(ValueError, match="as told"):
        queue.tick()
    assert states(central) == [(7, 0, "waiting")]
