"""What the desk may ask of this PC itself: where and how data is kept, and starting with the session."""

import subprocess
import sys
from pathlib import Path

from repaircenter.assembly.autostart import Autostart
from repaircenter.runtime.errors import EnvironmentFailure
from repaircenter.shop.model.state import StorageState
from repaircenter.shop.ports import Reader, Secrets
from repaircenter.store.local import FILE_NAME
from repaircenter.store.migrating import backups
from repaircenter.uplink.secrets import FileSecrets

# A demonstration that cannot start says so within that time.
_AT_ONCE_SECONDS = 3.0


class Device:
    """Implements shop.controls.DeviceControl. Calls may block."""

    def __init__(self, data_folder: Path, secrets: Secrets, read: Reader, autostart: Autostart | None) -> None:
        self._path = data_folder / FILE_NAME
        self._secrets = secrets
        self._read = read
        self._autostart = autostart

    def storage(self) -> StorageState:
        place = "file" if isinstance(self._secrets, FileSecrets) else "keyring"
        size = sum(part.stat().st_size for part in self._path.parent.glob(f"{FILE_NAME}*"))
        months = int(self._read.setting("keep_months") or 0)
        return StorageState(str(self._path), place, size, tuple(backups(self._path)), months)

    def starts_with_session(self) -> bool | None:
        """None where this PC gives no way to do it."""
        return None if self._autostart is None else self._autostart.is_on()

    def start_with_session(self, is_on: bool) -> None:
        """Raises EnvironmentFailure."""
        if self._autostart is not None:
            try:
                self._autostart.turn(is_on)
            except OSError:
                raise EnvironmentFailure("no_autostart") from None

    def try_sample_data(self, language: str) -> None:
        start_sample_shop(language)


def start_sample_shop(language: str) -> None:
    """Start the demonstration beside this desk: the whole product with sample data, in a window of its own.

    Raises EnvironmentFailure when it ends at once.
    """
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "repaircenter"]
    try:
        started = subprocess.Popen([*program, "demo", "--language", language], stdout=subprocess.DEVNULL)
        started.wait(_AT_ONCE_SECONDS)
    except subprocess.TimeoutExpired:
        return
    except OSError:
        raise EnvironmentFailure("no_sample_data") from None
    if started.returncode:
        raise EnvironmentFailure("no_sample_data")
