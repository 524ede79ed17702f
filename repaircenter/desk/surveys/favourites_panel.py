"""The list of favourites with what one can do with them (A-36, A-39). Offline they can be run, not changed."""

from functools import partial

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.notices.banner import Banner
from repaircenter.desk.kit.notices.empty_state import EmptyState
from repaircenter.desk.kit.operations import Query
from repaircenter.desk.kit.widgets import button
from repaircenter.shop.controls import ShopControl
from repaircenter.shop.service.favourites import save_favourite
from repaircenter.wire import endpoints
from repaircenter.wire.reports import Favourite

_DATA = Qt.ItemDataRole.UserRole


class FavouritesPanel(QWidget):
    """`run_wanted` with a Favourite, `reports_wanted` from the empty list; what happened is said in `note`."""

    run_wanted = Signal(object)
    reports_wanted = Signal()

    def __init__(self, context: DeskContext, note: Banner) -> None:
        super().__init__()
        self._context = context
        self._note = note
        self._control: ShopControl | None = None
        self._email = ""
        self._offline = False
        self._saving = Query(context.operations)
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 8)
        self._list = QListWidget()
        self._list.itemActivated.connect(lambda item: self.run_wanted.emit(item.data(_DATA)))
        self._list.currentItemChanged.connect(lambda *_: self._update())
        self._nothing = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._list)
        self._stack.addWidget(self._nothing)
        row.addWidget(self._stack, 1)
        buttons = QHBoxLayout()
        bind = self._context.texts.bind
        bind(self._list, name="desk.surveys.favourites")
        self._run_button = bind(button("", self._run, primary=True), "desk.surveys.run")
        self._rename_button = bind(button("", self._rename), "desk.surveys.rename")
        self._delete_button = bind(button("", self._delete), "desk.surveys.delete")
        for widget in (self._run_button, self._rename_button, self._delete_button):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        row.addLayout(buttons)
        QShortcut(
            QKeySequence(QKeySequence.StandardKey.Delete),
            self._list,
            self._delete,
            context=Qt.ShortcutContext.WidgetShortcut,
        )

    def retranslate(self) -> None:
        words = self._context.words
        self._nothing.say(
            words("desk.surveys.no_favourites"),
            words("desk.surveys.no_favourites_text"),
            words("desk.surveys.to_reports"),
            self.reports_wanted.emit,
        )
        self._update()

    def show_for(self, control: ShopControl, email: str, favourites: list[Favourite], *, offline: bool) -> None:
        """The favourites of a person, from the service or, `offline`, as they were listed last."""
        if email != self._email:
            self._saving.drop()
        self._control, self._email, self._offline = control, email, offline
        self._show(favourites)

    def forget(self) -> None:
        """What the last person saw is gone; what is still on its way for them is not heard."""
        self._saving.drop()
        self._control, self._email = None, ""
        self._show([])

    @property
    def count(self) -> int:
        return self._list.count()

    def _show(self, favourites: list[Favourite], select: int = 0) -> None:
        self._list.clear()
        for favourite in favourites:
            item = QListWidgetItem(favourite.name)
            item.setData(_DATA, favourite)
            self._list.addItem(item)
            if favourite.id == select:
                self._list.setCurrentItem(item)
        if favourites and self._list.currentRow() < 0:
            self._list.setCurrentRow(0)
        self._stack.setCurrentWidget(self._list if favourites else self._nothing)
        self._update()

    def _chosen(self) -> Favourite | None:
        row = self._list.currentRow()
        favourite: Favourite | None = self._list.item(row).data(_DATA) if row >= 0 else None
        return favourite

    def _update(self) -> None:
        chosen = self._chosen() is not None
        self._run_button.setEnabled(chosen)
        self._rename_button.setEnabled(chosen and not self._offline)
        self._delete_button.setEnabled(chosen and not self._offline)

    def _run(self) -> None:
        favourite = self._chosen()
        if favourite is not None:
            self.run_wanted.emit(favourite)

    def ask_name(self, title: str, name: str) -> str:
        """The name a person gives, empty when they gave none."""
        words = self._context.words
        given, accepted = QInputDialog.getText(
            self, words(title).replace("&", ""), words("desk.surveys.name"), text=name
        )
        return given.strip() if accepted else ""

    def save(self, favourite: Favourite) -> None:
        """Keep a favourite at the service, new with id 0."""
        control = self._control
        if control is None or control.person is None:
            return
        link, last, email = control.person, control.last_results, self._email

        def work() -> tuple[Favourite, list[Favourite]]:
            saved = save_favourite(link, favourite)
            favourites = link.call(endpoints.FAVOURITES).favourites
            last.take_list(email, favourites)
            return saved, favourites

        def done(result: tuple[Favourite, list[Favourite]]) -> None:
            self._show(result[1], result[0].id)
            self._note.clear()
            self._context.tell(self._context.words("desk.surveys.kept", name=result[0].name))

        self._saving.ask(work, done, self._say)

    def _rename(self) -> None:
        favourite = self._chosen()
        if favourite is None or self._offline:
            return
        name = self.ask_name("desk.surveys.rename", favourite.name)
        if name and name != favourite.name:
            self.save(msgspec.structs.replace(favourite, name=name))

    def _delete(self) -> None:
        """Delete at once, with Undo (A-39)."""
        favourite, control, words = self._chosen(), self._control, self._context.words
        if favourite is None or control is None or control.person is None or self._offline:
            return
        link, last, email = control.person, control.last_results, self._email

        def work() -> list[Favourite]:
            link.call(endpoints.DELETE_FAVOURITE, favourite_id=favourite.id)
            favourites = link.call(endpoints.FAVOURITES).favourites
            last.take_list(email, favourites)
            return favourites

        def done(favourites: list[Favourite]) -> None:
            self._show(favourites)
            undo = partial(self.save, msgspec.structs.replace(favourite, id=0))
            self._note.clear()
            self._context.tell(words("desk.surveys.deleted", name=favourite.name), [(words("desk.undo"), undo)])

        self._saving.ask(work, done, self._say)

    def _say(self, sentence: str) -> None:
        self._note.say(sentence or self._context.words("desk.viewer.failed_text"))
