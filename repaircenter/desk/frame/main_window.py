"""The frame: tool bar, pages, status bar (UI.md). It opens empty at once; the shop's side is opened behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget

from repaircenter.desk.frame.main_bar import MainBar, WindowState
from repaircenter.desk.frame.status_cells import StatusCells
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.operations import Query
from repaircenter.desk.kit.pieces import EmptyState

if TYPE_CHECKING:
    from repaircenter.desk.account.account import Account
    from repaircenter.desk.account.recovery_page import AskCodePage, ShowCodePage
    from repaircenter.desk.account.sign_in import SignInPanel
    from repaircenter.desk.jobs.jobs_page import JobsPage
    from repaircenter.desk.kit.tray import Tray
    from repaircenter.desk.outbox.sending_page import SendingPage
    from repaircenter.desk.settings.configuration_page import ConfigurationPage
    from repaircenter.desk.settings.setup_page import SetupPage
    from repaircenter.desk.surveys.surveys_page import SurveysPage
    from repaircenter.shop.controls import ShopControl, ShopOpener
    from repaircenter.shop.model import CollectorState, Counts, Job, Shop

# What closing the window does (desk.tray).
_ASK, _TRAY, _QUIT = "ask", "tray", "quit"


class MainWindow(QMainWindow):
    """The shop's side is opened in the background once the window is on screen."""

    account: Account
    tray: Tray
    jobs: JobsPage
    sending: SendingPage
    surveys: SurveysPage
    configuration: ConfigurationPage
    setup: SetupPage
    lock_page: SignInPanel
    _show_code: ShowCodePage
    _ask_code: AskCodePage

    def __init__(self, context: DeskContext, families: dict[str, str], opener: ShopOpener) -> None:
        super().__init__()
        self._context = context
        self._families = families
        self._opener = opener
        self._control: ShopControl | None = None
        self._configured = self._is_set_up = self.is_built = False
        self._shown = "jobs"
        self.quitting = False
        self.setMinimumSize(1024, 680)
        self.resize(1280, 800)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self._opening = EmptyState()
        self._stack.addWidget(self._opening)
        self.bar = MainBar(context, self._state)
        self.bar.page_wanted.connect(lambda name: self.open_page(name) if name == "sending" else self.show_page(name))
        self.bar.shop_chosen.connect(lambda shop: self.jobs.show_shop(shop))
        self.bar.command.connect(self._do)
        self.addToolBar(self.bar)
        self.addActions(self.bar.shortcuts)
        self._status = StatusCells(self.statusBar(), context, self._cell_pressed)
        self._beat = QTimer(self)
        self._beat.setInterval(2000)
        self._beat.timeout.connect(self._read_status)
        self._state_query = Query(context.operations, again=self._read_status)
        self.retranslate()

    def build(self) -> None:
        """Make the pages. They are imported and made after the first paint: start-up time is the reason."""
        if self.is_built:
            return
        from repaircenter.desk.account.account import Account
        from repaircenter.desk.account.recovery_page import AskCodePage, ShowCodePage
        from repaircenter.desk.account.sign_in import SignInPanel
        from repaircenter.desk.frame.garbage import IdleCollector
        from repaircenter.desk.jobs.jobs_page import JobsPage
        from repaircenter.desk.kit.tray import Tray
        from repaircenter.desk.outbox.sending_page import SendingPage
        from repaircenter.desk.settings.setup_page import SetupPage
        from repaircenter.desk.surveys.surveys_page import SurveysPage
        from repaircenter.desk.viewer.page_painter import PagePainter

        context = self._context
        self.account = Account(context)
        self.tray = Tray(context)
        self.jobs = JobsPage(context, self.open_page)
        self.sending = SendingPage(context)
        self.surveys = SurveysPage(context, PagePainter(self._families), self.account)
        self.surveys.job_wanted.connect(self._show_job)
        self.jobs.survey_wanted.connect(self._show_survey)
        self.configuration = self._make_configuration()
        self.setup = SetupPage(context, self._set_up, self.set_language)
        self._show_code = ShowCodePage(context, self._after_code)
        self._ask_code = AskCodePage(context, self.begin, self._recover, self._start_new_store)
        self.lock_page = SignInPanel(context, self.account)
        self._pages = {
            "jobs": self.jobs,
            "surveys": self.surveys,
            "sending": self.sending,
            "configuration": self.configuration,
        }
        for page in (self._show_code, self._ask_code, self.setup, self.lock_page, *self._pages.values()):
            self._stack.addWidget(page)
        self.account.changed.connect(self._account_changed)
        self._garbage = IdleCollector(lambda: self.account.idle_seconds)
        self.is_built = True
        self.bar.retranslate()

    def _make_configuration(self) -> ConfigurationPage:
        from repaircenter.desk.settings.appearance_page import AppearancePage
        from repaircenter.desk.settings.configuration_page import ConfigurationPage
        from repaircenter.desk.settings.connection_page import ConnectionPage
        from repaircenter.desk.settings.customer_page import CustomerPage
        from repaircenter.desk.settings.privacy_page import PrivacyPage
        from repaircenter.desk.settings.start_page import StartPage

        context = self._context
        return ConfigurationPage(
            context,
            lambda: self.show_page("jobs"),
            (
                ("customer", CustomerPage(context, self.open_page)),
                ("connection", ConnectionPage(context, self.account, self.reconnect)),
                ("appearance", AppearancePage(context, self.set_language, self.set_appearance)),
                ("start", StartPage(context, self.tray)),
                ("privacy", PrivacyPage(context)),
            ),
        )

    def retranslate(self) -> None:
        words = self._context.words
        self.setWindowTitle("RepairCenter")
        self.bar.retranslate()
        if self._control is None:
            self._opening.say(words("desk.opening.title"), words("desk.opening.text"))

    def begin(self) -> None:
        """After the first paint: the shop's side in the background, meanwhile the pages and their icons."""
        opener = self._opener

        def work() -> tuple[ShopControl, bool]:
            control = opener.open()
            return control, control.configured

        self._context.background.run(work, self._opened, self._not_opened, self._key_is_gone)
        self.build()
        self._load_icons()
        self.tray.start(self.show_from_tray, self.scan_now, self.quit)

    def _load_icons(self) -> None:
        self.bar.load_icons()
        self.surveys.viewer.load_icons()

    def _opened(self, opened: tuple[ShopControl, bool]) -> None:
        self._control, self._configured = opened
        control = self._control
        self.setup.attach(control)
        code = control.new_recovery_code
        if code is not None or not self._configured:
            self._come_forward()
        if code is not None:
            self._show_code.show_code(code)
            self._stack.setCurrentWidget(self._show_code)
        else:
            self._after_code()

    def _after_code(self) -> None:
        if self._configured:
            self._set_up()
        else:
            self._stack.setCurrentWidget(self.setup)
        self._beat.start()
        self._read_status()

    def _set_up(self) -> None:
        """Folder and service are known: show the jobs."""
        control = self._control
        if control is None:
            return
        self._is_set_up = True
        self.jobs.attach(control)
        self.sending.attach(control)
        self.configuration.attach(control)
        self._attach_person()
        self._read_status()

    def _attach_person(self) -> None:
        """The client of the service was made: find out who is here."""
        if self._control is not None and self._is_set_up:
            self.surveys.attach(self._control)
            self.account.attach(self._control)

    def _account_changed(self) -> None:
        """Somebody signed in or out, or the desk was locked: hide or show what belongs to them."""
        self.bar.update_pages()
        if not self._is_set_up or not self.account.is_known:
            return
        if self.account.hides:
            self._hide_everything()
        elif self._stack.currentWidget() not in self._pages.values():
            self.show_page(self._shown)
            # What was asked before somebody left was answered to nobody.
            self.jobs.refresh()

    def _hide_everything(self) -> None:
        """Jobs and reports go from the screen, with every dialog and menu above them."""
        while (above := QApplication.activePopupWidget() or QApplication.activeModalWidget()) is not None:
            if not above.close():
                break
        self.surveys.viewer.stop_printing()
        if self.account.kept is None:
            self._context.operations.drop_all()
            for page in (self.jobs, self.surveys, self.configuration):
                page.forget_person()
        self._stack.setCurrentWidget(self.lock_page)
        self.lock_page.set_focus()

    @property
    def is_open(self) -> bool:
        """Whether jobs and reports may be shown now."""
        return self._is_set_up and self.is_built and not self.account.hides

    @property
    def is_set_up(self) -> bool:
        return self._is_set_up

    def _not_opened(self, sentence: str) -> None:
        words = self._context.words
        self._opening.say(
            words("desk.opening.failed"),
            sentence or words("desk.opening.bug"),
            words("desk.retry"),
            self.begin,
        )
        self._stack.setCurrentWidget(self._opening)
        self._come_forward()

    def _come_forward(self) -> None:
        """Something needs a person: a desk that began in the tray shows itself."""
        if not self.isVisible():
            self.show_from_tray()

    def _key_is_gone(self, sentence: str) -> None:
        self._come_forward()
        self._ask_code.say(sentence)
        self._stack.setCurrentWidget(self._ask_code)

    def _recover(self, code: str) -> None:
        self._context.background.run(
            lambda: self._opener.recover(code), lambda _none: self.begin(), self._not_opened, self._key_is_gone
        )

    def _start_new_store(self) -> None:
        self._context.background.run(self._opener.start_new_store, lambda _none: self.begin(), self._not_opened)

    def show_page(self, name: str) -> None:
        """One of jobs, surveys, sending, configuration; behind the sign-in while nobody may see it."""
        self._shown = name
        self.bar.check(name)
        if self.account.hides:
            self._stack.setCurrentWidget(self.lock_page)
            self.lock_page.set_focus()
            return
        if name == "configuration" and self._stack.currentWidget() is not self.configuration:
            # Coming back is a fresh look; a cell pressed while it is on screen takes nothing away.
            self.configuration.opened()
        self._stack.setCurrentWidget(self._pages[name])
        self._pages[name].setFocus()

    def _show_job(self, ro_number: str) -> None:
        """From a row of a report to its job (B-N4)."""
        self.show_page("jobs")
        self.jobs.search_for(ro_number)

    def _show_survey(self, job: Job) -> None:
        """From a job to what its customer answered."""
        if self.bar.has_surveys and job.shop_id is not None:
            self.show_page("surveys")
            self.surveys.open_survey(job.job_key, job.shop_id)

    def open_page(self, name: str) -> None:
        """Where a link of a page or a cell leads: `directories`, `sending`, or another page of the Configuration."""
        if not self._is_set_up:
            return
        if name == "sending" or name.startswith("sending/"):
            self.show_page("sending")
            self.sending.opened(name.partition("/")[2])
            return
        self.show_page("configuration")
        self.configuration.choose(name)

    def _state(self) -> WindowState:
        if not self.is_built:
            return WindowState()
        session = self.account.session
        surveys = None if session is None else session.surveys
        return WindowState(True, self.is_open, self.account.kept is not None, surveys)

    def _do(self, command: str) -> None:
        """Carry out a command of the bar."""
        if not self.is_built:
            return
        {
            "scan": self.scan_now,
            "reconnect": self.reconnect,
            "directories": self.open_directories,
            "lock": self.account.lock,
            "sign_out": self.account.sign_out,
            "about": self.about,
            "quit": self.quit,
        }[command]()

    def open_directories(self) -> None:
        """Configuration > Shop setup > File directories."""
        self.open_page("directories")

    def heard(self, fact: str) -> None:
        """A fact of the event hub, on the GUI thread."""
        if fact == "jobs_changed":
            self.jobs.refresh()
            self.sending.refresh()
        if fact == "service_changed":
            self._attach_person()
        if fact in ("cycle_ended", "connection_changed", "jobs_changed", "service_changed"):
            self._read_status()

    def _read_status(self) -> None:
        control = self._control
        if control is None:
            return
        context = self._context

        def read() -> tuple[CollectorState, Counts, list[Shop]]:
            shops = control.reader.shops()
            if shops:
                context.zone = shops[0].zone
            return control.collector_state(), control.reader.counts(context.start_of(context.today())), shops

        def show(found: tuple[CollectorState, Counts, list[Shop]]) -> None:
            state, counts, shops = found
            if state.connection.name == "connected" and self._is_set_up:
                self.account.resume()
            self._status.show(state, counts)
            self.tray.show_state(state, counts)
            self.bar.show_state(state, shops)
            self.jobs.show_state(state, {shop.id: shop.name for shop in shops})
            self.sending.show_state(state, counts)
            self.configuration.show_state(state)

        self._state_query.ask(read, show)

    def status_text(self, name: str) -> str:
        return self._status.text(name)

    def _cell_pressed(self, name: str) -> None:
        if self._control is None or not self._is_set_up:
            return
        if name == "cycle":
            self.scan_now()
        else:
            self.open_page({"connection": "connection", "share": "directories", "outbox": "sending/waiting"}[name])

    def scan_now(self) -> None:
        if self._control is not None:
            self._context.background.run(self._control.scan_now, lambda _none: self._read_status())

    def reconnect(self) -> None:
        if self._control is not None:
            self._context.background.run(self._control.reconnect, lambda _none: self._read_status())

    def set_language(self, language: str) -> None:
        """Change every text at once."""
        self._context.set_language(language)
        self.retranslate()
        if not self.is_built:
            return
        for page in (self.setup, self._show_code, self._ask_code, self.lock_page):
            page.retranslate()
        self._retranslate_pages()
        self.surveys.retranslate()

    def _retranslate_pages(self) -> None:
        for page in (self.jobs, self.sending, self.configuration):
            page.retranslate()
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
        self._load_icons()
        self.retranslate()
        self._retranslate_pages()
        self.surveys.viewer.view.viewport().update()

    def about(self) -> None:
        from PySide6.QtWidgets import QMessageBox

        from repaircenter import __version__

        words = self._context.words
        QMessageBox.about(self, "RepairCenter", words("desk.about", version=__version__))

    def end_with_session(self) -> None:
        """The person's session ends: nothing is asked any more."""
        self.quitting = True

    def show_from_tray(self) -> None:
        if self.isMinimized():
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def quit(self) -> None:
        """End the program, whatever closing the window means."""
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
            if chosen != _QUIT:
                event.ignore()
                if chosen == _TRAY and self.tray.available:
                    self.hide()
                elif chosen == _TRAY:
                    self.showMinimized()
                return
        self._beat.stop()
        if self.is_built:
            self._garbage.close()
            self.account.close()
            self.tray.stop()
        super().closeEvent(event)
        app = QApplication.instance()
        if app is not None:
            app.quit()

    def restore_size(self) -> None:
        state = self._context.remembered_state("window")
        if state is not None:
            self.restoreGeometry(state)
