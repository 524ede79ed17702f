"""How one thing stands: an icon, one sentence, and the one button that leads on."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import button, label

_ICON_PX = 24


class StatusCard(QFrame):
    """`say` shows a sentence in one of the theme's tones; without a title there is no button."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self.setProperty("role", "status")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        self._icon = QLabel()
        self._sentence = label("", wrap=True)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._press: Callable[[], object] = lambda: None
        self._button = button("", lambda: self._press(), primary=True)
        row.addWidget(self._icon)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._button)

    def say(
        self, mark: str, tone: str, sentence: str, title: str = "", press: Callable[[], object] | None = None
    ) -> None:
        """Show an icon of the font in the colour `tone`, the sentence, and a button `title` that calls `press`."""
        self._icon.setPixmap(self._context.theme.icon(mark, tone).pixmap(_ICON_PX))
        self._sentence.setText(sentence)
        self._sentence.setAccessibleName(sentence)
        self._button.setText(title)
        self._button.setAccessibleName(title.replace("&", ""))
        self._button.setVisible(bool(title and press))
        if press is not None:
            self._press = press

    @property
    def sentence(self) -> str:
        return self._sentence.text()
