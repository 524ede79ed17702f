"""A tree of names without a header."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTreeWidget


class Tree(QTreeWidget):
    """Rows filled before the style sheet was laid on are measured again when they are first seen."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.doItemsLayout()
