"""Texts of widgets that follow the language: said once where the widget is made, written anew in another language."""

from typing import TypeVar
from weakref import ref

from PySide6.QtWidgets import QAbstractButton, QGroupBox, QLabel, QLineEdit, QWidget
from shiboken6 import isValid

from repaircenter.runtime.text import Texts

W = TypeVar("W", bound=QWidget)


class BoundTexts:
    """The widgets and the keys of their texts. A widget that is gone is forgotten with the next language."""

    def __init__(self, words: Texts) -> None:
        self._words = words
        self._bound: list[tuple[ref[QWidget], dict[str, str]]] = []

    def bind(self, widget: W, text: str = "", *, name: str = "", tip: str = "", hint: str = "") -> W:
        """Give a widget its words by their keys, now and after every change of the language; return it.

        `text` stands on it; `name` is what screen readers call it (its text without one), `tip` its tool tip, `hint`
        what an empty field says.
        """
        keys = {"text": text, "name": name, "tip": tip, "hint": hint}
        self._bound.append((ref(widget), keys))
        self._write(widget, keys)
        return widget

    def follow(self, words: Texts) -> None:
        """Write every text in another language."""
        self._words = words
        alive = []
        for known, keys in self._bound:
            widget = known()
            if widget is not None and isValid(widget):
                self._write(widget, keys)
                alive.append((known, keys))
        self._bound = alive

    def _write(self, widget: QWidget, keys: dict[str, str]) -> None:
        texts = {what: self._words(key) for what, key in keys.items() if key}
        if "text" in texts:
            write(widget, texts["text"])
        if "hint" in texts and isinstance(widget, QLineEdit):
            widget.setPlaceholderText(texts["hint"])
        if "tip" in texts:
            widget.setToolTip(texts["tip"])
        if "name" in texts:
            widget.setAccessibleName(without_mark(texts["name"]))


def write(widget: QWidget, text: str) -> None:
    """Put a text on a widget, and let screen readers call it so."""
    if isinstance(widget, QGroupBox):
        widget.setTitle(text)
    elif isinstance(widget, QLabel):
        widget.setText(text)
        return
    elif isinstance(widget, QAbstractButton):
        widget.setText(text)
    widget.setAccessibleName(without_mark(text))


def without_mark(text: str) -> str:
    """A text without the mark of its shortcut key."""
    return text.replace("&", "")
