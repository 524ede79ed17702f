"""How a questionnaire is changed: a part added, moved, written anew or taken away. Pure; every step returns another one."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from msgspec.structs import replace

from repaircenter.wire.surveys.questionnaires import (
    CHOICE,
    RECOMMEND,
    SEVERAL,
    TEXT,
    YES_NO,
    Condition,
    Option,
    Page,
    Question,
    Questionnaire,
    Translated,
    Variant,
)

QUESTIONNAIRE, PAGE, QUESTION, COMMENT, ENDING = "questionnaire", "page", "question", "comment", "ending"
STARS, NPS, SCALE = "stars", "nps", "scale"
KINDS: Final = (SCALE, YES_NO, CHOICE, SEVERAL, TEXT, STARS, NPS)
WITH_OPTIONS: Final = (CHOICE, SEVERAL)
# Least value, greatest value, least of the top box.
_SCALES: Final = {STARS: (1, 5, None), NPS: (0, 10, 9), SCALE: (1, 10, 9)}
# These are known by their key; figures count on it.
_KEYS: Final = {STARS: STARS, NPS: RECOMMEND}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a questionnaire: what it is and its number among its like, from 0."""

    kind: str
    number: int = 0


WHOLE: Final = Part(QUESTIONNAIRE)


def new_key(prefix: str) -> str:
    """A key that no other part has."""
    return f"{prefix}_{uuid.uuid4().hex[:12]}"


def empty(words: Translated = Translated(en="", fr="", es="")) -> Questionnaire:
    """A questionnaire with one page and nothing on it."""
    return Questionnaire(key="", version=0, questions=[], name=words, pages=[Page(key=new_key("p"))])


def with_pages(questionnaire: Questionnaire) -> Questionnaire:
    """The same with its only page named, so that others can follow it."""
    if questionnaire.pages:
        return questionnaire
    page = Page(key=new_key("p"))
    return replace(
        questionnaire, pages=[page], questions=[replace(one, page=page.key) for one in questionnaire.questions]
    )


def parts_of(questionnaire: Questionnaire) -> list[Part]:
    """Every part in the order in which customers come to it, the questionnaire itself first."""
    parts = [WHOLE]
    for number, page in enumerate(questionnaire.all_pages):
        parts.append(Part(PAGE, number))
        parts += [Part(QUESTION, n) for n, one in enumerate(questionnaire.questions) if one.page == page.key]
    parts += [Part(COMMENT, n) for n in range(len(questionnaire.comments))]
    return parts + [Part(ENDING, n) for n in range(len(questionnaire.endings))]


def part_at(questionnaire: Questionnaire, part: Part) -> Any:
    """What a part is: the Question, the Page, the Variant, or the questionnaire."""
    return questionnaire if part.kind == QUESTIONNAIRE else _list(questionnaire, part.kind)[part.number]


def put(questionnaire: Questionnaire, part: Part, changed: Any) -> Questionnaire:
    """The same with a part written anew."""
    if part.kind == QUESTIONNAIRE:
        return changed if isinstance(changed, Questionnaire) else questionnaire
    parts = list(_list(questionnaire, part.kind))
    parts[part.number] = changed
    return _with(questionnaire, part.kind, parts)


def kinds_to_add(questionnaire: Questionnaire) -> list[str]:
    """Of stars and of a recommendation there is one."""
    there = {question.key for question in questionnaire.questions}
    return [kind for kind in KINDS if _KEYS.get(kind) not in there]


def add_question(questionnaire: Questionnaire, after: Part, kind: str) -> tuple[Questionnaire, Part]:
    """Another question without words, behind the part that is chosen; on the last page where that is none of a page."""
    number, page = len(questionnaire.questions), questionnaire.all_pages[-1].key
    if after.kind == PAGE:
        page = questionnaire.all_pages[after.number].key
        number = next((n for n, one in enumerate(questionnaire.questions) if one.page == page), number)
    elif after.kind == QUESTION:
        page, number = questionnaire.questions[after.number].page, after.number + 1
    low, high, top = _SCALES.get(kind, (0, 1, None))
    options = [Option(key=new_key("o"), en="", fr="", es="")] if kind in WITH_OPTIONS else []
    question = Question(
        key=_KEYS.get(kind) or new_key("q"), section="shop", kind=kind, page=page, minimum=low, maximum=high, top=top,
        options=options, en="", fr="", es="",
    )  # fmt: skip
    return _insert(questionnaire, QUESTION, number, question), Part(QUESTION, number)


def add_page(questionnaire: Questionnaire, after: Part) -> tuple[Questionnaire, Part]:
    """Another page behind the one of the chosen part."""
    number = len(questionnaire.pages)
    if after.kind in (PAGE, QUESTION):
        number = page_number(questionnaire, after) + 1
    return _insert(questionnaire, PAGE, number, Page(key=new_key("p"))), Part(PAGE, number)


def add_variant(questionnaire: Questionnaire, kind: str) -> tuple[Questionnaire, Part]:
    """Other words above the comment, or at the end: said before those that everybody gets."""
    number = len(_list(questionnaire, kind))
    return _insert(questionnaire, kind, number, Variant(en="", fr="", es="")), Part(kind, number)


def page_number(questionnaire: Questionnaire, part: Part) -> int:
    """The number of the page on which a part stands, from 0; comments stand on the last one, endings behind it."""
    keys = [page.key for page in questionnaire.all_pages]
    if part.kind == PAGE:
        return part.number
    if part.kind == QUESTION:
        return keys.index(questionnaire.questions[part.number].page)
    return len(keys) - 1 if part.kind == COMMENT else len(keys)


def remove(questionnaire: Questionnaire, part: Part) -> tuple[Questionnaire, list[str]]:
    """The same without a part, and the places of those that hung on it and are now for everybody.

    The questions of a page go to the one before it, of the first to the next; the only page stays.
    """
    if part.kind == QUESTIONNAIRE or (part.kind == PAGE and len(questionnaire.pages) < 2):
        return questionnaire, []
    gone = part_at(questionnaire, part)
    parts = [one for number, one in enumerate(_list(questionnaire, part.kind)) if number != part.number]
    without = _with(questionnaire, part.kind, parts)
    if part.kind == PAGE:
        heir = questionnaire.pages[max(part.number - 1, 0) or int(part.number == 0)].key
        moved = [replace(one, page=heir) if one.page == gone.key else one for one in questionnaire.questions]
        return replace(without, questions=moved), []
    return _without_conditions(without, gone.key) if part.kind == QUESTION else (without, [])


def _without_conditions(questionnaire: Questionnaire, key: str) -> tuple[Questionnaire, list[str]]:
    """The same without what was asked only after a question that is gone."""
    freed: list[str] = []
    for part in parts_of(questionnaire)[1:]:
        one = part_at(questionnaire, part)
        left = [condition for condition in one.when if condition.question != key]
        if len(left) < len(one.when):
            questionnaire = put(questionnaire, part, replace(one, when=left))
            freed.append(questionnaire.place_of(part.kind, part.number))
    return questionnaire, freed


def move(questionnaire: Questionnaire, part: Part, step: int) -> tuple[Questionnaire, Part]:
    """The same with a part one place up (-1) or down (1): a question beyond the end of its page goes to the next one."""
    if part.kind == QUESTION:
        return _move_question(questionnaire, part, step)
    number = part.number + step
    if part.kind == QUESTIONNAIRE or not 0 <= number < len(_list(questionnaire, part.kind)):
        return questionnaire, part
    return _swap(questionnaire, part, number)


def _move_question(questionnaire: Questionnaire, part: Part, step: int) -> tuple[Questionnaire, Part]:
    question, pages = questionnaire.questions[part.number], [page.key for page in questionnaire.all_pages]
    like = [n for n, one in enumerate(questionnaire.questions) if one.page == question.page]
    place = like.index(part.number) + step
    if 0 <= place < len(like):
        return _swap(questionnaire, part, like[place])
    page = pages.index(question.page) + step
    if not 0 <= page < len(pages):
        return questionnaire, part
    others = [one for number, one in enumerate(questionnaire.questions) if number != part.number]
    there = [number for number, one in enumerate(others) if one.page == pages[page]]
    # At the end of the page before, at the beginning of the next.
    number = (there[-1] + 1 if step < 0 else there[0]) if there else len(others)
    others.insert(number, replace(question, page=pages[page]))
    return replace(questionnaire, questions=others), Part(QUESTION, number)


def _swap(questionnaire: Questionnaire, part: Part, number: int) -> tuple[Questionnaire, Part]:
    parts = list(_list(questionnaire, part.kind))
    parts[part.number], parts[number] = parts[number], parts[part.number]
    return _with(questionnaire, part.kind, parts), Part(part.kind, number)


def asked_before(questionnaire: Questionnaire, part: Part) -> list[int]:
    """The numbers of the questions a part may hang on: of earlier pages, and none of plain text."""
    page = page_number(questionnaire, part)
    return [
        number
        for number, question in enumerate(questionnaire.questions)
        if question.kind != TEXT and page_number(questionnaire, Part(QUESTION, number)) < page
    ]


def conditions_on(question: Question) -> list[Condition]:
    """Every simple condition on a question, in the order of its values."""
    key = question.key
    if question.options:
        return [Condition(question=key, among=[option.key]) for option in question.options]
    low, high = question.minimum, question.maximum
    at_most = [Condition(question=key, at_most=value) for value in range(low, high)]
    at_least = [Condition(question=key, at_least=value) for value in range(low + 1, high + 1)]
    return [*at_most, *at_least]


_LISTS: Final = {PAGE: "pages", QUESTION: "questions", COMMENT: "comments", ENDING: "endings"}


def _list(questionnaire: Questionnaire, kind: str) -> Sequence[Any]:
    return questionnaire.all_pages if kind == PAGE else getattr(questionnaire, _LISTS[kind])


def _with(questionnaire: Questionnaire, kind: str, parts: Sequence[Any]) -> Questionnaire:
    return replace(questionnaire, **{_LISTS[kind]: list(parts)})


def _insert(questionnaire: Questionnaire, kind: str, number: int, part: Any) -> Questionnaire:
    parts = list(_list(questionnaire, kind))
    parts.insert(number, part)
    return _with(questionnaire, kind, parts)


def translated(part: Any, write: Callable[[str], str]) -> Any:
    """A part with its words in each language as `write(language)` says."""
    return replace(part, **{language: write(language) for language in Translated.__struct_fields__})
