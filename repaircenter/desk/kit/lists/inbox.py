"""An inbox: what somebody should see, newest first, unread until it was opened or said to be read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.chips import Chips
from repaircenter.desk.kit.lists.columns import Column
from repaircenter.desk.kit.lists.list_page import Listing, ListPage, Nothing, Wanted
from repaircenter.desk.kit.lists.rows import sort_rows
from repaircenter.desk.kit.operations import Command
from repaircenter.desk.kit.widgets import button, label

_MARKS = {"unread": ("circle-medium", "attention")}


@dataclass(frozen=True, slots=True)
class Item:
    """One line. `place` is where it leads (kit.room.Frame.open)."""

    key: str
    at_utc: datetime
    text: str
    who: str = ""
    is_read: bool = False
    place: str = ""


_COLUMNS: tuple[Column[Item], ...] = (
    Column(
        name="when",
        text=lambda item, context: context.instant(item.at_utc),
        order=lambda item: item.at_utc,
        width=130,
        mark=lambda item: "" if item.is_read else "unread",
        tip=lambda item, context: None if item.is_read else context.words("desk.inbox.unread"),
    ),
    Column(name="text", text=lambda item, _context: item.text, order=lambda item: item.text, width=420, grows=True),
    Column(name="who", text=lambda item, _context: item.who, order=lambda item: item.who, width=160),
)
_ORDER = {column.name: column.order for column in _COLUMNS}


class Inbox(QWidget):
    """`read` gives the items, `mark_read` keeps that some were read; both run in the background. `open_place` is called
    with the place of an item that was chosen. `unread_changed` says how many are unread, for the bell."""

    unread_changed = Signal(int)

    def __init__(
        self,
        context: DeskContext,
        name: str,
        read: Callable[[], list[Item]],
        mark_read: Callable[[Sequence[str]], object],
        open_place: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._context, self._read, self._mark_read, self._open = context, read, mark_read, open_place
        self._items: list[Item] = []
        self._to_mark: dict[str, None] = {}
        self._marking = Command(context.operations)
        self._chips = Chips(context, "desk.inbox", ("unread",), {}, self.refresh)
        self._problem = label("", "problem", wrap=True)
        self.page = ListPage(
            context, name, "desk.inbox", _COLUMNS, self, order=("when", True), marks=_MARKS,
            above=(self._chips, self._problem),
        )  # fmt: skip
        context.texts.bind(self.page.table, name="desk.inbox.name")
        self._all = context.texts.bind(button("", self._all_read), "desk.inbox.all_read")
        self.page.bar.addWidget(self._all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self.setFocusProxy(self.page)
        self._say("")

    def retranslate(self) -> None:
        self._chips.retranslate()
        self.page.retranslate()

    def refresh(self) -> None:
        self.page.load()

    @property
    def unread(self) -> int:
        return sum(not item.is_read for item in self._items)

    def key(self, row: Item) -> str:
        return row.key

    def read(self, wanted: Wanted) -> Callable[[], Listing[Item]]:
        unread_only, search = self._chips.is_on("unread"), wanted.search.casefold()

        def read() -> Listing[Item]:
            items = self._read()
            shown = [
                item
                for item in items
                if search in f"{item.text} {item.who}".casefold() and not (unread_only and item.is_read)
            ]
            sort_rows(shown, wanted.order, _ORDER, lambda item: item.key)
            return Listing(shown, items)

        return read

    def take(self, listing: Listing[Item]) -> None:
        self._items = listing.extra
        self._all.setEnabled(bool(self.unread))
        self.unread_changed.emit(self.unread)

    def choose(self, row: Item | None) -> bool:
        if row is None:
            return True
        if not row.is_read:
            self._mark([row.key])
        if row.place:
            self._open(row.place)
        return True

    def nothing(self, search: str) -> Nothing:
        words = self._context.words
        key = "nothing_found" if search or self._chips.is_on("unread") else "empty"
        return Nothing(words(f"desk.inbox.{key}"), "")

    def _all_read(self) -> None:
        self._mark([item.key for item in self._items if not item.is_read])

    def _mark(self, keys: Sequence[str]) -> None:
        """Keep that these were read; what is opened while others are being kept is kept next."""
        self._to_mark.update(dict.fromkeys(keys))
        waiting = list(self._to_mark)
        if waiting and self._marking.run(lambda: self._mark_read(waiting), self._marked, self._say):
            self._to_mark.clear()

    def _marked(self, _none: object) -> None:
        self._say("")
        self._mark(())
        self.refresh()

    def _say(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
