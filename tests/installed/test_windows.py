"""The installer for Windows with a stand-in for the program: files and registry are looked at (issue 16).

Under wine here; on a Windows machine (`python dev.py windows`) by itself, unless RepairCenter is installed there. What
was frozen for Windows cannot be made here (docs/windows.md); the installer is the same for any payload.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer import packages
from repaircenter.assembly import preset
from repaircenter.shop.model.preset import Preset
from tests.installed.bare import until

REAL = sys.platform == "win32"
_MISSING = [name for name in (("makensis",) if REAL else ("makensis", "wine", "Xvfb")) if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(bool(_MISSING), reason=f"not installed here: {', '.join(_MISSING)}")

UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\RepairCenter"
OPENS = r"HKCU\Software\Classes\RepairCenter.Estimate\shell\open\command"
ENDING = r"HKCU\Software\Classes\.env\OpenWithProgids"
RUN = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
# Waits for a minute, as a desk that somebody uses.
_STAND_IN = """
Target amd64-unicode
OutFile "{out}"
RequestExecutionLevel user
SilentInstall silent
Section
  Sleep 60000
SectionEnd
"""


class Wine:
    """A Windows of its own in a folder."""

    def __init__(self, folder: Path, display: str) -> None:
        self.drive = folder / "drive_c"
        self._environment = {**os.environ, "WINEPREFIX": str(folder), "WINEDEBUG": "-all", "DISPLAY": display}
        self._environment["WINEDLLOVERRIDES"] = "mscoree=;mshtml=;winemenubuilder.exe="

    def run(self, *words: str, seconds: float = 120) -> str:
        command = ["wine", *words]
        done = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=seconds, check=False
        )
        return done.stdout

    def execute(self, *words: str) -> None:
        """Without waiting for what it starts: that holds its output."""
        quiet = subprocess.DEVNULL
        subprocess.run(["wine", *words], env=self._environment, stdout=quiet, stderr=quiet, timeout=120, check=True)

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        quiet = subprocess.DEVNULL
        return subprocess.Popen(["wine", *words], env=self._environment, stdout=quiet, stderr=quiet)

    def registered(self, key: str, name: str) -> str:
        """The text of a value; empty when there is none."""
        for line in self.run("reg", "query", key, "/v", name).splitlines():
            if line.strip().startswith(name):
                return line.split("REG_SZ")[-1].strip()
        return ""

    def holds(self, key: str, name: str) -> bool:
        """Whether a key has a value, whatever it says."""
        return any(line.strip().startswith(name) for line in self.run("reg", "query", key).splitlines())

    def home(self) -> Path:
        """Where programs of one person go."""
        (local,) = self.drive.glob("users/*/AppData/Local")
        return local / "Programs" / "RepairCenter"

    def running(self) -> list[int]:
        """The processes of the program in this Windows."""
        mark, found = f"WINEPREFIX={self.drive.parent}".encode(), []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (
                    b"repaircenter.exe" in (process / "cmdline").read_bytes()
                    and mark in (process / "environ").read_bytes()
                ):
                    found.append(int(process.name))
        return found

    def shortcuts(self) -> list[Path]:
        """The entry of the start menu."""
        places = self.drive.glob("users/*/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/RepairCenter.lnk")
        return list(places)

    def close(self) -> None:
        subprocess.run(["wineserver", "-k"], env=self._environment, check=False)


class Native(Wine):
    """The Windows this runs on. Never run so far: there was none."""

    def __init__(self) -> None:
        self._environment = dict(os.environ)

    def run(self, *words: str, seconds: float = 120) -> str:
        done = subprocess.run(words, capture_output=True, text=True, timeout=seconds, check=False)
        return done.stdout

    def execute(self, *words: str) -> None:
        subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, check=True)

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def home(self) -> Path:
        return Path(os.environ["LOCALAPPDATA"]) / "Programs" / "RepairCenter"

    def running(self) -> list[int]:
        listed = self.run("tasklist", "/FI", "IMAGENAME eq repaircenter.exe", "/FO", "CSV", "/NH")
        return [int(line.split('","')[1]) for line in listed.splitlines() if line.startswith('"')]

    def shortcuts(self) -> list[Path]:
        path = Path(os.environ["APPDATA"]) / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "RepairCenter.lnk"
        return [path] if path.exists() else []

    def close(self) -> None:
        pass


@pytest.fixture
def wine(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Wine]:
    if REAL:
        native = Native()
        if native.registered(UNINSTALL, "DisplayVersion") or native.running():
            pytest.skip("RepairCenter is installed here")
        yield native
        return
    found = Wine(tmp_path / "wine", request.getfixturevalue("screen"))
    found.run("wineboot", "-i", seconds=240)
    yield found
    found.close()


def payload(folder: Path, *names: str) -> Path:
    """A folder as PyInstaller leaves one, with a program that runs and does nothing."""
    (folder / "_internal" / "sub").mkdir(parents=True)
    script = folder.parent / "stand-in.nsi"
    script.write_text(_STAND_IN.format(out=folder / "repaircenter.exe"), "utf-8")
    subprocess.run(["makensis", "-V1", str(script)], check=True)
    for name in names:
        (folder / name).write_text(name, "utf-8")
    return folder


def test_install_upgrade_and_uninstall(wine: Wine, tmp_path: Path) -> None:
    first = packages.setup_program(payload(tmp_path / "one", "_internal/old.dll", "_internal/sub/é.txt"), "0.0.8")
    options = (r"/FOLDER=\\srv\ems été", "/SERVICE=https://s.example", "/LANGUAGE=fr", "/RULE=delivery", "/AUTOSTART")
    wine.execute(str(first), "/S", *options)
    home = wine.home()
    until((home / "uninstall.exe").exists, 60, "it was not installed")
    assert {p.relative_to(home).as_posix() for p in home.rglob("*") if p.is_file()} == {
        "repaircenter.exe", "_internal/old.dll", "_internal/sub/é.txt", "uninstall.exe", preset.NAME,
    }  # fmt: skip
    assert preset.read(home / preset.NAME) == Preset("https://s.example", r"\\srv\ems été", "fr", "delivery")
    assert wine.registered(UNINSTALL, "DisplayVersion") == "0.0.8"
    assert wine.registered(RUN, "RepairCenter").endswith(r'\RepairCenter\repaircenter.exe" desk --tray')
    assert wine.holds(ENDING, "RepairCenter.Estimate"), "an estimate may be opened with it"
    assert wine.run("reg", "query", OPENS, "/ve").strip().endswith(r'\repaircenter.exe" desk "%1"')
    assert wine.shortcuts()
    # Upgrade, silent, under the running program.
    desk = wine.start(str(home / "repaircenter.exe"))
    until(wine.running, 60, "it does not run")
    second = packages.setup_program(payload(tmp_path / "two", "_internal/new.dll"), "0.0.9")
    wine.execute(str(second), "/S")
    assert desk.wait(30) is not None, "the old program was ended"
    assert wine.registered(UNINSTALL, "DisplayVersion") == "0.0.9"
    assert (home / "_internal/new.dll").exists() and not (home / "_internal/old.dll").exists()
    assert not (home / "_internal/sub").exists(), "what the new version does not have is gone"
    assert preset.read(home / preset.NAME).language == "fr" and wine.registered(RUN, "RepairCenter")
    until(wine.running, 60, "whoever used it has it again")
    # Uninstall: what is not ours stays.
    (home / "notes.txt").write_text("mine", "utf-8")
    wine.execute(str(home / "uninstall.exe"), "/S")
    until(lambda: not (home / "uninstall.exe").exists(), 60, "it was not removed")
    assert [p.name for p in home.rglob("*")] == ["notes.txt"]
    assert not wine.holds(ENDING, "RepairCenter.Estimate") and "desk" not in wine.run("reg", "query", OPENS, "/ve")
    assert not wine.registered(UNINSTALL, "DisplayVersion") and not wine.registered(RUN, "RepairCenter")
    assert not wine.shortcuts()
    assert wine.running() == []
    for path in (first, second):
        path.unlink()
