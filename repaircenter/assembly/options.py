"""What a start of the shop's side is told; light, because it is read before the first paint."""

import os
from dataclasses import dataclass
from pathlib import Path

from repaircenter.runtime.errors import EnvironmentFailure, KnownError

CYCLE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ShopOptions:
    """`service` and `folder` change what the store remembers; None keeps it."""

    data_folder: Path
    service: str | None = None
    folder: Path | None = None
    quiet_seconds: float | None = None
    secrets_in_file: bool = False
    cycle_seconds: float = CYCLE_SECONDS
    # The name of the shop whose estimates lie in `folder`, where the account has several.
    shop: str | None = None
    # What the office decided for this PC (assembly/preset.py).
    preset: Path | None = None


def prepare_data_folder(folder: Path) -> None:
    """Make the data folder, for its owner only. Raises KnownError where it is on a share or cannot be written."""
    from repaircenter.share.places import is_share

    if is_share(folder.absolute()):
        raise KnownError("not_local")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.name != "nt" and folder.stat().st_uid == os.getuid():
            folder.chmod(0o700)
    except OSError as error:
        raise EnvironmentFailure("cli.data_folder", reason=error.strerror) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise EnvironmentFailure("cli.data_folder_locked")


def default_data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("RepairCenter", appauthor=False)
