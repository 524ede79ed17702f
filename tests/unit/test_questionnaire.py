"""Questionnaires: what the shipped one says in each language (B-N6), and why a file is refused."""

from pathlib import Path

import pytest

from repaircenter.central.surveys.questionnaire import FACES, NUMBERS, STARS, read, shipped
from repaircenter.runtime.errors import KnownError

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
        (('kind = "stars"', 'kind = "hearts"'), "its kind is one of stars, scale, nps"),
        (('looks.es = "faces"', 'looks.es = "hearts"'), "its looks are faces, numbers, stars"),
        (('"Buena", ', ""), "another number of words than of values"),
        (("maximum = 5", "maximum = 7"), "its scale is 1 to 5"),
        (('key = "recommend_1_10"', 'key = "recommend"'), "from 0 to 10 has the key recommend, and only that"),
        (('key = "recommend_1_10"', 'key = "stars"'), "a key of its own"),
        (('key = "stars"', 'key = "star"'), "has the key stars, and only that"),
        (("How was {shop}?", "How was {him}?"), "its text in en cannot be filled in"),
        (("How was {shop}?", "How was {shop.x}?"), "its text in en cannot be filled in"),
        (("How was {shop}?", "How was {shop[x]}?"), "its text in en cannot be filled in"),
        (('key = "recommend_1_10"', 'key = "comment"'), "comment cannot be the key of a question"),
        (('key = "recommend_1_10"', 'key = "nps"'), "nps cannot be the key of a question"),
        (('key = "recommend_1_10"', 'key = "a,b"'), "a,b cannot be the key of a question"),
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
