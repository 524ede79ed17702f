"""A full look for garbage waits until nobody touches the desk; long lists are taken apart in the background."""

import gc
import weakref

from repaircenter.desk.frame.garbage import IdleCollector
from repaircenter.desk.kit.bridge import Background
from tests.desk.conftest import Bench


class Knot:
    """Two of these hold each other: only a look for garbage frees them."""

    other: "Knot"


def tied() -> weakref.ref[Knot]:
    one, two = Knot(), Knot()
    one.other, two.other = two, one
    gc.collect(1)
    return weakref.ref(one)


def test_a_full_look_waits_until_nobody_is_there(bench: Bench) -> None:
    idle = 0.0
    before = gc.get_threshold()
    collector = IdleCollector(lambda: idle)
    assert gc.get_threshold()[2] > 100_000
    knot = tied()
    collector.look()
    assert knot() is not None, "somebody works"
    idle = 60.0
    collector.look()
    assert knot() is None
    collector.close()
    assert gc.get_threshold() == before


def test_the_desk_knows_how_long_nobody_was_there(bench: Bench) -> None:
    account, clock = bench.window.account, bench.window._context.clock
    account._touched()
    assert account.idle_seconds < 1
    clock.pass_time(90)  # type: ignore[attr-defined]
    assert account.idle_seconds >= 90


def test_a_long_list_is_let_go_to_its_end(bench: Bench) -> None:
    background: Background = bench.window._context.background
    many = [Knot() for _ in range(100)]
    last = weakref.ref(many[0])
    background.let_go(many)
    bench.wait(lambda: not many)
    assert last() is None
