"""Questionnaires: what the shipped one says in each language (B-N6), and why a file is refused."""

import time
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from repaircenter.central.questionnaires.questionnaire_file import read, shipped
from repaircenter.central.questionnaires.validator import find_mistake
from repaircenter.runtime.errors import KnownError
from repaircenter.wire.surveys.questionnaires import FACES, NUMBERS, STARS, Condition, Page, Question, Questionnaire

GOOD = """
key = "own"
version = 3
[[questions]]
key = "stars"
section = "shop"
kind = "stars"
minimum = 1
maximum = 5
en = "How was {shop}?"
fr = "Comment était {shop} ?"
es = "¿Cómo fue {shop}?"
looks.es = "faces"
words.es = ["Muy mala", "Mala", "Regular", "Buena", "Excelente"]
[[questions]]
key = "recommend_1_10"
section = "shop"
kind = "nps"
minimum = 1
maximum = 10
en = "Recommend?"
fr = "Recommander ?"
es = "¿Recomendar?"
"""


def test_every_value_of_the_stars_has_a_word_in_each_language() -> None:
    stars = shipped()[0].questions[0]
    for language in ("en", "fr-CA", "es"):
        said = [stars.word(language, value) for value in range(1, 6)]
        assert all(said) and len(set(said)) == 5
        assert stars.look(language) == STARS


def test_marks_and_words_are_chosen_by_language(tmp_path: Path) -> None:
    found, content = read(_file(tmp_path, GOOD))
    stars, recommend = found.questions
    assert (stars.look("es"), stars.look("fr"), recommend.look("es")) == (FACES, STARS, NUMBERS)
    assert (stars.word("es", 1), stars.word("en", 1)) == ("Muy mala", "")
    assert content["version"] == 3


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (('kind = "stars"', 'kind = "hearts"'), "the kinds are stars, scale, nps, yes_no, choice, several, text"),
        (('looks.es = "faces"', 'looks.es = "hearts"'), "shown as numbers, stars or faces"),
        (('"Buena", ', ""), "question stars: it needs a word for each of its 5 values"),
        (("maximum = 5", "maximum = 7"), "its scale is 1–5"),
        (('key = "recommend_1_10"', 'key = "recommend"'), "from 0 to 10 has the key recommend, and nothing else"),
        (('key = "recommend_1_10"', 'key = "stars"'), "a key of its own"),
        (('key = "stars"', 'key = "star"'), "has the key stars, and nothing else"),
        (("How was {shop}?", "How was {him}?"), "the text in EN cannot be filled in"),
        (("How was {shop}?", "How was {shop.x}?"), "the text in EN cannot be filled in"),
        (("How was {shop}?", "How was {shop[x]}?"), "the text in EN cannot be filled in"),
        (('key = "recommend_1_10"', 'key = "comment"'), "question comment: every part needs a key"),
        (('key = "recommend_1_10"', 'key = "nps"'), "question nps: every part needs a key"),
        (('key = "recommend_1_10"', 'key = "a,b"'), "question a,b: every part needs a key"),
        (("version = 3", 'version = "a"'), "cannot be read"),
        (("[[questions]]", "[[questions"), "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, change: tuple[str, str], reason: str) -> None:
    with pytest.raises(KnownError, match=reason):
        read(_file(tmp_path, GOOD.replace(*change)))


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"none\.toml"):
        read(tmp_path / "none.toml")


def _file(folder: Path, words: str) -> Path:
    path = folder / "own.toml"
    path.write_text(words, "utf-8")
    return path


PAGES = """
key = "own"
version = 1
[[pages]]
key = "one"
[[pages]]
key = "two"
when = [{ question = "late", at_least = 1 }]
[[pages]]
key = "three"
[[questions]]
key = "late"
page = "one"
section = "shop"
kind = "yes_no"
en = "Late?"
fr = "En retard?"
es = "¿Tarde?"
[[questions]]
key = "who"
page = "two"
section = "shop"
kind = "several"
options = [{ key = "a", en = "A", fr = "A", es = "A" }, { key = "b", en = "B", fr = "B", es = "B" }]
en = "Who?"
fr = "Qui?"
es = "¿Quién?"
[[questions]]
key = "why"
page = "three"
section = "shop"
kind = "text"
when = [{ question = "who", among = ["b"] }]
en = "Why {answer.who}?"
fr = "Pourquoi?"
es = "¿Por qué?"
[[comments]]
when = [{ question = "late", at_most = 0 }]
en = "Well?"
fr = "Alors?"
es = "¿Y?"
"""


def test_a_questionnaire_of_pages_is_read(tmp_path: Path) -> None:
    pages = read(_file(tmp_path, PAGES))[0]
    assert [page.key for page in pages.all_pages] == ["one", "two", "three"] and pages.title("fr") == "own"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (('kind = "several"', 'kind = "text"'), "a question with choices needs at least one, any other has none"),
        (('key = "b", en', 'key = "a", en'), "every choice needs a key of its own"),
        (('page = "two"', 'page = "ten"'), "question who: its page is not there"),
        (('key = "three"', 'key = "two"'), "page two: every part needs a key of its own"),
        (('key = "one"\n[', 'key = "one"\nwhen = [{ question = "who", among = ["a"] }]\n['), "the first page must be for everybody"),
        (('page = "one"\n', 'page = "one"\nwhen = [{ question = "why", at_most = 1 }]\n'), "the first page must be for everybody"),
        (('[[pages]]\nkey = "three"', '[[pages]]\nkey = "three"\nwhen = [{ question = "late", at_least = 1 }]'), "the last page"),
        (('[[pages]]\nkey = "three"', ""), "question why: its page is not there"),
        (('page = "three"', 'page = "one"'), "question why: its condition must be about"),
        (('question = "who", among = ["b"]', 'question = "why", at_most = 1'), "question why: its condition must be about"),
        (('among = ["b"]', 'among = ["c"]'), "its condition asks of question who what nobody can answer"),
        (('among = ["b"]', "at_most = 1"), "its condition asks of question who what nobody can answer"),
        (("at_least = 1 }", "at_least = 2 }"), "its condition asks of question late what nobody"),
        (("at_least = 1 }", 'among = ["a"] }'), "its condition asks of question late what nobody"),
        (("at_least = 1 }", "at_least = 1, at_most = 0 }"), "nobody ever gets there"),
        (('among = ["b"] }', 'among = ["b"] }, { question = "late", at_most = 0 }'), "question why: nobody ever gets there"),
        (('fr = "Alors?"', 'fr = " "'), "comment 1: the text in FR is missing"),
        (("Why {answer.who}?", "Why {answer.why}?"), "question why: the text in EN cannot be filled in"),
        (("Late?", "Late, {answer.who}?"), "question late: the text in EN cannot be filled in"),
        (('en = "B"', 'en = "{shop}"'), "question who, b: the text in EN cannot be filled in"),
        (('key = "late"', 'key = "so_far"'), "question so_far: every part needs a key"),
        (('question = "late", at_most = 0', 'question = "why", at_most = 0'), "comment 1: its condition"),
        (("Well?", "Well} ?"), "comment 1: the text in EN cannot be filled in"),
    ],
)
def test_nobody_is_led_astray(tmp_path: Path, change: tuple[str, str], reason: str) -> None:
    """No page that nobody reaches, none without a way on, no condition on what is not answered yet (D-07)."""
    assert change[0] in PAGES
    with pytest.raises(KnownError, match=reason):
        read(_file(tmp_path, PAGES.replace(*change)))


def test_conditions_upon_conditions_are_judged_in_time() -> None:
    """Each question hangs on all of the page before: whoever looks at such a one waits no day."""
    words: dict[str, Any] = {"en": "?", "fr": "?", "es": "?"}
    questions = []
    for page in range(20):
        when = [Condition(question=f"q{page - 1}_{other}", at_least=1) for other in range(3)] if page else []
        for number in range(3):
            one = Question(key=f"q{page}_{number}", section="shop", kind="yes_no", page=f"p{page}", when=when, **words)
            questions.append(replace(one, when=[]) if number == 2 and page in (0, 19) else one)
    asked = Questionnaire(key="x", version=1, questions=questions, pages=[Page(key=f"p{page}") for page in range(20)])
    begun = time.perf_counter()
    assert find_mistake(asked) is None
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"section": "x" * 50}, "section"),
        ({"section": ""}, "section"),
        ({"top": 1}, "top"),
        ({"top": 6}, "top"),
        ({"words": {"en": ["x" * 61, "b", "c", "d", "e"]}}, "words"),
        ({"words": {"de": ["a", "b", "c", "d", "e"]}}, "language"),
        ({"looks": {"de": "stars"}}, "language"),
        ({"when": [Condition(question="a", at_least=1)] * 11}, "conditions_many"),
    ],
)
def test_nothing_is_larger_or_stranger_than_it_may_be(change: dict[str, Any], code: str) -> None:
    stars = shipped()[0]
    wrong = replace(stars, questions=[replace(stars.questions[0], **change), *stars.questions[1:]])
    mistake = find_mistake(wrong)
    assert mistake is not None and mistake.code == code
