"""File directories (A-17, A-18): the watched folders, each with its shop, code page, cut-off date, state and test."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from repaircenter.desk.folders.folder_banner import FolderBanner
from repaircenter.desk.folders.folder_editor import FolderEditor
from repaircenter.desk.folders.folder_words import FolderWords, folder_words
from repaircenter.desk.kit.desk_context import ALIGN_RIGHT, DeskContext
from repaircenter.desk.kit.widgets import button, label
from repaircenter.runtime.days import day_in
from repaircenter.shop.controls import ShopControl
from repaircenter.shop.model.folder import FolderHealth, FolderSetting, FolderTest
from repaircenter.shop.model.job import Shop
from repaircenter.shop.model.state import CollectorState
from repaircenter.shop.outbox.send_rule import cutoff_of_new

_MOST_ROWS_SHOWN = 6
_COLUMNS = ("folder", "state", "shop", "sets", "read")


class DirectoriesPage(QWidget):
    """Edits a copy of the folders' settings; `apply` tests what is new and keeps it."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self._control: ShopControl | None = None
        self._kept: list[FolderSetting] = []
        self._loaded = False
        self._folders: list[FolderSetting] = []
        self._shops: list[Shop] = []
        self._state: CollectorState | None = None
        self._news: dict[str, datetime] = {}
        self._warned: set[str] = set()
        self._decided: set[str] = set()
        self._build()
        bind = self._context.texts.bind
        bind(self._title, "desk.directories.title")
        bind(self._text, "desk.directories.text")
        bind(self._table, name="desk.directories.title")
        bind(self._add, "desk.directories.add")
        bind(self._remove, "desk.directories.remove")
        self.retranslate()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 4, 0)
        column.setSpacing(12)
        self._title, self._text = label("", "title"), label("", "soft", wrap=True)
        self._banner = FolderBanner(self._context)
        self._table = QTableWidget(0, len(_COLUMNS))
        self._table.setShowGrid(False)
        self._table.setTabKeyNavigation(False)
        self._table.verticalHeader().hide()
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        # Each as wide as its words in this language; the folder takes the rest.
        for index in range(1, len(_COLUMNS)):
            self._table.horizontalHeader().setSectionResizeMode(index, QHeaderView.ResizeMode.ResizeToContents)
        self._table.itemSelectionChanged.connect(self._selected)
        self._add, self._remove = button("", self._pressed_add), button("", self._pressed_remove)
        row = QHBoxLayout()
        row.addWidget(self._add)
        row.addWidget(self._remove)
        row.addStretch(1)
        self._editor = FolderEditor(self._context, self._edited, self._was_tested, self._decided.add)
        self._problem = label("", "problem", wrap=True)
        for widget in (self._title, self._text, self._banner):
            column.addWidget(widget)
        column.addWidget(self._table)
        column.addLayout(row)
        column.addWidget(self._editor)
        column.addWidget(self._problem)
        column.addStretch(1)
        self.setFocusProxy(self._table)

    def retranslate(self) -> None:
        words = self._context.words
        self._table.setHorizontalHeaderLabels([words(f"desk.directories.column.{name}") for name in _COLUMNS])
        figures = self._table.horizontalHeaderItem(_COLUMNS.index("sets"))
        if figures is not None:
            figures.setTextAlignment(ALIGN_RIGHT)
        self._editor.retranslate()
        self._show_all()

    def attach(self, control: ShopControl) -> None:
        self._control = control
        self._editor.attach(control)
        self._banner.attach(control)

    def load(self) -> None:
        """Show what is kept, without what was edited and not applied."""
        control = self._control
        if control is None:
            return
        self._problem.setText("")
        self._warned.clear()
        self._decided.clear()

        def read() -> tuple[list[FolderSetting], list[Shop], CollectorState, dict[str, datetime]]:
            reader = control.reader
            return control.folders.settings(), reader.shops(), control.collecting.state(), reader.last_news()

        def show(answer: tuple[list[FolderSetting], list[Shop], CollectorState, dict[str, datetime]]) -> None:
            self._kept, self._shops, self._state, self._news = answer
            self._loaded = True
            self._folders = list(self._kept)
            self._editor.offer_shops(self._shops)
            self._show_all()
            if self._folders and self._row() < 0:
                self._table.selectRow(0)
            self._selected()

        self._context.background.run(read, show, self._problem.setText)

    def show_place(self, inner: str) -> None: ...

    def forget_person(self) -> None:
        """Folders are the shop's, not a person's."""

    def stop(self) -> None:
        """Left without keeping: nothing goes on in the background."""
        self._editor.stop_preview()

    def show_state(self, state: CollectorState) -> None:
        self._state = state
        self._show_all()

    def _row(self) -> int:
        rows = self._table.selectionModel().selectedRows()
        return rows[0].row() if rows else -1

    def _health(self, path: str) -> FolderHealth | None:
        folders = self._state.folders if self._state is not None else ()
        return next((folder for folder in folders if folder.path == path), None)

    def _show_all(self) -> None:
        """The table and the banner; the selection stays."""
        self._table.blockSignals(True)
        self._table.setRowCount(len(self._folders))
        for row, setting in enumerate(self._folders):
            self._show_row(row, setting)
        self._table.blockSignals(False)
        rows = min(max(len(self._folders), 2), _MOST_ROWS_SHOWN)
        header = self._table.horizontalHeader().sizeHint().height()
        self._table.setFixedHeight(header + rows * self._table.verticalHeader().defaultSectionSize() + 2)
        self._show_banner()
        row = self._row()
        if 0 <= row < len(self._folders):
            setting = self._folders[row]
            self._editor.show_words(self._words(setting))

    def _words(self, setting: FolderSetting) -> FolderWords:
        news = self._news.get(setting.path)
        return folder_words(self._context, setting, self._state, self._health(setting.path), news)

    def _show_row(self, row: int, setting: FolderSetting) -> None:
        words, health, state = self._context.words, self._health(setting.path), self._words(setting)
        shop = next((shop.name for shop in self._shops if shop.id == setting.shop_id), None)
        cells = (
            setting.path,
            state.word,
            shop or words("desk.directories.by_facility"),
            _progress(health) if health is not None else "",
            self._context.instant(health.read_at_utc) if health is not None else "",
        )
        for column, text in enumerate(cells):
            item = self._table.item(row, column)
            if item is None:
                item = QTableWidgetItem()
                self._table.setItem(row, column, item)
            item.setText(text)
            item.setToolTip(text)
            if column == 1:
                item.setIcon(self._context.theme.icon(state.icon, state.colour))
                item.setToolTip(state.sentence)
            if column == 3:
                item.setTextAlignment(ALIGN_RIGHT)

    def _show_banner(self) -> None:
        if self._state is not None:
            names = {shop.id: shop.name for shop in self._shops}
            notice = "" if self._folders else self._context.words("desk.directories.none")
            self._banner.show_state(self._state, names, notice)

    def _selected(self) -> None:
        row = self._row()
        self._remove.setEnabled(row >= 0)
        if row < 0:
            self._editor.show_setting(None)
            return
        setting = self._folders[row]
        self._editor.show_setting(setting)
        self._editor.show_words(self._words(setting))

    def _edited(self, setting: FolderSetting) -> None:
        row = self._row()
        if row >= 0 and setting != self._folders[row]:
            self._folders[row] = setting
            self._show_all()

    def _was_tested(self, path: str, tested: FolderTest) -> None:
        """A new folder full of old exports gets a cut-off date, unless a person decided about it already."""
        setting = next((folder for folder in self._folders if folder.path == path), None)
        if setting is None or self._is_kept(path):
            return
        dated = self._with_cutoff(setting, tested)
        if dated == setting:
            return
        place = self._folders.index(setting)
        self._folders[place] = dated
        if place == self._row():
            self._editor.show_setting(dated)
            self._editor.say(self._context.words("desk.directories.cutoff_set"))
        self._show_all()

    def _is_kept(self, path: str) -> bool:
        return any(folder.path == path for folder in self._kept)

    def _with_cutoff(self, setting: FolderSetting, tested: FolderTest) -> FolderSetting:
        if setting.cutoff is not None or setting.path in self._decided:
            return setting
        zone = self._shops[0].zone if self._shops else "UTC"
        return replace(setting, cutoff=cutoff_of_new(tested, day_in(zone, self._context.clock.now_utc())))

    def _pressed_add(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self._context.words("desk.directories.add").replace("&", ""))
        if chosen:
            self.add(chosen)

    def add(self, path: str) -> None:
        """A folder to watch: shown at once, tested, kept with Apply."""
        if all(folder.path != path for folder in self._folders):
            only = self._shops[0].id if len(self._shops) == 1 else None
            self._folders.append(FolderSetting(path, only))
            self._show_all()
        self._table.selectRow(next(i for i, folder in enumerate(self._folders) if folder.path == path))
        self._editor.test()

    def _pressed_remove(self) -> None:
        row = self._row()
        if row >= 0:
            del self._folders[row]
            self._table.clearSelection()
            self._show_all()
            self._selected()

    @property
    def is_changed(self) -> bool:
        """What was never read must never be kept: it would take every folder out."""
        return self._loaded and self._folders != self._kept

    def apply(self, done: Callable[[], None]) -> None:
        """Test every folder that is new here, then keep all; a trouble is said first and kept when pressed again."""
        control = self._control
        if control is None or not self.is_changed:
            done()
            return
        self._editor.stop_preview()
        folders, known = list(self._folders), {folder.path for folder in self._kept}
        fresh = [folder for folder in folders if folder.path not in known and folder.path not in self._warned]

        def work() -> list[tuple[FolderSetting, FolderTest]]:
            tests = [(folder, control.folders.test(folder.path, folder.code_page)) for folder in fresh]
            if all(test.trouble is None for _, test in tests):
                for folder, test in tests:
                    folders[folders.index(folder)] = self._with_cutoff(folder, test)
                control.folders.save(folders)
                control.setup.begin_collecting()
            return tests

        def kept(tests: list[tuple[FolderSetting, FolderTest]]) -> None:
            bad = [(folder, test) for folder, test in tests if test.trouble is not None]
            if bad:
                words = self._context.words
                folder, test = bad[0]
                self._warned |= {setting.path for setting, _ in bad}
                trouble = words(f"desk.folder.{test.trouble}").lower()
                self._problem.setText(words("desk.directories.not_kept", path=folder.path, trouble=trouble))
                return
            self._problem.setText("")
            self._kept, self._folders = list(folders), list(folders)
            self._show_all()
            self._selected()
            done()

        self._context.background.run(work, kept, self._problem.setText, takes_long=True)


def _progress(health: FolderHealth) -> str:
    """How many sets there are, and while they are being read how many of them are done."""
    if health.sets_waiting > health.sets_incomplete:
        return f"{health.sets_seen - health.sets_waiting} / {health.sets_seen}"
    return str(health.sets_seen)
