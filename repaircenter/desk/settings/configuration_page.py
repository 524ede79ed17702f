"""Configuration (More > Configuration): a list of pages left, the chosen one right, Apply / OK / Cancel below."""

from collections.abc import Callable, Mapping

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
from repaircenter.shop.model.state import CollectorState

_PLACE = Qt.ItemDataRole.UserRole


class ConfigurationPage(RoomPage):
    """`others` make the pages after File directories, by name, when they are first opened; `done` is called when a person
    leaves. `names` are those of all pages, `parts` the pages that were opened."""

    def __init__(
        self, context: DeskContext, done: Callable[[], None], others: Mapping[str, Callable[[], ConfigurationPart]]
    ) -> None:
        super().__init__()
        self._context = context
        self._done = done
        self._makers: dict[str, Callable[[], ConfigurationPart]] = {"directories": lambda: self.directories, **others}
        self.names = tuple(self._makers)
        self.directories = DirectoriesPage(context)
        self.parts: dict[str, ConfigurationPart] = {}
        self._places: dict[str, QWidget] = {}
        self._control: ShopControl | None = None
        self._state: CollectorState | None = None
        # Whether somebody came: a page that is opened first then shows what is kept.
        self._is_open = False
        self._tree = Tree()
        self._tree.setFixedWidth(264)
        self._tree.currentItemChanged.connect(lambda item, _before: self._show(item))
        self._pages = QStackedWidget()
        # The tree owns its items; nobody else keeps hold of them.
        QTreeWidgetItem(QTreeWidgetItem(self._tree)).setData(0, _PLACE, 0)
        for place in range(1, len(self.names)):
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

    def part(self, name: str) -> ConfigurationPart:
        """A page, made when it is first asked for."""
        part = self.parts.get(name)
        if part is not None:
            return part
        part = self._makers[name]()
        assert isinstance(part, QWidget)
        self.parts[name] = part
        self._places[name] = scrolled(part)
        self._pages.addWidget(self._places[name])
        if self._control is not None:
            part.attach(self._control)
        if self._state is not None:
            part.show_state(self._state)
        if self._is_open:
            part.load()
        return part

    def retranslate(self) -> None:
        words = self._context.words
        group = self._tree.topLevelItem(0)
        assert group is not None
        group.setText(0, words("desk.configuration.shop_setup"))
        for place, name in enumerate(self.names):
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
        self._control = control
        for part in self.parts.values():
            part.attach(control)

    def show_status(self, status: Status) -> None:
        self._state = status.state
        for part in self.parts.values():
            part.show_state(status.state)

    def choose(self, name: str) -> None:
        """Open a page by its name."""
        self._tree.setCurrentItem(self._item(self.names.index(name)))

    def forget_person(self) -> None:
        """Clear what somebody who has left looked for."""
        for part in self.parts.values():
            part.forget_person()

    def opened(self, place: str, *, fresh: bool) -> None:
        """Show what is kept now; a link to a page while they are on screen takes nothing typed away."""
        if fresh:
            self._may_leave, self._is_open = False, True
            self._unsaved.clear()
            for part in self.parts.values():
                part.load()
        if place:
            name, _, inner = place.partition("/")
            self.choose(name)
            if inner:
                self.part(name).show_place(inner)

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
            name = self.names[int(place)]
            self.part(name)
            self._pages.setCurrentWidget(self._places[name])

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
