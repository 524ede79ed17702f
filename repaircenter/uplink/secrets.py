"""Where secrets are kept (DESIGN 3.4, tech.md 6): the OS keyring, else a key file of mode 0600 and a warning.

Backends are named, never discovered. Every call has 5 s, on a thread of its own, because a locked keyring may wait.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from repaircenter.runtime.errors import EnvironmentFailure

SERVICE = "RepairCenter"
LIMIT_SECONDS = 5.0
T = TypeVar("T")


class SecretsLocked(EnvironmentFailure):
    """The keyring is locked or does not answer; nothing may be made or overwritten."""


class NoSecretStore(EnvironmentFailure):
    """There is no keyring on this machine."""


def _within_limit(call: Callable[[], T], limit_seconds: float = LIMIT_SECONDS) -> T:
    """The call's result; SecretsLocked when it takes longer than the limit."""
    result: list[T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            result.append(call())
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(limit_seconds)
    if failure:
        raise failure[0]
    if not result:
        raise SecretsLocked("silent")
    return result[0]


class KeyringSecrets:
    """The OS keyring through one named backend."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def get(self, name: str) -> str | None:
        value: str | None = self._call(lambda: self._backend.get_password(SERVICE, name))
        return value

    def put(self, name: str, value: str) -> None:
        self._call(lambda: self._backend.set_password(SERVICE, name, value))

    def delete(self, name: str) -> None:
        if self.get(name) is not None:
            self._call(lambda: self._backend.delete_password(SERVICE, name))

    @staticmethod
    def _call(call: Callable[[], T]) -> T:
        import keyring.errors

        try:
            return _within_limit(call)
        except keyring.errors.KeyringLocked:
            raise SecretsLocked("locked") from None
        except (keyring.errors.InitError, keyring.errors.NoKeyringError):
            raise NoSecretStore("no_keyring") from None


class FileSecrets:
    """A JSON file of mode 0600: only where no keyring exists, with a standing warning (`warning`)."""

    warning = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def get(self, name: str) -> str | None:
        with self._lock:
            value = self._all().get(name)
        return value if isinstance(value, str) else None

    def put(self, name: str, value: str) -> None:
        with self._lock:
            self._write({**self._all(), name: value})

    def delete(self, name: str) -> None:
        with self._lock:
            self._write({key: value for key, value in self._all().items() if key != name})

    def _all(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            raise SecretsLocked("key_file") from None
        return kept if isinstance(kept, dict) else {}

    def _write(self, values: dict[str, Any]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(values, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)


class NoSecrets:
    """Keeps nothing: for a program that signs in, does one thing and ends."""

    def get(self, name: str) -> str | None:
        return None

    def put(self, name: str, value: str) -> None: ...

    def delete(self, name: str) -> None: ...


def choose(data_folder: Path, *, in_file: bool = False) -> KeyringSecrets | FileSecrets:
    """The keyring of this platform when it has one, else the key file of the data folder.

    A key file that exists is used again, so that a keyring which appears later does not hide it. `in_file` asks for
    the file (the demo, whose world ends with its folder).
    """
    path = data_folder / "keys.json"
    if in_file or path.exists():
        return FileSecrets(path)
    backend = _platform_backend()
    return FileSecrets(path) if backend is None else KeyringSecrets(backend)


def _platform_backend() -> Any:
    """WinVault on Windows, the login keychain on macOS, Secret Service elsewhere; None when it is not there."""
    try:
        if sys.platform == "win32":
            from keyring.backends.Windows import WinVaultKeyring as Backend
        elif sys.platform == "darwin":
            from keyring.backends.macOS import Keyring as Backend
        else:
            if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
                return None
            from keyring.backends.SecretService import Keyring as Backend
        factory: Any = Backend
        _within_limit(lambda: factory.priority)  # raises RuntimeError where the backend cannot work
        return factory()
    except (ImportError, RuntimeError, SecretsLocked):
        return None
