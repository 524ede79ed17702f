"""The version Windows shows of the program is the project's (issue 16). PyInstaller's own classes write it."""

import importlib
import sys
from types import ModuleType

import pytest

from installer.packages import version
from installer.version_resource import version_text


@pytest.fixture
def classes(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What PyInstaller evaluates a version file with; it reads other programs with parts that only Windows has."""
    monkeypatch.setitem(sys.modules, "pefile", ModuleType("pefile"))
    monkeypatch.setattr("PyInstaller.compat.win32api", None, raising=False)
    monkeypatch.delitem(sys.modules, "PyInstaller.utils.win32.versioninfo", raising=False)
    return vars(importlib.import_module("PyInstaller.utils.win32.versioninfo"))


@pytest.mark.parametrize(("given", "numbers"), [(version(), None), ("1.2.3", (1, 2, 3, 0)), ("4.5", (4, 5, 0, 0))])
def test_windows_reads_the_version(classes: dict[str, object], given: str, numbers: tuple[int, ...] | None) -> None:
    info = eval(version_text(given), dict(classes))
    raw = info.toRaw()
    for words in ("VS_VERSION_INFO", "ProductVersion", given, "RepairCenter", "repaircenter.exe"):
        assert words.encode("utf-16-le") in raw
    if numbers is not None:
        high, low = (numbers[0] << 16) | numbers[1], (numbers[2] << 16) | numbers[3]
        assert (info.ffi.fileVersionMS, info.ffi.fileVersionLS) == (high, low)
