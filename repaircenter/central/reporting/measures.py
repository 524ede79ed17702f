"""The measures a report can follow: NPS, stars, overall CSI; each with its aggregate, figure and test of a change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection

from repaircenter.central.reporting.sql import aggregates
from repaircenter.central.reporting.sql.aggregates import Key
from repaircenter.central.reporting.sql.cohort import Selection
from repaircenter.metrics import changes, means, nps, overall
from repaircenter.metrics.changes import Change
from repaircenter.metrics.figure import Figure
from repaircenter.metrics.means import Moments, Spread
from repaircenter.metrics.nps import Groups
from repaircenter.runtime.text import Texts
from repaircenter.wire.surveys.questionnaires import RECOMMEND, Question

Pool = Groups | Moments
T = TypeVar("T")
Fetch = Callable[[Connection, Selection, Sequence[str], str], Mapping[Key, T]]
QUESTION_MEASURE = "question:"
MEASURES = ("nps", "nps_stars", "stars", "csi", "nps_1_10")


@dataclass(frozen=True, slots=True)
class Measure:
    """`fetch` gives a pool for each key; pools add; `figure` and `change` make of them what is shown."""

    id: str
    unit: str
    minimum: float
    maximum: float
    nothing: Any
    fetch: Callable[[Connection, Selection, Sequence[str], str], Mapping[Key, Any]]
    figure: Callable[[Any], Figure]
    change: Callable[[Any, Any], Change | None]
    # Figures of groups beside each other: those without a spread of their own take that of the others.
    figures: Callable[[Mapping[Any, Any]], dict[Any, Figure]]
    # The deviation of single answers among groups beside each other; None where no answers differ.
    deviation: Callable[[Mapping[Any, Any]], float | None]
    # Whose answers it counts.
    questions: Sequence[str] = ()
    question: Question | None = None

    def title(self, words: Texts) -> str:
        return words(f"report.measure.{self.id}") if self.question is None else self.question.label(words.language)


def measure(name: str, questions: Sequence[Question] = ()) -> Measure:
    """A measure by its id; NPS for an unknown one. `questions` are those the overall CSI and the variant count."""
    asked = next((q for q in questions if q.key == asked_of(name)), None)
    if asked is not None:
        low, high = asked.minimum, asked.maximum
        return _of_means(name, low, high, _moments(asked.key), means.MEAN, (asked.key,), asked)
    if name == "stars":
        return _of_means("stars", 1, 5, _moments("stars"), means.MEAN, ("stars",))
    if name == "csi":
        keys = [q.key for q in questions if q.kind == "scale"]

        def respondents(c: Connection, chosen: Selection, by: Sequence[str], grain: str) -> Mapping[Key, Moments]:
            return aggregates.respondents(c, chosen, keys, by, grain)

        return _of_means("csi", 1, 10, respondents, overall.RESPONDENT_MEAN, keys)
    if name == "nps_stars":
        return _of_groups("nps_stars", _groups("stars", stars=True), nps.NPS_FROM_STARS, "stars")
    if name == "nps_1_10":
        variant = one_to_ten(questions)
        return _of_groups("nps_1_10", _groups(variant), nps.NPS_1_10, variant)
    return _of_groups("nps", _groups(RECOMMEND), nps.NPS, RECOMMEND)


def _of_means(
    name: str,
    low: float,
    high: float,
    fetch: Fetch[Moments],
    formula: str,
    keys: Sequence[str],
    question: Question | None = None,
) -> Measure:
    def figure(pool: Moments) -> Figure:
        return means.mean(pool, low, high, formula)

    def figures(pools: Mapping[Any, Moments]) -> dict[Any, Figure]:
        spread = Spread.within(pools.values())
        return {key: means.mean(pool, low, high, formula, spread) for key, pool in pools.items()}

    def deviation(pools: Mapping[Any, Moments]) -> float | None:
        spread = Spread.within(pools.values())
        return None if spread is None else spread.deviation

    return Measure(
        name, "plain", low, high, Moments(), fetch, figure, changes.mean_change, figures, deviation, keys, question
    )  # fmt: skip


def _of_groups(name: str, fetch: Fetch[Groups], formula: str, key: str) -> Measure:
    def figure(pool: Groups) -> Figure:
        return nps.nps(pool, formula)

    def figures(pools: Mapping[Any, Groups]) -> dict[Any, Figure]:
        return {key: figure(pool) for key, pool in pools.items()}

    def deviation(pools: Mapping[Any, Groups]) -> float | None:
        return nps.deviation(sum(pools.values(), Groups())) or None

    return Measure(name, "nps", -100, 100, Groups(), fetch, figure, changes.nps_change, figures, deviation, (key,))


def asked_of(name: str) -> str:
    """The question a measure `question:KEY` follows; empty for any other."""
    return name.removeprefix(QUESTION_MEASURE) if name.startswith(QUESTION_MEASURE) else ""


def one_to_ten(questions: Sequence[Question]) -> str:
    """The recommendation asked from 1 to 10, which is no NPS but a variant of its own (requirements 7.3); empty: none."""
    return next((q.key for q in questions if q.kind == "nps" and q.minimum == 1), "")


def _moments(question: str) -> Callable[[Connection, Selection, Sequence[str], str], Mapping[Key, Moments]]:
    def fetch(connection: Connection, chosen: Selection, by: Sequence[str], grain: str) -> Mapping[Key, Moments]:
        histograms = aggregates.histograms(connection, chosen, [question], by, grain)
        return {key: histogram.moments() for key, histogram in histograms.items()}

    return fetch


def _groups(
    question: str, *, stars: bool = False
) -> Callable[[Connection, Selection, Sequence[str], str], Mapping[Key, Groups]]:
    def fetch(connection: Connection, chosen: Selection, by: Sequence[str], grain: str) -> Mapping[Key, Groups]:
        histograms = aggregates.histograms(connection, chosen, [question], by, grain)
        return {key: histogram.groups(stars=stars) for key, histogram in histograms.items()}

    return fetch
