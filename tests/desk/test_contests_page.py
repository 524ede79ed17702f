"""Configuration > Contested answers: contested, withdrawn, decided by somebody else (A-N6, B-P4)."""

from typing import Any

import pytest

from repaircenter.desk.settings.contests.contests_page import ContestsPage
from repaircenter.wire.surveys.contests import ContestChange, NewContest
from repaircenter.wire.vocabulary import RUN_REPORTS
from tests.desk.conftest import Bench
from tests.desk.screen import button_in as button
from tests.desk.screen import press_in as press
from tests.desk.screen import words_in as words
from tests.fakes.contests import CAME, FakeContests, answer, contest


@pytest.fixture
def page(bench: Bench) -> ContestsPage:
    bench.sign_in()
    bench.window.open_page("contests")
    found: ContestsPage = bench.window.page("configuration").parts["contests"]
    bench.wait(lambda: len(found.list.model.rows) == 3)
    return found


def service(bench: Bench) -> FakeContests:
    kept: FakeContests = bench.control.person.contests
    return kept


def choose(bench: Bench, page: ContestsPage, number: int) -> None:
    page.list.table.choose_row([row.id for row in page.list.model.rows].index(number))
    bench.wait(lambda: page._panel.record is not None and page._panel.record.id == number)


def fill(form: Any, **values: Any) -> None:
    for name, value in values.items():
        box = form._boxes[name]
        if hasattr(box, "setPlainText"):
            box.setPlainText(value)
        else:
            box.setCurrentIndex(box.findData(value))
            box.activated.emit(box.currentIndex())


def test_what_waits_for_one_stands_first_with_what_was_said(bench: Bench, page: ContestsPage) -> None:
    assert [row.state for row in page.list.model.rows] == ["open", "open", "rejected"]
    choose(bench, page, 1)
    shown = words(page._panel)
    assert "Contestée par Manu Gère" in shown and "attend votre décision jusqu’au" in shown
    assert "3/10 – Qualité" in shown and "Promis le 12." in shown and "Les faits sont inexacts" in shown
    choose(bench, page, 2)
    shown = words(page._panel)
    assert "Rejetée" in shown and "Ada Min" in shown and "Bien promis." in shown
    assert not page._panel.decision.isVisible() and not page._panel._withdraw.isVisible()


def test_a_contest_is_decided_with_its_reason(bench: Bench, page: ContestsPage) -> None:
    choose(bench, page, 1)
    assert not page._panel.is_changed and not button(page._panel, "Trancher").isEnabled()
    fill(page._panel.decision, state="upheld")
    press(page, "Trancher")
    assert "Choisissez une décision et dites pourquoi." in words(page._panel) and not service(bench).asked
    choose_other = page.list.model.rows[2].id
    page.list.table.choose_row(2)
    assert "pas encore enregistré" in words(page._panel) and page._panel.record is not None
    assert page._panel.record.id != choose_other
    fill(page._panel.decision, note="La facture le montre.")
    press(page, "Trancher")
    bench.wait(lambda: service(bench).asked and not page.is_changed)
    (asked,) = service(bench).asked
    assert isinstance(asked, ContestChange) and (asked.state, asked.note, asked.version) == (
        "upheld",
        "La facture le montre.",
        1,
    )
    assert "Acceptée" in words(page._panel)


def test_an_answer_is_contested(bench: Bench, page: ContestsPage) -> None:
    press(page, "Contester une réponse…")
    assert "60 derniers jours" in words(page._panel) and "3/10" not in words(page._panel), "nobody's is chosen"
    press(page, "Contester")
    assert "Choisissez une réponse et un motif" in words(page._panel) and not service(bench).asked
    fill(page._panel.new, answer=8)
    assert "2/5 – Étoiles" in words(page._panel), "what the chosen customer said"
    press(page, "Contester")
    assert "Choisissez une réponse et un motif" in words(page._panel) and not service(bench).asked
    fill(page._panel.new, reason="twice", evidence="Voir BT 26-0003.")
    press(page, "Contester")
    bench.wait(lambda: service(bench).asked and not page.is_changed)
    (asked,) = service(bench).asked
    assert isinstance(asked, NewContest) and (asked.answer_id, asked.reason, asked.evidence) == (
        8,
        "twice",
        "Voir BT 26-0003.",
    )
    bench.wait(lambda: len(page.list.model.rows) == 4)
    assert page._panel._withdraw.isVisible() and not page._panel.decision.isVisible()


def test_nothing_is_contested_where_there_is_no_answer(bench: Bench, page: ContestsPage) -> None:
    service(bench).answers_ = []
    page.list.load()
    bench.wait(lambda: page.listed.answers == [])
    press(page, "Contester une réponse…")
    assert "ne peut être contestée" in words(page._panel) and not button(page._panel, "Contester").isEnabled()


def test_who_contested_takes_it_back(bench: Bench, page: ContestsPage) -> None:
    choose(bench, page, 3)
    press(page, "Retirer la contestation")
    bench.wait(lambda: bool(service(bench).asked))
    assert service(bench).asked[0].state == "withdrawn"
    bench.wait(lambda: page._panel.record is not None and page._panel.record.state == "withdrawn")


def test_what_is_decided_meanwhile_is_said_and_shown(bench: Bench, page: ContestsPage) -> None:
    """Nothing is left to decide: the decision that was made is on screen, and why nothing was done."""
    choose(bench, page, 1)
    service(bench).refusal = "changed_meanwhile"
    decided = contest(1, "upheld", version=2, decided_by="Sacha Deux", decided_at=CAME, note="Exact.", may_decide=False)
    service(bench).contests = [decided, *service(bench).contests[1:]]
    fill(page._panel.decision, state="rejected", note="Non.")
    press(page, "Trancher")
    bench.wait(lambda: "Sacha Deux" in words(page._panel))
    assert "Exact." in words(page._panel) and page._panel.problem.text() and not page._panel.is_changed
    assert not page._panel.decision.isVisible()
    assert "encore là" not in page._panel.problem.text(), "what was written is not there to be kept again"


def test_a_link_leads_to_an_answer_to_contest(bench: Bench, page: ContestsPage) -> None:
    """From an alert: its answer is chosen, one that is not among the newest, too."""
    service(bench).others = [answer(77, ro_number="26-0077", said=["1/5 – Étoiles"])]
    bench.window.open_page("contests/77")
    bench.wait(lambda: page._panel.is_new)
    assert page._panel.new.values()["answer"] == 77 and "1/5 – Étoiles" in words(page._panel)
    assert "depuis son alerte" in words(page._panel), "not all are offered"
    page.discard()
    bench.window.open_page("contests/2")
    bench.wait(lambda: page._panel.record is not None)
    assert page._panel.record is not None and page._panel.record.id == 2, "it is contested already"
    page.list.choose(None)
    bench.window.open_page("contests/999")
    bench.wait(lambda: "ne peut plus être contestée" in words(page._panel))


def test_others_are_told_whom_to_ask(bench: Bench) -> None:
    bench.control.person.permissions = [RUN_REPORTS]
    bench.sign_in()
    bench.window.open_page("contests")
    page: ContestsPage = bench.window.page("configuration").parts["contests"]
    assert "Les gérants et les administrateurs d’atelier contestent" in words(page)
