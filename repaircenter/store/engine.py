"""Opens the encrypted file (recipe measured in the design papers, tech.md 10): WAL, FULL, IMMEDIATE writes."""

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import QueuePool

from repaircenter.runtime.errors import EnvironmentFailure, KeyTrouble


class WrongKey(KeyTrouble):
    """The key does not open the store; a damaged first page looks just so."""


class StoreDamaged(KeyTrouble, EnvironmentFailure):
    """Pages of the file are not what was written; a new store helps, the recovery code does not."""


def connect(path: Path, key_hex: str) -> Any:
    """A raw connection with the key and the pragmas set. Raises WrongKey."""
    connection = sqlcipher.connect(str(path), timeout=10, check_same_thread=False)
    try:
        connection.isolation_level = None
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key_hex}'\"")
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlcipher.DatabaseError:
        connection.close()
        raise WrongKey("wrong_key") from None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def open_engine(path: Path, key_hex: str) -> Engine:
    """An engine whose plain transactions are IMMEDIATE; `readonly=True` connections read one snapshot."""
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: connect(path, key_hex),
        poolclass=QueuePool,
        pool_size=4,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        readonly = connection.get_execution_options().get("readonly")
        connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")

    @event.listens_for(engine, "handle_error")
    def _say(context: ExceptionContext) -> None:
        message = str(context.original_exception)
        if "malformed" in message or "file is not a database" in message:
            raise StoreDamaged("damaged")
        if "readonly database" in message:
            raise EnvironmentFailure("read_only")

    return engine
