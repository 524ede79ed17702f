"""R-15 Evolution: a measure over periods with its interval, the change, rolling three, last year's (requirements 7.7, B-N3)."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from repaircenter.central.reporting.builders.r04_by_date import label, named
from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.measures import Measure, Pool
from repaircenter.central.reporting.report import COMMON, Building, Report
from repaircenter.central.reporting.sql import aggregates
from repaircenter.central.reporting.sql.aggregates import PERIOD, SHOP, Key
from repaircenter.central.reporting.sql.periods import Period, bucket_start, span, year_before
from repaircenter.metrics import changes, evolution
from repaircenter.wire.document.cells import Cell
from repaircenter.wire.document.charts import LineChart, Series
from repaircenter.wire.document.nodes import Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part

_ROLLED = 3
_LONG_AGO = date(2000, 1, 1)


def build(building: Building) -> Iterator[Part]:
    """First all shops together, then a part for each shop when there are several."""
    lines = _Lines(building)
    everyone = list(building.shops)
    n = lines.answers(everyone)
    if not n:
        yield empty(building)
        return
    answered = [shop for shop in everyone if lines.answers([shop])] if len(everyone) > 1 else []
    measure = building.measure
    formulas = (measure.figure(measure.nothing).formula, lines.change_formula, evolution.TREND)
    nodes = lines.nodes(building.scope, everyone)
    if answered:
        nodes.extend(building.without_answers(answered))
    nodes.append(Paragraph(text=building.words("report.R-15.note", least=building.least), style="note"))
    yield Part(number=0, header=header(building, formulas), nodes=nodes, last=not answered)
    for number, shop in enumerate(answered, start=1):
        yield Part(number=number, nodes=lines.nodes(building.shops[shop][0], [shop]), last=number == len(answered))


class _Lines:
    """Pools of every shop and bucket, of this period and of the same a year before."""

    def __init__(self, building: Building) -> None:
        self._building = building
        self._measure: Measure = building.measure
        grain = building.grain
        self._steps = building.buckets()
        connection = building.connection
        # What lies before the period is asked for by itself: the first bucket may begin within a month.
        first = bucket_start(building.period.start, grain)
        earlier = Period(_before(first, grain)[0], first)
        self._pools = {
            **self._measure.fetch(connection, building.over(earlier), (SHOP, PERIOD), grain),
            **self._measure.fetch(connection, building.selection, (SHOP, PERIOD), grain),
        }
        past = year_before(building.period, grain)
        self._past = self._measure.fetch(connection, building.over(past), (SHOP, PERIOD), grain)
        self._questionnaires = aggregates.questionnaire_changes(
            connection, building.over(Period(_LONG_AGO, building.period.end))
        )
        self.change_formula = changes.NPS_CHANGE if self._measure.unit == "nps" else changes.MEAN_CHANGE

    def _pool(self, shops: list[int], first: date, pools: Mapping[Key, Any] | None = None) -> Any:
        found = self._pools if pools is None else pools
        return sum((found[(shop, first)] for shop in shops if (shop, first) in found), self._measure.nothing)

    def answers(self, shops: list[int]) -> int:
        grain = self._building.grain
        return sum(int(self._pool(shops, bucket_start(step.start, grain)).n) for step in self._steps)

    def nodes(self, title: str, shops: list[int]) -> list[Node]:
        building, words, grain, measure = self._building, self._building.words, self._building.grain, self._measure
        firsts = [bucket_start(step.start, grain) for step in self._steps]
        earlier = _before(firsts[0], grain)
        pools = [self._pool(shops, first) for first in (*earlier, *firsts)]
        rolled = evolution.rolling(pools, _ROLLED)[len(earlier) :]
        before, pools = pools[len(earlier) - 1], pools[len(earlier) :]
        past = [
            self._pool(shops, bucket_start(year_before(step, grain).start, grain), self._past) for step in self._steps
        ]
        figures = [measure.figure(pool) for pool in pools]
        drawn = [figure.value if figure.n >= building.least else None for figure in figures]
        trend = evolution.trend(drawn)
        if trend is None:
            sentence = words("report.R-15.no_trend")
        else:
            slope, t = building.number(abs(trend.slope), 2), building.number(abs(trend.t), 2)
            sentence = words(f"report.R-15.{trend.direction}", slope=slope, t=t)
        chart = self._chart(shops, figures_drawn=drawn, rolled=rolled, pools=pools, past=past)
        several = sum(value is not None for value in chart.series[1].values) > 1
        return [
            Heading(text=title, new_page=True),
            *([chart] if several else []),
            Paragraph(text=sentence),
            self._table(shops, before, pools, rolled, past),
        ]

    def _chart(
        self,
        shops: list[int],
        figures_drawn: list[float | None],
        rolled: list[Pool],
        pools: list[Pool],
        past: list[Pool],
    ) -> LineChart:
        building, words, measure = self._building, self._building.words, self._measure
        figures = [measure.figure(pool) for pool in pools]
        shown = [figure if value is not None else None for figure, value in zip(figures, figures_drawn, strict=True)]

        def enough(pool: Pool) -> float | None:
            return measure.figure(pool).value if pool.n >= building.least else None

        series = [
            Series(
                name=measure.title(words),
                values=figures_drawn,
                low=[None if one is None else one.low for one in shown],
                high=[None if one is None else one.high for one in shown],
            ),
            Series(name=words("report.R-15.rolling"), values=[enough(pool) for pool in rolled], dashed=True),
        ]
        if any(enough(pool) is not None for pool in past):
            series.append(
                Series(name=words("report.R-15.last_year"), values=[enough(pool) for pool in past], dashed=True)
            )
        return LineChart(
            title=words("report.R-15.chart", measure=measure.title(words)),
            labels=[label(building, step) for step in self._steps],
            series=series,
            minimum=measure.minimum,
            maximum=measure.maximum,
            unit=measure.unit,
            counts=[pool.n for pool in pools],
            marks=self._marks(shops),
            links=[building.to_reviews(shops, **{**building.measured, "period": span(step)}) for step in self._steps],
        )

    def _marks(self, shops: list[int]) -> list[tuple[int, str]]:
        """(step, text) of each change of a questionnaire among these shops, once a programme and version."""
        building = self._building
        first: dict[tuple[str, int], date] = {}
        for change in self._questionnaires:
            if change.shop_id in shops:
                first.setdefault((change.programme, change.version), change.day)
        named = len({programme for programme, _ in first}) > 1
        marks = []
        for (programme, version), day in first.items():
            place = next((n for n, step in enumerate(self._steps) if step.start <= day < step.end), None)
            if place is not None:
                said = building.words("report.R-15.questionnaire", version=version)
                marks.append((place, f"{programme}: {said}" if named else said))
        return marks

    def _table(self, shops: list[int], before: Pool, pools: list[Pool], rolled: list[Pool], past: list[Pool]) -> Table:
        building, words, measure = self._building, self._building.words, self._measure
        unit = "nps_change" if measure.unit == "nps" else "change"
        columns = [
            building.column("period", 1.0),
            building.column("n", 0.6, "integer"),
            building.titled(measure.title(words), 1.9, "number"),
            building.column("change", 1.0, "number"),
            building.column("report.R-15.rolling", 1.1, "number"),
            building.column("report.R-15.last_year", 1.1, "number"),
        ]
        rows: list[list[Cell]] = []
        for index, step in enumerate(self._steps):
            change = measure.change(pools[index - 1] if index else before, pools[index])
            behind = {**building.measured, "period": span(step)}
            rows.append(
                [
                    building.reviews(named(building, step), shops, period=span(step)),
                    pools[index].n,
                    building.behind(building.shown(measure.figure(pools[index]), measure.unit), shops, **behind),
                    building.behind(building.changed(change, unit), shops, **behind),
                    building.shown(measure.figure(rolled[index]), measure.unit, plain=True),
                    building.shown(measure.figure(past[index]), measure.unit, plain=True),
                ]
            )
        together = sum(pools, measure.nothing)
        total: list[Cell] = [words("report.pooled"), together.n, building.shown(measure.figure(together), measure.unit)]
        return Table(columns=columns, rows=rows, total=total)


def _before(first: date, grain: str) -> list[date]:
    """The first days of the two buckets before the first one, oldest first."""
    found = [first]
    for _ in range(_ROLLED - 1):
        found.insert(0, bucket_start(found[0] - timedelta(days=1), grain))
    return found[:-1]


REPORT = Report("R-15", (*COMMON, "measure", "section", "grain", "min_n"), build)
