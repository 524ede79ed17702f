"""A day in ten minutes (issue 4): with an injected clock a PC lives from one morning to the next, untouched by hands.

Two hundred estimates, three outages of the service, one of the share, the cut-off at 22:00 Pacific, a night asleep.
Nothing is lost, nothing doubled, and the log holds no personal data of the world.
"""

import contextlib
import logging
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from repaircenter.demo.world import World
from repaircenter.runtime.errors import KnownError
from repaircenter.runtime.logs import set_up_logs
from repaircenter.shop.model.state import CollectorState
from tests.conftest import Central
from tests.fakes.front import Front, batch
from tests.integration.test_collector import Desk

STEP_SECONDS, LISTEN_SECONDS = 40, 80
ESTIMATES, NEXT_MORNING = 200, 10


def at(text: str, day: int = 2) -> datetime:
    """An hour of the day in Toronto as UTC (in November 2026: five hours later)."""
    hour, minute = map(int, text.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) + timedelta(hours=5)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    set_up_logs(tmp_path / "logs", logging.DEBUG)
    yield tmp_path / "logs"
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    for handler in before:
        root.addHandler(handler)
    root.setLevel(level)


class Day:
    """The PC, its share and the way to the service; `live_until` lets time pass as a running collector would."""

    def __init__(self, central: Central, front: Front, folder: Path) -> None:
        self.clock = central.clock
        self.front = front
        self.desk = Desk(central, folder / "pc", front.address)
        self.states: set[str] = set()
        self.away = folder / "pc" / "share away"
        self.planned: list[tuple[datetime, object]] = []
        # As in the program: the feed is waited for beside the collector, not asked in every cycle.
        self.desk.shop.collector.states.is_followed = True
        self.listens_at = self.clock.now_utc()

    def live_until(self, end: datetime) -> None:
        while self.clock.now_utc() < end:
            while self.planned and self.planned[0][0] <= self.clock.now_utc() and self.desk.share.exists():
                self.desk.put(self.planned.pop(0)[1])  # type: ignore[arg-type]
            if self.clock.now_utc() >= self.listens_at:
                self.listens_at = self.clock.now_utc() + timedelta(seconds=LISTEN_SECONDS)
                with contextlib.suppress(KnownError):
                    self.desk.shop.collector.states.listen(0.0)
            self.desk.shop.collector.cycle()
            state: CollectorState = self.desk.shop.collector.state
            self.states |= {state.connection.name, *("share away" for f in state.folders if f.trouble)}
            self.clock.pass_time(STEP_SECONDS)

    def sleep_until(self, end: datetime) -> None:
        """The PC sleeps: the wall clock goes on, the monotonic one does not."""
        self.clock._now_utc = end


def test_a_day_untouched_by_hands(central: Central, tmp_path: Path, log: Path) -> None:
    rng = random.Random(4)
    exports = [e for e in World(datetime(2026, 11, 20, tzinfo=UTC)).exports if e.stage == "created"]
    estimates = [e.estimate for e in exports[: ESTIMATES + NEXT_MORNING]]
    central.clock.jump_to(datetime(2026, 11, 2, 15, 0, 1, tzinfo=UTC))
    with Front(central.address) as front:
        day = Day(central, front, tmp_path)
        try:
            live(day, front, central, rng, estimates)
            counts = day.desk.shop.store.read.counts(central.clock.now_utc())
            state = day.desk.shop.collecting.state()
        finally:
            day.desk.shop.stop()
    assert (counts.jobs, counts.sent, counts.to_send, counts.refused) == (len(estimates), len(estimates), 0, 0)
    assert state.connection.name == "connected" and state.last_cycle_utc is not None and not state.silences
    assert {"connected", "ending_soon", "offline", "disconnected", "share away"} <= day.states
    kept, distinct, filtered = central.rows(
        "SELECT count(*), count(DISTINCT job_key), (SELECT count(*) FROM filtered_job) FROM job"
    )[0]
    assert kept == distinct and kept + filtered == len(estimates)
    no_personal_data(log, estimates)


def live(day: Day, front: Front, central: Central, rng: random.Random, estimates: list) -> None:  # type: ignore[type-arg]
    clock = central.clock
    clock.jump_to(at("10:01"))
    hours = sorted(at("10:30") + timedelta(seconds=rng.uniform(0, 8.5 * 3600)) for _ in range(ESTIMATES))
    day.planned = list(zip(hours, estimates, strict=False))
    day.live_until(at("11:10"))
    front.dead = True
    day.live_until(at("11:40"))
    front.heal()
    day.live_until(at("12:30"))
    front.fail(batch, 503)
    day.live_until(at("12:40"))
    front.heal()
    day.live_until(at("13:00"))
    day.desk.share.rename(day.away)
    day.live_until(at("13:45"))
    day.away.rename(day.desk.share)
    day.live_until(at("15:00"))
    front.dead = True
    day.live_until(at("16:30"))
    front.heal()
    day.live_until(at("19:30"))
    day.live_until(at("22:30"))
    # 22:00 Pacific is 01:00 in Toronto: crossed with the program running.
    day.live_until(at("01:30", 3))
    day.sleep_until(at("07:40", 3))
    morning = at("07:45", 3)
    late = [morning + timedelta(minutes=2 * n) for n in range(NEXT_MORNING)]
    day.planned += list(zip(late, estimates[ESTIMATES:], strict=True))
    day.live_until(at("08:30", 3))


def no_personal_data(log: Path, estimates: list) -> None:  # type: ignore[type-arg]
    """No name, phone, e-mail or VIN of anybody in this world stands in any log."""
    text = "".join(path.read_text("utf-8") for path in log.iterdir())
    assert "WARNING" in text or "INFO" in text or "DEBUG" in text, "there is a log to look at"
    words: set[str] = set()
    for one in estimates:
        words |= {one.vehicle.vin, one.insurer.claim_number}
        if one.customer is not None:
            words |= {one.customer.last_name, one.customer.email, one.customer.company, *one.customer.phones}
    found = [word for word in words if word and len(word) > 3 and re.search(rf"\b{re.escape(word)}\b", text)]
    assert found == []
