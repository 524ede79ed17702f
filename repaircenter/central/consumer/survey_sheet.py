"""Draws a page of a questionnaire, of a customer's survey and of a preview alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_date

from repaircenter.central.consumer.pages import Page, Pages
from repaircenter.central.surveys import course
from repaircenter.central.surveys.questionnaire import NO, TEXT, YES, YES_NO, Question
from repaircenter.central.surveys.sheet import Sheet
from repaircenter.rendering.values import locale_of
from repaircenter.runtime.text import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around the questions: where the form goes, where the customer says stop, what is said above; `so_far` is
    carried along where nothing is kept, `seen` told once somebody looks."""

    address: str
    stop_link: str = ""
    seen: str = ""
    notice: str = ""
    so_far: str = ""


def draw(
    pages: Pages,
    sheet: Sheet,
    around: Around,
    number: int,
    now_utc: datetime,
    *,
    missing: Sequence[str] = (),
    error: str = "",
) -> Page:
    """The page of this number (from 0) among those the customer sees; with an error it is a page that was refused."""
    words, questionnaire, answers = Texts(sheet.language), sheet.questionnaire, sheet.answers
    visible = course.visible_pages(questionnaire, answers)
    page, facts = visible[number], sheet.facts(words)
    comment = course.variant(questionnaire.comments, answers)
    return pages.page(
        "survey.html",
        words,
        422 if error else 200,
        seen=around.seen,
        title=words("page.survey.title", shop=sheet.shop),
        heading=page.title.text(sheet.language, facts) if page.title is not None else "",
        name=sheet.first_name,
        shop=sheet.shop,
        vehicle=sheet.vehicle,
        address=around.address,
        page=page.key,
        number=number + 1,
        several_pages=len(questionnaire.all_pages) > 1,
        is_last=page is visible[-1],
        shown=int(now_utc.timestamp()),
        so_far=around.so_far,
        questions=[
            _question(sheet, question, facts, words, question.key in missing)
            for question in course.visible_questions(questionnaire, page, answers)
        ],
        comment=answers.comment,
        comment_label=words("page.survey.comment") if comment is None else comment.text(sheet.language, facts),
        notice=around.notice,
        error=error,
        stop_link=around.stop_link,
    )


def receipt(pages: Pages, sheet: Sheet, notice: str = "") -> Page:
    """What is said once the answers are sent, by what they are (D-08)."""
    words = Texts(sheet.language)
    ending = course.variant(sheet.questionnaire.endings, sheet.answers)
    said = words("page.done.message", shop=sheet.shop)
    if ending is not None:
        said = ending.text(sheet.language, sheet.facts(words))
    message = f"{said} {notice}".strip()
    return pages.page("message.html", words, 200, title=words("page.done.title"), message=message, action=None)


def _question(
    sheet: Sheet, question: Question, facts: dict[str, str], words: Texts, is_missing: bool
) -> dict[str, Any]:
    """What the template shows of a question."""
    language, answers = sheet.language, sheet.answers
    choices: list[tuple[Any, str]]
    chosen: list[Any] = list(answers.choices.get(question.key, ()))
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
    return {
        "key": question.key,
        "kind": question.kind,
        "required": question.required,
        "is_missing": is_missing,
        "text": question.text(language, facts),
        "dates": _dates(sheet, words) if question.dates else (),
        "look": question.look(language),
        "is_number": question.is_scored,
        "is_worded": bool(choices and choices[0][1]) and question.kind != YES_NO,
        "choices": choices,
        "chosen": chosen,
        "words": answers.texts.get(question.key, ""),
        "ends": _ends(words, question) if question.is_scored and not question.word(language, question.minimum) else (),
    }


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
