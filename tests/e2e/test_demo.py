"""The main job as a newcomer runs it: `repaircenter demo --headless` from files to a printed report (issue 2)."""

import email
import email.policy
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pypdf
import pytest
from PySide6.QtGui import QImage

PROGRAM = [sys.executable, "-m", "repaircenter", "demo", "--headless", "--language", "fr", "--out"]


def environment(folder: Path) -> dict[str, str]:
    """A home and a temporary folder of the test's own, so that every byte the run leaves can be looked at."""
    for name in ("home", "tmp", "cache"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return {
        **os.environ,
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_DATA_HOME": str(folder / "home" / "data"),
        "QT_QPA_PLATFORM": "offscreen",
    }


def processes(mark: str) -> list[str]:
    """Command lines of running processes that name a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if mark in line and str(os.getpid()) != path.parent.name:
            found.append(line)
    return found


def test_the_main_job_end_to_end(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = subprocess.run([*PROGRAM, str(out)], env=environment(tmp_path), capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    summary = json.loads((out / "summary.json").read_text())
    assert summary["stages_missing"] == [] and summary["duplicates"] == 0
    assert (summary["imported"], summary["broken"], summary["waiting"]) == (240, 1, 1)
    assert summary["kept"] + summary["filtered"] == 240 and summary["kept"] > 120 and summary["filtered"] > 20
    assert summary["answers"] > 40 and summary["report_pages"] >= 4 and summary["uploaded"] >= 240
    assert summary["to_call"] > 0
    assert summary["alerts"] > 10 and 0 < summary["recovered"] < summary["alerts"]
    for name, words in (("invitation", "/s/"), ("reminder", "Rappel"), ("alert", "Ouvrez RepairCenter, page Alertes"), ("week", "semaine")):
        letter = email.message_from_bytes((out / f"{name}.eml").read_bytes(), policy=email.policy.default)
        assert words in f"{letter['Subject']}\n{letter.get_content()}", name
    reader = pypdf.PdfReader(out / "report.pdf")
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "Tableau de bord CSI" in text and "Carrosserie Trois-Rivières" in text and "Qualité de la réparation" in text
    for number, page in enumerate(reader.pages, start=1):
        words = page.extract_text()
        assert (
            f"Page {number} sur {len(reader.pages)}" in words
            and "RepairCenter · " in words
            and "Tableau de bord CSI" in words
        )
    for name in ("desk.png", "surveys.png", "alerts.png", "calls.png", "report.xlsx"):
        assert (out / name).stat().st_size > 5000
    assert ink_of_rows(out / "desk.png") > 3000, "the jobs are on screen, and not the sign-in card in its middle"
    assert processes("repaircenter-demo-") == [] and list((tmp_path / "tmp").iterdir()) == []
    assert traces_of_customers(tmp_path) == []


def ink_of_rows(picture: Path) -> int:
    """Dark pixels where the rows of the list of jobs begin: beside the sign-in card there is nothing (issue 15.1)."""
    image = QImage(str(picture)).convertToFormat(QImage.Format.Format_Grayscale8)
    return sum(image.pixelColor(x, y).red() < 110 for x in range(16, 400) for y in range(340, image.height() - 80))


def traces_of_customers(folder: Path) -> list[str]:
    """Files outside the encrypted store and the service's database that hold a customer's last name."""
    from repaircenter.central.db.embedded import default_folder
    from repaircenter.demo import names

    cluster = default_folder("demo", folder / "home" / "data" / "RepairCenter")
    wanted = [name.encode() for name in names.LAST if len(name) > 5 and not name.isascii()]
    files = [path for name in ("home", "tmp", "cache") for path in (folder / name).rglob("*")]
    files.append(cluster / "server.log")
    return [
        str(path)
        for path in files
        if path.is_file() and cluster / "data" not in path.parents and any(name in path.read_bytes() for name in wanted)
    ]


def test_ctrl_c_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    running = subprocess.Popen([*PROGRAM, str(tmp_path / "out")], env=environment(tmp_path), stdout=subprocess.DEVNULL)
    _wait_for(lambda: any((tmp_path / "tmp").glob("repaircenter-demo-*/share/*")))
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 130
    assert list((tmp_path / "tmp").iterdir()) == [] and processes(str(tmp_path)) == []


_LOST = """
import os, signal, sys, time
from repaircenter import cli

class Noisy:
    def __del__(self):
        os.kill(os.getpid(), SIGNAL)
        time.sleep(0.01)

def run(options):
    Noisy()
    time.sleep(20)
    return 0

cli._run = run
sys.exit(cli.main(["self-test"]))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_in_the_middle_of_a_clean_up_is_not_lost(number: signal.Signals) -> None:
    """Python throws away what is raised while an object is taken down."""
    begun = time.monotonic()
    program = _LOST.replace("SIGNAL", str(int(number)))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 130 and time.monotonic() - begun < 10, done.stderr


def test_a_killed_run_is_cleaned_up_by_the_next_one(tmp_path: Path) -> None:
    running = subprocess.Popen([*PROGRAM, str(tmp_path / "out")], env=environment(tmp_path), stdout=subprocess.DEVNULL)
    _wait_for(lambda: any((tmp_path / "tmp").glob("repaircenter-demo-*/share/*")))
    running.kill()
    running.wait(30)
    (left,) = (tmp_path / "tmp").glob("repaircenter-demo-*")
    again = subprocess.Popen([*PROGRAM, str(tmp_path / "out")], env=environment(tmp_path), stdout=subprocess.DEVNULL)
    _wait_for(lambda: not left.exists() and any((tmp_path / "tmp").glob("repaircenter-demo-*/share/*")))
    again.send_signal(signal.SIGTERM)
    assert again.wait(60) == 130
    assert list((tmp_path / "tmp").iterdir()) == [] and processes(str(tmp_path)) == []


def _wait_for(ready: object, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def test_a_used_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    import socket

    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "repaircenter",
            "central",
            "serve",
            "--port",
            str(port),
            "--data",
            str(tmp_path),
            "--mail-folder",
            str(tmp_path),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and f"Port {port} is already in use" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["agent", "--once"], "No folder is watched yet"),
        (["agent", "--once", "--folder", "/nowhere"], "/nowhere: there is no such folder"),
        (["agent", "--once", "--folder", "/tmp"], "No service address is set"),
        (["agent", "--once", "--folder", "/tmp", "--service", "http://127.0.0.1:9"], "not paired"),
        (
            ["agent", "--once", "--folder", "/tmp", "--service", "http://service.invalid", "--pair", "a@b.example"],
            "agree with --plain-http",
        ),
        (["central", "serve"], "Say where messages to customers go"),
        (["ems", "check", "/nowhere"], "cannot be read"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    extra = ["--data", str(tmp_path / "data")] if arguments[0] != "ems" else []
    done = subprocess.run(
        [sys.executable, "-m", "repaircenter", *arguments, *extra],
        capture_output=True,
        text=True,
        timeout=60,
        env={**environment(tmp_path), "REPAIRCENTER_PASSWORD": "x"},
    )
    said = [line for line in done.stderr.splitlines() if not line.startswith("Recovery code of this PC")]
    assert done.returncode == 1 and len(said) == 1 and sentence in said[0], done.stderr


def test_poppler_shows_the_same_words(tmp_path: Path) -> None:
    """A second reader of PDFs agrees with ours on what a page says."""
    from repaircenter.rendering.pagination import paginate
    from repaircenter.rendering.pdf import write_pdf
    from tests.unit.test_pages import document, row

    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    path = tmp_path / "a.pdf"
    path.write_bytes(
        write_pdf(list(paginate(document([row(n, "Déçue, à l'été") for n in range(40)]))), "Commentaires", "fr")
    )
    text = subprocess.run([program, str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert text.count("Déçue, à l'été") == 40 and "Page 1 sur" in text


def test_a_second_desk_raises_the_first_and_an_agent_asks_it(tmp_path: Path) -> None:
    """One collector per data folder (DESIGN 3.19)."""
    data = ["--data", str(tmp_path / "pc")]
    program = [sys.executable, "-m", "repaircenter"]
    first = subprocess.Popen([*program, "desk", *data], env=environment(tmp_path), stderr=subprocess.DEVNULL)
    try:
        _wait_for(lambda: (tmp_path / "pc" / "store.db").exists() and (tmp_path / "pc" / "instance.key").exists())
        time.sleep(1)
        second = subprocess.run([*program, "desk", *data], env=environment(tmp_path), timeout=30)
        assert second.returncode == 0 and first.poll() is None
        agent = subprocess.run(
            [*program, "agent", *data], capture_output=True, text=True, timeout=30, env=environment(tmp_path)
        )
        assert agent.returncode == 1 and "already collects" in agent.stderr
        asked = subprocess.run(
            [*program, "agent", "--once", "--json", *data],
            capture_output=True,
            text=True,
            timeout=30,
            env=environment(tmp_path),
        )
        assert asked.returncode == 0 and json.loads(asked.stdout)["connection"] == "unpaired"
    finally:
        first.terminate()
        assert first.wait(30) == 0
    assert (tmp_path / "pc").stat().st_mode & 0o077 == 0
