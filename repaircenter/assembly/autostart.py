"""Starting the desk with the person's session (DESIGN 3.20): one small class a platform."""

import platform
import shlex
import sys
from pathlib import Path
from typing import Protocol


class Autostart(Protocol):
    """Whether RepairCenter starts with the session of this person."""

    def is_on(self) -> bool: ...

    def turn(self, on: bool) -> None: ...


class DesktopFile:
    """Linux: a file in the autostart folder of the freedesktop specification."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        self._path = folder / "repaircenter.desktop"
        self._command = command

    def is_on(self) -> bool:
        return self._path.exists()

    def turn(self, on: bool) -> None:
        if not on:
            self._path.unlink(missing_ok=True)
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        line = shlex.join(self._command).replace("%", "%%")
        self._path.write_text(
            f"[Desktop Entry]\nType=Application\nName=RepairCenter\nExec={line}\nTerminal=false\n", "utf-8"
        )


class RunKey:
    """Windows: a value of the person's own Run key (never run on this platform here: docs/windows.md)."""

    _KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"

    def __init__(self, command: list[str]) -> None:
        self._command = command

    def is_on(self) -> bool:
        import winreg  # type: ignore[import-not-found,unused-ignore]

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, self._KEY) as key:  # type: ignore[attr-defined,unused-ignore]
                winreg.QueryValueEx(key, "RepairCenter")  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

    def turn(self, on: bool) -> None:
        import subprocess
        import winreg  # type: ignore[import-not-found,unused-ignore]

        access = winreg.KEY_SET_VALUE  # type: ignore[attr-defined,unused-ignore]
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, self._KEY, 0, access) as key:  # type: ignore[attr-defined,unused-ignore]
            if on:
                line = subprocess.list2cmdline(self._command)
                winreg.SetValueEx(key, "RepairCenter", 0, winreg.REG_SZ, line)  # type: ignore[attr-defined,unused-ignore]
            elif self.is_on():
                winreg.DeleteValue(key, "RepairCenter")  # type: ignore[attr-defined,unused-ignore]


def for_this_platform(data_folder: Path) -> Autostart | None:
    """None where RepairCenter does not know how."""
    frozen = getattr(sys, "frozen", False)
    command = [sys.executable] if frozen else [sys.executable, "-m", "repaircenter"]
    command += ["desk", "--tray", "--data", str(data_folder.absolute())]
    if platform.system() == "Windows":
        return RunKey(command)
    if platform.system() == "Linux":
        from platformdirs import user_config_path

        return DesktopFile(user_config_path() / "autostart", command)
    return None
