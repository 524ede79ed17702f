"""The frame: tool bar, pages, status bar (UI.md). It opens empty at once; the shop's side is opened behind it."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QMenu,
    QMessageBox,
    QSizePolicy,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QWidget,
)

from repaircenter.desk.configuration_page import ConfigurationPage
from repaircenter.desk.desk_context import DeskContext
from repaircenter.desk.jobs_page import JobsPage
from repaircenter.desk.page_painter import PagePainter
from repaircenter.desk.pieces import EmptyState
from repaircenter.desk.recovery_page import AskCodePage, ShowCodePage
from repaircenter.desk.setup_page import SetupPage
from repaircenter.desk.status_cells import StatusCells
from repaircenter.desk.surveys_page import SurveysPage
from repaircenter.runtime.clock import start_of_day
from repaircenter.runtime.text import LANGUAGES
from repaircenter.shop.model import CollectorState, Counts
from repaircenter.shop.ports import ShopControl, ShopOpener

_NAMES = {"en": "English", "fr": "Français", "es": "Español"}


class MainWindow(QMainWindow):
    """The shop's side is opened in the background once the window is on screen."""

    def __init__(self, context: DeskContext, families: dict[str, str], opener: ShopOpener) -> None:
        super().__init__()
        self._context = context
        self._opener = opener
        self._control: ShopControl | None = None
        self._configured = self._is_set_up = False
        self.setMinimumSize(1024, 680)
        self.resize(1280, 800)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self._opening = EmptyState()
        self.jobs = JobsPage(context, self.open_directories)
        self.configuration = ConfigurationPage(context, lambda: self.show_page("jobs"))
        self.surveys = SurveysPage(context, PagePainter(families))
        self._setup = SetupPage(context, self._set_up)
        self._show_code = ShowCodePage(context, self._after_code)
        self._ask_code = AskCodePage(context, self.begin, self._recover, self._start_new_store)
        for page in (self._opening, self._show_code, self._ask_code, self._setup, self.jobs, self.surveys):
            self._stack.addWidget(page)
        self._stack.addWidget(self.configuration)
        self._build_bar()
        self._status = StatusCells(self.statusBar(), context, self._cell_pressed)
        self._beat = QTimer(self)
        self._beat.setInterval(2000)
        self._beat.timeout.connect(self._read_status)
        self._reading = False
        self.retranslate()

    def _build_bar(self) -> None:
        self._bar = QToolBar()
        self._bar.setMovable(False)
        self._bar.setIconSize(QSize(24, 24))
        self._bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self._bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.addToolBar(self._bar)
        self._pages = QActionGroup(self)
        self._page_actions: dict[str, QAction] = {}
        for number, (name, page) in enumerate((("jobs", self.jobs), ("surveys", self.surveys)), start=1):
            action = QAction(self, checkable=True)
            action.setShortcut(QKeySequence(f"Ctrl+{number}"))
            action.triggered.connect(lambda _checked=False, which=name: self.show_page(which))
            self._pages.addAction(action)
            self._bar.addAction(action)
            action.setData(page)
            action.setEnabled(False)
            self._page_actions[name] = action
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._bar.addWidget(spacer)
        self._more = QToolButton()
        self._more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._more.setMenu(self._menu)
        self._bar.addWidget(self._more)

    def retranslate(self) -> None:
        words = self._context.words
        self.setWindowTitle("RepairCenter")
        for name, action in self._page_actions.items():
            action.setText(words(f"desk.page.{name}"))
            action.setToolTip(f"{words(f'desk.page.{name}')} ({action.shortcut().toString()})")
        self._more.setText(words("desk.more.title"))
        self._more.setAccessibleName(words("desk.more.title"))
        self._fill_menu()
        if self._control is None:
            self._opening.say(words("desk.opening.title"), words("desk.opening.text"))

    def _fill_menu(self) -> None:
        words = self._context.words
        self._menu.clear()
        self._menu.addAction(words("desk.configuration.menu"), self.open_directories).setEnabled(self._is_set_up)
        self._menu.addAction(words("desk.more.scan"), QKeySequence("Ctrl+R"), self._scan_now)
        self._menu.addAction(words("desk.more.reconnect"), self._reconnect)
        self._menu.addSeparator()
        languages = self._menu.addMenu(words("desk.more.language"))
        for language in LANGUAGES:
            action = languages.addAction(_NAMES[language])
            action.setCheckable(True)
            action.setChecked(language == words.language)
            action.triggered.connect(lambda _checked=False, which=language: self.set_language(which))
        looks = self._menu.addMenu(words("desk.more.appearance"))
        for look in ("system", "light", "dark"):
            action = looks.addAction(words(f"desk.more.look_{look}"))
            action.setCheckable(True)
            action.setChecked(look == self._context.theme.choice)
            action.triggered.connect(lambda _checked=False, which=look: self.set_appearance(which))
        self._menu.addSeparator()
        self._menu.addAction(words("desk.more.about"), self._about)
        self._menu.addAction(words("desk.more.quit"), QKeySequence(QKeySequence.StandardKey.Quit), self.close)

    def begin(self) -> None:
        """After the first paint: icons, then the shop's side in the background."""
        self._load_icons()
        opener = self._opener

        def work() -> tuple[ShopControl, bool]:
            control = opener.open()
            return control, control.configured

        self._context.background.run(work, self._opened, self._not_opened, self._key_is_gone)

    def _load_icons(self) -> None:
        theme = self._context.theme
        self._page_actions["jobs"].setIcon(theme.icon("car-wrench", "ink"))
        self._page_actions["surveys"].setIcon(theme.icon("clipboard-check-outline", "ink"))
        self._more.setIcon(theme.icon("dots-horizontal", "ink"))
        self.surveys.viewer.load_icons()

    def _opened(self, opened: tuple[ShopControl, bool]) -> None:
        self._control, self._configured = opened
        control = self._control
        self._setup.attach(control)
        code = control.new_recovery_code
        if code is not None:
            self._show_code.show_code(code)
            self._stack.setCurrentWidget(self._show_code)
        else:
            self._after_code()

    def _after_code(self) -> None:
        if self._configured:
            self._set_up()
        else:
            self._stack.setCurrentWidget(self._setup)
        self._beat.start()
        self._read_status()

    def _set_up(self) -> None:
        """Folder and service are known: show the jobs."""
        if self._control is None:
            return
        self._is_set_up = True
        self._fill_menu()
        for action in self._page_actions.values():
            action.setEnabled(True)
        self.jobs.attach(self._control)
        self.configuration.attach(self._control)
        self.surveys.attach(self._control.person)
        self.show_page("jobs")

    def _not_opened(self, sentence: str) -> None:
        words = self._context.words
        self._opening.say(
            words("desk.opening.failed"),
            words.sentence(sentence) or words("desk.opening.bug"),
            words("desk.retry"),
            self.begin,
        )
        self._stack.setCurrentWidget(self._opening)

    def _key_is_gone(self, sentence: str) -> None:
        self._ask_code.say(self._context.words.sentence(sentence))
        self._stack.setCurrentWidget(self._ask_code)

    def _recover(self, code: str) -> None:
        self._context.background.run(
            lambda: self._opener.recover(code), lambda _none: self.begin(), self._not_opened, self._key_is_gone
        )

    def _start_new_store(self) -> None:
        self._context.background.run(self._opener.start_new_store, lambda _none: self.begin(), self._not_opened)

    def show_page(self, name: str) -> None:
        action = self._page_actions[name]
        action.setChecked(True)
        self._stack.setCurrentWidget(action.data())
        action.data().setFocus()

    def open_directories(self) -> None:
        """Configuration > Shop setup > File directories."""
        if not self._is_set_up:
            return
        self._pages.setExclusive(False)
        for action in self._page_actions.values():
            action.setChecked(False)
        self._pages.setExclusive(True)
        self._stack.setCurrentWidget(self.configuration)
        self.configuration.opened()
        self.configuration.setFocus()

    def heard(self, fact: str) -> None:
        """A fact of the event hub, on the GUI thread."""
        if fact == "jobs_changed":
            self.jobs.refresh()
        if fact in ("cycle_ended", "connection_changed", "jobs_changed"):
            self._read_status()

    def _read_status(self) -> None:
        control = self._control
        if control is None or self._reading:
            return
        self._reading = True
        midnight = start_of_day("UTC", self._context.clock.now_utc().date())

        def read() -> tuple[CollectorState, Counts, dict[int, str]]:
            shops = {shop.id: shop.name for shop in control.reader.shops()}
            return control.collector_state(), control.reader.counts(midnight), shops

        def show(found: tuple[CollectorState, Counts, dict[int, str]]) -> None:
            self._reading = False
            state, counts, shops = found
            self._status.show(state, counts)
            self.jobs.show_state(state, shops)
            self.configuration.show_state(state)

        def failed(_sentence: str) -> None:
            self._reading = False

        self._context.background.run(read, show, failed)

    def status_text(self, name: str) -> str:
        return self._status.text(name)

    def _cell_pressed(self, name: str) -> None:
        if self._control is None:
            return
        if name == "connection":
            self._reconnect()
        elif name == "share":
            self.open_directories()
        elif name == "cycle":
            self._scan_now()
        else:
            self.show_page("jobs")

    def _scan_now(self) -> None:
        if self._control is not None:
            self._context.background.run(self._control.scan_now, lambda _none: self._read_status())

    def _reconnect(self) -> None:
        if self._control is not None:
            self._context.background.run(self._control.reconnect, lambda _none: self._read_status())

    def set_language(self, language: str) -> None:
        """Change every text at once."""
        self._context.set_language(language)
        self.retranslate()
        for page in (self._setup, self._show_code, self._ask_code):
            page.retranslate()
        self.jobs.retranslate()
        self.configuration.retranslate()
        self.surveys.retranslate()
        self._status.retranslate()

    def set_appearance(self, choice: str) -> None:
        self._context.theme.choice = choice
        self._context.remember("appearance", choice)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._context.theme.apply(app)
        self._load_icons()
        self.retranslate()
        self.jobs.retranslate()
        self.configuration.retranslate()
        self._status.retranslate()
        self.surveys.viewer.view.viewport().update()

    def _about(self) -> None:
        from repaircenter import __version__

        words = self._context.words
        QMessageBox.about(self, "RepairCenter", words("desk.about", version=__version__))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._context.remember("window", self.saveGeometry())
        self._beat.stop()
        super().closeEvent(event)

    def restore_size(self) -> None:
        state = self._context.remembered_state("window")
        if state is not None:
            self.restoreGeometry(state)
