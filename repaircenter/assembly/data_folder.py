"""The folder in which one PC keeps its data: the store, its key, and the names of its credentials."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from repaircenter.shop.ports import Secrets
from repaircenter.store import keys
from repaircenter.store.local import FILE_NAME, LocalStore, refuse_share
from repaircenter.store.migrating import backup_of_this_program
from repaircenter.uplink.secrets import choose


@dataclass(frozen=True, slots=True)
class DataFolder:
    """`secrets_in_file` keeps the key in the folder (the demo, whose world ends with it)."""

    path: Path
    secrets_in_file: bool = False

    @property
    def store_path(self) -> Path:
        return self.path / FILE_NAME

    def secrets(self) -> Secrets:
        """Return where the key and credentials of this folder are kept."""
        return choose(self.path, in_file=self.secrets_in_file)

    def prepare(self) -> None:
        """Make the folder. Raises NotLocal on a share."""
        refuse_share(self.path)
        self.path.mkdir(parents=True, exist_ok=True)

    def open_store(self, secrets: Secrets) -> LocalStore:
        """Open the store, or make one. Raises KeyTrouble, StoreDamaged or another KnownError."""
        return keys.open_with_kept_key(self.store_path, secrets)

    def recovery_code(self, secrets: Secrets) -> str:
        """Return the code that opens this PC's store should its key be lost."""
        return keys.kept_recovery_code(self.store_path, secrets)

    def recover(self, code: str) -> None:
        """Put the key a recovery code stands for back in its place. Raises KnownError; nothing is changed then."""
        keys.recover(self.store_path, code, self.secrets()).close()

    def backup(self) -> datetime | None:
        """When the store of a newer program was last one this program can open; None without a backup of then."""
        return backup_of_this_program(self.store_path)

    def go_back(self) -> None:
        """Put that backup in the store's place; the newer one is kept. Raises KnownError."""
        keys.go_back_with_kept_key(self.store_path, self.secrets())

    def set_store_aside(self) -> None:
        """Keep the store under another name; the next opening makes a new one."""
        keys.set_aside(self.store_path)
        self.secrets().delete(keys.key_name(self.store_path))

    def name_of(self, credential: str) -> str:
        """Return the name under which a credential of this folder is kept."""
        return f"{credential}-" + hashlib.sha256(str(self.path.resolve()).encode()).hexdigest()[:12]
