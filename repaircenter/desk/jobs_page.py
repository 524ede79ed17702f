"""The Jobs page: list left, one job right (UI.md). Reads in the background, never on the GUI thread."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QItemSelection, QPoint, QSortFilterProxyModel, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
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
from repaircenter.desk.folder_banner import FolderBanner
from repaircenter.desk.job_details import JobDetailsView
from repaircenter.desk.jobs_model import COLUMNS, HIDDEN_AT_FIRST, JobsModel, survey_state
from repaircenter.desk.pieces import ArrowSplitter, Banner, EmptyState, label
from repaircenter.shop.model import BROKEN, BUSY, CollectorState, Facility, Job, JobDetails, LedgerEntry, Shop
from repaircenter.shop.ports import ShopControl

FILTERS = ("all", "opportunity", "repair_order", "delivered", "problem", "not_sent", "answered")
_Loaded = tuple[list[Job], list[LedgerEntry], list[tuple[Facility, int | None]], list[Shop]]


class JobsPage(QWidget):
    """`attach` gives it the shop; `refresh` reads again after a fact."""

    def __init__(self, context: DeskContext, open_directories: Callable[[], None]) -> None:
        super().__init__()
        self._context = context
        self._open_directories = open_directories
        self._has_folders = True
        self._control: ShopControl | None = None
        self._jobs: list[Job] = []
        self._asked = 0
        self._model = JobsModel(context)
        self._sorted = QSortFilterProxyModel()
        self._sorted.setSourceModel(self._model)
        self._sorted.setSortRole(Qt.ItemDataRole.UserRole)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(200)
        self._delay.timeout.connect(self._load)
        self._build()
        self.retranslate()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        self._which_shop, self._troubles = Banner(), Banner()
        self._folders = FolderBanner(self._context, open_directories=self._open_directories)
        layout.addWidget(self._folders)
        layout.addWidget(self._which_shop)
        layout.addWidget(self._troubles)
        self._splitter = ArrowSplitter(Qt.Orientation.Horizontal, self._context, "jobs")
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        self._search = QLineEdit()
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(lambda _text: self._delay.start())
        self._filter = QComboBox()
        self._filter.currentIndexChanged.connect(lambda _index: self._show_jobs())
        self._count = label("", "soft")
        row.addWidget(self._search, 1)
        row.addWidget(self._filter)
        row.addWidget(self._count)
        column.addLayout(row)
        self._table = self._make_table()
        self._empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._table)
        self._stack.addWidget(self._empty)
        column.addWidget(self._stack, 1)
        self._details = JobDetailsView(self._context, self._send_now, self._place)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self._details)
        self._splitter.setSizes([896, 354])
        layout.addWidget(self._splitter, 1)
        QShortcut(QKeySequence.StandardKey.Find, self, self._search.setFocus)
        self.setFocusProxy(self._table)

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self._sorted)
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
            widths = (70, 116, 116, 108, 62, 84, 86, 86, 122, 60)
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
        self._filter.setAccessibleName(words("desk.jobs.filter_name"))
        self._table.setAccessibleName(words("desk.page.jobs"))
        chosen = max(self._filter.currentIndex(), 0)
        self._filter.blockSignals(True)
        self._filter.clear()
        self._filter.addItems([words(f"desk.jobs.filter.{name}") for name in FILTERS])
        self._filter.setCurrentIndex(chosen)
        self._filter.blockSignals(False)
        self._model.retranslate()
        self._details.retranslate()
        self._show_jobs()
        self.refresh()

    def attach(self, control: ShopControl) -> None:
        self._control = control
        self._folders.attach(control)
        self._splitter.restore()
        self._load()

    def show_state(self, state: CollectorState, shops: dict[int, str]) -> None:
        """What the collector says about the folders now."""
        has_folders = bool(state.folders) or state.shows_only
        if has_folders != self._has_folders:
            self._has_folders = has_folders
            self._show_jobs()
        self._folders.show_state(state, shops)

    def refresh(self) -> None:
        """Something changed: read again soon; many facts in a row make one reading."""
        if self._control is not None and not self._delay.isActive():
            self._delay.start()

    def _load(self) -> None:
        control, search = self._control, self._search.text()
        if control is None:
            return
        self._asked += 1
        asked = self._asked

        def read() -> _Loaded:
            reader = control.reader
            homeless = [(f, control.act.suggested_shop(f)) for f in reader.facilities() if f.shop_id is None]
            return reader.jobs(search), reader.troubles(), homeless, reader.shops()

        def shown(loaded: _Loaded) -> None:
            if asked == self._asked:
                self._jobs = loaded[0]
                self._show_jobs()
                self._details.offer_shops(loaded[3])
                self._show_troubles(loaded[1])
                self._show_facilities(loaded[2], loaded[3])

        self._context.background.run(read, shown, self._failed)

    def _failed(self, sentence: str) -> None:
        words = self._context.words
        self._empty.say(words("desk.jobs.error_title"), sentence, words("desk.retry"), self._load)
        self._stack.setCurrentWidget(self._empty)

    def _show_jobs(self) -> None:
        chosen = FILTERS[max(self._filter.currentIndex(), 0)]
        jobs = [job for job in self._jobs if _passes(job, chosen)]
        keep = self._details.job_id
        self._model.show(jobs)
        words = self._context.words
        self._count.setText(words.count("desk.jobs.count", len(jobs)))
        if jobs:
            self._stack.setCurrentWidget(self._table)
            self._select(keep)
        else:
            self._say_why_empty(chosen)
            self._stack.setCurrentWidget(self._empty)
        if self._control is not None and keep:
            self._read_details(keep)

    def _say_why_empty(self, chosen: str) -> None:
        words = self._context.words
        if self._search.text() or chosen != "all":
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
                self._open_directories,
            )

    def _show_all(self) -> None:
        self._search.clear()
        self._filter.setCurrentIndex(0)

    def _select(self, job_id: int) -> None:
        for row, job in enumerate(self._model.jobs):
            if job.id == job_id:
                index = self._sorted.mapFromSource(self._model.index(row, 0))
                self._table.selectionModel().blockSignals(True)
                self._table.selectRow(index.row())
                self._table.selectionModel().blockSignals(False)
                self._table.viewport().update()
                return

    @property
    def count_shown(self) -> int:
        return self._sorted.rowCount()

    @property
    def shown_job(self) -> int:
        """Id of the job on the right side, 0 without one."""
        return self._details.job_id

    def select_first(self) -> None:
        """Open the newest job (pictures and the first look)."""
        if self._sorted.rowCount():
            self._table.selectRow(0)

    def _selected(self, chosen: QItemSelection, _before: QItemSelection) -> None:
        indexes = chosen.indexes()
        if not indexes:
            return
        job = self._model.jobs[self._sorted.mapToSource(indexes[0]).row()]
        self._read_details(job.id)

    def _read_details(self, job_id: int) -> None:
        control = self._control
        if control is None:
            return

        def show(details: JobDetails | None) -> None:
            if details is not None:
                self._details.show_details(details)

        self._context.background.run(partial(control.reader.details, job_id), show)

    def _send_now(self, job_id: int) -> None:
        control = self._control
        if control is not None:
            self._context.background.run(partial(control.act.send_now, job_id), lambda _none: self.refresh())

    def _place(self, job_id: int, shop_id: int) -> None:
        control = self._control
        if control is not None:
            self._context.background.run(partial(control.act.place_job, job_id, shop_id), lambda _none: self.refresh())

    def _show_troubles(self, troubles: list[LedgerEntry]) -> None:
        """Broken and busy sets with their reasons; incomplete ones are in the list with their mark."""
        words = self._context.words
        said = []
        for outcome in (BROKEN, BUSY):
            found = [entry for entry in troubles if entry.outcome == outcome]
            if found:
                named = ", ".join(entry.base for entry in found[:3]) + ("…" if len(found) > 3 else "")
                reason = words.sentence(found[0].reason or "")
                said.append(words.count(f"desk.jobs.{outcome}", len(found), names=named, reason=reason))
        if said:
            self._troubles.say("\n".join(said))
        else:
            self._troubles.clear()

    def _show_facilities(self, facilities: list[tuple[Facility, int | None]], shops: list[Shop]) -> None:
        """*Which shop?*: each new repair facility is confirmed once by a person (DESIGN 4.1)."""
        if not facilities or not shops or self._control is None:
            self._which_shop.clear()
            return
        words, control = self._context.words, self._control
        facility, suggestion = facilities[0]
        choice = QComboBox()
        choice.setAccessibleName(words("desk.jobs.which_shop_name"))
        for shop in shops:
            choice.addItem(shop.name, shop.id)
        if suggestion is not None:
            choice.setCurrentIndex(choice.findData(suggestion))

        def confirm() -> None:
            chosen = int(choice.currentData())
            self._context.background.run(
                partial(control.act.confirm_facility, facility, chosen), lambda _count: self.refresh()
            )

        text = words("desk.jobs.which_shop", facility=facility.label)
        self._which_shop.say(text, [(words("desk.jobs.confirm"), confirm)], choice)

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


def _passes(job: Job, chosen: str) -> bool:
    if chosen in ("opportunity", "repair_order", "delivered"):
        return job.state == chosen
    if chosen == "problem":
        return not job.complete or not job.reachable or survey_state(job) in ("no_shop", "unreachable")
    if chosen == "not_sent":
        return job.sent_digest is None
    return chosen == "all" or survey_state(job) == chosen
