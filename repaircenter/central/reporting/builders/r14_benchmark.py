"""R-14 Benchmark: the operator's shops in a league, each against the rest (requirements 7.8, D-N3)."""

from collections.abc import Iterator

from repaircenter.central.reporting import targets
from repaircenter.central.reporting.cells import axis
from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.measures import Measure, Pool
from repaircenter.central.reporting.parameters import COMMON
from repaircenter.central.reporting.report import Report, ReportContext
from repaircenter.central.reporting.sql import aggregates, choices
from repaircenter.central.reporting.sql.aggregates import SHOP, Responses
from repaircenter.central.reporting.targets import External
from repaircenter.metrics import changes, ranking
from repaircenter.metrics.figure import Figure as Measured
from repaircenter.wire.document.cells import Cell, Day, Figure, Link, Linked
from repaircenter.wire.document.charts import Bar, BarChart
from repaircenter.wire.document.nodes import Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part


def build(context: ReportContext) -> Iterator[Part]:
    measure = context.measure
    network_pools = measure.fetch(context.connection, context.over_network(), (SHOP,), "month")
    network = {key[0]: pool for key, pool in network_pools.items()}
    pools = {shop: network[shop] for shop in context.shops if shop in network}
    everyone = sum(pools.values(), measure.nothing)
    if not everyone.n:
        yield empty(context)
        return
    words = context.words
    rates = aggregates.responses(context.connection, context.selection, (SHOP,))
    figures = measure.figures(pools)
    order = ranking.league(figures, context.least)
    nodes: list[Node] = [Heading(text=context.scope)]
    if len(context.shops) < 2:
        nodes.append(Paragraph(text=words("report.R-14.one_shop")))
    elif sum(rank is not None for _, rank in order) > 1:
        nodes.append(_chart(context, measure, figures, order, measure.figure(everyone)))
    nodes.append(_table(context, measure, network, figures, order, {key[0]: rate for key, rate in rates.items()}))
    nodes.extend(context.without_answers(pools))
    published = targets.externals(context.connection, measure.id, context.period.end)
    if published:
        nodes.append(_published(context, measure, published, measure.figure(everyone)))
    nodes.append(Paragraph(text=words("report.R-14.note", least=context.least), style="note"))
    formulas = [measure.figure(everyone).formula, ranking.LEAGUE, ranking.PERCENTILE, _gap_formula(measure)]
    yield Part(number=0, header=header(context, formulas), nodes=nodes, last=True)


def _gap_formula(measure: Measure) -> str:
    return changes.NPS_CHANGE if measure.unit == "nps" else changes.MEAN_CHANGE


def _chart(
    context: ReportContext,
    measure: Measure,
    figures: dict[int, Measured],
    order: list[tuple[int, int | None]],
    all_: Measured,
) -> BarChart:
    words = context.words
    value = "" if all_.value is None else context.number(all_.value, 1 if measure.unit == "nps" else 2)
    bars = [
        Bar(
            label=context.shops[shop][0],
            value=figures[shop].value,
            low=figures[shop].low,
            high=figures[shop].high,
            n=figures[shop].n,
            link=Link(report="R-01", shops=[shop]),
        )
        for shop, rank in order
        if rank is not None
    ]
    low, high = axis(bars, measure.minimum, measure.maximum, all_.value)
    return BarChart(
        title=words("report.R-14.chart"),
        bars=bars,
        minimum=low,
        maximum=high,
        unit=measure.unit,
        style="dots",
        target=all_.value,
        target_label=words("report.R-14.network", value=value),
    )


def _table(
    context: ReportContext,
    measure: Measure,
    network: dict[int, Pool],
    figures: dict[int, Measured],
    order: list[tuple[int, int | None]],
    rates: dict[int, Responses],
) -> Table:
    columns = [
        context.column("rank", 0.7, "integer"),
        context.column("shop", 2.0),
        context.column("n", 0.6, "integer"),
        context.titled(measure.title(context.words), 1.8, "number"),
        context.column("rest", 0.9, "number"),
        context.column("gap", 1.0, "number"),
        context.column("response_rate_short", 1.0, "percent"),
    ]
    behind, unit = context.measured, "nps_change" if measure.unit == "nps" else "change"
    regions = choices.shop_groups(context.connection, list(context.shops))
    if regions:
        columns.insert(2, context.column("region", 1.2))
    bands = ranking.bands(figures, context.least)
    among = [value for shop, rank in order if rank is not None and (value := figures[shop].value) is not None]
    alone = len(context.shops) < 2
    has_percentiles = len(among) >= ranking.LEAST_FOR_PERCENTILE
    if has_percentiles:
        columns.append(context.column("percentile", 0.9, "number"))
    rows: list[list[Cell]] = []
    for shop, rank in order:
        others = sum((pool for other, pool in network.items() if other != shop), measure.nothing)
        rate = rates.get(shop, Responses())
        value = figures[shop].value
        rows.append(
            [
                None if rank is None or alone else _band(*bands[shop]),
                Linked(value=context.shops[shop][0], link=Link(report="R-01", shops=[shop])),
                context.reviews(figures[shop].n, [shop], **behind),
                context.behind(context.shown(figures[shop], measure.unit), [shop], **behind),
                context.shown(measure.figure(others), measure.unit, plain=True),
                context.behind(context.changed(measure.change(others, network[shop]), unit), [shop], **behind),
                context.rate(rate, plain=True),
            ]
        )
        if has_percentiles:
            mid = ranking.percentile(value, among) if rank is not None and value is not None else None
            rows[-1].append(Figure(value=mid, unit="count", n=len(among), formula=ranking.PERCENTILE))
        if regions:
            rows[-1].insert(2, regions.get(shop))
    return Table(columns=columns, rows=rows)


def _band(best: int, worst: int) -> int | str:
    """A rank, or those that cannot be told apart by the answers there are."""
    return best if best == worst else f"{best}–{worst}"


def _published(context: ReportContext, measure: Measure, published: list[External], own: Measured) -> Table:
    """What others published of the same measure, each with its source and day: entered, never worked out by us."""
    columns = [
        context.column("segment", 2.2),
        context.titled(measure.title(context.words), 1.0, "number"),
        context.column("to_published", 1.2, "number"),
        context.column("source", 2.2),
        context.column("as_of", 1.0, "date"),
    ]
    change = "nps_change" if measure.unit == "nps" else "change"
    rows: list[list[Cell]] = [
        [
            value.segment,
            Figure(value=value.value, unit=measure.unit, formula=changes.PUBLISHED),
            context.changed(changes.to_target(own, value.value), change),
            value.source,
            Day(value=value.as_of),
        ]
        for value in published
    ]
    return Table(columns=columns, rows=rows, title=context.words("report.R-14.published"))


REPORT = Report("R-14", (*COMMON, "measure", "section", "min_n"), build)
