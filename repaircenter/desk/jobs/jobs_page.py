"""The Jobs page: list left, one job right (UI.md). Reads in the background, never on the GUI thread."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QItemSelection, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from repaircenter.desk.folders.folder_banner import FolderBanner
from repaircenter.desk.jobs.filter_bar import FilterBar
from repaircenter.desk.jobs.job_actions import Act
from repaircenter.desk.jobs.job_details import JobDetailsView
from repaircenter.desk.jobs.job_list import JobList, Shown
from repaircenter.desk.jobs.jobs_banners import JobsBanners
from repaircenter.desk.jobs.jobs_model import COLUMNS, HIDDEN_AT_FIRST, JobsModel
from repaircenter.desk.jobs.jobs_table import JobsTable
from repaircenter.desk.jobs.new_job import NewJobForm
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.operations import Query
from repaircenter.desk.kit.pieces import ArrowSplitter, Banner, EmptyState, button, label
from repaircenter.desk.kit.room import RoomPage, Status
from repaircenter.shop.controls import ShopControl
from repaircenter.shop.model.folder import LedgerEntry
from repaircenter.shop.model.job import Facility, Job, JobView, Shop

_Extras = tuple[list[LedgerEntry], list[tuple[Facility, int | None]], list[Shop]]
# After a reading the list rests so many times as long as it took: many jobs never keep the window busy.
_REST = 3


class JobsPage(RoomPage):
    """`attach` gives it the shop; `refresh` reads again after a fact."""

    def __init__(self, context: DeskContext, open_page: Callable[[str], None]) -> None:
        super().__init__()
        self._context = context
        self._open_page = open_page
        self._has_folders = True
        self._control: ShopControl | None = None
        self._list = JobList()
        self._searched = ""
        self._anew = False
        self._lines = Query(context.operations, again=self._load)
        self._viewing = Query(context.operations)
        self._shops: list[Shop] = []
        # The job a person chose; what is read of another one meanwhile is not shown.
        self._chosen_id = 0
        self._shop_id: int | None = None
        self._model = JobsModel(context, self._show_jobs)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(200)
        self._delay.timeout.connect(self._load)
        self._build()
        bind = self._context.texts.bind
        bind(self._search, name="desk.jobs.search", hint="desk.jobs.search")
        bind(self._new, "desk.new_job.button")
        bind(self._table, name="desk.page.jobs")
        self.retranslate()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        self._folders = FolderBanner(self._context, open_directories=lambda: self._open_page("directories"))
        self._banners = JobsBanners(self._context, self._act, self._open_page)
        self._refusal = Banner()
        layout.addWidget(self._refusal)
        layout.addWidget(self._folders)
        layout.addWidget(self._banners)
        self._splitter = ArrowSplitter(Qt.Orientation.Horizontal, self._context, "jobs")
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        self._search = QLineEdit()
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(lambda _text: self._delay.start())
        self._new = button("", self._begin_new)
        self._count = label("", "soft")
        row.addWidget(self._search, 1)
        row.addWidget(self._count)
        row.addWidget(self._new)
        column.addLayout(row)
        self._filters = FilterBar(self._context, self._show_jobs)
        column.addWidget(self._filters)
        self._table = self._make_table()
        self._empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._table)
        self._stack.addWidget(self._empty)
        column.addWidget(self._stack, 1)
        self._details = JobDetailsView(self._context, self._act)
        self._new_job = NewJobForm(self._context, self._make_new, self._leave_new)
        self._details.survey_wanted.connect(self._show_survey)
        self._right = QStackedWidget()
        self._right.addWidget(self._details)
        self._right.addWidget(self._new_job)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self._right)
        self._splitter.setSizes([856, 394])
        layout.addWidget(self._splitter, 1)
        QShortcut(QKeySequence.StandardKey.Find, self, self._search.setFocus)
        QShortcut(QKeySequence.StandardKey.Refresh, self, self._read_all)
        self.setFocusProxy(self._table)

    def _make_table(self) -> JobsTable:
        table = JobsTable(self._model, self._context)
        table.setSortingEnabled(True)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(30)
        header = table.horizontalHeader()
        header.setSectionsMovable(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(table.choose_columns)
        header.sectionResized.connect(lambda *_: self._context.remember("jobs/columns", header.saveState()))
        state = self._context.remembered_state("jobs/columns")
        if state is None or not header.restoreState(state):
            widths = (66, 112, 112, 104, 58, 82, 84, 84, 118, 60)
            for index, (name, width) in enumerate(zip(COLUMNS, widths, strict=True)):
                table.setColumnWidth(index, width)
                table.setColumnHidden(index, name in HIDDEN_AT_FIRST)
            table.sortByColumn(COLUMNS.index("received"), Qt.SortOrder.DescendingOrder)
        table.selectionModel().selectionChanged.connect(self._selected)
        return table

    def retranslate(self) -> None:
        for part in (self._filters, self._model, self._details, self._new_job, self._banners):
            part.retranslate()
        self._show_jobs()

    def attach(self, control: ShopControl) -> None:
        self._control = control
        self._folders.attach(control)
        self._splitter.restore()
        self._load()

    def opened(self, place: str, *, fresh: bool) -> None:
        """`place` is what to search for: the job of a report's row (B-N4)."""
        if place:
            self.search_for(place)

    def react(self, fact: str) -> None:
        if fact == "jobs_changed":
            self.refresh()

    def _show_survey(self, job: Job) -> None:
        """From a job to what its customer answered."""
        if job.shop_id is not None:
            self._open_page(f"surveys/{job.shop_id}/{job.job_key}")

    def show_status(self, status: Status) -> None:
        """What the collector says now."""
        state, shops = status.state, {shop.id: shop.name for shop in status.shops}
        has_folders = bool(state.folders) or state.shows_only
        if has_folders != self._has_folders:
            self._has_folders = has_folders
            self._show_jobs()
        self._folders.show_state(state, shops)
        self._banners.show_state(state)

    def choose_shop(self, shop_id: int | None) -> None:
        """Only the jobs of one shop, or of all."""
        self._shop_id = shop_id
        self._show_jobs()

    def refresh(self) -> None:
        """Something changed: read what changed soon; many facts in a row make one reading."""
        if self._control is not None and not self._delay.isActive():
            self._delay.start()

    def _read_all(self) -> None:
        self._anew = True
        self._load()

    def _show_jobs(self) -> None:
        """Other filters, another order: the same jobs are shown anew."""
        if self._control is not None:
            self._load()

    def search_for(self, words: str) -> None:
        """What a person would type."""
        self._search.setText(words)

    def _load(self) -> None:
        """Read, filter and sort in the background, one reading at a time."""
        control, search = self._control, self._search.text().strip()
        if control is None:
            return
        if self._lines.is_asking:
            self._lines.ask_again()
            return
        # A search is read as a whole; without one only what changed since the last time.
        whole = bool(search or self._searched or self._anew or not self._list.revision)
        self._anew = False
        filters, order = self._filters.filters(self._shop_id), self._model.order
        days = filters.days
        since = None if days is None else self._context.start_of(self._context.today() - timedelta(days=days))

        def read() -> tuple[Shown, _Extras, float]:
            began = time.perf_counter()
            reader, found = control.reader, self._list
            homeless = [(f, control.jobs.suggested_shop(f)) for f in reader.facilities() if f.shop_id is None]
            lines, revision = reader.job_lines(search, 0 if whole else found.revision)
            (found.replace if whole else found.update)(lines, revision)
            shown = found.show(filters, since, order, frozenset(line.id for line in lines))
            return shown, (reader.troubles(), homeless, reader.shops()), time.perf_counter() - began

        def show(loaded: tuple[Shown, _Extras, float]) -> None:
            self._searched = search
            self._delay.setInterval(max(200, int(loaded[2] * 1000 * _REST)))
            self._take(*loaded[:2], filtered=filters.is_set)

        self._lines.ask(read, show, self._failed)

    def _take(self, shown: Shown, extras: _Extras, *, filtered: bool) -> None:
        troubles, facilities, self._shops = extras
        self._details.offer_shops(self._shops)
        self._banners.show_troubles(troubles)
        self._banners.show_facilities(facilities, self._shops)
        if not self._searched:
            self._filters.offer_insurers(shown.insurers)
            self._filters.show_unreachable(shown.unreachable)
        keep = self._chosen_id
        self._model.show(shown.lines)
        self._count.setText(self._context.words.count("desk.jobs.count", len(shown.lines)))
        if shown.lines:
            self._stack.setCurrentWidget(self._table)
            self._select(keep)
        else:
            self._say_why_empty(filtered)
            self._stack.setCurrentWidget(self._empty)
        if keep and keep in shown.changed:
            self._read_details(keep)

    def _failed(self, sentence: str) -> None:
        words = self._context.words
        self._empty.say(words("desk.jobs.error_title"), sentence, words("desk.retry"), self._read_all)
        self._stack.setCurrentWidget(self._empty)

    def _say_why_empty(self, filtered: bool) -> None:
        words = self._context.words
        if self._search.text() or filtered:
            self._empty.say(
                words("desk.jobs.nothing_found"),
                words("desk.jobs.nothing_found_text"),
                words("desk.jobs.show_all"),
                self._show_all,
            )
        elif self._has_folders:
            self._empty.say(words("desk.jobs.empty"), words("desk.jobs.empty_text"))
        else:
            self._empty.say(
                words("desk.jobs.no_folder"),
                words("desk.jobs.no_folder_text"),
                words("desk.jobs.set_folder"),
                lambda: self._open_page("directories"),
            )

    def _show_all(self) -> None:
        self._search.clear()
        self._filters.clear()

    def _select(self, job_id: int) -> None:
        row = self._model.row_of(job_id) if job_id else -1
        self._table.selectionModel().blockSignals(True)
        if row >= 0:
            self._table.selectRow(row)
        else:
            self._table.clearSelection()
        self._table.selectionModel().blockSignals(False)
        self._table.viewport().update()

    @property
    def count_shown(self) -> int:
        return self._model.rowCount()

    @property
    def shown_job(self) -> int:
        """Id of the job on the right side, 0 without one."""
        return self._details.job_id

    def select_first(self) -> None:
        """Open the newest job (pictures and the first look)."""
        if self._model.rowCount():
            self._table.selectRow(0)

    def _selected(self, chosen: QItemSelection, _before: QItemSelection) -> None:
        indexes = chosen.indexes()
        if not indexes:
            return
        wanted = self._model.lines[indexes[0].row()].id
        if self._details.is_editing and wanted != self._chosen_id:
            # What was typed is kept or given up first.
            self._details.ask_to_finish()
            self._select(self._chosen_id)
            return
        self._chosen_id = wanted
        self._right.setCurrentWidget(self._details)
        self._read_details(wanted)

    def _read_details(self, job_id: int) -> None:
        control = self._control
        if control is None:
            return

        def show(view: JobView | None) -> None:
            if view is not None and job_id == self._chosen_id:
                self._details.show_view(view)

        self._viewing.ask(partial(control.jobs.view, job_id), show)

    def _act(self, act: Act, refused: Callable[[str], None] | None) -> None:
        """One action of a person, in the background; a refusal comes back as a sentence."""
        control = self._control
        if control is None:
            return

        about = self._chosen_id

        def done(_none: object) -> None:
            self._refusal.clear()
            if about == self._chosen_id:
                self._details.action_done()
            self.refresh()
            if self._chosen_id:
                self._read_details(self._chosen_id)

        def not_done(sentence: str) -> None:
            if refused is not None and about == self._chosen_id:
                refused(sentence)
            else:
                self._refuse(sentence)
            if self._chosen_id:
                self._read_details(self._chosen_id)

        self._context.background.run(lambda: act(control.jobs), done, not_done)

    def _refuse(self, sentence: str) -> None:
        """Something asked for could not be done: said above the list, until the next action."""
        text = sentence or self._context.words("desk.viewer.failed_text")
        self._refusal.say(text, [(self._context.words("desk.configuration.ok"), self._refusal.clear)])

    def forget_person(self) -> None:
        """Whoever was here has gone: no search, no form, no chosen job stays."""
        self._search.clear()
        self._chosen_id = 0
        self._details.show_nothing()
        self._leave_new()
        self._new_job.begin(self._shops, None)
        self._table.clearSelection()

    def _begin_new(self) -> None:
        self._right.setCurrentWidget(self._new_job)
        if self._splitter.sizes()[1] == 0:
            self._splitter.setSizes([1, 1])
        self._new_job.begin(self._shops, self._shop_id)

    def _leave_new(self) -> None:
        self._right.setCurrentWidget(self._details)

    def _make_new(self, shop_id: int, job: Job) -> None:
        control = self._control
        if control is None:
            return

        def made(job_id: int) -> None:
            self._leave_new()
            self._chosen_id = job_id
            self.refresh()
            self._read_details(job_id)

        self._context.background.run(lambda: control.jobs.new_job(shop_id, job), made, self._new_job.say)
