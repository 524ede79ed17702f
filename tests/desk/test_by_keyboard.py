"""The pages by keyboard and screen reader, as they are on screen (issue 15.7, 15.17): letters of Alt, names, tab bars."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QPushButton, QWidget

from repaircenter.runtime.text import LANGUAGES, Texts
from tests.desk.conftest import Bench, FakeControl, job
from tests.desk.screen import field, letters_of_alt, press, visible, words_on


def clashes(bench: Bench) -> list[str]:
    """Letters that two controls take (they do nothing then), and controls that a screen reader cannot name."""
    taken_twice = [f"{letter}: {texts}" for letter, texts in letters_of_alt(bench).items() if len(texts) > 1]
    controls = [w for w in visible(bench, QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isEnabled()]
    # The field of a spin box is its own part and speaks with its name.
    controls = [w for w in controls if not isinstance(w.parent(), QAbstractSpinBox | QComboBox)]
    nameless = [w for w in controls if not spoken(w) or "&" in spoken(w)]
    return taken_twice + [f"{type(w).__name__} in {type(w.parent()).__name__}: {spoken(w)!r}" for w in nameless]


def spoken(widget: QWidget) -> str:
    """What a screen reader calls a control."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else widget.accessibleName()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_and_name_of_a_page_is_clear(
    start: Callable[..., Bench], control: FakeControl, language: str
) -> None:
    words = Texts(language)
    bench = start(language)
    jobs, surveys = bench.window.page("jobs"), bench.window.page("surveys")
    bench.wait(lambda: jobs.count_shown)
    jobs.select_first()
    bench.wait(lambda: jobs.shown_job)
    shown = {"jobs": clashes(bench)}
    press(bench, words("desk.job.edit_contact").replace("&", ""))
    shown["contact"] = clashes(bench)
    press(bench, words("desk.configuration.cancel").replace("&", ""))
    press(bench, words("desk.new_job.button").replace("&", ""))
    shown["new job"] = clashes(bench)
    press(bench, words("desk.configuration.cancel").replace("&", ""))
    bench.window.show_page("sending")
    shown["sending"] = clashes(bench)
    for name in bench.window.page("configuration").parts:
        bench.window.open_page(name)
        shown[name] = clashes(bench)
    bench.window.show_page("surveys")
    shown["sign in"] = clashes(bench)
    bench.sign_in()
    shown["surveys"] = clashes(bench)
    surveys.view_report()
    bench.wait(lambda: surveys.viewer.view.pages and not surveys.viewer.is_running)
    surveys.viewer.say_stale(lambda: None, lambda _request: None)
    shown["stale report"] = clashes(bench)
    assert {page: wrong for page, wrong in shown.items() if wrong} == {}


def test_alt_and_the_letter_view_the_report_again_once_parameters_changed(bench: Bench) -> None:
    bench.window.set_language("en")
    bench.sign_in()
    surveys = bench.window.page("surveys")
    surveys.view_report()
    bench.wait(lambda: surveys.viewer.view.pages and not surveys.viewer.is_running)
    asked = len(bench.control.person.requests)
    period = field(bench, "Period", QComboBox)
    period.setCurrentIndex(period.currentIndex() + 1)
    period.activated.emit(period.currentIndex())
    assert len([b for b in visible(bench, QPushButton) if "View report" in b.text().replace("&", "")]) == 2
    QTest.keyClick(bench.window, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    bench.wait(lambda: len(bench.control.person.requests) > asked)


def keys(bench: Bench, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key as a person presses it: where the keyboard stands."""
    QTest.keyClick(bench.program.app.focusWidget() or bench.window, key, modifier)


def tab_to(bench: Bench, name: str) -> None:
    """Press Tab until the keyboard stands on the control of this name."""
    for _ in range(60):
        focus = bench.program.app.focusWidget()
        if focus is not None and spoken(focus) == name:
            return
        keys(bench, Qt.Key.Key_Tab)
    raise AssertionError(f"{name!r} is not reached by Tab")


def test_a_job_is_found_mended_and_sent_without_a_mouse(start: Callable[..., Bench], control: FakeControl) -> None:
    """Issue 15, done when: find a job, add the e-mail, send, see why."""
    control.kept_jobs[2] = job(3, email=None, sent_digest=None, service_state=None, service_callable_on=None)
    control.rule = "never"
    bench = start("en")
    page = bench.window.page("jobs")
    bench.wait(lambda: page.count_shown == 5)
    keys(bench, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page._list.search.hasFocus()
    QTest.keyClicks(page._list.search, "26-0003")
    bench.wait(lambda: page.count_shown == 1)
    keys(bench, Qt.Key.Key_Down)
    bench.wait(lambda: page.shown_job == 3 and "No way to reach this customer" in words_on(bench))
    keys(bench, Qt.Key.Key_E, Qt.KeyboardModifier.AltModifier)
    bench.wait(lambda: page._details.is_editing and field(bench, "E-mail", QLineEdit).hasFocus())
    QTest.keyClicks(field(bench, "E-mail", QLineEdit), "new@example.com")
    keys(bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    bench.wait(lambda: "Nothing is sent by itself here." in words_on(bench))
    tab_to(bench, "Send now")
    keys(bench, Qt.Key.Key_Space)
    bench.wait(lambda: ("send", 3) in control.calls)
    bench.wait(lambda: "Sent; the service has not said yet" in words_on(bench))
    tab_to(bench, "Timeline")


def test_a_report_is_run_set_up_and_left_without_a_mouse(bench: Bench) -> None:
    """Issue 15, done when: run, page setup, back to the list."""
    bench.window.set_language("en")
    bench.sign_in()
    surveys = bench.window.page("surveys")
    keys(bench, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    bench.wait(lambda: surveys.viewer.view.pages and not surveys.viewer.is_running)
    shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(bench.window, Qt.Key.Key_S, shift)
    bench.wait(surveys.viewer.page_setup.isVisible)
    QTest.keyClick(surveys.viewer.page_setup, Qt.Key.Key_Escape)
    assert not surveys.viewer.page_setup.isVisible()
    bench.window.activateWindow()
    bench.wait(bench.window.isActiveWindow)
    QTest.keyClick(bench.window, Qt.Key.Key_C, shift)
    bench.wait(lambda: "Question 199" in QGuiApplication.clipboard().text())
    QTest.keyClick(bench.window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert bench.window.page("jobs").isVisible()
