"""What a test sees on the screen and how it presses: by the words people read."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QMenu, QPushButton, QToolButton, QWidget

from tests.desk.conftest import Waiting

W = TypeVar("W", bound=QWidget)


def visible(bench: Waiting, kind: type[W]) -> list[W]:
    return [w for w in bench.window.findChildren(kind) if w.isVisible()]


def words_on(bench: Waiting) -> str:
    """Every label and button that can be seen; no-break spaces are spaces here."""
    texts = [w.text() for w in visible(bench, QLabel)] + [w.text() for w in visible(bench, QAbstractButton)]
    return "\n".join(texts).replace("&", "").replace("\N{NO-BREAK SPACE}", " ")


def press(bench: Waiting, text: str) -> None:
    found = [w for w in visible(bench, QAbstractButton) if w.text().replace("&", "") == text]
    assert found, f"no button says {text!r}:\n{words_on(bench)}"
    assert found[0].isEnabled(), f"{text!r} cannot be pressed"
    found[0].click()


def field(bench: Waiting, name: str, kind: type[W] = QLineEdit) -> W:  # type: ignore[assignment]
    """The visible control of this accessible name."""
    found = [w for w in visible(bench, kind) if w.accessibleName() == name]
    assert found, f"no {kind.__name__} is called {name!r}: {[w.accessibleName() for w in visible(bench, kind)]}"
    return found[0]


def menu_of(bench: Waiting, text: str) -> dict[str, QAction]:
    """The entries of the menu a button opens, as they are now."""
    button = next(w for w in visible(bench, QToolButton) if w.text().replace("&", "") == text)
    menu = button.menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    return {action.text().replace("&", ""): action for action in menu.actions() if action.text()}


def reached_by_tab(bench: Waiting, first: QWidget, most: int = 200) -> list[QWidget]:
    """The controls that Tab reaches from one on, in their order."""
    first.setFocus()
    found: list[QWidget] = []
    for _ in range(most):
        focus = bench.program.app.focusWidget()
        if focus is None or focus in found:
            break
        found.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    return found


def letters_of_alt(bench: Waiting) -> dict[str, list[str]]:
    """Letter -> the texts on screen that take it with Alt: buttons, and labels that lead to a control."""
    letters: dict[str, list[str]] = {}
    texts = [w.text() for w in visible(bench, QAbstractButton) if not w.text().startswith("&&")]
    texts += [w.text() for w in visible(bench, QLabel) if w.buddy() is not None]
    for text in texts:
        letter = QKeySequence.mnemonic(text).toString()
        if letter:
            letters.setdefault(letter, []).append(text)
    return letters


def words_in(widget: QWidget) -> str:
    """Every sentence that is seen in a part of the window."""
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def button_in(widget: QWidget, text: str) -> QPushButton | None:
    """The button of these words that is seen in a part of the window; None when there is none."""
    pressed = (one for one in widget.findChildren(QPushButton) if one.text().replace("&", "") == text)
    return next((one for one in pressed if one.isVisible()), None)


def press_in(widget: QWidget, text: str) -> None:
    pressed = button_in(widget, text)
    assert pressed is not None and pressed.isEnabled(), text
    QTest.mouseClick(pressed, Qt.MouseButton.LeftButton)
