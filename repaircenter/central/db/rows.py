"""Many rows in one statement and one parameter: a JSON array that the statement reads as a table (tech.md 23)."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, TextClause


def execute_rows(
    connection: Connection, statement: TextClause, rows: Sequence[Mapping[str, Any]], *keys: str
) -> Sequence[Row[Any]]:
    """Run a statement over `jsonb_to_recordset(CAST(:rows AS jsonb))`; return what it returns.

    Rows go in the order of their `keys`, which together must be unique among them: two batches never wait for each other in a
    circle. Nothing is run without rows.
    """
    if not rows:
        return ()
    ordered = sorted(rows, key=itemgetter(*keys))
    result = connection.execute(statement, {"rows": msgspec.json.encode(ordered).decode()})
    return result.all() if result.returns_rows else ()
