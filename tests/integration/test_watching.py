"""Folders on threads of their own (DESIGN 3.3): freezing, coming back, the doorbell, and faults injected by hand."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from repaircenter.demo.ems_writer import CCC, write_set
from repaircenter.ems.estimate import Estimate
from repaircenter.runtime.clock import SystemClock
from repaircenter.runtime.errors import InputRefused
from repaircenter.share import doorbell, files, watching
from repaircenter.share.folder import WatchedFolder
from repaircenter.share.readers import Abandoned, Readers, within
from repaircenter.share.watching import FolderWatch
from repaircenter.shop.ports import FoundSet
from tests.fakes.clock import FakeClock


def put(folder: Path, *bases: str) -> None:
    for base in bases:
        for name, data in write_set(Estimate(base=base, system="C", version="E01"), CCC).items():
            (folder / name).write_bytes(data)


def until(ready: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "this did not happen in time"
        time.sleep(0.01)


class Frozen(WatchedFolder):
    """A folder whose listing does not return while `frozen` is set, as on a dead share."""

    frozen = threading.Event()

    def look(self, beat: Callable[[], None] = lambda: None) -> bool:
        while self.frozen.is_set():
            time.sleep(0.01)
        beat()
        return super().look(beat)


@contextmanager
def watched(folder: WatchedFolder, freeze_seconds: float = 60.0) -> Iterator[FolderWatch]:
    watch = FolderWatch(folder, SystemClock(), freeze_seconds)
    watch.start(lambda: None)
    try:
        yield watch
    finally:
        Frozen.frozen.clear()
        watch.stop()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses of real life are too long for a test."""
    monkeypatch.setattr(watching, "LEAST_PAUSE_LOCAL_SECONDS", 0.05)
    monkeypatch.setattr(watching, "LEAST_PAUSE_SHARE_SECONDS", 0.05)
    monkeypatch.setattr(watching, "BELL_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr("repaircenter.share.folder.FIRST_PAUSE_SECONDS", 0.1)


def taken(watch: FolderWatch) -> list[FoundSet]:
    found = list(watch.take())
    for one in found:
        watch.settle(one.sighting)
    return found


def bases_within(watch: FolderWatch, number: int, seconds: float = 20.0) -> list[str]:
    found: list[str] = []

    def enough() -> bool:
        found.extend(one.sighting.base for one in taken(watch))
        return len(found) >= number

    until(enough, seconds)
    return found


def test_a_frozen_folder_freezes_nothing_else_and_comes_back_by_itself(tmp_path: Path) -> None:
    for name in ("dead", "alive"):
        (tmp_path / name).mkdir()
    Frozen.frozen.set()
    dead = Frozen(tmp_path / "dead", SystemClock(), {}, 0.0)
    alive = WatchedFolder(tmp_path / "alive", SystemClock(), {}, 0.0)
    with watched(dead, freeze_seconds=0.2) as stuck, watched(alive) as fine:
        put(tmp_path / "dead", "4b000001")
        put(tmp_path / "alive", "4b000002")
        started = time.monotonic()
        assert taken(stuck) == []
        assert time.monotonic() - started < 0.1, "asking never waits for the share"
        assert bases_within(fine, 1) == ["4b000002"]
        until(lambda: taken(stuck) == [] and stuck.health.trouble == "not_answering")
        assert stuck.health.away_since_utc is not None and stuck.health.sets_seen == 0
        Frozen.frozen.clear()
        assert bases_within(stuck, 1) == ["4b000001"]
        assert stuck.health.trouble is None and stuck.health.away_since_utc is None


def test_threads_left_in_a_dead_share_do_not_pile_up(tmp_path: Path) -> None:
    Frozen.frozen.set()
    before = threading.active_count()
    with watched(Frozen(tmp_path, SystemClock(), {}, 0.0), freeze_seconds=0.02) as watch:
        end = time.monotonic() + 2
        while time.monotonic() < end:
            taken(watch)
            time.sleep(0.01)
        assert threading.active_count() - before <= watching.MOST_FROZEN_LANES + 3  # the doorbell has threads too


def test_a_set_whose_reader_hung_is_read_by_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "4b000001")
    hanging, real = threading.Event(), files.read_members
    hanging.set()

    def hang(*arguments: object, **named: object) -> dict[str, bytes]:
        while hanging.is_set():
            time.sleep(0.01)
        return real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "read_members", hang)
    folder = WatchedFolder(tmp_path, SystemClock(), {}, 0.0)
    folder.is_share = True
    with watched(folder, freeze_seconds=0.2) as watch:
        until(lambda: taken(watch) == [] and watch.health.trouble == "not_answering")
        hanging.clear()
        assert bases_within(watch, 1) == ["4b000001"]


def test_the_doorbell_brings_a_look_at_once_and_its_death_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LEAST_PAUSE_LOCAL_SECONDS", 3.0)
    with watched(WatchedFolder(tmp_path, SystemClock(), {}, 0.0)) as watch:
        until(lambda: watch.health.looks == 1)
        looks = watch.health.looks
        put(tmp_path, "4b000001")
        until(lambda: watch.health.looks > looks, 1.5)
        assert watch._doorbell is not None
        watch._doorbell.take_down()
        put(tmp_path, "4b000002")
        assert set(bases_within(watch, 2)) == {"4b000001", "4b000002"}


def test_a_folder_that_takes_no_doorbell_is_watched_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def schedule(self, *_: object, **__: object) -> None:
            raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(doorbell, "Observer", Broken)
    put(tmp_path, "4b000001")
    with watched(WatchedFolder(tmp_path, SystemClock(), {}, 0.0)) as watch:
        assert watch._doorbell is None and bases_within(watch, 1) == ["4b000001"]


def test_more_sets_than_are_held_in_memory_all_arrive_newest_first(tmp_path: Path) -> None:
    names = [f"4b{number:06d}" for number in range(50)]
    for age, base in enumerate(names):
        put(tmp_path, base)
        for path in tmp_path.glob(f"{base}.*"):
            os.utime(path, (1_700_000_000 + age, 1_700_000_000 + age))
    with watched(WatchedFolder(tmp_path, SystemClock(), {}, 0.0)) as watch:
        until(lambda: watch.health.looks >= 2)
        time.sleep(0.3)
        assert watch._lane is not None and watch._lane.found.qsize() <= 16
        assert bases_within(watch, 50) == names[::-1]


def test_an_error_in_a_pass_is_logged_and_the_watch_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, "4b000001")
    real, calls = files.look, [0]

    def once_broken(*arguments: object) -> object:
        calls[0] += 1
        if calls[0] == 1:
            raise ValueError("a bug")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "look", once_broken)
    with watched(WatchedFolder(tmp_path, SystemClock(), {}, 0.0)) as watch:
        assert bases_within(watch, 1) == ["4b000001"]
    assert "a pass over a watched folder failed" in caplog.text


def looked(folder: WatchedFolder, clock: FakeClock, seconds: float = 4.0) -> list[str]:
    """Two looks with time between them; the sets that were read, all settled."""
    found = list(folder.take())
    clock.pass_time(seconds)
    found += folder.take()
    for one in found:
        folder.settle(one.sighting)
    return [one.sighting.base for one in found]


def test_waits_grow_while_a_folder_is_away_and_nothing_counts_as_deleted(tmp_path: Path) -> None:
    clock, share = FakeClock(), tmp_path / "share"
    folder = WatchedFolder(share, clock, {}, 3.0)
    assert looked(folder, clock) == [] and folder.health.trouble == "missing"
    since, waits = folder.health.away_since_utc, []
    for _ in range(8):
        clock.pass_time(400)
        assert list(folder.take()) == []
        waits.append(folder.away_seconds or 0)
    assert folder.health.away_since_utc == since and waits[0] < waits[2] < waits[3] and max(waits) <= 375
    share.mkdir()
    put(share, "4b000001")
    assert list(folder.take()) == [], "not before the next planned try"
    folder.look_now()
    assert looked(folder, clock) == ["4b000001"]
    share.rename(tmp_path / "gone")
    assert looked(folder, clock) == [] and folder.health.sets_seen == 1
    (tmp_path / "gone").rename(share)
    put(share, "4b000002")
    clock.pass_time(400)
    assert looked(folder, clock) == ["4b000002"], "what was known is still known"


def test_a_listing_that_breaks_off_half_way_is_no_listing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeClock()
    put(tmp_path, "4b000001", "4b000002")
    folder = WatchedFolder(tmp_path, clock, {}, 3.0)
    assert sorted(looked(folder, clock)) == ["4b000001", "4b000002"]
    real = os.scandir

    @contextmanager
    def half(path: Path) -> Iterator[Iterator[os.DirEntry[str]]]:
        def entries() -> Iterator[os.DirEntry[str]]:
            with real(path) as found:
                for number, entry in enumerate(found):
                    if number == 9:
                        raise OSError(5, "Input/output error")
                    yield entry

        yield entries()

    monkeypatch.setattr(os, "scandir", half)
    assert looked(folder, clock) == [] and folder.health.trouble == "unreachable" and folder.health.sets_seen == 2
    monkeypatch.undo()
    clock.pass_time(400)
    assert looked(folder, clock) == [] and folder.health.trouble is None


def test_a_folder_one_may_not_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", denied)
    clock = FakeClock()
    folder = WatchedFolder(tmp_path, clock, {}, 3.0)
    assert looked(folder, clock) == [] and folder.health.trouble == "denied"


def test_other_inodes_and_a_clock_a_day_off_are_no_news(tmp_path: Path) -> None:
    clock = FakeClock()
    put(tmp_path, "4b000001")
    tomorrow = 4_000_000_000
    for path in tmp_path.iterdir():
        os.utime(path, (tomorrow, tomorrow))
    folder = WatchedFolder(tmp_path, clock, {}, 3.0)
    assert looked(folder, clock) == ["4b000001"]
    for path in list(tmp_path.iterdir()):
        copy = path.with_suffix(".tmp")
        copy.write_bytes(path.read_bytes())
        os.utime(copy, (tomorrow, tomorrow))
        copy.replace(path)
    assert looked(folder, clock) == []
    put(tmp_path, "4b000001")
    assert looked(folder, clock) == ["4b000001"], "a save with an older clock is a change like any other"


def test_a_busy_file_is_not_yet_and_after_two_minutes_a_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock()
    put(tmp_path, "4b000001")
    real = files.open_shared  # type: ignore[attr-defined]

    def violation(path: Path) -> int:
        raise PermissionError(13, "The process cannot access the file because it is being used by another process")

    monkeypatch.setattr(files, "open_shared", violation)
    folder = WatchedFolder(tmp_path, clock, {}, 3.0)
    list(folder.take())
    for _ in range(10):
        clock.pass_time(4)
        assert list(folder.take()) == []
    clock.pass_time(120)
    (late,) = list(folder.take())
    assert (late.data, late.trouble, late.last_chance) == (None, "busy", True)
    monkeypatch.setattr(files, "open_shared", real)
    clock.pass_time(61)
    assert looked(folder, clock) == ["4b000001"], "it is tried again without a change"


def test_a_set_that_is_too_large_is_a_trouble_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeClock()
    put(tmp_path, "4b000001", "4b000002")
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 3000)
    folder = WatchedFolder(tmp_path, clock, {}, 3.0)
    list(folder.take())
    clock.pass_time(4)
    assert {one.trouble for one in folder.take()} == {"too_large"}


def test_what_is_read_holds_no_profile_tables(tmp_path: Path) -> None:
    clock = FakeClock()
    put(tmp_path, "4b000001")
    folder = WatchedFolder(tmp_path, clock, {}, 3.0)
    list(folder.take())
    clock.pass_time(4)
    (found,) = list(folder.take())
    assert found.data is not None and set(found.data) == {"ENV", "AD1", "AD2", "VEH", "DBT", "LIN", "STL", "TTL"}


def test_a_call_that_does_not_answer_is_left_behind() -> None:
    stuck = threading.Event()

    def never(beat: Callable[[], None]) -> None:
        stuck.wait(10)
        beat()

    with pytest.raises(files.FolderAway) as away:
        within(never, 0.1)
    assert away.value.how == "not_answering"
    stuck.set()


def test_a_call_that_beats_may_take_long_and_its_error_comes_through() -> None:
    def slow(beat: Callable[[], None]) -> int:
        for _ in range(5):
            time.sleep(0.05)
            beat()
        return 7

    def refused(_: Callable[[], None]) -> None:
        raise InputRefused("set.too_large")

    assert within(slow, 0.2) == 7
    with pytest.raises(InputRefused):
        within(refused)


def test_readers_go_on_after_an_error_and_drop_the_rest_when_given_up(caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []

    def work(item: int) -> None:
        if item == 2:
            raise ValueError("a bug")
        done.append(item)

    readers = Readers(range(6), work, 3)
    readers.wait(lambda: None)
    assert sorted(done) == [0, 1, 3, 4, 5] and "a reader of a shared folder failed" in caplog.text

    def give_up() -> None:
        raise Abandoned

    hold = threading.Event()
    late = Readers(range(6), lambda _: hold.wait(5), 2)
    with pytest.raises(Abandoned):
        late.wait(give_up)
    assert late.is_alive
    hold.set()
    until(lambda: not late.is_alive)


def test_a_set_whose_reading_goes_wrong_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, "4b000001")
    real, calls = files.read_members, [0]

    def once_wrong(*arguments: object, **named: object) -> dict[str, bytes]:
        calls[0] += 1
        if calls[0] == 1:
            raise MemoryError
        return real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "read_members", once_wrong)
    with watched(WatchedFolder(tmp_path, SystemClock(), {}, 0.0)) as watch:
        assert bases_within(watch, 1) == ["4b000001"]
    assert "failed" in caplog.text


def test_a_slow_file_is_no_frozen_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "4b000001")
    monkeypatch.setattr(files, "_PART_BYTES", 512)
    real = os.read

    def slow(handle: int, size: int) -> bytes:
        time.sleep(0.05)
        return real(handle, size)

    monkeypatch.setattr(os, "read", slow)
    with watched(WatchedFolder(tmp_path, SystemClock(), {}, 0.0), freeze_seconds=0.6) as watch:
        assert bases_within(watch, 1) == ["4b000001"] and watch.health.trouble is None


def test_after_three_hung_calls_it_is_still_tried_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LONGEST_AWAY_SECONDS", 0.5)
    put(tmp_path, "4b000001")
    hung, real = threading.Event(), files.look
    calls = [0]

    def first_three_hang(*arguments: object) -> object:
        calls[0] += 1
        if calls[0] <= 3:
            hung.wait(20)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "look", first_three_hang)
    with watched(WatchedFolder(tmp_path, SystemClock(), {}, 0.0), freeze_seconds=0.1) as watch:
        assert bases_within(watch, 1) == ["4b000001"]
        hung.set()
        until(lambda: not any(lane.is_alive for lane in watch._frozen))


def test_a_stopped_watch_never_touches_its_folder_again(tmp_path: Path) -> None:
    put(tmp_path, "4b000001")
    folder = WatchedFolder(tmp_path, SystemClock(), {}, 0.0)
    with watched(folder):
        pass
    stopped = FolderWatch(folder, SystemClock())
    stopped.start(lambda: None)
    stopped.stop()
    looks = folder.health.looks
    assert list(stopped.take()) == [] and folder.health.looks == looks
    stopped.start(lambda: None)
    assert stopped._lane is None or not stopped._lane.is_alive


def test_many_callers_make_one_lane(tmp_path: Path) -> None:
    put(tmp_path, *[f"4b{number:06d}" for number in range(20)])
    with watched(WatchedFolder(tmp_path, SystemClock(), {}, 0.0)) as watch:
        ended = threading.Event()
        pollers = [threading.Thread(target=lambda: [watch.health for _ in iter(ended.is_set, True)]) for _ in range(3)]
        for poller in pollers:
            poller.start()
        assert len(set(bases_within(watch, 20))) == 20
        ended.set()
        for poller in pollers:
            poller.join()
        assert sum(thread.name == "share" for thread in threading.enumerate()) == 1


def test_a_held_folder_is_looked_at_and_not_read(tmp_path: Path) -> None:
    put(tmp_path, "4b000001")
    with watched(WatchedFolder(tmp_path, SystemClock(), {}, 0.0)) as watch:
        watch.hold(True)
        put(tmp_path, "4b000002")
        until(lambda: watch.health.looks > 3)
        assert list(watch.take()) == [] and watch.health.sets_waiting == 2
        for path in tmp_path.glob("4b000001.*"):
            path.unlink()
        until(lambda: watch.health.sets_seen == 1)
        watch.hold(False)
        assert bases_within(watch, 1) == ["4b000002"]


def test_the_doorbell_rings_for_ems_files_only(tmp_path: Path) -> None:
    rung = threading.Event()
    bell = doorbell.Doorbell(rung.set)
    assert bell.hang(tmp_path)
    try:
        (tmp_path / "program.log").write_text("x")
        assert not rung.wait(0.3)
        (tmp_path / "a.env").write_text("x")
        assert rung.wait(5)
    finally:
        bell.take_down()


def test_entries_one_may_not_ask_about_stay_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeClock()
    put(tmp_path, "4b000001")
    folder = WatchedFolder(tmp_path, clock, {}, 3.0)
    assert looked(folder, clock) == ["4b000001"]
    real = os.scandir

    class Entry:
        def __init__(self, entry: "os.DirEntry[str]") -> None:
            self.name = entry.name

        def stat(self) -> os.stat_result:
            raise PermissionError(13, "denied")

    @contextmanager
    def mute(path: Path) -> Iterator[list[Entry]]:
        with real(path) as entries:
            yield [Entry(entry) for entry in entries]

    monkeypatch.setattr(os, "scandir", mute)
    assert looked(folder, clock) == [] and folder.health.trouble == "denied"
    monkeypatch.undo()
    clock.pass_time(400)
    assert looked(folder, clock) == [] and folder.health.sets_waiting == 0
