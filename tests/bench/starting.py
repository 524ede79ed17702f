"""DESIGN 5, row 7: from the start of the process to a painted window that takes input, against a bare QMainWindow."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.row import Row

_BARE = """
import time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1280, 800)
window.show()
def painted():
    print(time.monotonic(), flush=True)
    app.exit()
QTimer.singleShot(0, painted)
app.exec()
"""


def desk(folder: str) -> int:
    """Start the desk on a data folder; prints when its window took its first event, and when the jobs were there."""
    from PySide6.QtCore import QTimer

    from repaircenter.assembly.desk import DeskOpener
    from repaircenter.assembly.options import ShopOptions
    from repaircenter.desk.frame.program import Program
    from repaircenter.runtime.clock import SystemClock
    from repaircenter.runtime.events import EventHub

    hub, clock = EventHub(), SystemClock()
    opener = DeskOpener(ShopOptions(Path(folder), secrets_in_file=True), clock, hub)
    program = Program(Path(folder), clock, hub, opener)
    program.window.resize(1280, 800)
    program.window.show()
    told: dict[str, float] = {}

    def painted() -> None:
        told["painted"] = time.monotonic()
        QTimer.singleShot(0, program.window.begin)

    def look() -> None:
        if program.window.is_built and program.window.page("jobs").count_shown:
            told["jobs"] = time.monotonic()
            timer.stop()
            program.app.exit()

    QTimer.singleShot(0, painted)
    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(2)
    program.app.exec()
    print(json.dumps(told), flush=True)
    opener.close()
    program.close()
    return 0


def prepared(folder: Path, jobs: int) -> None:
    """A data folder of a PC in use: paired, one watched folder, so many jobs."""
    import hashlib

    from repaircenter.shop.model.folder import FolderSetting
    from repaircenter.shop.model.job import Shop
    from repaircenter.store.keys import open_with_kept_key
    from repaircenter.uplink.secrets import choose
    from tests.bench.jobs import some_jobs

    (folder / "share").mkdir(parents=True)
    secrets = choose(folder, in_file=True)
    store = open_with_kept_key(folder / "store.db", secrets)
    with store.write() as uow:
        uow.settings.put("service_address", "http://127.0.0.1:9")
        uow.folders.put([FolderSetting(str(folder / "share"), 1)])
        uow.settings.put_shops([Shop(1, "North", "America/Toronto")])
        for job in some_jobs(jobs):
            uow.jobs.save(job)
    store.close()
    secrets.put("installation-" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12], "1:secret")


def starting(short: bool) -> list[Row]:
    # Not above: the desk whose start is measured is this module too.
    import os
    import statistics
    import subprocess
    import tempfile

    from tests.bench.row import Row

    rounds = 5 if short else 15
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    # An installed desk is compiled; the first round does it here.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    bare, ours, usable = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        prepared(folder, 1000)
        for _ in range(rounds + 1):
            start = time.monotonic()
            done = subprocess.run([sys.executable, "-c", _BARE], env=environment, capture_output=True, check=True)
            bare.append(float(done.stdout) - start)
            start = time.monotonic()
            command = [sys.executable, "-m", "tests.bench.starting", str(folder)]
            done = subprocess.run(command, env=environment, capture_output=True, check=True)
            told = json.loads(done.stdout)
            ours.append(told["painted"] - start)
            usable.append(told["jobs"] - start)
    # The first round of each reads files nobody has read before.
    one, other, jobs = (statistics.median(found[1:]) for found in (ours, bare, usable))
    note = f"{one:.2f} s against {other:.2f} s; its 1,000 jobs are there after {jobs:.2f} s"
    return [Row("desk: start to usable window / a bare QMainWindow", one / other, 2.0, 4.0, note)]


if __name__ == "__main__":
    sys.exit(desk(sys.argv[1]))
