"""The report viewer: tool bar, pages, Stop, print and save (UI.md, requirements 10). Work runs in the background."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSpinBox,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from repaircenter.desk.desk_context import DeskContext
from repaircenter.desk.page_painter import PagePainter
from repaircenter.desk.page_view import PageView
from repaircenter.desk.pieces import Banner, EmptyState
from repaircenter.reports.drawing import A4, LETTER, Page, PageSetup, landscape
from repaircenter.reports.pagination import paginate
from repaircenter.shop.ports import PersonLink
from repaircenter.shop.running import run_parts
from repaircenter.wire.document import Empty, Part
from repaircenter.wire.messages import RunRequest

FORMATS = ("pdf", "xlsx", "csv")


class ReportViewer(QWidget):
    """Runs one report at a time and shows its pages as they come."""

    period_chosen = Signal(str)
    run_started = Signal()

    def __init__(self, context: DeskContext, painter: PagePainter) -> None:
        super().__init__()
        self._context = context
        self._painter = painter
        self._link: PersonLink | None = None
        self._request: RunRequest | None = None
        self._parts: list[Part] = []
        self._stop = threading.Event()
        self._run = 0
        self._running = False
        self._actions: dict[str, QAction] = {}
        self._view = PageView(painter, context.theme)
        self._build()
        self.retranslate()
        self._update()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._bar = QToolBar()
        self._bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._page = QSpinBox()
        self._page.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._page.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._page.setFixedWidth(64)
        self._page.editingFinished.connect(lambda: self._view.go_to(self._page.value()))
        self._of, self._percent, self._progress = QLabel(), QLabel(), QLabel()
        for name, call in (
            ("first", lambda: self._view.go_to(1)),
            ("previous", lambda: self._view.go_to(self._view.current - 1)),
        ):
            self._add(name, call)
        self._bar.addWidget(self._page)
        self._bar.addWidget(self._of)
        self._add("next", lambda: self._view.go_to(self._view.current + 1))
        self._add("last", lambda: self._view.go_to(len(self._view.pages)))
        self._bar.addSeparator()
        self._add("stop", self.stop)
        self._add("refresh", self.refresh)
        self._bar.addSeparator()
        self._add("smaller", lambda: self._view.step_zoom(-1))
        self._bar.addWidget(self._percent)
        self._add("larger", lambda: self._view.step_zoom(1))
        self._add("fit", self._view.fit_width)
        self._bar.addSeparator()
        self._add("print", self.print_pages)
        self._add("setup", lambda: None)
        self._add("save", lambda: None)
        self._setup_menu, self._save_menu = QMenu(self), QMenu(self)
        self._attach_menu("setup", self._setup_menu)
        self._attach_menu("save", self._save_menu)
        self._bar.addWidget(self._progress)
        self._actions["first"].setShortcut(QKeySequence("Ctrl+Home"))
        self._actions["last"].setShortcut(QKeySequence("Ctrl+End"))
        self._actions["stop"].setShortcut(QKeySequence("Esc"))
        self._actions["refresh"].setShortcut(QKeySequence("F5"))
        self._actions["print"].setShortcut(QKeySequence.StandardKey.Print)
        self._actions["larger"].setShortcut(QKeySequence.StandardKey.ZoomIn)
        self._actions["smaller"].setShortcut(QKeySequence.StandardKey.ZoomOut)
        for action in self._actions.values():
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            self.addAction(action)
        layout.addWidget(self._bar)
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 0)
        self._banner = Banner()
        row.addWidget(self._banner)
        layout.addLayout(row)
        self._empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._view)
        layout.addWidget(self._stack, 1)
        self._view.current_changed.connect(lambda _number: self._update())
        self._view.zoom_changed.connect(lambda _percent: self._update())

    def _add(self, name: str, call: Callable[[], object]) -> None:
        action = QAction(self)
        action.triggered.connect(lambda _checked=False: call())
        self._actions[name] = action
        self._bar.addAction(action)

    def _attach_menu(self, name: str, menu: QMenu) -> None:
        widget = self._bar.widgetForAction(self._actions[name])
        if isinstance(widget, QToolButton):
            self._actions[name].setMenu(menu)
            widget.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def load_icons(self) -> None:
        """After the first paint (start-up)."""
        icons = {
            "first": "page-first",
            "previous": "chevron-left",
            "next": "chevron-right",
            "last": "page-last",
            "stop": "stop",
            "refresh": "refresh",
            "smaller": "magnify-minus-outline",
            "larger": "magnify-plus-outline",
            "fit": "arrow-expand-horizontal",
            "print": "printer-outline",
            "setup": "file-cog-outline",
            "save": "content-save-outline",
        }
        for name, icon in icons.items():
            self._actions[name].setIcon(self._context.theme.icon(icon, "ink"))

    def retranslate(self) -> None:
        words = self._context.words
        for name, action in self._actions.items():
            text = words(f"desk.viewer.{name}")
            action.setText(text)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{text} ({keys})" if keys else text)
            widget = self._bar.widgetForAction(action)
            if widget is not None:
                widget.setAccessibleName(text)
        self._page.setAccessibleName(words("desk.viewer.page"))
        self._view.setAccessibleName(words("desk.viewer.pages"))
        self._fill_menus()
        if not self._parts and not self._running:
            self._empty.say(words("desk.viewer.nothing_title"), words("desk.viewer.nothing_text"))
        self._update()

    def _fill_menus(self) -> None:
        words = self._context.words
        self._setup_menu.clear()
        chosen = (self._paper(), self._is_landscape())
        for paper in ("letter", "a4"):
            for wide in (False, True):
                title = words(f"desk.viewer.paper_{paper}") + " · " + words(f"desk.viewer.{'wide' if wide else 'tall'}")
                action = QAction(title, self._setup_menu, checkable=True)
                action.setChecked(chosen == (paper, wide))
                action.triggered.connect(partial(self._set_paper, paper, wide))
                self._setup_menu.addAction(action)
        self._save_menu.clear()
        for format_ in FORMATS:
            action = QAction(words(f"desk.viewer.save_{format_}"), self._save_menu)
            action.triggered.connect(partial(self._ask_where, format_))
            self._save_menu.addAction(action)

    def _paper(self) -> str:
        return str(self._context.settings.value("paper", "letter"))

    def _is_landscape(self) -> bool:
        return str(self._context.settings.value("landscape", "false")) == "true"

    def _set_paper(self, paper: str, wide: bool, _checked: bool = False) -> None:
        """Paginate again at once; the numbers stay as they are."""
        self._context.remember("paper", paper)
        self._context.remember("landscape", "true" if wide else "false")
        self._fill_menus()
        if self._parts:
            parts, setup = list(self._parts), self._setup()
            self._view.clear()
            run = self._run
            self._context.background.run(lambda: list(paginate(parts, setup)), partial(self._arrived, run))

    def _setup(self) -> PageSetup:
        setup = A4 if self._paper() == "a4" else LETTER
        return landscape(setup) if self._is_landscape() else setup

    def attach(self, link: PersonLink | None) -> None:
        self._link = link

    def show_report(self, request: RunRequest) -> None:
        """Run a report; what is shown goes away at once."""
        link = self._link
        if link is None:
            return
        self._stop.set()
        self._stop, self._request = threading.Event(), request
        self._run += 1
        self._running, self._parts = True, []
        self._view.clear()
        self._banner.clear()
        words = self._context.words
        self._empty.say(words("desk.viewer.running_title"), words("desk.viewer.running_text"))
        self._stack.setCurrentWidget(self._empty)
        self._update()
        self.run_started.emit()
        run, stop, setup, background = self._run, self._stop, self._setup(), self._context.background

        def pause(seconds: float) -> None:
            stop.wait(seconds)

        def work() -> None:
            parts: list[Part] = []

            def arriving() -> Iterator[Part]:
                for part in run_parts(link, request, pause, stop.is_set):
                    parts.append(part)
                    yield part

            batch: list[Page] = []
            shown_at = 0.0
            for page in paginate(arriving(), setup):
                batch.append(page)
                if time.monotonic() - shown_at > 0.2:
                    background.report(partial(self._arrived, run), batch)
                    batch, shown_at = [], time.monotonic()
            background.report(partial(self._arrived, run), batch)
            background.report(partial(self._ended, run), (parts, stop.is_set()))

        background.run(work, lambda _none: None, partial(self._failed, run), takes_long=True)

    def clear(self) -> None:
        """Nothing of the last person's report stays on the screen."""
        self._stop.set()
        self._run += 1
        self._running, self._parts, self._request = False, [], None
        self._view.clear()
        self._banner.clear()
        words = self._context.words
        self._empty.say(words("desk.viewer.nothing_title"), words("desk.viewer.nothing_text"))
        self._stack.setCurrentWidget(self._empty)
        self._update()

    def refresh(self) -> None:
        if self._request is not None:
            self.show_report(self._request)

    def stop(self) -> None:
        """Stop at once on the screen; the service's query is cancelled by the thread that polls it (A-46)."""
        if not self._running:
            return
        self._stop.set()
        self._run += 1
        self._running = False
        words = self._context.words
        self._empty.say(
            words("desk.viewer.stopped_title"),
            words("desk.viewer.stopped_text"),
            words("desk.viewer.refresh"),
            self.refresh,
        )
        self._view.clear()
        self._stack.setCurrentWidget(self._empty)
        self._update()

    def _arrived(self, run: int, pages: list[Page]) -> None:
        if run == self._run and pages:
            self._show_pages(pages)

    def _show_pages(self, pages: list[Page]) -> None:
        first = not self._view.pages
        self._view.add(pages)
        self._stack.setCurrentWidget(self._view)
        if first:
            self._view.go_to(1)
        self._update()

    def _ended(self, run: int, result: tuple[list[Part], bool]) -> None:
        if run != self._run:
            return
        self._running = False
        self._parts = result[0]
        self._offer_periods()
        self._update()

    def _offer_periods(self) -> None:
        """An empty report explains itself and offers periods that show something (A-50)."""
        empty = next((node for part in self._parts for node in part.nodes if isinstance(node, Empty)), None)
        if empty is not None:
            self._banner.say(
                empty.text, [(title, partial(self.period_chosen.emit, word)) for word, title in empty.suggestions]
            )

    def _failed(self, run: int, sentence: str) -> None:
        if run != self._run:
            return
        self._running = False
        words = self._context.words
        self._empty.say(
            words("desk.viewer.failed_title"),
            sentence or words("desk.viewer.failed_text"),
            words("desk.retry"),
            self.refresh,
        )
        self._stack.setCurrentWidget(self._empty)
        self._update()

    def say_stale(self, view_again: Callable[[], object]) -> None:
        """Parameters changed since the pages were made (A-34)."""
        if self._view.pages:
            words = self._context.words
            self._banner.say(words("desk.viewer.stale"), [(words("desk.surveys.view"), view_again)])

    def _update(self) -> None:
        count, current = len(self._view.pages), self._view.current
        words = self._context.words
        for name in ("first", "previous"):
            self._actions[name].setEnabled(current > 1)
        for name in ("next", "last"):
            self._actions[name].setEnabled(0 < current < count)
        for name in ("print", "save"):
            self._actions[name].setEnabled(bool(self._parts) and not self._running)
        self._actions["stop"].setEnabled(self._running)
        self._actions["refresh"].setEnabled(self._request is not None)
        self._page.setEnabled(count > 0)
        self._page.blockSignals(True)
        self._page.setRange(0 if not count else 1, max(count, 0))
        self._page.setValue(current)
        self._page.blockSignals(False)
        self._of.setText(words("desk.viewer.of", count=f"{count}+" if self._running else str(count)))
        self._percent.setText(f"{self._view.zoom} %")
        self._progress.setText("  " + words("desk.viewer.running_title") if self._running else "")

    @property
    def view(self) -> PageView:
        return self._view

    @property
    def is_running(self) -> bool:
        return self._running

    def print_pages(self) -> None:
        """The system's print dialog, then the same operations on the printer (A-47)."""
        if self._parts:
            from repaircenter.desk.printing import ask_and_print

            ask_and_print(self, self._painter, self._view.pages, self._paper())

    def _ask_where(self, format_: str, _checked: bool = False) -> None:
        header = next((part.header for part in self._parts if part.header is not None), None)
        if header is None:
            return
        period = dict(header.facts).get(self._context.words("report.fact.period"), "").replace(" – ", "_")
        name = "_".join(part for part in (header.title, period) if part).replace("/", "-").replace(" ", "-")
        folder = str(self._context.settings.value("save_folder", str(Path.home())))
        chosen, _ = QFileDialog.getSaveFileName(
            self, self._context.words("desk.viewer.save"), str(Path(folder) / f"{name}.{format_}"), f"*.{format_}"
        )
        if chosen:
            self._context.remember("save_folder", str(Path(chosen).parent))
            self.save_as(Path(chosen), format_)

    def save_as(self, path: Path, format_: str) -> None:
        """Write the document as pdf, xlsx or csv; an existing file is replaced in one step."""
        parts, setup, words = list(self._parts), self._setup(), self._context.words

        def work() -> Path:
            return _write(parts, setup, path, format_)

        def done(written: Path) -> None:
            self._banner.say(words("desk.viewer.saved", path=str(written)))
            QTimer.singleShot(6000, self._banner.clear)

        self._context.background.run(work, done, lambda text: self._banner.say(text or words("desk.viewer.not_saved")))


def _write(parts: list[Part], setup: PageSetup, path: Path, format_: str) -> Path:
    from repaircenter.reports.exports import write_csv, write_xlsx
    from repaircenter.reports.pdf import save, write_pdf
    from repaircenter.runtime.errors import EnvironmentFailure

    header = next(part.header for part in parts if part.header is not None)
    if format_ == "pdf":
        data = write_pdf(list(paginate(parts, setup)), header.title, header.language)
    else:
        data = write_xlsx(parts) if format_ == "xlsx" else write_csv(parts)
    try:
        save(data, path)
    except OSError as error:
        raise EnvironmentFailure(f"{path.name}: {error.strerror or 'the file cannot be written'}") from None
    return path
