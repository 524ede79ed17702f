"""The page of calls: the list, the script page by page, and how a call ends (A-20, 6.9; UI.md)."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel

from repaircenter.desk.calls.calls_page import CallsPage
from repaircenter.wire.surveys.interviews import CallEnd, SpokenPage
from repaircenter.wire.vocabulary import INTERVIEW
from tests.desk.conftest import Bench
from tests.desk.screen import press_in as press
from tests.desk.screen import reached_by_tab
from tests.desk.screen import words_in as words
from tests.fakes.interviews import LATER, FakeInterviews, interview


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


def end(page: CallsPage, said: str) -> None:
    """Choose in the menu how the call ends."""
    page.panel._fill_menu()
    next(action for action in page.panel._menu.actions() if action.text() == said).trigger()


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
    assert not page.panel._problem.isVisible() and page.panel._close.hasFocus()
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
    end(page, said)
    if outcome == "do_not_call":
        assert not service(bench).ends, "it is asked once more"
        bench.wait(lambda: "Personne de votre organisation" in words(page._note))
        press(page._note, said)
    bench.wait(lambda: not page.holds_unsaved)
    assert service(bench).ends == [CallEnd(outcome=outcome)] and not service(bench).spoken
    assert page.panel.conversation is None and page._page.table.hasFocus()


def test_what_was_answered_before_an_appointment_is_kept(bench: Bench, page: CallsPage) -> None:
    call(bench, page)
    mark(page, "stars", "2")
    end(page, "Pas de réponse")
    bench.wait(lambda: not page.holds_unsaved)
    assert service(bench).spoken == [SpokenPage(page="one", given={"stars": ["2"]}, back=True)]
    assert service(bench).ends == [CallEnd(outcome="no_answer")]


def test_an_appointment_is_made_by_the_clocks_of_the_shop(bench: Bench, page: CallsPage) -> None:
    service(bench).interviews[0] = interview(1, zone="America/Vancouver")
    page._page.load()
    bench.wait(lambda: page._page.model.rows[0].zone == "America/Vancouver")
    call(bench, page)
    assert not page.panel._at.isVisible()
    end(page, "Rendez-vous…")
    assert "à l’heure de Nord" in words(page.panel)
    wheel = QWheelEvent(
        page.panel._at.rect().center().toPointF(), page.panel._at.mapToGlobal(QPoint(5, 5)).toPointF(), QPoint(0, 0),
        QPoint(0, -120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    page.panel.questions.setFocus()
    page.panel._at.clearFocus()
    QApplication.sendEvent(page.panel._at, wheel)
    press(page.panel, "Fixer le rendez-vous")
    bench.wait(lambda: not page.holds_unsaved)
    (made,) = service(bench).ends
    assert made == CallEnd(outcome="appointment", at=LATER), "by the clocks of Vancouver, untouched by the wheel"


def test_a_call_is_ended_or_left_before_one_goes_elsewhere(bench: Bench, page: CallsPage) -> None:
    call(bench, page)
    went: list[bool] = []
    page._page.table.choose_row(1)
    bench.wait(lambda: "Un appel est en cours" in words(page._note))
    assert page.panel.shown is not None and page.panel.shown.id == 1
    assert not page.may_leave(lambda: went.append(True)) and not went
    press(page._note, "Quitter l’appel")
    bench.wait(lambda: went == [True])
    assert not page.holds_unsaved and not service(bench).ends


def test_a_call_that_was_left_goes_on(bench: Bench, page: CallsPage) -> None:
    """Also after the hours: only who has not begun must wait."""
    service(bench).interviews = [interview(1, state="calling", is_mine=True, agent="Ada", may_call=False)]
    page._page.load()
    bench.wait(lambda: len(page._page.model.rows) == 1)
    choose(bench, page, 1)
    press(page.panel, "Poursuivre l’appel")
    bench.wait(lambda: page.panel.conversation is not None)


def test_what_cannot_be_is_said(bench: Bench, page: CallsPage) -> None:
    """A colleague's customer, one who must not be called, one who has answered, hours without calls."""
    choose(bench, page, 4)
    assert not page.panel._call.isEnabled()
    choose(bench, page, 1)
    service(bench).forbids = True
    press(page.panel, "Appeler")
    bench.wait(lambda: "Client 1 · Ce client ne doit plus être appelé" in words(page._note))
    bench.wait(lambda: [row.id for row in page._page.model.rows] == [2, 4])
    assert "Client 1" in words(page._note) and page.panel.conversation is None
    service(bench).forbids = False
    service(bench).interviews = [interview(1, may_call=False)]
    page._chips._chips["due"].click()
    bench.wait(lambda: [row.id for row in page._page.model.rows] == [1])
    assert texts(page, 0) == ["Plus tard"], "nobody is to be called now"
    choose(bench, page, 1)
    bench.wait(lambda: "du lundi au vendredi" in words(page.panel))
    assert not page.panel._call.isEnabled()


def test_a_call_that_is_over_elsewhere_is_left(bench: Bench, page: CallsPage) -> None:
    """The customer has answered on the page meanwhile, or a colleague has taken the call: nobody is stuck in it."""
    call(bench, page)
    service(bench).refusal = "survey_over"
    service(bench).interviews = service(bench).interviews[1:]
    press(page.panel, "Page suivante")
    bench.wait(lambda: not page.holds_unsaved)
    assert "Client 1 · Ce client a répondu" in words(page._note)


def test_a_service_that_is_away_ends_no_call(bench: Bench, page: CallsPage) -> None:
    """What was marked stays, with the sentence; another language says it anew."""
    call(bench, page)
    mark(page, "stars", "3")
    service(bench).is_away = True
    press(page.panel, "Page suivante")
    bench.wait(lambda: page.panel._problem.isVisible())
    assert page.panel.questions.given() == {"stars": ["3"]} and page.holds_unsaved
    page.retranslate()
    assert page.panel._problem.isVisible()
    service(bench).is_away = False
    press(page.panel, "Page suivante")
    bench.wait(lambda: "why" in page.panel.questions._buttons)
    assert not page.panel._problem.isVisible()


def test_a_script_is_spoken_by_keyboard(bench: Bench, page: CallsPage) -> None:
    """Tab goes through the questions and on; the first thing to answer has the keyboard."""
    call(bench, page)
    stars = page.panel.questions._buttons["stars"]
    bench.wait(lambda: stars["1"].hasFocus())
    reached = reached_by_tab(bench, stars["1"], 12)
    assert page.panel._next in reached and reached.index(page.panel._next) < reached.index(page.panel._end)
    mark(page, "stars", "4")
    press(page.panel, "Page suivante")
    bench.wait(lambda: "why" in page.panel.questions._buttons)
    assert page.panel.questions._buttons["why"]["b"].text() == "Prix && frais"


def test_nothing_of_a_customer_stays_when_one_signs_out(bench: Bench, page: CallsPage) -> None:
    call(bench, page)
    bench.window.account.sign_out()
    bench.wait(lambda: page._page.model.rowCount() == 0)
    assert page.panel.conversation is None and page.panel.currentIndex() == 0
    left = "\n".join(one.text() for one in page.panel.findChildren(QLabel))
    assert "Client 1" not in left and "514" not in left and "Bonjour" not in left and "Mazda" not in left
