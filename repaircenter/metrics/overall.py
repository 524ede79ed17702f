"""Overall CSI of many questions: three formulas, the one used is printed (requirements 7.4)."""

from collections.abc import Mapping, Sequence

RESPONDENT_MEAN, QUESTION_MEAN, POOLED = "respondent-mean", "question-mean", "pooled"
Answers = Sequence[Mapping[str, float]]


def overall(answers: Answers, formula: str = RESPONDENT_MEAN) -> float | None:
    """The mean by one of the three formulas; each answer maps question -> score, missing ones are left out."""
    given = [answer for answer in answers if answer]
    if not given:
        return None
    if formula == POOLED:
        values = [value for answer in given for value in answer.values()]
        return sum(values) / len(values)
    if formula == QUESTION_MEAN:
        columns: dict[str, list[float]] = {}
        for answer in given:
            for question, value in answer.items():
                columns.setdefault(question, []).append(value)
        return sum(sum(column) / len(column) for column in columns.values()) / len(columns)
    return sum(sum(answer.values()) / len(answer) for answer in given) / len(given)


def index(value: float, minimum: float, maximum: float) -> float:
    """On 0 ... 100."""
    return 100.0 * (value - minimum) / (maximum - minimum)
