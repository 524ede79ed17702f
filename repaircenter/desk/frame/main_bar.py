"""The tool bar: pages left, shop and More right (UI.md, Frame)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QComboBox, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from repaircenter.desk.kit.bound_texts import write
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.room import Room
from repaircenter.wire.vocabulary import SURVEYS

if TYPE_CHECKING:
    from repaircenter.desk.account.account import Account
    from repaircenter.shop.model.job import Shop
    from repaircenter.shop.model.state import CollectorState


_WIDEST_NAME = 150


@dataclass(frozen=True, slots=True)
class WindowState:
    """What the bar shows itself by: `licences` and `permissions` are those of the person, `person` their name; None and
    empty while nobody is signed in."""

    is_built: bool = False
    is_open: bool = False
    is_known: bool = False
    licences: frozenset[str] | None = None
    person: str = ""
    permissions: frozenset[str] = frozenset()


def window_state(account: Account, *, is_open: bool) -> WindowState:
    """Return what the bar shows itself by, once the window is built."""
    session, is_known = account.session, account.kept is not None
    if session is None:
        return WindowState(True, is_open, is_known)
    person, may = session.person or account.email, frozenset(session.permissions)
    return WindowState(True, is_open, is_known, session.licences, person, may)


class MainBar(QToolBar):
    """Says what a person wants; the window does it. `state` is asked whenever the bar is shown anew.

    `command` says open, scan, reconnect, directories, lock, sign_out, about or quit.
    """

    page_wanted = Signal(str)
    shop_chosen = Signal(object)
    command = Signal(str)

    def __init__(self, context: DeskContext, rooms: Sequence[Room], state: Callable[[], WindowState]) -> None:
        super().__init__()
        self._context = context
        self._state = state
        self._rooms = [room for room in rooms if room.icon]
        self._licence = {room.name: room.licence for room in rooms if room.licence}
        self._permission = {room.name: room.permission for room in rooms if room.permission}
        self._asks_who = {room.name for room in rooms if room.asks_who}
        self._shops: list[Shop] = []
        self._licences = frozenset((SURVEYS,))
        # How many of a room wait for somebody.
        self._counts: dict[str, int] = {}
        self.setMovable(False)
        self.setIconSize(QSize(24, 24))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._pages = QActionGroup(self)
        self.actions_by_page: dict[str, QAction] = {}
        for number, room in enumerate(self._rooms, start=1):
            action = QAction(self, checkable=True)
            action.setShortcut(QKeySequence(f"Ctrl+{number}"))
            action.triggered.connect(lambda _checked=False, which=room.name: self.page_wanted.emit(which))
            self._pages.addAction(action)
            self.addAction(action)
            action.setEnabled(False)
            self.actions_by_page[room.name] = action
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self._shop = QComboBox()
        self._shop.setMinimumWidth(160)
        self._shop.currentIndexChanged.connect(lambda _index: self.shop_chosen.emit(self._shop.currentData()))
        self._shop_action = self.addWidget(self._shop)
        self._shop_action.setVisible(False)
        self._of_person, self._menu = QMenu(self), QMenu(self)
        self._of_person.aboutToShow.connect(self._fill_person)
        self._menu.aboutToShow.connect(self._fill)
        self._person, self._more = _opener(self._of_person), _opener(self._menu)
        self._person_action = self.addWidget(self._person)
        self._person_action.setVisible(False)
        self.addWidget(self._more)
        self.shortcuts: list[QAction] = []
        for sequence, name in (("Ctrl+O", "open"), ("Ctrl+R", "scan"), ("Ctrl+Shift+L", "lock")):
            shortcut = QAction(self)
            shortcut.setShortcut(QKeySequence(sequence))
            shortcut.triggered.connect(lambda _checked=False, which=name: self.command.emit(which))
            self.shortcuts.append(shortcut)

    def retranslate(self) -> None:
        words = self._context.words
        for name, action in self.actions_by_page.items():
            self._name(name)
            action.setToolTip(f"{words(f'desk.page.{name}')} ({action.shortcut().toString()})")
        write(self._more, words("desk.more.title"))
        self._shop.setAccessibleName(words("desk.more.shop"))
        if self._shop.count():
            self._shop.setItemText(0, words("desk.surveys.all_shops"))
        self._fill()

    def _name(self, name: str) -> None:
        count = self._counts.get(name, 0)
        text = self._context.words(f"desk.page.{name}")
        self.actions_by_page[name].setText(f"{text} ({count})" if count else text)

    def show_count(self, name: str, count: int) -> None:
        """How many of a room wait for somebody; 0 says nothing."""
        self._counts[name] = count
        self._name(name)

    def load_icons(self) -> None:
        theme = self._context.theme
        for room in self._rooms:
            self.actions_by_page[room.name].setIcon(theme.icon(room.icon, "ink"))
        self._person.setIcon(theme.icon("account-circle-outline", "ink"))
        self._more.setIcon(theme.icon("dots-horizontal", "ink"))

    def check(self, name: str) -> None:
        """Mark the page on screen; pages reached through More mark none."""
        self._pages.setExclusive(False)
        for which, action in self.actions_by_page.items():
            action.setChecked(which == name)
        self._pages.setExclusive(True)
        self.update_pages()

    def update_pages(self) -> None:
        is_open = self._state().is_open
        for name, action in self.actions_by_page.items():
            action.setEnabled(is_open)
            action.setVisible(self.offers(name))
        self._shop_action.setVisible(len(self._shops) > 1 and is_open)
        self._show_person()

    def _show_person(self) -> None:
        """Who is signed in is seen wherever one is (issue 15.16)."""
        state = self._state()
        self._person_action.setVisible(bool(state.person) and state.is_open)
        shown = self.fontMetrics().elidedText(state.person, Qt.TextElideMode.ElideRight, _WIDEST_NAME)
        self._person.setText(shown.replace("&", "&&"))
        said = self._context.words("desk.connection.signed_in", name=state.person) if state.person else ""
        self._person.setToolTip(said)
        self._person.setAccessibleName(said)

    def _fill_person(self) -> None:
        self._of_person.clear()
        self._offer_account(self._of_person)

    def offers(self, name: str) -> bool:
        """Whether a room may be opened as things stand: a licensed one with its licence, one with a permission by whom
        holds it."""
        state = self._state()
        is_open_to_all = name in self._asks_who and not state.permissions
        if name in self._permission and self._permission[name] not in state.permissions and not is_open_to_all:
            return False
        held = state.licences
        return (
            self._licence.get(name, SURVEYS) in (self._licences if held is None else held) or name not in self._licence
        )

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
                self.shop_chosen.emit(self._shop.currentData())
        self._licences = state.licences
        self.update_pages()

    def _fill(self) -> None:
        """The More menu as it fits now."""
        self._menu.clear()
        state = self._state()
        if not state.is_built:
            return
        self._offer("desk.configuration.menu", "directories", state.is_open)
        self._offer("desk.more.open", "open", state.is_open)
        self._offer("desk.more.scan", "scan")
        self._offer("desk.more.reconnect", "reconnect")
        leaves = self._menu.addAction(self._context.words("desk.more.leaves"), lambda: self.page_wanted.emit("sending"))
        leaves.setEnabled(state.is_open)
        self._menu.addSeparator()
        if state.is_known:
            self._offer_account(self._menu)
        else:
            words = self._context.words("desk.sign_in.button")
            sign_in = self._menu.addAction(words, lambda: self.page_wanted.emit(next(iter(self._licence))))
            sign_in.setEnabled(state.is_open and SURVEYS in self._licences)
        self._menu.addSeparator()
        self._offer("desk.more.about", "about")
        self._offer("desk.more.quit", "quit")

    def _offer_account(self, menu: QMenu) -> None:
        """What the person at the desk may do about being here."""
        self._offer("desk.more.lock", "lock", self._state().is_open, menu)
        self._offer("desk.more.switch_user", "sign_out", menu=menu)
        self._offer("desk.more.sign_out", "sign_out", menu=menu)

    def _offer(self, key: str, command: str, enabled: bool = True, menu: QMenu | None = None) -> None:
        action = (menu or self._menu).addAction(self._context.words(key), lambda: self.command.emit(command))
        action.setEnabled(enabled)


def _opener(menu: QMenu) -> QToolButton:
    """A button of the bar, icon over word, that opens a menu."""
    opener = QToolButton()
    opener.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    opener.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    opener.setMenu(menu)
    return opener
