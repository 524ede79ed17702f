"""A questionnaire as it is kept: questions with their scale, section and texts (A-03, A-04, B-N6)."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec

from repaircenter.runtime.errors import KnownError
from repaircenter.runtime.resources import resource
from repaircenter.runtime.text import LANGUAGES, language_of

NUMBERS, STARS, FACES = "numbers", "stars", "faces"
LOOKS: Final = {NUMBERS, STARS, FACES}
RECOMMEND: Final = "recommend"
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
# The page's own field, and what reports call their measures.
_TAKEN: Final = {"comment", "nps", "nps_stars", "nps_1_10", "csi", "question"}
# What reports can count: a recommendation from 1 to 10 is no NPS, but a variant with a name of its own (requirements 7.3).
_SCALES: Final = {"stars": ((1, 5),), "scale": ((1, 10),), "nps": ((0, 10), (1, 10))}


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """`kind`: stars, scale, nps. `top` is the least value that counts as top box (requirements 7.2).

    How a value is offered is chosen by language, because cultures read marks differently (B-N6): `looks` is numbers,
    stars or faces, `words` says each value in words. What is kept is the value alone, so that answers stay comparable.
    """

    key: str
    section: str
    kind: str
    minimum: int
    maximum: int
    top: int | None = None
    required: bool = False
    en: str
    fr: str
    es: str
    looks: dict[str, str] = {}
    words: dict[str, list[str]] = {}

    @property
    def top_box(self) -> int:
        """The least value of the top box: the two best values where the questionnaire names none (requirements 7.2)."""
        return self.maximum - 1 if self.top is None else self.top

    def text(self, language: str, shop: str) -> str:
        words: str = getattr(self, language_of(language))
        return words.format(shop=shop)

    def label(self, language: str) -> str:
        """The question as a report names it, without the shop."""
        return self.text(language, "").replace("  ", " ")

    def look(self, language: str) -> str:
        return self.looks.get(language_of(language), STARS if self.kind == "stars" else NUMBERS)

    def word(self, language: str, value: int) -> str:
        """What a value means; empty where only the ends of the scale are named."""
        words = self.words.get(language_of(language), [])
        return words[value - self.minimum] if words else ""


class Questionnaire(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    version: int
    questions: list[Question]


def read(path: Path) -> tuple[Questionnaire, Any]:
    """A questionnaire's file (TOML), and its content as it is stored. Raises KnownError with the reason."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
        questionnaire = msgspec.convert(content, Questionnaire)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise KnownError("service.bad_questionnaire", file=path.name, reason=error) from None
    wrong = _wrong(questionnaire)
    if wrong:
        raise KnownError("cli.file", file=path.name, reason=wrong)
    return questionnaire, content


def _wrong(questionnaire: Questionnaire) -> str:
    """Why a questionnaire cannot be used; reports count on these scales."""
    keys = [q.key for q in questionnaire.questions]
    if not keys or len(set(keys)) < len(keys):
        return "every question needs a key of its own, and there must be one"
    wrong = next((key for key in keys if not _KEY.fullmatch(key) or key in _TAKEN), None)
    if wrong is not None:
        return f"{wrong} cannot be the key of a question: small letters, digits and _, and not a word of ours"
    return next((f"question {q.key}: {why}" for q in questionnaire.questions if (why := _wrong_question(q))), "")


def _wrong_question(question: Question) -> str:
    scales = _SCALES.get(question.kind)
    if scales is None:
        return f"its kind is one of {', '.join(_SCALES)}"
    if (question.minimum, question.maximum) not in scales:
        return "its scale is " + " or ".join(f"{low} to {high}" for low, high in scales)
    if (question.key == RECOMMEND) != (question.kind == "nps" and question.minimum == 0):
        return f"a recommendation from 0 to 10 has the key {RECOMMEND}, and only that"
    if (question.key == "stars") != (question.kind == "stars"):
        return "the question for stars has the key stars, and only that"
    for language in LANGUAGES:
        try:
            question.text(language, "shop")
        except (KeyError, IndexError, ValueError, AttributeError, TypeError):
            return f"its text in {language} cannot be filled in: only {{shop}} may stand in it"
    if not set(question.looks.values()) <= LOOKS:
        return f"its looks are {', '.join(sorted(LOOKS))}"
    if question.maximum - question.minimum > 4 and set(question.looks.values()) - {NUMBERS}:
        return "stars and faces are for scales of five"
    if any(len(words) != question.maximum - question.minimum + 1 for words in question.words.values()):
        return "it has another number of words than of values"
    return ""


def shipped(name: str = "standard") -> tuple[Questionnaire, Any]:
    """A questionnaire of resources/, and its content as it is stored."""
    return read(resource("questionnaires", f"{name}.toml"))


def read_answers(questionnaire: Questionnaire, form: dict[str, str]) -> tuple[dict[str, int], bool]:
    """Values by question of a posted form, and whether every required one is there. Wrong values are left out."""
    values: dict[str, int] = {}
    for question in questionnaire.questions:
        raw = form.get(question.key, "")
        if raw.isascii() and raw.isdigit() and len(raw) < 4 and question.minimum <= int(raw) <= question.maximum:
            values[question.key] = int(raw)
    return values, all(q.key in values for q in questionnaire.questions if q.required)
