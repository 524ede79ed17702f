"""The status bar: connection, share, what is to send, last cycle. Each cell is a button with its page (UI.md)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStatusBar, QToolButton

from repaircenter.desk.folders.folder_words import ago
from repaircenter.desk.kit.bound_texts import write
from repaircenter.desk.kit.desk_context import DeskContext

if TYPE_CHECKING:
    from repaircenter.shop.model.outbox import Counts
    from repaircenter.shop.model.state import CollectorState

_CONNECTION = {
    "connected": ("check-network", "good"),
    "signing_in": ("network-outline", "soft"),
    "ending_soon": ("clock-alert-outline", "attention"),
    "offline": ("network-off-outline", "attention"),
    "disconnected": ("close-network", "problem"),
    "unpaired": ("help-network-outline", "unknown"),
}


class StatusCells:
    """Four buttons in the window's status bar."""

    def __init__(self, bar: QStatusBar, context: DeskContext, pressed: Callable[[str], None]) -> None:
        self._context = context
        self._cells: dict[str, QToolButton] = {}
        self._shown: tuple[CollectorState, Counts] | None = None
        bar.setSizeGripEnabled(False)
        for name in ("connection", "share", "outbox", "cycle"):
            cell = QToolButton()
            cell.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            cell.setAutoRaise(True)
            cell.clicked.connect(lambda _checked=False, which=name: pressed(which))
            self._cells[name] = cell
            bar.addWidget(cell)
        self.retranslate()

    def retranslate(self) -> None:
        if self._shown is None:
            self._set("connection", self._context.words("desk.status.opening"), "", "")
            for name in ("share", "outbox", "cycle"):
                self._set(name, "", "", "")
        else:
            self.show(*self._shown)

    def show(self, state: CollectorState, counts: Counts) -> None:
        self._shown = (state, counts)
        words, context = self._context.words, self._context
        connection = state.connection
        icon, colour = _CONNECTION[connection.name]
        until = context.time(connection.until_utc)
        text = words(f"desk.status.{connection.name}", until=until, since=context.time(connection.since_utc))
        self._set("connection", text, icon, colour, words(f"desk.status.{connection.name}_tip"))
        self._show_share(state)
        refused = words.count("desk.status.refused", counts.refused) if counts.refused else ""
        waiting = words.count("desk.status.to_send", counts.to_send)
        stopped = words("desk.status.sending_stopped") if state.sending_stopped else ""
        self._set(
            "outbox",
            " · ".join(filter(None, (stopped, waiting, refused))),
            "tray-arrow-up",
            "problem" if counts.refused or stopped else "attention" if counts.to_send else "soft",
        )
        last = context.time(state.last_cycle_utc)
        self._set(
            "cycle",
            words("desk.status.cycle", time=last) if last else words("desk.status.no_cycle"),
            "update",
            "soft",
            words.count("desk.status.today", counts.imported_today),
        )

    def _show_share(self, state: CollectorState) -> None:
        words = self._context.words
        if state.shows_only:
            self._set("share", words("desk.status.shows_only"), "eye-outline", "unknown")
            return
        if state.others:
            text = words("desk.status.other_pc", pc=state.others[0].device_name)
            self._set("share", text, "account-switch-outline", "attention")
            return
        if not state.folders:
            self._set("share", words("desk.status.no_folder"), "folder-alert-outline", "attention")
            return
        away = [folder for folder in state.folders if folder.away_since_utc is not None]
        if away:
            since = self._context.time(away[0].away_since_utc)
            text = words("desk.status.share_away", path=_short(away[0].path), since=since)
            if len(state.folders) > 1:
                text = words.count("desk.status.shares_away", len(away), all=len(state.folders), since=since)
            self._set("share", text, "folder-off-outline", "problem", away[0].path)
            return
        folder = state.folders[0]
        read = [folder.read_at_utc for folder in state.folders if folder.read_at_utc is not None]
        if not read:
            self._set("share", words("desk.status.share_unread", path=_short(folder.path)), "folder-outline", "soft")
            return
        text = words("desk.status.share", path=_short(folder.path), ago=ago(self._context, min(read)))
        if len(state.folders) > 1:
            text = words("desk.status.shares", n=len(state.folders), ago=ago(self._context, min(read)))
        waiting = sum(folder.sets_waiting for folder in state.folders)
        if waiting:
            text += " · " + words.count("desk.status.waiting", waiting)
        self._set("share", text, "folder-check-outline", "good", "\n".join(folder.path for folder in state.folders))

    def _set(self, name: str, text: str, icon: str, colour: str, tip: str = "") -> None:
        cell = self._cells[name]
        cell.setVisible(bool(text))
        if cell.text() != text:
            write(cell, text)
        cell.setToolTip(tip or text)
        if icon and cell.property("shown_icon") != f"{icon}/{colour}/{self._context.theme.is_dark}":
            cell.setIcon(self._context.theme.icon(icon, colour))
            cell.setProperty("shown_icon", f"{icon}/{colour}/{self._context.theme.is_dark}")

    def text(self, name: str) -> str:
        return self._cells[name].text()


def _short(path: str) -> str:
    return path if len(path) <= 32 else "…" + path[-31:]
