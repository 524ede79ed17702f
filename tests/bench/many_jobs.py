"""DESIGN 5, the desk with 20,000 jobs: how long it pauses while it imports, how it scrolls, what it keeps in memory."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from tests.bench.row import Row

_WORDS = ("tremblay", "514 555", "r-19", "", "26-0")


def desk(folder: str, seconds: float) -> int:
    """Open the desk on 20,000 jobs, import beside it, search, sort, scroll; print what was measured."""
    from repaircenter.assembly.desk import DeskOpener
    from repaircenter.assembly.options import ShopOptions
    from repaircenter.desk.frame.program import Program
    from repaircenter.desk.frame.rooms import ROOMS
    from repaircenter.runtime.clock import SystemClock
    from repaircenter.runtime.events import EventHub
    from tests.bench.pauses import Pauses

    hub, clock = EventHub(), SystemClock()
    opener = DeskOpener(ShopOptions(Path(folder), secrets_in_file=True), clock, hub)
    program = Program(Path(folder), clock, hub, opener)
    program.window.resize(1280, 800)
    program.show()
    wait = _waiting(program)  # type: ignore[no-untyped-call]
    wait(lambda: program.window.is_built and program.window.page("jobs").count_shown)
    # A desk in use: its pages are made, which the idle desk does once (`desk/frame/rooms.py`).
    for room in ROOMS:
        program.window.page(room.name)
    wait(lambda: False, 1.0)
    page, told = program.window.page("jobs"), {}
    pauses = Pauses()
    ended = threading.Event()
    importing = threading.Thread(target=_import, args=(opener, hub, ended), name="importing")
    importing.start()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        page._list.search.setText(_WORDS[int(time.monotonic()) % len(_WORDS)])
        wait(lambda: False, 0.5)
        page._list.table.sortByColumn(
            int(time.monotonic()) % 8, page._list.table.horizontalHeader().sortIndicatorOrder()
        )
        wait(lambda: False, 0.3)
    ended.set()
    importing.join()
    gaps = pauses.end()
    told["pause_ms"] = gaps[int(len(gaps) * 0.999)] * 1000
    told["longest_ms"] = gaps[-1] * 1000
    page._list.search.setText("")
    wait(lambda: page.count_shown > 19_000)
    bar, steps = page._list.table.verticalScrollBar(), []
    wait(lambda: bar.maximum() > 19_000)
    for place in range(0, bar.maximum(), max(bar.maximum() // 200, 1)):
        start = time.perf_counter()
        bar.setValue(place)
        page._list.table.viewport().repaint()
        program.app.processEvents()
        steps.append(time.perf_counter() - start)
    steps.sort()
    told["scroll_ms"] = steps[int(len(steps) * 0.95)] * 1000
    _report(program)
    told["pages"] = len(program.window.page("surveys").viewer.view.pages)
    told["memory_mb"] = _resident_mb()
    print(json.dumps(told), flush=True)
    opener.close()
    program.close()
    return 0


def bare(folder: str, seconds: float) -> int:
    """A bare window with the same work behind it: the shop's side at work, the same import, the same reads."""
    from PySide6.QtWidgets import QMainWindow

    from repaircenter.assembly.desk import DeskOpener
    from repaircenter.assembly.options import ShopOptions
    from repaircenter.desk.frame.program import SWITCH_SECONDS, make_application
    from repaircenter.desk.kit.bridge import Background
    from repaircenter.runtime.clock import SystemClock
    from repaircenter.runtime.events import EventHub
    from tests.bench.pauses import Pauses

    sys.setswitchinterval(SWITCH_SECONDS)
    app, hub, background = make_application(), EventHub(), Background()
    opener = DeskOpener(ShopOptions(Path(folder), secrets_in_file=True), SystemClock(), hub)
    shop = opener.open()
    window = QMainWindow()
    window.resize(1280, 800)
    window.show()
    wait = _waiting(SimpleNamespace(app=app))  # type: ignore[no-untyped-call]
    wait(lambda: False, 1.0)
    pauses, ended = Pauses(), threading.Event()
    importing = threading.Thread(target=_import, args=(opener, hub, ended), name="importing")
    importing.start()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        words = _WORDS[int(time.monotonic()) % len(_WORDS)]
        background.run(lambda words=words: shop.reader.job_lines(words), lambda _lines: None)  # type: ignore[misc]
        wait(lambda: False, 0.8)
    ended.set()
    importing.join()
    gaps = pauses.end()
    print(json.dumps({"pause_ms": gaps[int(len(gaps) * 0.999)] * 1000}), flush=True)
    background.close()
    opener.close()
    return 0


def _waiting(program):  # type: ignore[no-untyped-def]
    def wait(ready, seconds: float = 60.0) -> None:  # type: ignore[no-untyped-def]
        end = time.monotonic() + seconds
        while not ready() and time.monotonic() < end:
            program.app.processEvents()
            time.sleep(0.0005)

    return wait


def _import(opener, hub, ended: threading.Event) -> None:  # type: ignore[no-untyped-def]
    """New sets come in as fast as they are read while someone works at the desk."""
    from repaircenter.ems.naming import group
    from repaircenter.ems.reading import read_set
    from repaircenter.shop.jobs import importing
    from repaircenter.shop.model.job import Shop
    from repaircenter.shop.ports import FileFacts, SetSighting
    from tests.bench.sets import written

    store = opener.shop.store
    target = importing.Target("/share", 1, (Shop(1, "North", "America/Toronto"),), "create", "America/Toronto")
    for estimate, files in written(4000, lines=40):
        if ended.is_set():
            return
        (found,) = group(files)
        sighting = SetSighting(estimate.base, found.files, {n: FileFacts(1, 1) for n in files}, estimate.base, 1)
        read = read_set(estimate.base, {extension: files[name] for extension, name in found.files.items()})
        with store.write() as uow:
            importing.import_estimate(uow, read, sighting, target, opener.shop.clock.now_utc())
        hub.tell("jobs_changed")


def _report(program) -> None:  # type: ignore[no-untyped-def]
    """A report of 200 pages in the viewer."""
    from repaircenter.rendering.pagination import paginate
    from repaircenter.wire.document.nodes import Column, Table
    from repaircenter.wire.document.parts import Header, Part

    header = Header(
        report="R-01",
        title="Bench",
        subtitle="",
        facts=[],
        language="en",
        data_as_of=datetime(2026, 11, 2, tzinfo=UTC),
        run_by="",
        zone="UTC",
    )
    columns = [Column(title="Question", width=3), Column(title="Mean", align="right")]
    rows = [[f"Question {n} of many", "8.50"] for n in range(9000)]
    pages = list(paginate([Part(number=0, header=header, nodes=[Table(columns=columns, rows=rows)], last=True)]))  # type: ignore[arg-type]
    view = program.window.page("surveys").viewer.view
    view.add(pages)
    for number in range(1, len(pages), 20):
        view.go_to(number)
        view.grab()


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text("utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def many_jobs(short: bool) -> list[Row]:
    if not Path("/proc/self/status").exists():
        return []
    from tests.bench.starting import prepared

    told: dict[str, float] = {}
    for kind in ("bare", "desk"):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "data"
            prepared(folder, 20_000)
            command = [sys.executable, "-m", "tests.bench.many_jobs", kind, str(folder), "10" if short else "60"]
            environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
        if kind == "bare":
            told["bare_ms"] = json.loads(done.stdout)["pause_ms"]
        else:
            told |= json.loads(done.stdout)
    jobs = f"20,000 jobs, importing, searching and sorting; a bare window with the same work {told['bare_ms']:.1f}"
    return [
        Row(
            "GUI pause p99.9 of a 5-ms timer, ms",
            told["pause_ms"],
            50,
            600,
            f"{jobs}; longest {told['longest_ms']:.0f}",
        ),
        Row("scroll step of the list p95, ms", told["scroll_ms"], 16, 80, "200 steps through the whole list"),
        Row("resident memory, MB", told["memory_mb"], 250, 450, f"20,000 jobs and a report of {told['pages']} pages"),
    ]


if __name__ == "__main__":
    sys.exit({"desk": desk, "bare": bare}[sys.argv[1]](sys.argv[2], float(sys.argv[3])))
