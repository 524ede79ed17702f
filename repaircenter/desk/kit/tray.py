"""The icon in the tray: the state at a glance, how many jobs came today, and the way back to the window (UI.md)."""

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.shop.model.outbox import Counts
from repaircenter.shop.model.state import CollectorState

ASK, TRAY, QUIT = "ask", "tray", "quit"
# What closing the window does.
CLOSING = (ASK, TRAY, QUIT)
_MEANING = {"connected": "good", "ending_soon": "good", "disconnected": "problem", "unpaired": "unknown"}


class Tray:
    """Where the system has a tray; elsewhere `available` is False and nothing is shown."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context
        self._icon: QSystemTrayIcon | None = None
        self._menu: QMenu | None = None
        self._shown: tuple[str, str] = ("", "")

    @property
    def available(self) -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    def start(
        self, show_window: Callable[[], None], scan: Callable[[], None], quit_program: Callable[[], None]
    ) -> None:
        """Put the icon up, once, after the first paint."""
        if not self.available or self._icon is not None:
            return
        icon = self._icon = QSystemTrayIcon(self._context.theme.icon("car-wrench", "unknown"))
        menu = self._menu = QMenu()
        for key, call in (("desk.tray.open", show_window), ("desk.more.scan", scan), ("desk.more.quit", quit_program)):
            menu.addAction("", call).setData(key)
        self.retranslate()
        icon.setContextMenu(menu)
        icon.activated.connect(
            lambda reason: show_window() if reason != QSystemTrayIcon.ActivationReason.Context else None
        )
        icon.show()

    def retranslate(self) -> None:
        if self._menu is not None:
            for action in self._menu.actions():
                action.setText(self._context.words(action.data()))

    def show_state(self, state: CollectorState, counts: Counts) -> None:
        tip = tray_words(self._context, state, counts)
        trouble = any(folder.trouble for folder in state.folders) or state.store_trouble is not None
        meaning = "problem" if trouble else _MEANING.get(state.connection.name, "attention")
        if self._icon is None or (tip, meaning) == self._shown:
            return
        self._shown = tip, meaning
        self._icon.setToolTip(tip)
        self._icon.setIcon(self._context.theme.icon("car-wrench", meaning))

    def tell(self, text: str) -> None:
        """Say something beside the icon, where there is one: the window may be hidden."""
        if self._icon is not None:
            self._icon.showMessage("RepairCenter", text)

    def stop(self) -> None:
        if self._icon is not None:
            self._icon.hide()
            self._icon, self._menu = None, None


def tray_words(context: DeskContext, state: CollectorState, counts: Counts) -> str:
    """State of connection and share, and how many jobs were received today."""
    words, connection = context.words, state.connection
    times = {"until": context.time(connection.until_utc), "since": context.time(connection.since_utc)}
    sentences = [words(f"desk.status.{connection.name}", **times)]
    away = [folder.path for folder in state.folders if folder.trouble is not None]
    if away:
        sentences.append(words("desk.tray.away", path=away[0]))
    sentences.append(words.count("desk.status.today", counts.imported_today))
    return "RepairCenter\n" + "\n".join(sentences)
