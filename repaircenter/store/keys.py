"""The key of the store (DESIGN 3.4): made only when no store file exists, read back before the first row.

Store present but key absent, wrong, locked or timed out: nothing is created or overwritten.
"""

import base64
import hashlib
import secrets
from pathlib import Path

from repaircenter.runtime.errors import KeyTrouble, KnownError
from repaircenter.shop.ports import Secrets
from repaircenter.store.engine import StoreDamaged, WrongKey, open_engine
from repaircenter.store.local import LocalStore, open_store
from repaircenter.store.migrating import go_back, name_aside


class KeyMissing(KeyTrouble):
    """There is a store, but no key for it on this PC."""


class KeyNotKept(KnownError):
    """A new key could not be read back from where it was put."""


def key_name(path: Path) -> str:
    """The name under which the key of this store file is kept."""
    return "store-key-" + hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]


def kept_recovery_code(path: Path, kept: Secrets) -> str:
    """The recovery code of a store that was just opened."""
    key = kept.get(key_name(path))
    assert key is not None
    return recovery_code(key)


def open_with_kept_key(path: Path, kept: Secrets) -> LocalStore:
    """Open the store with the key in `kept`, or make both when there is no store file yet.

    Raises KeyMissing, WrongKey, KeyNotKept, and what `kept` raises when it is locked or does not answer.
    """
    name = key_name(path)
    key = kept.get(name)
    if key is None:
        if path.exists():
            raise KeyMissing("key_missing")
        key = secrets.token_hex(32)
        kept.put(name, key)
        if kept.get(name) != key:
            raise KeyNotKept("key_not_kept")
    return open_store(path, key)


def go_back_with_kept_key(path: Path, kept: Secrets) -> None:
    """Put the backup from before a newer program's migration in the store's place.

    Raises KeyMissing, WrongKey, StoreDamaged when the backup is not whole, or EnvironmentFailure; nothing is changed then.
    """
    key = kept.get(key_name(path))
    if key is None:
        raise KeyMissing("key_missing")

    def check(copied: Path) -> None:
        if not copied.stat().st_size:
            raise StoreDamaged("no_backup")  # it would be opened as a new store
        try:
            store = open_store(copied, key)
        except KnownError:
            raise StoreDamaged("no_backup") from None
        try:
            store.check()
        except StoreDamaged:
            raise StoreDamaged("no_backup") from None
        finally:
            store.close()

    go_back(path, open_engine(path, key), check)


def recovery_code(key_hex: str) -> str:
    """The key as groups of letters and digits a person can print and type, with two check characters."""
    raw = bytes.fromhex(key_hex)
    text = base64.b32encode(raw + hashlib.sha256(raw).digest()[:3]).decode().rstrip("=")
    return "-".join(text[at : at + 7] for at in range(0, len(text), 7))


def key_from_recovery(code: str) -> str:
    """The key a recovery code stands for; any case and spacing. Raises WrongKey for a mistyped one."""
    text = "".join(char for char in code.upper() if char.isalnum())
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        raw = b""
    if len(raw) != 35 or hashlib.sha256(raw[:32]).digest()[:3] != raw[32:]:
        raise WrongKey("not_a_code")
    return raw[:32].hex()


def recover(path: Path, code: str, kept: Secrets) -> LocalStore:
    """Open the store with a recovery code; only when it fits is the key put back into `kept`.

    Raises WrongKey for the code of another store, StoreDamaged when this PC has the right key and it opens nothing.
    """
    key, name = key_from_recovery(code), key_name(path)
    if not path.exists():
        raise KeyMissing("no_store")
    try:
        store = open_store(path, key)
    except WrongKey:
        if kept.get(name) == key:
            raise StoreDamaged("damaged") from None
        raise WrongKey("wrong_code") from None
    kept.put(name, key)
    return store


def set_aside(path: Path) -> Path | None:
    """Keep an old store under another name so that a new one can be started; jobs come back from the share."""
    if not path.exists():
        return None
    kept = name_aside(path)
    for suffix in ("-wal", "-shm"):
        side = path.with_name(path.name + suffix)
        if side.exists():
            side.rename(kept.with_name(kept.name + suffix))
    path.rename(kept)
    return kept
