"""Configuration (More > Configuration, A-17): a list of pages left, the chosen one right, Apply / OK / Cancel below."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from repaircenter.desk.desk_context import DeskContext
from repaircenter.desk.directories_page import DirectoriesPage
from repaircenter.desk.pieces import button
from repaircenter.shop.model import CollectorState
from repaircenter.shop.ports import ShopControl

_PLACE = Qt.ItemDataRole.UserRole


class ConfigurationPage(QWidget):
    """`done` is called when a person leaves it with OK or Cancel."""

    def __init__(self, context: DeskContext, done: Callable[[], None]) -> None:
        super().__init__()
        self._context = context
        self._done = done
        self.directories = DirectoriesPage(context)
        self._tree = QTreeWidget()
        self._tree.setHeaderHidden(True)
        self._tree.setFixedWidth(220)
        self._tree.currentItemChanged.connect(lambda item, _before: self._show(item))
        # The tree owns its items; nobody else keeps hold of them.
        QTreeWidgetItem(QTreeWidgetItem(self._tree)).setData(0, _PLACE, 0)
        self._tree.expandAll()
        self._pages = QStackedWidget()
        self._pages.addWidget(_scrolled(self.directories))
        self._ok = button("", self._pressed_ok, primary=True)
        self._apply = button("", self._pressed_apply)
        self._cancel = button("", self._pressed_cancel)
        row = QHBoxLayout()
        row.addStretch(1)
        for widget in (self._ok, self._apply, self._cancel):
            row.addWidget(widget)
        right = QVBoxLayout()
        right.addWidget(self._pages, 1)
        right.addLayout(row)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(self._tree)
        layout.addLayout(right, 1)
        self._tree.setCurrentItem(self._entries()[1])
        self.setFocusProxy(self.directories)
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        group, files = self._entries()
        group.setText(0, words("desk.configuration.shop_setup"))
        files.setText(0, words("desk.directories.title"))
        self._tree.setAccessibleName(words("desk.configuration.title"))
        for widget, key in ((self._ok, "ok"), (self._apply, "apply"), (self._cancel, "cancel")):
            widget.setText(words(f"desk.configuration.{key}"))
            widget.setAccessibleName(words(f"desk.configuration.{key}").replace("&", ""))
        self.directories.retranslate()

    def _entries(self) -> tuple[QTreeWidgetItem, QTreeWidgetItem]:
        """Shop setup, and File directories below it."""
        group = self._tree.topLevelItem(0)
        files = None if group is None else group.child(0)
        assert group is not None and files is not None
        return group, files

    def attach(self, control: ShopControl) -> None:
        self.directories.attach(control)

    def show_state(self, state: CollectorState) -> None:
        self.directories.show_state(state)

    def opened(self) -> None:
        """The page comes on screen: show what is kept now."""
        self.directories.load()

    def _show(self, item: QTreeWidgetItem | None) -> None:
        place = item.data(0, _PLACE) if item is not None else None
        if place is not None:
            self._pages.setCurrentIndex(int(place))

    def _pressed_ok(self) -> None:
        self.directories.apply(self._done)

    def _pressed_apply(self) -> None:
        self.directories.apply(lambda: None)

    def _pressed_cancel(self) -> None:
        self.directories.stop()
        self._done()


def _scrolled(page: QWidget) -> QScrollArea:
    """A page that never squeezes its parts: where a window is too low for it, it scrolls."""
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
