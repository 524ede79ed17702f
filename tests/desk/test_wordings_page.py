"""Configuration > Messages to customers: own words, shown, tried, taken back (A-25)."""

from typing import Any

import msgspec
import pytest
from PySide6.QtTest import QTest

from repaircenter.desk.settings.wordings.wordings_page import WordingsPage
from repaircenter.wire.surveys.wordings import WordingDraft
from repaircenter.wire.vocabulary import RUN_REPORTS
from tests.desk.conftest import Bench
from tests.desk.screen import button_in as button
from tests.desk.screen import press_in as press
from tests.desk.screen import words_in as words
from tests.fakes.wordings import FakeWordings


@pytest.fixture
def page(bench: Bench) -> WordingsPage:
    bench.sign_in()
    return opened(bench)


def opened(bench: Bench) -> WordingsPage:
    bench.window.open_page("wordings")
    page: WordingsPage = bench.window.page("configuration").parts["wordings"]
    bench.wait(lambda: len(page.list.model.rows) == 3)
    return page


def service(bench: Bench) -> FakeWordings:
    kept: FakeWordings = bench.control.person.wordings
    return kept


def choose(bench: Bench, page: WordingsPage, number: int) -> None:
    page.list.table.choose_row([row.id for row in page.list.model.rows].index(number))
    bench.wait(lambda: page._panel.record is not None and page._panel.record.id == number)


def write(page: WordingsPage, subject: str | None = None, body: str | None = None) -> None:
    boxes: dict[str, Any] = page._panel.form._boxes
    if subject is not None:
        boxes["subject"].selectAll()
        QTest.keyClicks(boxes["subject"], subject)
    if body is not None:
        boxes["body"].setPlainText(body)


def test_the_words_are_shown_with_what_must_stand_in_them(bench: Bench, page: WordingsPage) -> None:
    choose(bench, page, 1)
    shown = words(page._panel)
    assert "Ce sont les mots d’origine." in shown and "{{ link }}, {{ shop }}" in shown and "{% if name %}" in shown
    assert page._panel.draft == WordingDraft(subject="Votre réparation", body="Bonjour\n{{ link }}")
    assert (
        not page.is_changed
        and not page._panel._restore.isVisible()
        and not button(page._panel, "Enregistrer les mots").isEnabled()
    )
    choose(bench, page, 2)
    assert "par Ada" in words(page._panel) and page._panel._restore.isVisible()


def test_own_words_are_kept(bench: Bench, page: WordingsPage) -> None:
    choose(bench, page, 1)
    write(page, "Merci", "Salut {{ link }}")
    assert page.is_changed
    page.list.table.choose_row(1)
    assert page._panel.record is not None and page._panel.record.id == 1, "what is written is not lost"
    assert "pas encore enregistré" in words(page._panel)
    press(page, "Enregistrer les mots")
    bench.wait(lambda: service(bench).asked and not page.is_changed)
    (asked,) = service(bench).asked
    assert (asked.version, asked.subject, asked.body) == (0, "Merci", "Salut {{ link }}") and len(asked.key) == 32
    assert page._panel._restore.isVisible()
    write(page, "Autre")
    press(page, "Abandonner les modifications")
    assert (page._panel.is_changed, page._panel.draft.subject) == (False, "Merci")


def test_what_is_wrong_with_words_is_said_and_they_stay(bench: Bench, page: WordingsPage) -> None:
    choose(bench, page, 1)
    service(bench).refusal = "wording_missing"
    write(page, body="Salut")
    press(page, "Enregistrer les mots")
    bench.wait(lambda: "obligatoire manque" in words(page._panel))
    assert page.is_changed and page._panel.draft.body == "Salut"


def test_what_was_not_touched_is_not_changed(bench: Bench, page: WordingsPage) -> None:
    """French has a no-break space before a colon, which a box for several lines keeps."""
    before = "Pour ne plus être sondé\xa0:\n{{ link }}\n"
    service(bench).wordings[0] = msgspec.structs.replace(service(bench).wordings[0], body=before)
    page.list.load()
    choose(bench, page, 2)
    bench.wait(lambda: page.list.model.rows[0].body == before)
    choose(bench, page, 1)
    assert page._panel.draft.body == before.strip()
    assert not page.is_changed and button(page._panel, "Abandonner les modifications") is None


def test_a_text_has_no_subject(bench: Bench, page: WordingsPage) -> None:
    choose(bench, page, 3)
    assert not page._panel.form._boxes["subject"].isVisible() and not page.is_changed
    write(page, body="{{ shop }} {{ link }}")
    press(page, "Enregistrer les mots")
    bench.wait(lambda: service(bench).asked and not page.is_changed)
    assert service(bench).asked[0].body == "{{ shop }} {{ link }}"


def test_it_is_shown_as_a_customer_would_read_it_and_mailed_as_a_test(bench: Bench, page: WordingsPage) -> None:
    """What is not kept yet is what is shown."""
    choose(bench, page, 1)
    write(page, body="Lien {{ link }}")
    assert not page._panel._shown.isVisible()
    page._panel._show.click()
    bench.wait(lambda: page._panel._shown.isVisible())
    assert page._panel._shown.text() == "Votre réparation\n\nLien https://x/s/…" and page.is_changed
    page._panel._test.click()
    bench.wait(lambda: len(service(bench).asked) == 2)
    assert [asked.to_me for asked in service(bench).asked] == [False, True]
    press(page, "Abandonner les modifications")
    choose(bench, page, 2)
    assert not page._panel._shown.isVisible(), "it was of another message"


def test_the_standard_words_come_back(bench: Bench, page: WordingsPage) -> None:
    choose(bench, page, 2)
    page._panel._restore.click()
    bench.wait(lambda: page._panel.draft.body == "Mots d’origine {{ link }}")
    (asked,) = service(bench).asked
    assert (asked.version, asked.subject, asked.body) == (2, None, None)
    assert not page._panel._restore.isVisible() and not page.is_changed


def test_who_does_not_manage_every_shop_looks_and_changes_nothing(bench: Bench) -> None:
    bench.sign_in()
    service(bench).may_change = False
    page = opened(bench)
    choose(bench, page, 2)
    assert "tous les ateliers" in words(page._panel) or "toutes" in words(page._panel)
    assert not page._panel.form.isEnabled() and not page._panel._restore.isVisible() and page._panel._show.isEnabled()


def test_who_may_not_change_the_organisation_is_told(bench: Bench) -> None:
    bench.control.person.permissions = [RUN_REPORTS]
    bench.sign_in()
    bench.window.open_page("wordings")
    page: WordingsPage = bench.window.page("configuration").parts["wordings"]
    bench.wait(lambda: "administrat" in words(page))
    assert not service(bench).asked
