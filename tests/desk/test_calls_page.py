"""The page of calls: the list, the script page by page, and how a call ends (A-20, 6.9; UI.md)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QPushButton

from repaircenter.desk.calls.calls_page import CallsPage
from repaircenter.wire.interviews import CallEnd, SpokenPage
from repaircenter.wire.vocabulary import INTERVIEW
from tests.desk.conftest import Bench
from tests.desk.screen import press_in as press
from tests.desk.screen import words_in as words
from tests.fakes.interviews import FakeInterviews, interview


def service(bench: Bench) -> FakeInterviews:
    kept: FakeInterviews = bench.control.person.interviews
    return kept


@pytest.fixture
def page(bench: Bench) -> CallsPage:
    """Two customers to call now, one later, one at whom a colleague is."""
    service(bench).interviews = [
        interview(1),
        interview(2, is_appointment=True, attempts=2, outcome="no_answer"),
        interview(3, due_at=datetime(2026, 11, 9, 14, tzinfo=UTC)),
        interview(4, state="calling", agent="Stan Dard", shop_id=2, shop="Sud"),
    ]
    bench.control.person.permissions = [INTERVIEW]
    bench.sign_in()
    bench.window.open_page("calls")
    found: CallsPage = bench.window.page("calls")
    bench.wait(lambda: len(found._page.model.rows) == 3)
    return found


def texts(page: CallsPage, column: int) -> list[str]:
    model = page._page.model
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def choose(bench: Bench, page: CallsPage, number: int) -> None:
    page._page.table.choose_row([row.id for row in page._page.model.rows].index(number))
    bench.wait(lambda: page.chosen is not None and page.chosen.id == number)


def call(bench: Bench, page: CallsPage, number: int = 1) -> None:
    choose(bench, page, number)
    press(page.panel, "Appeler")
    bench.wait(lambda: page.panel.conversation is not None)


def mark(page: CallsPage, question: str, value: str) -> None:
    page.panel.questions._buttons[question][value].click()


def test_the_room_is_there_for_who_may_call(bench: Bench) -> None:
    bench.sign_in()
    assert not bench.window.bar.offers("calls")
    bench.control.person.permissions = [INTERVIEW]
    bench.window.account.sign_out()
    bench.sign_in()
    assert bench.window.bar.offers("calls")
    bench.window.account.sign_out()
    assert not bench.window.bar.offers("calls")


def test_who_is_to_be_called_now_is_listed_the_most_urgent_first(bench: Bench, page: CallsPage) -> None:
    assert [row.id for row in page._page.model.rows] == [1, 2, 4]
    assert texts(page, 0) == ["À appeler", "Rendez-vous", "Stan Dard"] and texts(page, 6)[1] == "Pas de réponse"
    page._chips._chips["due"].click()
    bench.wait(lambda: len(page._page.model.rows) == 4)
    assert texts(page, 0)[-1] == "Plus tard"
    page.choose_shop(2)
    bench.wait(lambda: [row.id for row in page._page.model.rows] == [4])


def test_an_interview_is_led_page_by_page(bench: Bench, page: CallsPage) -> None:
    call(bench, page)
    said = words(page.panel)
    assert "514-555-0123" in said and "514-555-0124 x45" in said and "tel:+15145550124\"" in page.panel._phones.text()
    assert "Bonjour, j’appelle de la part de Nord." in said and "Êtes-vous satisfait?" in said
    press(page.panel, "Page suivante")
    bench.wait(lambda: bool(page.panel._problem.text()))
    assert page.panel._problem.isVisibleTo(page.panel)
    mark(page, "stars", "4")
    press(page.panel, "Page suivante")
    bench.wait(lambda: "Détails" in words(page.panel))
    assert "Promis le 1 novembre" in words(page.panel) and "Bonjour" not in words(page.panel)
    press(page.panel, "Précédent")
    bench.wait(lambda: "stars" in page.panel.questions._buttons)
    assert page.panel.questions.given() == {"stars": ["5"]}, "what was answered is marked"
    press(page.panel, "Page suivante")
    bench.wait(lambda: "why" in page.panel.questions._buttons)
    mark(page, "why", "a")
    mark(page, "why", "b")
    page.panel.questions._lines["more"].setPlainText("Non")
    assert page.panel.questions._comment is not None
    page.panel.questions._comment.setPlainText("Merci")
    press(page.panel, "Terminer l’entrevue")
    bench.wait(lambda: "Merci beaucoup!" in words(page.panel))
    assert service(bench).spoken[-1] == SpokenPage(
        page="two", given={"why": ["a", "b"], "more": ["Non"]}, comment="Merci"
    )
    press(page.panel, "Retour à la liste")
    bench.wait(lambda: [row.id for row in page._page.model.rows] == [2, 4])
    assert not page.holds_unsaved


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("no_answer", "Pas de réponse"),
        ("busy", "Occupé"),
        ("wrong_number", "Mauvais numéro"),
        ("declined", "A décliné"),
        ("do_not_call", "Ne plus appeler"),
    ],
)
def test_a_call_ends_without_an_interview(bench: Bench, page: CallsPage, outcome: str, said: str) -> None:
    call(bench, page)
    press(page.panel, said)
    bench.wait(lambda: not page.holds_unsaved)
    assert service(bench).ends == [CallEnd(outcome=outcome)]


def test_an_appointment_is_made_by_the_clocks_of_the_shop(bench: Bench, page: CallsPage) -> None:
    call(bench, page)
    press(page.panel, "Fixer le rendez-vous")
    bench.wait(lambda: not page.holds_unsaved)
    (made,) = service(bench).ends
    assert made.outcome == "appointment" and made.at == datetime(2026, 11, 3, 15, tzinfo=UTC), "10:00 in Toronto"


def test_a_call_is_ended_before_one_leaves(bench: Bench, page: CallsPage) -> None:
    call(bench, page)
    went: list[bool] = []
    assert not page.may_leave(lambda: went.append(True)) and "Notez d’abord" in words(page)
    page._page.table.choose_row(1)
    assert page.panel.conversation is not None and page.panel.conversation.interview.id == 1
    press(page.panel, "Occupé")
    bench.wait(lambda: not page.holds_unsaved)
    assert page.may_leave(lambda: None)


def test_what_cannot_be_is_said(bench: Bench, page: CallsPage) -> None:
    """A colleague's customer, hours without calls, one who must not be called, an answer from elsewhere."""
    choose(bench, page, 4)
    assert not page.panel._call.isEnabled()
    choose(bench, page, 1)
    service(bench).forbids = True
    press(page.panel, "Appeler")
    bench.wait(lambda: "ne doit plus être appelé" in page.panel._problem.text())
    assert page.panel.conversation is None
    service(bench).forbids = False
    press(page.panel, "Appeler")
    bench.wait(lambda: page.panel.conversation is not None)
    service(bench).refusal = "survey_over"
    press(page.panel, "Page suivante")
    bench.wait(lambda: bool(page.panel._problem.text()))
    service(bench).refusal = ""
    press(page.panel, "Occupé")
    bench.wait(lambda: not page.holds_unsaved)
    service(bench).interviews = [interview(1, may_call=False)]
    page._page.load()
    bench.wait(lambda: len(page._page.model.rows) == 1)
    choose(bench, page, 1)
    bench.wait(lambda: "du lundi au vendredi" in page.panel._problem.text())
    assert not page.panel._call.isEnabled()


def test_nothing_of_a_customer_stays_when_one_signs_out(bench: Bench, page: CallsPage) -> None:
    call(bench, page)
    bench.window.account.sign_out()
    bench.wait(lambda: page._page.model.rowCount() == 0)
    assert page.panel.conversation is None and page.panel.currentIndex() == 0
    left: list[Any] = [one.text() for one in page.panel.questions.findChildren(QAbstractButton) if one.isVisibleTo(page)]
    assert left == [] and not [one for one in page.panel.findChildren(QPushButton) if one.isVisible()]
