"""A list: search and count above, the table or why it is empty below. Reads in the background, one reading at a time."""

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.columns import Column, Marks
from repaircenter.desk.kit.lists.model import ListModel
from repaircenter.desk.kit.lists.table import ListTable
from repaircenter.desk.kit.notices.empty_state import EmptyState
from repaircenter.desk.kit.operations import Query
from repaircenter.desk.kit.widgets import label

R = TypeVar("R")
# After a reading the list rests so many times as long as it took: many rows never keep the window busy.
_REST, _LEAST_REST_MS = 3, 200
_MANY = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be read: `search` is what was typed, `order` a column (True: downwards), `anew` that a person asked."""

    search: str
    order: tuple[str, bool]
    anew: bool


@dataclass(frozen=True, slots=True)
class Listing(Generic[R]):
    """What was read: rows filtered and in their order, and what else the source is given back with them."""

    rows: list[R]
    extra: Any = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why there are no rows, and the next step."""

    title: str
    text: str
    action: str = ""
    call: Callable[[], object] | None = None


class ListSource(Protocol[R]):
    """Where rows come from, and what becomes of them. `read` is called on the GUI thread; what it returns runs in the
    background, None while there is nobody to ask. `choose` is told the row that is chosen now, None for none; it returns
    False when the choice before it stays."""

    def key(self, row: R) -> Hashable: ...

    def read(self, wanted: Wanted) -> Callable[[], Listing[R]] | None: ...

    def take(self, listing: Listing[R]) -> None: ...

    def choose(self, row: R | None) -> bool: ...

    def nothing(self, search: str) -> Nothing: ...


class ListPage(QWidget, Generic[R]):
    """`texts` begins the keys: `.column.NAME`, `.count`, `.search`; `name` keeps widths and order.

    What a person chose stays chosen by its key while it is among the rows; `chosen` is that key, None for nothing. With
    `choose_many` several rows may be chosen: it is called with two or more of them, and returns False when the choice
    before stays.
    """

    def __init__(
        self,
        context: DeskContext,
        name: str,
        texts: str,
        columns: Sequence[Column[R]],
        source: ListSource[R],
        *,
        order: tuple[str, bool],
        marks: Marks | None = None,
        searches: bool = True,
        above: Sequence[QWidget] = (),
        choose_many: Callable[[list[R]], bool] | None = None,
    ) -> None:
        super().__init__()
        self._context, self._texts, self._source = context, texts, source
        self._searches = searches
        self._choose_many = choose_many
        self._many: frozenset[Hashable] = frozenset()
        self._is_choosing = False
        self._anew = False
        self.chosen: Hashable | None = None
        # Chosen by the program before it was read (`choose`).
        self._awaited: Hashable | None = None
        self._reading = Query(context.operations, again=self.load)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(_LEAST_REST_MS)
        self._delay.timeout.connect(self.load)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._delay.start())
        self.model = ListModel(context, texts, columns, marks or {}, source.key, order, self.load)
        self.table = ListTable(self.model, name)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._selected())
        if choose_many is not None:
            self.table.setSelectionMode(ListTable.SelectionMode.ExtendedSelection)
        self._count = label("", "soft")
        self.empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self.bar = QHBoxLayout()
        self.bar.addWidget(self.search, 1)
        self.bar.addWidget(self._count)
        self._columns = context.texts.bind(QToolButton(), name="desk.list.columns", tip="desk.list.columns")
        self._columns.setProperty("role", "square")
        self._columns.clicked.connect(self._offer_columns)
        self.bar.addWidget(self._columns)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self.bar)
        for widget in above:
            column.addWidget(widget)
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self.table)
        if searches:
            context.texts.bind(self.search, name=f"{texts}.search", hint=f"{texts}.search")
            QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
            self.search.installEventFilter(self)
        self.search.setVisible(searches)
        self._count.setVisible(searches)
        self._columns.setVisible(searches)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down leads from the search into the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down:
            self.table.setFocus()
            if not self.table.chosen_rows():
                self.choose_first()
            return True
        return False

    def _offer_columns(self) -> None:
        self.table.choose_columns(self._columns.mapToGlobal(self._columns.rect().bottomLeft()))

    def load_icons(self) -> None:
        """After the first paint, and in other colours."""
        self._columns.setIcon(self._context.theme.icon("view-column-outline", "ink"))

    def retranslate(self) -> None:
        self.load_icons()
        self.model.retranslate()
        self.load()

    def refresh(self) -> None:
        """Something changed: read soon; many facts in a row make one reading."""
        if not self._delay.isActive():
            self._delay.start()

    def read_all(self) -> None:
        """A person asked: read everything anew."""
        self._anew = True
        self.load()

    def load(self) -> None:
        """Read, filter and sort in the background."""
        if self._reading.is_asking:
            self._reading.ask_again()
            return
        wanted = Wanted(self.search.text().strip(), self.model.order, self._anew)
        work = self._source.read(wanted)
        if work is None:
            return
        self._anew = False

        def read() -> tuple[Listing[R], float]:
            began = time.perf_counter()
            return work(), time.perf_counter() - began

        self._reading.ask(read, lambda answer: self._take(*answer), self._failed)

    def _take(self, listing: Listing[R], seconds: float) -> None:
        self._delay.setInterval(max(_LEAST_REST_MS, int(seconds * 1000 * _REST)))
        before = list(self.model.rows)
        self.model.show(listing.rows)
        if len(before) > _MANY:
            # Thousands of rows that nobody holds any more would stop the window while they are freed.
            self._context.background.let_go(before)
        del before
        if self._searches:
            self._count.setText(self._context.words.count(f"{self._texts}.count", len(listing.rows)))
        if listing.rows:
            self._stack.setCurrentWidget(self.table)
        else:
            self.say_nothing()
        is_there = self.chosen is not None and self.model.row_of(self.chosen) >= 0
        if self._many:
            self._select_many()
        else:
            self._select(self.chosen)
        self._source.take(listing)
        if is_there:
            self._awaited = None
        elif self.chosen is not None and self.chosen != self._awaited:
            self._change_to(None)

    def say_nothing(self) -> None:
        """Say why the list is empty."""
        nothing = self._source.nothing(self.search.text().strip())
        self.empty.say(nothing.title, nothing.text, nothing.action, nothing.call)
        self._stack.setCurrentWidget(self.empty)

    def _failed(self, sentence: str) -> None:
        words = self._context.words
        self.empty.say(words("desk.list.error_title"), sentence, words("desk.retry"), self.read_all)
        self._stack.setCurrentWidget(self.empty)

    def choose(self, key: Hashable | None) -> None:
        """Choose a row by its key, also one that is not read yet; the source is not told."""
        self._many = frozenset()
        self.chosen = self._awaited = key
        self._select(key)

    def choose_first(self) -> None:
        if self.model.rows:
            self.table.choose_row(0)

    def _select(self, key: Hashable | None) -> None:
        row = self.model.row_of(key) if key is not None else -1
        self._is_choosing = True
        if row >= 0:
            self.table.choose_row(row)
        else:
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())
        self._is_choosing = False
        self.table.viewport().update()

    def _select_many(self) -> None:
        """Choose the rows of the keys again; those that went away are not chosen any more."""
        self._is_choosing = True
        selection, last = QItemSelection(), len(self.model.columns) - 1
        for number, row in enumerate(self.model.rows):
            if self._source.key(row) in self._many:
                selection.select(self.model.index(number, 0), self.model.index(number, last))
        self.table.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._is_choosing = False
        self._selected()

    def _selected(self) -> None:
        if self._is_choosing:
            return
        rows = [self.model.rows[number] for number in self.table.chosen_rows()]
        if len(rows) > 1 and self._choose_many is not None:
            keys = frozenset(map(self._source.key, rows))
            if self._choose_many(rows):
                self.chosen, self._many = None, keys
            else:
                self._select(self.chosen)
            return
        self._many = frozenset()
        self._change_to(rows[0] if rows else None)

    def _change_to(self, row: R | None) -> None:
        """Another row is chosen, or none: the source takes it, or the choice before it stays."""
        before, self.chosen = self.chosen, None if row is None else self._source.key(row)
        if self._source.choose(row):
            self._awaited = None
        else:
            self.chosen = before
            self._select(before)
