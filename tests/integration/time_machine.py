"""Shops in four zones, their customers, and a second worker that dies: what the time machine goes through."""

import os
import random
import re
import signal
import subprocess
import time as time_of_machine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import requests
from sqlalchemy import text

from repaircenter.central.accounts.admin import NewPerson, NewProgramme, NewShop
from repaircenter.central.accounts.setup_file import SetupFile, apply
from repaircenter.demo.answers import fill_in
from repaircenter.uplink.collector import CollectorClient
from repaircenter.wire import codec, endpoints
from repaircenter.wire.envelope import BatchRequest, Envelope
from repaircenter.wire.jobs import Contact
from tests.conftest import PASSWORD, Central
from tests.fakes import second_worker
from tests.fakes.mailing import Post, SharedClock
from tests.fakes.passwords import CHEAP
from tests.integration.test_service import message

ZONES = ("America/Toronto", "America/Vancouver", "America/St_Johns", "Europe/Madrid")
# Shops a zone, and days: `dev.py soak` goes ten by sixty.
EACH, DAYS = map(int, os.environ.get("RC_TIME_MACHINE", "2x13").split("x"))
SHOPS = {f"{zone.rpartition('/')[2]} {number}": zone for zone in ZONES for number in range(1, EACH + 1)}
# A job of each shop every 56 hours.
UPLOADED = timedelta(hours=56) / len(SHOPS)
MANAGER = "boss@group.example"
AGEING_DAYS = 2
# How often the second worker dies; each time its work waits for real seconds until it is given back.
KILLS = 4 if DAYS > 20 else 1


@dataclass
class Helper:
    """The second worker, a process: it is started anew when it has died, which it does a few times."""

    central: Central
    folder: Path
    away: tuple[datetime, datetime]
    kills: int
    process: subprocess.Popen[bytes] | None = None
    died: int = 0
    _worker_id: object = None

    def start(self) -> None:
        known = self._workers()
        url = self.central.server.url("tests").render_as_string(hide_password=False)
        self.process = second_worker.start(
            url, self.central.address, self.folder, self.away, kills=self.died < self.kills
        )
        end = time_of_machine.monotonic() + 30
        while not (new := self._workers() - known) and self.process.poll() is None:
            assert time_of_machine.monotonic() < end
            time_of_machine.sleep(0.05)
        self._worker_id = next(iter(new), None)

    def revive(self) -> None:
        """Somebody starts a dead worker; what it had begun is given back when it was not heard of for long enough."""
        if self.process is None or self.process.poll() is None:
            return
        assert self.process.returncode == -signal.SIGKILL
        self.died += 1
        self._close()
        with self.central.service.admin() as connection:
            connection.execute(
                text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute' WHERE id = :id"),
                {"id": self._worker_id},
            )
        self.start()

    def stop(self) -> None:
        if self.process is not None:
            self._close()
            self.process.wait(30)

    def _close(self) -> None:
        assert self.process is not None and self.process.stdin is not None
        self.process.stdin.close()

    def _workers(self) -> set[object]:
        return {row[0] for row in self.central.rows("SELECT id FROM procrastinate_workers")}


@dataclass
class World:
    """Shops that send estimates, and customers who answer: always the same, whoever carries their letters."""

    central: Central
    client: CollectorClient
    post: Post
    shops: dict[str, int]
    uploaded: int = 0
    upload_at: datetime | None = None
    # When, the link, what is answered.
    answers: list[tuple[datetime, str, dict[str, str]]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    helper: Helper | None = None

    def run(self, end: datetime) -> None:
        """From one thing that is due to the next: timers, estimates that are sent, customers who answer."""
        while (now := self.central.clock.now_utc()) < end:
            if self.upload_at is None or self.upload_at <= now:
                self.uploaded += 1
                self.upload(self.uploaded)
                self.upload_at = now + UPLOADED
            self.settle()
            self.read_mail(now)
            self.answer(now)
            self.settle()
            ((due,),) = self.central.rows("SELECT min(due_at) FROM timer WHERE state = 'waiting'")
            assert isinstance(due, datetime)
            following = [due, self.upload_at, end, *(at for at, _, _ in self.answers)]
            self.jump_to(max(min(following), now + timedelta(seconds=1)))
        self.settle()

    def jump_to(self, now: datetime) -> None:
        if self.helper is not None:
            SharedClock(self.helper.folder / second_worker.CLOCK).tell(now)
        self.central.clock.jump_to(now)

    def settle(self) -> None:
        """Let everything that is due happen."""
        queue, end = self.central.service.queue, time_of_machine.monotonic() + 90
        queue.wake()
        while not queue.idle():
            assert time_of_machine.monotonic() < end, "the service did not become idle"
            if self.helper is not None:
                self.helper.revive()
            time_of_machine.sleep(0.01)

    def upload(self, number: int) -> None:
        self.client.open_session()
        shop = sorted(self.shops)[number % len(self.shops)]
        payload = codec.encode(
            message(
                number,
                contact=Contact(
                    first_name="Ana", last_name="Ruiz", email=f"c{number}@example.com", phones=[f"51455{number:05d}"]
                ),
            )
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
        self.post.read()
        for number, letter in self.post.letters.items():
            if letter["To"] in self.seen or not number.startswith("<invitation"):
                continue
            self.seen.add(letter["To"])
            customer = random.Random(letter["To"])
            if customer.random() < 0.67:
                link = re.search(r"http\S+(/s/[\w-]+)(?=\s)", letter.get_content())
                assert link is not None
                values = {"stars": "2", "quality": "3"} if customer.random() < 0.5 else {"stars": "5"}
                self.answers.append((now + timedelta(hours=customer.choice((1, 20, 50, 130, 170))), link[1], values))

    def answer(self, now: datetime) -> None:
        for answer in sorted(answer for answer in self.answers if answer[0] <= now):
            self.answers.remove(answer)
            with requests.Session() as browser:
                said = fill_in(browser, self.central.address + answer[1], answer[2])
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
