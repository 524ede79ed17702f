"""The outbox and the connection under everything that breaks (anchors.md 5 and "Faults to inject"; A-08, A-09)."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from repaircenter.shop.model.outbox import OutboxRow
from repaircenter.wire import endpoints
from tests.conftest import Central
from tests.fakes.front import Front, batch
from tests.fakes.service import intercept
from tests.integration.test_collector import Desk, estimate


@pytest.fixture
def front(central: Central) -> Iterator[Front]:
    with Front(central.address) as found:
        yield found


@pytest.fixture
def desk(central: Central, front: Front, tmp_path: Path) -> Iterator[Desk]:
    found = Desk(central, tmp_path / "pc", front.address)
    yield found
    found.shop.stop()


def fill(desk: Desk, first: int, last: int) -> None:
    """Jobs that wait in the outbox."""
    desk.shop.jobs.put_setting("sending_stopped", "yes")
    for number in range(first, last + 1):
        desk.put(estimate(number))
    desk.cycle()
    desk.cycle()
    desk.shop.jobs.put_setting("sending_stopped", "no")


def waiting(desk: Desk) -> list[OutboxRow]:
    return [one.row for one in desk.shop.store.read.messages(("waiting",))]


def until_sent(desk: Desk, jobs: int, most_seconds: float) -> float:
    """Cycles of the collector until so many jobs were sent; gives the seconds that took."""
    start = desk.central.clock.monotonic_seconds()
    while desk.shop.store.read.counts(desk.central.clock.now_utc()).sent < jobs:
        assert desk.central.clock.monotonic_seconds() - start < most_seconds, waiting(desk)
        desk.central.clock.pass_time(5)
        desk.shop.collector.cycle()
    return desk.central.clock.monotonic_seconds() - start


def test_a_poisoned_row_among_a_hundred_keeps_nobody_waiting(desk: Desk, front: Front) -> None:
    fill(desk, 1, 100)
    front.fail(lambda path, body: batch(path, body) and b"guid37\\" in body, 500)
    took = until_sent(desk, 99, 900)
    (left,) = waiting(desk)
    assert left.attempts >= 1 and json.loads(left.payload)["job_key"] == "C:guid37"
    assert took < 600, f"ninety-nine healthy rows took {took} s"
    front.heal()
    until_sent(desk, 100, 6 * 3600)
    assert desk.central.rows("SELECT count(*), count(DISTINCT job_key) FROM job") == [(100, 100)]


def test_retry_after_is_honoured(desk: Desk, front: Front) -> None:
    fill(desk, 1, 3)
    front.fail(batch, 429, {"Retry-After": "600"})
    desk.cycle()
    asked = front.batches()
    for _ in range(100):
        desk.central.clock.pass_time(5)
        desk.shop.collector.cycle()
    assert front.batches() == asked, "nothing is asked before the time the service named"
    assert all(row.attempts == 0 for row in waiting(desk))
    front.heal()
    assert 60 < until_sent(desk, 3, 200) <= 105


def test_a_401_for_a_week_loses_nothing_and_does_not_hammer(desk: Desk, front: Front) -> None:
    fill(desk, 1, 5)
    refused = b'{"code":"session_ended"}'
    front.fail(lambda path, _body: path.endswith(("/jobs/batch", "/lease", "/states")), 401, body=refused)
    front.fail(lambda path, _body: path.endswith("/installation/session"), 401, body=b'{"code":"revoked"}')
    for _ in range(7 * 24 * 4):
        desk.central.clock.pass_time(900)
        desk.shop.collector.cycle()
    state = desk.shop.collector.state.connection
    assert (state.name, state.reason) == ("disconnected", "revoked") and state.since_utc is not None
    assert len(front.asked) < 7 * 24 * 2, "about once an hour"
    rows = waiting(desk)
    assert len(rows) == 5 and all(row.attempts == 0 for row in rows)
    front.heal()
    desk.shop.collecting.reconnect()
    until_sent(desk, 5, 60)


def test_a_session_that_is_refused_right_after_it_was_opened_backs_off(desk: Desk, front: Front) -> None:
    fill(desk, 1, 1)
    front.fail(lambda path, _body: path.endswith("/jobs/batch"), 401, body=b'{"code":"session_ended"}')
    front.asked.clear()
    for _ in range(720):
        desk.central.clock.pass_time(5)
        desk.shop.collector.cycle()
    assert front.batches() < 30, f"{front.batches()} tries in an hour"
    front.heal()
    desk.shop.collecting.reconnect()
    until_sent(desk, 1, 60)


def test_refused_rows_are_listed_and_tried_again_or_discarded(desk: Desk, front: Front) -> None:
    fill(desk, 1, 3)
    front.fail(lambda path, body: batch(path, body) and b"guid2\\" in body, 422, body=b'{"code":"bad_value"}')
    until_sent(desk, 2, 600)
    (refused,) = desk.shop.store.read.messages(("refused",))
    assert refused.row.last_status == "bad_value" and refused.label == "Éloïse Gagné 2"
    desk.shop.jobs.try_again([refused.row.id])
    desk.cycle()
    (refused,) = desk.shop.store.read.messages(("refused",))
    front.heal()
    desk.shop.jobs.try_again([refused.row.id])
    until_sent(desk, 3, 600)
    assert desk.shop.store.read.messages(("refused",)) == []
    assert len(desk.shop.store.read.messages(("discarded",))) == 2, "what was tried before stays in the log"
    front.fail(batch, 422, body=b'{"code":"bad_value"}')
    fill(desk, 4, 4)
    desk.cycle()
    (refused,) = desk.shop.store.read.messages(("refused",))
    desk.shop.jobs.discard([refused.row.id])
    front.heal()
    assert desk.cycle().answers == {} and not desk.shop.store.read.messages(("refused",))


def test_a_row_of_another_version_is_parked_and_blocks_nothing(desk: Desk) -> None:
    fill(desk, 1, 4)
    row = waiting(desk)[-1]
    with desk.shop.store.write() as uow:
        uow.outbox.put(replace(row, schema=99))
        uow.outbox.put(replace(waiting(desk)[0], payload="{"))
    until_sent(desk, 2, 60)
    assert {one.row.last_status for one in desk.shop.store.read.messages(("parked",))} == {"unreadable"}
    assert desk.shop.store.read.counts(desk.central.clock.now_utc()).refused == 2, "a person sees them"
    desk.shop.jobs.try_again([one.row.id for one in desk.shop.store.read.messages(("parked",))])
    until_sent(desk, 4, 60)


def test_an_outage_becomes_disconnected_and_comes_back_by_itself(desk: Desk, front: Front) -> None:
    desk.cycle()
    assert desk.shop.collector.state.connection.name == "connected"
    front.dead = True
    desk.put(estimate(1))
    desk.cycle()
    assert desk.shop.collector.state.connection.name == "offline"
    since = desk.shop.collector.state.connection.since_utc
    for _ in range(200):
        desk.central.clock.pass_time(5)
        desk.shop.collector.cycle()
    state = desk.shop.collector.state.connection
    assert (state.name, state.reason, state.since_utc) == ("disconnected", "unreachable", since)
    front.heal()
    until_sent(desk, 1, 1500)
    assert waiting(desk) == [] and desk.shop.collector.state.connection.name == "connected"


@pytest.mark.parametrize("days", [-400, -3, 3, 40])
def test_a_clock_that_is_set_changes_nothing_that_matters(desk: Desk, days: int) -> None:
    """The PC's clock jumps by days; the service's does not. What waits is sent, and the error is said."""
    desk.cycle()
    clock = Skewed(desk.central.clock)
    for part in (desk.shop, desk.shop.session, desk.shop.collector, desk.shop.collector._sender, desk.shop.jobs):
        for name in ("clock", "_clock"):
            if hasattr(part, name):
                setattr(part, name, clock)
    fill(desk, 1, 2)
    row = waiting(desk)[0]
    with desk.shop.store.write() as uow:
        uow.outbox.put(replace(row, next_try_at_utc=clock.now_utc() + timedelta(hours=1)))
    clock.skew = timedelta(days=days)
    until_sent(desk, 2, 120)
    state = desk.shop.collector.state.connection
    assert state.name == "connected" and abs(state.clock_off_seconds - days * 86400) < 60
    desk.put(estimate(3))
    until_sent(desk, 3, 120)


class Skewed:
    """The clock of a PC that is wrong by `skew`, while time passes as everywhere."""

    def __init__(self, clock) -> None:  # type: ignore[no-untyped-def]
        self._clock = clock
        self.skew = timedelta()

    def now_utc(self) -> datetime:
        found: datetime = self._clock.now_utc() + self.skew
        return found

    def monotonic_seconds(self) -> float:
        found: float = self._clock.monotonic_seconds()
        return found


def test_sleep_over_night_and_forty_days_off_end_with_a_fresh_session(desk: Desk) -> None:
    """While a PC sleeps the wall clock goes on and the monotonic one may stand still."""
    desk.cycle()
    clock = desk.central.clock
    for slept in (timedelta(hours=11), timedelta(days=40)):
        clock._now_utc += slept
        desk.put(estimate(int(slept.total_seconds())))
        desk.shop.collector.cycle()
        clock.pass_time(4)
        assert desk.shop.collector.cycle().answers == {"kept": 1}
        assert desk.shop.collector.state.connection.until_utc > clock.now_utc()


def test_sleep_in_the_middle_of_a_failure_tries_at_once(desk: Desk, front: Front) -> None:
    front.dead = True
    for _ in range(2000):
        desk.central.clock.pass_time(5)
        desk.shop.collector.cycle()
    front.heal()
    desk.central.clock._now_utc += timedelta(hours=9)
    desk.shop.collector.cycle()
    assert desk.shop.collector.state.connection.name == "connected"


def test_the_last_quarter_of_an_hour_is_announced(desk: Desk) -> None:
    desk.cycle()
    desk.central.clock.jump_to(datetime(2026, 11, 3, 5, 46, tzinfo=UTC))
    assert desk.shop.collector.state.connection.name == "ending_soon"


def test_what_waits_for_a_later_try_is_due_again_at_each_sign_in(desk: Desk, front: Front) -> None:
    fill(desk, 1, 1)
    front.fail(batch, 500)
    for _ in range(20):
        desk.central.clock.pass_time(60)
        desk.shop.collector.cycle()
    front.heal()
    (row,) = waiting(desk)
    assert row.next_try_at_utc > desk.central.clock.now_utc()
    desk.shop.collector._session.ended("revoked")
    desk.shop.collecting.reconnect()
    desk.shop.collector.cycle()
    assert waiting(desk) == []


def test_two_instances_with_the_same_outbox_double_nothing(desk: Desk, tmp_path: Path) -> None:
    """The OS lock forbids it; should it happen all the same, the keys make it harmless."""
    from repaircenter.shop.collector.outbox_sender import OutboxSender

    desk.cycle()
    fill(desk, 1, 10)
    client = desk.shop.collector_client
    assert client is not None
    one, two = (OutboxSender(desk.shop.store, client, desk.central.clock) for _ in range(2))
    one._began = True
    rows = []
    began: list[bool] = []

    def both(batch: Any, ask: Callable[[Any], Any]) -> Any:
        """While the first sends, the second takes everything as if the first were dead."""
        if not began:
            began.append(True)
            rows.append(two.round().outcomes)
        return ask(batch)

    intercept(client, endpoints.SEND_JOBS, both)
    rows.append(one.round().outcomes)
    assert rows == [{"kept": 10}, {"kept": 10}]
    assert desk.central.rows("SELECT count(*), (SELECT count(*) FROM sample) FROM job") == [(10, 10)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a small tmpfs cannot be mounted here (needs root)")
    yield place
    subprocess.run(["umount", str(place)], check=False)


def test_a_full_disk_is_said_and_everything_goes_on_when_there_is_room(
    central: Central, small_disk: Path, tmp_path: Path
) -> None:
    desk = Desk(central, tmp_path / "pc")
    desk.shop.stop()
    desk.folder = small_disk
    desk.shop = desk.start()
    try:
        filler = small_disk / "filler"
        free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_bsize
        filler.write_bytes(b"x" * (free - 60_000))
        for number in range(60):
            desk.put(estimate(number))
        for _ in range(5):
            desk.cycle()
        state = desk.shop.collecting.state()
        assert state.store_trouble is not None and "full" in str(state.store_trouble)
        before = len(desk.jobs())
        assert before < 60
        filler.unlink()
        for _ in range(90):
            desk.cycle(10)
            if len(desk.jobs()) == 60 and not waiting(desk):
                break
        assert len(desk.jobs()) == 60 and desk.shop.collecting.state().store_trouble is None
        assert central.rows("SELECT count(*), count(DISTINCT job_key) FROM job") == [(60, 60)]
    finally:
        desk.shop.stop()
