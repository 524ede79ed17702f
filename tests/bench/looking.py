"""DESIGN 5, rows 3 and 4: one look at unchanged files against a bare walk, and against watchdog's polling round."""

import os
import tempfile
from pathlib import Path

from watchdog.utils.dirsnapshot import DirectorySnapshot, DirectorySnapshotDiff

from repaircenter.share import files
from repaircenter.share.tracker import SetTracker
from tests.bench.reading import best
from tests.bench.row import Row

_EXTENSIONS = ("env", "ad1", "ad2", "veh", "dbt", "lin", "stl", "ttl", "pfh", "pfl")


def looking(short: bool) -> list[Row]:
    sets = 2_000 if short else 10_000
    with tempfile.TemporaryDirectory() as folder:
        for number in range(sets):
            for extension in _EXTENSIONS:
                (Path(folder) / f"{number:08x}.{extension}").touch()
        tracker, listing = SetTracker(3.0), {}
        listing = files.look(Path(folder))
        tracker.observe(listing, 0.0)

        def ours() -> None:
            nonlocal listing
            listing = files.look(Path(folder), listing)
            tracker.observe(listing, 1.0)
            tracker.ready(1.0)

        def bare() -> dict[str, tuple[int, int]]:
            found = {}
            with os.scandir(folder) as entries:
                for entry in entries:
                    facts = entry.stat()
                    found[entry.name] = (facts.st_size, facts.st_mtime_ns)
            return found

        before = DirectorySnapshot(folder)

        def watchdogs() -> None:
            nonlocal before
            after = DirectorySnapshot(folder)
            DirectorySnapshotDiff(before, after)
            before = after

        times = 5 if short else 9
        look, walk, poll = best(ours, times), best(bare, times), best(watchdogs, 3)
    note = f"{look * 1000:.0f} ms for {sets * len(_EXTENSIONS):,} files"
    return [
        Row("one look at unchanged files, grouped / a bare scandir and stat walk", look / walk, 1.2, 2.0, note),
        Row("watchdog's polling round / ours", poll / look, 2.5, 1.5, least=True),
    ]
