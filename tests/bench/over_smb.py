"""DESIGN 5, absolute: 5,000 new sets over a real SMB share, and a look at 5,000 known ones (`--smb`, minutes)."""

import tempfile
import time
from pathlib import Path

from repaircenter.ems.reading import read_set
from repaircenter.runtime.clock import SystemClock
from repaircenter.share import files
from repaircenter.share.folder import WatchedFolder
from repaircenter.share.watching import FolderWatch
from repaircenter.shop.jobs import importing
from repaircenter.shop.model.job import Shop
from repaircenter.store.local import LocalStore, open_store
from tests.bench.row import Row
from tests.bench.sets import written
from tests.fixtures.smb import SmbShare, what_is_missing


def over_smb(count: int) -> list[Row]:
    missing = what_is_missing()
    if missing is not None:
        print(f"not measured: {missing}")
        return []
    with tempfile.TemporaryDirectory() as folder:
        share = SmbShare(Path(folder), "60s")
        try:
            for _, members in written(count, lines=40):
                for name, data in members.items():
                    (share.server / name).write_bytes(data)
            store = open_store(Path(folder) / "store.db", "ab" * 32)
            minutes = _import_all(share.mount, store, count) / 60
            known = store.read.known_sets(str(share.mount))
            store.close()
            time.sleep(61)  # the mount has forgotten the listing
            seconds, opened = _look_again(share.mount, known)
        finally:
            share.close()
    scale = 5000 / count
    return [
        Row(f"minutes to import {count} new sets over SMB", minutes, 30.0 / scale, 30.0 / scale),
        Row(f"seconds for one look at {count} known sets over SMB", seconds, 60.0 / scale, 60.0 / scale),
        Row("files opened in that look", opened, 0.0, 0.0),
    ]


def _import_all(path: Path, store: LocalStore, count: int) -> float:
    clock = SystemClock()
    watch = FolderWatch(WatchedFolder(path, clock, {}), clock)
    target = importing.Target(str(path), 1, (Shop(1, "North", "America/Toronto"),), "create", "America/Toronto")
    start, done = time.monotonic(), 0
    watch.start(lambda: None)
    while done < count and time.monotonic() - start < 3600:
        for found in watch.take():
            assert found.data is not None
            estimate = read_set(found.sighting.base, found.data)
            with store.write() as uow:
                importing.import_estimate(uow, estimate, found.sighting, target, clock.now_utc())
            watch.settle(found.sighting)
            done += 1
        time.sleep(0.01)
    took = time.monotonic() - start
    watch.stop()
    return took


def _look_again(path: Path, known: dict[str, str]) -> tuple[float, int]:
    opened: list[Path] = []
    real = files.open_shared  # type: ignore[attr-defined]

    def counted(name: Path) -> int:
        opened.append(name)
        return real(name)

    files.open_shared = counted  # type: ignore[assignment, attr-defined]
    try:
        folder = WatchedFolder(path, SystemClock(), known, 0.0)
        start = time.monotonic()
        folder.look()
        took = time.monotonic() - start
        assert folder.health.sets_waiting == 0 and folder.ready() == []
    finally:
        files.open_shared = real  # type: ignore[attr-defined]
    return took, len(opened)
