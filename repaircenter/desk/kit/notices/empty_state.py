"""Why there is nothing here, and the next step."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from repaircenter.desk.kit.bound_texts import write
from repaircenter.desk.kit.widgets import label

_WIDE = 480


class EmptyState(QWidget):
    """Why there is nothing here, and the next step."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        self._title = label("", "title")
        self._text = label("", "soft", wrap=True)
        self._text.setMaximumWidth(_WIDE)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._action, self._second = QPushButton(), QPushButton()
        self._calls: dict[QPushButton, Callable[[], object]] = {}
        for pressed in (self._action, self._second):
            pressed.clicked.connect(partial(self._pressed, pressed))
            pressed.hide()
        layout.addStretch(1)
        layout.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        # Without an alignment of its own: the layout gives it its width first, and then the height of all its lines.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._text, 100)
        middle.addStretch(1)
        layout.addLayout(middle)
        for pressed in (self._action, self._second):
            layout.addWidget(pressed, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def say(self, title: str, text: str, action: str = "", call: Callable[[], object] | None = None) -> None:
        self._title.setText(title)
        self._text.setText(text)
        self._offer(self._action, action, call)
        self._offer(self._second, "", None)

    def offer_another(self, action: str, call: Callable[[], object]) -> None:
        """Another way on, until something else is said."""
        self._offer(self._second, action, call)

    def _offer(self, pressed: QPushButton, action: str, call: Callable[[], object] | None) -> None:
        write(pressed, action)
        pressed.setVisible(bool(action))
        self._calls.pop(pressed, None)
        if call is not None:
            self._calls[pressed] = call

    def _pressed(self, pressed: QPushButton) -> None:
        if pressed in self._calls:
            self._calls[pressed]()
