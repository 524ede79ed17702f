"""Starts Qt and the window: the first paint comes before anything heavy is imported (DESIGN 5)."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QTimer, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from repaircenter.desk.frame.main_window import MainWindow
from repaircenter.desk.kit.bridge import Background, FactSignals
from repaircenter.desk.kit.desk_context import DeskContext, open_settings
from repaircenter.desk.kit.theme import Theme, load_fonts
from repaircenter.runtime.clock import Clock
from repaircenter.runtime.events import EventHub
from repaircenter.runtime.resources import resource
from repaircenter.runtime.text import Texts, language_of

if TYPE_CHECKING:
    from repaircenter.shop.controls import ShopOpener

SWITCH_SECONDS = 0.0001
REPLACED_MS = 5000


def make_application() -> QApplication:
    """The one Qt application; made first, because Qt ends the process where a display cannot be reached."""
    existing = QApplication.instance()
    return existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])


class Program:
    """The Qt application with its one window."""

    def __init__(
        self,
        data_folder: Path,
        clock: Clock,
        hub: EventHub,
        opener: ShopOpener,
        language: str | None = None,
        appearance: str | None = None,
    ) -> None:
        # Threads that import and read give the window its turn fifty times as often as Python would.
        sys.setswitchinterval(SWITCH_SECONDS)
        self.app = make_application()
        self.app.setApplicationName("RepairCenter")
        self.app.setDesktopFileName("repaircenter")
        self.app.setWindowIcon(_icon())
        settings = open_settings(data_folder)
        chosen = language or str(settings.value("language") or "") or language_of(QLocale.system().name())
        theme = Theme(appearance or str(settings.value("appearance", "system")))
        families = load_fonts(self.app)
        theme.apply(self.app)
        self.context = DeskContext(Texts(chosen), theme, Background(), clock, settings)
        self.context.set_language(chosen)
        self._translator = QTranslator()
        self._translate_qt(chosen)
        self.window = MainWindow(self.context, families, opener)
        self.window.place()
        # Whether to start again after `run`, and whether without a window.
        self.restarts = self.was_hidden = False
        self.facts = FactSignals(hub)
        self.facts.told.connect(self.window.heard)

    def _translate_qt(self, language: str) -> None:
        """Qt's own dialogs in the same language."""
        from PySide6.QtCore import QLibraryInfo

        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._translator.load(f"qtbase_{language}", folder):
            self.app.installTranslator(self._translator)

    def show(self) -> None:
        self.window.show()
        QTimer.singleShot(0, self.window.begin)

    def run(
        self,
        *,
        in_tray: bool = False,
        painted: Callable[[], None] = lambda: None,
        is_replaced: Callable[[], bool] | None = None,
    ) -> int:
        """Until the program is ended; Ctrl+C in the terminal ends it too. `in_tray` begins without a window.

        `painted` is called once the first paint is done. `is_replaced` says now and then, in the background, whether
        another program was installed in this one's place: then it ends, and `restarts` says so.
        """
        self.app.setQuitOnLastWindowClosed(False)
        if in_tray:
            self.window.build()
        if in_tray and self.window.tray.available:
            QTimer.singleShot(0, self.window.begin)
        elif in_tray:
            self.window.showMinimized()
            QTimer.singleShot(0, self.window.begin)
        else:
            self.show()
        QTimer.singleShot(0, painted)
        signal.signal(signal.SIGINT, lambda *_: self.window.end())
        signal.signal(signal.SIGTERM, lambda *_: self.window.end())
        self.app.styleHints().colorSchemeChanged.connect(lambda _scheme: self.window.follow_system())
        self.app.commitDataRequest.connect(lambda _manager: self.window.end_with_session())
        watch = QTimer()
        if is_replaced is not None:
            watch.timeout.connect(lambda: self.context.background.run(is_replaced, self.note_replaced))
            watch.start(REPLACED_MS)
        ticker = QTimer()
        ticker.start(200)
        ticker.timeout.connect(lambda: None)
        try:
            return self.app.exec()
        finally:
            watch.stop()
            ticker.stop()
            self.close()

    def note_replaced(self, replaced: bool) -> None:
        """End for the new program, unless somebody has written something that is not kept: then it asks again later."""
        if replaced and not self.restarts and self.window.may_restart():
            self.restarts, self.was_hidden = True, not self.window.isVisible()
            self.window.end()

    def raise_window(self) -> None:
        """Another start asked for the window; safe from any thread."""
        self.context.background.report(self._raise, None)

    def _raise(self, _nothing: object) -> None:
        self.window.show_from_tray()

    def open_files(self, paths: Sequence[str]) -> None:
        """Take estimates that a person opened; safe from any thread."""
        self.context.background.report(self.window.files.take, list(paths))

    def close(self) -> None:
        self.facts.stop_listening()
        self.window.close_down()
        self.context.background.close()
        # What was still to be told is let go here, not whenever the garbage collector comes to it.
        QCoreApplication.sendPostedEvents(self.context.background, 0)
        self.context.settings.sync()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _icon() -> QIcon:
    """The program's own icon; the sizes an office screen asks for."""
    icon = QIcon()
    for pixels in (16, 24, 32, 48):
        icon.addFile(str(resource("icons", f"repaircenter-{pixels}.png")))
    return icon
