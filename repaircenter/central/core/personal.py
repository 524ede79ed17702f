"""Where customers' data stands in the service's tables: withdrawing and erasing blank what the areas declare here.

A test judges every column of every table: it is blanked, or it holds nothing of a customer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """A table with data of a job's customer.

    `of_job` is the condition on its rows for the job `:job`. `blank` are the columns that are blanked when the job is
    withdrawn, `erase` those that go with an erasure besides, each with the SQL of what stands there afterwards; `plain`
    columns were looked at and hold nothing of a customer.
    """

    table: str
    of_job: str
    blank: Mapping[str, str]
    erase: Mapping[str, str] = field(default_factory=dict)
    plain: frozenset[str] = frozenset()


def blank(connection: Connection, tables: Iterable[PersonalTable], job_id: int, *, erased: bool = False) -> None:
    """Blank what belongs to a job's customer; with `erased` for good."""
    for table in tables:
        columns = {**table.blank, **table.erase} if erased else table.blank
        if columns:
            values = ", ".join(f"{column} = {value}" for column, value in columns.items())
            connection.execute(text(f"UPDATE {table.table} SET {values} WHERE {table.of_job}"), {"job": job_id})
