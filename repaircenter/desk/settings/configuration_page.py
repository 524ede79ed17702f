"""Configuration (More > Configuration): a list of pages left, the chosen one right, Apply / OK / Cancel below."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from repaircenter.desk.folders.directories_page import DirectoriesPage
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.notices.banner import Banner
from repaircenter.desk.kit.room import RoomPage, Status
from repaircenter.desk.kit.tree import Tree
from repaircenter.desk.kit.widgets import button, scrolled
from repaircenter.desk.settings.settings_page import ConfigurationPart
from repaircenter.shop.controls import ShopControl

_PLACE = Qt.ItemDataRole.UserRole


class ConfigurationPage(RoomPage):
    """`others` are the pages after File directories, by name; `done` is called when a person leaves."""

    def __init__(
        self, context: DeskContext, done: Callable[[], None], others: Sequence[tuple[str, ConfigurationPart]]
    ) -> None:
        super().__init__()
        self._context = context
        self._done = done
        self.directories = DirectoriesPage(context)
        self.parts: dict[str, ConfigurationPart] = {"directories": self.directories, **dict(others)}
        self._tree = Tree()
        self._tree.setFixedWidth(264)
        self._tree.currentItemChanged.connect(lambda item, _before: self._show(item))
        self._pages = QStackedWidget()
        # The tree owns its items; nobody else keeps hold of them.
        QTreeWidgetItem(QTreeWidgetItem(self._tree)).setData(0, _PLACE, 0)
        for place, part in enumerate(self.parts.values()):
            assert isinstance(part, QWidget)
            self._pages.addWidget(scrolled(part))
            if place:
                QTreeWidgetItem(self._tree).setData(0, _PLACE, place)
        self._tree.expandAll()
        self._ok = button("", self._pressed_ok, primary=True)
        self._apply = button("", self._pressed_apply)
        self._cancel = button("", self._pressed_cancel)
        row = QHBoxLayout()
        row.addStretch(1)
        for widget in (self._ok, self._apply, self._cancel):
            row.addWidget(widget)
        self._unsaved = Banner()
        self._may_leave = True
        right = QVBoxLayout()
        right.addWidget(self._unsaved)
        right.addWidget(self._pages, 1)
        right.addLayout(row)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(self._tree)
        layout.addLayout(right, 1)
        self.choose("directories")
        self.setFocusProxy(self._tree)
        bind = self._context.texts.bind
        bind(self._tree, name="desk.configuration.title")
        bind(self._ok, "desk.configuration.ok")
        bind(self._apply, "desk.configuration.apply")
        bind(self._cancel, "desk.configuration.cancel")
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        group = self._tree.topLevelItem(0)
        assert group is not None
        group.setText(0, words("desk.configuration.shop_setup"))
        for place, name in enumerate(self.parts):
            self._item(place).setText(0, words(f"desk.{name}.title"))
        for part in self.parts.values():
            part.retranslate()

    def _item(self, place: int) -> QTreeWidgetItem:
        """File directories lies below Shop setup, the others beside it."""
        top = self._tree.topLevelItem(place)
        item = top.child(0) if place == 0 and top is not None else top
        assert item is not None
        return item

    def attach(self, control: ShopControl) -> None:
        for part in self.parts.values():
            part.attach(control)

    def show_status(self, status: Status) -> None:
        for part in self.parts.values():
            part.show_state(status.state)

    def choose(self, name: str) -> None:
        """Open a page by its name."""
        self._tree.setCurrentItem(self._item(list(self.parts).index(name)))

    def forget_person(self) -> None:
        """Clear what somebody who has left looked for."""
        for part in self.parts.values():
            part.forget_person()

    def opened(self, place: str, *, fresh: bool) -> None:
        """Show what is kept now; a link to a page while they are on screen takes nothing typed away."""
        if fresh:
            self._may_leave = False
            self._unsaved.clear()
            for part in self.parts.values():
                part.load()
        if place:
            name, _, inner = place.partition("/")
            self.choose(name)
            if inner:
                self.parts[name].show_place(inner)

    @property
    def holds_unsaved(self) -> bool:
        return any(part.is_changed for part in self.parts.values())

    def may_leave(self, go: Callable[[], None]) -> bool:
        """Ask whether to save what was changed and not kept (issue 15.6)."""
        changed = [name for name, part in self.parts.items() if part.is_changed]
        if self._may_leave or not changed:
            return True
        words = self._context.words

        def leave() -> None:
            self._may_leave = True
            self._unsaved.clear()
            go()

        def save() -> None:
            self._unsaved.clear()
            self._keep(kept)

        def kept() -> None:
            self._tell_kept()
            leave()

        def discard() -> None:
            for part in self.parts.values():
                part.stop()
            leave()

        self.choose(changed[0])
        text = words("desk.configuration.unsaved", pages=", ".join(words(f"desk.{name}.title") for name in changed))
        self._unsaved.say(
            text, [(words("desk.configuration.save"), save), (words("desk.configuration.discard"), discard)]
        )
        self._unsaved.set_focus()
        return False

    def close_down(self) -> None:
        self.directories.stop()

    def _show(self, item: QTreeWidgetItem | None) -> None:
        place = item.data(0, _PLACE) if item is not None else None
        if place is not None:
            self._pages.setCurrentIndex(int(place))

    def _keep(self, done: Callable[[], None]) -> None:
        """Keep every page, one after the other; one that cannot be kept stays on screen with its reason."""
        waiting = list(self.parts.items())
        shown = self._tree.currentItem()

        def following() -> None:
            if not waiting:
                if shown is not None:
                    self._tree.setCurrentItem(shown)
                done()
                return
            name, part = waiting.pop(0)
            self.choose(name)
            part.apply(following)

        following()

    def _pressed_ok(self) -> None:
        def kept() -> None:
            self._tell_kept()
            self._unsaved.clear()
            self._done()

        self._keep(kept)

    def _pressed_apply(self) -> None:
        self._unsaved.clear()
        self._keep(self._tell_kept)

    def _tell_kept(self) -> None:
        self._context.tell(self._context.words("desk.configuration.kept"))

    def _pressed_cancel(self) -> None:
        for part in self.parts.values():
            part.stop()
        self._may_leave = True
        self._unsaved.clear()
        self._done()
