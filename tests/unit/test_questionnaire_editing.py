"""How a questionnaire is changed part by part, and how its parts are called (A-04, D-07)."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from repaircenter.central.questionnaires.questionnaire_file import shipped
from repaircenter.central.questionnaires.validator import find_mistake
from repaircenter.desk.settings.questionnaires import editing
from repaircenter.desk.settings.questionnaires.editing import COMMENT, ENDING, PAGE, QUESTION, WHOLE, Part
from repaircenter.desk.settings.questionnaires.part_words import condition_text, part_text
from repaircenter.runtime.text import Texts
from repaircenter.wire.surveys.questionnaires import Condition, Questionnaire

STANDARD = shipped()[0]


def keys_of(questionnaire: Questionnaire) -> list[list[str]]:
    """The keys of the questions, page by page."""
    return [[one.key for one in questionnaire.questions if one.page == page.key] for page in questionnaire.all_pages]


def number(questionnaire: Questionnaire, key: str) -> Part:
    return Part(QUESTION, [one.key for one in questionnaire.questions].index(key))


def test_parts_stand_in_the_order_in_which_customers_come_to_them() -> None:
    places = [STANDARD.place_of(part.kind, part.number) for part in editing.parts_of(STANDARD)]
    assert places[:8] == ["0", "1", "1.1", "1.2", "1.3", "1.4", "1.5", "2"]
    assert places[-4:] == ["4.1", "4.2", "5.1", "5.2"] and len(places) == len(set(places))


def test_a_question_goes_behind_the_chosen_one_and_has_a_key_of_its_own() -> None:
    after = number(STANDARD, "quality")
    more, added = editing.add_question(STANDARD, after, "scale")
    first = keys_of(more)[0]
    assert first.index("quality") + 1 == first.index(more.questions[added.number].key) and len(first) == 6
    question = more.questions[added.number]
    assert (question.minimum, question.maximum, question.top, question.key[:2]) == (1, 10, 9, "q_")
    again, other = editing.add_question(more, added, "choice")
    assert again.questions[other.number].key != question.key and len(again.questions[other.number].options) == 1


def test_on_a_chosen_page_a_question_comes_first() -> None:
    more, added = editing.add_question(STANDARD, Part(PAGE, 1), "yes_no")
    assert keys_of(more)[1][0] == more.questions[added.number].key


def test_stars_and_a_recommendation_are_there_once() -> None:
    assert editing.kinds_to_add(STANDARD) == ["scale", "yes_no", "choice", "several", "text"]
    without, _ = editing.remove(STANDARD, number(STANDARD, "recommend"))
    assert "nps" in editing.kinds_to_add(without) and "stars" not in editing.kinds_to_add(without)
    back, added = editing.add_question(without, WHOLE, "nps")
    question = back.questions[added.number]
    assert (question.key, question.minimum, question.maximum) == ("recommend", 0, 10)


def test_a_page_comes_behind_the_chosen_one() -> None:
    more, added = editing.add_page(STANDARD, number(STANDARD, "problem"))
    assert added == Part(PAGE, 2) and [page.key for page in more.pages][:2] == ["visit", "time"]
    assert editing.add_page(STANDARD, Part(COMMENT, 0))[1] == Part(PAGE, 3)


def test_what_hung_on_a_question_that_is_gone_is_for_everybody_and_said() -> None:
    without, freed = editing.remove(STANDARD, number(STANDARD, "stars"))
    assert freed == ["2.1", "4.1", "4.2", "5.1"]
    assert all(not editing.part_at(without, part).when for part in editing.parts_of(without) if part.kind == COMMENT)
    assert editing.remove(STANDARD, number(STANDARD, "quality"))[1] == []


def test_the_questions_of_a_page_that_is_gone_stay() -> None:
    assert keys_of(editing.remove(STANDARD, Part(PAGE, 1))[0])[0][-2:] == ["problem", "on_time"]
    first = editing.remove(STANDARD, Part(PAGE, 0))[0]
    assert [page.key for page in first.pages] == ["time", "rest"] and set(keys_of(first)[0]) > {"stars", "problem"}
    only = editing.empty()
    assert editing.remove(only, Part(PAGE, 0))[0] == only, "one page is always there"


def test_a_question_is_moved_over_the_end_of_its_page() -> None:
    up, part = editing.move(STANDARD, number(STANDARD, "problem"), -1)
    assert keys_of(up)[0][-1] == "problem" and up.questions[part.number].key == "problem"
    down, part = editing.move(up, part, 1)
    assert keys_of(down) == keys_of(STANDARD)
    assert editing.move(STANDARD, number(STANDARD, "stars"), -1)[0] == STANDARD
    swapped, part = editing.move(STANDARD, number(STANDARD, "quality"), 1)
    assert keys_of(swapped)[0][1:3] == ["kept_informed", "quality"]
    assert editing.move(STANDARD, Part(ENDING, 1), 1)[0] == STANDARD


def test_only_what_was_asked_on_an_earlier_page_can_be_hung_on() -> None:
    before = editing.asked_before(STANDARD, number(STANDARD, "told_late"))
    first, second, _last = keys_of(STANDARD)
    assert {STANDARD.questions[one].key for one in before} == {*first, *second}
    assert editing.asked_before(STANDARD, Part(QUESTION, 0)) == []
    assert len(editing.asked_before(STANDARD, Part(ENDING, 0))) == len(STANDARD.questions)


def test_conditions_are_said_in_words() -> None:
    by_key = {question.key: question for question in STANDARD.questions}

    def said(language: str, *conditions: Condition) -> str:
        return condition_text(conditions, by_key, Texts(language))

    assert said("en", Condition(question="stars", at_most=3)) == "3 or less"
    assert said("fr", Condition(question="on_time", at_most=0)) == "non"
    assert said("fr", Condition(question="on_time", at_least=1)) == "oui"
    assert said("es", Condition(question="stars", at_least=2, at_most=3)) == "2 o más y 3 o menos"
    both = Condition(question="problem", among=["price", "delay"])
    assert said("en", both) == "“What I had to pay” or “It took too long”"
    line = part_text(STANDARD, number(STANDARD, "problem"), Texts("en"))
    assert line == "2.1  We are sorry. What went wrong?  – only after 1.1: 3 or less"


def test_every_answer_can_be_hung_on() -> None:
    stars, on_time = (next(one for one in STANDARD.questions if one.key == key) for key in ("stars", "on_time"))
    offered = editing.conditions_on(stars)
    assert [(one.at_most, one.at_least) for one in offered] == [
        *((value, None) for value in (1, 2, 3, 4)),
        *((None, value) for value in (2, 3, 4, 5)),
    ]
    assert [(one.at_most, one.at_least) for one in editing.conditions_on(on_time)] == [(0, None), (None, 1)]


def test_the_only_page_is_named_so_that_others_can_follow() -> None:
    bare = replace(STANDARD, pages=[], questions=[replace(one, page="", when=[]) for one in STANDARD.questions])
    named = editing.with_pages(bare)
    assert len(named.pages) == 1 and {one.page for one in named.questions} == {named.pages[0].key}
    assert editing.with_pages(STANDARD) is STANDARD


STEP = st.tuples(st.sampled_from(["add", "page", "comment", "ending", "remove", "up", "down"]), st.integers(0, 60), st.integers(0, 6))


@given(st.lists(STEP, max_size=40))
def test_whatever_is_pressed_every_part_has_its_page_and_its_place(steps: list[tuple[str, int, int]]) -> None:
    """And what can be wrong then is said by the service, never a crash."""
    questionnaire = STANDARD
    for what, at, kind in steps:
        parts = editing.parts_of(questionnaire)
        part = parts[at % len(parts)]
        count = len(parts)
        changed: Any = None
        if what == "add":
            kinds = editing.kinds_to_add(questionnaire)
            changed = editing.add_question(questionnaire, part, kinds[kind % len(kinds)])
        elif what == "page":
            changed = editing.add_page(questionnaire, part)
        elif what in ("comment", "ending"):
            changed = editing.add_variant(questionnaire, what)
        elif what == "remove":
            questionnaire = editing.remove(questionnaire, part)[0]
        else:
            changed = editing.move(questionnaire, part, -1 if what == "up" else 1)
        if changed is not None:
            questionnaire, chosen = changed
            assert chosen in editing.parts_of(questionnaire)
            assert len(editing.parts_of(questionnaire)) == count + (what in ("add", "page", "comment", "ending"))
        keys = [question.key for question in questionnaire.questions]
        assert len(keys) == len(set(keys))
        places = [questionnaire.place_of(one.kind, one.number) for one in editing.parts_of(questionnaire)]
        assert len(places) == len(set(places)) and not any(place.startswith("0.") for place in places)
    find_mistake(questionnaire)
