"""The pages by keyboard and screen reader, as they are on screen (issue 15.7, 15.17): letters of Alt, names, tab bars."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QFileDialog, QLineEdit, QPushButton, QWidget

from repaircenter.desk.viewer import report_paper
from repaircenter.runtime.text import LANGUAGES, Texts
from tests.desk.conftest import Bench, FakeControl, job
from tests.desk.screen import field, letters_of_alt, press, visible, words_on
from tests.fixtures import printer


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
    for name in bench.window.page("configuration").names:
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


def once(ready: Callable[[], QWidget | None], act: Callable[[QWidget], None], tries: int = 250) -> None:
    """Do something as soon as a widget is there, within the loop of its own that a menu or a dialog runs."""
    widget = ready()
    if widget is not None:
        act(widget)
    elif tries:
        QTimer.singleShot(20, lambda: once(ready, act, tries - 1))


def in_the_popup(bench: Bench, *pressed: Qt.Key) -> None:
    """Press keys in the menu that opens next."""

    def press_them(menu: QWidget) -> None:
        for key in pressed:
            QTest.keyClick(menu, key)

    once(lambda: bench.program.app.activePopupWidget(), press_them)


def test_a_report_is_run_drilled_printed_and_saved_without_a_mouse(
    bench: Bench, network_printer: printer.NetworkPrinter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 15, done when: run, drill, back, page setup, print, save; then copy and the way to the jobs."""
    monkeypatch.setattr(report_paper, "UNDO_MS", 100)
    bench.window.set_language("en")
    bench.sign_in()
    surveys = bench.window.page("surveys")
    viewer, view = surveys.viewer, surveys.viewer.view
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    # Run.
    keys(bench, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    bench.wait(lambda: view.pages and not viewer.is_running)
    # Drill: from the pages to a figure, what it says, and the answers behind it.
    view.setFocus()
    for _ in range(12):
        keys(bench, Qt.Key.Key_Tab)
        reached = view.links.chosen
        if reached is not None and reached.figure is not None and reached.link is not None:
            break
    keys(bench, Qt.Key.Key_Return)
    assert viewer._figure.isVisible() and "8,50" in words_on(bench)
    first = view.page_text()
    tab_to(bench, "Show the answers behind it")
    keys(bench, Qt.Key.Key_Space)
    bench.wait(lambda: viewer.state.history.before and view.pages and not viewer.is_running)
    # Back, to the very place.
    QTest.keyClick(bench.window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    bench.wait(lambda: view.page_text() == first)
    # Page setup.
    QTest.keyClick(bench.window, Qt.Key.Key_S, control | shift)
    bench.wait(viewer.page_setup.isVisible)
    margin = viewer.page_setup._margin
    margin.setFocus()
    QTest.keyClick(margin, Qt.Key.Key_Up)
    bench.wait(lambda: viewer.state.laid_with.margin == 16.0)
    QTest.keyClick(viewer.page_setup, Qt.Key.Key_Escape)
    assert not viewer.page_setup.isVisible()
    bench.window.activateWindow()
    bench.wait(bench.window.isActiveWindow)
    # Print, on the usual printer.
    QTest.keyClick(bench.window, Qt.Key.Key_P, control | shift)
    bench.wait(lambda: network_printer.jobs > 0, 20.0)
    # Save as PDF: the menu by keys; the dialog is the system's and answers here.
    chosen = (str(tmp_path / "walk.pdf"), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: chosen)
    in_the_popup(bench, Qt.Key.Key_Down, Qt.Key.Key_Return)
    QTest.keyClick(bench.window, Qt.Key.Key_S, control)
    bench.wait(lambda: (tmp_path / "walk.pdf").exists())
    bench.wait(lambda: (tmp_path / "walk.pdf").read_bytes().startswith(b"%PDF"))
    # Copy, and to the jobs.
    QTest.keyClick(bench.window, Qt.Key.Key_C, control | shift)
    bench.wait(lambda: "Question 199" in QGuiApplication.clipboard().text())
    QTest.keyClick(bench.window, Qt.Key.Key_1, control)
    assert bench.window.page("jobs").isVisible()
