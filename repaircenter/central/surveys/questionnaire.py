"""A questionnaire as it is kept: questions with their scale, section and texts (A-03, A-04)."""

import tomllib
from typing import Any

import msgspec

from repaircenter.runtime.resources import resource
from repaircenter.runtime.text import language_of


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """`kind`: stars, scale, nps. `top` is the least value that counts as top box (requirements 7.2)."""

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

    def text(self, language: str, shop: str) -> str:
        words: str = getattr(self, language_of(language))
        return words.format(shop=shop)


class Questionnaire(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    version: int
    questions: list[Question]


def shipped(name: str = "standard") -> tuple[Questionnaire, Any]:
    """A questionnaire of resources/, and its content as it is stored."""
    content = tomllib.loads(resource("questionnaires", f"{name}.toml").read_text("utf-8"))
    return msgspec.convert(content, Questionnaire), content


def read_answers(questionnaire: Questionnaire, form: dict[str, str]) -> tuple[dict[str, int], bool]:
    """Values by question of a posted form, and whether every required one is there. Wrong values are left out."""
    values: dict[str, int] = {}
    for question in questionnaire.questions:
        raw = form.get(question.key, "")
        if raw.isascii() and raw.isdigit() and len(raw) < 4 and question.minimum <= int(raw) <= question.maximum:
            values[question.key] = int(raw)
    return values, all(q.key in values for q in questionnaire.questions if q.required)
