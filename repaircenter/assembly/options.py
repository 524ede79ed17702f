"""What a start of the shop's side is told; light, because it is read before the first paint."""

from dataclasses import dataclass
from pathlib import Path

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


def default_data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("RepairCenter", appauthor=False)
