"""`repaircenter demo`: service and desk on one shifted clock, a share that fills, customers who answer (issue 2 g).

Part 1 replays the first months fast-forward through the same code; part 2 runs at real speed. Every run starts an
empty world on free ports; only the initialised database cluster is used again.
"""

import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.assembly.options import ShopOptions, default_data_folder
from repaircenter.assembly.shop_app import ShopApp
from repaircenter.demo import names
from repaircenter.demo.answers import Customers
from repaircenter.demo.share import SampleShare
from repaircenter.demo.staff import Staff
from repaircenter.demo.world import ZONE, Export, World
from repaircenter.runtime.clock import ShiftedClock
from repaircenter.runtime.days import zone_of
from repaircenter.runtime.events import EventHub
from repaircenter.runtime.logs import set_up_logs
from repaircenter.runtime.threads import Stops
from repaircenter.shop.collector.collector import CycleResult
from repaircenter.shop.jobs.credits import read_credits
from repaircenter.shop.jobs.facilities import suggested_shop
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.uplink.secrets import NoSecrets
from repaircenter.wire.jobs import Credits

LIVE_SETS = 20
STEP, MORNING = timedelta(days=3), time_of_day(10)
_PREFIX = "repaircenter-demo-"
QUIET_SECONDS = 3.0
# Jobs that are looked at for who works on them.
_NEWEST = 200
ADMIN, MANAGER, PASSWORD = "gerance@example.com", "atelier@example.com", "demo-RepairCenter"
# Reads the program of the first insurer across the shops, and nothing else.
INSURER = "assureur@example.com"
Progress = Callable[[str, int, int], None]


def _morning(at_utc: datetime) -> datetime:
    """Ten o'clock of that day at the shops."""
    return datetime.combine(at_utc.astimezone(zone_of(ZONE)).date(), MORNING, zone_of(ZONE)).astimezone(UTC)


class Demo:
    """The running sample world: `start`, `replay`, `live`, `stop`."""

    def __init__(self, progress: Progress, interval_seconds: float = 0.8) -> None:
        self.progress = progress
        self.interval_seconds = interval_seconds
        self.stages_missing: list[str] = []
        self._stops = Stops()

    def start(self) -> None:
        """Empty folders, an empty database, service and shop's side connected; nothing has happened yet."""
        now = datetime.now(UTC)
        self.world = World(now)
        self.clock = ShiftedClock(self.world.start_utc)
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._stops.add("folders", lambda: shutil.rmtree(self.folder, ignore_errors=True))
        set_up_logs(self.folder / "logs")
        mail = self.folder / "mail"
        self.central = CentralService(
            CentralOptions(
                default_data_folder(),
                port=0,
                cluster="demo",
                database="demo",
                fresh=True,
                mail_folder=mail,
                support_phone=names.SUPPORT_PHONE,
            ),
            self.clock,
        )
        self._stops.add("service", self.central.stop)
        self.central.start(tick_seconds=0.3)
        _sweep(self.folder)
        self._populate()
        self.share = SampleShare(self.folder / "share")
        self.customers = Customers(self.world, mail)
        self._stops.add("customers", self.customers.close)
        self.hub = EventHub()
        options = ShopOptions(
            self.folder / "desk", self.central.address, self.share.folder, QUIET_SECONDS, True, cycle_seconds=1.0
        )
        self.shop = ShopApp(options, self.clock, self.hub)
        self._stops.add("shop", self.shop.stop)
        self.shop.open()
        self.shop.setup.pair(ADMIN, PASSWORD)
        http = Http(self.central.address)
        self._stops.add("staff", http.close)
        manager = PersonClient(http, NoSecrets())
        manager.sign_in(MANAGER, PASSWORD)
        self.staff = Staff(manager)
        # Repair orders whose people were written down.
        self._named: set[int] = set()

    def _populate(self) -> None:
        """What an operator of the service would set up before the first day (`central admin set-up`)."""
        from repaircenter.central.accounts.admin import NewPerson, NewProgramme, NewShop
        from repaircenter.central.accounts.setup_file import SetupFile, apply
        from repaircenter.central.core.secrets import Passwords

        surveyed = [name for _, name, is_surveyed in names.INSURERS if is_surveyed]
        setup = SetupFile(
            organisation="Groupe Carrosserie Modèle",
            shops=[
                NewShop(name=s[0], zone=ZONE, group=s[2], address=f"1, rue Exemple, {s[1]}", tax_id=s[3], phone=s[4])
                for s in names.SHOPS
            ],
            persons=[
                NewPerson(email=ADMIN, name="Marie Gérance", password=PASSWORD, role="shop_admin"),
                NewPerson(email=MANAGER, name="Luc Chefdatelier", password=PASSWORD, role="manager"),
                NewPerson(email=INSURER, name="Anne Lassureur", password=PASSWORD, role="insurer", programmes=surveyed[:1]),
            ],
            programmes=[
                NewProgramme(
                    name=name, codes=[code], names=[name], channels=["email", "phone"], shows_recovery=True,
                    alert_unreached=True,
                )
                for code, name, is_surveyed in names.INSURERS
                if is_surveyed
            ],
        )
        with self.central.admin() as connection:
            apply(connection, setup, Passwords())
            # Who manages the shops also calls their customers.
            connection.exec_driver_sql(
                "INSERT INTO person_grant (org_id, person_id, role, node_id) SELECT org_id, person_id, 'call_agent', node_id "
                "FROM person_grant WHERE role = 'shop_admin'"
            )

    @property
    def replayed(self) -> list[Export]:
        return self.world.exports[:-LIVE_SETS]

    def replay(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Part 1: months pass, three days a step; each step writes, scans, sends, receives, asks and answers. It ends in the
        morning of the shop: at night no customer is written to, whenever the demo is run."""
        waiting = list(self.replayed)
        total, done = len(waiting), 0
        end = datetime.now(UTC) - timedelta(hours=1)
        while self.clock.now_utc() < end and not stopping():
            step_end = min(_morning(self.clock.now_utc() + STEP), end)
            due = [export for export in waiting[done:] if export.at_utc <= step_end]
            self.clock.advance_to(step_end)
            for export in due:
                self.share.write(export)
            if done == 0 and due:
                self.share.write_broken(due[0])
            done += len(due)
            self._pass_time()
            self.progress("replay", done, total)
        self.clock.advance_to(datetime.now(UTC))
        self._pass_time()

    def _pass_time(self) -> None:
        """Two looks with a quiet moment between them, then everything the service has to do now."""
        shop = self.shop
        shop.collector.import_ready(CycleResult())
        self._name_technicians()
        self.clock.advance(timedelta(seconds=QUIET_SECONDS + 1))
        shop.collector.cycle()
        self.confirm_shops()
        self.central.queue.wake()
        self._wait_for_service()
        self.customers.read_mail(self.clock.now_utc())
        if self.customers.answer_due(self.clock.now_utc()):
            self.central.queue.wake()
            self._wait_for_service()
        self.staff.act(self.clock.now_utc())

    def _name_technicians(self) -> None:
        """Somebody at the desk writes down who works on a repair order, two of them on every third (B-N7)."""
        for job in self.shop.store.read.jobs(limit=_NEWEST):
            if job.ro_number is not None and job.credits == Credits() and job.id not in self._named:
                self._named.add(job.id)
                first, second = names.TECHNICIANS[job.id % 4], names.TECHNICIANS[(job.id + 1) % 4]
                text = f"{first} 60 %\n{second} 40 %" if job.id % 3 == 0 else first
                self.shop.jobs.set_credits(job.id, read_credits(text, names.SERVICE_WRITERS[job.id % 2]))

    def _wait_for_service(self) -> None:
        end = time.monotonic() + 60
        while not self.central.queue.idle() and time.monotonic() < end:
            time.sleep(0.01)

    def confirm_shops(self) -> None:
        """The person at the desk confirms each new repair facility once (DESIGN 4.1)."""
        shops = tuple(self.shop.store.read.shops())
        for facility in self.shop.store.read.facilities():
            suggestion = suggested_shop(facility, shops)
            if facility.shop_id is None and suggestion is not None:
                self.shop.jobs.confirm_facility(facility, suggestion.id)

    def live(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Part 2: the last sets appear one by one while the collector runs by itself."""
        exports = self.world.exports[-LIVE_SETS:]
        for number, export in enumerate(exports, start=1):
            if stopping():
                return
            self.share.write(export)
            self.share.grow(exports[0])
            self.progress("live", number, len(exports))
            self._rest(self.interval_seconds, stopping)
            self.customers.read_mail(self.clock.now_utc())
            self.customers.answer_due(self.clock.now_utc())

    def keep_growing(self, stopping: Callable[[], bool]) -> None:
        """After the last set: the unfinished copy goes on until the desk is closed."""
        while not stopping():
            self.share.grow(self.world.exports[-1])
            self.customers.read_mail(self.clock.now_utc())
            self.customers.answer_due(self.clock.now_utc())
            self._rest(1.5, stopping)

    def settle(self) -> None:
        """Wait until the collector has taken every set but the one that is still being copied, and sent all."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            self.share.grow(self.world.exports[-1])
            folders = self.shop.collector.state.folders
            counts = self.shop.store.read.counts(self.clock.now_utc())
            if all(f.sets_waiting <= 1 for f in folders) and counts.to_send == 0:
                break
            time.sleep(0.5)
        self.shop.collector.refresh_states()

    @staticmethod
    def _rest(seconds: float, stopping: Callable[[], bool]) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not stopping():
            time.sleep(0.05)

    def summary(self, seconds: float, report_pages: int) -> dict[str, object]:
        """What happened, counted in the store and in PostgreSQL."""
        from sqlalchemy import text

        counts = self.shop.store.read.counts(self.clock.now_utc())
        folders = self.shop.collector.state.folders
        with self.central.admin() as connection:

            def count(query: str) -> int:
                number: int = connection.execute(text(query)).scalar_one()
                return number

            kept = count("SELECT count(*) FROM job")
            filtered = count("SELECT count(*) FROM filtered_job")
            doubled = count(
                "SELECT count(*) FROM (SELECT 1 FROM (SELECT shop_id, ro_number AS k FROM job WHERE ro_number IS NOT NULL) j "
                "GROUP BY shop_id, k HAVING count(*) > 1) d"
            )
            twice = count("SELECT count(*) FROM (SELECT sample_id FROM invitation GROUP BY 1 HAVING count(*) > 1) t")
            already = count("SELECT count(*) FROM intake_key WHERE outcome = 'already_have'")
            answers = count("SELECT count(*) FROM answer")
            alerts = count("SELECT count(*) FROM alert")
            to_call = count(
                "SELECT count(*) FROM interview v JOIN invitation i ON i.id = v.invitation_id "
                "JOIN sample s ON s.id = i.sample_id WHERE s.state = 'invited'"
            )
            recovered = count("SELECT count(*) FROM alert WHERE state = 'done'")
            invited = count("SELECT count(*) FROM invitation")
        taken = counts.outcomes
        return {
            "sets_seen": sum(folder.sets_seen for folder in folders),
            "imported": counts.jobs,
            "waiting": sum(folder.sets_waiting for folder in folders),
            "broken": taken.get("broken", 0),
            "uploaded": counts.sent,
            "kept": kept,
            "filtered": filtered,
            "duplicates": doubled + twice,
            "already_had": already,
            "invited": invited,
            "answers": answers,
            "alerts": alerts,
            "to_call": to_call,
            "recovered": recovered,
            "report_pages": report_pages,
            "seconds": round(seconds, 1),
            "stages_missing": self.stages_missing,
        }

    def stop(self) -> None:
        self._stops.run()


def _sweep(mine: Path) -> None:
    """The folders of demos that were killed; only one runs at a time, because it holds the demo's database."""
    for old in mine.parent.glob(f"{_PREFIX}*"):
        if old != mine and old.stat().st_uid == mine.stat().st_uid:
            shutil.rmtree(old, ignore_errors=True)
