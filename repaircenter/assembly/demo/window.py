"""The demo with its window: the desk is on screen while half a year passes and the last sets appear."""

import os
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from repaircenter.assembly.demo.world_run import ADMIN, INSURER, PASSWORD, Demo

if TYPE_CHECKING:
    from repaircenter.assembly.shop_app import ShopApp
    from repaircenter.desk.frame.program import Program


class OpenShop:
    """The demo's shop is open already; its store is new with every run, so its code is not worth keeping."""

    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self.backup: datetime | None = None

    def open(self) -> "ShopApp":
        self._demo.shop.new_recovery_code = None
        return self._demo.shop

    def recover(self, code: str) -> None:
        self._demo.shop.recover(code)

    def go_back(self) -> None:
        self._demo.shop.go_back()

    def start_new_store(self) -> None:
        self._demo.shop.start_new_store()


def run(language: str | None) -> int:
    """Start everything, show the desk, let the world happen on a thread of its own."""
    from repaircenter.desk.frame.program import Program, make_application

    make_application()
    demo = Demo(lambda part, done, total: None, interval_seconds=3.0)
    ended = threading.Event()
    print("Starting the service with an empty database...", flush=True)  # noqa: T201
    try:
        demo.start()
        program = Program(demo.folder / "desk", demo.clock, demo.hub, OpenShop(demo), language)

        def sign_in() -> None:
            program.window.page("surveys").sign_in_as(ADMIN, PASSWORD)

        def happen() -> None:
            demo.replay(ended.is_set)
            # Half a year has passed: the session from before it has ended.
            program.context.background.report(lambda _none: sign_in(), None)
            demo.shop.start()
            demo.live(ended.is_set)
            demo.keep_growing(ended.is_set)

        world = threading.Thread(target=happen, name="world", daemon=True)
        world.start()
        program.context.background.run(lambda: time.sleep(1.0), lambda _none: sign_in())
        print(f"The desk is open. Reports: sign in as {ADMIN} with {PASSWORD}", flush=True)  # noqa: T201
        print(f"What an insurer sees: sign in as {INSURER} with the same password", flush=True)  # noqa: T201
        print(f"Drop EMS sets of your own into {demo.share.folder}", flush=True)  # noqa: T201
        code = program.run()
        ended.set()
        world.join(20)
        return code
    finally:
        ended.set()
        demo.stop()


def pictures(demo: Demo, out: Path, language: str) -> list[str]:
    """The real window drawn offscreen, page by page. Names the stages that could not be shown."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from repaircenter.desk.frame.program import Program

    program = Program(demo.folder / "desk", demo.clock, demo.hub, OpenShop(demo), language, "light")
    program.window.resize(1280, 800)
    missing: list[str] = []
    try:
        program.show()
        # After the replay, whose months ended every session: jobs and reports are hidden until somebody signs in.
        _wait(program, lambda: bool(program.window.page("jobs").count_shown))
        program.window.show_page("surveys")
        program.window.page("surveys").sign_in_as(ADMIN, PASSWORD)
        if not _wait(program, lambda: program.window.page("surveys").ready):
            missing.append("sign-in")
        program.window.show_page("jobs")
        jobs = program.window.page("jobs")
        if not _wait(program, lambda: bool(jobs.count_shown) and jobs.isVisible()):
            missing.append("jobs page")
        jobs.select_first()
        if not _wait(program, lambda: jobs.shown_job > 0):
            missing.append("job")
        _settle(program)
        program.window.grab().save(str(out / "desk.png"))
        program.window.show_page("surveys")
        program.window.page("surveys").choose_report("R-01", {"period": "last_12_months"})
        program.window.page("surveys").view_report()
        viewer = program.window.page("surveys").viewer
        if not _wait(program, lambda: bool(viewer.view.pages) and not viewer.is_running):
            missing.append("report viewer")
        _settle(program)
        program.window.grab().save(str(out / "surveys.png"))
        program.window.show_page("alerts")
        alerts = program.window.page("alerts")
        if _wait(program, lambda: bool(alerts.count_shown)):
            alerts.choose_first()
        else:
            missing.append("alerts")
        _settle(program)
        program.window.grab().save(str(out / "alerts.png"))
        program.window.show_page("calls")
        calls = program.window.page("calls")
        calls.show_later()
        if _wait(program, lambda: bool(calls.count_shown)):
            calls.choose_first()
        else:
            missing.append("calls")
        _settle(program)
        program.window.grab().save(str(out / "calls.png"))
    finally:
        program.close()
    return missing


def _wait(program: "Program", ready: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        program.app.processEvents()
        if ready():
            return True
        time.sleep(0.01)
    return False


def _settle(program: "Program", seconds: float = 0.6) -> None:
    """Let what is under way be painted."""
    _wait(program, lambda: False, seconds)
