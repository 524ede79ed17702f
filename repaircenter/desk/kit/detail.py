"""The head of a detail: its title and lines of facts."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from repaircenter.desk.kit.widgets import label


class DetailHead(QWidget):
    """A title and `lines` lines of facts; a line without a fact is not there. All can be copied."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._title = label("", "title", wrap=True)
        self._lines = [label("", "soft", wrap=True) for _ in range(lines)]
        for widget in (self._title, *self._lines):
            widget.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(widget)

    def show_facts(self, title: str, lines: Sequence[Sequence[str | None]]) -> None:
        """Facts that are empty are left out; the others of a line stand beside each other."""
        self._title.setText(title)
        for widget, facts in zip(self._lines, lines, strict=True):
            text = " · ".join(fact for fact in facts if fact)
            widget.setText(text)
            widget.setVisible(bool(text))
