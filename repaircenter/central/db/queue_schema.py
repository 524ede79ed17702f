"""The task queue's own migrations: SQL files of the installed package, each applied once (issue 13.31).

The first migration of ours made the queue's tables as the package then had them (`BASELINE`); what the package adds
later is applied at the next start, in the order of its files.
"""

from importlib.resources import files

from sqlalchemy import Connection, text

# The newest file that was part of the schema with which every database so far was made (procrastinate 3.10).
BASELINE = "03.10"


def apply_queue_migrations(connection: Connection) -> list[str]:
    """Apply what is new; return the names. Runs as the owner, inside the caller's transaction."""
    connection.execute(text("CREATE TABLE IF NOT EXISTS queue_migration (name text PRIMARY KEY)"))
    done = set(connection.execute(text("SELECT name FROM queue_migration")).scalars())
    applied = []
    for name, statements in migrations():
        if name in done:
            continue
        if name[: len(BASELINE)] > BASELINE:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            cursor = raw.cursor()
            cursor.execute(statements)
            cursor.close()
            applied.append(name)
        connection.execute(text("INSERT INTO queue_migration VALUES (:name)"), {"name": name})
    return applied


def migrations() -> list[tuple[str, str]]:
    """(name, SQL) of every migration the installed package brings, oldest first; names begin with its version."""
    folder = files("procrastinate.sql").joinpath("migrations")
    scripts = [(entry.name, entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith(".sql")]
    return sorted(scripts)
