"""The report viewer: pages with their tools, drill-through and back, find, explanation, print and save (requirements 10).

GUI thread; runs, layout and files are worked on in the background.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from msgspec.structs import replace as struct_replace
from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.viewer.page_setup import PageSetupDialog
from repaircenter.desk.viewer.pages.layout import MODES
from repaircenter.desk.viewer.pages.painter import PagePainter
from repaircenter.desk.viewer.pages.place import Place
from repaircenter.desk.viewer.pages.view import PageView
from repaircenter.desk.viewer.report_history import Snapshot, crumb, followed, said
from repaircenter.desk.viewer.report_layout import ReportLayout
from repaircenter.desk.viewer.report_notices import ReportNotices
from repaircenter.desk.viewer.report_paper import ReportPaper
from repaircenter.desk.viewer.report_run import KeptResult, ReportRun
from repaircenter.desk.viewer.report_saving import FORMATS
from repaircenter.desk.viewer.report_state import ReportState
from repaircenter.desk.viewer.viewer_commands import calls_of, is_allowed
from repaircenter.desk.viewer.viewer_frame import ViewerFrame
from repaircenter.rendering.drawing import LinkArea, Page
from repaircenter.shop.ports import PersonLink
from repaircenter.wire.document.cells import Link
from repaircenter.wire.document.parts import Part
from repaircenter.wire.reports import RunRequest

# What the layout menu offers besides how pages lie.
FOLD, UNFOLD = "fold", "unfold"


class ReportViewer(ViewerFrame):
    """Runs one report at a time and shows its pages as they come."""

    job_wanted = Signal(str)
    request_shown = Signal(object)  # RunRequest: what the parameters above should say

    def __init__(self, context: DeskContext, painter: PagePainter) -> None:
        super().__init__(context, painter)
        self._link: PersonLink | None = None
        self.state = ReportState()
        self._layout = ReportLayout(context.operations, self.state, self._view, self._page_setup.setup)
        self._run = ReportRun(context.operations)
        self._notices = ReportNotices(context, self._banner, self.state, self.refresh, self._with_period)
        self._paper = ReportPaper(self, context, painter, self._banner, self._notices.say_what_matters)
        self._connect()
        bind = self._context.texts.bind
        bind(self._view, name="desk.viewer.pages")
        self.retranslate()

    def _connect(self) -> None:
        self._bar.triggered_by_name.connect(self._do)
        self._bar.page_wanted.connect(self._view.go_to)
        self._bar.zoom_wanted.connect(self._view.set_zoom)
        self._view.current_changed.connect(lambda _number: self._page_changed())
        self._view.zoom_changed.connect(lambda _percent: self._update())
        self._view.area_activated.connect(self._activate)
        self._view.copy_wanted.connect(self.copy)
        self._view.mode_changed.connect(lambda _mode: self._fill_layout_menu())
        self._find.matches_changed.connect(self._panel.show_matches)
        self._find.list_wanted.connect(self._panel.open_matches)
        self._panel.match_wanted.connect(self._find.go_to)
        self._page_setup.changed.connect(self._lay_out_again)
        self._layout.laid_out.connect(self._laid_out)
        self._run.pages_arrived.connect(self._show_pages)
        self._run.fell_back.connect(self._fall_back)
        self._run.ended.connect(self._ended)
        self._run.failed.connect(self._failed)
        QShortcut(QKeySequence("Esc"), self, self._escape)
        QShortcut(QKeySequence("Ctrl+G"), self, self._bar.page.setFocus)
        QShortcut(QKeySequence("F3"), self, lambda: self._find.step(1))
        QShortcut(QKeySequence("Shift+F3"), self, lambda: self._find.step(-1))
        QShortcut(QKeySequence("Ctrl+0"), self, lambda: self._view.set_zoom(100))

    def _do(self, name: str) -> None:
        """What a tool does."""
        call = calls_of(self).get(name)
        if call is None:
            self._bar.open_menu(name)
        else:
            call()

    def open_find(self) -> None:
        self._find.open_bar()

    def copy(self) -> None:
        """What is marked on the pages; without a mark the tables of the whole report (V-21)."""
        marked = self._view.selected_text()
        if marked:
            self._paper.copy_words(marked)
        elif self.state.parts:
            self._paper.copy(self.state.parts)

    # Words and state.

    def load_icons(self) -> None:
        """After the first paint (start-up)."""
        self._bar.load_icons()

    def retranslate(self) -> None:
        words = self._context.words
        for part in (self._bar, self._panel, self._find):
            part.retranslate()
        self._page_setup.retranslate()
        formats = {name: words(f"desk.viewer.save_{name}") for name in FORMATS}
        self._bar.fill_menu("save", formats, self._ask_where)
        self._fill_layout_menu()
        if not self.state.parts and not self._run.is_running:
            self._empty.say(words("desk.viewer.nothing_title"), words("desk.viewer.nothing_text"))
        self._update()

    def _fill_layout_menu(self) -> None:
        words = self._context.words
        modes = {mode: words(f"desk.viewer.mode_{mode}") for mode in MODES}
        self._bar.fill_menu("layout", modes, self.set_mode, self._view.mode)
        self._bar.add_to_menu("layout", {name: words(f"desk.viewer.{name}") for name in (FOLD, UNFOLD)}, self.fold_all)

    def set_mode(self, mode: str) -> None:
        """One page below the other, two beside each other, or one alone (V-03)."""
        self._view.set_mode(mode)
        self._fill_layout_menu()
        self._update()

    def attach(self, link: PersonLink | None) -> None:
        self._link = link

    @property
    def view(self) -> PageView:
        return self._view

    @property
    def is_running(self) -> bool:
        return self._run.is_running

    @property
    def page_setup(self) -> PageSetupDialog:
        return self._page_setup

    def open_setup(self) -> None:
        """The dialog beside the pages: what is chosen there is seen here at once."""
        self._page_setup.show()
        self._page_setup.activateWindow()

    def _update(self) -> None:
        self._bar.enable(partial(is_allowed, self))
        self._bar.say_pages(
            self._view.current, len(self._view.pages), running=self._run.is_running, zoom=self._view.zoom
        )
        levels = self.state.levels()
        self._crumbs.setText("  ›  ".join("…" if level is None else crumb(level) for level in levels))
        self._crumbs.setToolTip("\n".join(said(level) for level in levels if level is not None))
        self._crumbs.setVisible(len(levels) > 1)

    def _page_changed(self) -> None:
        self._view.setAccessibleDescription(self._view.current_text())
        self._update()

    def toggle_panel(self) -> None:
        self._panel.setVisible(not self._panel.isVisible())
        self._panel.pages_changed()

    # Running.

    def show_report(self, request: RunRequest, kept: KeptResult | None = None) -> None:
        """Run a report; what is shown goes away at once, and so does where one came from.

        With `kept` its last result comes where the service cannot be reached.
        """
        self.state.history.clear()
        self._start(request, kept)

    def _start(self, request: RunRequest, kept: KeptResult | None = None) -> None:
        link = self._link
        if link is None:
            return
        words = self._context.words
        self.state.begin(request, kept)
        self._view.marks.folded = frozenset()
        self._page_setup.show_for(request.report)
        self._nothing_shown(words("desk.viewer.running_title"), words("desk.viewer.running_text"))
        self.request_shown.emit(request)
        self.state.laid_with = self._page_setup.setup()
        self._run.start(link, request, self.state.laid_with, kept)
        self._update()

    def _nothing_shown(self, title: str, text: str, word: str = "", call: Callable[[], object] | None = None) -> None:
        self._run.forget()
        self._layout.drop()
        self._paper.stop_printing()
        self._clear_view()
        self._find.pages_changed()
        self._panel.pages_changed()
        self._banner.clear()
        self._figure.hide()
        if call is None:
            self._empty.say(title, text)
        else:
            self._empty.say(title, text, word, call)
        self._stack.setCurrentWidget(self._empty)
        self._update()

    def _clear_view(self) -> None:
        """The pages that were shown are let go in the background; the history has lists of its own."""
        pages = self._view.pages
        self._view.clear()
        self._context.background.let_go(pages)

    def clear(self) -> None:
        """Nothing of the last person's report stays on the screen, nor in the history."""
        words = self._context.words
        self.state.forget()
        self._find.forget()
        self._nothing_shown(words("desk.viewer.nothing_title"), words("desk.viewer.nothing_text"))

    def refresh(self) -> None:
        """Ask again; back and forward stay."""
        if self.state.request is not None:
            # Asked by hand: the service is tried even where it was away.
            self._start(self.state.request, None if self.state.kept is None else replace(self.state.kept, only=False))

    def stop_printing(self) -> None:
        """Nobody may see the report now: what waits to be printed is not."""
        self._paper.stop_printing()

    def close_down(self) -> None:
        """The program ends."""
        self.stop()
        self._paper.let_go()

    def _escape(self) -> None:
        """Close what is open first; then stop the run."""
        if self._find.isVisible():
            self._find.close_bar()
        elif self._figure.isVisible():
            self._figure.hide()
        else:
            self.stop()

    def stop(self) -> None:
        """Stop the run at once (A-46)."""
        if not self._run.is_running:
            return
        words = self._context.words
        title, text = words("desk.viewer.stopped_title"), words("desk.viewer.stopped_text")
        self._nothing_shown(title, text, words("desk.viewer.refresh"), self.refresh)

    def _show_pages(self, pages: list[Page]) -> None:
        first = not self._view.pages
        self._view.add(pages)
        self._stack.setCurrentWidget(self._view)
        if first:
            self._view.go_to(1)
            self._page_changed()
        self._find.pages_changed()
        self._panel.pages_changed()
        self._update()

    def _fall_back(self, made_at_utc: datetime) -> None:
        """The service is away: what came until now makes room for the last result."""
        self.state.as_of_utc = made_at_utc
        self._clear_view()
        self._find.pages_changed()
        self._panel.pages_changed()

    def _ended(self, parts: list[Part]) -> None:
        self.state.take(parts)
        self._view.complete()
        self._notices.say_what_matters()
        self._update()
        if self.state.laid_with != self._page_setup.setup():
            self._lay_out_again()

    def _with_period(self, word: str) -> None:
        """The report that is shown, over another period; where one came from stays (A-50)."""
        if self.state.request is not None:
            self._start(
                struct_replace(self.state.request, parameters={**self.state.request.parameters, "period": word})
            )

    def _failed(self, sentence: str) -> None:
        words = self._context.words
        self._nothing_shown(
            words("desk.viewer.failed_title"),
            sentence or words("desk.viewer.failed_text"),
            words("desk.retry"),
            self.refresh,
        )

    def say_stale(self, view_again: Callable[[], object], reset: Callable[[RunRequest], object]) -> None:
        """Parameters changed since the pages were made (A-34)."""
        if self._view.pages:
            self._notices.say_stale(view_again, reset)

    # Links and history.

    def _activate(self, area: LinkArea) -> None:
        """A link leads on; a figure says how it was made; a column's title sorts."""
        header = self.state.header
        if area.sort is not None:
            self._layout.sort_by(*area.sort)
        elif area.fold is not None:
            self._layout.fold(area.fold)
        elif area.figure is not None and header is not None:
            rows = None if area.link is None else partial(self.follow, area.link, area.label)
            self._figure.explain(area.figure, header.language, rows)
        elif area.link is not None:
            self.follow(area.link, area.label)

    def follow(self, link: Link, label_: str = "") -> None:
        """Open what a link leads to: another report on top of this one, or a job."""
        if link.job_key:
            self.job_wanted.emit(label_)
            return
        shown = self._snapshot()
        if self.state.request is None or shown is None:
            return
        request = followed(self.state.request, link)
        self.state.history.leave(shown)
        self._start(request)

    def _snapshot(self) -> Snapshot | None:
        return None if self._run.is_running else self.state.snapshot(self._view.pages, self._view.place())

    def go_back(self) -> None:
        """The report one came from, as it was left, without asking the service again (A-45)."""
        self._show_snapshot(self.state.history.back(self._snapshot()))

    def go_forward(self) -> None:
        self._show_snapshot(self.state.history.forward(self._snapshot()))

    def _show_snapshot(self, snapshot: Snapshot | None) -> None:
        if snapshot is None:
            return
        self._run.forget()
        self._layout.drop()
        self.state.show(snapshot)
        self._page_setup.show_for(snapshot.request.report)
        self._clear_view()
        self._view.marks.folded = self.state.arrangement.folded
        self._view.add(list(snapshot.pages), whole=True)
        self._view.restore(snapshot.place)
        self._stack.setCurrentWidget(self._view)
        self._figure.hide()
        self._find.pages_changed()
        self._panel.pages_changed()
        self._notices.say_what_matters()
        self._page_changed()
        self.request_shown.emit(snapshot.request)
        self._view.setFocus()
        if snapshot.setup != self._page_setup.setup():
            self._lay_out_again()

    # Layout.

    def fold_all(self, folded: str) -> None:
        """Only the headings, or everything again (V-13)."""
        self._layout.fold_all(folded=folded == FOLD)

    def _lay_out_again(self) -> None:
        if not self._run.is_running:
            self._layout.again()

    def _laid_out(self, pages: list[Page], place: Place) -> None:
        self._clear_view()
        self._view.marks.folded = self.state.arrangement.folded
        self._view.add(pages, whole=True)
        # What was chosen by keyboard lies elsewhere now.
        self._view.restore(replace(place, focus=None))
        self._find.pages_changed()
        self._panel.pages_changed()
        self._page_changed()

    # Paper and files.

    def print_pages(self) -> None:
        if self.state.parts:
            self._paper.print_pages(self._view.pages)

    def print_now(self) -> None:
        if self.state.parts:
            self._paper.print_now(self._view.pages)

    def _ask_where(self, format_: str) -> None:
        header = self.state.header
        path = None if header is None else self._paper.ask_where(header, format_)
        if path is not None:
            self.save_as(path, format_)

    def save_as(self, path: Path, format_: str) -> None:
        self._paper.save(list(self.state.parts), list(self._view.pages), self.state.laid_with, path, format_)
