"""`repaircenter demo`: service and desk on one shifted clock, a share that fills, customers who answer (issue 2 g).

Part 1 replays the first months fast-forward through the same code; part 2 runs at real speed. Every run starts an
empty world on free ports; only the initialised database cluster is used again.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from repaircenter.assembly.central import CentralOptions, CentralService
from repaircenter.assembly.options import ShopOptions, default_data_folder
from repaircenter.assembly.shopside import ShopSide
from repaircenter.demo import names
from repaircenter.demo.answers import Customers
from repaircenter.demo.share import SampleShare
from repaircenter.demo.world import ZONE, Export, World
from repaircenter.runtime.clock import ShiftedClock
from repaircenter.runtime.events import EventHub
from repaircenter.runtime.logs import set_up_logs
from repaircenter.runtime.text import Texts
from repaircenter.runtime.threads import Stops
from repaircenter.shop.collector.collector import CycleResult
from repaircenter.shop.jobs.facilities import suggested_shop

LIVE_SETS = 20
STEP = timedelta(days=3)
_PREFIX = "repaircenter-demo-"
QUIET_SECONDS = 3.0
ADMIN, PASSWORD = "gerance@example.com", "demo-RepairCenter"
Progress = Callable[[str, int, int], None]


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
                default_data_folder(), port=0, cluster="demo", database="demo", fresh=True, mail_folder=mail
            ),
            self.clock,
        )
        self._stops.add("service", self.central.stop)
        self.central.start(tick_seconds=1.0)
        _sweep(self.folder)
        self._populate()
        self.share = SampleShare(self.folder / "share")
        self.customers = Customers(self.world, mail)
        self._stops.add("customers", self.customers.close)
        self.hub = EventHub()
        options = ShopOptions(
            self.folder / "desk", self.central.address, self.share.folder, QUIET_SECONDS, True, cycle_seconds=1.0
        )
        self.shop = ShopSide(options, self.clock, self.hub)
        self._stops.add("shop", self.shop.stop)
        self.shop.open()
        self.shop.pair(ADMIN, PASSWORD)

    def _populate(self) -> None:
        """What an operator of the service would set up before the first day (`central admin set-up`)."""
        from repaircenter.central.accounts.admin import NewPerson, NewProgramme, NewShop
        from repaircenter.central.accounts.setup_file import SetupFile, apply
        from repaircenter.central.core.secrets import Passwords

        wanted = SetupFile(
            organisation="Groupe Carrosserie Modèle",
            shops=[
                NewShop(name=s[0], zone=ZONE, group=s[2], address=f"1, rue Exemple, {s[1]}", tax_id=s[3], phone=s[4])
                for s in names.SHOPS
            ],
            persons=[NewPerson(email=ADMIN, name="Marie Gérance", password=PASSWORD, role="shop_admin")],
            programmes=[
                NewProgramme(name=name, codes=[code], names=[name])
                for code, name, surveyed in names.INSURERS
                if surveyed
            ],
        )
        with self.central.admin() as connection:
            apply(connection, wanted, Passwords())

    @property
    def replayed(self) -> list[Export]:
        return self.world.exports[:-LIVE_SETS]

    def replay(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Part 1: months pass, three days a step; each step writes, scans, sends, receives, asks and answers."""
        waiting = list(self.replayed)
        total, done = len(waiting), 0
        end = datetime.now(UTC) - timedelta(hours=1)
        while self.clock.now_utc() < end and not stopping():
            step_end = min(self.clock.now_utc() + STEP, end)
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
        self.clock.advance(timedelta(seconds=QUIET_SECONDS + 1))
        shop.collector.cycle()
        self.confirm_shops()
        self.central.queue.wake()
        self._wait_for_service()
        self.customers.read_mail(self.clock.now_utc())
        self.customers.answer_due(self.clock.now_utc())

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
                self.shop.act.confirm_facility(facility, suggestion.id)

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
                found: int = connection.execute(text(query)).scalar_one()
                return found

            kept = count("SELECT count(*) FROM job")
            filtered = count("SELECT count(*) FROM filtered_job")
            doubled = count(
                "SELECT count(*) FROM (SELECT 1 FROM (SELECT shop_id, ro_number AS k FROM job WHERE ro_number IS NOT NULL) j "
                "GROUP BY shop_id, k HAVING count(*) > 1) d"
            )
            twice = count("SELECT count(*) FROM (SELECT sample_id FROM invitation GROUP BY 1 HAVING count(*) > 1) t")
            already = count("SELECT count(*) FROM intake_key WHERE outcome = 'already_have'")
            answers = count("SELECT count(*) FROM answer")
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


def run(out: Path, *, headless: bool, language: str | None) -> int:
    """With a display: the desk while the world happens. Without: progress in the terminal and files in `out`."""
    if headless or not _has_display():
        return run_headless(out, language or "fr")
    from repaircenter.assembly import demo_desk

    return demo_desk.run(language)


_SAID: dict[str, set[int]] = {}


def _announced(done: int, total: int, said: set[int]) -> bool:
    """A line in a file every hundred sets and at the end, each once."""
    mark = total if done == total else done // 100
    fresh = mark not in said
    said.add(mark)
    return fresh


def _has_display() -> bool:
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _say(part: str, done: int, total: int) -> None:
    """Progress in the terminal: one line that moves, or a line now and then in a file."""
    said = _SAID.setdefault(part, set())
    text = f"{'Six months pass' if part == 'replay' else 'Sets appear one by one'}: {done} of {total} sets"
    if sys.stdout.isatty():
        if total not in said:
            print("\r" + text, end="\n" if _announced(done, total, said) and done == total else "", flush=True)  # noqa: T201
    elif _announced(done, total, said):
        print(text, flush=True)  # noqa: T201


def run_headless(out: Path, language: str) -> int:
    """The main job in the terminal; gives 1 when a stage is missing or failed."""
    started = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    demo = Demo(_say)
    try:
        demo.start()
        demo.replay()
        demo.shop.start()
        demo.live()
        demo.settle()
        pages = _write_reports(demo, out, language)
        demo.stages_missing = _take_pictures(demo, out, language)
        summary = demo.summary(time.monotonic() - started, pages)
        (out / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", "utf-8")
        print("\n".join(told(summary, out, language)))  # noqa: T201
        return 1 if summary["stages_missing"] or summary["duplicates"] else 0
    finally:
        demo.stop()


def told(summary: Mapping[str, object], out: Path, language: str) -> list[str]:
    """What the run made and where, and what its counts mean, in the language of its results."""
    words = Texts(language)
    counts = [f"  {summary[name]:>5}  {words(f'demo.count.{name}')}" for name in _COUNTED]
    files = [f"  {out / name}: {words(f'demo.file.{key}')}" for name, key in _FILES]
    return [words("demo.done", seconds=summary["seconds"]), *counts, words("demo.made"), *files]


# In the order of an estimate's way.
_COUNTED = (
    *("sets_seen", "imported", "waiting", "broken", "uploaded", "kept", "filtered", "duplicates", "invited", "answers"),
    "report_pages",
)
_FILES = (
    ("report.pdf", "report"),
    ("report.xlsx", "report_workbook"),
    ("reviews.pdf", "reviews"),
    ("reviews.xlsx", "reviews_workbook"),
    ("desk.png", "desk"),
    ("surveys.png", "surveys"),
    ("summary.json", "summary"),
)


def _write_reports(demo: Demo, out: Path, language: str) -> int:
    """The CSI scorecard and the reviews as one printed report each; gives the pages of both."""
    from repaircenter.reports.pagination import paginate
    from repaircenter.reports.pdf import save, save_pdf
    from repaircenter.reports.workbook import write_xlsx
    from repaircenter.shop.service.report_run import run_to_end
    from repaircenter.wire.messages import RunRequest

    assert demo.shop.person is not None
    session = demo.shop.person.sign_in(ADMIN, PASSWORD)
    shops = [shop.id for shop in session.shops]
    count = 0
    for report, name in (("R-01", "report"), ("R-07", "reviews")):
        request = RunRequest(report=report, parameters={"period": "last_12_months"}, shops=shops, language=language)
        parts = run_to_end(demo.shop.person, request, time.sleep)
        pages = list(paginate(parts))
        header = parts[0].header
        save_pdf(pages, header.title if header else report, language, out / f"{name}.pdf")
        save(write_xlsx(parts), out / f"{name}.xlsx")
        count += len(pages)
    return count


def _take_pictures(demo: Demo, out: Path, language: str) -> list[str]:
    """desk.png and surveys.png from the real window, drawn offscreen; names what could not be done."""
    from repaircenter.assembly import demo_desk

    return demo_desk.pictures(demo, out, language)
