"""What a room of the desk is: a page, its place in the bar, and what the window tells it (HOUSE 1.2-8).

A room's `room.py` holds one `Room`; `frame/rooms.py` lists them. Its page is imported when it is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from repaircenter.desk.kit.desk_context import DeskContext
    from repaircenter.desk.kit.tray import Tray
    from repaircenter.shop.controls import ShopControl
    from repaircenter.shop.model.job import Shop
    from repaircenter.shop.model.outbox import Counts
    from repaircenter.shop.model.state import CollectorState


class Status(NamedTuple):
    """What the shop's side says every two seconds."""

    state: CollectorState
    counts: Counts
    shops: list[Shop]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a room may ask of the window. `open` takes a place: a room's name, and after a slash what it shows there;
    a name that is no room's is a page of the Configuration. `show_count` puts a number beside a room's name in the bar."""

    context: DeskContext
    families: dict[str, str]
    account: QObject
    tray: Tray
    open: Callable[[str], None]
    reconnect: Callable[[], None]
    set_language: Callable[[str], None]
    set_appearance: Callable[[str], None]
    show_count: Callable[[str, int], None]


class RoomPage(QWidget):
    """The page of a room; it overrides what concerns it."""

    def retranslate(self) -> None:
        """The language has changed."""

    def load_icons(self) -> None:
        """After the first paint (start-up)."""

    def restyle(self) -> None:
        """Icons and colours have changed."""
        self.retranslate()

    def attach(self, control: ShopControl) -> None:
        """The shop is set up; called once."""

    def attach_service(self, control: ShopControl) -> None:
        """The client of the service was made, or made anew."""

    def may_leave(self, go: Callable[[], None]) -> bool:
        """Whether another page may be shown, or the program be ended. A page that holds something not kept says so in
        place, and calls `go` once a person has decided."""
        return True

    @property
    def holds_unsaved(self) -> bool:
        """Whether a person has written something here that is not kept."""
        return False

    def opened(self, place: str, *, fresh: bool) -> None:
        """The page comes on screen; `place` says what to show, `fresh` that another page was there before."""

    def take_files(self, paths: list[str]) -> None:
        """Files a person gave the desk; the first room is given them."""

    def react(self, fact: str) -> None:
        """A fact of the event hub."""

    def show_status(self, status: Status) -> None:
        """What the shop's side says now."""

    def choose_shop(self, shop_id: int | None) -> None:
        """A person chose a shop in the bar; None is all of them."""

    def cover(self) -> None:
        """The desk was locked, or nobody is here: stop what shows or prints anything of theirs."""

    def forget_person(self) -> None:
        """Somebody has signed out: clear what they looked for and chose."""

    def close_down(self) -> None:
        """The program ends."""


@dataclass(frozen=True, slots=True)
class Room:
    """`name` has the text `desk.page.<name>`; with an `icon` it stands in the bar. A room with a
    `licence` is there only with it: that of surveys (A-01), or of a module; one with a `permission` is there while somebody
    is signed in who holds it; one that `asks_who` is there while nobody is, too. `module` holds its page, which
    `make` imports."""

    name: str
    make: Callable[[Frame], RoomPage]
    module: str = ""
    icon: str = ""
    licence: str = ""
    permission: str = ""
    asks_who: bool = False
