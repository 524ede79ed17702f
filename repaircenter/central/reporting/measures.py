"""The measures a report can follow: NPS, stars, overall CSI; each with its aggregate, figure and test of a change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from repaircenter.central.reporting import queries
from repaircenter.central.reporting.cohort import Selection
from repaircenter.central.reporting.queries import Key
from repaircenter.central.surveys.questionnaire import RECOMMEND, Question
from repaircenter.metrics import changes, means, nps, overall
from repaircenter.metrics.changes import Change
from repaircenter.metrics.figure import Figure
from repaircenter.metrics.means import Moments
from repaircenter.metrics.nps import Groups
from repaircenter.runtime.text import Texts

Pool = Groups | Moments
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
        return Measure(
            name, "plain", low, high, Moments(), _moments(asked.key),
            lambda pool: means.mean(pool, low, high), changes.mean_change, (asked.key,), asked,
        )  # fmt: skip
    if name == "stars":
        return Measure(
            "stars",
            "plain",
            1,
            5,
            Moments(),
            _moments("stars"),
            lambda pool: means.mean(pool, 1, 5),
            changes.mean_change,
            ("stars",),
        )
    if name == "csi":
        keys = [q.key for q in questions if q.kind == "scale"]

        def respondents(c: Connection, chosen: Selection, by: Sequence[str], grain: str) -> Mapping[Key, Moments]:
            return queries.respondents(c, chosen, keys, by, grain)

        def csi(pool: Moments) -> Figure:
            return means.mean(pool, 1, 10, overall.RESPONDENT_MEAN)

        return Measure("csi", "plain", 1, 10, Moments(), respondents, csi, changes.mean_change, keys)
    if name == "nps_stars":
        return Measure(
            "nps_stars", "nps", -100, 100, Groups(), _groups("stars", stars=True),
            lambda pool: nps.nps(pool, nps.NPS_FROM_STARS), changes.nps_change, ("stars",),
        )  # fmt: skip
    if name == "nps_1_10":
        return Measure(
            "nps_1_10", "nps", -100, 100, Groups(), _groups(one_to_ten(questions)),
            lambda pool: nps.nps(pool, nps.NPS_1_10), changes.nps_change, (one_to_ten(questions),),
        )  # fmt: skip
    return Measure("nps", "nps", -100, 100, Groups(), _groups(RECOMMEND), nps.nps, changes.nps_change, (RECOMMEND,))


def asked_of(name: str) -> str:
    """The question a measure `question:KEY` follows; empty for any other."""
    return name.removeprefix(QUESTION_MEASURE) if name.startswith(QUESTION_MEASURE) else ""


def one_to_ten(questions: Sequence[Question]) -> str:
    """The recommendation asked from 1 to 10, which is no NPS but a variant of its own (requirements 7.3); empty: none."""
    return next((q.key for q in questions if q.kind == "nps" and q.minimum == 1), "")


def _moments(question: str) -> Callable[[Connection, Selection, Sequence[str], str], Mapping[Key, Moments]]:
    def fetch(connection: Connection, chosen: Selection, by: Sequence[str], grain: str) -> Mapping[Key, Moments]:
        found = queries.histograms(connection, chosen, [question], by, grain)
        return {key: histogram.moments() for key, histogram in found.items()}

    return fetch


def _groups(
    question: str, *, stars: bool = False
) -> Callable[[Connection, Selection, Sequence[str], str], Mapping[Key, Groups]]:
    def fetch(connection: Connection, chosen: Selection, by: Sequence[str], grain: str) -> Mapping[Key, Groups]:
        found = queries.histograms(connection, chosen, [question], by, grain)
        return {key: histogram.groups(stars=stars) for key, histogram in found.items()}

    return fetch
