"""Weeks of shops in four zones through a clock that is moved, with two workers and a mail server that is away for hours
(`dev.py soak`: sixty days of forty): every invitation, reminder, letter and weekly status leaves once, in its hour of the
shop (issue 17; A-05, A-20, A-22, A-N5).

What is expected is reckoned here from the rows of answers and shops and from the zones, not by the service's rules.
"""

import copy
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine

from repaircenter.assembly.central import CentralService
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from tests.conftest import PASSWORD, Central
from tests.fakes.clock import FakeClock
from tests.fakes.mailing import Mailer, Post
from tests.fakes.passwords import CHEAP
from tests.fakes.secrets import MemorySecrets
from tests.integration.time_machine import AGEING_DAYS, DAYS, KILLS, MANAGER, SHOPS, Helper, World, set_up


@pytest.mark.parametrize(
    "start",
    [datetime(2027, 3, 12, 15, tzinfo=UTC), datetime(2027, 10, 29, 15, tzinfo=UTC)],
    ids=["clocks go forward", "clocks go back"],
)
def test_everything_leaves_once_and_in_its_hour(central: Central, tmp_path: Path, start: datetime) -> None:
    """Two workers, one of them a process that dies; from a backup of the middle on it ends the same."""
    central.clock.jump_to(start)
    shops = set_up(central)
    away = start + timedelta(days=6, hours=19), start + timedelta(days=7, hours=4)
    folder = tmp_path / "post"
    folder.mkdir()
    object.__setattr__(central.parts, "mail", Mailer(central.clock, away, folder / "service.jsonl"))
    central.wait()
    secrets = MemorySecrets()
    client = CollectorClient(Http(central.address), secrets)
    client.pair(MANAGER, PASSWORD, "pc")
    helper = Helper(central, folder, away, KILLS)
    world = World(central, client, Post(folder), shops, helper=helper)
    world.jump_to(start)
    helper.start()
    middle, end = start + timedelta(days=DAYS / 2), start + timedelta(days=DAYS)
    try:
        world.run(middle)
        central.service.write_backup(tmp_path / "middle.backup")
        shutil.copytree(folder, tmp_path / "again")
        state = copy.deepcopy((secrets, world.uploaded, world.upload_at, world.answers, world.seen))
        world.run(end)
    finally:
        helper.stop()
    world.post.read()
    assert 1 <= helper.died <= KILLS, "the second worker died now and then"
    Judge(central, world.post).judge(start)

    with restored(central, tmp_path / "middle.backup", FakeClock(middle)) as other:
        mailer = Mailer(other.clock, away, tmp_path / "again" / "service.jsonl")
        object.__setattr__(other.parts, "mail", mailer)
        other.service.queue.start(0.2)
        secrets, uploaded, upload_at, answers, seen = state
        client = CollectorClient(Http(other.address), secrets)
        again = World(other, client, Post(mailer.journal.parent), shops, uploaded, upload_at, answers, seen)
        again.run(end)
        again.post.read()
        assert left_since(again.post, middle) == left_since(world.post, middle)
        assert how_it_ended(other) == how_it_ended(central)


@contextmanager
def restored(central: Central, backup: Path, clock: FakeClock) -> Iterator[Central]:
    """A service of a database that a backup was read into; its worker is not started yet."""
    drop = "DROP DATABASE IF EXISTS again WITH (FORCE)"
    engine = create_engine(central.server.url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(drop)
        url = central.server.url("again").render_as_string(hide_password=False)
        service = CentralService(replace(central.service._options, database_url=url), clock, CHEAP)
        service.prepare(restore=backup)
        service.start(worker=False)
        try:
            yield Central(service, clock, backup.parent, central.shops, central.server)
        finally:
            service.queue.stop()
            service.stop()
            connection.exec_driver_sql(drop)
    engine.dispose()


def left_since(post: Post, middle: datetime) -> Counter[tuple[str, str, datetime]]:
    """Kind, receiver and instant of each message that was first sent since."""
    return Counter(
        (number[1:].partition("-")[0], str(post.letters[number]["To"]), instants[0])
        for number, instants in post.asked.items()
        if instants[0] >= middle
    )


def how_it_ended(central: Central) -> list[list[tuple[object, ...]]]:
    """Every customer's survey, answer, call and alert, and what is due."""
    return [
        central.rows(query)
        for query in (
            "SELECT j.job_key, s.state, i.sent_at, i.answered_at, a.visible_from, v.state, v.due_at, l.opened_at, l.state "
            "FROM job j JOIN sample s ON s.job_id = j.id LEFT JOIN invitation i ON i.sample_id = s.id "
            "LEFT JOIN answer a ON a.invitation_id = i.id LEFT JOIN interview v ON v.invitation_id = i.id "
            "LEFT JOIN alert l ON l.answer_id = a.id ORDER BY 1",
            "SELECT kind, state, due_at, count(*) FROM timer WHERE kind LIKE 'survey.%' OR kind LIKE 'alert.%' "
            "GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            "SELECT k.shop_id, k.until_at, count(*) FROM shop_week_mail w JOIN shop_week k ON k.id = w.week_id "
            "GROUP BY 1, 2 ORDER BY 1, 2",
        )
    ]


@dataclass
class Judge:
    """Looks at what left, and when."""

    central: Central
    post: Post

    def judge(self, start: datetime) -> None:
        kinds = Counter(number[1:].partition("-")[0] for number in self.post.letters)
        assert min(kinds[kind] for kind in ("invitation", "reminder", "letter", "week_status")) >= 8, kinds
        waiting = self.central.rows(
            "SELECT m.kind, m.state FROM message m JOIN timer t ON t.kind = 'message.send' AND t.subject_id = m.id "
            "WHERE m.state = 'waiting' AND t.due_at < :now".replace(":now", f"'{self.central.clock.now_utc()}'")
        )
        assert waiting == [], "nothing that was due is left"
        assert self.central.rows("SELECT state, count(*) FROM message WHERE state = 'failed' GROUP BY 1") == []
        for number in self.post.letters:
            again = self.post.taken[number][1:]
            assert len(again) < 6 and all(at - self.post.taken[number][0] < timedelta(hours=3) for at in again)
        self.invitations()
        self.reminders()
        self.mornings()
        self.publications()
        self.calls()
        self.weeks(start)

    def first(self, kind: str, message_id: int) -> datetime:
        """When the mail server was first asked to take a message."""
        (number,) = [one for one in self.post.asked if one.startswith(f"<{kind}-{message_id}@")]
        return self.post.asked[number][0]

    def invitations(self) -> None:
        """Once a customer, at nine of the shop when the two days are over."""
        rows: list[Any] = self.central.rows(
            "SELECT m.id, h.zone, s.received_on FROM message m JOIN invitation i ON i.id = m.subject_id "
            "JOIN sample s ON s.id = i.sample_id JOIN shop h ON h.id = s.shop_id WHERE m.kind = 'survey.invitation'"
        )
        asked = self.central.rows("SELECT count(*), count(DISTINCT sample_id) FROM invitation")
        assert asked == [(len(rows), len(rows))] and len(rows) > 30
        for message_id, zone, received_on in rows:
            local = self.first("invitation", message_id).astimezone(ZoneInfo(zone))
            assert local.date() == received_on + timedelta(days=AGEING_DAYS), (local, received_on)
            assert local.time() == time(9), local

    def reminders(self) -> None:
        """Once who had not answered five days after the invitation left, from eight to twenty of the shop."""
        rows: list[Any] = self.central.rows(
            "SELECT h.zone, i.sent_at, i.answered_at, m.id FROM invitation i JOIN shop h ON h.id = i.shop_id "
            "LEFT JOIN message m ON m.kind = 'survey.reminder' AND m.subject_id = i.id WHERE i.sent_at IS NOT NULL"
        )
        reminded = 0
        for zone, sent_at, answered_at, message_id in rows:
            due = sent_at + timedelta(days=5)
            local = due.astimezone(ZoneInfo(zone))
            leaves = due if time(8) <= local.time() < time(20) else _next(local, time(8))
            if leaves > self.central.clock.now_utc() or (answered_at is not None and answered_at <= leaves):
                continue
            assert self.first("reminder", message_id) == leaves, (zone, sent_at, answered_at)
            reminded += 1
        left = [number for number in self.post.letters if number.startswith("<reminder")]
        assert reminded == len(left) > 5

    def mornings(self) -> None:
        """Every low answer has an alert, and each stands in one letter, at 07:00 of the shop on the morning after it."""
        low: list[Any] = self.central.rows(
            "SELECT a.id FROM answer a JOIN answer_value v ON v.answer_id = a.id AND v.question = 'stars' AND v.value = 2"
        )
        alerts: list[Any] = self.central.rows(
            "SELECT l.answer_id, l.id, l.opened_at, h.zone FROM alert l JOIN shop h ON h.id = l.shop_id ORDER BY 1"
        )
        assert [row[0] for row in alerts] == sorted(row[0] for row in low), "all low answers, and no other"
        told: list[Any] = self.central.rows(
            "SELECT unnest(x.alerts), m.id FROM alert_mail x JOIN message m ON m.kind = 'alert.letter' AND m.subject_id = x.id"
        )
        letters = dict(told)
        assert len(letters) == len(told), "none is told twice"
        for _, alert_id, opened_at, zone in alerts:
            morning = _next(opened_at.astimezone(ZoneInfo(zone)), time(7))
            if morning <= self.central.clock.now_utc():
                assert self.first("letter", letters[alert_id]) == morning, (zone, opened_at)

    def calls(self) -> None:
        """Once who has not answered ten days after the invitation left, due in the shop's next hour for calls (A-20)."""
        rows: list[Any] = self.central.rows(
            "SELECT h.zone, i.sent_at, i.answered_at, v.due_at FROM invitation i JOIN shop h ON h.id = i.shop_id "
            "LEFT JOIN interview v ON v.invitation_id = i.id WHERE i.sent_at IS NOT NULL"
        )
        called = 0
        for zone, sent_at, answered_at, due_at in rows:
            since = sent_at + timedelta(days=10)
            if since > self.central.clock.now_utc() or (answered_at is not None and answered_at <= since):
                assert due_at is None, (zone, sent_at, answered_at)
                continue
            assert due_at == _hour_to_call(since.astimezone(ZoneInfo(zone))), (zone, sent_at)
            called += 1
        assert called > 0

    def publications(self) -> None:
        """Every answer at midnight of the shop, the second one after it came; each is told once, as it becomes visible."""
        now, shown = self.central.clock.now_utc(), 0
        rows: list[Any] = self.central.rows(
            "SELECT a.submitted_at, a.visible_from, h.zone, t.due_at, t.state FROM answer a JOIN shop h ON h.id = a.shop_id "
            "LEFT JOIN timer t ON t.kind = 'survey.publish' AND t.subject_id = a.id"
        )
        for submitted_at, visible_from, zone, due_at, state in rows:
            day = submitted_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=2)
            assert visible_from == datetime.combine(day, time(0), ZoneInfo(zone)) and due_at == visible_from
            assert state == ("fired" if visible_from <= now else "waiting")
            shown += visible_from <= now
        assert shown > 10

    def weeks(self, start: datetime) -> None:
        """Each shop's people on each Sunday at 20:00 of the shop and the minute in which it settles, once."""
        now = self.central.clock.now_utc()
        rows: list[Any] = self.central.rows(
            "SELECT h.name, h.zone, m.id FROM shop_week_mail w JOIN shop h ON h.id = w.shop_id "
            "JOIN message m ON m.kind = 'alert.week_status' AND m.subject_id = w.id "
            "JOIN organisation o ON o.id = h.org_id AND o.name = 'Group'"
        )
        minute = timedelta(minutes=1)
        left = Counter((name, self.first("week_status", message_id) - minute) for name, _, message_id in rows)
        expected = set()
        for name, zone in SHOPS.items():
            local = start.astimezone(ZoneInfo(zone))
            day = local.date() + timedelta(days=6 - local.weekday())
            while (evening := datetime.combine(day, time(20), ZoneInfo(zone)).astimezone(UTC)) <= now:
                expected.add((name, evening))
                day += timedelta(days=7)
        assert set(left) == expected and set(left.values()) == {1}
        assert len(expected) >= len(SHOPS) * 2


def _hour_to_call(local: datetime) -> datetime:
    """Then, or the beginning of the next hours for calls: Monday to Friday 16 to 21, Saturday 12 to 18."""
    day = local.date()
    while True:
        begin, end = (time(12), time(18)) if day.weekday() == 5 else (time(16), time(21))
        opens, closes = (datetime.combine(day, hour, local.tzinfo).astimezone(UTC) for hour in (begin, end))
        if day.weekday() != 6 and local.astimezone(UTC) < closes:
            return max(local.astimezone(UTC), opens)
        day += timedelta(days=1)


def _next(local: datetime, hour: time) -> datetime:
    """The next time it is so late on the wall, later than an instant."""
    at = datetime.combine(local.date(), hour, local.tzinfo)
    if at.astimezone(UTC) <= local.astimezone(UTC):
        at = datetime.combine(local.date() + timedelta(days=1), hour, local.tzinfo)
    return at.astimezone(UTC)
