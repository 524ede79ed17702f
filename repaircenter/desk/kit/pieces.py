"""Small widgets the pages share: titles, banners, empty states, the splitter bar with its arrow (UI.md)."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QSplitterHandle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from repaircenter.desk.kit.bound_texts import write
from repaircenter.desk.kit.desk_context import DeskContext

_FLASH_MS = 6000


def label(text: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """A text label; `role` is title, soft or problem."""
    widget = QLabel(text)
    widget.setTextFormat(Qt.TextFormat.PlainText)
    widget.setWordWrap(wrap)
    if role:
        widget.setProperty("role", role)
    return widget


def button(text: str, pressed: Callable[[], object], *, primary: bool = False) -> QPushButton:
    widget = QPushButton(text)
    widget.setAccessibleName(text.replace("&", ""))
    widget.clicked.connect(lambda _checked=False: pressed())
    if primary:
        widget.setProperty("primary", True)
    return widget


def row_of(*widgets: QWidget) -> QWidget:
    """Widgets side by side, as wide as they need to be."""
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return page


class Banner(QFrame):
    """A notice above a page with what one can do about it; hidden until it has something to say.

    `narrow` puts the buttons below the words.
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
        buttons = [button(title, pressed) for title, pressed in actions]
        for widget in [row_of(*buttons)] if self._narrow and buttons else buttons:
            self._row.addWidget(widget)
        self.show()
        return self._turn

    def says(self, turn: int) -> bool:
        """Whether what `say` said with this number still stands there."""
        return turn == self._turn

    def flash(self, text: str, after: Callable[[], object] = lambda: None) -> None:
        """Say something for six seconds; `after` is called then, unless something else was said meanwhile."""
        turn = self.say(text)

        def end() -> None:
            if self.says(turn):
                self.clear()
                after()

        QTimer.singleShot(_FLASH_MS, self, end)

    def clear(self) -> None:
        self._turn += 1
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        self.hide()


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

    def _toggle(self) -> None:
        index = next((i for i in range(self._owner.count()) if self._owner.handle(i) is self), 1) - 1
        self._owner.fold(index, not self._owner.is_folded(index))
