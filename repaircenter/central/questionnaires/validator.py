"""Why a questionnaire cannot be used: reports count on its scales, customers must get from any page to the end (D-07)."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from repaircenter.runtime.text import LANGUAGES
from repaircenter.wire.questionnaires import (
    CHOICE,
    LOOKS,
    NUMBERS,
    RECOMMEND,
    SEVERAL,
    Condition,
    Question,
    Questionnaire,
    Translated,
)

_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
# The page's own fields, and what reports call their measures.
_TAKEN: Final = {"comment", "page", "step", "shown", "so_far", "nps", "nps_stars", "nps_1_10", "csi", "question"}
# What reports can count: a recommendation from 1 to 10 is no NPS, but a variant with a name of its own (requirements 7.3).
_SCALES: Final = {
    "stars": ((1, 5),),
    "scale": ((1, 10),),
    "nps": ((0, 10), (1, 10)),
    "yes_no": ((0, 1),),
    "choice": ((0, 1),),
    "several": ((0, 1),),
    "text": ((0, 1),),
}
_FACTS: Final = {"shop", "name", "vehicle"}
_ANSWER: Final = "answer."


def wrong(questionnaire: Questionnaire) -> str:
    """Return what is wrong, in one sentence without its full stop; empty when it can be used."""
    questions = questionnaire.questions
    keys = [q.key for q in questions]
    if not keys or len(set(keys)) < len(keys):
        return "every question needs a key of its own, and there must be one"
    taken = next((key for key in keys if not _KEY.fullmatch(key) or key in _TAKEN), None)
    if taken is not None:
        return f"{taken} cannot be the key of a question: small letters, digits and _, and not a word of ours"
    mistakes = (f"question {q.key}: {why}" for q in questions if (why := _wrong_question(q)))
    return (
        next(mistakes, "") or _wrong_pages(questionnaire) or _wrong_conditions(questionnaire) or _wrong_texts(questionnaire)
    )


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
    options = [option.key for option in question.options]
    if (question.kind in (CHOICE, SEVERAL)) != bool(options):
        return "options are what a choice or several has, and at least one"
    if len(set(options)) < len(options) or not all(_KEY.fullmatch(key) for key in options):
        return "every option needs a key of its own: small letters, digits and _"
    return _wrong_look(question)


def _wrong_look(question: Question) -> str:
    if not set(question.looks.values()) <= LOOKS:
        return f"its looks are {', '.join(sorted(LOOKS))}"
    if question.maximum - question.minimum > 4 and set(question.looks.values()) - {NUMBERS}:
        return "stars and faces are for scales of five"
    if any(len(words) != question.maximum - question.minimum + 1 for words in question.words.values()):
        return "it has another number of words than of values"
    return ""


def _wrong_pages(questionnaire: Questionnaire) -> str:
    keys = [page.key for page in questionnaire.pages]
    if len(set(keys)) < len(keys) or not all(_KEY.fullmatch(key) for key in keys):
        return "every page needs a key of its own: small letters, digits and _"
    for question in questionnaire.questions:
        if question.page not in (keys or [""]):
            return f"question {question.key}: there is no page {question.page or 'for it'}"
    # The first page has something to answer, and the last one, which asks for a comment, is everybody's: no dead end.
    pages = questionnaire.all_pages
    if pages[0].when or not any(q.page == pages[0].key and not q.when for q in questionnaire.questions):
        return "the first page is for everybody and has a question for everybody"
    if pages[-1].when:
        return "the last page is for everybody"
    empty = next((key for key in keys[:-1] if all(q.page != key for q in questionnaire.questions)), None)
    return "" if empty is None else f"page {empty} has no question"


def _wrong_conditions(questionnaire: Questionnaire) -> str:
    """A condition looks back, and what hangs on conditions can be reached by somebody."""
    order = {page.key: number for number, page in enumerate(questionnaire.all_pages)}
    asked = {q.key: q for q in questionnaire.questions}
    whens = [
        *((f"page {page.key}", order[page.key], page.when) for page in questionnaire.pages),
        *((f"question {q.key}", order[q.page], q.when) for q in questionnaire.questions),
        *(("a text for the comment", len(order) - 1, words.when) for words in questionnaire.comments),
        *(("an ending", len(order), words.when) for words in questionnaire.endings),
    ]
    for who, number, conditions in whens:
        for condition in conditions:
            about = asked.get(condition.question)
            if about is None or order[about.page] >= number:
                return f"{who}: a condition is about a question of an earlier page, {condition.question} is none"
            if why := _wrong_condition(condition, about):
                return f"{who}: {why}"
    # Only now that all look back: what hangs on others hangs on no circle. A question needs its page, too.
    pages = {page.key: page.when for page in questionnaire.all_pages}
    together = [(f"question {q.key}", [*q.when, *pages[q.page]]) for q in questionnaire.questions]
    for who, conditions in (*((who, conditions) for who, _, conditions in whens), *together):
        if not _can_hold(questionnaire, conditions):
            return f"{who}: nobody can reach it, its conditions exclude each other"
    return ""


def _wrong_condition(condition: Condition, about: Question) -> str:
    """What is wrong with a condition on a question."""
    bounds = [bound for bound in (condition.at_least, condition.at_most) if bound is not None]
    if about.options:
        known = {option.key for option in about.options}
        if bounds or not condition.among or not set(condition.among) <= known:
            return f"a condition on {about.key} names options of it"
        return ""
    if about.kind == "text" or condition.among or not bounds:
        return f"a condition on {about.key} needs at_least or at_most, and no text has a condition"
    if not all(about.minimum <= bound <= about.maximum for bound in bounds):
        return f"a condition on {about.key} goes from {about.minimum} to {about.maximum}"
    return ""


def _can_hold(questionnaire: Questionnaire, conditions: Sequence[Condition]) -> bool:
    """Whether some answers meet these conditions and all that their questions hang on."""
    needed = [*_needed(questionnaire, conditions)]
    for question in questionnaire.questions:
        about = [condition for condition in needed if condition.question == question.key]
        if about and not _some_answer(question, about):
            return False
    return True


def _some_answer(question: Question, conditions: Sequence[Condition]) -> bool:
    if question.kind == SEVERAL:
        return True  # several may be chosen, one for each condition
    if question.options:
        return bool(set.intersection(*(set(condition.among) for condition in conditions)))
    low = max((c.at_least for c in conditions if c.at_least is not None), default=question.minimum)
    high = min((c.at_most for c in conditions if c.at_most is not None), default=question.maximum)
    return low <= high


def _needed(questionnaire: Questionnaire, conditions: Sequence[Condition]) -> Iterator[Condition]:
    """These conditions, and those of the questions they are about and of their pages."""
    pages = {page.key: page for page in questionnaire.all_pages}
    asked = {q.key: q for q in questionnaire.questions}
    for condition in conditions:
        yield condition
        about = asked[condition.question]
        yield from _needed(questionnaire, [*about.when, *pages[about.page].when])


def _wrong_texts(questionnaire: Questionnaire) -> str:
    """Every text is there in every language, and only what is known by then stands in it."""
    order = {page.key: number for number, page in enumerate(questionnaire.all_pages)}
    asked = {q.key: order[q.page] for q in questionnaire.questions}

    def known(number: int) -> set[str]:
        return _FACTS | {_ANSWER + key for key, page in asked.items() if page < number}

    last, questions = len(order), questionnaire.questions
    texts: list[tuple[str, set[str], Translated]] = [
        *((f"page {page.key}", known(order[page.key]), page.title) for page in questionnaire.pages if page.title),
        *((f"question {q.key}", known(order[q.page]), q) for q in questions),
        *((f"question {q.key}, short", set(), q.short) for q in questions if q.short),
        *((f"question {q.key}, option {option.key}", set(), option) for q in questions for option in q.options),
        *(("a text for the comment", known(last - 1), words) for words in questionnaire.comments),
        *(("an ending", known(last), words) for words in questionnaire.endings),
    ]
    if questionnaire.name is not None:
        texts.append(("the questionnaire's name", set(), questionnaire.name))
    for who, facts, wording in texts:
        for language in LANGUAGES:
            if not wording.source(language).strip():
                return f"{who}: its text in {language} is missing"
            if wording.stray_braces(language) or not set(wording.placeholders(language)) <= facts:
                allowed = ", ".join(f"{{{fact}}}" for fact in sorted(facts)) or "nothing in braces"
                return f"{who}: its text in {language} cannot be filled in: only {allowed} may stand in it"
    return ""
