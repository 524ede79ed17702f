"""`python dev.py windows`: the places that differ on Windows (docs/windows.md). Elsewhere their code runs on fakes."""

import importlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest

from repaircenter.share import files
from repaircenter.share.doorbell import Doorbell

REAL = sys.platform == "win32"
if not REAL:
    from tests.fakes.windows import Windows, code_for_windows

# What others let us do with a file they have open: nothing, or read, write and delete.
NOTHING, EVERYTHING = 0, 7


class Machine:
    """Windows, or what stands for it here."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        self.fake = None if REAL else Windows()

    def code(self, name: str) -> Any:
        """A module of ours as it runs on Windows; what it imports while it works is there during the test."""
        if REAL:
            return importlib.import_module(name)
        assert self.fake is not None
        for module, fake in self.fake.modules.items():
            if module != "ctypes":
                self._patch.setitem(sys.modules, module, fake)
        self._patch.setattr(sys, "platform", "win32")
        self._patch.setattr(os, "O_BINARY", 0x8000, raising=False)
        loaded = type("Loaded", (), {})()
        vars(loaded).update(code_for_windows(name, self.fake))
        return loaded

    @contextmanager
    def held(self, path: Path, allowed: int) -> Iterator[None]:
        """An estimating system has the file open for writing, and lets others do so much."""
        if self.fake is not None:
            self.fake.held[str(path)] = allowed
            yield
            del self.fake.held[str(path)]
            return
        import ctypes

        create = ctypes.WinDLL("kernel32").CreateFileW  # type: ignore[attr-defined, unused-ignore]
        create.restype = ctypes.c_void_p
        handle = create(str(path), 0x40000000, allowed, None, 3, 0, None)
        assert handle not in (None, ctypes.c_void_p(-1).value)
        try:
            yield
        finally:
            ctypes.WinDLL("kernel32").CloseHandle(ctypes.c_void_p(handle))  # type: ignore[attr-defined, unused-ignore]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


def test_a_file_is_read_while_its_writer_has_it_open(machine: Machine, tmp_path: Path) -> None:
    """share/opening.py: nobody is in our way, and we are in nobody's."""
    opening, path = machine.code("repaircenter.share.opening"), tmp_path / "5e1f0001.env"
    path.write_bytes(b"table")
    with machine.held(path, EVERYTHING):
        handle = opening.open_shared(path)
        try:
            assert os.read(handle, 10) == b"table"
            path.rename(tmp_path / "renamed.env")
            (tmp_path / "renamed.env").rename(path)
        finally:
            os.close(handle)


def test_a_file_that_is_held_is_busy_and_one_that_is_gone_is_missing(machine: Machine, tmp_path: Path) -> None:
    """share/opening.py: the two errors the reader tells apart."""
    opening, path = machine.code("repaircenter.share.opening"), tmp_path / "5e1f0001.env"
    path.write_bytes(b"table")
    with machine.held(path, NOTHING), pytest.raises(PermissionError):
        opening.open_shared(path)
    with pytest.raises(FileNotFoundError):
        opening.open_shared(tmp_path / "gone.env")


def test_a_lock_is_held_once_and_free_again(machine: Machine, tmp_path: Path) -> None:
    """runtime/locks.py"""
    locks = machine.code("repaircenter.runtime.locks")
    first, second = locks.FileLock(tmp_path / "a.lock"), locks.FileLock(tmp_path / "a.lock")
    assert first.acquire() and not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


def test_a_second_start_reaches_the_first_by_a_pipe(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """assembly/instance.py"""
    if not REAL:
        from multiprocessing import connection

        listener, client = connection.Listener, connection.Client

        def place(address: str) -> str:
            assert address.startswith("\\\\.\\pipe\\repaircenter-")
            return str(tmp_path / address.rpartition("\\")[2][-8:])

        monkeypatch.setattr(connection, "Listener", lambda at, **more: listener(place(at), **more))
        monkeypatch.setattr(connection, "Client", lambda at, **more: client(place(at), **more))
    code = machine.code("repaircenter.assembly.instance")
    first, second = code.Instance(tmp_path), code.Instance(tmp_path)
    first.serve(lambda command: f"did {command}")
    try:
        assert second.ask("raise", 5.0) == "did raise"
    finally:
        first.release()
    assert second.ask("raise", 1.0) is None


def test_secrets_go_into_the_credential_manager(machine: Machine, tmp_path: Path) -> None:
    """uplink/secrets.py"""
    secrets = machine.code("repaircenter.uplink.secrets")
    kept = secrets.choose(tmp_path)
    assert type(kept).__name__ == "KeyringSecrets" and not list(tmp_path.iterdir())
    name = "test of RepairCenter"
    kept.put(name, "écrit")
    try:
        assert secrets.choose(tmp_path).get(name) == "écrit"
    finally:
        kept.delete(name)
    assert kept.get(name) is None
    kept.delete(name)


def test_the_desk_imports_nothing_that_windows_does_not_have() -> None:
    """central/db/embedded.py and everything else: modules of Unix are imported where they are used, if at all."""
    program = """
import sys
for name in ("pwd", "grp", "fcntl", "termios", "resource", "readline", "syslog", "posix_ipc"):
    sys.modules[name] = None
import importlib, pkgutil
import repaircenter
for module in pkgutil.walk_packages(repaircenter.__path__, "repaircenter."):
    if ".migrations." not in module.name and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print("all")
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False)
    assert done.stdout.strip() == "all", done.stderr[-2000:]


def test_mapped_letters_and_names_of_the_network_are_shares(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """share/places.py"""
    if machine.fake is not None:
        machine.fake.remote.add("Z:\\")
    places = machine.code("repaircenter.share.places")
    assert places.is_share(Path("\\\\srv\\ems"))
    assert str(places.local_path("smb://srv/ems/Nord")) == "\\\\srv\\ems\\Nord"
    if machine.fake is None:
        assert not places.is_share(Path("C:\\Windows"))
        return
    # A path of this system has no drive letter; the letter is what is asked about.
    names = places.is_share.__globals__
    monkeypatch.setitem(names, "Path", PureWindowsPath)
    assert places._is_mapped(PureWindowsPath("Z:\\ems")) and not places._is_mapped(PureWindowsPath("C:\\ems"))
    assert places.connected_shares(lambda: "", names["_session_shares"]) == [PureWindowsPath("Z:\\")]


def test_a_listing_holds_size_and_time_and_survives_strange_names(tmp_path: Path) -> None:
    """share/files.py: names may hold half of a pair of surrogates."""
    (tmp_path / "5e1f0001.env").write_bytes(b"12345")
    (tmp_path / "bad\udcff.env").write_bytes(b"1")
    listing = files.look(tmp_path)
    assert listing["5e1f0001.env"].size_bytes == 5 and len(listing) == 2
    assert listing["5e1f0001.env"].mtime_ns == (tmp_path / "5e1f0001.env").stat().st_mtime_ns
    assert files.look(tmp_path, listing) == listing


def test_the_doorbell_rings_for_a_new_export_and_holds_nothing(tmp_path: Path) -> None:
    """share/doorbell.py: the handle of the folder must not keep anybody from working in it."""
    rings: list[float] = []
    folder = tmp_path / "export"
    folder.mkdir()
    bell = Doorbell(lambda: rings.append(time.monotonic()))
    assert bell.hang(folder)
    try:
        (folder / "5e1f0001.env").write_bytes(b"x")
        wait(lambda: rings)
        (folder / "5e1f0001.env").rename(folder / "5e1f0002.env")
        (folder / "5e1f0002.env").unlink()
    finally:
        bell.take_down()
    folder.rename(tmp_path / "moved")


def wait(ready: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not ready():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def test_starting_with_the_session_is_a_value_of_the_run_key(machine: Machine) -> None:
    """assembly/autostart.py; a choice that is there already is not touched."""
    code = machine.code("repaircenter.assembly.autostart")
    run_key = code.RunKey(["C:\\Program Files\\RepairCenter\\repaircenter.exe", "desk", "--tray"])
    if REAL and run_key.is_on():
        pytest.skip("RepairCenter starts with this session already")
    run_key.turn(False)
    assert not run_key.is_on()
    run_key.turn(True)
    try:
        assert run_key.is_on()
        if machine.fake is not None:
            (values,) = machine.fake.registry.values()
            assert values == {"RepairCenter": '"C:\\Program Files\\RepairCenter\\repaircenter.exe" desk --tray'}
    finally:
        run_key.turn(False)
    assert not run_key.is_on()


def test_the_tray_offers_three_ways_on(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """desk/kit/tray.py; here no tray takes the icon, so only its menu can be looked at."""
    from PySide6.QtWidgets import QSystemTrayIcon

    from repaircenter.desk.kit.bridge import Background
    from repaircenter.desk.kit.desk_context import DeskContext, open_settings
    from repaircenter.desk.kit.theme import Theme
    from repaircenter.desk.kit.tray import Tray
    from repaircenter.runtime.clock import SystemClock
    from repaircenter.runtime.text import Texts

    if REAL:
        assert QSystemTrayIcon.isSystemTrayAvailable()
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    background, done = Background(), []
    context = DeskContext(Texts("fr"), Theme("light"), background, SystemClock(), open_settings(tmp_path))
    tray = Tray(context)
    tray.start(lambda: done.append("window"), lambda: done.append("scan"), lambda: done.append("quit"))
    assert tray._menu is not None and tray._icon is not None and (tray._icon.isVisible() or not REAL)
    for action in tray._menu.actions():
        assert action.text()
        action.trigger()
    assert done == ["window", "scan", "quit"]
    tray.stop()
    background.close()


def test_a_program_that_runs_cannot_be_replaced_or_is_seen_to_be(machine: Machine, tmp_path: Path) -> None:
    """assembly/replaced.py: Windows keeps the file of a running program; elsewhere the desk makes room for the new one."""
    source = Path(os.environ["SYSTEMROOT"]) / "System32" / "PING.EXE" if REAL else Path("/bin/sleep")
    program, newer = tmp_path / "program.exe", tmp_path / "newer.exe"
    for copy in (program, newer):
        copy.write_bytes(source.read_bytes())
        copy.chmod(0o755)
    is_replaced = importlib.import_module("repaircenter.assembly.replaced").Replaced(program)
    running = subprocess.Popen(
        [str(program), *(["-n", "20", "127.0.0.1"] if REAL else ["20"])], stdout=subprocess.DEVNULL
    )
    try:
        if REAL:
            with pytest.raises(PermissionError):
                newer.replace(program)
            assert not is_replaced() and not is_replaced()
        else:
            newer.replace(program)
            assert not is_replaced() and is_replaced(), "once it lies still"
    finally:
        running.kill()
        running.wait(10)


def test_the_frozen_desk_tests_itself() -> None:
    """installer/repaircenter.spec: `python dev.py build` comes first."""
    program = (
        Path(__file__).resolve().parents[2] / "dist" / "repaircenter" / ("repaircenter.exe" if REAL else "repaircenter")
    )
    if not program.exists():
        pytest.skip("no desk was frozen here (dev.py build)")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    # A program without a console writes nowhere on Windows: its exit code tells.
    done = subprocess.run([str(program), "self-test"], capture_output=True, env=environment, timeout=120, check=False)
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")
