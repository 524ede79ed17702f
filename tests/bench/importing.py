"""DESIGN 5, row 5: a durable import against parsing and the same rows by bare executemany, one commit a set."""

import tempfile
import time
from pathlib import Path
from typing import Any

from repaircenter.ems.naming import group
from repaircenter.ems.reading import read_set
from repaircenter.runtime.clock import SystemClock
from repaircenter.shop.jobs import importing
from repaircenter.shop.model.job import Shop
from repaircenter.shop.ports import FileFacts, SetSighting
from repaircenter.store.engine import connect
from repaircenter.store.local import LocalStore, open_store
from tests.bench.row import Row
from tests.bench.sets import written

_KEY = "ab" * 32
_TABLES = ("job", "version", "event", "ledger", "outbox")


def durable(short: bool) -> list[Row]:
    count = 140 if short else 1400
    sets = []
    for estimate, files in written(count, lines=40):
        (found,) = group(files)
        facts = {name: FileFacts(len(data), 1) for name, data in files.items()}
        sighting = SetSighting(estimate.base, found.files, facts, estimate.base, 1)
        sets.append((sighting, {extension: files[name] for extension, name in found.files.items()}))
    ours = bare = float("inf")
    # The disk's own pauses are long and rare: the least disturbed of three.
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            took, rows = _import(Path(folder) / "ours.db", sets)
            ours = min(ours, took)
            bare = min(bare, _bare(Path(folder) / "bare.db", sets, rows))
    note = f"{ours / count * 1000:.1f} ms a set, {count} sets"
    return [Row("durable import / parsing and bare executemany", ours / bare, 2.0, 4.0, note)]


def _import(path: Path, sets: list[Any]) -> tuple[float, list[dict[str, list[tuple[Any, ...]]]]]:
    """Seconds, and the rows each set has left, by table."""
    clock, store = SystemClock(), open_store(path, _KEY)
    target = importing.Target("/share", 1, (Shop(1, "North", "America/Toronto"),), "create", "America/Toronto")
    start = time.perf_counter()
    for sighting, data in sets:
        estimate = read_set(sighting.base, data)
        with store.write() as uow:
            importing.import_estimate(uow, estimate, sighting, target, clock.now_utc())
    took = time.perf_counter() - start
    rows = _rows(store)
    store.close()
    return took, rows


def _rows(store: LocalStore) -> list[dict[str, list[tuple[Any, ...]]]]:
    found: dict[int, dict[str, list[tuple[Any, ...]]]] = {}
    with store._engine.connect() as connection:
        for table in _TABLES:
            result = connection.exec_driver_sql(f'SELECT * FROM "{table}"')
            place = list(result.keys()).index("id" if table == "job" else "job_id")
            for row in result:
                found.setdefault(row[place], {}).setdefault(table, []).append(tuple(row))
    return [found[job] for job in sorted(found)]


def _bare(path: Path, sets: list[Any], rows: list[dict[str, list[tuple[Any, ...]]]]) -> float:
    open_store(path, _KEY).close()
    connection = connect(path, _KEY)
    start = time.perf_counter()
    for (sighting, data), written_rows in zip(sets, rows, strict=True):
        read_set(sighting.base, data)
        connection.execute("BEGIN IMMEDIATE")
        for table, values in written_rows.items():
            marks = ",".join("?" * len(values[0]))
            connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', values)
        connection.execute("COMMIT")
    took = time.perf_counter() - start
    connection.close()
    return took
