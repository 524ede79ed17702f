"""The pages by keyboard and screen reader, as they are on screen (issue 15.7, 15.17): letters of Alt, names, tab bars."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QPushButton, QWidget

from repaircenter.runtime.text import LANGUAGES, Texts
from tests.desk.conftest import Bench, FakeControl
from tests.desk.screen import field, letters_of_alt, press, visible


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
