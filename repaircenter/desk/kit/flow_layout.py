"""Widgets in rows that wrap where the window is too narrow, as words do."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

_GAP = 4


class FlowLayout(QLayout):
    """The height follows from the width; `gap` pixels lie between the widgets."""

    def __init__(self, parent: QWidget, gap: int = _GAP) -> None:
        super().__init__(parent)
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """Put the items into rows; return the height that takes."""
        x, y, height = rect.x(), rect.y(), 0
        shown = [item for item in self._items if not item.isEmpty()]
        row: list[tuple[QLayoutItem, int]] = []
        for item in shown:
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                self._place(row, y, height, move=move)
                x, y, height, row = rect.x(), y + height + self._gap, 0, []
            row.append((item, x))
            x += size.width() + self._gap
            height = max(height, size.height())
        self._place(row, y, height, move=move)
        return y + height - rect.y()

    @staticmethod
    def _place(row: list[tuple[QLayoutItem, int]], y: int, height: int, *, move: bool) -> None:
        if move:
            for item, x in row:
                size = item.sizeHint()
                item.setGeometry(QRect(QPoint(x, y + (height - size.height()) // 2), size))
