"""Leaving the Configuration with changes (issue 15.6): nothing typed is lost without a question."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QRadioButton

from tests.desk.conftest import Bench, FakeControl
from tests.desk.screen import press, visible, words_on
from tests.fakes.clock import FakeClock


@pytest.fixture
def changed(start: Callable[..., Bench], control: FakeControl) -> Bench:
    """The Configuration with another send rule chosen and not kept."""
    bench = start("en")
    bench.wait(lambda: bench.window.page("jobs").count_shown)
    bench.window.open_page("customer")
    page = bench.window.page("configuration").parts["customer"]
    bench.wait(lambda: visible(bench, QRadioButton))
    bench.wait(lambda: page._kept == control.rule or page._kept == "create")
    assert not page.is_changed
    press(bench, "on DELIVERY")
    assert page.is_changed
    return bench


def test_leaving_asks_first_and_stays_where_it_is(changed: Bench) -> None:
    changed.window.show_page("jobs")
    assert "Not saved yet: Customer experience." in words_on(changed)
    assert changed.window.page("configuration").isVisible() and not changed.window.page("jobs").isVisible()
    assert changed.program.app.focusWidget().text().replace("&", "") == "Save"


def test_save_keeps_the_change_and_goes_where_one_wanted(changed: Bench) -> None:
    changed.window.show_page("jobs")
    press(changed, "Save")
    changed.wait(lambda: changed.window.page("jobs").isVisible())
    assert any(call[0] == "rule" for call in changed.control.calls), changed.control.calls
    assert "The configuration is saved." in words_on(changed)


def test_discard_goes_and_forgets_the_change(changed: Bench) -> None:
    changed.window.show_page("jobs")
    press(changed, "Discard changes")
    assert changed.window.page("jobs").isVisible() and not any(call[0] == "rule" for call in changed.control.calls)
    changed.window.open_page("customer")
    page = changed.window.page("configuration").parts["customer"]
    changed.wait(lambda: not page.is_changed)
    changed.window.show_page("jobs")
    assert changed.window.page("jobs").isVisible() and "Not saved yet" not in words_on(changed)


def test_quitting_asks_too_and_a_signal_of_the_system_does_not(changed: Bench) -> None:
    changed.window.quit()
    assert changed.window.isVisible() and "Not saved yet" in words_on(changed)
    changed.window.end()
    assert not changed.window.isVisible()


def test_cancel_leaves_without_a_question(changed: Bench) -> None:
    press(changed, "Cancel")
    assert changed.window.page("jobs").isVisible() and not any(call[0] == "rule" for call in changed.control.calls)


def test_a_desk_makes_room_for_the_one_installed_over_it(bench: Bench) -> None:
    """Issue 16: not while somebody is at it or has something written that is not kept."""
    program, clock = bench.program, bench.program.context.clock
    assert isinstance(clock, FakeClock)
    bench.wait(lambda: bench.window.page("jobs").count_shown)
    program.note_replaced(True)
    assert not program.restarts, "somebody pressed a key just now"
    clock.pass_time(30)
    bench.window.page("jobs")._begin_new()
    program.note_replaced(True)
    assert not program.restarts, "a job is being entered"
    bench.window.page("jobs")._leave_new()
    program.note_replaced(False)
    assert not program.restarts and not bench.window.quitting
    program.note_replaced(True)
    assert (program.restarts, program.was_hidden, bench.window.quitting) == (True, False, True)


def test_a_desk_in_the_tray_comes_back_there(bench: Bench) -> None:
    clock = bench.program.context.clock
    assert isinstance(clock, FakeClock)
    bench.wait(lambda: bench.window.page("jobs").count_shown)
    clock.pass_time(30)
    bench.window.page("jobs")._begin_new()
    bench.window.hide()
    bench.program.note_replaced(True)
    assert not bench.program.restarts, "what is written in a hidden window is kept as well"
    bench.window.page("jobs")._leave_new()
    bench.program.note_replaced(True)
    assert (bench.program.restarts, bench.program.was_hidden) == (True, True)


def test_first_run_is_not_broken_off_by_an_upgrade(start: Callable[..., Bench], control: FakeControl) -> None:
    control.is_configured = False
    found = start("en")
    found.wait(lambda: "Welcome to RepairCenter" in words_on(found))
    clock = found.program.context.clock
    assert isinstance(clock, FakeClock)
    clock.pass_time(30)
    found.program.note_replaced(True)
    assert not found.program.restarts
