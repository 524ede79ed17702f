"""The window lies in the work area of a screen that is there (issue 15.8)."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect

from repaircenter.desk.frame.placing import centred, fitted
from tests.desk.conftest import Bench

# The work areas of an office screen with a task bar below, and of one left of it.
SMALL, LEFT, LARGE = QRect(0, 0, 1366, 728), QRect(-1920, 0, 1920, 1040), QRect(0, 0, 1920, 1040)


@pytest.mark.parametrize(
    ("wanted", "areas", "expected"),
    [
        (QRect(43, 0, 1280, 800), [SMALL], QRect(43, 32, 1280, 688)),
        (QRect(320, 120, 1280, 800), [LARGE], QRect(320, 120, 1280, 800)),
        (QRect(-1500, 100, 1280, 800), [LARGE, LEFT], QRect(-1500, 100, 1280, 800)),
        (QRect(-1500, 100, 1280, 800), [LARGE], QRect(8, 100, 1280, 800)),
        (QRect(5000, 5000, 1280, 800), [SMALL], QRect(78, 32, 1280, 688)),
        (QRect(0, 0, 2560, 1400), [SMALL], QRect(8, 32, 1350, 688)),
    ],
)
def test_a_window_is_moved_and_made_smaller_until_it_fits(wanted: QRect, areas: list[QRect], expected: QRect) -> None:
    assert fitted(wanted, areas) == expected


def test_without_a_screen_nothing_is_moved() -> None:
    assert fitted(QRect(1, 2, 3, 4), []) == QRect(1, 2, 3, 4)


def test_a_first_window_stands_in_the_middle() -> None:
    assert centred(1280, 800, LARGE) == QRect(320, 120, 1280, 800)


def test_the_window_comes_back_where_it_was_and_onto_a_screen_that_is_there(start: Callable[..., Bench]) -> None:
    bench = start("en")
    window = bench.window
    window.setGeometry(4000, 4000, 1100, 700)
    window._context.remember("window", window.saveGeometry())
    window.place()
    area = bench.program.app.primaryScreen().availableGeometry()
    assert area.intersects(window.geometry()) and area.contains(window.geometry().topLeft())
