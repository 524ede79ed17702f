"""The store of one data folder: implements shop.ports.Store. One writer at a time, readers beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from repaircenter.runtime.errors import EnvironmentFailure, KnownError
from repaircenter.store.engine import StoreDamaged, open_engine
from repaircenter.store.migrating import migrate
from repaircenter.store.reading import SqlReader
from repaircenter.store.unit import SqlUnitOfWork

FILE_NAME = "store.db"


class NotLocal(KnownError):
    """The data folder lies on a share; a store there would be damaged sooner or later (anchors.md 4.2-24)."""


class StoreFull(EnvironmentFailure):
    """There is no room for another row: nothing was changed."""


def is_full(error: BaseException | None) -> bool:
    """Whether SQLite says that the disk is full or cannot be written."""
    return getattr(error, "sqlite_errorname", "") in ("SQLITE_FULL", "SQLITE_IOERR_WRITE") or "disk is full" in str(
        error
    )


class LocalStore:
    """Open with `open_store`; `close` ends every connection."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = Lock()
        self.read = SqlReader(engine)
        self._revisions = count(self.read.revision() + 1)

    @contextmanager
    def write(self) -> Iterator[SqlUnitOfWork]:
        """One transaction, committed when the block ends without an error. Raises StoreFull."""
        try:
            with self._writing, self._engine.begin() as connection:
                yield SqlUnitOfWork(connection, self._revisions)
        except OperationalError as error:
            if is_full(error.orig):
                raise StoreFull("disk_full") from None
            raise

    def check(self) -> None:
        """Read every page and compare its sum (5 ms a megabyte). Raises StoreDamaged.

        SQLCipher reads a damaged page of a long value as zeros and says so only afterwards.
        """
        with self._engine.connect() as connection:
            if connection.exec_driver_sql("PRAGMA cipher_integrity_check").first() is not None:
                raise StoreDamaged("damaged")

    def close(self) -> None:
        self._engine.dispose()


def refuse_share(folder: Path) -> None:
    """UNC paths are refused; mapped letters are looked at where Windows can tell (docs/windows.md)."""
    if str(folder).startswith(("\\\\", "//")):
        raise NotLocal("not_local")


def open_store(path: Path, key_hex: str) -> LocalStore:
    """Open the file with its key, creating or migrating it. Raises WrongKey, NewerStore, MigrationFailed, NotLocal."""
    refuse_share(path)
    engine = open_engine(path, key_hex)
    try:
        migrate(engine, path)
    except BaseException:
        engine.dispose()
        raise
    return LocalStore(engine)
