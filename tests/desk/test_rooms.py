"""A room is one line of the registry: it stands in the bar, hears facts, and is opened by its name (HOUSE 1.2-8)."""

import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from repaircenter.desk.frame import main_window, rooms
from repaircenter.desk.frame.rooms import ROOMS, place_of
from repaircenter.desk.kit.operations import Query
from repaircenter.desk.kit.room import Frame, Room, RoomPage, Status
from repaircenter.shop.controls import ShopControl
from tests.desk.conftest import Bench
from tests.fakes.clock import FakeClock


class Notes(RoomPage):
    """A page that writes down what it is told."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.frame = frame
        self.told: list[object] = []

    def attach(self, control: ShopControl) -> None:
        self.told.append("attach")

    def react(self, fact: str) -> None:
        self.told.append(fact)

    def opened(self, place: str, *, fresh: bool) -> None:
        self.told.append((place, fresh))

    def choose_shop(self, shop_id: int | None) -> None:
        self.told.append(f"shop {shop_id}")

    def load_icons(self) -> None:
        self.told.append("icons")

    def attach_service(self, control: ShopControl) -> None:
        self.told.append("service")

    def show_status(self, status: Status) -> None:
        self.told.append(len(status.shops))

    def forget_person(self) -> None:
        self.told.append("forget")

    def cover(self) -> None:
        self.told.append("cover")


@pytest.fixture
def more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room more, in the bar: an icon and its texts are all it has (here the ones of surveys)."""
    room = Room("dummy", Notes, icon="clipboard-check-outline")
    monkeypatch.setattr(rooms, "ROOMS", (*ROOMS, room))
    monkeypatch.setattr(main_window, "ROOMS", (*ROOMS, room))
    from repaircenter.runtime.text import _catalog

    monkeypatch.setitem(_catalog("en"), "desk.page.dummy", "Dummy")


def test_a_room_more_is_told_everything_and_can_be_opened(more: None, start: Callable[..., Bench]) -> None:
    found = start("en")
    found.wait(lambda: found.window.page("jobs").count_shown)
    page = found.window.page("dummy")
    assert page.told[:3] == ["icons", "attach", "service"]
    found.wait(lambda: 2 in page.told)
    action = found.window.bar.actions_by_page["dummy"]
    assert (
        action.isEnabled()
        and action.text() == "Dummy"
        and action.shortcut().toString() == f"Ctrl+{len(found.window.bar.actions_by_page)}"
    )
    page.told.clear()
    action.trigger()
    assert page.told == [("", True)] and page.isVisible() and action.isChecked()
    found.window.open_page("dummy/7")
    assert page.told == [("", True), ("7", False)]
    found.hub.tell("notes_changed")
    found.wait(lambda: "notes_changed" in page.told)
    page.frame.open("sending/waiting")
    assert found.window.page("sending").isVisible() and not page.isVisible()
    found.window.account.sign_out()
    assert {"cover", "forget"} <= {entry for entry in page.told if isinstance(entry, str)}
    assert not found.window.page("sending").isVisible()


def test_a_page_is_made_when_it_is_wanted_and_hears_what_it_missed(more: None, start: Callable[..., Bench]) -> None:
    """The first page is on screen sooner; the others are made by a click, or while nobody touches the desk."""
    found = start("en")
    window, made = found.window, found.window._rooms._pages
    found.wait(lambda: window.page("jobs").count_shown)
    window.bar.shop_chosen.emit(2)
    assert list(made) == ["jobs"]
    window.bar.actions_by_page["dummy"].trigger()
    page = window.page("dummy")
    assert page.isVisible() and [told for told in page.told if isinstance(told, str)] == [
        "icons",
        "attach",
        "service",
        "shop 2",
    ]
    assert page.told[-1] == ("", True), "it is opened after it has heard everything"
    assert list(made) == ["jobs", "dummy"]


def test_the_other_pages_are_made_while_nobody_touches_the_desk(start: Callable[..., Bench]) -> None:
    found = start("en")
    window, made = found.window, found.window._rooms._pages
    found.wait(lambda: window.page("jobs").count_shown)
    clock = found.program.context.clock
    assert isinstance(clock, FakeClock)
    clock.pass_time(1.5)
    window._rooms._make_one()
    assert list(made) == ["jobs"], "somebody may be about to press a key"
    clock.pass_time(1)

    def all_made() -> bool:
        window._rooms._make_one()
        return set(made) == {room.name for room in ROOMS}

    found.wait(all_made)
    window._rooms._make_one()
    assert not window._rooms._timer.isActive()
    assert window.page("jobs").isVisible()


def test_what_is_on_its_way_is_shown_to_nobody_after_the_sign_out(more: None, start: Callable[..., Bench]) -> None:
    found = start("en")
    found.wait(lambda: found.window.page("jobs").count_shown)
    gate, shown = threading.Event(), list[object]()
    query = Query(found.window.page("dummy").frame.context.operations)
    query.ask(lambda: gate.wait(5), shown.append)
    found.window.account.sign_out()
    assert not query.is_asking
    gate.set()
    query.ask(lambda: "after", shown.append)
    found.wait(lambda: "after" in shown)
    assert shown == ["after"]


def test_a_licensed_room_is_there_with_its_licence_only(start: Callable[..., Bench]) -> None:
    found = start("en")
    found.wait(lambda: found.window.page("jobs").count_shown)
    found.control.person.surveys = False
    found.window.page("surveys").sign_in_as("ada@example.com", "right")
    found.wait(lambda: not found.window.bar.offers("surveys"))
    found.window.open_page("surveys/1/C:1")
    assert not found.window.page("surveys").isVisible()


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("jobs", ("jobs", "")),
        ("jobs/26-0003", ("jobs", "26-0003")),
        ("surveys/2/C:7/x", ("surveys", "2/C:7/x")),
        ("sending/waiting", ("sending", "waiting")),
        ("directories", ("configuration", "directories")),
    ],
)
def test_a_place_is_a_room_and_what_it_shows(place: str, expected: tuple[str, str]) -> None:
    assert place_of(place) == expected


def test_the_list_of_rooms_imports_no_page() -> None:
    """A page is imported when it is made: start-up time is the reason."""
    code = (
        "import sys, repaircenter.desk.frame.rooms\n"
        "print([name for name in sys.modules if name.startswith('repaircenter.desk') and name.endswith('_page')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
