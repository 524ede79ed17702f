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
    assert page.told[0] == "attach"
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
