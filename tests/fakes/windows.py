"""What Windows gives programs, by hand, so that the code for Windows runs here: files and sharing, locks, registry,
credentials, pipes, drive letters. On a Windows machine the tests take the real ones."""

import errno
import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

SHARING_VIOLATION, NOT_FOUND = 32, 2
_READ, _SHARE_ALL, _OPEN_EXISTING = 0x80000000, 0x7, 3
_REMOTE, _FIXED = 4, 3


class Windows:
    """`modules` are put in the place of what Python has there only. `held` are files others have open: path -> what they
    let others do; `remote` are the roots of mapped letters."""

    def __init__(self) -> None:
        self.held: dict[str, int] = {}
        self.remote: set[str] = set()
        self.registry: dict[str, dict[str, str]] = {}
        self.credentials: dict[tuple[str, str], str] = {}
        self._error = 0
        self.modules = {
            "ctypes": _module("ctypes", WinDLL=self._dll, c_void_p=_Pointer, get_last_error=lambda: self._error,
                              WinError=_win_error, windll=SimpleNamespace(kernel32=SimpleNamespace(GetDriveTypeW=self._drive))),
            "msvcrt": _module("msvcrt", open_osfhandle=lambda handle, _flags: handle, locking=_locking, LK_NBLCK=2),
            "winreg": _module("winreg", HKEY_CURRENT_USER="HKCU", KEY_SET_VALUE=2, REG_SZ=1, OpenKey=self._open_key,
                              QueryValueEx=_query, SetValueEx=_put, DeleteValue=_delete),
            "keyring.backends.Windows": _module("keyring.backends.Windows", WinVaultKeyring=self._vault()),
        }  # fmt: skip

    def _dll(self, _name: str, *, use_last_error: bool) -> SimpleNamespace:
        assert use_last_error, "the error is read afterwards"
        return SimpleNamespace(CreateFileW=_Function(self._create_file))

    def _create_file(
        self, path: str, access: int, share: int, _sec: None, how: int, _flags: int, _template: None
    ) -> int:
        assert (access, how) == (_READ, _OPEN_EXISTING)
        # Others have it open: they must allow reading, and we must allow what they do (write, delete).
        allowed = self.held.get(path)
        if allowed == 0 or (allowed is not None and share != _SHARE_ALL):
            self._error = SHARING_VIOLATION
            return _Pointer(-1).value
        try:
            return os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            self._error = NOT_FOUND
            return _Pointer(-1).value

    def _drive(self, root: str) -> int:
        return _REMOTE if root in self.remote else _FIXED

    @contextmanager
    def _open_key(self, root: str, path: str, _reserved: int = 0, _access: int = 1) -> Iterator[dict[str, str]]:
        yield self.registry.setdefault(f"{root}\\{path}", {})

    def _vault(self) -> type:
        kept = self.credentials

        class WinVaultKeyring:
            priority = 5.0

            def get_password(self, service: str, name: str) -> str | None:
                return kept.get((service, name))

            def set_password(self, service: str, name: str, value: str) -> None:
                kept[service, name] = value

            def delete_password(self, service: str, name: str) -> None:
                del kept[service, name]

        return WinVaultKeyring


class _Pointer:
    def __init__(self, value: int) -> None:
        self.value = value % 2**64


class _Function:
    """A function of a library: called, and told what it returns."""

    restype: Any = None

    def __init__(self, call: Callable[..., int]) -> None:
        self._call = call

    def __call__(self, *arguments: Any) -> int:
        assert self.restype is _Pointer, "a handle would be cut to 32 bits"
        return self._call(*arguments)


def _module(name: str, **members: Any) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(members)
    return module


def _win_error(code: int) -> OSError:
    number = {SHARING_VIOLATION: errno.EACCES, NOT_FOUND: errno.ENOENT}[code]
    return OSError(number, os.strerror(number))


def _locking(handle: int, _mode: int, count: int) -> None:
    assert count == 1
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _query(key: dict[str, str], name: str) -> tuple[str, int]:
    if name not in key:
        raise FileNotFoundError(name)
    return key[name], 1


def _put(key: dict[str, str], name: str, _reserved: int, kind: int, value: str) -> None:
    assert kind == 1, "text"
    key[name] = value


def _delete(key: dict[str, str], name: str) -> None:
    del key[name]


def code_for_windows(name: str, windows: Windows) -> dict[str, Any]:
    """The names of a module of ours as Windows would run it, beside the one that runs here."""
    path = Path(__file__).resolve().parents[2].joinpath(*name.split(".")).with_suffix(".py")
    kept = {module: sys.modules.get(module) for module in windows.modules}
    platform, sys.platform = sys.platform, "win32"
    sys.modules.update(windows.modules)
    try:
        names = {"__name__": f"{name}__for_windows", "__file__": str(path)}
        exec(compile(path.read_text("utf-8"), str(path), "exec"), names)
    finally:
        sys.platform = platform
        for module, before in kept.items():
            if before is None:
                del sys.modules[module]
            else:
                sys.modules[module] = before
    return names
