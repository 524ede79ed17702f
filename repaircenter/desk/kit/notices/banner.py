"""A notice above a page with what one can do about it."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from repaircenter.desk.kit.bound_texts import without_mark
from repaircenter.desk.kit.widgets import button, label, row_of


class Banner(QFrame):
    """A notice above a page with what one can do about it; hidden until it has something to say.

    `narrow` puts the buttons below the words. Its buttons have no letter of Alt: the page below has the letters.
    """

    def __init__(self, *, narrow: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self._narrow = narrow
        self._turn = 0
        self._row: QHBoxLayout | QVBoxLayout = QVBoxLayout(self) if narrow else QHBoxLayout(self)
        self._row.setContentsMargins(12, 8, 12, 8)
        self.hide()

    def say(
        self, text: str, actions: Sequence[tuple[str, Callable[[], object]]] = (), extra: QWidget | None = None
    ) -> int:
        """Return a number by which `says` knows whether it still stands there."""
        self.clear()
        words = label(text, wrap=True)
        words.setAccessibleName(text)
        self._row.addWidget(words, 1)
        if extra is not None:
            self._row.addWidget(extra)
        buttons = [button(without_mark(title), pressed) for title, pressed in actions]
        for widget in [row_of(*buttons)] if self._narrow and buttons else buttons:
            self._row.addWidget(widget)
        self.show()
        return self._turn

    def set_focus(self) -> None:
        """The keyboard stands on the first thing one can do."""
        pressed = self.findChild(QPushButton)
        if pressed is not None:
            pressed.setFocus()

    def says(self, turn: int) -> bool:
        """Whether what `say` said with this number still stands there."""
        return turn == self._turn

    def clear(self) -> None:
        self._turn += 1
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        self.hide()
