"""The key table: {file, no file} x {key, none, wrong, locked, no backend}; nothing is ever overwritten (DESIGN 3.4)."""

import errno
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from repaircenter.runtime.errors import EnvironmentFailure, KeyTrouble, KnownError
from repaircenter.store import keys, migrating, tables
from repaircenter.store.engine import StoreDamaged, WrongKey, open_engine
from repaircenter.uplink.secrets import FileSecrets, SecretsLocked, _within_limit, choose
from tests.fakes.secrets import ForgetfulSecrets, LockedSecrets, MemorySecrets, MissingSecrets


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def kept(path: Path) -> MemorySecrets:
    """A store that was made, and the keyring that holds its key."""
    secrets = MemorySecrets()
    keys.open_with_kept_key(path, secrets).close()
    return secrets


def newer(path: Path, kept: MemorySecrets) -> bytes:
    """The store as a newer program leaves it: upgraded after a copy of it as it was; return its bytes."""
    store = keys.open_with_kept_key(path, kept)
    with store.write() as uow:
        uow.settings.put("of", "the older program")
    store.close()
    engine = open_engine(path, kept.values[keys.key_name(path)])
    migrating._back_up(engine, path, tables.REVISION)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '7777'"))
        connection.execute(text("UPDATE setting SET value = 'the newer program' WHERE key = 'of'"))
    engine.dispose()
    return path.read_bytes()


def test_the_backup_of_before_a_newer_program_is_opened_and_the_newer_store_kept(
    path: Path, kept: MemorySecrets
) -> None:
    """Issue 16: refused first, then back to what this program can open."""
    assert migrating.backup_of_this_program(path) is None
    upgraded = newer(path, kept)
    with pytest.raises(migrating.NewerStore):
        keys.open_with_kept_key(path, kept)
    assert migrating.backup_of_this_program(path) is not None
    keys.go_back_with_kept_key(path, kept)
    store = keys.open_with_kept_key(path, kept)
    assert store.read.setting("of") == "the older program"
    store.check()
    store.close()
    kept_newer = path.with_name("store-before-return-1.backup")
    assert kept_newer.read_bytes() == upgraded
    assert sorted(p.name for p in path.parent.glob("*.*ing")) == []
    migrating.age_backups(path, datetime.now(UTC) + timedelta(days=31))
    assert not kept_newer.exists(), "it holds what was erased meanwhile no longer than other backups"


def test_a_kill_while_going_back_leaves_one_whole_store(
    path: Path, kept: MemorySecrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded = newer(path, kept)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        keys.go_back_with_kept_key(path, kept)
    monkeypatch.undo()
    assert path.read_bytes() == upgraded, "the newer store is in its place"
    keys.go_back_with_kept_key(path, kept)
    keys.open_with_kept_key(path, kept).close()


def test_a_backup_that_is_not_whole_is_not_put_back(path: Path, kept: MemorySecrets) -> None:
    upgraded = newer(path, kept)
    (backup,) = path.parent.glob("*.backup")
    whole = backup.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:-4096] + bytes(4096), b""):
        backup.write_bytes(damaged)
        with pytest.raises(StoreDamaged, match="nothing was changed"):
            keys.go_back_with_kept_key(path, kept)
        assert path.read_bytes() == upgraded
        assert sorted(p.name for p in path.parent.iterdir() if p.suffix in (".restoring", ".keeping")) == []


def test_a_full_disk_is_said_and_nothing_is_put_back(
    path: Path, kept: MemorySecrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded = newer(path, kept)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(migrating, "_copy", full)
    with pytest.raises(EnvironmentFailure, match="disk of this PC is full"):
        keys.go_back_with_kept_key(path, kept)
    assert path.read_bytes() == upgraded


def test_without_its_key_nothing_is_put_back(path: Path, kept: MemorySecrets) -> None:
    upgraded = newer(path, kept)
    with pytest.raises(keys.KeyMissing):
        keys.go_back_with_kept_key(path, MemorySecrets())
    assert path.read_bytes() == upgraded


def refused(path: Path, secrets: MemorySecrets) -> str:
    """The one sentence; the folder is as it was."""
    before = {p.name: p.read_bytes() for p in path.parent.iterdir()}
    values = dict(secrets.values)
    with pytest.raises(KnownError) as caught:
        keys.open_with_kept_key(path, secrets)
    after = {p.name: p.read_bytes() for p in path.parent.iterdir() if not p.name.endswith(("-wal", "-shm"))}
    assert after == {name: data for name, data in before.items() if not name.endswith(("-wal", "-shm"))}
    assert secrets.values == values
    sentence = str(caught.value)
    assert sentence.endswith((".", ")")) and "\n" not in sentence
    return sentence


def test_no_file_and_no_key_makes_both_and_reads_the_key_back(path: Path) -> None:
    secrets = MemorySecrets()
    keys.open_with_kept_key(path, secrets).close()
    assert path.exists() and len(secrets.values) == 1
    keys.open_with_kept_key(path, secrets).close()


def test_no_file_with_a_key_uses_that_key(path: Path, kept: MemorySecrets) -> None:
    path.unlink()
    before = dict(kept.values)
    keys.open_with_kept_key(path, kept).close()
    assert kept.values == before


def test_file_with_key_opens(path: Path, kept: MemorySecrets) -> None:
    keys.open_with_kept_key(path, kept).close()


def test_file_without_key_is_refused(path: Path, kept: MemorySecrets) -> None:
    assert "recovery code" in refused(path, MemorySecrets())


def test_file_with_a_wrong_key_is_refused(path: Path, kept: MemorySecrets) -> None:
    wrong = MemorySecrets()
    wrong.values = {keys.key_name(path): "ab" * 32}
    assert "does not open" in refused(path, wrong)


@pytest.mark.parametrize("there", [True, False], ids=["file", "no file"])
@pytest.mark.parametrize("secrets", [LockedSecrets(), MissingSecrets()], ids=["locked", "no backend"])
def test_locked_and_missing_keyrings_are_refused(path: Path, there: bool, secrets: MemorySecrets) -> None:
    if there:
        keys.open_with_kept_key(path, MemorySecrets()).close()
    refused(path, secrets)
    assert path.exists() is there


def test_a_key_that_is_not_kept_makes_no_store(path: Path) -> None:
    with pytest.raises(keys.KeyNotKept):
        keys.open_with_kept_key(path, ForgetfulSecrets())
    assert not path.exists()


def test_the_recovery_code_opens_and_puts_the_key_back(path: Path, kept: MemorySecrets) -> None:
    code = keys.recovery_code(next(iter(kept.values.values())))
    fresh = MemorySecrets()
    keys.recover(path, code.lower().replace("-", " "), fresh).close()
    assert fresh.values == kept.values


def test_a_mistyped_recovery_code_changes_nothing(path: Path, kept: MemorySecrets) -> None:
    code = keys.recovery_code("ab" * 32)
    wrong = ("B" if code[0] != "B" else "C") + code[1:]
    fresh = MemorySecrets()
    for typed in (wrong, "nonsense", "", keys.recovery_code("cd" * 32)):
        with pytest.raises(WrongKey):
            keys.recover(path, typed, fresh)
    assert fresh.values == {}


def broken(path: Path, at: int, size: int = 64) -> None:
    data = bytearray(path.read_bytes())
    data[at : at + size] = b"\xff" * size
    path.write_bytes(data)


@pytest.mark.parametrize("at", [0, 100, 2000])
def test_a_damaged_first_page_offers_code_and_new_store_and_the_code_says_which(
    path: Path, kept: MemorySecrets, at: int
) -> None:
    broken(path, at)
    assert "damaged, or another PC’s" in refused(path, kept)
    with pytest.raises(StoreDamaged, match="start a new one"):
        keys.recover(path, keys.kept_recovery_code(path, kept), kept)
    with pytest.raises(WrongKey, match="the code is another’s"):
        keys.recover(path, keys.recovery_code("cd" * 32), kept)
    assert keys.set_aside(path) is not None
    keys.open_with_kept_key(path, kept).close()


@pytest.mark.parametrize("kind", ["half", "rubbish", "another database"])
def test_a_file_that_is_no_store_is_one_sentence(path: Path, kept: MemorySecrets, kind: str) -> None:
    data = path.read_bytes()
    whole = {
        "half": data[: len(data) // 2],
        "rubbish": b"x" * 20_000,
        "another database": b"SQLite format 3\0" + b"\0" * 4080,
    }
    path.write_bytes(whole[kind])
    assert "does not open" in refused(path, kept)


def test_damage_anywhere_is_found_when_the_store_is_checked(path: Path, kept: MemorySecrets) -> None:
    """Each page of tables, indexes and long values; a store that opens is whole."""
    store = keys.open_with_kept_key(path, kept)
    with store.write() as uow:
        uow.settings.put("x", "y" * 50_000)
    store.check()
    store.close()
    whole = path.read_bytes()
    for page in range(1, len(whole) // 4096):
        path.write_bytes(whole)
        for side in ("-wal", "-shm"):
            path.with_name(path.name + side).unlink(missing_ok=True)
        broken(path, page * 4096 + 200)
        with pytest.raises(KeyTrouble, match="damaged"):
            opened = keys.open_with_kept_key(path, kept)
            try:
                opened.check()
            finally:
                opened.close()


def test_damage_met_while_working_is_one_sentence(path: Path, kept: MemorySecrets) -> None:
    store = keys.open_with_kept_key(path, kept)
    with store.write() as uow:
        for number in range(2000):
            uow.settings.put(f"x{number}", "y" * 100)
    store.close()
    pages = path.stat().st_size // 4096
    for page in range(pages // 2, pages):
        broken(path, page * 4096 + 200)
    opened = keys.open_with_kept_key(path, kept)
    with pytest.raises(EnvironmentFailure, match="start a new one"):
        for number in range(2000):
            opened.read.setting(f"x{number}")
    opened.close()


def test_a_new_store_keeps_the_old_file(path: Path, kept: MemorySecrets) -> None:
    old = path.read_bytes()
    aside = keys.set_aside(path)
    assert aside is not None and aside.read_bytes() == old and not path.exists()


def test_without_a_keyring_keys_go_into_a_file_only_its_owner_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    chosen = choose(tmp_path)
    assert isinstance(chosen, FileSecrets) and chosen.warning
    chosen.put("name", "value")
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert FileSecrets(tmp_path / "keys.json").get("name") == "value"
    chosen.delete("name")
    assert chosen.get("name") is None


def test_a_damaged_key_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{ rubbish")
    with pytest.raises(SecretsLocked):
        FileSecrets(tmp_path / "keys.json").put("name", "value")
    assert (tmp_path / "keys.json").read_text() == "{ rubbish"


def test_a_keyring_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    import threading

    release = threading.Event()
    with pytest.raises(SecretsLocked):
        _within_limit(release.wait, 0.05)
    release.set()
