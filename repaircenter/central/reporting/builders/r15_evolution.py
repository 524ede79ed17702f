"""R-15 Evolution: a measure over periods with its interval, the change, rolling three, last year's (requirements 7.7, B-N3)."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from repaircenter.central.reporting.builders.r04_by_date import label, named
from repaircenter.central.reporting.cells import reach
from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.measures import Measure, Pool
from repaircenter.central.reporting.parameters import COMMON, YEAR
from repaircenter.central.reporting.report import Report, ReportContext
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


def build(context: ReportContext) -> Iterator[Part]:
    """First all shops together, then a part for each shop when there are several."""
    lines = _Lines(context)
    everyone = list(context.shops)
    n = lines.answers(everyone)
    if not n:
        yield empty(context)
        return
    answered = [shop for shop in everyone if lines.answers([shop])] if len(everyone) > 1 else []
    measure = context.measure
    formulas = (measure.figure(measure.nothing).formula, lines.change_formula, evolution.TREND)
    nodes = lines.nodes(context.scope, everyone)
    if answered:
        nodes.extend(context.without_answers(answered))
    nodes.append(Paragraph(text=context.words("report.R-15.note", least=context.least), style="note"))
    yield Part(number=0, header=header(context, formulas), nodes=nodes, last=not answered)
    for number, shop in enumerate(answered, start=1):
        yield Part(number=number, nodes=lines.nodes(context.shops[shop][0], [shop]), last=number == len(answered))


class _Lines:
    """Pools of every shop and bucket, of this period and of the same a year before."""

    def __init__(self, context: ReportContext) -> None:
        self._building = context
        self._measure: Measure = context.measure
        grain = context.grain
        self._steps = context.buckets()
        connection = context.connection
        # What lies before the period is asked for by itself: the first bucket may begin within a month.
        first = bucket_start(context.period.start, grain)
        earlier = Period(_before(first, grain)[0], first)
        self._pools = {
            **self._measure.fetch(connection, context.over(earlier), (SHOP, PERIOD), grain),
            **self._measure.fetch(connection, context.selection, (SHOP, PERIOD), grain),
        }
        # What lies before the first answer is not drawn.
        while len(self._steps) > 1 and not self._pool(list(context.shops), bucket_start(self._steps[0].start, grain)).n:
            self._steps.pop(0)
        past = year_before(context.period, grain)
        self._past = self._measure.fetch(connection, context.over(past), (SHOP, PERIOD), grain)
        self._questionnaires = aggregates.questionnaire_changes(
            connection, context.over(Period(_LONG_AGO, context.period.end))
        )
        self.change_formula = changes.NPS_CHANGE if self._measure.unit == "nps" else changes.MEAN_CHANGE

    def _pool(self, shops: list[int], first: date, pools: Mapping[Key, Any] | None = None) -> Any:
        chosen = self._pools if pools is None else pools
        return sum((chosen[(shop, first)] for shop in shops if (shop, first) in chosen), self._measure.nothing)

    def answers(self, shops: list[int]) -> int:
        grain = self._building.grain
        return sum(int(self._pool(shops, bucket_start(step.start, grain)).n) for step in self._steps)

    def nodes(self, title: str, shops: list[int]) -> list[Node]:
        context, words, grain, measure = self._building, self._building.words, self._building.grain, self._measure
        firsts = [bucket_start(step.start, grain) for step in self._steps]
        earlier = _before(firsts[0], grain)
        pools = [self._pool(shops, first) for first in (*earlier, *firsts)]
        rolled = evolution.rolling(pools, _ROLLED)[len(earlier) :]
        before, pools = pools[len(earlier) - 1], pools[len(earlier) :]
        past = [
            self._pool(shops, bucket_start(year_before(step, grain).start, grain), self._past) for step in self._steps
        ]
        figures = [measure.figure(pool) for pool in pools]
        drawn = [figure.value if figure.n >= context.least else None for figure in figures]
        trend = evolution.trend(drawn)
        if trend is None:
            sentence = words("report.R-15.no_trend")
        else:
            slope, t = context.number(abs(trend.slope), 2), context.number(abs(trend.t), 2)
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
        context, words, measure = self._building, self._building.words, self._measure
        figures = [measure.figure(pool) for pool in pools]
        shown = [figure if value is not None else None for figure, value in zip(figures, figures_drawn, strict=True)]

        def enough(pool: Pool) -> float | None:
            return measure.figure(pool).value if pool.n >= context.least else None

        series = [
            Series(
                name=measure.title(words),
                values=figures_drawn,
                low=[None if figure is None else figure.low for figure in shown],
                high=[None if figure is None else figure.high for figure in shown],
            ),
            Series(name=words("report.R-15.rolling"), values=[enough(pool) for pool in rolled], dashed=True),
        ]
        if any(enough(pool) is not None for pool in past):
            series.append(
                Series(name=words("report.R-15.last_year"), values=[enough(pool) for pool in past], dashed=True)
            )
        low, high = reach(
            [value for line in series for value in (*line.values, *(line.low or ()), *(line.high or ()))],
            measure.minimum,
            measure.maximum,
        )
        return LineChart(
            title=words("report.R-15.chart", measure=measure.title(words)),
            labels=[label(context, step) for step in self._steps],
            series=series,
            minimum=low,
            maximum=high,
            unit=measure.unit,
            counts=[pool.n for pool in pools],
            marks=self._marks(shops),
            links=[context.to_reviews(shops, **{**context.measured, "period": span(step)}) for step in self._steps],
            running=context.is_running(self._steps[-1]),
        )

    def _marks(self, shops: list[int]) -> list[tuple[int, str]]:
        """(step, text) of each change of a questionnaire among these shops, once a programme and version."""
        context = self._building
        first: dict[tuple[str, int], date] = {}
        for change in self._questionnaires:
            if change.shop_id in shops:
                first.setdefault((change.programme, change.version), change.day)
        named = len({programme for programme, _ in first}) > 1
        marks = []
        for (programme, version), day in first.items():
            place = next((n for n, step in enumerate(self._steps) if step.start <= day < step.end), None)
            if place is not None:
                sentence = context.words("report.R-15.questionnaire", version=version)
                marks.append((place, f"{programme}: {sentence}" if named else sentence))
        return marks

    def _table(self, shops: list[int], before: Pool, pools: list[Pool], rolled: list[Pool], past: list[Pool]) -> Table:
        context, words, measure = self._building, self._building.words, self._measure
        unit = "nps_change" if measure.unit == "nps" else "change"
        columns = [
            context.column("period", 1.0),
            context.column("n", 0.6, "integer"),
            context.titled(measure.title(words), 1.9, "number"),
            context.column("change", 1.0, "number"),
            context.column("report.R-15.rolling", 1.1, "number"),
            context.column("report.R-15.last_year", 1.1, "number"),
        ]
        rows: list[list[Cell]] = []
        for index, step in enumerate(self._steps):
            change = measure.change(pools[index - 1] if index else before, pools[index])
            behind = {**context.measured, "period": span(step)}
            rows.append(
                [
                    context.reviews(named(context, step), shops, period=span(step)),
                    pools[index].n,
                    context.behind(context.shown(measure.figure(pools[index]), measure.unit), shops, **behind),
                    context.behind(context.changed(change, unit), shops, **behind),
                    context.shown(measure.figure(rolled[index]), measure.unit, plain=True),
                    context.shown(measure.figure(past[index]), measure.unit, plain=True),
                ]
            )
        together = sum(pools, measure.nothing)
        total: list[Cell] = [words("report.pooled"), together.n, context.shown(measure.figure(together), measure.unit)]
        return Table(columns=columns, rows=rows, total=total)


def _before(first: date, grain: str) -> list[date]:
    """The first days of the two buckets before the first one, oldest first."""
    values = [first]
    for _ in range(_ROLLED - 1):
        values.insert(0, bucket_start(values[0] - timedelta(days=1), grain))
    return values[:-1]


REPORT = Report("R-15", (*COMMON, "measure", "section", "grain", "min_n"), build, usual_period=YEAR)
