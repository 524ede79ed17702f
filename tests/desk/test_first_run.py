"""First run (UI.md, issue 15.10): a person new to it comes through without help, with Back and Enter in every step."""

from collections.abc import Callable
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton

from repaircenter.desk.settings.first_run.step import Person
from repaircenter.runtime.errors import KnownError
from repaircenter.shop.model.folder import FolderHealth, FolderSetting, FolderTest
from repaircenter.shop.model.preset import Preset
from repaircenter.shop.ports import PLAIN, KeptPerson
from tests.desk.conftest import NOW, Bench, FakeControl
from tests.desk.screen import field, press, visible, words_on

CODE = "ABCDEFG-HIJKLMN"


@pytest.fixture
def new(start: Callable[..., Bench], control: FakeControl) -> Bench:
    control.is_configured = False
    control.new_recovery_code = CODE
    found = start("en")
    found.wait(lambda: "Welcome to RepairCenter" in words_on(found))
    found.wait(lambda: field(found, "Language", QComboBox).hasFocus())
    return found


def enter(bench: Bench) -> None:
    focus = bench.program.app.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Return)


def fill(bench: Bench, password: str) -> None:
    for name, text in (
        ("Service address", "http://service"),
        ("E-mail of a shop admin", "a@b.c"),
        ("Password", password),
    ):
        field(bench, name).setText(text)


def service(bench: Bench, password: str) -> None:
    fill(bench, password)
    press(bench, "Pair this PC")


def to_sending(bench: Bench) -> None:
    press(bench, "Next")
    press(bench, "Next")
    bench.wait(lambda: "Which service?" in words_on(bench))
    service(bench, "right")
    bench.wait(lambda: "When to send, and what" in words_on(bench))


def test_the_whole_way(new: Bench) -> None:
    control = new.control
    assert "Step 1 of 6" in words_on(new)
    press(new, "Next")
    folder = field(new, "Folder with the exported estimates", QComboBox)
    assert folder.currentText() == "/usual", "a usual folder is found by itself"
    control.tests["/nowhere"] = FolderTest("missing", False, 0, None, None, None)
    folder.setEditText("/nowhere")
    press(new, "Next")
    new.wait(lambda: "There is no such folder" in words_on(new))
    folder.setEditText("/share")
    press(new, "Next")
    new.wait(lambda: "Which service?" in words_on(new))
    service(new, "wrong")
    new.wait(lambda: "password is wrong" in words_on(new))
    service(new, "right")
    new.wait(lambda: "When to send, and what" in words_on(new))
    assert ("configure", "http://service", "/share", "a@b.c") in control.calls
    press(new, "on DELIVERY")
    press(new, "Next")
    assert "confirm that you have seen" in words_on(new) and ("begin",) not in control.calls
    next(box for box in visible(new, QCheckBox) if "seen what leaves" in box.text()).setChecked(True)
    assert "confirm that you have seen" not in words_on(new), "what is done is not asked for any more"
    press(new, "Next")
    new.wait(lambda: ("rule", "delivery", True) in control.calls and "Reading your estimates" in words_on(new))
    new.wait(lambda: ("begin",) in control.calls)
    press(new, "Next")
    assert CODE in words_on(new) and "Step 6 of 6" in words_on(new)
    press(new, "Copy")
    assert QGuiApplication.clipboard().text() == CODE
    press(new, "To the jobs")
    new.wait(lambda: new.window.page("jobs").count_shown == 5)
    assert ("code kept",) in control.calls
    new.wait(lambda: new.window.account.session is not None)
    assert "Ada" in words_on(new), "whoever paired is signed in"


def test_everything_by_enter_alone(new: Bench) -> None:
    enter(new)
    new.wait(lambda: "Where are the estimates?" in words_on(new))
    assert field(new, "Folder with the exported estimates", QComboBox).hasFocus()
    enter(new)
    new.wait(lambda: "Which service?" in words_on(new))
    assert field(new, "Service address", QLineEdit).hasFocus()
    enter(new)
    assert "Please fill in every field." in words_on(new)
    QTest.keyClicks(field(new, "Service address"), "http://service")
    assert "Please fill in every field." not in words_on(new), "what is filled in is not asked for any more"
    fill(new, "right")
    field(new, "Password").setFocus()
    enter(new)
    new.wait(lambda: "When to send, and what" in words_on(new))
    next(box for box in visible(new, QCheckBox) if "seen what leaves" in box.text()).setChecked(True)
    enter(new)
    new.wait(lambda: "Reading your estimates" in words_on(new) and new.window.setup._next.isEnabled())
    enter(new)
    assert CODE in words_on(new)
    enter(new)
    new.wait(lambda: new.window.page("jobs").count_shown == 5)


def test_what_is_sent_is_shown_by_a_real_example(new: Bench) -> None:
    to_sending(new)
    new.wait(lambda: "The newest estimate of your folder would leave" in words_on(new))
    table = new.window.setup.sending._sent._fields
    shown = {table.item(row, 0).text(): table.item(row, 1).text() for row in range(table.rowCount())}
    assert shown["E-mail"] == "e@example.com" and shown["Last name"] == "Gagné 1"


def test_without_an_estimate_the_fields_are_named(new: Bench, control: FakeControl) -> None:
    control.example = None
    to_sending(new)
    assert "There is no estimate to show yet." in words_on(new)
    table = new.window.setup.sending._sent._fields
    assert "contact.email" in [table.item(row, 1).text() for row in range(table.rowCount())]


def test_who_signs_in_before_it_is_known_who_was_here_gets_in(
    start: Callable[..., Bench], control: FakeControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of first run signs in while the keyring is still asked who was here last: the slower answer counts no more."""
    control.is_configured = False
    new, person, asked = start("en"), control.person_side, Event()
    original = person.kept

    def kept() -> KeptPerson | None:
        if not person.known:
            asked.wait(5)
        return original()

    monkeypatch.setattr(person, "kept", kept)
    new.window._ready(control, True)
    new.window._sign_in(Person("ada@example.com", "right", False))
    new.wait(lambda: new.window.account.session is not None)
    new.wait(lambda: new.window.page("jobs").isVisible())
    asked.set()


def test_every_step_leads_back(new: Bench, control: FakeControl) -> None:
    to_sending(new)
    press(new, "Back")
    assert "This PC is paired." in words_on(new)
    press(new, "Back")
    field(new, "Folder with the exported estimates", QComboBox).setEditText("/other")
    press(new, "Next")
    new.wait(lambda: "Which service?" in words_on(new))
    assert ("save_folders", FolderSetting("/other")) in control.calls
    press(new, "Pair this PC")
    new.wait(lambda: "When to send, and what" in words_on(new))
    assert [call[0] for call in control.calls].count("configure") == 1, "nobody pairs twice"
    assert [b.text() for b in visible(new, QPushButton)].count("Back") + [
        b.text() for b in visible(new, QPushButton)
    ].count("&Back") == 1


def test_the_first_reading_is_counted_while_it_goes_on(new: Bench, control: FakeControl) -> None:
    control.healths = (FolderHealth("/share", None, None, 0, 0, 0.0),)
    to_sending(new)
    next(box for box in visible(new, QCheckBox) if "seen what leaves" in box.text()).setChecked(True)
    press(new, "Next")
    new.wait(lambda: "The folder is being listed" in words_on(new))
    control.healths = (FolderHealth("/share", NOW, None, 40, 28, 0.1, looks=1),)
    new.wait(lambda: "12 of 40 estimates read so far." in words_on(new))
    control.healths = (FolderHealth("/share", NOW, None, 40, 2, 0.1, sets_incomplete=2, looks=3),)
    new.wait(lambda: "All 40 estimates are read." in words_on(new))


@pytest.mark.parametrize(("decided", "pressed"), [("", True), ("yes", False)])
def test_the_desk_starts_with_the_session_from_then_on(
    start: Callable[..., Bench], control: FakeControl, decided: str, pressed: bool
) -> None:
    """Only what runs collects: first run asks, and the office may have decided (issue 16)."""
    control.is_configured, control.preset = False, Preset(autostart=decided)
    new = start("en")
    new.wait(lambda: new.window.setup.folder.folder.count())
    to_sending(new)
    next(box for box in visible(new, QCheckBox) if "seen what leaves" in box.text()).setChecked(True)
    press(new, "Next")
    new.wait(lambda: any("with my session" in box.text() for box in visible(new, QCheckBox)))
    box = next(box for box in visible(new, QCheckBox) if "with my session" in box.text())
    assert box.isChecked() == (decided == "yes")
    if pressed:
        box.click()
    press(new, "To the jobs")
    new.wait(lambda: control.starts)
    assert [call for call in control.calls if call[0] == "autostart"] == [("autostart", True)]


def test_a_pc_that_starts_nothing_is_not_asked(new: Bench, control: FakeControl) -> None:
    control.starts = None
    to_sending(new)
    next(box for box in visible(new, QCheckBox) if "seen what leaves" in box.text()).setChecked(True)
    press(new, "Next")
    new.wait(lambda: new.window.setup.step == "reading")
    new.program.app.processEvents()
    assert not visible(new, QCheckBox)


def test_a_share_is_named_as_on_the_network_and_kept_where_it_is_on_this_pc(new: Bench, control: FakeControl) -> None:
    press(new, "Next")
    folder = field(new, "Folder with the exported estimates", QComboBox)
    control.tests[r"\\srv\ems"] = FolderTest("not_connected", True, 0, None, None, None, path=r"\\srv\ems")
    folder.setEditText(r"\\srv\ems")
    press(new, "Next")
    new.wait(lambda: "This PC is not connected to that share." in words_on(new))
    assert new.window.setup.step == "folder"
    control.tests[r"\\srv\ems"] = FolderTest(None, True, 3, NOW, NOW, "cp850", path="/mnt/ems")
    press(new, "Next")
    new.wait(lambda: "Which service?" in words_on(new))
    service(new, "right")
    new.wait(lambda: "When to send, and what" in words_on(new))
    assert ("configure", "http://service", "/mnt/ems", "a@b.c") in control.calls


def test_what_is_in_the_offered_folder_is_said_without_being_asked(new: Bench, control: FakeControl) -> None:
    control.tests["/usual"] = FolderTest(None, True, 12, NOW.replace(year=2025), NOW, "cp850", path="/usual")
    press(new, "Next")
    new.wait(lambda: "it holds 12 sets." in words_on(new))
    said = words_on(new)
    assert f"The oldest is of 2025-{NOW:%m-%d}, the newest of {NOW:%Y-%m-%d}." in said
    assert "The accents look like cp850." in said


def test_a_folder_above_the_right_one_says_which_it_is(new: Bench, control: FakeControl) -> None:
    below = (("/share/ccc", 12), ("/share/mitchell", 3))
    control.tests["/share"] = FolderTest(None, False, 0, None, None, None, below)
    press(new, "Next")
    folder = field(new, "Folder with the exported estimates", QComboBox)
    folder.setEditText("/share")
    press(new, "Test")
    new.wait(lambda: "/share/ccc (12), /share/mitchell (3)" in words_on(new))
    assert folder.findText("/share/ccc") >= 0


def test_sample_data_can_be_tried_before_anything_is_answered(new: Bench) -> None:
    press(new, "Try with sample data")
    new.wait(lambda: ("sample", "en") in new.control.calls)
    new.wait(lambda: "The sample shop is being opened" in words_on(new))
    assert "Welcome to RepairCenter" in words_on(new)


def test_a_pc_that_only_shows_is_asked_for_no_folder(new: Bench) -> None:
    press(new, "It only shows")
    press(new, "Next")
    service(new, "right")
    new.wait(lambda: CODE in words_on(new))
    assert ("configure", "http://service", None, "a@b.c") in new.control.calls


def test_an_unknown_certificate_is_shown_and_trusted_only_after_consent(new: Bench) -> None:
    new.control.fingerprint = "ab" * 32
    press(new, "It only shows")
    press(new, "Next")
    service(new, "right")
    new.wait(lambda: "ABAB ABAB" in words_on(new))
    trust = next(b for b in new.window.setup.service.certificate.findChildren(type(new.window.setup._next)))
    assert not trust.isEnabled()
    next(box for box in visible(new, QCheckBox) if "compared" in box.text()).setChecked(True)
    press(new, "Trust this certificate")
    new.wait(lambda: ("trust", "http://service", "ab" * 32) in new.control.calls)
    new.wait(lambda: CODE in words_on(new))


def test_an_address_without_encryption_is_said_so_and_used_only_after_consent(new: Bench) -> None:
    """No fingerprint is shown where there is none (issue 13.23)."""
    new.control.fingerprint = PLAIN
    press(new, "It only shows")
    press(new, "Next")
    service(new, "right")
    new.wait(lambda: "could read the password" in words_on(new))
    assert "SHA-256" not in words_on(new) and "PLAI" not in words_on(new)
    assert not any(call[0] == "configure" for call in new.control.calls)
    next(box for box in visible(new, QCheckBox) if "read along" in box.text()).setChecked(True)
    press(new, "Send without encryption")
    new.wait(lambda: ("trust", "http://service", PLAIN) in new.control.calls)
    new.wait(lambda: CODE in words_on(new))


def test_a_set_up_that_was_broken_off_after_the_pairing_goes_on_before_anything_leaves(
    start: Callable[..., Bench], control: FakeControl
) -> None:
    control.is_configured = False
    control.kept_settings["set_up"] = "paired"
    found = start("en")
    found.wait(lambda: "When to send, and what" in words_on(found))
    assert ("begin",) not in control.calls


def test_nothing_can_be_changed_while_the_pairing_is_under_way(new: Bench) -> None:
    import time

    real = new.control.setup.configure
    new.control.setup.configure = lambda *given: (time.sleep(0.3), real(*given))[1]  # type: ignore[func-returns-value, method-assign]
    press(new, "It only shows")
    press(new, "Next")
    service(new, "right")
    assert not new.window.setup._back.isEnabled() and not new.window.setup._pages.isEnabled()
    new.wait(lambda: CODE in words_on(new))


def test_back_goes_back_and_the_language_changes_at_once(new: Bench) -> None:
    press(new, "Next")
    press(new, "Back")
    assert "what does this PC do?" in words_on(new)
    new.window.setup.welcome.language.setCurrentIndex(1)
    new.window.setup.welcome.language.activated.emit(1)
    assert "que fait ce poste" in words_on(new)


def test_first_run_begins_with_what_the_office_decided(start: Callable[..., Bench], control: FakeControl) -> None:
    control.is_configured = False
    control.preset = Preset("https://s.example", "/share/ems", "es", "delivery", "yes")
    found = start("en")
    setup = found.window.setup
    found.wait(lambda: setup.folder.folder.currentText() == "/share/ems")
    assert found.program.context.words.language == "es" and setup.welcome.language.currentData() == "es"
    assert setup.service.form.values()["service"] == "https://s.example"
    assert setup.sending._rules.rule == "delivery"
    assert "/usual" in [setup.folder.folder.itemText(at) for at in range(setup.folder.folder.count())]


def test_a_preset_that_cannot_be_used_is_said_and_stops_nothing(
    start: Callable[..., Bench], control: FakeControl
) -> None:
    control.is_configured = False
    control.preset = KnownError("preset_unreadable", path="p.json", reason="x")
    found = start("en")
    found.wait(lambda: "p.json: this preset cannot be read" in words_on(found))
    press(found, "Next")
    found.wait(lambda: found.window.setup.step == "folder")


def test_a_shop_that_is_set_up_pays_for_no_first_run(bench: Bench) -> None:
    opening = bench.window._opening
    assert (opening._setup.made, opening._show_code.made, opening._ask_code.made) == (None, None, None)
    jobs = bench.window.page("jobs")
    assert (jobs._new_job.made, jobs._many.made, jobs._details._editor.made) == (None, None, None)
