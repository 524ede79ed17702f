"""Targets and external benchmarks as an operator enters them: `central admin references FILE` (requirements 7.8, 9.2)."""

import json
from datetime import date

import msgspec
from sqlalchemy import Connection, text

from repaircenter.central.questionnaires.queries import questions_in_use
from repaircenter.central.reporting.measures import MEASURES, measure
from repaircenter.runtime.errors import KnownError


class Benchmark(msgspec.Struct, frozen=True, kw_only=True):
    """A value others published: of which measure, for whom, from where and when. Never worked out by us."""

    metric: str
    segment: str
    value: float
    source: str
    as_of: date


class ReferencesFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`targets`: programme -> question (or measure) -> the least value wished for. A programme that is named gets
    exactly these; benchmarks are added, one of the same measure, segment and day is replaced."""

    targets: dict[str, dict[str, float]] = {}
    benchmarks: list[Benchmark] = []


def apply(connection: Connection, references: ReferencesFile) -> None:
    """All of it or nothing. Raises KnownError for a name that is not known and a value beyond its scale."""
    scales: dict[str, tuple[float, float]] = {
        q.key: (q.minimum, q.maximum) for q in questions_in_use(connection, enrolled=False)
    }
    scales |= {name: (measure(name).minimum, measure(name).maximum) for name in MEASURES}
    for programme, targets in references.targets.items():
        for name, value in targets.items():
            _check(scales, name, value)
        changed = connection.execute(
            text("UPDATE programme SET targets = :targets WHERE name = :name"),
            {"targets": json.dumps(targets), "name": programme},
        ).rowcount
        if not changed:
            raise KnownError("service.no_programme", programme=programme)
    for benchmark in references.benchmarks:
        if benchmark.metric not in MEASURES:
            raise KnownError("service.no_measure", measure=benchmark.metric, known=", ".join(MEASURES))
        _check(scales, benchmark.metric, benchmark.value)
        connection.execute(
            text(
                "INSERT INTO external_benchmark (metric, segment, as_of, value, source) "
                "VALUES (:metric, :segment, :as_of, :value, :source) "
                "ON CONFLICT (metric, segment, as_of) DO UPDATE SET value = excluded.value, source = excluded.source"
            ),
            msgspec.structs.asdict(benchmark),
        )


def _check(scales: dict[str, tuple[float, float]], name: str, value: float) -> None:
    scale = scales.get(name)
    if scale is None:
        raise KnownError("service.no_scale", name=name)
    if not scale[0] <= value <= scale[1]:
        raise KnownError("service.off_scale", name=name, value=value, low=scale[0], high=scale[1])
