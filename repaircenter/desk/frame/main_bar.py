"""The tool bar: pages left, shop and More right (UI.md, Frame)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QComboBox, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from repaircenter.desk.kit.desk_context import DeskContext

if TYPE_CHECKING:
    from repaircenter.desk.frame.main_window import MainWindow
    from repaircenter.shop.model import CollectorState, Shop

_ICONS = {"jobs": "car-wrench", "surveys": "clipboard-check-outline"}


class MainBar(QToolBar):
    """Its commands are those of the window."""

    def __init__(self, context: DeskContext, window: MainWindow) -> None:
        super().__init__()
        self._context = context
        self._window = window
        self._shops: list[Shop] = []
        self._surveys = True
        self.setMovable(False)
        self.setIconSize(QSize(24, 24))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._pages = QActionGroup(self)
        self.actions_by_page: dict[str, QAction] = {}
        for number, name in enumerate(_ICONS, start=1):
            action = QAction(self, checkable=True)
            action.setShortcut(QKeySequence(f"Ctrl+{number}"))
            action.triggered.connect(lambda _checked=False, which=name: window.show_page(which))
            self._pages.addAction(action)
            self.addAction(action)
            action.setEnabled(False)
            self.actions_by_page[name] = action
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self._shop = QComboBox()
        self._shop.setMinimumWidth(160)
        self._shop.currentIndexChanged.connect(lambda _index: window.jobs.show_shop(self._shop.currentData()))
        self._shop_action = self.addWidget(self._shop)
        self._shop_action.setVisible(False)
        self._more = QToolButton()
        self._more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self._more.setMenu(self._menu)
        self.addWidget(self._more)
        for sequence, call in (("Ctrl+R", window.scan_now), ("Ctrl+Shift+L", lambda: window.account.lock())):
            shortcut = QAction(self)
            shortcut.setShortcut(QKeySequence(sequence))
            shortcut.triggered.connect(call)
            window.addAction(shortcut)

    def retranslate(self) -> None:
        words = self._context.words
        for name, action in self.actions_by_page.items():
            action.setText(words(f"desk.page.{name}"))
            action.setToolTip(f"{words(f'desk.page.{name}')} ({action.shortcut().toString()})")
        self._more.setText(words("desk.more.title"))
        self._more.setAccessibleName(words("desk.more.title"))
        self._shop.setAccessibleName(words("desk.more.shop"))
        if self._shop.count():
            self._shop.setItemText(0, words("desk.surveys.all_shops"))
        self._fill()

    def load_icons(self) -> None:
        theme = self._context.theme
        for name, icon in _ICONS.items():
            self.actions_by_page[name].setIcon(theme.icon(icon, "ink"))
        self._more.setIcon(theme.icon("dots-horizontal", "ink"))

    def check(self, name: str) -> None:
        """Mark the page on screen; pages reached through More mark none."""
        self._pages.setExclusive(False)
        for which, action in self.actions_by_page.items():
            action.setChecked(which == name)
        self._pages.setExclusive(True)
        self.update_pages()

    def update_pages(self) -> None:
        for action in self.actions_by_page.values():
            action.setEnabled(self._window.is_open)
        self.actions_by_page["surveys"].setVisible(self.has_surveys)
        self._shop_action.setVisible(len(self._shops) > 1 and self._window.is_open)

    @property
    def has_surveys(self) -> bool:
        """Whether surveys and their reports are licensed (A-01)."""
        session = self._window.account.session if self._window.is_built else None
        return self._surveys if session is None else session.surveys

    def show_state(self, state: CollectorState, shops: list[Shop]) -> None:
        """The shops people may switch between, and whether reports are licensed (A-01)."""
        if shops != self._shops:
            self._shops = shops
            chosen = self._shop.currentData()
            self._shop.blockSignals(True)
            self._shop.clear()
            self._shop.addItem(self._context.words("desk.surveys.all_shops"), None)
            for shop in shops:
                self._shop.addItem(shop.name, shop.id)
            self._shop.setCurrentIndex(max(self._shop.findData(chosen), 0))
            self._shop.blockSignals(False)
            if self._shop.currentData() != chosen:
                self._window.jobs.show_shop(self._shop.currentData())
        self._surveys = state.surveys
        self.update_pages()

    def _fill(self) -> None:
        """The More menu as it fits now."""
        self._menu.clear()
        if not self._window.is_built:
            return
        words, window, account = self._context.words, self._window, self._window.account
        is_open = window.is_open
        self._menu.addAction(words("desk.configuration.menu"), window.open_directories).setEnabled(is_open)
        self._menu.addAction(words("desk.more.scan"), window.scan_now)
        self._menu.addAction(words("desk.more.reconnect"), window.reconnect)
        self._menu.addAction(words("desk.more.leaves"), lambda: window.open_page("sending")).setEnabled(is_open)
        self._menu.addSeparator()
        if account.kept is not None:
            self._menu.addAction(words("desk.more.lock"), account.lock).setEnabled(is_open)
            self._menu.addAction(words("desk.more.switch_user"), account.sign_out)
            self._menu.addAction(words("desk.more.sign_out"), account.sign_out)
        else:
            sign_in = self._menu.addAction(words("desk.sign_in.button"), lambda: window.show_page("surveys"))
            sign_in.setEnabled(is_open and self._surveys)
        self._menu.addSeparator()
        self._menu.addAction(words("desk.more.about"), window.about)
        self._menu.addAction(words("desk.more.quit"), window.quit)
