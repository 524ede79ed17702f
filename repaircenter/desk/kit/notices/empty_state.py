"""Why there is nothing here, and the next step."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from repaircenter.desk.kit.bound_texts import write
from repaircenter.desk.kit.widgets import label


class EmptyState(QWidget):
    """Why there is nothing here, and the next step."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = label("", "title")
        self._text = label("", "soft", wrap=True)
        self._text.setMaximumWidth(480)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._action = QPushButton()
        self._action.clicked.connect(self._pressed)
        self._call: Callable[[], object] | None = None
        for widget in (self._title, self._text, self._action):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def say(self, title: str, text: str, action: str = "", call: Callable[[], object] | None = None) -> None:
        self._title.setText(title)
        self._text.setText(text)
        write(self._action, action)
        self._action.setVisible(bool(action))
        self._call = call

    def _pressed(self) -> None:
        if self._call is not None:
            self._call()
