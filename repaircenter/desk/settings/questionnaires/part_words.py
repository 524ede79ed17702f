"""How parts of a questionnaire are called in its list."""

from collections.abc import Mapping, Sequence
from functools import reduce

from repaircenter.desk.settings.questionnaires.editing import COMMENT, ENDING, PAGE, QUESTION, Part, part_at
from repaircenter.runtime.text import Texts
from repaircenter.wire.surveys.questionnaires import YES_NO, Condition, Question, Questionnaire

_LONGEST = 70


def excerpt(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def part_text(questionnaire: Questionnaire, part: Part, words: Texts) -> str:
    """A line of the list: the place, what is asked or said, and whether it is for everybody."""
    one, place = part_at(questionnaire, part), questionnaire.place_of(part.kind, part.number)
    if part.kind not in (PAGE, QUESTION, COMMENT, ENDING):
        return words("desk.questionnaires.part.questionnaire")
    if part.kind == PAGE:
        title = "" if one.title is None else one.title.source(words.language)
        text = f"{words('desk.questionnaires.part.page')} {place}"
        text = f"{text}  {excerpt(title)}" if title else text
    else:
        said = excerpt(one.source(words.language)) or words("desk.questionnaires.no_words")
        text = f"{place}  {said}"
        if part.kind != QUESTION:
            text = f"{text}  ({words(f'desk.questionnaires.part.{part.kind}')})"
    if one.when:
        by_key = {question.key: question for question in questionnaire.questions}
        about = by_key.get(one.when[0].question)
        number = "–" if about is None else questionnaire.place_of(QUESTION, questionnaire.questions.index(about))
        only = words("desk.questionnaires.only", place=number, answer=condition_text(one.when, by_key, words))
        text = f"{text}  {only}"
    return text


def condition_text(conditions: Sequence[Condition], questions: Mapping[str, Question], words: Texts) -> str:
    """What must have been answered, in words."""
    return _join(words, "and", [_one_text(one, questions.get(one.question), words) for one in conditions])


def _one_text(condition: Condition, about: Question | None, words: Texts) -> str:
    if condition.among:
        options = {} if about is None else {one.key: one.source(words.language) for one in about.options}
        chosen = [words("desk.questionnaires.chosen", option=excerpt(options.get(key, key))) for key in condition.among]
        return _join(words, "or", chosen)
    if about is not None and about.kind == YES_NO:
        return words("desk.questionnaires.yes" if condition.at_least else "desk.questionnaires.no")
    bounds = [
        words(f"desk.questionnaires.{name}", value=bound)
        for name, bound in (("at_least", condition.at_least), ("at_most", condition.at_most))
        if bound is not None
    ]
    return _join(words, "and", bounds)


def _join(words: Texts, how: str, parts: Sequence[str]) -> str:
    """Parts as one phrase; `how` is and, or."""
    return reduce(lambda first, second: words(f"desk.questionnaires.{how}", first=first, second=second), parts)
