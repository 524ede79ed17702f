"""Which pages and questions a customer sees, by what was answered so far (D-07, A-P10). Pure."""

from collections.abc import Sequence

from repaircenter.central.surveys.answers import Answers
from repaircenter.wire.surveys.questionnaires import Condition, Page, Question, Questionnaire, Variant


def is_met(conditions: Sequence[Condition], answers: Answers) -> bool:
    """Whether all conditions hold; one on a question without an answer does not (MODULES 2: never 0)."""
    return all(_holds(condition, answers) for condition in conditions)


def _holds(condition: Condition, answers: Answers) -> bool:
    if condition.among:
        return not set(condition.among).isdisjoint(answers.choices.get(condition.question, ()))
    value = answers.values.get(condition.question)
    if value is None:
        return False
    above = condition.at_least is None or value >= condition.at_least
    return above and (condition.at_most is None or value <= condition.at_most)


def visible_questions(questionnaire: Questionnaire, page: Page, answers: Answers) -> list[Question]:
    """The questions of a page, in their order."""
    return [q for q in questionnaire.questions if q.page == page.key and is_met(q.when, answers)]


def visible_pages(questionnaire: Questionnaire, answers: Answers) -> list[Page]:
    """The pages there are for this customer: those with a question, and the last one, which asks for a comment."""
    pages = [page for page in questionnaire.all_pages if is_met(page.when, answers)]
    return [page for page in pages if page is pages[-1] or visible_questions(questionnaire, page, answers)]


def asked(questionnaire: Questionnaire, answers: Answers) -> list[Question]:
    """All questions a customer with these answers is asked, page by page."""
    pages = visible_pages(questionnaire, answers)
    return [question for page in pages for question in visible_questions(questionnaire, page, answers)]


def missing(questions: Sequence[Question], answers: Answers) -> list[str]:
    """The keys of required questions that are not answered."""
    return [q.key for q in questions if q.required and not answers.has(q.key)]


def place(questionnaire: Questionnaire, answers: Answers, wished: str | None) -> int:
    """The number of the page to show, among the visible ones: the wished one, or the first one that comes before it and
    is not complete. Without a wish the first that is not begun."""
    pages = visible_pages(questionnaire, answers)
    for number, page in enumerate(pages):
        questions = visible_questions(questionnaire, page, answers)
        if page.key == wished or missing(questions, answers):
            return number
        if wished is None and questions and not any(answers.has(q.key) for q in questions):
            return number
    return len(pages) - 1


def told(questionnaire: Questionnaire, answers: Answers) -> Answers:
    """Return the answers without those to questions that are not seen any more: who goes back and changes an answer takes
    back what hung on it."""
    kept = answers
    # In their order: a question may hang on one that hangs on another.
    for page in questionnaire.all_pages:
        hidden = not is_met(page.when, kept)
        gone = [
            q.key for q in questionnaire.questions if q.page == page.key and (hidden or not is_met(q.when, kept))
        ]
        kept = kept.without(gone)
    return kept


def variant(variants: Sequence[Variant], answers: Answers) -> Variant | None:
    """The first text that fits these answers."""
    return next((words for words in variants if is_met(words.when, answers)), None)
