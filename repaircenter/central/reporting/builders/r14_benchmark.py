"""R-14 Benchmark: the operator's shops in a league, each against the rest (requirements 7.8, D-N3)."""

from collections.abc import Iterator

from repaircenter.central.reporting import targets
from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.measures import Measure, Pool
from repaircenter.central.reporting.report import COMMON, Building, Report, axis
from repaircenter.central.reporting.sql import aggregates, choices
from repaircenter.central.reporting.sql.aggregates import SHOP, Responses
from repaircenter.central.reporting.targets import External
from repaircenter.metrics import changes, ranking
from repaircenter.metrics.figure import Figure as Measured
from repaircenter.wire.document.cells import Cell, Day, Figure, Link, Linked
from repaircenter.wire.document.charts import Bar, BarChart
from repaircenter.wire.document.nodes import Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part


def build(building: Building) -> Iterator[Part]:
    measure = building.measure
    found = measure.fetch(building.connection, building.over_network(), (SHOP,), "month")
    network = {key[0]: pool for key, pool in found.items()}
    pools = {shop: network[shop] for shop in building.shops if shop in network}
    everyone = sum(pools.values(), measure.nothing)
    if not everyone.n:
        yield empty(building)
        return
    words = building.words
    rates = aggregates.responses(building.connection, building.selection, (SHOP,))
    figures = measure.figures(pools)
    order = ranking.league(figures, building.least)
    nodes: list[Node] = [Heading(text=building.scope)]
    if len(building.shops) < 2:
        nodes.append(Paragraph(text=words("report.R-14.one_shop")))
    elif sum(rank is not None for _, rank in order) > 1:
        nodes.append(_chart(building, measure, figures, order, measure.figure(everyone)))
    nodes.append(_table(building, measure, network, figures, order, {key[0]: one for key, one in rates.items()}))
    nodes.extend(building.without_answers(pools))
    published = targets.externals(building.connection, measure.id, building.period.end)
    if published:
        nodes.append(_published(building, measure, published, measure.figure(everyone)))
    nodes.append(Paragraph(text=words("report.R-14.note", least=building.least), style="note"))
    formulas = [measure.figure(everyone).formula, ranking.LEAGUE, ranking.PERCENTILE, _gap_formula(measure)]
    yield Part(number=0, header=header(building, formulas), nodes=nodes, last=True)


def _gap_formula(measure: Measure) -> str:
    return changes.NPS_CHANGE if measure.unit == "nps" else changes.MEAN_CHANGE


def _chart(
    building: Building,
    measure: Measure,
    figures: dict[int, Measured],
    order: list[tuple[int, int | None]],
    all_: Measured,
) -> BarChart:
    words = building.words
    value = "" if all_.value is None else building.number(all_.value, 1 if measure.unit == "nps" else 2)
    bars = [
        Bar(
            label=building.shops[shop][0],
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
    building: Building,
    measure: Measure,
    network: dict[int, Pool],
    figures: dict[int, Measured],
    order: list[tuple[int, int | None]],
    rates: dict[int, Responses],
) -> Table:
    columns = [
        building.column("rank", 0.6, "integer"),
        building.column("shop", 2.0),
        building.column("n", 0.6, "integer"),
        building.titled(measure.title(building.words), 1.8, "number"),
        building.column("rest", 0.9, "number"),
        building.column("gap", 1.0, "number"),
        building.column("percentile", 0.9, "number"),
        building.column("response_rate_short", 1.0, "percent"),
    ]
    behind, unit = building.measured, "nps_change" if measure.unit == "nps" else "change"
    regions = choices.shop_groups(building.connection, list(building.shops))
    if regions:
        columns.insert(2, building.column("region", 1.2))
    ranks = [rank for _, rank in order]
    among = [value for shop, rank in order if rank is not None and (value := figures[shop].value) is not None]
    alone = len(building.shops) < 2
    rows: list[list[Cell]] = []
    for shop, rank in order:
        others = sum((pool for other, pool in network.items() if other != shop), measure.nothing)
        rate = rates.get(shop, Responses())
        value = figures[shop].value
        mid = ranking.percentile(value, among) if rank is not None and value is not None and not alone else None
        rows.append(
            [
                None if rank is None or alone else f"={rank}" if ranks.count(rank) > 1 else rank,
                Linked(value=building.shops[shop][0], link=Link(report="R-01", shops=[shop])),
                building.reviews(figures[shop].n, [shop], **behind),
                building.behind(building.shown(figures[shop], measure.unit), [shop], **behind),
                building.shown(measure.figure(others), measure.unit, plain=True),
                building.behind(building.changed(measure.change(others, network[shop]), unit), [shop], **behind),
                Figure(value=mid, unit="count", n=len(among), formula=ranking.PERCENTILE),
                building.rate(rate, plain=True),
            ]
        )
        if regions:
            rows[-1].insert(2, regions.get(shop))
    return Table(columns=columns, rows=rows)


def _published(building: Building, measure: Measure, found: list[External], own: Measured) -> Table:
    """What others published of the same measure, each with its source and day: entered, never worked out by us."""
    columns = [
        building.column("segment", 2.2),
        building.titled(measure.title(building.words), 1.0, "number"),
        building.column("to_published", 1.2, "number"),
        building.column("source", 2.2),
        building.column("as_of", 1.0, "date"),
    ]
    change = "nps_change" if measure.unit == "nps" else "change"
    rows: list[list[Cell]] = [
        [
            one.segment,
            Figure(value=one.value, unit=measure.unit, formula=changes.PUBLISHED),
            building.changed(changes.to_target(own, one.value), change),
            one.source,
            Day(value=one.as_of),
        ]
        for one in found
    ]
    return Table(columns=columns, rows=rows, title=building.words("report.R-14.published"))


REPORT = Report("R-14", (*COMMON, "measure", "section", "min_n"), build)
