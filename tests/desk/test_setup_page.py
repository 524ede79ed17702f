"""First run in five steps (UI.md): a person new to it comes through without help; nothing leaves before they saw what."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox

from repaircenter.shop.model.folder import FolderTest
from repaircenter.shop.ports import PLAIN
from tests.desk.conftest import Bench, FakeControl
from tests.desk.screen import field, press, visible, words_on


@pytest.fixture
def new(start: Callable[..., Bench], control: FakeControl) -> Bench:
    control.is_configured = False
    found = start("en")
    found.wait(lambda: "What does this PC do?" in words_on(found))
    return found


def service(bench: Bench, password: str) -> None:
    for name, text in (
        ("Service address", "http://service"),
        ("E-mail of a shop admin", "a@b.c"),
        ("Password", password),
    ):
        field(bench, name).setText(text)
    press(bench, "Pair this PC")


def test_the_five_steps(new: Bench) -> None:
    control = new.control
    press(new, "Next")
    assert "Step 2 of 5" in words_on(new)
    folder = field(new, "Folder with the exported estimates", QComboBox)
    assert folder.currentText() == "/usual", "a usual folder is found by itself"
    control.tests["/nowhere"] = FolderTest("missing", False, 0, None, None, None)
    folder.setEditText("/nowhere")
    press(new, "Next")
    new.wait(lambda: "There is no such folder" in words_on(new))
    folder.setEditText("/share")
    press(new, "Next")
    new.wait(lambda: "Which service?" in words_on(new))
    press(new, "Pair this PC")
    assert "Please fill in every field." in words_on(new)
    service(new, "wrong")
    new.wait(lambda: "password is wrong" in words_on(new))
    service(new, "right")
    new.wait(lambda: "When to send, and what" in words_on(new))
    assert ("configure", "http://service", "/share", "a@b.c") in control.calls
    table = new.window.setup._leaves
    assert "contact.email" in [table.item(row, 1).text() for row in range(table.rowCount())]
    press(new, "on DELIVERY")
    press(new, "Next")
    assert "confirm that you have seen" in words_on(new) and ("begin",) not in control.calls
    next(box for box in visible(new, QCheckBox) if "seen what leaves" in box.text()).setChecked(True)
    press(new, "Next")
    new.wait(lambda: ("rule", "delivery", True) in control.calls and "Ready" in words_on(new))
    press(new, "Start")
    new.wait(lambda: new.window.page("jobs").count_shown == 5)
    assert ("begin",) in control.calls


def test_a_pc_that_only_shows_is_asked_for_no_folder(new: Bench) -> None:
    press(new, "It only shows")
    press(new, "Next")
    service(new, "right")
    new.wait(lambda: "This PC shows reports" in words_on(new))
    assert ("configure", "http://service", None, "a@b.c") in new.control.calls


def test_an_unknown_certificate_is_shown_and_trusted_only_after_consent(new: Bench) -> None:
    new.control.fingerprint = "ab" * 32
    press(new, "It only shows")
    press(new, "Next")
    service(new, "right")
    new.wait(lambda: "ABAB ABAB" in words_on(new))
    trust = next(b for b in new.window.setup._certificate.findChildren(type(new.window.setup._next)))
    assert not trust.isEnabled()
    next(box for box in visible(new, QCheckBox) if "compared" in box.text()).setChecked(True)
    press(new, "Trust this certificate")
    new.wait(lambda: ("trust", "http://service", "ab" * 32) in new.control.calls)
    new.wait(lambda: "This PC shows reports" in words_on(new))


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
    new.wait(lambda: "This PC shows reports" in words_on(new))


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
    new.wait(lambda: "This PC shows reports" in words_on(new))


def test_back_goes_back_and_the_language_changes_at_once(new: Bench) -> None:
    press(new, "Next")
    press(new, "Back")
    assert "What does this PC do?" in words_on(new)
    new.window.setup._language.setCurrentIndex(1)
    new.window.setup._language.activated.emit(1)
    assert "Que fait ce poste" in words_on(new)
