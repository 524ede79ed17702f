"""Which pages a customer sees, and what is taken of a page that was sent (D-07, A-P10)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repaircenter.central.questionnaires.questionnaire_file import SHIPPED, shipped
from repaircenter.central.surveys import course
from repaircenter.central.surveys.answers import Answers, in_words, read_answers
from repaircenter.central.surveys.sent_page import receive
from repaircenter.central.surveys.sheet import Sheet
from repaircenter.runtime.text import Texts
from repaircenter.wire.surveys.questionnaires import Questionnaire

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
STANDARD = shipped()[0]


def sheet(answers: Answers | None = None, questionnaire: Questionnaire = STANDARD) -> Sheet:
    return Sheet(
        shop="Nord", shop_address="", language="fr", first_name="Éloïse", vehicle="Mazda", questionnaire=questionnaire,
        answers=answers or Answers(), promised=[date(2026, 11, 3)], delivered_on=None,
    )  # fmt: skip


def keys(answers: Answers, page: int) -> list[str]:
    shown = course.visible_pages(STANDARD, answers)[page]
    return [q.key for q in course.visible_questions(STANDARD, shown, answers)]


def test_a_low_answer_asks_what_went_wrong_and_a_high_one_does_not() -> None:
    assert keys(Answers(values={"stars": 3}), 1) == ["problem", "on_time"]
    assert keys(Answers(values={"stars": 4}), 1) == ["on_time"]
    assert keys(Answers(), 1) == ["on_time"], "no answer is not a low one"


def test_what_hung_on_an_answer_goes_when_it_changes() -> None:
    before = Answers(values={"stars": 2, "on_time": 0, "told_late": 1}, choices={"problem": ["delay"]})
    assert course.told(STANDARD, before) == before
    now = course.told(STANDARD, msgspec.structs.replace(before, values={"stars": 5, "on_time": 1, "told_late": 1}))
    assert (now.values, now.choices) == ({"stars": 5, "on_time": 1}, {})


def test_one_goes_to_the_wished_page_only_past_what_is_required() -> None:
    assert course.place(STANDARD, Answers(), "rest") == 0
    started = Answers(values={"stars": 4})
    assert course.place(STANDARD, started, "rest") == 2 and course.place(STANDARD, started, "visit") == 0
    assert course.place(STANDARD, started, None) == 1, "where one left off"
    assert course.place(STANDARD, started, "no such page") == 2


def test_a_page_nobody_sees_takes_nothing() -> None:
    sent = receive(sheet(), {"page": ["rest"], "recommend": ["9"]}, NOW)
    assert sent.is_stale and sent.number == 0 and sent.answers == Answers()
    assert receive(sheet(), {"recommend": ["9"]}, NOW).is_stale, "nor does a form without a page"


def test_a_page_takes_its_own_questions_alone() -> None:
    form = {"page": ["visit"], "stars": ["2"], "quality": ["11"], "recommend": ["9"], "cleanliness": ["x"], "courtesy": ["²"]}
    sent = receive(sheet(), form, NOW)
    assert sent.answers == Answers(values={"stars": 2}) and not sent.error and not sent.is_last


def test_an_answer_taken_back_is_gone() -> None:
    before = Answers(values={"stars": 2, "quality": 9}, choices={"problem": ["delay"]})
    sent = receive(sheet(before), {"page": ["visit"], "stars": ["2"]}, NOW)
    assert sent.answers.values == {"stars": 2} and sent.answers.choices == {"problem": ["delay"]}


@pytest.mark.parametrize(
    ("shown", "seconds"),
    [(str(int(NOW.timestamp()) - 42), 42), (str(int(NOW.timestamp()) + 9), 0), ("0", 3600), ("", 0), ("-5", 0), ("9" * 30, 0)],
)
def test_how_long_a_page_was_looked_at_is_told_within_an_hour(shown: str, seconds: int) -> None:
    assert receive(sheet(), {"page": ["visit"], "stars": ["5"], "shown": [shown]}, NOW).seconds == seconds


@pytest.mark.parametrize("name", SHIPPED)
@given(data=st.data())
def test_every_questionnaire_of_ours_comes_to_an_end(name: str, data: st.DataObject) -> None:
    """Whatever is answered, in no more pages than there are; what is kept was asked."""
    questionnaire, now = shipped(name)[0], sheet(questionnaire=shipped(name)[0])
    for _ in range(len(questionnaire.all_pages)):
        page = course.visible_pages(questionnaire, now.answers)[course.place(questionnaire, now.answers, None)]
        form: dict[str, list[str]] = {"page": [page.key]}
        for question in course.visible_questions(questionnaire, page, now.answers):
            offered = [option.key for option in question.options] or [
                str(value) for value in range(question.minimum, question.maximum + 1)
            ]
            least = 1 if question.required else 0
            form[question.key] = data.draw(st.lists(st.sampled_from(offered), min_size=least, max_size=2, unique=True))
        sent = receive(now, form, NOW)
        assert not sent.error and not sent.is_stale
        now = replace(now, answers=sent.answers)
        if sent.is_last:
            break
        wished = course.visible_pages(questionnaire, sent.answers)[sent.number + 1]
        assert course.place(questionnaire, sent.answers, wished.key) == sent.number + 1
        if course.place(questionnaire, sent.answers, None) <= sent.number:
            break  # nothing on the next page was answered: one would stand before it again
    assert course.told(questionnaire, now.answers) == now.answers


@given(form=st.dictionaries(st.sampled_from([q.key for q in STANDARD.questions] + ["page", "step", "shown", "comment"]), st.lists(st.text(max_size=20), max_size=3)))
def test_no_form_breaks_it(form: dict[str, list[str]]) -> None:
    receive(sheet(Answers(values={"stars": 2})), form, NOW)


def test_answers_are_said_in_words() -> None:
    asked, words = {q.key: q for q in STANDARD.questions}, Texts("fr")
    given_ = Answers(values={"stars": 2, "on_time": 0, "quality": 7}, choices={"problem": ["delay", "price"]})
    said = {key: in_words(asked[key], given_, words) for key in ("stars", "on_time", "quality", "problem", "recommend")}
    assert said == {
        "stars": "Mauvaise",
        "on_time": "Non",
        "quality": "7",
        "problem": "Les délais, Ce que j’ai dû payer",
        "recommend": "",
    }


def test_one_of_a_choice_and_several_of_several_are_read() -> None:
    asked = {q.key: q for q in STANDARD.questions}
    form = {"problem": ["price", "delay", "nonsense"], "chosen_by": ["near", "friends"]}
    read = read_answers([asked["problem"], asked["chosen_by"]], form)
    assert read.choices == {"problem": ["delay", "price"]}, "two of a choice are none"
