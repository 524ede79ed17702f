"""A page of a questionnaire as it is said to one customer, on a page of the browser or by telephone (A-04, D-08). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from repaircenter.central.surveys import course
from repaircenter.central.surveys.sheet import Sheet
from repaircenter.rendering.values import locale_of
from repaircenter.runtime.text import Texts
from repaircenter.wire.surveys.questionnaires import NO, TEXT, YES, YES_NO, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownQuestion:
    """`choices` are (value, word), `chosen` those that are marked and `words` what was written. `ends` say what the ends of
    a scale mean where its values have no words; `dates` stand above it (A-N7)."""

    key: str
    kind: str
    required: bool
    is_missing: bool
    text: str
    dates: Sequence[str]
    look: str
    is_number: bool
    is_worded: bool
    choices: Sequence[tuple[int | str, str]]
    chosen: Sequence[int | str]
    words: str
    ends: tuple[str, str] | tuple[()]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPage:
    """`number` is the page's among those this customer sees, from 1."""

    key: str
    heading: str
    number: int
    is_one_of_several: bool
    is_last: bool
    questions: Sequence[ShownQuestion]
    comment_label: str


def show_page(sheet: Sheet, number: int, missing: Sequence[str] = ()) -> ShownPage:
    """Return the page of this number (from 0) among those the customer sees; `missing` are answers it was sent without."""
    words, questionnaire, answers = Texts(sheet.language), sheet.questionnaire, sheet.answers
    visible = course.visible_pages(questionnaire, answers)
    page, facts = visible[number], sheet.facts(words)
    comment = course.variant(questionnaire.comments, answers)
    return ShownPage(
        key=page.key,
        heading=page.title.text(sheet.language, facts) if page.title is not None else "",
        number=number + 1,
        is_one_of_several=len(questionnaire.all_pages) > 1,
        is_last=page is visible[-1],
        questions=[
            _show_question(sheet, question, facts, words, question.key in missing)
            for question in course.visible_questions(questionnaire, page, answers)
        ],
        comment_label=words("page.survey.comment") if comment is None else comment.text(sheet.language, facts),
    )


def say_goodbye(sheet: Sheet) -> str:
    """Return what is said once the answers are there, by what they are (D-08)."""
    words = Texts(sheet.language)
    ending = course.variant(sheet.questionnaire.endings, sheet.answers)
    if ending is None:
        return words("page.done.message", shop=sheet.shop)
    return ending.text(sheet.language, sheet.facts(words))


def _show_question(
    sheet: Sheet, question: Question, facts: dict[str, str], words: Texts, is_missing: bool
) -> ShownQuestion:
    language, answers = sheet.language, sheet.answers
    choices: list[tuple[int | str, str]]
    chosen: list[int | str] = list(answers.choices.get(question.key, ()))
    if question.key in answers.values:
        chosen = [answers.values[question.key]]
    if question.options:
        choices = [(option.key, option.text(language, {})) for option in question.options]
    elif question.kind == YES_NO:
        choices = [(YES, words("common.yes")), (NO, words("common.no"))]
    elif question.kind == TEXT:
        choices = []
    else:
        choices = [(n, question.word(language, n)) for n in range(question.minimum, question.maximum + 1)]
    return ShownQuestion(
        key=question.key,
        kind=question.kind,
        required=question.required,
        is_missing=is_missing,
        text=question.text(language, facts),
        dates=_dates(sheet, words) if question.dates else (),
        look=question.look(language),
        is_number=question.is_scored,
        is_worded=bool(choices and choices[0][1]) and question.kind != YES_NO,
        choices=choices,
        chosen=chosen,
        words=answers.texts.get(question.key, ""),
        ends=_ends(words, question) if question.is_scored and not question.word(language, question.minimum) else (),
    )


def _ends(words: Texts, question: Question) -> tuple[str, str]:
    """What the ends of a scale mean, where its values have no words of their own."""
    key = "nps" if question.kind == "nps" else "scale"
    return (
        words(f"page.survey.low_{key}", value=question.minimum),
        words(f"page.survey.high_{key}", value=question.maximum),
    )


def _dates(sheet: Sheet, words: Texts) -> list[str]:
    """The days the customer was given, all of them, before "on time?" is asked (A-N7)."""

    def said(day: date) -> str:
        return format_date(day, "long", locale=locale_of(words.language))

    lines = []
    if sheet.promised:
        key = "page.survey.promised_several" if len(sheet.promised) > 1 else "page.survey.promised"
        lines.append(words(key, days="; ".join(map(said, sheet.promised))))
    if sheet.delivered_on is not None:
        lines.append(words("page.survey.returned", day=said(sheet.delivered_on)))
    return lines
