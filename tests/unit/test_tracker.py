"""When a set is ready (DESIGN 3.3): equal in two looks and quiet long enough."""

from repaircenter.share.tracker import SetTracker
from repaircenter.shop.ports import FileFacts, SetSighting


def look(**sizes: int) -> dict[str, FileFacts]:
    return {name.replace("_", "."): FileFacts(size, size) for name, size in sizes.items()}


def seen(tracker: SetTracker, look: dict[str, FileFacts], now_seconds: float) -> list[SetSighting]:
    """One look, and what is ready then."""
    tracker.observe(look, now_seconds)
    return tracker.ready(now_seconds)


def test_a_set_is_ready_after_two_equal_looks_and_the_quiet_time() -> None:
    tracker = SetTracker(3.0)
    assert seen(tracker, look(a_env=1), 0.0) == []
    assert seen(tracker, look(a_env=1), 2.0) == []
    assert [s.base for s in seen(tracker, look(a_env=1), 3.0)] == ["a"]


def test_one_look_is_never_enough_however_late() -> None:
    tracker = SetTracker(3.0)
    assert seen(tracker, look(a_env=1), 1000.0) == []


def test_a_growing_member_starts_the_quiet_time_anew() -> None:
    tracker = SetTracker(3.0)
    for second in range(10):
        assert seen(tracker, look(a_env=1, a_lin=second), float(second)) == []
    seen(tracker, look(a_env=1, a_lin=9), 11.0)
    assert seen(tracker, look(a_env=1, a_lin=9), 12.0) != []


def test_a_settled_set_comes_again_only_when_it_changed() -> None:
    tracker = SetTracker(1.0)
    seen(tracker, look(a_env=1), 0.0)
    (ready,) = seen(tracker, look(a_env=1), 2.0)
    tracker.settle(ready)
    assert seen(tracker, look(a_env=1), 9.0) == [] and tracker.waiting == 0
    seen(tracker, look(a_env=2), 10.0)
    assert [s.base for s in seen(tracker, look(a_env=2), 12.0)] == ["a"]


def test_sets_known_from_an_earlier_run_are_not_opened_again() -> None:
    first = SetTracker(1.0)
    seen(first, look(a_env=1), 0.0)
    (ready,) = seen(first, look(a_env=1), 2.0)
    again = SetTracker(1.0, {"a": ready.signature})
    seen(again, look(a_env=1), 0.0)
    assert seen(again, look(a_env=1), 5.0) == []


def test_a_set_that_moved_while_it_was_read_waits_again() -> None:
    tracker = SetTracker(3.0)
    seen(tracker, look(a_env=1), 0.0)
    (ready,) = seen(tracker, look(a_env=1), 4.0)
    tracker.again(ready, 4.0)
    assert seen(tracker, look(a_env=1), 5.0) == []
    assert seen(tracker, look(a_env=1), 8.0) != []


def test_an_incomplete_set_is_taken_after_two_quiet_minutes() -> None:
    tracker = SetTracker(3.0)
    seen(tracker, look(a_env=1), 0.0)
    (ready,) = seen(tracker, look(a_env=1), 4.0)
    assert not tracker.impatient(ready, 119.0) and tracker.impatient(ready, 120.0)


def test_a_set_that_vanishes_is_no_error() -> None:
    tracker = SetTracker(1.0)
    seen(tracker, look(a_env=1), 0.0)
    assert seen(tracker, {}, 5.0) == [] and tracker.seen == 0


def test_newest_sets_come_first() -> None:
    tracker = SetTracker(1.0)
    facts = {"old.env": FileFacts(1, 10), "new.env": FileFacts(1, 20)}
    seen(tracker, facts, 0.0)
    assert [s.base for s in seen(tracker, facts, 2.0)] == ["new", "old"]
