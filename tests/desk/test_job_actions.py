"""What a person does with a job on the screen (UI.md, Jobs; A-19, A-N1, A-N8, DESIGN 4.4, 4.5)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QTableWidget,
    QToolButton,
)

from repaircenter.desk.jobs.columns import ORDER
from repaircenter.desk.jobs.job_list import Filters, JobList, survey_state
from repaircenter.runtime.errors import KnownError
from repaircenter.shop.model.state import Silence
from repaircenter.wire.jobs import Credits
from tests.desk.conftest import NOW, Bench, FakeControl, RoomBench, job, line
from tests.desk.screen import field, menu_of, press, reached_by_tab, visible, words_on


@pytest.fixture
def chosen(room: Callable[..., RoomBench], control: FakeControl) -> RoomBench:
    """The English desk with its newest job chosen."""
    control.exclude_refusal = None
    control.undoable = "delivered_by_hand"
    found = room("jobs")
    found.wait(lambda: found.window.page("jobs").count_shown == 5)
    found.window.page("jobs").select_first()
    found.wait(lambda: found.window.page("jobs").shown_job)
    return found


def call(bench: RoomBench, name: str) -> tuple[object, ...]:
    return next(one for one in bench.control.calls if one[0] == name)


def test_edit_contact_keeps_what_was_written_and_says_what_is_wrong(chosen: RoomBench) -> None:
    press(chosen, "Edit contact")
    field(chosen, "E-mail").setText("nobody")
    press(chosen, "Save")
    chosen.wait(lambda: "This is not an e-mail address." in words_on(chosen))
    field(chosen, "E-mail").setText("new@example.com")
    field(chosen, "Phones").setText("514 555-0101, 418 555-0102")
    field(chosen, "Preferred way", QComboBox).setCurrentIndex(2)
    next(box for box in visible(chosen, QCheckBox) if "Do not contact" in box.text().replace("&", "")).setChecked(True)
    press(chosen, "Save")
    chosen.wait(lambda: any(one[0] == "contact" for one in chosen.control.calls))
    contact = call(chosen, "contact")[2]
    assert contact.email == "new@example.com" and contact.phones == ("514 555-0101", " 418 555-0102")  # type: ignore[attr-defined]
    assert contact.preferred_channel == "sms" and contact.do_not_contact  # type: ignore[attr-defined]
    chosen.wait(lambda: "new@example.com" in words_on(chosen))


def test_leaving_the_form_keeps_nothing(chosen: RoomBench) -> None:
    press(chosen, "Edit contact")
    field(chosen, "E-mail").setText("x@example.com")
    press(chosen, "Cancel")
    assert "Edit contact" in words_on(chosen) and not any(one[0] == "contact" for one in chosen.control.calls)


def test_another_job_is_not_chosen_while_something_is_being_typed(chosen: RoomBench) -> None:
    number = chosen.window.page("jobs").shown_job
    press(chosen, "Edit contact")
    field(chosen, "Company").setText("half writ")
    chosen.window.page("jobs")._list.table.selectRow(3)
    assert "Save or cancel first." in words_on(chosen) and field(chosen, "Company").text() == "half writ"
    QTest.keyClick(field(chosen, "Company"), Qt.Key.Key_Escape)
    chosen.window.page("jobs")._list.table.selectRow(3)
    chosen.wait(lambda: chosen.window.page("jobs").shown_job != number)


def test_a_late_answer_about_another_job_is_not_shown(chosen: RoomBench, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    from tests.desk.conftest import FakeActions

    real = FakeActions.view
    first = chosen.window.page("jobs").shown_job

    def slow(self: FakeActions, job_id: int):  # type: ignore[no-untyped-def]
        time.sleep(0.4 if job_id == 4 else 0.0)
        return real(self, job_id)

    monkeypatch.setattr(FakeActions, "view", slow)
    rows = {one.id: row for row, one in enumerate(chosen.window.page("jobs")._list.model.rows)}
    chosen.window.page("jobs")._list.table.selectRow(rows[4])
    chosen.window.page("jobs")._list.table.selectRow(rows[3])
    chosen.wait(lambda: chosen.window.page("jobs").shown_job == 3)
    QTest.qWait(600)
    assert chosen.window.page("jobs").shown_job == 3 and first != 3


def test_a_refused_action_is_said_and_the_list_stays(chosen: RoomBench) -> None:
    from repaircenter.runtime.errors import InputRefused

    def refuse(job_id: int) -> None:
        raise InputRefused("include_first")

    chosen.control.kept_jobs = [replace(one, sent_digest=None, service=None) for one in chosen.control.kept_jobs]
    chosen.control.jobs.send_now = refuse  # type: ignore[method-assign]
    QTest.keyClick(chosen.window.page("jobs"), Qt.Key.Key_F5)
    chosen.window.page("jobs")._read_details(chosen.window.page("jobs").shown_job)
    send = next(b for b in visible(chosen, QPushButton) if b.text() == "Send now")
    chosen.wait(send.isEnabled)
    press(chosen, "Send now")
    chosen.wait(lambda: "Include the job first." in words_on(chosen))
    chosen.wait(send.isEnabled)
    assert chosen.window.page("jobs").count_shown == 5


def test_a_refresh_does_not_take_the_form_away(chosen: RoomBench) -> None:
    press(chosen, "Edit contact")
    field(chosen, "Company").setText("half writ")
    chosen.hub.tell("jobs_changed")
    QTest.qWait(400)
    assert field(chosen, "Company").text() == "half writ"


def test_convert_asks_for_the_number_and_delivery_for_the_day(chosen: RoomBench) -> None:
    menu_of(chosen, "More actions")["Convert to RO…"].trigger()
    field(chosen, "RO number").setText("26-900")
    press(chosen, "Convert to RO")
    chosen.wait(lambda: any(one[0] == "convert" for one in chosen.control.calls))
    assert call(chosen, "convert")[2] == "26-900"
    menu_of(chosen, "More actions")["Mark delivered…"].trigger()
    day = field(chosen, "Day", QDateEdit)
    assert day.date().toPython() == NOW.date()
    press(chosen, "Mark delivered")
    chosen.wait(lambda: any(one[0] == "deliver" for one in chosen.control.calls))
    assert call(chosen, "deliver")[2] == date(2026, 11, 2)


def test_exclude_include_and_undo_are_in_the_menu(chosen: RoomBench) -> None:
    menu = menu_of(chosen, "More actions")
    menu["Undo: marked delivered"].trigger()
    menu["Exclude"].trigger()
    chosen.wait(lambda: any(one[0] == "exclude" for one in chosen.control.calls))
    assert any(one[0] == "undo" for one in chosen.control.calls)
    chosen.wait(lambda: "Include" in words_on(chosen).split("\n"))
    menu_of(chosen, "More actions")["Include"].trigger()
    chosen.wait(lambda: any(one[0] == "include" for one in chosen.control.calls))


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ("rule_create", "on CREATE everything is sent"),
        ("rule_convert", "on CONVERT everything is sent"),
        ("rule_never", "nothing is sent by itself"),
        ("delivered", "possible before the delivery only"),
    ],
)
def test_what_the_rule_forbids_says_why(chosen: RoomBench, refusal: str, words: str) -> None:
    chosen.control.exclude_refusal = refusal
    chosen.window.page("jobs")._read_details(chosen.window.page("jobs").shown_job)
    chosen.wait(lambda: any(words in text for text in menu_of(chosen, "More actions")))
    entry = next(action for text, action in menu_of(chosen, "More actions").items() if words in text)
    assert not entry.isEnabled()


def test_is_it_the_same_job_is_asked_with_both_answers(chosen: RoomBench) -> None:
    number = chosen.window.page("jobs").shown_job
    chosen.control.kept_jobs = [replace(one, unsure=one.id == number) for one in chosen.control.kept_jobs]
    chosen.control.alike = ((job(1), "same_repair"),)
    chosen.window.page("jobs")._read_details(number)
    chosen.wait(lambda: "Is this the same job as 26-0001" in words_on(chosen))
    press(chosen, "Join them")
    chosen.wait(lambda: ("join", 1, number) in chosen.control.calls)
    chosen.control.alike = ((job(1), "other_vehicle"),)
    chosen.window.page("jobs")._read_details(number)
    chosen.wait(lambda: "another vehicle" in words_on(chosen))
    press(chosen, "Keep apart")
    chosen.wait(lambda: ("apart", number) in chosen.control.calls)


def test_a_new_job_is_made_by_hand(chosen: RoomBench) -> None:
    press(chosen, "New job")
    press(chosen, "Create the job")
    chosen.wait(lambda: "Give at least a name." in words_on(chosen))
    field(chosen, "Last name").setText("Roy")
    field(chosen, "RO number").setText("26-950")
    field(chosen, "Year").setText("20x")
    press(chosen, "Create the job")
    assert "The year has four digits." in words_on(chosen)
    field(chosen, "Year").setText("2021")
    press(chosen, "Create the job")
    chosen.wait(lambda: ("new", 1, "26-950", "Roy") in chosen.control.calls)
    chosen.wait(lambda: chosen.window.page("jobs").count_shown == 6 and "Roy" in words_on(chosen))


def test_the_chips_narrow_the_list(chosen: RoomBench) -> None:
    page = chosen.window.page("jobs")
    chosen.control.kept_jobs += [
        job(6, state="delivered", email=None, phones=(), insurer_name="Autre"),
        job(7, sent_digest=None, service_state=None, received_at_utc=NOW - timedelta(days=60)),
    ]
    chosen.hub.tell("jobs_changed")
    chosen.wait(lambda: page.count_shown == 7)
    chosen.control.kept_jobs[0] = job(1, email=None, phones=("+15145550101",))
    chosen.control.kept_jobs[1] = job(2, email=None, service_state="answered", service_stars=5)
    chosen.hub.tell("jobs_changed")
    chosen.wait(lambda: "No e-mail (2)" in words_on(chosen))
    chips = (("Delivered", 1), ("No way to reach (2)", 2), ("No e-mail (2)", 2), ("Not sent", 1), ("Opportunities", 6))
    for chip, expected in chips:
        press(chosen, chip)
        chosen.wait(lambda n=expected: page.count_shown == n)  # type: ignore[misc]
        press(chosen, chip)
    field(chosen, "Insurer", QComboBox).setCurrentText("Autre")
    chosen.wait(lambda: page.count_shown == 1)
    field(chosen, "Received", QComboBox).setCurrentText("Last 30 days")
    press(chosen, "Repair orders")
    chosen.wait(lambda: "Nothing found" in words_on(chosen))
    press(chosen, "Show all jobs")
    chosen.wait(lambda: page.count_shown == 7)


def test_what_was_sent_is_shown_field_by_field_and_word_for_word(chosen: RoomBench) -> None:
    details = chosen.window.page("jobs")._details
    details._tabs.setCurrentIndex(3)
    table = details._sent._fields
    shown = {table.item(row, 0).text(): table.item(row, 1).text() for row in range(table.rowCount())}
    assert shown["E-mail"] == "e@example.com" and shown["Last name"].startswith("Gagné")
    press(chosen, "Word for word")
    assert '"email": "e@example.com"' in details._sent._text.toPlainText()


def test_every_event_the_shop_side_writes_has_words() -> None:
    import re
    from pathlib import Path

    from repaircenter.runtime.text import Texts

    words = Texts("fr")
    kinds: set[str] = set()
    for path in (Path(__file__).parents[2] / "repaircenter" / "shop").rglob("*.py"):
        kinds |= set(re.findall(r'Event\([\w.]+, "(\w+)"', path.read_text("utf-8")))
    kinds |= {"read", "version_read", "converted_by_hand", "delivered_by_hand", "delivery_planned"}
    kinds |= {f"answer_{name}" for name in ("kept", "filtered", "already_have", "superseded", "withdrawn", "erased")}
    assert len(kinds) > 20 and [kind for kind in kinds if not words.has(f"desk.timeline.{kind}")] == []


def test_versions_say_what_changed_between_them() -> None:
    from repaircenter.shop.jobs.version_changes import Change, changes
    from repaircenter.shop.model.job import Version

    def version(content: str) -> Version:
        return Version(
            job_id=1,
            label="E01",
            order=1,
            digest="",
            base="b",
            folder="f",
            imported_at_utc=NOW,
            total_cents=1,
            complete=True,
            content=content,
        )

    one = version(
        '{"ro_number": null, "totals": {"gross": "100.00"}, "lines": [{"number": 1, "description": "Hood", "price": "10",'
        ' "part_number": null, "labor": []}, {"number": 2, "description": "Door", "price": "20", "labor": []}]}'
    )
    two = version(
        '{"ro_number": "26-1", "totals": {"gross": "130.00"}, "lines": [{"number": 1, "description": "Hood", "price": "15",'
        ' "part_number": null, "labor": [{"type": "LAB", "hours": "1.5"}]}, {"number": 3, "description": "Roof", "labor": []}]}'
    )
    assert changes(one, two) == [
        Change("ro_number", "", "26-1"),
        Change("totals.gross", "100.00", "130.00"),
        Change("line_changed", "Hood · 10", "Hood · 15 · 1.5 h"),
        Change("line_added", "", "Roof"),
        Change("line_removed", "Door · 20", ""),
    ]
    assert changes(one, one) == [] and changes(version("{}"), two) == []


def test_the_list_keeps_itself_current_without_reading_everything() -> None:
    found = JobList()
    found.replace([line(job(n)) for n in range(1, 4)], 3)
    found.update([line(job(2, ro_number="changed")), line(job(3, merged_into=1)), line(job(4))], 6)
    shown = found.show(Filters(), NOW.date(), ("ro", False), ORDER).lines  # type: ignore[arg-type]
    assert {one.id: one.ro_number for one in shown} == {
        1: "26-0001",
        2: "changed",
        4: "26-0004",
    } and found.revision == 6
    assert survey_state(line(job(1, service_state="from the future"))) == "unknown"


def test_silence_and_changed_programmes_are_said_with_the_next_step(chosen: RoomBench) -> None:
    control = chosen.control
    control.silences = (Silence("sets", NOW, 15.0, "no_exports", "//SRV/EMS"),)
    chosen.hub.tell("connection_changed")
    chosen.wait(lambda: "About 15 a week are usual here." in words_on(chosen) and "//SRV/EMS" in words_on(chosen))
    press(chosen, "Look into it")
    assert chosen.window.opened == ["directories"]
    control.offer = 3
    chosen.hub.tell("connection_changed")
    chosen.wait(lambda: "3 jobs of the last 60 days" in words_on(chosen))
    press(chosen, "Send them again")
    chosen.wait(lambda: ("send offered",) in control.calls)
    control.store_trouble = KnownError("disk_full")
    chosen.hub.tell("connection_changed")
    chosen.wait(lambda: "disk of this PC is full" in words_on(chosen))


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_control_of_the_jobs_page_has_a_name_and_is_reached_by_tab(
    start: Callable[..., Bench], language: str
) -> None:
    found = start(language)
    found.wait(lambda: found.window.page("jobs").count_shown)
    found.window.page("jobs").select_first()
    found.wait(lambda: found.window.page("jobs").shown_job)
    page = found.window.page("jobs")
    for open_form in (lambda: None, page._details._edit, page._begin_new):
        open_form()
        kinds = (QPushButton, QToolButton, QLineEdit, QComboBox, QTableView, QTableWidget, QCheckBox, QDateEdit)
        parts = {
            w
            for kind in kinds
            for w in page.findChildren(kind)
            if w.isVisible() and w.isEnabled() and not w.objectName().startswith("qt_")
        }
        nameless = [w for w in parts if not w.accessibleName() and not getattr(w, "text", lambda: "")()]
        assert nameless == []
        reached = set(reached_by_tab(found, page._list.search))
        wanted = {w for w in parts if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.focusProxy() is None}
        missed = [
            w.accessibleName() or w for w in wanted - reached if not isinstance(w.parent(), QComboBox | QDateEdit)
        ]
        assert missed == [], missed


def test_a_job_nobody_answered_has_no_survey_to_open(chosen: RoomBench) -> None:
    entries = menu_of(chosen, "More actions")
    assert not entries["Open survey – the customer has not answered"].isEnabled()


def test_the_survey_of_an_answered_job_opens_after_signing_in(
    start: Callable[..., Bench], control: FakeControl
) -> None:
    control.kept_jobs = [job(1), job(2, service_state="answered", service_stars=4)]
    found = start("en")
    found.wait(lambda: found.window.page("jobs").count_shown == 2)
    found.window.page("jobs").select_first()
    found.wait(lambda: found.window.page("jobs").shown_job == 2)
    menu_of(found, "More actions")["Open survey"].trigger()
    found.wait(lambda: "Reports and alerts belong to a person" in words_on(found))
    found.window.page("surveys").sign_in_as("ada@example.com", "right")
    found.wait(lambda: control.person_side.requests)
    asked = control.person_side.requests[-1]
    assert (asked.report, asked.parameters, asked.shops) == ("R-02", {"job": job(2).job_key}, [job(2).shop_id])
    found.window.show_page("jobs")
    menu_of(found, "More actions")["Open survey"].trigger()
    found.wait(lambda: len(control.person_side.requests) == 2)


def test_who_worked_on_it_is_written_with_shares_and_taken_back(chosen: RoomBench) -> None:
    """B-26, B-N7: names a line each; what does not add up is said and stays written."""
    menu_of(chosen, "More actions")["Who worked on it…"].trigger()
    boxes = {box.accessibleName(): box for box in visible(chosen, QPlainTextEdit)}
    boxes["Technicians"].setPlainText("Ana Ruiz 60 %\nBen Roy 30 %")
    boxes["Service writers"].setPlainText("Carla Ng")
    press(chosen, "Keep")
    chosen.wait(lambda: "The shares together are 100 %." in words_on(chosen))
    assert not any(one[0] == "credits" for one in chosen.control.calls)
    boxes["Technicians"].setPlainText("Ana Ruiz 60 %\nBen Roy 40 %")
    press(chosen, "Keep")
    chosen.wait(lambda: any(one[0] == "credits" for one in chosen.control.calls))
    kept = call(chosen, "credits")[2]
    assert kept == Credits(technician=[("Ana Ruiz", 0.6), ("Ben Roy", 0.4)], service_writer=[("Carla Ng", 1.0)])
    chosen.wait(lambda: "Technicians Ana Ruiz 60 %, Ben Roy 40 %" in words_on(chosen))
    assert "Service writer Carla Ng" in words_on(chosen)

