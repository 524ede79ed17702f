"""Migrations (DESIGN 3.4): a connection of their own with foreign keys off, one transaction, checks before commit.

Alembic's batch mode drops and re-creates a table; with foreign keys on, the cascade silently empties its children.
"""

import errno
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text

from repaircenter.runtime.errors import EnvironmentFailure, KnownError
from repaircenter.store import search, tables

if TYPE_CHECKING:
    from alembic.config import Config

_HERE = Path(__file__).resolve().parent / "migrations"


class NewerStore(KnownError):
    """The file was written by a newer program and is not touched."""


class MigrationFailed(KnownError):
    """The checks after a migration did not hold; the file is as it was before."""


def config(versions: Path | None = None) -> "Config":
    """Alembic's configuration; `versions` adds another folder of migrations (tests)."""
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(_HERE))
    if versions is not None:
        configuration.set_main_option("path_separator", "newline")
        configuration.set_main_option("version_locations", f"{_HERE / 'versions'}\n{versions}")
    return configuration


def migrate(engine: Engine, path: Path, settings: "Config | None" = None, *, foreign_keys_off: bool = True) -> None:
    """Bring the store to the newest version; a backup file is made before an existing one is changed.

    Raises NewerStore, MigrationFailed. `foreign_keys_off=False` exists for the test that shows the loss.
    """
    current = _revision(engine)
    if settings is None and current == tables.REVISION:
        return  # nearly every start: Alembic need not be imported for it (start-up time is the reason)
    from alembic.script import ScriptDirectory

    settings = settings or config()
    script = ScriptDirectory.from_config(settings)
    if current == script.get_current_head():
        return
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise NewerStore("newer")
    if current is not None:
        _back_up(engine, path, current)
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute(f"PRAGMA foreign_keys = {'OFF' if foreign_keys_off else 'ON'}")
        try:
            with connection.begin():
                _upgrade(connection, settings, current is not None)
        finally:
            raw.execute("PRAGMA foreign_keys = ON")


def _revision(engine: Engine) -> str | None:
    """The version a store is of; None for a new one."""
    with engine.connect() as connection:
        is_versioned = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")).first()
        if is_versioned is None:
            return None
        revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return revision


def _upgrade(connection: Connection, settings: "Config", existing: bool) -> None:
    from alembic import command

    before = _row_counts(connection) if existing else {}
    if existing:
        search.drop_triggers(connection)
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
    search.rebuild(connection)
    after = _row_counts(connection)
    lost = [name for name, count in before.items() if name in after and after[name] != count]
    broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
    if lost or broken:
        raise MigrationFailed("not_migrated")


def _row_counts(connection: Connection) -> dict[str, int]:
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    skip = search.TABLES | {"alembic_version"}
    return {
        name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()
        for name in names
        if name not in skip and not name.startswith("sqlite_")
    }


# A backup is there to go back after an upgrade that went wrong; later it only holds what was blanked meanwhile.
BACKUP_LIFE = timedelta(days=30)


def backups(path: Path) -> list[tuple[str, datetime]]:
    """Names and instants of the backups that were made before migrations of a store, newest first."""
    files = [(file.name, datetime.fromtimestamp(file.stat().st_mtime, UTC)) for file in path.parent.glob(_backup(path))]
    return sorted(files, key=lambda backup: backup[1], reverse=True)


def backup_of_this_program(path: Path) -> datetime | None:
    """When a newer program copied the store as this one can open it, before it brought the store to its own version."""
    file = path.with_name(_backup(path, tables.REVISION))
    return datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.exists() else None


def go_back(path: Path, engine: Engine, check: Callable[[Path], None]) -> None:
    """Put that backup in the store's place; the newer store is kept as a backup of its own. Ends the engine.

    `check` opens the copy and raises when it is not whole; nothing is changed then. A kill leaves either the one or the
    other in its place, each whole.
    """
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        # What only its log holds would belong to no store any more.
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    restored, kept = (path.with_name(f"{path.name}.{word}") for word in ("restoring", "keeping"))
    try:
        _copy(path.with_name(_backup(path, tables.REVISION)), restored)
        check(restored)
        _copy(path, kept)
        kept.replace(_free_name(path, _backup(path, "return-{}")))
        restored.replace(path)
    except OSError as error:
        raise EnvironmentFailure("disk_full" if error.errno == errno.ENOSPC else "read_only") from None
    finally:
        for left in (restored, kept):
            left.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """Copy a file and have it on the disk."""
    with source.open("rb") as read, target.open("wb") as written:
        shutil.copyfileobj(read, written)
        written.flush()
        os.fsync(written.fileno())


def name_aside(path: Path) -> Path:
    """A name beside the store that no store has yet."""
    return _free_name(path, f"{path.stem}-old-{{}}.db")


def _free_name(path: Path, pattern: str) -> Path:
    names = (path.with_name(pattern.format(number)) for number in range(1, 1000))
    return next(name for name in names if not name.exists())


def age_backups(path: Path, now_utc: datetime) -> None:
    """Remove backups that are older than their life (DESIGN 4.10)."""
    for name, made_utc in backups(path):
        if now_utc - made_utc > BACKUP_LIFE:
            path.with_name(name).unlink(missing_ok=True)


def _backup(path: Path, revision: str = "*") -> str:
    return f"{path.stem}-before-{revision}.backup"


def _back_up(engine: Engine, path: Path, revision: str) -> None:
    """A copy of the (encrypted) file as it is before the migration."""
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(path, path.with_name(_backup(path, revision)))
