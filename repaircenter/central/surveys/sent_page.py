"""A page of a survey that was sent: what it answers beside what was there, and whether it can be taken (A-P10). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from repaircenter.central.surveys import course
from repaircenter.central.surveys.answers import LONGEST_TEXT, Answers, read_answers
from repaircenter.central.surveys.sheet import Sheet
from repaircenter.runtime.text import clean_text
from repaircenter.wire.surveys.questionnaires import TEXT

# A page left open over lunch tells nothing about its questions.
_LONGEST_LOOK = 3600
_COMMENT_TOO_LONG, _TEXT_TOO_LONG = "too_long", "words_too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPage:
    """`answers` are all that there are now, `number` the page's among those the customer sees, from 0.

    `error` is the key of what is wrong with it, empty for nothing, and `missing` what it lacks; what `is_too_long` is not
    kept. `is_stale`: there is no
    such page (any more), nothing was taken of it. `seconds` is how long it was looked at.
    """

    answers: Answers
    page: str
    number: int
    missing: Sequence[str] = ()
    error: str = ""
    is_stale: bool = False
    is_back: bool = False
    is_last: bool = False
    seconds: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether the survey is complete with it."""
        return self.is_last and not self.is_back and not self.error

    @property
    def is_too_long(self) -> bool:
        return self.error in (_COMMENT_TOO_LONG, _TEXT_TOO_LONG)


def receive(sheet: Sheet, form: Mapping[str, Sequence[str]], now_utc: datetime) -> SentPage:
    """Return what a posted form says."""
    questionnaire, before = sheet.questionnaire, sheet.answers
    wished = _field(form, "page")
    number = course.place(questionnaire, before, wished)
    page = course.visible_pages(questionnaire, before)[number]
    if page.key != wished:
        return SentPage(answers=before, page=page.key, number=number, is_stale=True)
    questions = course.visible_questions(questionnaire, page, before)
    answers = before.with_page(questions, read_answers(questions, form))
    answers = course.told(questionnaire, answers)
    is_last = number == len(course.visible_pages(questionnaire, answers)) - 1
    if is_last and "comment" in form:
        answers = answers.with_comment(clean_text(_field(form, "comment")))
    missing = course.missing(questions, answers)
    error = ""
    if any(q.kind == TEXT and len(answers.texts.get(q.key, "")) > LONGEST_TEXT for q in questions):
        error = _TEXT_TOO_LONG
    elif len(answers.comment) > LONGEST_TEXT:
        error = _COMMENT_TOO_LONG
    elif missing:
        error = "missing" if missing == ["stars"] else "missing_answer"
    return SentPage(
        answers=answers,
        page=page.key,
        number=number,
        missing=missing,
        error=error,
        is_back=_field(form, "step") == "back",
        is_last=is_last,
        seconds=_seconds(_field(form, "shown"), now_utc),
    )


def _field(form: Mapping[str, Sequence[str]], name: str) -> str:
    return (form.get(name) or ("",))[0]


def _seconds(shown: str, now_utc: datetime) -> int:
    """How long ago a page was shown; 0 where its form does not say."""
    if not (shown.isascii() and shown.isdigit() and len(shown) < 12):
        return 0
    return min(max(int(now_utc.timestamp()) - int(shown), 0), _LONGEST_LOOK)
