"""A room with a list of the service's records for whoever is signed in, and beside it what is shown of one.

The list is read when somebody signs in, comes back, chooses another shop or chip, and every so often; nobody's record stays
when they have left.
"""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from repaircenter.desk.account.account import Account
from repaircenter.desk.account.person_stack import PersonStack
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.chips import Chips
from repaircenter.desk.kit.lists.columns import Column, Marks
from repaircenter.desk.kit.lists.list_page import Listing, ListPage, Nothing, Wanted
from repaircenter.desk.kit.notices.banner import Banner
from repaircenter.desk.kit.room import RoomPage
from repaircenter.desk.kit.widgets import label
from repaircenter.shop.controls import ShopControl
from repaircenter.shop.ports import PersonLink

R = TypeVar("R")
L = TypeVar("L")


class PersonPage(RoomPage, Generic[R, L]):
    """`name` is the room's, and begins its texts `desk.NAME`; `nobody` is what is listed while nobody is here. The first of
    the `chips` is on. `look_ms`: what others do is seen after so long at the latest."""

    def __init__(
        self,
        context: DeskContext,
        account: Account,
        name: str,
        chips: Sequence[str],
        columns: Sequence[Column[R]],
        marks: Marks,
        look_ms: int,
        nobody: L,
    ) -> None:
        super().__init__()
        self._context, self._account, self._name, self._nobody = context, account, name, nobody
        self._link: PersonLink | None = None
        self._shop_id: int | None = None
        self._listed = nobody
        self._timer = QTimer(self)
        self._timer.setInterval(look_ms)
        self._timer.timeout.connect(self._refresh)
        self._chips = Chips(context, f"desk.{name}", chips, {}, self._reload)
        self._chips.switch(chips[0])
        self._more = label("", "attention", wrap=True)
        self._more.hide()
        self._page = ListPage(
            context, name, f"desk.{name}", columns, self,
            order=("due", False), marks=marks, above=(self._chips, self._more),
        )  # fmt: skip
        context.texts.bind(self._page.table, name=f"desk.page.{name}")
        self._note = Banner()

    def build(self, shown: QWidget, sizes: Sequence[int], below: Sequence[QWidget] = ()) -> None:
        """Lay out the list with what stands `below` it, and beside it what is `shown` of one record."""
        left, beside = QWidget(), QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 12, 4, 8)
        column.addWidget(self._page, 1)
        for part in below:
            column.addWidget(part)
        column = QVBoxLayout(beside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._note)
        column.addWidget(shown, 1)
        work = QSplitter(Qt.Orientation.Horizontal)
        work.setChildrenCollapsible(False)
        work.addWidget(left)
        work.addWidget(beside)
        work.setSizes(list(sizes))
        self._stack = PersonStack(self._context, self._account, work, self._begin, self._forget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        self.setFocusProxy(self._page)
        self.retranslate()

    def retranslate(self) -> None:
        self._chips.retranslate()
        self._page.retranslate()
        self._stack.retranslate()

    def load_icons(self) -> None:
        self._page.load_icons()

    def attach_service(self, control: ShopControl) -> None:
        self._link = control.person
        self._stack.attach(control.person is not None)

    def choose_shop(self, shop_id: int | None) -> None:
        self._shop_id = shop_id
        self._reload()

    def opened(self, place: str, *, fresh: bool) -> None:
        self._refresh()

    def forget_person(self) -> None:
        self._stack.forget()

    def close_down(self) -> None:
        self._timer.stop()

    def _begin(self) -> None:
        """Somebody has signed in."""
        self._timer.start()
        self._page.read_all()

    def _forget(self) -> None:
        """They have left."""
        self._timer.stop()
        self._listed = self._nobody
        self._page.search.clear()
        self._page.choose(None)
        self._page.model.show([])

    # The list: what its rows are, and what becomes of them, is the room's.

    @abstractmethod
    def key(self, row: R) -> int: ...

    @abstractmethod
    def read(self, wanted: Wanted) -> Callable[[], Listing[R]] | None: ...

    @abstractmethod
    def take(self, listing: Listing[R]) -> None: ...

    @abstractmethod
    def choose(self, row: R | None) -> bool: ...

    @abstractmethod
    def nothing(self, search: str) -> Nothing: ...

    @property
    def _asked(self) -> PersonLink | None:
        """Whom to ask; None while nobody is here."""
        return self._link if self._timer.isActive() else None

    def _say_more(self, shown: int, *, are_more: bool) -> None:
        """That only the first so many are shown."""
        self._more.setText(self._context.words(f"desk.{self._name}.more", count=shown) if are_more else "")
        self._more.setVisible(are_more)

    def _reload(self) -> None:
        """Another chip, another shop."""
        self._page.load()

    def _refresh(self) -> None:
        if self._timer.isActive():
            self._page.refresh()

    @property
    def count_shown(self) -> int:
        return len(self._page.model.rows)

    def choose_first(self) -> None:
        self._page.choose_first()
