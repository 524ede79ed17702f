"""What is kept summed of months (MODULES 5): a report says the same from sums and from answers, whatever happened since."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from repaircenter.central.db.connections import NOTHING, WORKER
from repaircenter.central.questionnaires.queries import add_questionnaire
from repaircenter.central.reporting import summing
from repaircenter.central.reporting.builders import r01_scorecard
from repaircenter.central.reporting.sql import month_sums
from repaircenter.central.reporting.sql.kept_months import Kept, bounds, month_of
from repaircenter.runtime.days import start_of_day
from repaircenter.wire.surveys.questionnaires import Questionnaire
from tests import answered
from tests.conftest import Central
from tests.integration.test_reports import NOW, plain, run, sum_months, tables
from tests.integration.test_timers import until

REPORTS = ("R-01", "R-03", "R-14", "R-15")
SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(days=3)


@pytest.fixture
def world(central: Central, monkeypatch: pytest.MonkeyPatch) -> Central:
    """A year of two shops in two zones, of two programmes and two questionnaires, summed up as it is now. The service's own
    worker, which has another clock, sums nothing meanwhile."""
    monkeypatch.setattr(summing, "sum_changed", lambda *_given: False)
    shops = [central.shops["North"], central.shops["South"]]
    with central.service.admin() as connection:
        connection.exec_driver_sql("UPDATE shop SET zone = 'Europe/Madrid' WHERE name = 'South'")
        connection.exec_driver_sql(
            "INSERT INTO programme (name, kind, questionnaire) VALUES ('Other', 'insurer', 'other')"
        )
        connection.exec_driver_sql(
            "INSERT INTO enrolment (org_id, shop_id, programme_id) SELECT org_id, id, 2 FROM shop WHERE org_id = 1"
        )
        other = _without(connection, "courtesy")
        rows = list(answered.some(5, shops, [1, 2], 700, date(2025, 10, 20), 380))
        for number, one in enumerate(rows):
            if one.programme_id == 2 and one.id % 2:
                fewer = {key: value for key, value in one.values.items() if key != "courtesy"}
                rows[number] = replace(one, questionnaire_id=other, values=fewer)
        answered.write(connection, 1, rows)
    sum_months(central, NOW)
    return central


def _without(connection: Connection, key: str) -> int:
    """The standard questionnaire with a question less, as another one."""
    content = msgspec.convert(
        connection.exec_driver_sql("SELECT content FROM questionnaire WHERE key = 'standard'").scalar_one(), Questionnaire
    )
    fewer = msgspec.structs.replace(
        content, key="other", questions=[question for question in content.questions if question.key != key]
    )
    add_questionnaire(connection, fewer.key, fewer.version, msgspec.to_builtins(fewer))
    number: int = connection.exec_driver_sql("SELECT id FROM questionnaire WHERE key = 'other'").scalar_one()
    return number


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
def test_sums_say_what_answers_say(
    world: Central, counted: Callable[..., list[Any]], read: list[month_sums.Split], given: dict[str, Any]
) -> None:
    expected = counted(world, **given)
    read.clear()
    assert said(world, **given) == expected
    unkept = {"grain": "week"}, {"date_basis": "delivery"}, {"channel": "sms"}, {"contested": "counted"}
    is_kept = all(not one.items() <= given.items() for one in unkept) and given.get("period") != "2026-03-02..2026-03-20"
    assert any(part.months is not None for part in read) or not is_kept


def test_a_large_network_is_read_in_parts_and_says_the_same(world: Central, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also while it is another month already in one of its zones."""
    midnight = datetime(2026, 10, 31, 23, 30, tzinfo=NOW.tzinfo)
    cases: list[dict[str, Any]] = [{"measure": "csi"}, {"period": "this_month", "now": midnight}, {"employees": "Ana Ruiz"}]
    at_once = [said(world, **given) for given in cases]
    monkeypatch.setattr(r01_scorecard, "_SHOPS_AT_ONCE", 1)
    assert [said(world, **given) for given in cases] == at_once


def test_a_single_jobs_contested_answer_is_one_answer(world: Central) -> None:
    with world.service.admin() as connection:
        HAPPENINGS["contested"](connection, random.Random(1))
        HAPPENINGS["upheld"](connection, random.Random(1))
        job = connection.execute(text("SELECT j.job_key FROM contest c JOIN job j ON j.id = c.job_id")).scalar_one()
    (contested,) = (t for t in tables(run(world, "R-01", job=job)) if t.title == "Contested answers")
    assert [[plain(cell) for cell in row[1:5]] for row in contested.rows] == [[1, 1, 0, 1]]


def test_months_are_read_summed_and_the_rest_is_counted(world: Central, read: list[month_sums.Split]) -> None:
    run(world, "R-03", period="2025-11-17..2026-07-09", compare="none")
    months = [part.months for part in read if part.months is not None]
    assert {(part.first, part.end) for part in months} == {(date(2025, 12, 1), date(2026, 7, 1))}
    (rest,) = {tuple((w.start_utc, w.end_utc) for w in part.rest.windows) for part in read if part.rest is not None}
    days = (date(2025, 11, 17), date(2025, 12, 1), date(2026, 7, 1), date(2026, 7, 10))
    expected = []
    for zone in ("America/Toronto", "Europe/Madrid"):
        first, second, third, last = (start_of_day(zone, day) for day in days)
        expected += [(first, second), (third, last)]
    assert list(rest) == expected
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
    "contested": _of_some_answer(
        "INSERT INTO contest (org_id, shop_id, answer_id, job_id, programme_id, reason, evidence, state, made_by, made_at, ends_at) "
        "SELECT a.org_id, a.shop_id, a.id, s.job_id, a.programme_id, 'not_ours', 'x', 'open', 1, :now, :later FROM answer a "
        "JOIN invitation i ON i.id = a.invitation_id JOIN sample s ON s.id = i.sample_id WHERE a.id = :id ON CONFLICT DO NOTHING"
    ),
    "upheld": _of_some_answer(
        "UPDATE contest SET state = 'upheld', decided_at = :now WHERE id IN (SELECT min(id) FROM contest WHERE state = 'open')"
    ),
    "another programme": _of_some_answer(
        "WITH a AS (UPDATE answer SET programme_id = 3 - programme_id WHERE id = :id RETURNING invitation_id) "
        "UPDATE invitation i SET programme_id = 3 - programme_id FROM a WHERE i.id = a.invitation_id"
    ),
    "another zone": lambda connection, chance: connection.execute(
        text("UPDATE shop SET zone = :zone WHERE name = 'North'"),
        {"zone": chance.choice(["Europe/Madrid", "America/St_Johns", "Pacific/Auckland", "America/Toronto"])},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(HAPPENINGS.keys() - {"upheld"}))
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
    for number in range(20):
        with world.service.admin() as connection:
            for what in chance.sample(sorted(HAPPENINGS), 2):
                HAPPENINGS[what](connection, chance)
        if chance.random() < 0.4:
            with world.parts.worker.scoped(WORKER) as connection:
                summing.write(connection, summing.take_changed(connection, NOW), NOW)
        if number % 7 == 6 or number == 19:
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


def test_one_worker_sums_at_a_time(world: Central, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.service.admin() as connection:
        HAPPENINGS["left out"](connection, random.Random(1))
    left = changed(world)
    with world.parts.worker.scoped(WORKER) as other:
        other.execute(text("SELECT pg_advisory_xact_lock(hashtext('month sums'))"))
        monkeypatch.undo()
        assert summing.sum_up(world.parts) == summing.LOOK_SECONDS
        assert changed(world) == left
    assert summing.sum_up(world.parts) == summing.LOOK_SECONDS and not changed(world)


def test_what_is_left_over_is_summed_at_once(world: Central, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.service.admin() as connection:
        for seed in range(4):
            HAPPENINGS["left out"](connection, random.Random(seed))
    monkeypatch.undo()
    monkeypatch.setattr(summing, "_MOST_CHANGES", 1)
    assert changed(world) > 1 and summing.sum_up(world.parts) == 0.0


def test_a_service_sums_by_itself(world: Central, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.service.admin() as connection:
        HAPPENINGS["left out"](connection, random.Random(1))
    monkeypatch.undo()
    world.service.queue.wake_upkeep()
    until(lambda: not changed(world))


def test_what_is_written_while_months_are_summed_is_not_lost(world: Central, counted: Callable[..., list[Any]]) -> None:
    """By somebody who commits after what changed was taken."""
    writer = world.service.admin()
    connection = writer.__enter__()
    HAPPENINGS["left out"](connection, random.Random(1))
    with world.parts.worker.scoped(WORKER) as worker:
        months = summing.take_changed(worker, NOW)
        writer.__exit__(None, None, None)
        summing.write(worker, months, NOW)
    assert changed(world) and said(world) == counted(world)
    sum_months(world, NOW)
    assert said(world) == counted(world)


def test_months_of_older_rules_are_summed_again(world: Central, counted: Callable[..., list[Any]]) -> None:
    with world.service.admin() as connection:
        connection.exec_driver_sql("UPDATE month_sum SET made_by = '2026a/1'; UPDATE month_score SET s10 = s10 + 1")
    assert said(world) != counted(world)
    sum_months(world, NOW)
    assert said(world) == counted(world)
    with world.service.admin() as connection:
        connection.exec_driver_sql("UPDATE month_sum SET made_by = '2999a/1'")
    sum_months(world, NOW)
    assert world.rows("SELECT DISTINCT made_by FROM month_sum") == [("2999a/1",)], "the newer program does it"


def test_sums_of_others_are_not_seen(world: Central) -> None:
    """Another organisation's shop and another programme's, by the rows a session may read."""
    with world.service.admin() as connection:
        connection.execute(
            text(
                "INSERT INTO month_sum SELECT 2, :shop, month, 1, 1, 0, 0, 0, as_of, good_until, made_by FROM month_sum LIMIT 1"
            ),
            {"shop": world.shops["Other"]},
        )
        connection.exec_driver_sql("INSERT INTO month_change (org_id, shop_id, programme_id, at) SELECT org_id, shop_id, "
                                   "programme_id, month FROM month_sum")  # fmt: skip
        reader = connection.execute(text("SELECT id FROM person WHERE org_id = 1 ORDER BY id LIMIT 1")).scalar_one()
    sums = ("month_change", "month_sum", "month_answer", "month_mean", "month_score")
    north, mine = [world.shops["North"]], [world.shops["North"], world.shops["South"]]
    for scope, shops, programmes in (
        (world.scope(north, 1), north, [1, 2]),
        (world.programme_scope([2], reader), mine, [2]),
        (NOTHING, [], []),
    ):
        with world.parts.web.scoped(scope) as connection:
            for table in sums:
                seen = connection.execute(text(f"SELECT DISTINCT shop_id, programme_id FROM {table}")).all()
                assert {row[0] for row in seen} == {*shops} and {row[1] for row in seen} == {*programmes}, table
    with pytest.raises(DBAPIError, match="permission denied"), world.parts.web.scoped(world.scope(north, 1)) as connection:
        connection.execute(text("DELETE FROM month_change"))


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


def test_a_mean_over_other_questions_than_a_section_is_counted(world: Central) -> None:
    own = list(answered.OWN_SCALES)
    months = month_sums.Months([world.shops["North"]], date(2025, 12, 1), date(2026, 11, 1), None)
    with world.parts.web.scoped(world.scope([world.shops["North"]], 1)) as connection:
        kept = Kept(connection, NOW, None)

        def means(questions: list[str]) -> object:
            return month_sums.means(connection, months, kept, questions, ("shop",), "month")

        assert means(own)
        for questions in (own[:2], [*own, "claim_handling"], [*own, "recommend"]):
            assert means(questions) is None, questions
        kept.__dict__["scales"] = {**kept.scales, 99: None}
        assert means(own) is None, "what one does not see may ask otherwise"
