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


def weighted_overall(answers: Answers, weights: Mapping[str, float]) -> float | None:
    """Mean over respondents of their own weighted mean; the weights count over the questions answered only."""
    own = []
    for answer in answers:
        weight = sum(weights.get(question, 0.0) for question in answer)
        if weight > 0.0:
            own.append(sum(weights.get(question, 0.0) * value for question, value in answer.items()) / weight)
    return sum(own) / len(own) if own else None


def index(value: float, minimum: float, maximum: float) -> float:
    """On 0 ... 100."""
    return 100.0 * (value - minimum) / (maximum - minimum)
