"""A page of the Configuration with a list of the service's records, and below it the one that is chosen or added.

What is written is kept by the panel's button, or by Apply; it holds the choice until it is kept or discarded.
"""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from PySide6.QtWidgets import QWidget

from repaircenter.desk.account.account import Account
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.columns import Column, Marks
from repaircenter.desk.kit.lists.list_page import Listing, ListPage, Nothing, Wanted
from repaircenter.desk.kit.lists.rows import sort_rows
from repaircenter.desk.kit.operations import Command
from repaircenter.desk.kit.widgets import button, row_of
from repaircenter.desk.settings.permitted_page import PermittedPage
from repaircenter.desk.settings.record_panel import Panel
from repaircenter.shop.ports import PersonLink

_LIST_HIGH = 200
R = TypeVar("R")
L = TypeVar("L")


class RecordsPage(PermittedPage, Generic[R, L]):
    """`key` begins the texts: `.new`, `.unsaved`, `.nothing_title`, `.nothing_text`, and what `told` names."""

    panel: Panel[R]

    def __init__(self, context: DeskContext, key: str, account: Account, permission: str, nobody: L) -> None:
        super().__init__(context, key, account, permission)
        self._name, self._nobody = key, nobody
        self.listed = nobody
        # What was asked for last and not answered, and of which record: the same once more is done once.
        self._lost: tuple[int | None, Any] | None = None
        # Why something was not done, until something else is begun.
        self._refusal = ""
        self._act = Command(context.operations, self._set_busy)

    def build_records(
        self, columns: Sequence[Column[R]], order: str, marks: Marks, below: QWidget, *, adds: bool = True
    ) -> None:
        """Lay out the list, the button for a new record where there may be one, and what stands below."""
        texts = f"desk.{self._name}"
        self._columns = columns
        self.list = ListPage(self.context, self._name, texts, columns, self, order=(order, False), marks=marks)
        self.list.setFixedHeight(_LIST_HIGH)
        bind = self.context.texts.bind
        bind(self.list.table, name=f"{texts}.title")
        self._new = button("", self._pressed_new)
        parts: list[QWidget] = [self.list]
        if adds:
            parts.append(row_of(bind(self._new, f"{texts}.new")))
        self.build((*parts, below))
        self.setFocusProxy(self.list)
        self.retranslate()

    def retranslate(self) -> None:
        super().retranslate()
        self.list.retranslate()
        self.panel.retranslate()

    def begin(self) -> None:
        self.list.load()

    def load(self) -> None:
        super().load()
        self.show_record(self._known(self.list.chosen))

    def forget_person(self) -> None:
        """Nobody who may is here any more."""
        self.listed, self._lost, self._refusal = self._nobody, None, ""
        self.list.search.clear()
        self.list.choose(None)
        self.list.model.show([])
        self.show_record(None)

    # What a page of records says about them.

    @abstractmethod
    def key(self, row: R) -> int: ...

    @abstractmethod
    def ask(self, link: PersonLink) -> L:
        """Everything that is listed. Off the GUI thread."""

    @abstractmethod
    def rows(self, listed: L, search: str) -> list[R]:
        """The records that were searched for."""

    @abstractmethod
    def change(self, record: R | None) -> Any:
        """What to ask for: the record as it was written in the panel, with a key of its own."""

    @abstractmethod
    def call(self, link: PersonLink, record: R | None, asked: Any) -> R:
        """Have it done. Off the GUI thread."""

    @abstractmethod
    def told(self, asked: Any, now: R) -> str:
        """What is said once it is done."""

    def show_record(self, record: R | None) -> None:
        self.panel.show_record(record, self.listed)

    # The list.

    def read(self, wanted: Wanted) -> Callable[[], Listing[R]] | None:
        link = self.link
        if link is None:
            return None
        orders = {column.name: column.order for column in self._columns}

        def read() -> Listing[R]:
            listed = self.ask(link)
            rows = self.rows(listed, wanted.search)
            sort_rows(rows, wanted.order, orders, self.key)
            return Listing(rows, listed)

        return read

    def take(self, listing: Listing[R]) -> None:
        self.listed = listing.extra
        now = self._known(self.list.chosen)
        if not self.panel.is_changed:
            self.show_record(now)
        elif now is not None and self._refusal and self.panel.adopt(now):
            self._refusal = self.context.words("desk.configuration.meanwhile")
            self._lost = None
        if self._refusal:
            self.panel.say(self._refusal)

    def choose(self, row: R | None) -> bool:
        if self.panel.is_changed:
            self.panel.say(self.context.words(f"desk.{self._name}.unsaved"))
            return False
        self._refusal = ""
        self.show_record(row)
        return True

    def nothing(self, _search: str) -> Nothing:
        words = self.context.words
        return Nothing(words(f"desk.{self._name}.nothing_title"), words(f"desk.{self._name}.nothing_text"))

    def _known(self, key: object) -> R | None:
        return next((row for row in self.rows(self.listed, "") if self.key(row) == key), None)

    # One record.

    def _pressed_new(self) -> None:
        if self.panel.is_changed:
            self.panel.say(self.context.words(f"desk.{self._name}.unsaved"))
            return
        self.list.choose(None)
        self._refusal = ""
        self.show_record(None)
        self.panel.begin_new(self.listed)

    def discard(self) -> None:
        """Give up what was written."""
        self._lost, self._refusal = None, ""
        self.show_record(self._known(self.list.chosen))

    def stop(self) -> None:
        self.discard()

    @property
    def is_changed(self) -> bool:
        return self.panel.is_changed

    def apply(self, done: Callable[[], None]) -> None:
        if not self.is_changed:
            done()
        elif refusal := self.panel.refusal():
            self.panel.say(refusal)
        else:
            self.do(self.change(self.panel.record), done)

    def keep(self) -> None:
        """The panel's own button."""
        self.apply(lambda: None)

    def do(self, asked: Any, done: Callable[[], None] = lambda: None) -> None:
        """Have the service do it, once: what is asked for again after an answer got lost has the same key."""
        link, record = self.link, self.panel.record
        if link is None:
            return
        number = None if record is None else self.key(record)
        if self._lost is not None and self._lost[0] == number:
            lost = self._lost[1]
            if type(lost) is type(asked) and msgspec.structs.replace(asked, key=lost.key) == lost:
                asked = lost
        self._lost, self._refusal = (number, asked), ""

        def changed(now: R) -> None:
            self._lost = None
            self.list.choose(self.key(now))
            self.show_record(now)
            self.context.tell(self.told(asked, now))
            self.list.load()
            done()

        self.panel.say("")
        self._act.run(lambda: self.call(link, record, asked), changed, self._refused)

    def _refused(self, sentence: str) -> None:
        """What was written stays, and what is in the way is said; what somebody else did meanwhile is read."""
        self._refusal = sentence
        self.panel.say(sentence)
        self.list.load()

    def _set_busy(self, busy: bool) -> None:
        self.panel.set_busy(busy)
        self._new.setEnabled(not busy)
