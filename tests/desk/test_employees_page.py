"""Configuration > Employees: which names in jobs are one person (MODULES 2; B-26)."""

from typing import Any

import pytest
from msgspec.structs import replace

from repaircenter.desk.settings.employees.employees_page import EmployeesPage
from repaircenter.wire.employees import EmployeeDecision
from tests.desk.conftest import Bench
from tests.desk.screen import press_in as press
from tests.desk.screen import words_in as words
from tests.fakes.employees import ANA, FULL, SHORT, FakeEmployees


@pytest.fixture
def page(bench: Bench) -> EmployeesPage:
    bench.sign_in()
    bench.window.open_page("employees")
    page: EmployeesPage = bench.window.page("configuration").parts["employees"]
    bench.wait(lambda: len(page.list.model.rows) == 5)
    return page


def service(bench: Bench) -> FakeEmployees:
    kept: FakeEmployees = bench.control.person.employees
    return kept


def choose(bench: Bench, page: EmployeesPage, name: str) -> None:
    page.list.table.choose_row([row.name for row in page.list.model.rows].index(name))
    bench.wait(lambda: page._panel.record is not None and page._panel.record.name == name)


def box(page: EmployeesPage) -> Any:
    return page._panel.form._boxes["known_as"]


def test_what_is_to_be_decided_stands_first(bench: Bench, page: EmployeesPage) -> None:
    assert [row.name for row in page.list.model.rows] == [SHORT, FULL, ANA, "Zoé", "A. Ruiz"]
    choose(bench, page, ANA)
    assert "Nord : Estimateur, dans 12 travaux. Figure aussi comme : A. Ruiz." in words(page._panel).replace("\xa0", " ")
    assert not page._panel._answers.isVisible() and not page.is_changed


@pytest.mark.parametrize(("answer", "known_as"), [("Oui, une seule personne", FULL), ("Non, deux personnes", SHORT)])
def test_a_suggestion_is_answered(bench: Bench, page: EmployeesPage, answer: str, known_as: str) -> None:
    choose(bench, page, SHORT)
    assert f"Est-ce la même personne que {FULL}?" in words(page._panel)
    press(page._panel, answer)
    bench.wait(lambda: bool(service(bench).asked) and not page._panel._answers.isVisible())
    (asked,) = service(bench).asked
    assert asked == EmployeeDecision(key=asked.key, shop_id=1, name=SHORT, known_as=known_as)


def test_a_name_is_put_to_another_one_of_its_shop(bench: Bench, page: EmployeesPage) -> None:
    choose(bench, page, ANA)
    offered = [box(page).itemText(number) for number in range(box(page).count())]
    assert offered == [f"{ANA} (une personne à part)", SHORT, FULL], "who stands for another is no choice, nor is another shop"
    assert box(page).width() >= box(page).fontMetrics().horizontalAdvance(offered[0]), "it is read as a whole"
    box(page).setCurrentIndex(2)
    assert page.is_changed
    press(page._panel, "Enregistrer")
    bench.wait(lambda: bool(service(bench).asked) and not page.is_changed)
    assert service(bench).asked[0].known_as == FULL and f"{ANA} est compté comme {FULL}." in words(bench.window)


def test_names_are_parted_again(bench: Bench, page: EmployeesPage) -> None:
    choose(bench, page, "A. Ruiz")
    assert box(page).currentText() == ANA
    box(page).setCurrentIndex(0)
    press(page._panel, "Enregistrer")
    bench.wait(lambda: bool(service(bench).asked))
    assert service(bench).asked[0].known_as == "A. Ruiz"


def test_what_is_in_the_way_is_said(bench: Bench, page: EmployeesPage) -> None:
    service(bench).refusal = "not_there"
    choose(bench, page, SHORT)
    press(page._panel, "Oui, une seule personne")
    bench.wait(lambda: bool(words(page._panel).strip()) and page._panel.problem.isVisible())
    assert page._panel._answers.isVisible()


def test_another_language_keeps_what_is_chosen_and_sign_out_forgets_all(bench: Bench, page: EmployeesPage) -> None:
    choose(bench, page, ANA)
    box(page).setCurrentIndex(2)
    bench.window.set_language("en")
    bench.wait(lambda: "Counted as" in words(page._panel))
    assert page.is_changed and page._panel.known_as == FULL
    page.discard()
    page.forget_person()
    assert ANA not in words(page._panel) and box(page).count() == 0 and page._numbers == {}


def test_whoever_stands_for_a_name_that_is_in_no_job_is_still_shown(bench: Bench, page: EmployeesPage) -> None:
    choose(bench, page, "A. Ruiz")
    record = page._panel.record
    assert record is not None
    alone = type(page.listed)(names=[record])
    page._panel.show_record(record, alone)
    assert box(page).currentText() == ANA and not page.is_changed


def account(page: EmployeesPage) -> Any:
    return page._panel.form._boxes["account"]


def test_a_name_is_an_account_of_its_shop(bench: Bench, page: EmployeesPage) -> None:
    choose(bench, page, ANA)
    assert [account(page).itemText(number) for number in range(account(page).count())] == ["Aucun compte", "Ana Ruiz"]
    account(page).setCurrentIndex(1)
    assert page.is_changed
    press(page._panel, "Enregistrer")
    bench.wait(lambda: bool(service(bench).asked) and not page.is_changed)
    asked = service(bench).asked[0]
    assert (asked.name, asked.known_as, asked.person_id) == (ANA, ANA, 7)
    assert f"Compte associé à {ANA}\xa0: Ana Ruiz." in words(bench.window)
    assert [row.person for row in page.list.model.rows if row.name == ANA] == ["Ana Ruiz"]
    account(page).setCurrentIndex(0)
    press(page._panel, "Enregistrer")
    bench.wait(lambda: len(service(bench).asked) == 2 and not page.is_changed)
    assert service(bench).asked[1].person_id == 0 and f"Aucun compte n’est associé à {ANA}." in words(bench.window)


def test_who_stands_for_another_has_no_account_of_their_own(bench: Bench, page: EmployeesPage) -> None:
    choose(bench, page, ANA)
    account(page).setCurrentIndex(1)
    box(page).setCurrentIndex(2)
    assert not account(page).isVisible() and page.change(page._panel.record).person_id is None
    box(page).setCurrentIndex(0)
    assert account(page).isVisible() and page.change(page._panel.record).person_id == 7
    page.discard()
    assert not page.is_changed and account(page).currentText() == "Aucun compte"


def test_whoever_left_the_shop_is_no_choice(bench: Bench, page: EmployeesPage) -> None:
    choose(bench, page, ANA)
    known = next(row for row in page.listed.names if row.name == ANA)
    page._panel.show_record(replace(known, person_id=99), page.listed)
    assert account(page).currentText() == "Aucun compte" and not page.is_changed
