"""The splitter bar with its arrow (A-33, A-42)."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QSplitterHandle, QToolButton, QVBoxLayout

from repaircenter.desk.kit.desk_context import DeskContext


class ArrowSplitter(QSplitter):
    """A splitter whose bars carry an arrow that folds the part before it away and back (A-33, A-42)."""

    folded = Signal(int, bool)

    def __init__(self, orientation: Qt.Orientation, context: DeskContext, name: str) -> None:
        super().__init__(orientation)
        self.context = context
        self._name = name
        self._sizes: list[int] = []
        self.setHandleWidth(14)
        self.setChildrenCollapsible(True)
        self.splitterMoved.connect(lambda *_: self._remember())

    def createHandle(self) -> QSplitterHandle:
        return _ArrowHandle(self.orientation(), self)

    def restore(self) -> None:
        """Sizes as this person left them."""
        state = self.context.remembered_state(f"splitter/{self._name}")
        if state is not None:
            self.restoreState(state)
        self._update_arrows()

    def is_folded(self, index: int = 0) -> bool:
        return self.sizes()[index] == 0

    def fold(self, index: int, away: bool) -> None:
        """Fold the part `index` away, or bring it back with the size it had."""
        sizes = self.sizes()
        if away == (sizes[index] == 0):
            return
        if away:
            self._sizes = sizes
            freed, sizes[index] = sizes[index], 0
            sizes[index + 1] += freed
        else:
            size = self._sizes[index] if len(self._sizes) > index and self._sizes[index] else sum(sizes) // 3
            sizes[index] = size
            sizes[index + 1] = max(sizes[index + 1] - size, 1)
        self.setSizes(sizes)
        self._remember()
        self.folded.emit(index, away)

    def _remember(self) -> None:
        self.context.remember(f"splitter/{self._name}", self.saveState())
        self._update_arrows()

    def _update_arrows(self) -> None:
        for index in range(1, self.count()):
            handle = self.handle(index)
            if isinstance(handle, _ArrowHandle):
                handle.show_state(self.is_folded(index - 1))


class _ArrowHandle(QSplitterHandle):
    def __init__(self, orientation: Qt.Orientation, parent: ArrowSplitter) -> None:
        super().__init__(orientation, parent)
        self._owner = parent
        vertical = orientation == Qt.Orientation.Vertical
        self._away = Qt.ArrowType.UpArrow if vertical else Qt.ArrowType.LeftArrow
        self._back = Qt.ArrowType.DownArrow if vertical else Qt.ArrowType.RightArrow
        layout: QHBoxLayout | QVBoxLayout = QHBoxLayout(self) if vertical else QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._arrow = QToolButton()
        self._arrow.setAutoRaise(True)
        self._arrow.setFixedSize(48 if vertical else 14, 14 if vertical else 48)
        self._arrow.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._arrow.clicked.connect(self._toggle)
        layout.addWidget(self._arrow, 0, Qt.AlignmentFlag.AlignCenter)
        self.show_state(False)

    def show_state(self, folded: bool) -> None:
        words = self._owner.context.words
        text = words("desk.bar.open" if folded else "desk.bar.close")
        self._arrow.setArrowType(self._back if folded else self._away)
        self._arrow.setToolTip(text)
        self._arrow.setAccessibleName(text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The arrow alone: the style's dots would be under it."""

    def _toggle(self) -> None:
        index = next((i for i in range(self._owner.count()) if self._owner.handle(i) is self), 1) - 1
        self._owner.fold(index, not self._owner.is_folded(index))
