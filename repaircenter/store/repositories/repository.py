"""What every repository stands on: the connection of one write transaction."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Table
from sqlalchemy.dialects import sqlite


class Repository:
    """Writes on one connection; the caller's block decides about commit (store.local.LocalStore.write)."""

    def __init__(self, connection: Connection, revisions: Iterator[int]) -> None:
        self._connection = connection
        self._revisions = revisions

    def _rows(self, statement: Select[Any], **values: object) -> Sequence[RowMapping]:
        return self._connection.execute(statement, values).mappings().all()


def upsert(table: Table, *keys: str) -> sqlite.Insert:
    """Return a statement that inserts a row, or puts its values into the one with the same keys."""
    statement = sqlite.insert(table)
    others = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=others)
