"""All rooms of the desk, and their pages as one. A new room is one line here."""

from __future__ import annotations

import importlib
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from repaircenter.desk.alerts.room import ROOM as ALERTS
from repaircenter.desk.calls.room import ROOM as CALLS
from repaircenter.desk.jobs.room import ROOM as JOBS
from repaircenter.desk.kit.room import Frame, Room, RoomPage, Status
from repaircenter.desk.outbox.room import ROOM as SENDING
from repaircenter.desk.settings.room import ROOM as CONFIGURATION
from repaircenter.desk.surveys.room import ROOM as SURVEYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from repaircenter.shop.controls import ShopControl

ROOMS: Final[tuple[Room, ...]] = (JOBS, SURVEYS, ALERTS, CALLS, SENDING, CONFIGURATION)
FIRST: Final = JOBS.name
# Where a place that names no room is looked for.
_OTHERS: Final = CONFIGURATION.name
# A page takes a tenth to a third of a second to make, once it is imported.
_LOOK_MS, _IDLE_SECONDS = 500, 2.0


class Rooms(QObject):
    """The pages by the names of their rooms; what is told to one is told to all.

    A page is made when it is first wanted, or once nobody has touched the desk for a moment: the jobs are on screen
    sooner, and every room opens at once. A page that is made later hears what it missed. `add` puts it in the window.
    """

    def __init__(self, frame: Frame, add: Callable[[RoomPage], object], idle_seconds: Callable[[], float]) -> None:
        super().__init__()
        self._frame, self._add, self._idle_seconds = frame, add, idle_seconds
        self._rooms = {room.name: room for room in ROOMS}
        self._pages: dict[str, RoomPage] = {}
        self._imported: set[str] = set()
        # What was told last, each as a call of a page.
        self._told: dict[str, Callable[[RoomPage], object]] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._make_one)
        self.named(FIRST)

    def named(self, name: str) -> Any:
        page = self._pages.get(name)
        if page is None:
            page = self._pages[name] = self._rooms[name].make(self._frame)
            self._add(page)
            for told in self._told.values():
                told(page)
        return page

    def _make_one(self) -> None:
        """One page more while nobody would notice."""
        missing = [name for name in self._rooms if name not in self._pages]
        if not missing:
            self._timer.stop()
        elif self._idle_seconds() >= _IDLE_SECONDS:
            room = self._rooms[missing[0]]
            if not room.module or room.module in self._imported:
                self.named(room.name)
            else:
                # Half of what a page takes; in the background it is not felt.
                load = partial(importlib.import_module, room.module)
                self._frame.context.background.run(load, lambda _module: self._imported.add(room.module))

    def holds(self, widget: QWidget | None) -> bool:
        return widget in self._pages.values()

    def _tell(self, what: str, call: Callable[[RoomPage], object]) -> None:
        """Tell every page, and those that are made later."""
        self._told[what] = call
        for page in self._pages.values():
            call(page)

    def attach(self, control: ShopControl) -> None:
        self._tell("shop", lambda page: page.attach(control))
        self._timer.start()

    def attach_service(self, control: ShopControl) -> None:
        self._tell("service", lambda page: page.attach_service(control))

    def show_status(self, status: Status) -> None:
        self._tell("status", lambda page: page.show_status(status))

    def choose_shop(self, shop_id: int | None) -> None:
        self._tell("chosen", lambda page: page.choose_shop(shop_id))

    def load_icons(self) -> None:
        self._tell("icons", lambda page: page.load_icons())

    def react(self, fact: str) -> None:
        for page in self._pages.values():
            page.react(fact)

    def retranslate(self) -> None:
        for page in self._pages.values():
            page.retranslate()

    def restyle(self) -> None:
        for page in self._pages.values():
            page.restyle()

    def cover(self) -> None:
        for page in self._pages.values():
            page.cover()

    def forget_person(self) -> None:
        for page in self._pages.values():
            page.forget_person()

    def close_down(self) -> None:
        self._timer.stop()
        for page in self._pages.values():
            page.close_down()


def place_of(name: str) -> tuple[str, str]:
    """`room/inner` -> (room, inner); a name that is no room's is a page of the Configuration."""
    room, _, inner = name.partition("/")
    return (room, inner) if any(room == known.name for known in ROOMS) else (_OTHERS, name)
