"""`dev.py gallery`: a picture of every screen in light, dark and three languages (QT_SCALE_FACTOR=1.5 for 150 %)."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from repaircenter.desk.frame.program import Program
from repaircenter.runtime.events import EventHub
from repaircenter.shop.model.folder import FolderHealth, FolderSetting, LedgerEntry
from repaircenter.shop.model.job import Facility
from repaircenter.shop.model.state import ConnectionState, Holder
from repaircenter.shop.ports import PLAIN, KeptPerson
from tests.desk.conftest import NOW, FakeControl, FakeOpener, job
from tests.desk.test_sending_page import message as sent
from tests.fakes.clock import FakeClock

LOOKS = (("light", "en"), ("light", "fr"), ("dark", "fr"), ("light", "es"), ("dark", "en"))
# The smallest window, the usual office screen without its task bar, and a large one (issue 15).
SIZES = ((1024, 680), (1366, 728), (1920, 1040))


def wait(program: Program, ready: Callable[[], object], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not ready() and time.monotonic() < end:
        program.app.processEvents()
        time.sleep(0.005)


def settle(program: Program) -> None:
    wait(program, lambda: False, 0.4)


def control(configured: bool = True) -> FakeControl:
    found = FakeControl()
    found.is_configured = configured
    found.new_recovery_code = None if configured else "ABCD-EFGH-" * 5 + "IJKL-MN"
    found.kept_jobs = [
        job(1),
        job(2, service_state="answered", service_stars=4, delivered_on=NOW.date()),
        job(3, service_state="filtered", service_reason="insurer_not_surveyed"),
        job(4, shop_id=None, sent_digest=None, service_state=None),
        job(5, complete=False, ro_number=None),
        job(6, email=None, service_state="unreachable", service_reason="no_address"),
        job(7, service_state="invited"),
    ]
    found.troubles = [
        LedgerEntry(
            folder="/share",
            base="4bdead01",
            signature="s",
            outcome="broken",
            reason="the file is no dBASE table",
            job_id=None,
            at_utc=NOW,
        )
    ]
    found.facilities = [Facility("tax:1", "Carrosserie Sud · 4185550102", None)]
    return found


def shoot(out: Path, look: str, language: str, size: tuple[int, int]) -> None:
    mark = f"{look}-{language}-{size[0]}x{size[1]}"
    with tempfile.TemporaryDirectory() as folder:
        for name, configured in (("setup", False), ("desk", True)):
            found = control(configured)
            program = Program(Path(folder) / name, FakeClock(), EventHub(), FakeOpener(found), language, look)
            program.window.resize(*size)
            program.show()
            settle(program)
            if not configured:
                first_run(program, out, mark)
                program.close()
                continue
            wait(program, lambda p=program: p.window.page("jobs").count_shown)  # type: ignore[misc]
            program.window.page("jobs").select_first()
            settle(program)
            program.window.grab().save(str(out / f"jobs-{mark}.png"))
            forms(program, found, out, mark)
            directories(program, found, out, mark)
            settings(program, found, out, mark)
            program.window.show_page("surveys")
            settle(program)
            program.window.grab().save(str(out / f"sign-in-{mark}.png"))
            program.window.page("surveys").sign_in_as("a@b.c", "right")
            wait(program, lambda p=program: p.window.page("surveys").ready)  # type: ignore[misc]
            found.connection = ConnectionState("offline", None, NOW)
            program.window.page("surveys").view_report()
            viewer = program.window.page("surveys").viewer
            wait(program, lambda v=viewer: v.view.pages and not v.is_running)  # type: ignore[misc]
            settle(program)
            program.window.grab().save(str(out / f"surveys-{mark}.png"))
            viewing(program, out, mark)
            offline(program, found, out, mark)
            program.close()


def viewing(program: Program, out: Path, mark: str) -> None:
    """The viewer with what one can open in it."""
    viewer = program.window.page("surveys").viewer
    program.window.page("surveys")._split.fold(0, True)
    viewer._do("panel")
    viewer._do("find")
    viewer._find._words.setText("question 12")
    wait(program, lambda: viewer._find._count.text())
    figure = next(area for area in viewer.view.links.areas(0) if area.figure is not None and area.link is not None)
    viewer.view.area_activated.emit(figure)
    settle(program)
    program.window.grab().save(str(out / f"viewer-{mark}.png"))
    viewer._find.close_bar()
    viewer._figure.hide()
    viewer._panel.setCurrentIndex(1)
    viewer.set_mode("two")
    viewer.view.fit_page()
    settle(program)
    program.window.grab().save(str(out / f"viewer-two-{mark}.png"))
    viewer.page_setup.show()
    settle(program)
    viewer.page_setup.grab().save(str(out / f"page-setup-{mark}.png"))
    viewer.page_setup.hide()


def offline(program: Program, found: FakeControl, out: Path, mark: str) -> None:
    """A favourite with its last result while the service is away."""
    page = program.window.page("surveys")
    request = page._request()
    assert request is not None
    page.keep_as("Chaque matin", request)
    wait(program, lambda: page._favourites.count)
    favourite = found.last_results.favourites("a@b.c")[0]
    page._run_favourite(favourite)
    wait(program, lambda: found.last_results.results)
    found.person_side.away = True
    program.window.account.session = None
    program.window.account.changed.emit()
    page._split.fold(0, False)
    settle(program)
    program.window.grab().save(str(out / f"offline-{mark}.png"))
    page._run_favourite(favourite)
    wait(program, lambda: page.viewer.view.pages and not page.viewer.is_running)
    settle(program)
    program.window.grab().save(str(out / f"offline-result-{mark}.png"))


def first_run(program: Program, out: Path, mark: str) -> None:
    """Every step."""
    page = program.window.setup
    for number, step in enumerate(page.steps):
        page.go_to(step.name)
        if step.name == "service":
            page.service.certificate.ask("ab12" * 16)
        settle(program)
        program.window.grab().save(str(out / f"setup{number + 1}-{mark}.png"))


def forms(program: Program, found: FakeControl, out: Path, mark: str) -> None:
    """The forms of the Jobs page, a question, and the notices above it."""
    page = program.window.page("jobs")
    found.alike = ((job(3), "same_repair"),)
    found.offer = 4
    program.window.heard("connection_changed")
    page._read_details(page.shown_job)
    settle(program)
    page._details._actions._ask_day()
    page._details._tabs.setCurrentIndex(3)
    settle(program)
    program.window.grab().save(str(out / f"jobs-question-{mark}.png"))
    found.alike, found.offer = (), 0
    page._details._edit()
    settle(program)
    program.window.grab().save(str(out / f"contact-{mark}.png"))
    page._begin_new()
    settle(program)
    program.window.grab().save(str(out / f"new-job-{mark}.png"))
    page._leave_new()
    page._details._leave_editor()


def settings(program: Program, found: FakeControl, out: Path, mark: str) -> None:
    """What leaves this PC, the pages of the Configuration, and the locked desk."""
    window = program.window
    found.messages = [
        sent(1, "sent", "kept"),
        sent(2, "sent", "filtered"),
        sent(3, "refused", "bad_value"),
        sent(4, "waiting", attempts=2),
    ]
    window.open_page("sending/log")
    settle(program)
    window.page("sending")._lists["log"].page.table.selectRow(0)
    settle(program)
    window.grab().save(str(out / f"sending-{mark}.png"))
    found.connection = ConnectionState("disconnected", None, NOW, "unknown_certificate", NOW, "ab12" * 16)
    for name in ("customer", "connection", "appearance", "reports", "start", "privacy"):
        window.open_page(name)
        window.heard("connection_changed")
        settle(program)
        if name == "customer":
            window.page("configuration").part("customer")._rules.choose("convert")
            window.page("configuration").part("customer")._chosen("convert")
        if name == "privacy":
            window.page("configuration").part("privacy")._search.setText("gagné")
        settle(program)
        window.grab().save(str(out / f"{name}-{mark}.png"))
    # Nothing stays changed: whoever leaves would be asked about it.
    window.page("configuration").opened("customer", fresh=True)
    settle(program)
    found.connection = ConnectionState("disconnected", None, NOW, "not_encrypted", NOW, PLAIN)
    window.open_page("connection")
    window.heard("connection_changed")
    settle(program)
    window.grab().save(str(out / f"unencrypted-{mark}.png"))
    found.connection = ConnectionState("connected", NOW)
    window.account.kept = KeptPerson("ada@example.com", True)
    window.account.lock()
    settle(program)
    window.grab().save(str(out / f"locked-{mark}.png"))
    window.account.locked = False
    window.account.kept = window.account.session = None
    window.account.changed.emit()


def directories(program: Program, found: FakeControl, out: Path, mark: str) -> None:
    """File directories with several folders and a preview; then another PC collects."""
    found.settings = [
        FolderSetting(r"\\SRV\EMS", 1),
        FolderSetting(r"\\SRV\Mitchell\EXPORT", None, "cp850", NOW.date()),
        FolderSetting(r"D:\Audatex", 2),
        FolderSetting(r"E:\Archive", 2, paused=True),
    ]
    found.healths = (
        FolderHealth(r"\\SRV\EMS", NOW, None, 1204, 318, 0.4),
        FolderHealth(r"\\SRV\Mitchell\EXPORT", NOW, NOW, 88, 0, 0.4, "not_answering"),
        FolderHealth(r"D:\Audatex", NOW, None, 40, 0, 0.01),
    )
    program.window.heard("connection_changed")
    settle(program)
    program.window.grab().save(str(out / f"jobs-away-{mark}.png"))
    program.window.open_directories()
    settle(program)
    page = program.window.page("configuration").directories
    page._table.selectRow(1)
    page._editor.test()
    page._editor._pressed_preview()
    settle(program)
    program.window.grab().save(str(out / f"directories-{mark}.png"))
    found.others = (Holder(1, "FRONT-2", NOW), Holder(2, "FRONT-2", NOW))
    program.window.heard("connection_changed")
    settle(program)
    program.window.grab().save(str(out / f"directories-other-{mark}.png"))
    found.others, found.settings = (), []
    # Away and back: a page on screen keeps what somebody may have typed.
    program.window.show_page("jobs")
    program.window.open_directories()
    settle(program)
    program.window.grab().save(str(out / f"directories-none-{mark}.png"))


def main() -> int:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "gallery-out")
    out.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        for look, language in LOOKS:
            shoot(out, look, language, size)
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
