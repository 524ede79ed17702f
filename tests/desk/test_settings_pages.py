"""The pages of the Configuration beside File directories (UI.md): rules, connection, appearance, start, privacy."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QMessageBox, QPushButton, QRadioButton, QSpinBox, QTableWidget

from repaircenter.desk.kit.tray import tray_words
from repaircenter.desk.settings.connection_words import connection_sentence
from repaircenter.shop.model.folder import FolderHealth
from repaircenter.shop.model.outbox import Counts
from repaircenter.shop.model.state import CollectorState, ConnectionState
from repaircenter.shop.ports import PLAIN
from tests.desk.conftest import NOW, Bench, FakeControl
from tests.desk.screen import field, press, reached_by_tab, visible, words_on

PAGES = ("customer", "connection", "appearance", "start", "privacy")


@pytest.fixture
def at(start: Callable[..., Bench], control: FakeControl) -> Iterator[Callable[[str], Bench]]:
    def open_page(name: str, language: str = "en") -> Bench:
        found = start(language)
        found.wait(lambda: found.window.page("jobs").count_shown)
        found.window.open_page(name)
        found.wait(lambda: found.window.page("configuration").parts[name].isVisible())
        found.program.app.processEvents()
        return found

    yield open_page


def test_another_rule_says_what_it_does_before_it_does_it(at: Callable[[str], Bench]) -> None:
    found = at("customer")
    found.wait(lambda: next(b for b in visible(found, QRadioButton) if b.text() == "on CREATE").isChecked())
    press(found, "on CONVERT")
    found.wait(lambda: "Of the jobs already here, 7 would be sent by this rule." in words_on(found))
    assert "1 excluded job stays excluded." in words_on(found)
    assert not any(one[0] == "rule" for one in found.control.calls)
    press(found, "Apply")
    found.wait(lambda: ("rule", "convert", False) in found.control.calls)


def test_the_jobs_already_here_are_sent_only_when_one_says_so(at: Callable[[str], Bench]) -> None:
    found = at("customer")
    press(found, "on DELIVERY")
    found.wait(lambda: "Send these 7 jobs now as well" in words_on(found))
    press(found, "Send these 7 jobs now as well (otherwise only what happens from now on)")
    press(found, "Jobs may be excluded under every rule")
    press(found, "OK")
    found.wait(lambda: ("rule", "delivery", True) in found.control.calls and found.window.page("jobs").isVisible())
    assert ("setting", "exclude_always", "yes") in found.control.calls


def test_the_tick_to_send_present_jobs_does_not_outlive_its_rule(at: Callable[[str], Bench]) -> None:
    found = at("customer")
    press(found, "on CONVERT")
    found.wait(lambda: "Send these 7 jobs now as well" in words_on(found))
    press(found, "Send these 7 jobs now as well (otherwise only what happens from now on)")
    press(found, "on DELIVERY")
    found.wait(lambda: "Send these 7 jobs now as well" in words_on(found))
    press(found, "OK")
    found.wait(lambda: ("rule", "delivery", False) in found.control.calls)


def test_the_fingerprint_of_one_address_is_never_trusted_for_another(at: Callable[[str], Bench]) -> None:
    found = at("connection")
    found.control.fingerprint = "bb" * 32
    found.wait(lambda: field(found, "Service address").text())
    field(found, "Service address").setText("https://new")
    press(found, "Test")
    found.wait(lambda: "BBBB" in words_on(found))
    found.control.connection = ConnectionState("disconnected", None, NOW, "unknown_certificate", NOW, "aa" * 32)
    found.hub.tell("connection_changed")
    found.wait(lambda: "Disconnected" in found.window.status_text("connection"))
    press(found, "I compared the fingerprint; it is the same")
    press(found, "Trust this certificate")
    found.wait(lambda: ("trust", "https://new", "bb" * 32) in found.control.calls)


def test_cancel_changes_nothing(at: Callable[[str], Bench]) -> None:
    found = at("customer")
    press(found, "NEVER")
    press(found, "Cancel")
    found.window.open_page("customer")
    found.wait(lambda: next(b for b in visible(found, QRadioButton) if b.text() == "on CREATE").isChecked())


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("unreachable", "Estimates are imported and wait here"),
        ("revoked", "was revoked"),
        ("licence_expired", "license has expired"),
        ("unknown_certificate", "Compare the fingerprint"),
        ("not_encrypted", "not encrypted"),
        ("too_old", "newer RepairCenter"),
        ("not_allowed", "may not collect"),
        (None, "does not accept this PC"),
    ],
)
def test_every_reason_of_a_lost_connection_has_its_sentence(
    at: Callable[[str], Bench], reason: str | None, words: str
) -> None:
    found = at("connection")
    found.control.connection = ConnectionState("disconnected", None, NOW, reason, NOW)
    found.hub.tell("connection_changed")
    found.wait(lambda: words in words_on(found) and "The next try is at" in words_on(found))
    assert "Disconnected" in found.window.status_text("connection")
    press(found, "Reconnect")
    found.wait(lambda: ("reconnect",) in found.control.calls)


def test_a_changed_certificate_is_shown_where_it_can_be_trusted(at: Callable[[str], Bench]) -> None:
    found = at("connection")
    found.control.connection = ConnectionState("disconnected", None, NOW, "unknown_certificate", NOW, "cd" * 32)
    found.hub.tell("connection_changed")
    found.wait(lambda: "CDCD CDCD" in words_on(found))
    press(found, "I compared the fingerprint; it is the same")
    press(found, "Trust this certificate")
    found.wait(lambda: ("trust", "http://service", "cd" * 32) in found.control.calls)


def test_a_way_that_is_not_encrypted_is_agreed_to_where_it_is_shown(at: Callable[[str], Bench]) -> None:
    found = at("connection")
    found.control.connection = ConnectionState("disconnected", None, NOW, "unknown_certificate", NOW, "cd" * 32)
    found.hub.tell("connection_changed")
    found.wait(lambda: "CDCD CDCD" in words_on(found))
    found.control.connection = ConnectionState("disconnected", None, NOW, "not_encrypted", NOW, PLAIN)
    found.hub.tell("connection_changed")
    found.wait(lambda: "Send without encryption" in words_on(found))
    press(found, "I know that others on this network could read along")
    press(found, "Send without encryption")
    found.wait(lambda: ("trust", "http://service", PLAIN) in found.control.calls)


def test_the_service_is_tested_and_this_pc_paired_again(at: Callable[[str], Bench]) -> None:
    found = at("connection")
    found.wait(lambda: field(found, "Service address").text() == "http://service")
    press(found, "Test")
    found.wait(lambda: "The service answers." in words_on(found))
    field(found, "E-mail of a shop admin").setText("a@b.c")
    field(found, "Password").setText("wrong")
    press(found, "Pair this PC again")
    found.wait(lambda: "password is wrong" in words_on(found))
    field(found, "Password").setText("right")
    press(found, "Pair this PC again")
    found.wait(lambda: "it connects by itself" in words_on(found))


def test_every_state_has_one_sentence_in_every_language(start: Callable[..., Bench]) -> None:
    for language in ("en", "fr", "es"):
        context = start(language).program.context
        for name in ("offline", "signing_in", "connected", "ending_soon", "disconnected", "unpaired"):
            assert len(connection_sentence(context, ConnectionState(name, NOW, NOW))) > 20


def test_language_and_appearance_change_with_ok(at: Callable[[str], Bench]) -> None:
    found = at("appearance")
    field(found, "Language", QComboBox).setCurrentText("Español")
    field(found, "Appearance", QComboBox).setCurrentText("Dark")
    press(found, "OK")
    found.wait(lambda: "Trabajos" in words_on(found))
    assert found.program.context.theme.is_dark
    found.window.set_appearance("light")


def test_starting_with_the_session_and_what_closing_means(at: Callable[[str], Bench]) -> None:
    found = at("start")
    press(found, "Start with my session, without a window")
    press(found, "ends RepairCenter; nothing is collected then")
    press(found, "Apply")
    found.wait(lambda: ("autostart", True) in found.control.calls)
    assert found.program.context.settings.value("closing") == "quit"


def test_closing_asks_until_one_ticks_that_it_is_done_every_time(
    at: Callable[[str], Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is ticked beforehand (issue 15.16): who presses *End* in haste does not end it for ever."""
    found = at("start")
    asked: list[bool] = []
    ticks = [False, True]

    def answer(box: QMessageBox) -> int:
        keep = box.checkBox()
        assert keep is not None and box.text() == "Should RepairCenter go on collecting?"
        asked.append(keep.isChecked())
        keep.setChecked(ticks.pop(0))
        box.buttons()[0].click() if box.buttonRole(box.buttons()[0]) == QMessageBox.ButtonRole.AcceptRole else next(
            b for b in box.buttons() if box.buttonRole(b) == QMessageBox.ButtonRole.AcceptRole
        ).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    for _ in range(3):
        found.window.showNormal()
        found.window.close()
        assert found.window.isMinimized()
    assert asked == [False, False], "asked again until it was ticked"


def test_the_tray_says_the_state_and_how_many_came_today(at: Callable[[str], Bench]) -> None:
    context = at("start").program.context
    away = FolderHealth("//SRV/EMS", NOW, NOW, 1, 0, 0.1, "unreachable")
    state = CollectorState(ConnectionState("connected", NOW), (away,), NOW)
    text = tray_words(context, state, Counts(imported_today=12))
    assert "Connected until" in text and "//SRV/EMS is away" in text and "12 jobs received today" in text


def test_privacy_says_how_data_is_kept_and_keeps_the_months(at: Callable[[str], Bench]) -> None:
    found = at("privacy")
    found.wait(lambda: "encrypted (SQLCipher)" in words_on(found))
    assert "keyring of this PC" in words_on(found) and "no keyring" not in words_on(found)
    field(found, "Keep personal data for", QSpinBox).setValue(18)
    press(found, "Apply")
    found.wait(lambda: ("setting", "keep_months", "18") in found.control.calls)


def test_a_key_in_a_file_is_a_standing_warning(at: Callable[[str], Bench], control: FakeControl) -> None:
    control.key_place = "file"
    found = at("privacy")
    found.wait(lambda: "This PC has no keyring" in words_on(found))


def test_one_customer_is_exported_and_erased_after_being_asked_twice(
    at: Callable[[str], Bench], tmp_path: Path
) -> None:
    found = at("privacy")
    page = found.window.page("configuration").parts["privacy"]
    page._search.setText("gagné 3")
    found.wait(lambda: page._found.count() == 1)
    page._found.item(0).setCheckState(Qt.CheckState.Checked)
    page.export_to(tmp_path / "out.json")
    found.wait(lambda: (tmp_path / "out.json").exists() and "Saved:" in words_on(found))
    press(found, "Erase…")
    assert not next(b for b in visible(found, QPushButton) if b.text().replace("&", "") == "Erase…").isEnabled()
    assert ("erase", 3) not in found.control.calls
    press(found, "Yes, erase 1 job for good")
    found.wait(lambda: ("erase", 3) in found.control.calls and "1 job was erased here" in words_on(found))
    page.export_to(Path("/nowhere/at/all.json"))
    found.wait(lambda: "could not be written" in words_on(found))


@pytest.mark.parametrize("language", ["en", "fr", "es"])
@pytest.mark.parametrize("name", PAGES)
def test_every_control_has_a_name_and_is_reached_by_tab(
    at: Callable[[str, str], Bench], name: str, language: str
) -> None:
    found = at(name, language)
    page = found.window.page("configuration").parts[name]
    kinds = (QPushButton, QLineEdit, QComboBox, QSpinBox, QRadioButton, QTableWidget)
    parts = {
        w
        for kind in kinds
        for w in page.findChildren(kind)
        if w.isVisibleTo(page) and w.isEnabled() and not w.objectName().startswith("qt_")
    }
    assert parts and [w for w in parts if not w.accessibleName() and not getattr(w, "text", lambda: "")()] == []
    reached = set(reached_by_tab(found, found.window.page("configuration")._tree))
    groups = {w.group() for w in parts if isinstance(w, QRadioButton)}
    wanted = {w for w in parts if w.focusPolicy() & Qt.FocusPolicy.TabFocus and not isinstance(w, QRadioButton)}
    assert [w.accessibleName() for w in wanted - reached] == []
    assert all(any(b in reached for b in group.buttons()) for group in groups if group is not None)
