"""Why a questionnaire cannot be used: reports count on its scales, customers must get from any page to the end (D-07)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from repaircenter.runtime.text import LANGUAGES
from repaircenter.wire.surveys.questionnaires import (
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
MOST_QUESTIONS, MOST_PAGES, MOST_OPTIONS, MOST_CONDITIONS = 60, 20, 30, 10
LONGEST_WORDS, _LONGEST_WORD = 600, 60


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong (the text `error.questionnaire_<code>`) and where: `kind` is questionnaire, page, question, comment or
    ending, `number` its place from 0, `key` its name in a file, `about` the question a condition is about."""

    code: str
    kind: str = "questionnaire"
    number: int = 0
    key: str = ""
    about: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    def facts_by_place(self, questionnaire: Questionnaire) -> dict[str, str]:
        """What its sentence needs where parts are known by their places, as on a screen."""
        keys = [question.key for question in questionnaire.questions]
        about = questionnaire.place_of("question", keys.index(self.about)) if self.about in keys else "–"
        return {"place": questionnaire.place_of(self.kind, self.number), "about": about, **self.facts}

    def facts_by_key(self) -> dict[str, str]:
        """What its sentence needs where parts are known by their keys, as in a file."""
        name = self.key or (str(self.number + 1) if self.kind in ("comment", "ending") else "")
        return {"place": f"{self.kind} {name}".strip(), "about": self.about, **self.facts}


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a questionnaire that has a place of its own."""

    kind: str
    number: int
    key: str

    def mistake(self, code: str, about: str = "", **facts: str) -> Mistake:
        return Mistake(code, self.kind, self.number, self.key, about, facts)


def find_mistake(questionnaire: Questionnaire) -> Mistake | None:
    """Return the first thing that is wrong; None when it can be used."""
    if not questionnaire.questions:
        return Mistake("empty")
    return next(_mistakes(questionnaire), None)


def _mistakes(questionnaire: Questionnaire) -> Iterator[Mistake]:
    yield from _wrong_sizes(questionnaire)
    yield from _wrong_keys(questionnaire)
    for part, question in _questions(questionnaire):
        yield from _wrong_question(part, question)
    yield from _wrong_pages(questionnaire)
    yield from _wrong_conditions(questionnaire)
    yield from _wrong_texts(questionnaire)


def _questions(questionnaire: Questionnaire) -> Iterator[tuple[_Part, Question]]:
    for number, question in enumerate(questionnaire.questions):
        yield _Part("question", number, question.key), question


def _wrong_sizes(questionnaire: Questionnaire) -> Iterator[Mistake]:
    lists = (questionnaire.pages, questionnaire.comments, questionnaire.endings)
    if len(questionnaire.questions) > MOST_QUESTIONS or any(len(parts) > MOST_PAGES for parts in lists):
        yield Mistake("large", facts={"questions": str(MOST_QUESTIONS), "pages": str(MOST_PAGES)})
    parts = (questionnaire.questions, questionnaire.pages, questionnaire.comments, questionnaire.endings)
    whens = [one.when for part in parts for one in part]
    if any(len(when) > MOST_CONDITIONS or any(len(one.among) > MOST_OPTIONS for one in when) for when in whens):
        yield Mistake("conditions_many", facts={"most": str(MOST_CONDITIONS)})
    for part, question in _questions(questionnaire):
        if len(question.options) > MOST_OPTIONS:
            yield part.mistake("options_many", most=str(MOST_OPTIONS))


def _wrong_keys(questionnaire: Questionnaire) -> Iterator[Mistake]:
    """Keys are what figures are counted by and answers are kept under."""
    seen: set[str] = set()
    for part, question in _questions(questionnaire):
        if not _KEY.fullmatch(question.key) or question.key in _TAKEN or question.key in seen:
            yield part.mistake("key")
        seen.add(question.key)
        options = [option.key for option in question.options]
        if len(set(options)) < len(options) or not all(_KEY.fullmatch(key) for key in options):
            yield part.mistake("option_key")
    pages = [page.key for page in questionnaire.pages]
    for number, key in enumerate(pages):
        if not _KEY.fullmatch(key) or key in pages[:number]:
            yield Mistake("key", "page", number, key)


def _wrong_question(part: _Part, question: Question) -> Iterator[Mistake]:
    scales = _SCALES.get(question.kind)
    if scales is None:
        yield part.mistake("kind", known=", ".join(_SCALES))
        return
    if (question.minimum, question.maximum) not in scales:
        yield part.mistake("scale", scales=", ".join(f"{low}–{high}" for low, high in scales))
    if not _KEY.fullmatch(question.section):
        yield part.mistake("section")
    if question.top is not None and not question.minimum < question.top <= question.maximum:
        yield part.mistake("top", least=str(question.minimum + 1), most=str(question.maximum))
    if (question.key == RECOMMEND) != (question.kind == "nps" and question.minimum == 0):
        yield part.mistake("recommend")
    if (question.key == "stars") != (question.kind == "stars"):
        yield part.mistake("stars")
    if (question.kind in (CHOICE, SEVERAL)) != bool(question.options):
        yield part.mistake("options")
    if not _fits_look(question):
        yield part.mistake("look")
    values = question.maximum - question.minimum + 1
    if any(len(words) != values or max(map(len, words)) > _LONGEST_WORD for words in question.words.values()):
        yield part.mistake("words", values=str(values))
    if not {*question.words, *question.looks} <= {*LANGUAGES}:
        yield part.mistake("language")


def _fits_look(question: Question) -> bool:
    """Whether it is shown as it can be: stars and faces are for scales of five."""
    looks = set(question.looks.values())
    return looks <= LOOKS and (question.maximum - question.minimum <= 4 or not looks - {NUMBERS})


def _wrong_pages(questionnaire: Questionnaire) -> Iterator[Mistake]:
    keys = [page.key for page in questionnaire.pages]
    for part, question in _questions(questionnaire):
        if question.page not in (keys or [""]):
            yield part.mistake("no_page")
    # The first page has something to answer, and the last one, which asks for a comment, is everybody's: no dead end.
    pages = questionnaire.all_pages
    if pages[0].when or not any(q.page == pages[0].key and not q.when for q in questionnaire.questions):
        yield Mistake("first_page", "page", 0, pages[0].key)
    if pages[-1].when:
        yield Mistake("last_page", "page", len(pages) - 1, pages[-1].key)
    for number, key in enumerate(keys[:-1]):
        if all(question.page != key for question in questionnaire.questions):
            yield Mistake("page_empty", "page", number, key)


def _wrong_conditions(questionnaire: Questionnaire) -> Iterator[Mistake]:
    """A condition looks back, and what hangs on conditions can be reached by somebody."""
    order = {page.key: number for number, page in enumerate(questionnaire.all_pages)}
    asked = {q.key: q for q in questionnaire.questions}
    whens = [
        *((_Part("page", n, page.key), n, page.when) for n, page in enumerate(questionnaire.pages)),
        *((part, order[q.page], q.when) for part, q in _questions(questionnaire)),
        *((_Part("comment", n, ""), len(order) - 1, words.when) for n, words in enumerate(questionnaire.comments)),
        *((_Part("ending", n, ""), len(order), words.when) for n, words in enumerate(questionnaire.endings)),
    ]
    for part, place, conditions in whens:
        for condition in conditions:
            about = asked.get(condition.question)
            if about is None or order[about.page] >= place:
                yield part.mistake("looks_ahead", about=condition.question)
                return
            if not _fits(condition, about):
                yield part.mistake("condition", about=condition.question)
                return
    # Only now that all look back: what hangs on others hangs on no circle. A question needs its page, too.
    pages = {page.key: page.when for page in questionnaire.all_pages}
    together = [(part, [*q.when, *pages[q.page]]) for part, q in _questions(questionnaire)]
    for part, conditions in (*((part, conditions) for part, _, conditions in whens), *together):
        if not _can_hold(questionnaire, conditions):
            yield part.mistake("unreachable")


def _fits(condition: Condition, about: Question) -> bool:
    """Whether a condition asks of a question what can be answered to it; no text has a condition."""
    bounds = [bound for bound in (condition.at_least, condition.at_most) if bound is not None]
    if about.options:
        known = {option.key for option in about.options}
        return not bounds and bool(condition.among) and set(condition.among) <= known
    if about.kind == "text" or condition.among or not bounds:
        return False
    return all(about.minimum <= bound <= about.maximum for bound in bounds)


def _can_hold(questionnaire: Questionnaire, conditions: Sequence[Condition]) -> bool:
    """Whether some answers meet these conditions and all that their questions hang on."""
    needed: dict[str, list[Condition]] = {}
    for condition in _needed(questionnaire, conditions):
        needed.setdefault(condition.question, []).append(condition)
    return all(_some_answer(q, needed[q.key]) for q in questionnaire.questions if q.key in needed)


def _some_answer(question: Question, conditions: Sequence[Condition]) -> bool:
    if question.kind == SEVERAL:
        return True  # several may be chosen, one for each condition
    if question.options:
        return bool(set.intersection(*(set(condition.among) for condition in conditions)))
    low = max((c.at_least for c in conditions if c.at_least is not None), default=question.minimum)
    high = min((c.at_most for c in conditions if c.at_most is not None), default=question.maximum)
    return low <= high


def _needed(questionnaire: Questionnaire, conditions: Sequence[Condition]) -> Iterator[Condition]:
    """These conditions, and those of the questions they are about and of their pages: each question is gone into once."""
    pages = {page.key: page for page in questionnaire.all_pages}
    asked = {q.key: q for q in questionnaire.questions}
    waiting, seen = list(conditions), set[str]()
    while waiting:
        condition = waiting.pop()
        yield condition
        about = asked[condition.question]
        if about.key not in seen:
            seen.add(about.key)
            waiting += [*about.when, *pages[about.page].when]


def _wrong_texts(questionnaire: Questionnaire) -> Iterator[Mistake]:
    """Every text is there in every language, and only what is known by then stands in it."""
    order = {page.key: number for number, page in enumerate(questionnaire.all_pages)}
    asked = {q.key: order[q.page] for q in questionnaire.questions}

    def known(number: int) -> set[str]:
        return _FACTS | {_ANSWER + key for key, page in asked.items() if page < number}

    last, questions = len(order), list(_questions(questionnaire))
    texts: list[tuple[_Part, set[str], Translated]] = [
        *((_Part("page", n, p.key), known(n), p.title) for n, p in enumerate(questionnaire.pages) if p.title),
        *((part, known(order[q.page]), q) for part, q in questions),
        *((part, set(), q.short) for part, q in questions if q.short),
        *(
            (_Part("question", part.number, f"{q.key}, {one.key}"), set(), one)
            for part, q in questions
            for one in q.options
        ),
        *((_Part("comment", n, ""), known(last - 1), words) for n, words in enumerate(questionnaire.comments)),
        *((_Part("ending", n, ""), known(last), words) for n, words in enumerate(questionnaire.endings)),
    ]
    if questionnaire.name is not None:
        texts.append((_Part("questionnaire", 0, ""), set(), questionnaire.name))
    for part, facts, translated in texts:
        for language in LANGUAGES:
            words = translated.source(language)
            if not words.strip():
                yield part.mistake("text_missing", language=language.upper())
            if len(words) > LONGEST_WORDS:
                yield part.mistake("text_long", language=language.upper(), most=str(LONGEST_WORDS))
            if translated.stray_braces(language) or not set(translated.placeholders(language)) <= facts:
                allowed = ", ".join(f"{{{fact}}}" for fact in sorted(facts)) or "–"
                yield part.mistake("placeholder", language=language.upper(), allowed=allowed)
