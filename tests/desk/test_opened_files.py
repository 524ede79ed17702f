"""Estimates dropped on the window, opened with the program or chosen in its dialog (issue 16)."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QMessageBox

from repaircenter.runtime.errors import InputRefused, KnownError
from repaircenter.shop.jobs.opened import OpenedSet
from tests.desk.conftest import Bench, FakeControl, RoomBench
from tests.desk.screen import press, words_on

COPY, MOVE = Qt.DropAction.CopyAction, Qt.DropAction.MoveAction


def drop(bench: Bench, *urls: str, actions: Qt.DropAction = COPY, shift: bool = False) -> bool:
    """Drop on the window as a file manager would; return whether it was taken, which is never a move."""
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    button = Qt.MouseButton.LeftButton
    keys = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    enters = QDragEnterEvent(QPointF(400, 300).toPoint(), actions, data, button, keys)
    bench.program.app.sendEvent(bench.window, enters)
    if not enters.isAccepted():
        return False
    dropped = QDropEvent(QPointF(400, 300), actions, data, button, keys)
    bench.program.app.sendEvent(bench.window, dropped)
    assert enters.dropAction() == dropped.dropAction() == COPY, "the file manager would take the export away"
    return dropped.isAccepted()


def taken(control: FakeControl) -> list[object]:
    return [call[1:] for call in control.calls if call[0] == "take"]


def test_a_dropped_estimate_is_shown_in_the_jobs(bench: Bench, control: FakeControl) -> None:
    control.opened = [OpenedSet("imported", 3)]
    bench.window.show_page("surveys")
    assert drop(bench, "file:///mail/5e1f0001.env", "file:///mail/5e1f0001.ad1")
    bench.wait(lambda: bench.window.page("jobs").shown_job == 3)
    assert taken(control) == [("/mail/5e1f0001.env", "/mail/5e1f0001.ad1")]
    assert bench.window.page("jobs").isVisible() and "L’estimation est dans les travaux." in words_on(bench)


def test_a_drop_with_shift_leaves_the_export_where_it_is(bench: Bench, control: FakeControl) -> None:
    assert drop(bench, "file:///mail/5e1f0001.env", actions=COPY | MOVE, shift=True)
    assert not drop(bench, "file:///mail/5e1f0001.env", actions=MOVE)


def test_a_page_with_changes_is_asked_before_what_was_opened_is_taken(bench: Bench, control: FakeControl) -> None:
    """Its reasons would be said on a page nobody sees."""
    control.kept_settings["send_rule"] = "delivery"
    bench.window.open_page("customer")
    page = bench.window.page("configuration").parts["customer"]
    bench.wait(lambda: page._kept == "delivery")
    press(bench, "à la création")
    assert page.is_changed
    bench.program.open_files(["/mail/5e1f0001.env"])
    bench.wait(lambda: "Pas encore enregistré" in words_on(bench))
    assert taken(control) == []
    press(bench, "Abandonner les modifications")
    bench.wait(lambda: taken(control))
    assert bench.window.page("jobs").isVisible()


def test_why_something_was_refused_is_nothing_for_the_next_person(
    room: Callable[..., RoomBench], control: FakeControl
) -> None:
    control.opened = [OpenedSet(refusal=InputRefused("set.no_member", file="Gagné.jpg"))]
    bench = room("jobs")
    bench.window.page("jobs").take_files(["/mail/a.env"])
    bench.wait(lambda: "Gagné.jpg" in words_on(bench))
    bench.window.page("jobs").forget_person()
    assert "Gagné.jpg" not in words_on(bench)


def test_what_is_no_file_is_not_taken(bench: Bench, control: FakeControl) -> None:
    assert not drop(bench, "https://example.com/a.env") and taken(control) == []


def test_while_the_desk_is_locked_nothing_is_taken_and_what_was_opened_waits(
    bench: Bench, control: FakeControl
) -> None:
    bench.sign_in()
    bench.window.account.lock()
    bench.wait(lambda: not bench.window.is_open)
    assert not drop(bench, "file:///mail/5e1f0001.env")
    bench.program.open_files(["/mail/5e1f0002.env"])
    bench.program.app.processEvents()
    assert taken(control) == []
    bench.window.account.unlock("right", lambda _sentence: None)
    bench.wait(lambda: taken(control))
    assert taken(control) == [("/mail/5e1f0002.env",)]


def test_what_was_opened_with_the_program_is_taken_once_the_jobs_are_there(
    start: Callable[..., Bench], control: FakeControl
) -> None:
    control.is_configured = False
    bench = start("en")
    bench.program.open_files(["/mail/5e1f0001.env"])
    bench.wait(lambda: bench.window.setup.isVisible())
    assert taken(control) == []
    bench.window._ready(control, True)
    bench.wait(lambda: taken(control))


def test_each_reason_is_said_once_and_stays_until_the_next(
    room: Callable[..., RoomBench], control: FakeControl
) -> None:
    refusal = InputRefused("set.no_member", file="photo.jpg")
    control.opened = [OpenedSet("seen_again", 2), OpenedSet("seen_again", 2), *[OpenedSet(refusal=refusal)] * 2]
    bench = room("jobs")
    bench.window.page("jobs").take_files(["/mail/a.env"])
    bench.wait(lambda: bench.window.page("jobs").shown_job == 2)
    said = words_on(bench)
    assert said.count("photo.jpg: this is not a file of an EMS set.") == 1
    assert "2 estimates were in the jobs already." in said


def test_a_form_being_filled_in_stays(room: Callable[..., RoomBench], control: FakeControl) -> None:
    control.opened = [OpenedSet("imported", 2)]
    bench = room("jobs")
    page = bench.window.page("jobs")
    page._begin_new()
    page.take_files(["/mail/a.env"])
    bench.wait(lambda: "The estimate is in the jobs." in words_on(bench))
    assert page.holds_unsaved and page.shown_job == 0


def test_the_menu_and_ctrl_o_choose_files(bench: Bench, control: FakeControl, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[str] = []

    def choose(_parent: object, title: str, _folder: str, kinds: str) -> tuple[list[str], str]:
        chosen.extend((title, kinds))
        return ["/mail/5e1f0001.env"], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", choose)
    (action,) = [each for each in bench.window.bar.shortcuts if each.shortcut().toString() == "Ctrl+O"]
    action.trigger()
    bench.wait(lambda: taken(control))
    assert chosen[0] == "Ouvrir une estimation…" and "*.env" in chosen[1]
    bench.window.bar._fill()
    assert "Ouvrir une estimation…" in [action.text() for action in bench.window.bar._menu.actions()]


def test_why_an_installed_desk_did_not_start_is_said_in_a_window(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A double click has no terminal."""
    from repaircenter.assembly import desk

    said: list[tuple[object, ...]] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda *given: said.append(given))
    desk.say_failure(KnownError("cli.no_window"))
    assert said == [], "from source the terminal says it"
    monkeypatch.setattr("sys.frozen", True, raising=False)
    desk.say_failure(KnownError("cli.no_display"))
    assert said == [], "Qt would end the process"
    desk.say_failure(KnownError("cli.no_window"))
    assert len(said) == 1 and said[0][1] == "RepairCenter" and said[0][2]
