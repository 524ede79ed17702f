"""DESIGN 5, the viewer with a report of 9,000 rows: pauses while it loads, scrolling, a page at 200 %, Stop, memory."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.row import Row


def desk(folder: str, runs: int) -> int:
    """Open the desk on a service that gives the report; print what was measured."""
    from repaircenter.desk.frame.program import Program
    from repaircenter.runtime.events import EventHub
    from repaircenter.wire.reports import RunRequest, RunState
    from tests.bench.many_jobs import _resident_mb
    from tests.bench.pages import document
    from tests.bench.pauses import Pauses
    from tests.desk.conftest import FakeControl, FakeOpener
    from tests.fakes.clock import FakeClock

    control = FakeControl()
    service, slow = control.person_side, threading.Event()
    parts = document()
    service.run_part = lambda run_id, number: parts[number]  # type: ignore[method-assign]
    given = service.start_run

    def start_run(request: RunRequest) -> RunState:
        return RunState(id="slow", state="running", parts=0) if slow.is_set() else given(request)

    service.start_run = start_run  # type: ignore[method-assign]
    program = Program(Path(folder), FakeClock(), EventHub(), FakeOpener(control), "en", "light")
    program.window.resize(1280, 800)
    program.show()

    def wait(ready: Callable[[], object], seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while not ready() and time.monotonic() < end:
            program.app.processEvents()
            time.sleep(0.0005)

    wait(lambda: program.window.is_built and program.window.page("jobs").count_shown)
    program.window.show_page("surveys")
    program.window.page("surveys").sign_in_as("a@b.c", "right")
    surveys = program.window.page("surveys")
    wait(lambda: surveys.ready)
    viewer, told = surveys.viewer, {}
    pauses = Pauses()
    kept = []
    for number in range(runs):
        surveys.view_report()
        wait(lambda: viewer.view.pages and not viewer.is_running)
        viewer.save_as(Path(folder) / "out.pdf", "pdf")
        wait(lambda: (Path(folder) / "out.pdf").exists())
        (Path(folder) / "out.pdf").unlink()
        if number % 4 == 0:
            kept.append(_resident_mb())
    gaps = pauses.end()
    told["pause_ms"] = gaps[int(len(gaps) * 0.999)] * 1000
    told["growth_mb"] = kept[-1] - kept[min(1, len(kept) - 1)]
    told["pages"] = len(viewer.view.pages)
    told["scroll_ms"] = _scrolling(program, viewer)
    told["page_ms"] = _one_page(viewer)
    slow.set()
    surveys.view_report()
    wait(lambda: viewer.is_running, 2.0)
    start = time.perf_counter()
    viewer.stop()
    program.app.processEvents()
    told["stop_ms"] = (time.perf_counter() - start) * 1000
    print(json.dumps(told), flush=True)
    program.close()
    return 0


def bare(folder: str, runs: int) -> int:
    """A bare window while the same report is laid out and saved behind it, as often."""
    from PySide6.QtWidgets import QMainWindow

    from repaircenter.desk.frame.program import SWITCH_SECONDS, make_application
    from repaircenter.rendering.pagination import paginate
    from repaircenter.rendering.pdf import write_pdf
    from tests.bench.pages import document
    from tests.bench.pauses import Pauses

    sys.setswitchinterval(SWITCH_SECONDS)
    app, parts = make_application(), document()
    window = QMainWindow()
    window.resize(1280, 800)
    window.show()

    def work() -> None:
        for _ in range(runs):
            pages = list(paginate(parts))
            (Path(folder) / "out.pdf").write_bytes(write_pdf(pages, "Bench", "en"))

    behind = threading.Thread(target=work)
    pauses = Pauses()
    behind.start()
    while behind.is_alive():
        app.processEvents()
        time.sleep(0.0005)
    gaps = pauses.end()
    print(json.dumps({"pause_ms": gaps[int(len(gaps) * 0.999)] * 1000}), flush=True)
    return 0


def _scrolling(program, viewer) -> float:  # type: ignore[no-untyped-def]
    """p95 of a wheel's step over pages that are painted already, in ms."""
    view, steps = viewer.view, []
    bar = view.verticalScrollBar()
    for turn in range(2):
        for place in range(0, 4000, 48):
            start = time.perf_counter()
            bar.setValue(place)
            view.viewport().repaint()
            program.app.processEvents()
            if turn:
                steps.append(time.perf_counter() - start)
    steps.sort()
    return steps[int(len(steps) * 0.95)] * 1000


def _one_page(viewer) -> float:  # type: ignore[no-untyped-def]
    """p95 of painting a page nobody saw yet, at 200 %, in ms."""
    view, times = viewer.view, []
    view.set_zoom(200)
    for number in range(20, 60):
        start = time.perf_counter()
        view.picture(number)
        times.append(time.perf_counter() - start)
    times.sort()
    return times[int(len(times) * 0.95)] * 1000


def viewing(short: bool) -> list[Row]:
    if not Path("/proc/self/status").exists():
        return []
    told, behind = _measured("desk", short), _measured("bare", short)["pause_ms"]
    of = f"a report of {told['pages']:.0f} pages, loaded and saved as PDF again and again; a bare window {behind:.1f}"
    return [
        Row("viewer: GUI pause p99.9 of a 5-ms timer, ms", told["pause_ms"], 50, 900, of),
        Row("viewer: scroll step p95 with cached pages, ms", told["scroll_ms"], 16, 120),
        Row("viewer: an uncached page at 200 %, p95, ms", told["page_ms"], 30, 250),
        Row("viewer: Stop on the screen, ms", told["stop_ms"], 200, 1000),
        Row("viewer: memory after the second to the last run, MB more", told["growth_mb"], 5, 120),
    ]


def _measured(kind: str, short: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "tests.bench.viewing", kind, name, "5" if short else "20"]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, timeout=900)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


if __name__ == "__main__":
    sys.exit({"desk": desk, "bare": bare}[sys.argv[1]](sys.argv[2], int(sys.argv[3])))
