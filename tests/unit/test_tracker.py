"""When a set is ready (DESIGN 3.3): equal in two looks and quiet long enough; what is done about it then."""

from hypothesis import given
from hypothesis import strategies as st

from repaircenter.ems import naming
from repaircenter.share.tracker import SetTracker, needed
from repaircenter.shop.ports import FileFacts, SetSighting


def look(**sizes: int) -> dict[str, FileFacts]:
    return {name.replace("_", "."): FileFacts(size, size) for name, size in sizes.items()}


def seen(tracker: SetTracker, look: dict[str, FileFacts], now_seconds: float) -> list[SetSighting]:
    """One look, and what is ready then."""
    tracker.observe(look, now_seconds)
    return tracker.ready(now_seconds)


def one_ready(tracker: SetTracker, listing: dict[str, FileFacts]) -> SetSighting:
    tracker.observe(listing, 0.0)
    (ready,) = seen(tracker, listing, 10.0)
    return ready


def test_a_set_is_ready_after_two_equal_looks_and_the_quiet_time() -> None:
    tracker = SetTracker(3.0)
    assert seen(tracker, look(a_env=1), 0.0) == []
    assert seen(tracker, look(a_env=1), 2.0) == []
    assert [s.base for s in seen(tracker, look(a_env=1), 3.0)] == ["a"]


def test_one_look_is_never_enough_however_late() -> None:
    tracker = SetTracker(3.0)
    assert seen(tracker, look(a_env=1), 1000.0) == []
    assert tracker.ready(2000.0) == []


def test_a_growing_member_starts_the_quiet_time_anew() -> None:
    tracker = SetTracker(3.0)
    for second in range(60):
        assert seen(tracker, look(a_env=1, a_lin=second), float(second)) == []
    assert seen(tracker, look(a_env=1, a_lin=59), 61.0) == []
    assert seen(tracker, look(a_env=1, a_lin=59), 62.0) != []


def test_a_change_of_one_set_leaves_the_others_quiet_time_alone() -> None:
    tracker = SetTracker(3.0)
    tracker.observe(look(a_env=1), 0.0)
    assert [s.base for s in seen(tracker, look(a_env=1, b_env=1), 3.0)] == ["a"]


def test_a_settled_set_comes_again_only_when_it_changed() -> None:
    tracker = SetTracker(1.0)
    ready = one_ready(tracker, look(a_env=1))
    tracker.settle(ready)
    assert seen(tracker, look(a_env=1), 19.0) == [] and tracker.waiting == 0
    tracker.observe(look(a_env=2), 20.0)
    assert [s.base for s in seen(tracker, look(a_env=2), 22.0)] == ["a"], "the name is used again"


def test_sets_known_from_an_earlier_run_are_not_opened_again() -> None:
    first = SetTracker(1.0)
    ready = one_ready(first, look(a_env=1))
    again = SetTracker(1.0, {"a": ready.signature})
    seen(again, look(a_env=1), 0.0)
    assert seen(again, look(a_env=1), 5.0) == [] and again.waiting == 0


def test_a_set_that_is_being_read_is_not_given_twice() -> None:
    tracker = SetTracker(1.0)
    ready = one_ready(tracker, look(a_env=1))
    assert tracker.begin(ready) and not tracker.begin(ready)
    assert tracker.ready(11.0) == [] and tracker.waiting == 1
    tracker.release()
    assert tracker.ready(12.0) == [ready], "whoever was reading it is gone"
    tracker.settle(ready)
    assert not tracker.begin(ready)


def test_a_set_that_changed_meanwhile_is_not_begun() -> None:
    tracker = SetTracker(1.0)
    old = one_ready(tracker, look(a_env=1))
    tracker.observe(look(a_env=2), 11.0)
    assert not tracker.begin(old)
    tracker.settle(old)
    tracker.defer(old)
    tracker.again(old, 12.0)
    assert not tracker.impatient(old, 999.0)
    assert [s.facts for s in seen(tracker, look(a_env=2), 13.0)] == [look(a_env=2)]


def test_a_set_that_moved_while_it_was_read_waits_again() -> None:
    tracker = SetTracker(3.0)
    ready = one_ready(tracker, look(a_env=1))
    tracker.begin(ready)
    tracker.again(ready, 10.0)
    assert tracker.ready(99.0) == [], "one more look is needed"
    assert seen(tracker, look(a_env=1), 11.0) == []
    assert seen(tracker, look(a_env=1), 14.0) == [ready]


def test_a_set_that_stays_busy_is_tried_more_rarely() -> None:
    tracker = SetTracker(3.0)
    ready = one_ready(tracker, look(a_env=1))
    tracker.again(ready, 200.0)
    assert seen(tracker, look(a_env=1), 259.0) == []
    assert seen(tracker, look(a_env=1), 260.0) == [ready], "once a minute"


def test_a_set_with_a_missing_member_waits_two_minutes_or_for_the_member() -> None:
    tracker = SetTracker(3.0)
    ready = one_ready(tracker, look(a_env=1))
    tracker.defer(ready)
    assert tracker.deferred == 1 and seen(tracker, look(a_env=1), 119.0) == []
    assert not tracker.impatient(ready, 119.0) and tracker.impatient(ready, 120.0)
    assert seen(tracker, look(a_env=1), 120.0) == [ready]
    tracker.observe(look(a_env=1, a_lin=1), 121.0)
    assert [set(s.files) for s in seen(tracker, look(a_env=1, a_lin=1), 124.0)] == [{"ENV", "LIN"}]


def test_a_set_that_vanishes_is_no_error() -> None:
    tracker = SetTracker(1.0)
    ready = one_ready(tracker, look(a_env=1))
    assert seen(tracker, {}, 15.0) == [] and tracker.seen == 0
    tracker.settle(ready)
    assert tracker.seen == 0 and tracker.looks == 3


def test_a_settled_set_that_only_loses_files_is_no_news() -> None:
    tracker = SetTracker(1.0)
    tracker.settle(one_ready(tracker, look(a_env=1, a_lin=2)))
    tracker.observe(look(a_lin=2), 13.0)
    assert seen(tracker, look(a_lin=2), 300.0) == []


def test_newest_sets_come_first() -> None:
    tracker = SetTracker(1.0)
    facts = {"old.env": FileFacts(1, 10), "new.env": FileFacts(1, 20)}
    tracker.observe(facts, 0.0)
    assert [s.base for s in seen(tracker, facts, 2.0)] == ["new", "old"]


def test_only_the_members_that_are_used_are_read() -> None:
    files = {"ENV": "a.env", "PFT": "a.pft", "LIN": "a.lin"}
    assert needed(files, naming.USED) == {"ENV": "a.env", "LIN": "a.lin"}


STEMS = ["4b53232a", "4b53232aa", "4b53232ab", "4b53232a-1f", "QV", "QVV", "QVA"]
names = st.builds(
    lambda stem, extension, upper: f"{stem.upper() if upper else stem}.{extension}",
    st.sampled_from(STEMS),
    st.sampled_from(["env", "ad1", "AD2", "veh", "lin"]),
    st.booleans(),
)
listings = st.dictionaries(names, st.integers(0, 3).map(lambda n: FileFacts(n, n)), max_size=14)


@given(st.lists(listings, min_size=1, max_size=6))
def test_looking_again_and_again_finds_what_one_look_finds(looks: list[dict[str, FileFacts]]) -> None:
    """Grouping only what changed gives the same sets as grouping everything."""
    followed, fresh = SetTracker(1.0), SetTracker(1.0)
    for second, listing in enumerate(looks):
        followed.observe(listing, float(second))
    for tracker in (followed, fresh):
        tracker.observe(looks[-1], 50.0)
        tracker.observe(dict(looks[-1]), 100.0)
    assert followed.ready(200.0) == fresh.ready(200.0)
    assert sorted(s.base for s in fresh.ready(200.0)) == sorted(s.base for s in naming.group(looks[-1]))


def test_a_change_in_the_family_leaves_a_neighbour_as_it_was() -> None:
    tracker = SetTracker(3.0)
    tracker.observe({"4b5a.env": FileFacts(1, 1), "4b5.env": FileFacts(1, 1)}, 0.0)
    later = {"4b5a.env": FileFacts(1, 1), "4b5.env": FileFacts(2, 2)}
    assert [s.base for s in seen(tracker, later, 3.0)] == ["4b5a"]


def test_an_envelope_that_comes_after_its_lettered_members_takes_them() -> None:
    tracker = SetTracker(1.0)
    lettered = {"9508501A.AD1": FileFacts(1, 1), "9508501V.VEH": FileFacts(1, 1)}
    tracker.observe(lettered, 0.0)
    assert tracker.seen == 2
    whole = {**lettered, "9508501.ENV": FileFacts(1, 1)}
    tracker.observe(whole, 1.0)
    assert [set(s.files) for s in seen(tracker, dict(whole), 5.0)] == [{"ENV", "AD1", "VEH"}]
    tracker.observe(lettered, 6.0)
    assert tracker.seen == 2, "and gives them back when it goes"
