"""The list of jobs by hand and by keyboard, as people know it from their other programs (issue 15.11)."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton

from repaircenter.desk.kit.lists.table import ListTable
from tests.desk.conftest import FakeControl, RoomBench, job
from tests.desk.screen import field, press, visible, words_on


@pytest.fixture
def jobs(room: Callable[..., RoomBench], control: FakeControl) -> RoomBench:
    names = ("Anderson", "Bélanger", "Carter", "Côté", "Dubois")
    control.exclude_refusal = None
    control.kept_jobs = [job(n, last_name=name, first_name=None) for n, name in enumerate(names, start=1)]
    bench = room("jobs")
    bench.wait(lambda: bench.window.page("jobs").count_shown == 5)
    return bench


def table(bench: RoomBench) -> ListTable:
    found: ListTable = bench.window.page("jobs")._list.table
    return found


def shown(bench: RoomBench) -> int:
    return int(bench.window.page("jobs").shown_job)


@pytest.mark.parametrize("wide", [1024, 1366, 1920])
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_list_fills_its_width_and_the_survey_stays_in_sight(
    room: Callable[..., RoomBench], wide: int, language: str
) -> None:
    jobs = room("jobs", language)
    jobs.wait(lambda: jobs.window.page("jobs").count_shown)
    jobs.window.page("jobs").select_first()
    jobs.wait(lambda: shown(jobs))
    jobs.window.resize(wide, 700)
    jobs.wait(lambda: table(jobs).viewport().width() > 0)
    header = table(jobs).horizontalHeader()
    assert header.length() == table(jobs).viewport().width()
    survey = next(at for at, column in enumerate(table(jobs)._list.columns) if column.name == "survey")
    assert header.sectionViewportPosition(survey) + header.sectionSize(survey) <= table(jobs).viewport().width()


def test_a_column_made_wider_takes_from_the_others(jobs: RoomBench) -> None:
    before = [table(jobs).columnWidth(at) for at in range(4)]
    table(jobs).setColumnWidth(1, before[1] + 40)
    assert table(jobs).columnWidth(1) == before[1] + 40
    assert table(jobs).columnWidth(2) < before[2] and table(jobs).columnWidth(3) < before[3]
    assert table(jobs).horizontalHeader().length() == table(jobs).viewport().width()


def test_down_leads_from_the_search_into_the_list(jobs: RoomBench) -> None:
    page = jobs.window.page("jobs")
    page._list.search.setFocus()
    QTest.keyClick(page._list.search, Qt.Key.Key_Down)
    assert table(jobs).hasFocus()
    jobs.wait(lambda: shown(jobs) == 5)


def test_letters_typed_find_the_customer_whatever_the_accents(jobs: RoomBench) -> None:
    table(jobs).setFocus()
    QTest.keyClicks(table(jobs), "co")
    jobs.wait(lambda: shown(jobs) == 4)
    table(jobs)._typed_at = 0.0
    QTest.keyClicks(table(jobs), "b")
    jobs.wait(lambda: shown(jobs) == 2)


def test_copy_takes_the_chosen_rows_as_they_are_shown(jobs: RoomBench) -> None:
    table(jobs).setFocus()
    table(jobs).choose_row(0)
    QTest.keyClick(table(jobs), Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(table(jobs), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
    assert lines[0][:2] == ["RO", "Customer"] and [line[1] for line in lines[1:]] == ["Dubois", "Côté"]


def test_the_columns_are_chosen_at_a_button(jobs: RoomBench) -> None:
    button = next(b for b in visible(jobs, QToolButton) if b.accessibleName() == "Choose columns")
    button.click()
    menu = jobs.program.app.activePopupWidget()
    assert isinstance(menu, QMenu) and "Rating" in [action.text() for action in menu.actions()]
    next(action for action in menu.actions() if action.text() == "Rating").trigger()
    menu.close()
    assert not table(jobs).isColumnHidden(9)
    assert table(jobs).horizontalHeader().length() == table(jobs).viewport().width()


def test_a_menu_of_the_row_comes_with_the_right_button_and_with_shift_f10(jobs: RoomBench) -> None:
    at = table(jobs).visualRect(table(jobs).model().index(2, 1)).center()
    QTest.mouseClick(table(jobs).viewport(), Qt.MouseButton.RightButton, pos=at)
    table(jobs).menu_wanted.emit(QPoint(10, 10))
    jobs.wait(jobs.program.app.activePopupWidget)
    menu = jobs.program.app.activePopupWidget()
    assert isinstance(menu, QMenu) and shown(jobs) == 3, "the row under the mouse is the chosen one"
    texts = [action.text().replace("&", "") for action in menu.actions()]
    assert {"Edit contact", "Convert to RO…", "Mark delivered…", "Exclude", "Copy row"} <= set(texts)
    menu.close()
    asked: list[QPoint] = []
    table(jobs).menu_wanted.connect(asked.append)
    QTest.keyClick(table(jobs), Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    menu = jobs.program.app.activePopupWidget()
    if menu is not None:
        menu.close()
    assert len(asked) == 1


def choose(bench: RoomBench, *rows: int) -> None:
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    table(bench).clearSelection()
    for row in rows:
        table(bench).selectionModel().select(table(bench).model().index(row, 0), flags)


def test_several_jobs_are_excluded_at_once_and_no_details_stand_beside_them(jobs: RoomBench) -> None:
    choose(jobs, 0, 2, 3)
    assert "3 jobs chosen" in words_on(jobs) and shown(jobs) == 0 and "Edit contact" not in words_on(jobs)
    press(jobs, "Exclude 3")
    jobs.wait(lambda: {("exclude", 5), ("exclude", 3), ("exclude", 2)} <= set(jobs.control.calls))
    jobs.wait(lambda: "Include 3" in words_on(jobs))
    assert "Exclude" not in words_on(jobs).replace("Excluded", "")
    jobs.hub.tell("jobs_changed")
    QTest.qWait(300)
    assert table(jobs).chosen_rows() == [0, 2, 3], "what was chosen stays chosen when the list is read again"
    choose(jobs, 1)
    jobs.wait(lambda: shown(jobs) == 4)


def test_what_some_jobs_do_not_allow_is_said_with_its_reason(jobs: RoomBench) -> None:
    from repaircenter.runtime.errors import InputRefused

    real = jobs.control.jobs.exclude

    def exclude(job_id: int) -> None:
        if job_id == 4:
            raise InputRefused("no_exclude")
        real(job_id)

    jobs.control.jobs.exclude = exclude  # type: ignore[method-assign]
    choose(jobs, 0, 1)
    press(jobs, "Exclude 2")
    jobs.wait(lambda: "1 job stays as it is:" in words_on(jobs))
    assert ("exclude", 5) in jobs.control.calls and ("exclude", 4) not in jobs.control.calls


def test_an_exclusion_can_be_undone_from_the_toast(jobs: RoomBench) -> None:
    table(jobs).choose_row(0)
    jobs.wait(lambda: shown(jobs) == 5)
    jobs.window.page("jobs")._details._actions._exclude()
    jobs.wait(lambda: "Excluded: this customer is not surveyed." in words_on(jobs) and "Undo" in words_on(jobs))
    press(jobs, "Undo")
    jobs.wait(lambda: ("include", 5) in jobs.control.calls)
    jobs.wait(lambda: "Taken back." in words_on(jobs))


@pytest.mark.parametrize(("name", "undone"), [("_delivered", "undo"), ("_converted", "undo")])
def test_steps_by_hand_can_be_undone_from_the_toast(jobs: RoomBench, name: str, undone: str) -> None:
    table(jobs).choose_row(0)
    jobs.wait(lambda: shown(jobs) == 5)
    getattr(jobs.window.page("jobs")._details._actions, name)()
    jobs.wait(lambda: "Undo" in words_on(jobs))
    press(jobs, "Undo")
    jobs.wait(lambda: (undone, 5) in jobs.control.calls)


def test_an_edited_contact_can_be_undone_from_the_toast(jobs: RoomBench) -> None:
    table(jobs).choose_row(0)
    jobs.wait(lambda: shown(jobs) == 5)
    press(jobs, "Edit contact")
    field(jobs, "E-mail", QLineEdit).setText("typo@example.com")
    press(jobs, "Save")
    jobs.wait(lambda: "Contact saved." in words_on(jobs) and "typo@example.com" in words_on(jobs))
    press(jobs, "Undo")
    jobs.wait(lambda: ("restore contact", 5) in jobs.control.calls)
    jobs.wait(lambda: "typo@example.com" not in words_on(jobs))


def test_only_the_jobs_that_allow_it_are_counted_and_sent(jobs: RoomBench) -> None:
    kept = {"sent_digest": None, "service_state": None}
    jobs.control.kept_jobs = [
        job(1, **kept),
        job(2, **kept, excluded=True),
        job(3, **kept, unsure=True),
        job(4, **kept, shop_id=None),
        job(5),
    ]
    jobs.window.page("jobs")._list.read_all()
    jobs.wait(lambda: [line.id for line in table(jobs)._list.rows if not line.sent] == [4, 3, 2, 1])
    choose(jobs, 0, 1, 2, 3, 4)
    press(jobs, "Send 1 now")
    jobs.wait(lambda: ("send", 1) in jobs.control.calls)
    assert [call for call in jobs.control.calls if call[0] == "send"] == [("send", 1)]
