"""The head of a detail: its title, lines of facts, and what stands in the way."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from repaircenter.desk.kit.widgets import label


class DetailHead(QWidget):
    """A title, `lines` lines of facts and one of trouble; a line without a fact is not there. All can be copied."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._title = label("", "title", wrap=True)
        self._lines = [label("", "soft", wrap=True) for _ in range(lines)]
        self._trouble = label("", "problem", wrap=True)
        for widget in (self._title, *self._lines, self._trouble):
            widget.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(widget)

    def show_facts(self, title: str, lines: Sequence[Sequence[str | None]], trouble: str = "") -> None:
        """Facts that are empty are left out; the others of a line stand beside each other."""
        self._title.setText(title)
        for widget, facts in zip(self._lines, lines, strict=True):
            text = " · ".join(fact for fact in facts if fact)
            widget.setText(text)
            widget.setVisible(bool(text))
        self._trouble.setText(trouble)
        self._trouble.setVisible(bool(trouble))
