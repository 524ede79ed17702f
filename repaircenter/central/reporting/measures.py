"""The measures a report can follow: NPS, stars, overall CSI; each with its aggregate, figure and test of a change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from repaircenter.central.reporting import queries
from repaircenter.central.reporting.cohort import Selection
from repaircenter.central.reporting.queries import Key
from repaircenter.central.surveys.questionnaire import shipped
from repaircenter.metrics import changes, means, nps, overall
from repaircenter.metrics.changes import Change
from repaircenter.metrics.figure import Figure
from repaircenter.metrics.means import Moments
from repaircenter.metrics.nps import Groups

Pool = Groups | Moments
MEASURES = ("nps", "nps_stars", "stars", "csi")


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


def measure(name: str, section: str = "") -> Measure:
    """A measure by its id; NPS for an unknown one. `section` limits the questions of the overall CSI (A-03)."""
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
        )
    if name == "csi":
        keys = [q.key for q in shipped()[0].questions if q.kind == "scale" and section in ("", q.section)]

        def respondents(c: Connection, chosen: Selection, by: Sequence[str], grain: str) -> Mapping[Key, Moments]:
            return queries.respondents(c, chosen, keys, by, grain)

        def csi(pool: Moments) -> Figure:
            return means.mean(pool, 1, 10, overall.RESPONDENT_MEAN)

        return Measure("csi", "plain", 1, 10, Moments(), respondents, csi, changes.mean_change)
    if name == "nps_stars":
        return Measure(
            "nps_stars", "nps", -100, 100, Groups(), _groups("stars", stars=True),
            lambda pool: nps.nps(pool, nps.NPS_FROM_STARS), changes.nps_change,
        )  # fmt: skip
    return Measure("nps", "nps", -100, 100, Groups(), _groups("recommend"), nps.nps, changes.nps_change)


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
