"""The Jobs page: list left, one job right (UI.md). Reads in the background, never on the GUI thread."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QItemSelection, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from repaircenter.desk.desk_context import DeskContext
from repaircenter.desk.filter_bar import FilterBar
from repaircenter.desk.folder_banner import FolderBanner
from repaircenter.desk.job_actions import Act
from repaircenter.desk.job_details import JobDetailsView
from repaircenter.desk.job_list import JobList
from repaircenter.desk.jobs_banners import JobsBanners
from repaircenter.desk.jobs_model import COLUMNS, HIDDEN_AT_FIRST, JobsModel
from repaircenter.desk.new_job import NewJobForm
from repaircenter.desk.pieces import ArrowSplitter, EmptyState, button, label
from repaircenter.shop.model import CollectorState, ContactFields, Facility, Job, JobLine, JobView, LedgerEntry, Shop
from repaircenter.shop.ports import ShopControl

_Extras = tuple[list[LedgerEntry], list[tuple[Facility, int | None]], list[Shop]]
_Loaded = tuple[list[JobLine], int, _Extras]


class JobsPage(QWidget):
    """`attach` gives it the shop; `refresh` reads again after a fact."""

    def __init__(self, context: DeskContext, open_page: Callable[[str], None]) -> None:
        super().__init__()
        self._context = context
        self._open_page = open_page
        self._has_folders = True
        self._control: ShopControl | None = None
        self._list = JobList()
        self._searched = ""
        self._asked = 0
        self._shops: list[Shop] = []
        self._shop_id: int | None = None
        self._model = JobsModel(context)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(200)
        self._delay.timeout.connect(self._load)
        self._build()
        self.retranslate()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        self._folders = FolderBanner(self._context, open_directories=lambda: self._open_page("directories"))
        self._banners = JobsBanners(self._context, self._act, self._open_page)
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
        # A sort keeps the chosen job in view.
        self._table.horizontalHeader().sortIndicatorChanged.connect(lambda *_: self._select(self._details.job_id))
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

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self._model)
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
        header.customContextMenuRequested.connect(self._choose_columns)
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
        words = self._context.words
        self._search.setPlaceholderText(words("desk.jobs.search"))
        self._search.setAccessibleName(words("desk.jobs.search"))
        self._new.setText(words("desk.new_job.button"))
        self._new.setAccessibleName(words("desk.new_job.button").replace("&", ""))
        self._table.setAccessibleName(words("desk.page.jobs"))
        for part in (self._filters, self._model, self._details, self._new_job, self._banners):
            part.retranslate()
        self._show_jobs()
        self.refresh()

    def attach(self, control: ShopControl) -> None:
        self._control = control
        self._folders.attach(control)
        self._splitter.restore()
        self._load()

    def show_state(self, state: CollectorState, shops: dict[int, str]) -> None:
        """What the collector says now."""
        has_folders = bool(state.folders) or state.shows_only
        if has_folders != self._has_folders:
            self._has_folders = has_folders
            self._show_jobs()
        self._folders.show_state(state, shops)
        self._banners.show_state(state)

    def show_shop(self, shop_id: int | None) -> None:
        """Only the jobs of one shop, or of all."""
        self._shop_id = shop_id
        self._show_jobs()

    def refresh(self) -> None:
        """Something changed: read what changed soon; many facts in a row make one reading."""
        if self._control is not None and not self._delay.isActive():
            self._delay.start()

    def _read_all(self) -> None:
        self._list.revision = 0
        self._load()

    def _load(self) -> None:
        control, search = self._control, self._search.text().strip()
        if control is None:
            return
        self._asked += 1
        asked = self._asked
        # A search is read as a whole; without one only what changed since the last time.
        after = self._list.revision if not search and not self._searched else 0

        def read() -> _Loaded:
            reader = control.reader
            homeless = [(f, control.act.suggested_shop(f)) for f in reader.facilities() if f.shop_id is None]
            lines, revision = reader.job_lines(search, after)
            return lines, revision, (reader.troubles(), homeless, reader.shops())

        def shown(loaded: _Loaded) -> None:
            if asked == self._asked:
                self._searched = search
                (self._list.update if after else self._list.replace)(*loaded[:2])
                self._take(loaded[2], changed=bool(loaded[0]) or not after)

        self._context.background.run(read, shown, self._failed)

    def _take(self, extras: _Extras, *, changed: bool) -> None:
        troubles, facilities, self._shops = extras
        self._details.offer_shops(self._shops)
        self._banners.show_troubles(troubles)
        self._banners.show_facilities(facilities, self._shops)
        self._filters.offer_insurers(self._list.insurers())
        self._filters.show_unreachable(self._list.count_unreachable())
        if changed or self._stack.currentWidget() is self._empty:
            self._show_jobs()

    def _failed(self, sentence: str) -> None:
        words = self._context.words
        self._empty.say(words("desk.jobs.error_title"), sentence, words("desk.retry"), self._read_all)
        self._stack.setCurrentWidget(self._empty)

    def _show_jobs(self) -> None:
        filters = self._filters.filters(self._shop_id)
        lines = self._list.chosen(filters, self._context.clock.now_utc().astimezone().date())
        keep = self._details.job_id
        self._model.show(lines)
        self._count.setText(self._context.words.count("desk.jobs.count", len(lines)))
        if lines:
            self._stack.setCurrentWidget(self._table)
            self._select(keep)
        else:
            self._say_why_empty(filters.is_set)
            self._stack.setCurrentWidget(self._empty)
        if self._control is not None and keep:
            self._read_details(keep)

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
        if row >= 0:
            self._table.selectionModel().blockSignals(True)
            self._table.selectRow(row)
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
        if indexes:
            self._right.setCurrentWidget(self._details)
            self._read_details(self._model.lines[indexes[0].row()].id)

    def _read_details(self, job_id: int) -> None:
        control = self._control
        if control is None:
            return

        def show(view: JobView | None) -> None:
            if view is not None:
                self._details.show_view(view)

        self._context.background.run(partial(control.act.view, job_id), show)

    def _act(self, act: Act, refused: Callable[[str], None] | None) -> None:
        """One action of a person, in the background; a refusal comes back as a sentence."""
        control = self._control
        if control is None:
            return

        def done(_none: object) -> None:
            self._details.contact_kept()
            self.refresh()
            if self._details.job_id:
                self._read_details(self._details.job_id)

        self._context.background.run(lambda: act(control.act), done, refused or self._failed)

    def _begin_new(self) -> None:
        self._right.setCurrentWidget(self._new_job)
        if self._splitter.sizes()[1] == 0:
            self._splitter.setSizes([1, 1])
        self._new_job.begin(self._shops, self._shop_id)

    def _leave_new(self) -> None:
        self._right.setCurrentWidget(self._details)

    def _make_new(self, shop_id: int, job: Job, contact: ContactFields) -> None:
        control = self._control
        if control is None:
            return

        def made(job_id: int) -> None:
            self._leave_new()
            self.refresh()
            self._read_details(job_id)

        self._context.background.run(lambda: control.act.new_job(shop_id, job, contact), made, self._new_job.say)

    def _choose_columns(self, at: QPoint) -> None:
        menu = QMenu(self)
        for index, name in enumerate(COLUMNS):
            action = QAction(self._context.words(f"desk.jobs.column.{name}"), menu, checkable=True)
            action.setChecked(not self._table.isColumnHidden(index))
            action.toggled.connect(partial(self._show_column, index))
            menu.addAction(action)
        menu.popup(self._table.horizontalHeader().mapToGlobal(at))

    def _show_column(self, index: int, shown: bool) -> None:
        self._table.setColumnHidden(index, not shown)
        self._context.remember("jobs/columns", self._table.horizontalHeader().saveState())
