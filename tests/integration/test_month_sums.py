"""What is kept summed of months (MODULES 5): a report says the same from sums and from answers, whatever happened since."""

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, text

from repaircenter.central.db.connections import WORKER
from repaircenter.central.reporting import summing
from repaircenter.central.reporting.builders import r01_scorecard
from repaircenter.central.reporting.sql import month_sums
from repaircenter.central.reporting.sql.kept_months import bounds, month_of
from repaircenter.runtime.days import start_of_day
from tests import answered
from tests.conftest import Central
from tests.integration.test_reports import NOW, run, sum_months
from tests.integration.test_timers import until

REPORTS = ("R-01", "R-03", "R-14", "R-15")
SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(days=3)


@pytest.fixture
def world(central: Central) -> Central:
    """Two shops' year, summed up as it is now."""
    shops = [central.shops["North"], central.shops["South"]]
    with central.service.admin() as connection:
        answered.write(connection, 1, list(answered.some(5, shops, [1], 700, date(2025, 10, 20), 380)))
        # What a worker of the service sums meanwhile, it sums by another clock.
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('month sums'))"))
    sum_months(central, NOW)
    return central


def said(central: Central, now: datetime = NOW, **given: str) -> list[Any]:
    """What the reports say, to nine digits: sums of sums are rounded otherwise than sums."""
    parts = [part for report in REPORTS for part in run(central, report, now=now, **given)]
    return [_rounded(msgspec.to_builtins(part)) for part in parts]


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 9)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, (list, tuple)) else value


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """What the reports say when every answer is counted."""

    def count(central: Central, now: datetime = NOW, **given: str) -> list[Any]:
        with monkeypatch.context() as patched:
            patched.setattr(month_sums, "_is_kept", lambda *_given, **_named: False)
            return said(central, now, **given)

    return count


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[month_sums.Split]]:
    """How selections were split."""
    splits: list[month_sums.Split] = []
    split = month_sums.split

    def spied(*given: Any, **named: Any) -> month_sums.Split:
        splits.append(split(*given, **named))
        return splits[-1]

    monkeypatch.setattr("repaircenter.central.reporting.sql.aggregates.split", spied)
    yield splits


def changed(central: Central) -> int:
    with central.service.admin() as connection:
        return int(connection.execute(text("SELECT count(*) FROM month_change")).scalar_one())


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"period": "2025-12-01..2026-02-28", "compare": "year"},
        {"period": "2025-11-17..2026-07-09"},
        {"period": "last_12_months", "measure": "csi"},
        {"period": "year_to_date", "programme": "1", "measure": "stars"},
        {"period": "2026-03-02..2026-03-20"},
        {"grain": "quarter", "measure": "csi", "section": "insurer"},
        {"grain": "week", "period": "2026-05-01..2026-10-31"},
        {"date_basis": "invitation"},
        {"date_basis": "delivery"},
        {"channel": "sms"},
        {"contested": "counted"},
    ],
    ids=str,
)  # fmt: skip
def test_sums_say_what_answers_say(world: Central, counted: Callable[..., list[Any]], given: dict[str, Any]) -> None:
    assert said(world, **given) == counted(world, **given)


def test_a_large_network_is_read_in_parts_and_says_the_same(world: Central, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = said(world, measure="csi")
    monkeypatch.setattr(r01_scorecard, "_SHOPS_AT_ONCE", 1)
    assert said(world, measure="csi") == at_once


def test_months_are_read_summed_and_the_rest_is_counted(world: Central, read: list[month_sums.Split]) -> None:
    run(world, "R-03", period="2025-11-17..2026-07-09", compare="none")
    months = [part.months for part in read if part.months is not None]
    assert {(part.first, part.end) for part in months} == {(date(2025, 12, 1), date(2026, 7, 1))}
    (rest,) = {tuple((w.start_utc, w.end_utc) for w in part.rest.windows) for part in read if part.rest is not None}
    days = (date(2025, 11, 17), date(2025, 12, 1), date(2026, 7, 1), date(2026, 7, 10))
    first, second, third, last = (start_of_day("America/Toronto", day) for day in days)
    assert rest == ((first, second), (third, last))
    read.clear()
    run(world, "R-03", period="2025-12-01..2026-06-30", compare="none")
    assert read and all(part.rest is None for part in read)


def _of_some_answer(statement: str) -> Callable[[Connection, random.Random], object]:
    def happen(connection: Connection, chance: random.Random) -> None:
        ids = connection.execute(text("SELECT id FROM answer ORDER BY id")).scalars().all()
        connection.execute(text(statement), {"id": chance.choice(ids), "now": NOW, "later": LATER})

    return happen


HAPPENINGS: dict[str, Callable[[Connection, random.Random], object]] = {
    "left out": _of_some_answer("UPDATE answer SET left_out_at = :now WHERE id = :id"),
    "shown later": _of_some_answer(
        "WITH a AS (UPDATE answer SET visible_from = :later WHERE id = :id RETURNING invitation_id) "
        "UPDATE invitation i SET shown_at = :later FROM a WHERE i.id = a.invitation_id"
    ),
    "another day": _of_some_answer("UPDATE answer SET submitted_at = submitted_at - interval '40 days' WHERE id = :id"),
    "erased": _of_some_answer("DELETE FROM answer WHERE id = :id"),
    "another value": _of_some_answer("UPDATE answer_value SET value = 1 WHERE answer_id = :id AND question = 'recommend'"),
    "a value less": _of_some_answer("DELETE FROM answer_value WHERE answer_id = :id AND question = 'quality'"),
    "bounced": _of_some_answer("UPDATE invitation SET bounced_at = :now WHERE id = :id + 1"),
    "sent again": _of_some_answer("UPDATE invitation SET sent_at = sent_at + interval '33 days' WHERE id = :id"),
    "taken back": _of_some_answer(
        "WITH a AS (DELETE FROM answer WHERE id = :id) UPDATE invitation SET sent_at = NULL, answered_at = NULL WHERE id = :id"
    ),
    "another zone": lambda connection, chance: connection.execute(
        text("UPDATE shop SET zone = :zone WHERE name = 'North'"),
        {"zone": chance.choice(["Europe/Madrid", "America/St_Johns", "Pacific/Auckland", "America/Toronto"])},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", HAPPENINGS)
def test_whatever_happens_is_in_the_next_report(world: Central, counted: Callable[..., list[Any]], what: str) -> None:
    before = said(world)
    with world.service.admin() as connection:
        HAPPENINGS[what](connection, random.Random(what))
    now_said = said(world)
    assert now_said == counted(world) != before
    sum_months(world, NOW)
    assert not changed(world) and said(world) == now_said


def test_any_order_of_happenings_and_sums(world: Central, counted: Callable[..., list[Any]]) -> None:
    chance = random.Random(17)
    for number in range(30):
        with world.service.admin() as connection:
            for what in chance.sample(sorted(HAPPENINGS), 2):
                HAPPENINGS[what](connection, chance)
        if chance.random() < 0.4:
            with world.parts.worker.scoped(WORKER) as connection:
                summing.write(connection, summing.take_changed(connection, NOW), NOW)
        if number % 5 == 4:
            assert said(world) == counted(world), number


def test_time_alone_changes_a_month(world: Central, counted: Callable[..., list[Any]]) -> None:
    """An answer is shown days after it came, an invitation can be answered no more."""
    with world.service.admin() as connection:
        HAPPENINGS["shown later"](connection, random.Random(3))
        newest = connection.execute(
            text("UPDATE invitation SET sent_at = :at, answered_at = NULL, shown_at = NULL, bounced_at = NULL WHERE id = "
                 "(SELECT max(id) FROM invitation WHERE answered_at IS NULL) RETURNING id"),
            {"at": NOW - timedelta(days=29)},
        ).scalar_one()  # fmt: skip
    assert newest
    sum_months(world, NOW)
    year: dict[str, Any] = {"period": "2025-12-01..2026-11-30"}
    hidden = said(world, **year)
    assert hidden == counted(world, **year)
    for at in (LATER - SECOND, LATER, NOW + timedelta(days=40)):
        assert said(world, at, **year) == counted(world, at, **year), at
    sum_months(world, LATER)
    assert said(world, LATER, **year) == counted(world, LATER, **year) != hidden
    # Sums of a later instant say nothing of this one.
    assert said(world, **year) == hidden


def test_who_dies_while_summing_leaves_what_changed(world: Central, counted: Callable[..., list[Any]]) -> None:
    with world.service.admin() as connection:
        HAPPENINGS["left out"](connection, random.Random(1))
    left = changed(world)
    assert left
    with pytest.raises(KeyboardInterrupt), world.parts.worker.scoped(WORKER) as connection:
        summing.write(connection, summing.take_changed(connection, NOW), NOW)
        raise KeyboardInterrupt
    assert changed(world) == left and said(world) == counted(world)


def test_one_worker_sums_at_a_time(world: Central) -> None:
    with world.service.admin() as connection:
        HAPPENINGS["left out"](connection, random.Random(1))
    left = changed(world)
    with world.parts.worker.scoped(WORKER) as other:
        other.execute(text("SELECT pg_advisory_xact_lock(hashtext('month sums'))"))
        assert summing.sum_up(world.parts) == summing.LOOK_SECONDS
        assert changed(world) == left
    summing.sum_up(world.parts)
    assert not changed(world)


def test_a_service_sums_by_itself(world: Central) -> None:
    with world.service.admin() as connection:
        HAPPENINGS["left out"](connection, random.Random(1))
    world.service.queue.wake()
    until(lambda: not changed(world))


def test_what_belongs_to_no_shop_any_more_is_dropped(world: Central) -> None:
    with world.service.admin() as connection:
        connection.execute(
            text("INSERT INTO month_change (org_id, shop_id, programme_id, at) VALUES (1, 999999, 1, :at)"), {"at": NOW}
        )
    sum_months(world, NOW)
    assert not changed(world)


@pytest.mark.parametrize("zone", ["America/Toronto", "Atlantic/Azores", "America/St_Johns", "Pacific/Apia", "Europe/Madrid"])
def test_every_instant_lies_in_the_month_that_holds_it(zone: str) -> None:
    chance = random.Random(zone)
    first = datetime(2011, 12, 20, tzinfo=NOW.tzinfo)
    for _ in range(300):
        at = first + timedelta(minutes=15 * chance.randrange(15 * 365 * 96))
        start, end = bounds(zone, month_of(zone, at))
        assert start <= at < end
