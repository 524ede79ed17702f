"""The frame: tool bar, pages, status bar (UI.md). It opens empty at once; the shop's side is opened behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget

from repaircenter.desk.frame.main_bar import MainBar, WindowState, window_state
from repaircenter.desk.frame.opened_files import OpenedFiles
from repaircenter.desk.frame.opening import Opening
from repaircenter.desk.frame.placing import centred, fitted
from repaircenter.desk.frame.rooms import FIRST, ROOMS, Rooms, place_of
from repaircenter.desk.frame.status_cells import StatusCells
from repaircenter.desk.frame.status_reader import StatusReader
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.room import Frame, RoomPage, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from repaircenter.desk.account.account import Account
    from repaircenter.desk.account.sign_in import SignInPanel
    from repaircenter.desk.kit.tray import Tray
    from repaircenter.desk.settings.first_run.first_run_page import FirstRunPage
    from repaircenter.desk.settings.first_run.step import Person
    from repaircenter.shop.controls import ShopControl, ShopOpener

# What closing the window does (desk.tray).
_ASK, _TRAY, _QUIT = "ask", "tray", "quit"
# Smallest and usual size, in pixels.
_LEAST, _USUAL = (1024, 680), (1280, 800)
# Nobody is at the desk.
_NOBODY_SECONDS = 20.0
_CELLS = {"connection": "connection", "share": "directories", "outbox": "sending/waiting"}


class MainWindow(QMainWindow):
    """The shop's side is opened in the background once the window is on screen."""

    account: Account
    tray: Tray
    lock_page: SignInPanel
    _rooms: Rooms

    def __init__(self, context: DeskContext, families: dict[str, str], opener: ShopOpener) -> None:
        super().__init__()
        self._context = context
        self._families = families
        self._control: ShopControl | None = None
        self._is_set_up = self.is_built = False
        self._shown = FIRST
        self.quitting = False
        self.setMinimumSize(*_LEAST)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self._opening = Opening(context, self._stack, opener, self._ready, self._come_forward, self._sign_in)
        self.bar = MainBar(context, ROOMS, self._state)
        self.bar.page_wanted.connect(self.show_page)
        self.bar.shop_chosen.connect(lambda shop: self._rooms.choose_shop(shop))
        self.bar.command.connect(self._do)
        self.addToolBar(self.bar)
        self.addActions(self.bar.shortcuts)
        self._status = StatusCells(self.statusBar(), context, self._cell_pressed)
        self._reader = StatusReader(context, self._show_status)
        self.files = OpenedFiles(self, context, lambda: self.is_open, self._give_files)
        self.retranslate()

    def build(self) -> None:
        """Make the first page. It is imported and made after the first paint: start-up time is the reason."""
        if self.is_built:
            return
        from repaircenter.desk.account.account import Account
        from repaircenter.desk.account.sign_in import SignInPanel
        from repaircenter.desk.frame.garbage import IdleCollector
        from repaircenter.desk.kit.notices.toast import Toast
        from repaircenter.desk.kit.tray import Tray

        context = self._context
        self.account = Account(context)
        self.tray = Tray(context)
        frame = Frame(
            context,
            self._families,
            self.account,
            self.tray,
            self.open_page,
            self.reconnect,
            self.set_language,
            self.set_appearance,
            self.bar.show_count,
        )
        self._rooms = Rooms(frame, self._stack.addWidget, lambda: self.account.idle_seconds)
        context.toast = Toast(self)
        self._opening.build(self.set_language)
        self.lock_page = SignInPanel(context, self.account)
        self._stack.addWidget(self.lock_page)
        self.account.changed.connect(self._account_changed)
        self._garbage = IdleCollector(lambda: self.account.idle_seconds)
        self.is_built = True
        self.bar.retranslate()

    def page(self, name: str) -> Any:
        """The page of a room, for the program's own demonstrations and tests."""
        return self._rooms.named(name)

    @property
    def setup(self) -> FirstRunPage:
        return self._opening.setup

    def retranslate(self) -> None:
        self.setWindowTitle("RepairCenter")
        self.bar.retranslate()
        self._opening.retranslate()

    def begin(self) -> None:
        """After the first paint: the shop's side in the background, meanwhile the first page and its icons."""
        self._opening.begin()
        self.build()
        self.bar.load_icons()
        self._rooms.load_icons()
        self.tray.start(self.show_from_tray, self.scan_now, self.quit)

    def _ready(self, control: ShopControl, set_up: bool) -> None:
        """The shop's side is open; when it is set up, show the jobs."""
        self._control = control
        if set_up and not self._is_set_up:
            self._is_set_up = True
            self._rooms.attach(control)
            self._attach_service()
        self._reader.start(control)
        self.files.give_waiting()

    def _sign_in(self, person: Person) -> None:
        """Who paired this PC is known: nobody asks again. Where the service is away by now, the page of surveys asks."""
        self.account.sign_in(person.email, person.password, stay=person.stays, failed=lambda _sentence: None)

    def _attach_service(self) -> None:
        """The client of the service was made: find out who is here."""
        if self._control is not None and self._is_set_up:
            self._rooms.attach_service(self._control)
            self.account.attach(self._control)

    def _account_changed(self) -> None:
        """Somebody signed in or out, or the desk was locked: hide or show what belongs to them."""
        self.bar.update_pages()
        if not self._is_set_up or not self.account.is_known:
            return
        if self.account.hides:
            self._hide_everything()
        elif not self._rooms.holds(self._stack.currentWidget()):
            self.show_page(self._shown if self.bar.offers(self._shown) else FIRST)
            # What was asked before somebody left was answered to nobody.
            self._rooms.react("jobs_changed")
        elif self.account.session is not None and not self.bar.offers(self._shown):
            self.show_page(FIRST)  # whoever is here now works elsewhere
        self.files.give_waiting()

    def _hide_everything(self) -> None:
        """Jobs and reports go from the screen, with every dialog and menu above them."""
        while (above := QApplication.activePopupWidget() or QApplication.activeModalWidget()) is not None:
            if not above.close():
                break
        self._rooms.cover()
        if self._context.toast is not None:
            self._context.toast.close_now()
        if self.account.kept is None:
            self._context.operations.drop_all()
            self._rooms.forget_person()
        self._show_lock()

    def _show_lock(self) -> None:
        self._stack.setCurrentWidget(self.lock_page)
        self.lock_page.set_focus()

    @property
    def is_open(self) -> bool:
        """Whether jobs and reports may be shown now."""
        return self._is_set_up and self.is_built and not self.account.hides

    @property
    def is_set_up(self) -> bool:
        return self._is_set_up

    def _come_forward(self) -> None:
        """Something needs a person: a desk that began in the tray shows itself."""
        if not self.isVisible():
            self.show_from_tray()

    def show_page(self, name: str) -> None:
        """The page of a room as it is; behind the sign-in while nobody may see it."""
        self._go(name, "")

    def open_page(self, place: str) -> None:
        """Where a link of a page or a cell leads: a room, after a slash what it shows; else a page of the
        Configuration."""
        name, inner = place_of(place)
        if self._is_set_up and self.bar.offers(name):
            self._go(name, inner)

    def _go(self, name: str, inner: str) -> None:
        if self.account.hides:
            self._shown = name
            self.bar.check(name)
            self._show_lock()
            return
        page = self._rooms.named(name)
        fresh = self._stack.currentWidget() is not page
        if fresh and self._is_held(lambda: self._go(name, inner)):
            return
        self._shown = name
        self.bar.check(name)
        self._stack.setCurrentWidget(page)
        page.opened(inner, fresh=fresh)
        page.setFocus()

    def _is_held(self, go: Callable[[], None]) -> bool:
        """Whether the page on screen holds something that was not kept; then it asks, and calls `go` afterwards."""
        shown = self._stack.currentWidget()
        if not isinstance(shown, RoomPage) or shown.may_leave(go):
            return False
        self.bar.check(self._shown)
        return True

    def _state(self) -> WindowState:
        return window_state(self.account, is_open=self.is_open) if self.is_built else WindowState()

    def _do(self, command: str) -> None:
        """Carry out a command of the bar."""
        if not self.is_built:
            return
        {
            "open": self.files.choose,
            "scan": self.scan_now,
            "reconnect": self.reconnect,
            "directories": self.open_directories,
            "lock": self.account.lock,
            "sign_out": self.account.sign_out,
            "about": self.about,
            "quit": self.quit,
        }[command]()

    def _give_files(self, paths: list[str]) -> None:
        if not self._is_held(lambda: self._give_files(paths)):
            self.show_page(FIRST)
            self._rooms.named(FIRST).take_files(paths)

    def open_directories(self) -> None:
        """Configuration > Shop setup > File directories."""
        self.open_page("directories")

    def heard(self, fact: str) -> None:
        """A fact of the event hub, on the GUI thread."""
        if self.is_built:
            self._rooms.react(fact)
        if fact == "service_changed":
            self._attach_service()
        if fact in ("cycle_ended", "connection_changed", "jobs_changed", "service_changed"):
            self._reader.read()

    def _show_status(self, status: Status) -> None:
        if status.state.connection.is_connected and self._is_set_up:
            self.account.resume()
        self._status.show(status.state, status.counts)
        self.tray.show_state(status.state, status.counts)
        self.bar.show_state(status.state, status.shops)
        self._rooms.show_status(status)

    def status_text(self, name: str) -> str:
        return self._status.text(name)

    def _cell_pressed(self, name: str) -> None:
        if name == "cycle":
            self.scan_now()
        else:
            self.open_page(_CELLS[name])

    def scan_now(self) -> None:
        if self._control is not None:
            self._context.background.run(self._control.collecting.scan_now, lambda _none: self._reader.read())

    def reconnect(self) -> None:
        if self._control is not None:
            self._context.background.run(self._control.collecting.reconnect, lambda _none: self._reader.read())

    def set_language(self, language: str) -> None:
        """Change every text at once."""
        self._context.set_language(language)
        self.retranslate()
        if not self.is_built:
            return
        self._opening.retranslate_pages()
        self.lock_page.retranslate()
        self._rooms.retranslate()
        self._status.retranslate()
        self.tray.retranslate()

    def follow_system(self) -> None:
        """The system went light or dark."""
        if self._context.theme.choice == "system" and self.is_built:
            self.set_appearance("system")

    def set_appearance(self, choice: str) -> None:
        self._context.theme.choice = choice
        self._context.remember("appearance", choice)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._context.theme.apply(app)
        self.bar.load_icons()
        self.retranslate()
        self._rooms.restyle()
        self._status.retranslate()
        self.tray.retranslate()

    def about(self) -> None:
        from PySide6.QtWidgets import QMessageBox

        from repaircenter import __version__

        words = self._context.words
        QMessageBox.about(self, "RepairCenter", words("desk.about", version=__version__))

    def close_down(self) -> None:
        """The program ends: pages stop what they do."""
        self.quitting = True
        if self.is_built:
            self._rooms.close_down()
        self.close()

    def end_with_session(self) -> None:
        """The person's session ends: nothing is asked any more."""
        self.quitting = True

    def show_from_tray(self) -> None:
        if self.isMinimized():
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def may_restart(self) -> bool:
        """Whether nobody is at the desk, and nothing on screen would be lost; first run is never broken off."""
        shown = self._stack.currentWidget()
        is_free = not isinstance(shown, RoomPage) or not shown.holds_unsaved
        return self._is_set_up and is_free and self.account.idle_seconds >= _NOBODY_SECONDS

    def quit(self) -> None:
        """End the program, whatever closing the window means; what was not kept is asked about first."""
        if self._is_held(self.quit):
            self.show_from_tray()
        else:
            self.end()

    def end(self) -> None:
        """End the program without a question."""
        self.quitting = True
        self.close()
        app = QApplication.instance()
        if app is not None:
            app.quit()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._context.remember("window", self.saveGeometry())
        if not self.quitting and self._is_set_up:
            from repaircenter.desk.frame.closing import ask_how_to_close

            chosen = str(self._context.settings.value("closing") or _ASK)
            if chosen == _ASK:
                chosen = ask_how_to_close(self, self._context, self.tray.available)
            if chosen == _QUIT and self._is_held(self.quit):
                event.ignore()
                return
            if chosen != _QUIT:
                event.ignore()
                if chosen == _TRAY:
                    (self.hide if self.tray.available else self.showMinimized)()
                return
        self._reader.stop()
        if self.is_built:
            self._garbage.close()
            self.account.close()
            self.tray.stop()
        super().closeEvent(event)
        app = QApplication.instance()
        if app is not None:
            app.quit()

    def place(self) -> None:
        """Stand where it stood last, else in the middle; always within the work area of a screen that is there."""
        areas = [screen.availableGeometry() for screen in QApplication.screens()]
        state = self._context.remembered_state("window")
        if (state is None or not self.restoreGeometry(state)) and areas:
            self.setGeometry(centred(*_USUAL, areas[0]))
        if not self.isMaximized():
            self.setGeometry(fitted(self.geometry(), areas))
