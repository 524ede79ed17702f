"""When a set is ready (DESIGN 3.3): equal in two looks and quiet long enough."""

from repaircenter.share.tracker import SetTracker
from repaircenter.shop.ports import FileFacts


def look(**sizes: int) -> dict[str, FileFacts]:
    return {name.replace("_", "."): FileFacts(size, size) for name, size in sizes.items()}


def test_a_set_is_ready_after_two_equal_looks_and_the_quiet_time() -> None:
    tracker = SetTracker(3.0)
    assert tracker.observe(look(a_env=1), 0.0) == []
    assert tracker.observe(look(a_env=1), 2.0) == []
    assert [s.base for s in tracker.observe(look(a_env=1), 3.0)] == ["a"]


def test_one_look_is_never_enough_however_late() -> None:
    tracker = SetTracker(3.0)
    assert tracker.observe(look(a_env=1), 1000.0) == []


def test_a_growing_member_starts_the_quiet_time_anew() -> None:
    tracker = SetTracker(3.0)
    for second in range(10):
        assert tracker.observe(look(a_env=1, a_lin=second), float(second)) == []
    tracker.observe(look(a_env=1, a_lin=9), 11.0)
    assert tracker.observe(look(a_env=1, a_lin=9), 12.0) != []


def test_a_settled_set_comes_again_only_when_it_changed() -> None:
    tracker = SetTracker(1.0)
    tracker.observe(look(a_env=1), 0.0)
    (ready,) = tracker.observe(look(a_env=1), 2.0)
    tracker.settle(ready)
    assert tracker.observe(look(a_env=1), 9.0) == [] and tracker.waiting == 0
    tracker.observe(look(a_env=2), 10.0)
    assert [s.base for s in tracker.observe(look(a_env=2), 12.0)] == ["a"]


def test_sets_known_from_an_earlier_run_are_not_opened_again() -> None:
    first = SetTracker(1.0)
    first.observe(look(a_env=1), 0.0)
    (ready,) = first.observe(look(a_env=1), 2.0)
    again = SetTracker(1.0, {"a": ready.signature})
    again.observe(look(a_env=1), 0.0)
    assert again.observe(look(a_env=1), 5.0) == []


def test_a_set_that_moved_while_it_was_read_waits_again() -> None:
    tracker = SetTracker(3.0)
    tracker.observe(look(a_env=1), 0.0)
    (ready,) = tracker.observe(look(a_env=1), 4.0)
    tracker.again(ready, 4.0)
    assert tracker.observe(look(a_env=1), 5.0) == []
    assert tracker.observe(look(a_env=1), 8.0) != []


def test_an_incomplete_set_is_taken_after_two_quiet_minutes() -> None:
    tracker = SetTracker(3.0)
    tracker.observe(look(a_env=1), 0.0)
    (ready,) = tracker.observe(look(a_env=1), 4.0)
    assert not tracker.impatient(ready, 119.0) and tracker.impatient(ready, 120.0)


def test_a_set_that_vanishes_is_no_error() -> None:
    tracker = SetTracker(1.0)
    tracker.observe(look(a_env=1), 0.0)
    assert tracker.observe({}, 5.0) == [] and tracker.seen == 0


def test_newest_sets_come_first() -> None:
    tracker = SetTracker(1.0)
    facts = {"old.env": FileFacts(1, 10), "new.env": FileFacts(1, 20)}
    tracker.observe(facts, 0.0)
    assert [s.base for s in tracker.observe(facts, 2.0)] == ["new", "old"]
