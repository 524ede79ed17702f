"""Configuration > Questionnaires: ours looked at and copied, one's own changed part by part (A-04, D-07, D-08)."""

from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest

from repaircenter.desk.settings.questionnaires import editing
from repaircenter.desk.settings.questionnaires.questionnaires_page import QuestionnairesPage
from repaircenter.wire.surveys.programmes import PreviewRequest
from repaircenter.wire.surveys.questionnaires import Condition, NewQuestionnaire, Question, QuestionnaireChange
from tests.desk.conftest import Bench
from tests.desk.screen import press_in as press
from tests.desk.screen import words_in as words
from tests.fakes.questionnaires import OURS, OWN, FakeQuestionnaires


@pytest.fixture
def page(bench: Bench) -> QuestionnairesPage:
    bench.sign_in()
    return opened(bench)


def opened(bench: Bench) -> QuestionnairesPage:
    bench.window.open_page("questionnaires")
    page: QuestionnairesPage = bench.window.page("configuration").parts["questionnaires"]
    bench.wait(lambda: len(page.list.model.rows) == 2)
    return page


def service(bench: Bench) -> FakeQuestionnaires:
    kept: FakeQuestionnaires = bench.control.person.questionnaires
    return kept


def choose(bench: Bench, page: QuestionnairesPage, number: int) -> None:
    page.list.table.choose_row([row.id for row in page.list.model.rows].index(number))
    bench.wait(lambda: page._panel.record is not None and page._panel.record.id == number)


def lines(page: QuestionnairesPage) -> list[str]:
    parts = page._panel.parts
    return [parts.item(row).text().replace("\N{NO-BREAK SPACE}", " ").strip() for row in range(parts.count())]


def go_to(page: QuestionnairesPage, beginning: str) -> None:
    row = next(number for number, line in enumerate(lines(page)) if line.startswith(beginning))
    page._panel.parts.setCurrentRow(row)


def box(page: QuestionnairesPage, name: str) -> Any:
    return page._panel.form.form._boxes[name]


def add(page: QuestionnairesPage, what: str) -> None:
    actions = {action.text(): action for action in page._panel._kinds.actions()}
    actions[what].trigger()


def question(page: QuestionnairesPage, number: int) -> Question:
    return page._panel.content.questions[number]


def test_ours_are_looked_at_and_not_changed(bench: Bench, page: QuestionnairesPage) -> None:
    choose(bench, page, OURS)
    assert lines(page) == [
        "Nom du questionnaire",
        "Page 1",
        "1.1  Dans l’ensemble?",
        "Page 2",
        "2.1  Qu’est-ce qui n’a pas été?  – seulement après 1.1 : 3 ou moins",
        "2.2  À la date promise?",
    ]
    shown = words(page._panel)
    assert "Utilisé par : Assurances Exemple." in shown.replace("\N{NO-BREAK SPACE}", " ") and "Celui-ci est fourni" in shown
    assert not page._panel.form.isEnabled() and not page._panel._tools.isVisible()
    go_to(page, "2.1")
    assert box(page, "words_fr").toPlainText() == "Qu’est-ce qui n’a pas été?" and box(page, "about").currentData() == "stars"
    assert box(page, "answered").currentText() == "3 ou moins"
    assert [option.key for option in page._panel.form.options.options()] == ["price", "delay"]
    assert "{shop}, {name} et {vehicle} sont remplacés" in words(page._panel)
    assert not page.is_changed, "looking changes nothing"


def test_a_copy_is_ones_own(bench: Bench, page: QuestionnairesPage) -> None:
    choose(bench, page, OURS)
    press(page, "Faire une copie")
    assert page.is_changed and page._panel.form.isEnabled() and page._panel.is_new
    assert box(page, "name_fr").text() == "Copie de Carrosserie" and box(page, "name_en").text() == "Copy of Carrosserie (en)"
    press(page, "Enregistrer le questionnaire")
    bench.wait(lambda: service(bench).asked and not page.is_changed)
    (asked,) = service(bench).asked
    assert isinstance(asked, NewQuestionnaire) and len(asked.key) == 32
    assert asked.content.questions == service(bench).kept[0].content.questions, "with all it asks, under the same keys"
    assert page._panel.record is not None and page._panel.record.id == 9


def test_words_are_written_in_three_languages(bench: Bench, page: QuestionnairesPage) -> None:
    choose(bench, page, OWN)
    go_to(page, "2.1")
    box(page, "words_fr").setPlainText("Votre véhicule était-il prêt?")
    box(page, "words_en").setPlainText("Was it ready?")
    box(page, "dates").setChecked(True)
    assert lines(page)[-1] == "2.1  Votre véhicule était-il prêt?", "the list follows"
    press(page, "Enregistrer le questionnaire")
    bench.wait(lambda: service(bench).asked and not page.is_changed)
    (asked,) = service(bench).asked
    assert isinstance(asked, QuestionnaireChange) and asked.version == 2
    changed = asked.content.questions[1]
    assert (changed.key, changed.fr, changed.en, changed.es, changed.dates) == (
        *("q_late", "Votre véhicule était-il prêt?", "Was it ready?", "¿q_late?", True),
    )
    go_to(page, "2.1")
    box(page, "words_fr").setPlainText("Autre")
    press(page._panel, "Abandonner les modifications")
    assert not page.is_changed and question(page, 1).fr == "Votre véhicule était-il prêt?"


def test_questions_are_added_moved_and_taken_away(bench: Bench, page: QuestionnairesPage) -> None:
    choose(bench, page, OWN)
    go_to(page, "1.1")
    add(page, "Un choix parmi plusieurs")
    assert lines(page)[3] == "1.2  (pas encore de texte)" and box(page, "words_fr").hasFocus()
    QTest.keyClicks(box(page, "words_fr"), "Comment?")
    editor = page._panel.form.options
    assert editor.isVisible() and editor.table.rowCount() == 1
    editor.table.item(0, 0).setText("Par un ami")
    press(page, "Ajouter un choix")
    editor.table.item(1, 0).setText("Autrement")
    assert [option.fr for option in question(page, 1).options] == ["Par un ami", "Autrement"]
    first = question(page, 1).options[0].key
    editor.table.setCurrentCell(1, 0)
    press(page, "Retirer le choix")
    assert [option.key for option in question(page, 1).options] == [first]
    page._panel.parts.setFocus()
    QTest.keyClick(page._panel.parts, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [line[:3] for line in lines(page)[3:]] == ["Pag", "2.1", "2.2"] and "Comment?" in lines(page)[4]
    QTest.keyClick(page._panel.parts, Qt.Key.Key_Delete)
    assert len(page._panel.content.questions) == 2 and page.is_changed is False, "as it was"


def test_whom_a_question_is_for_is_chosen(bench: Bench, page: QuestionnairesPage) -> None:
    choose(bench, page, OWN)
    go_to(page, "1.1")
    assert not box(page, "about").isVisible(), "on the first page there is nothing to hang on"
    go_to(page, "2.1")
    box(page, "about").setCurrentIndex(1)
    assert question(page, 1).when == [Condition(question="stars", at_most=1)]
    box(page, "answered").setCurrentText("4 ou plus")
    assert question(page, 1).when == [Condition(question="stars", at_least=4)]
    assert lines(page)[-1].replace("\N{NO-BREAK SPACE}", " ").endswith("– seulement après 1.1 : 4 ou plus")
    go_to(page, "1.1")
    press(page, "Retirer")
    assert "Maintenant pour tous" in words(page._panel) and question(page, 0).when == []


def test_a_condition_that_is_more_than_one_answer_stays(bench: Bench, page: QuestionnairesPage) -> None:
    choose(bench, page, OURS)
    press(page, "Faire une copie")
    both = [Condition(question="stars", at_least=2, at_most=3)]
    content = page._panel.content
    page._panel._change(
        type(content)(
            key="", version=0, name=content.name, pages=content.pages,
            questions=[content.questions[0], *(type(one)(**{**one_fields(one), "when": both}) for one in content.questions[1:])],
        ),
        page._panel.chosen,
    )  # fmt: skip
    go_to(page, "2.1")
    assert box(page, "answered").currentText() == "2 ou plus et 3 ou moins"
    box(page, "words_fr").setPlainText("Autre")
    assert question(page, 1).when == both


def one_fields(one: Question) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__struct_fields__}


def test_pages_comments_and_thanks_are_added(bench: Bench, page: QuestionnairesPage) -> None:
    choose(bench, page, OWN)
    add(page, "Page")
    QTest.keyClicks(box(page, "name_fr"), "À la fin")
    add(page, "Remerciement à la fin")
    box(page, "words_fr").setPlainText("Merci")
    content = page._panel.content
    assert [one.title.fr if one.title else None for one in content.pages] == [None, None, "À la fin"]
    assert [one.fr for one in content.endings] == ["Merci"]
    assert lines(page)[-2:] == ["Page 3  À la fin", "5.1  Merci  (Remerciement à la fin)"]


def test_what_is_wrong_is_said_with_its_place_and_stays_written(bench: Bench, page: QuestionnairesPage) -> None:
    choose(bench, page, OWN)
    service(bench).refusal = "questionnaire_text_missing"
    service(bench).facts = {"place": "2.1", "language": "EN"}
    go_to(page, "2.1")
    box(page, "words_en").setPlainText("")
    press(page, "Enregistrer le questionnaire")
    bench.wait(lambda: "2.1 : le texte en EN manque." in words(page._panel).replace("\N{NO-BREAK SPACE}", " "))
    assert page.is_changed and question(page, 1).en == ""
    page.list.table.choose_row(0)
    assert page._panel.record is not None and page._panel.record.id == OWN, "what is written is not lost"


def test_what_stands_here_is_shown_as_customers_see_it(
    bench: Bench, page: QuestionnairesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: seen.append(url.toString()))
    choose(bench, page, OWN)
    go_to(page, "1.1")
    box(page, "words_fr").setPlainText("Alors?")
    press(page, "Voir comme le client")
    bench.wait(lambda: bool(seen))
    (asked,) = bench.control.person.programmes.asked
    assert isinstance(asked, PreviewRequest) and asked.content is not None
    assert (asked.content.questions[0].fr, asked.shop_id, asked.language) == ("Alors?", 1, "fr")
    assert page.is_changed, "nothing is kept by it"


def test_a_new_one_begins_with_the_stars(bench: Bench, page: QuestionnairesPage) -> None:
    press(page, "Nouveau questionnaire…")
    assert [one.key for one in page._panel.content.questions] == ["stars"] and page.is_changed
    assert box(page, "name_fr").hasFocus()
    press(page, "Abandonner les modifications")
    assert not page._panel.isVisible() and not page._panel.is_new


def test_whoever_manages_some_shops_changes_nothing(bench: Bench) -> None:
    bench.sign_in()
    service(bench).may_change = False
    page = opened(bench)
    choose(bench, page, OWN)
    assert "seule la personne qui les gère tous" in words(page._panel)
    assert not page._panel.form.isEnabled() and not page._panel._copy.isVisible()
    assert not page._new.isVisible()


def test_it_speaks_another_language(bench: Bench, page: QuestionnairesPage) -> None:
    choose(bench, page, OURS)
    bench.window.set_language("en")
    bench.wait(lambda: "Make a copy" in words(page))
    assert lines(page)[4] == "2.1  problem?  – only after 1.1: 3 or less"
    assert "Make a copy" in words(page._panel)


def test_words_written_anew_change_no_condition_and_no_section(bench: Bench, page: QuestionnairesPage) -> None:
    """A question that was moved to the page of what it hangs on, of a section only an operator's file knows."""
    choose(bench, page, OURS)
    press(page, "Faire une copie")
    go_to(page, "2.1")
    panel, old = page._panel, question(page, 1)
    panel._change(editing.put(panel.content, panel.chosen, replace(old, section="claim", page="one")), panel.chosen)
    go_to(page, "1.2")
    box(page, "words_fr").setPlainText("Autre")
    assert (question(page, 1).fr, question(page, 1).when, question(page, 1).section) == ("Autre", old.when, "claim")
