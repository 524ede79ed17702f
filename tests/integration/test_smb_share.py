"""The folder on a real SMB share: smbd, a mount, and the faults of anchors.md 'Faults to inject'."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from repaircenter.demo.ems_writer import CCC, write_set
from repaircenter.ems.estimate import Estimate
from repaircenter.runtime.clock import SystemClock
from repaircenter.share import files, inspection, watching
from repaircenter.share.folder import QUIET_SHARE_SECONDS, WatchedFolder
from repaircenter.share.watching import FolderWatch
from repaircenter.shop.ports import FoundSet
from tests.fakes.clock import FakeClock
from tests.fixtures.smb import SmbShare, what_is_missing

MISSING = what_is_missing()
pytestmark = pytest.mark.skipif(MISSING is not None, reason=MISSING or "")
# The mount asks the server again after this.
FRESH_SECONDS = 0.05


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmbShare]:
    share = SmbShare(tmp_path_factory.mktemp("smb"))
    yield share
    share.close()


@pytest.fixture
def share(running: SmbShare) -> Iterator[SmbShare]:
    yield running
    running.proxy.frozen.clear()
    running.proxy.delay_seconds = 0.0
    for entry in running.server.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    time.sleep(FRESH_SECONDS)


def written(base: str, total: int = 1) -> dict[str, bytes]:
    return write_set(Estimate(base=base, system="C", version="E01", memo_note="x" * total), CCC)


def put(folder: Path, *bases: str) -> None:
    for base in bases:
        for name, data in written(base).items():
            (folder / name).write_bytes(data)


class Watcher:
    """A watched folder on a clock that the test moves."""

    def __init__(self, path: Path) -> None:
        self.clock = FakeClock()
        self.folder = WatchedFolder(path, self.clock, {})

    def look(self, seconds: float = 0.0) -> list[FoundSet]:
        """One look, so much later; what was read is settled."""
        self.clock.pass_time(seconds)
        time.sleep(FRESH_SECONDS)
        found = list(self.folder.take())
        for one in found:
            if one.data is not None:
                self.folder.settle(one.sighting)
        return found

    def bases(self, seconds: float = QUIET_SHARE_SECONDS) -> list[str]:
        """What two looks with the quiet time between them bring."""
        return [one.sighting.base for one in self.look() + self.look(seconds)]


def until_reachable(share: SmbShare) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            list(share.mount.iterdir())
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the share did not come back")


def test_a_set_written_on_the_server_is_found_after_fifteen_quiet_seconds(share: SmbShare) -> None:
    watcher = Watcher(share.mount)
    assert watcher.folder.is_share
    put(share.server, "4b000001")
    assert watcher.bases(14.0) == []
    (found,) = watcher.look(1.0)
    assert found.data is not None and found.data["LIN"] == written("4b000001")["4b000001.lin"]


def test_away_at_start_and_away_for_an_hour(share: SmbShare) -> None:
    put(share.server, "4b000001")
    share.stop_server()
    watcher = Watcher(share.mount)
    assert watcher.bases() == [] and watcher.folder.health.trouble == "unreachable"
    share.start_server()
    until_reachable(share)
    watcher.clock.pass_time(300)
    assert watcher.bases() == ["4b000001"]
    share.stop_server()
    for _ in range(12):
        assert watcher.look(300) == []
    health = watcher.folder.health
    assert health.sets_seen == 1 and health.away_since_utc is not None
    assert (watcher.clock.now_utc() - health.away_since_utc).total_seconds() >= 3000
    put(share.server, "4b000002")
    share.start_server()
    until_reachable(share)
    watcher.clock.pass_time(400)
    assert watcher.bases() == ["4b000002"], "nothing was deleted, nothing comes twice"


def test_a_slow_share_is_looked_at_more_rarely(share: SmbShare) -> None:
    put(share.server, "4b000001")
    share.proxy.delay_seconds = 0.02
    clock = SystemClock()
    folder = WatchedFolder(share.mount, clock, {}, 0.0)
    assert folder.look() and folder.look_seconds > 0.02
    lane = watching._Lane(folder, clock, lambda: None)
    folder.look_seconds = 5.0
    assert 75 <= lane._pause_seconds() <= 125
    lane.abandon()
    lane.join(5)


def test_connections_cut_while_reading_never_give_a_part_for_the_whole(share: SmbShare) -> None:
    names = [f"4b{number:06d}" for number in range(15)]
    put(share.server, *names)
    whole = {name: data for base in names for name, data in written(base).items()}
    watcher = Watcher(share.mount)
    watcher.look()
    ended = threading.Event()

    def cut() -> None:
        while not ended.wait(0.15):
            share.proxy.reset()

    cutter = threading.Thread(target=cut)
    cutter.start()
    got: dict[str, FoundSet] = {}
    try:
        for _ in range(5):
            got |= {one.sighting.base: one for one in watcher.look(30) if one.data is not None}
    finally:
        ended.set()
        cutter.join()
    for _ in range(8):
        got |= {one.sighting.base: one for one in watcher.look(100) if one.data is not None}
    assert sorted(got) == names
    for one in got.values():
        assert one.data is not None
        assert all(one.data[extension] == whole[one.sighting.files[extension]] for extension in one.data)


def test_a_growing_file_and_a_missing_member(share: SmbShare) -> None:
    members = written("4b000001")
    late = members.pop("4b000001.lin")
    for name, data in members.items():
        (share.server / name).write_bytes(data)
    watcher = Watcher(share.mount)
    for size in range(0, 6):
        (share.server / "4b000001.lin").write_bytes(late[: size * 100])
        assert watcher.look(10.0) == [], "a set is not taken while it grows"
    (share.server / "4b000001.lin").unlink()
    watcher.look(10.0)
    watcher.clock.pass_time(16)
    (part,) = watcher.folder.take()
    assert part.data is not None and "LIN" not in part.data
    watcher.folder.defer(part.sighting)
    (share.server / "4b000001.lin").write_bytes(late)
    assert watcher.look(30.0) == []
    (whole,) = watcher.look(15.0)
    assert whole.data is not None and whole.data["LIN"] == late


def test_the_same_set_again_other_content_and_other_inodes(share: SmbShare) -> None:
    watcher = Watcher(share.mount)
    put(share.server, "4b000001")
    assert watcher.bases() == ["4b000001"]
    for path in list(share.server.iterdir()):
        copy = path.with_suffix(".tmp")
        shutil.copy2(path, copy)
        copy.replace(path)
    assert watcher.bases(60) == [], "other inodes are no news"
    later = time.time() + 60
    for path in share.server.iterdir():
        os.utime(path, (later, later))
    assert watcher.bases() == ["4b000001"], "saved again"
    for name, data in written("4b000001", 500).items():
        (share.server / name).write_bytes(data)
    assert watcher.bases() == ["4b000001"], "the name with other content"
    for path in share.server.iterdir():
        os.utime(path, (later - 86_400, later - 86_400))
    assert watcher.bases() == ["4b000001"], "the server's clock went back a day"


def test_twenty_thousand_old_files_are_listed_and_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Filled before it is mounted: whatever else on the machine looks at mounts would have it keep a half-filled listing.
    (tmp_path / "share").mkdir()
    for number in range(20_000 // 5):
        for extension in ("env", "ad1", "veh", "lin", "ttl"):
            (tmp_path / "share" / f"{number:08x}.{extension}").touch()
    share = SmbShare(tmp_path, "120s")
    try:
        first = WatchedFolder(share.mount, FakeClock(), {})
        first.look()
        marks = {one.sighting.base: one.sighting.signature for one in first._tracker._sets.values()}
        opened: list[Path] = []
        monkeypatch.setattr(files, "open_shared", lambda path: opened.append(path) or 0)  # type: ignore[func-returns-value]
        clock = FakeClock()
        again = WatchedFolder(share.mount, clock, marks)
        started = time.monotonic()
        assert list(again.take()) == []
        took = time.monotonic() - started
        clock.pass_time(30)
        assert list(again.take()) == [] and again.health.sets_seen == 4000
        assert opened == [] and took < 60
    finally:
        share.close()


def test_a_frozen_share_freezes_nothing_else(share: SmbShare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LEAST_PAUSE_LOCAL_SECONDS", 0.05)
    monkeypatch.setattr(watching, "LEAST_PAUSE_SHARE_SECONDS", 0.05)
    monkeypatch.setattr("repaircenter.share.folder.FIRST_PAUSE_SECONDS", 0.2)
    clock = SystemClock()
    remote = FolderWatch(WatchedFolder(share.mount, clock, {}, 0.3), clock, freeze_seconds=1.0)
    local = FolderWatch(WatchedFolder(tmp_path, clock, {}, 0.1), clock)
    for watch in (remote, local):
        watch.start(lambda: None)

    def arrived(watch: FolderWatch, base: str, seconds: float = 25.0) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for one in watch.take():
                watch.settle(one.sighting)
                if one.sighting.base == base and one.data is not None:
                    return True
            time.sleep(0.02)
        return False

    try:
        put(share.server, "4b000001")
        assert arrived(remote, "4b000001")
        share.proxy.frozen.set()
        end = time.monotonic() + 15
        while remote.health.trouble is None and time.monotonic() < end:
            assert list(remote.take()) == []
            time.sleep(0.05)
        assert remote.health.trouble in ("not_answering", "unreachable")
        put(tmp_path, "4b000002")
        started = time.monotonic()
        assert arrived(local, "4b000002", 5.0), "the other folder goes on"
        assert time.monotonic() - started < 5
        put(share.server, "4b000003")
        share.proxy.frozen.clear()
        assert arrived(remote, "4b000003"), "recovery is automatic"
    finally:
        for watch in (remote, local):
            watch.stop()


def test_the_test_of_a_folder_tells_a_share_and_one_that_is_away(share: SmbShare) -> None:
    put(share.server, "4b000001", "4b000002")
    time.sleep(FRESH_SECONDS)
    found = inspection.test_folder(share.mount, "cp1252")
    assert (found.trouble, found.is_share, found.sets) == (None, True, 2)
    assert inspection.usual_folders([], [share.mount]) == [str(share.mount)], "first run offers it"
    share.proxy.frozen.set()
    time.sleep(FRESH_SECONDS)
    assert inspection.test_folder(share.mount, "cp1252", 1.0).trouble == "not_answering"
    began = time.monotonic()
    assert inspection.usual_folders([], [share.mount]) == [] and time.monotonic() - began < 6
    share.proxy.frozen.clear()
    until_reachable(share)
