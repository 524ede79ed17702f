"""All rooms of the desk, and their pages as one. A new room is one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QWidget

from repaircenter.desk.jobs.room import ROOM as JOBS
from repaircenter.desk.kit.room import Frame, Room, RoomPage, Status
from repaircenter.desk.outbox.room import ROOM as SENDING
from repaircenter.desk.settings.room import ROOM as CONFIGURATION
from repaircenter.desk.surveys.room import ROOM as SURVEYS

if TYPE_CHECKING:
    from repaircenter.shop.controls import ShopControl

ROOMS: Final[tuple[Room, ...]] = (JOBS, SURVEYS, SENDING, CONFIGURATION)
FIRST: Final = JOBS.name
# Where a place that names no room is looked for.
_OTHERS: Final = CONFIGURATION.name


class Rooms:
    """The pages by the names of their rooms; what is told to one is told to all."""

    def __init__(self, frame: Frame) -> None:
        self.pages: dict[str, RoomPage] = {room.name: room.make(frame) for room in ROOMS}

    def named(self, name: str) -> Any:
        return self.pages[name]

    def holds(self, widget: QWidget | None) -> bool:
        return widget in self.pages.values()

    def attach(self, control: ShopControl) -> None:
        for page in self.pages.values():
            page.attach(control)

    def attach_service(self, control: ShopControl) -> None:
        for page in self.pages.values():
            page.attach_service(control)

    def react(self, fact: str) -> None:
        for page in self.pages.values():
            page.react(fact)

    def show_status(self, status: Status) -> None:
        for page in self.pages.values():
            page.show_status(status)

    def choose_shop(self, shop_id: int | None) -> None:
        for page in self.pages.values():
            page.choose_shop(shop_id)

    def retranslate(self) -> None:
        for page in self.pages.values():
            page.retranslate()

    def load_icons(self) -> None:
        for page in self.pages.values():
            page.load_icons()

    def restyle(self) -> None:
        for page in self.pages.values():
            page.restyle()

    def cover(self) -> None:
        for page in self.pages.values():
            page.cover()

    def forget_person(self) -> None:
        for page in self.pages.values():
            page.forget_person()

    def close_down(self) -> None:
        for page in self.pages.values():
            page.close_down()


def place_of(name: str) -> tuple[str, str]:
    """`room/inner` -> (room, inner); a name that is no room's is a page of the Configuration."""
    room, _, inner = name.partition("/")
    return (room, inner) if any(room == known.name for known in ROOMS) else (_OTHERS, name)
