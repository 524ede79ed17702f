"""DESIGN 5, rows 1 and 2: parsing against opening and reading, and against dbfread."""

import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import dbfread

from repaircenter.ems import cells
from repaircenter.ems.encoding import CODE_PAGES
from repaircenter.ems.naming import USED, group
from repaircenter.ems.reading import read_set
from tests.bench.row import Row
from tests.bench.sets import written

_Set = tuple[str, Mapping[str, Path]]


def fill(folder: Path, count: int) -> dict[str, dict[str, Path]]:
    """Write sets; base -> paths of the members that are used."""
    for _, files in written(count):
        for name, data in files.items():
            (folder / name).write_bytes(data)
    sets = group(path.name for path in folder.iterdir())
    return {s.base: {e: folder / n for e, n in s.files.items() if e in USED} for s in sets}


def read(members: Mapping[str, Path]) -> dict[str, bytes]:
    return {extension: path.read_bytes() for extension, path in members.items()}


def forget() -> None:
    """Nothing is known of any cell, as at the start of the program."""
    for page in CODE_PAGES:
        cells.texts(page).clear()
    for decimals in range(8):
        cells.numbers(decimals).clear()


def parsing(short: bool) -> list[Row]:
    """Different sets, each read once and parsed once, with nothing decoded before the first."""
    with tempfile.TemporaryDirectory() as folder:
        sets = fill(Path(folder), 40 if short else 200)
        best_reading = best_parsing = float("inf")
        for _ in range(3 if short else 7):
            forget()
            reading = parsed = 0.0
            for base, members in sets.items():
                start = time.perf_counter()
                data = read(members)
                middle = time.perf_counter()
                read_set(base, data)
                reading += middle - start
                parsed += time.perf_counter() - middle
            best_reading, best_parsing = min(best_reading, reading), min(best_parsing, parsed)
        note = f"{best_parsing / len(sets) * 1000:.2f} ms a set"
        return [Row("parse an 80-line set / open and read its files", best_parsing / best_reading, 8.0, 16.0, note)]


def against_dbfread(short: bool) -> list[Row]:
    """The same members as dbfread's records / as an Estimate of ours; dbfread lists the folder for every table."""
    rows = []
    for count, budget in ((20, 6.0), (120 if short else 1200, 100.0)):
        with tempfile.TemporaryDirectory() as folder:
            sets = fill(Path(folder), count)
            some = list(sets.items())[:: max(1, count // 8)][:8]
            theirs = best(partial(_read_all, some, lambda _, members: _dbfread(members)))  # type: ignore[arg-type]
            ours = best(partial(_read_all, some, lambda base, members: read_set(base, read(members))))  # type: ignore[arg-type]
        # A short run has a smaller folder, so less is asked of it.
        wanted = budget if count in (20, 1200) else budget / 8
        rows.append(Row(f"dbfread / ours, folder of {count} sets", theirs / ours, wanted, wanted / 2, least=True))
    return rows


def _read_all(sets: list[_Set], one: Callable[[str, Mapping[str, Path]], object]) -> None:
    for base, members in sets:
        one(base, members)


def _dbfread(members: Mapping[str, Path]) -> list[object]:
    return [
        list(dbfread.DBF(path, encoding="cp1252", char_decode_errors="replace", ignore_missing_memofile=True))
        for extension, path in members.items()
        if extension != "DBT"
    ]


def best(call: Callable[[], object], times: int = 3) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return min(found)
