"""Weeks of shops in four zones through a clock that is moved, with two workers and a mail server that is away for hours
(`dev.py soak`: sixty days of forty): every invitation, reminder, letter and weekly status leaves once, in its hour of the
shop (issue 17; A-05, A-20, A-22, A-N5).

What is expected is reckoned here from the rows of answers and shops and from the zones, not by the service's rules.
"""

import os
import random
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from repaircenter.central.accounts.admin import NewPerson, NewProgramme, NewShop
from repaircenter.central.accounts.setup_file import SetupFile, apply
from repaircenter.central.areas import AREAS
from repaircenter.central.messages.transport import Later
from repaircenter.central.timers.worker import Queue
from repaircenter.demo.answers import fill_in
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.wire import codec, endpoints
from repaircenter.wire.envelope import BatchRequest, Envelope
from repaircenter.wire.jobs import Contact
from tests.conftest import PASSWORD, Central
from tests.fakes.passwords import CHEAP
from tests.fakes.secrets import MemorySecrets
from tests.integration.test_service import message

ZONES = ("America/Toronto", "America/Vancouver", "America/St_Johns", "Europe/Madrid")
# Shops a zone, and days: `dev.py soak` goes ten by sixty.
EACH, DAYS = map(int, os.environ.get("RC_TIME_MACHINE", "2x13").split("x"))
SHOPS = {f"{zone.rpartition('/')[2]} {number}": zone for zone in ZONES for number in range(1, EACH + 1)}
# A job of each shop every 56 hours.
UPLOADED = timedelta(hours=56) / len(SHOPS)
MANAGER = "boss@group.example"
AGEING_DAYS = 2
_ID = re.compile(r"<(\w+)-(\d+)@")


@dataclass
class Mailer:
    """A mail server that takes nothing between two instants, and dies now and then after it has taken a message."""

    central: Central
    away: tuple[datetime, datetime]
    dice: random.Random
    asked: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    taken: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    letters: dict[str, EmailMessage] = field(default_factory=dict)

    def send(self, letter: EmailMessage, _name: str, _returns_to: str | None = None) -> None:
        now, number = self.central.clock.now_utc(), str(letter["Message-ID"])
        self.asked[number].append(now)
        if self.away[0] <= now < self.away[1]:
            raise Later("421")
        self.taken[number].append(now)
        self.letters[number] = letter
        if self.dice.random() < 0.04:
            raise RuntimeError("the worker died before it could say that the message left")


@dataclass
class World:
    central: Central
    client: CollectorClient
    mailer: Mailer
    shops: dict[str, int]
    dice: random.Random
    answers: list[tuple[datetime, str, dict[str, str]]] = field(default_factory=list)
    answered: dict[str, datetime] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def run(self, end: datetime) -> None:
        """From one thing that is due to the next: timers, estimates that are sent, customers who answer."""
        sent, upload = 0, self.central.clock.now_utc()
        while (now := self.central.clock.now_utc()) < end:
            if upload <= now:
                sent += 1
                self.upload(sent)
                upload = now + UPLOADED
            self.read_mail(now)
            self.answer(now)
            self.central.wait(60)
            ((due,),) = self.central.rows("SELECT min(due_at) FROM timer WHERE state = 'waiting'")
            assert isinstance(due, datetime)
            following = [due, upload, end, *(at for at, _, _ in self.answers)]
            self.central.clock.jump_to(max(min(following), now + timedelta(seconds=1)))
        self.central.wait(60)

    def upload(self, number: int) -> None:
        self.client.open_session()
        shop = sorted(self.shops)[number % len(self.shops)]
        payload = codec.encode(
            message(number, contact=Contact(first_name="Ana", last_name="Ruiz", email=f"c{number}@example.com", phones=[f"51455{number:05d}"]))
        ).decode()
        sent = Envelope(
            key=f"k{number}",
            kind="job",
            schema=1,
            shop_id=self.shops[shop],
            digest=codec.digest(payload),
            payload=payload,
        )
        self.client.call(endpoints.SEND_JOBS, BatchRequest(items=[sent]))

    def read_mail(self, now: datetime) -> None:
        """Two of three customers answer, some before the reminder, some after it, every other one low."""
        for number, letter in list(self.mailer.letters.items()):
            if number in self._seen or not number.startswith("<invitation"):
                continue
            self._seen.add(number)
            if self.dice.random() < 0.67:
                link = re.search(r"http\S+/s/[\w-]+(?=\s)", letter.get_content())
                assert link is not None
                values = {"stars": "2", "quality": "3"} if self.dice.random() < 0.5 else {"stars": "5"}
                wait = timedelta(hours=self.dice.choice((1, 20, 50, 130, 170)))
                self.answers.append((now + wait, link[0], values))

    def answer(self, now: datetime) -> None:
        for answer in [answer for answer in self.answers if answer[0] <= now]:
            self.answers.remove(answer)
            with requests.Session() as browser:
                said = fill_in(browser, answer[1], answer[2])
            assert said is not None and said.status_code == 200


def set_up(central: Central) -> dict[str, int]:
    """Shops in four zones of one organisation, one manager, customers asked after two days."""
    wanted = SetupFile(
        organisation="Group",
        shops=[NewShop(name=name, zone=zone) for name, zone in SHOPS.items()],
        modules=["alerts"],
        persons=[NewPerson(email=MANAGER, name="Boss", role="shop_admin", password=PASSWORD, language="en")],
        programmes=[
            NewProgramme(
                name="P",
                names=["Assurances Exemple inc."],
                ageing_days=AGEING_DAYS,
                not_before_delivery=False,
                publishing="nightly",
                channels=["email", "phone"],
            )
        ],
    )
    with central.service.admin() as connection:
        shops = apply(connection, wanted, CHEAP)
    return dict(zip(SHOPS, shops, strict=True))


@pytest.mark.parametrize(
    "start",
    [datetime(2027, 3, 12, 15, tzinfo=UTC), datetime(2027, 10, 29, 15, tzinfo=UTC)],
    ids=["clocks go forward", "clocks go back"],
)
def test_everything_leaves_once_and_in_its_hour(central: Central, start: datetime) -> None:
    central.clock.jump_to(start)
    shops = set_up(central)
    away = start + timedelta(days=6, hours=19), start + timedelta(days=7, hours=4)
    mailer = Mailer(central, away, random.Random(17))
    object.__setattr__(central.parts, "mail", mailer)
    central.wait()
    client = CollectorClient(Http(central.address), MemorySecrets())
    client.pair(MANAGER, PASSWORD, "pc")
    world = World(central, client, mailer, shops, random.Random(4))
    second = Queue(central.parts, central.service.url_of("rc_worker"), AREAS)
    second.start(0.2)
    try:
        world.run(start + timedelta(days=DAYS))
    finally:
        second.stop()
    Judge(central, mailer, away).judge(start)


@dataclass
class Judge:
    """Looks at what left, and when."""

    central: Central
    mailer: Mailer
    away: tuple[datetime, datetime]

    def judge(self, start: datetime) -> None:
        kinds = Counter(number[1:].partition("-")[0] for number in self.mailer.letters)
        assert min(kinds[kind] for kind in ("invitation", "reminder", "letter", "week_status")) >= 8, kinds
        waiting = self.central.rows(
            "SELECT m.kind, m.state FROM message m JOIN timer t ON t.kind = 'message.send' AND t.subject_id = m.id "
            "WHERE m.state = 'waiting' AND t.due_at < :now".replace(":now", f"'{self.central.clock.now_utc()}'")
        )
        assert waiting == [], "nothing that was due is left"
        assert self.central.rows("SELECT state, count(*) FROM message WHERE state = 'failed' GROUP BY 1") == []
        for number in self.mailer.letters:
            again = self.mailer.taken[number][1:]
            assert len(again) < 6 and all(at - self.mailer.taken[number][0] < timedelta(hours=3) for at in again)
        self.invitations()
        self.reminders()
        self.mornings()
        self.publications()
        self.calls()
        self.weeks(start)

    def first(self, kind: str, message_id: int) -> datetime:
        """When the mail server was first asked to take a message."""
        (number,) = [one for one in self.mailer.asked if one.startswith(f"<{kind}-{message_id}@")]
        return self.mailer.asked[number][0]

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
        left = [number for number in self.mailer.letters if number.startswith("<reminder")]
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
