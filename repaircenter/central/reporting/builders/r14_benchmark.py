"""R-14 Benchmark: the operator's shops in a league, each against the rest (requirements 7.8, D-N3)."""

from collections.abc import Iterator, Mapping, Sequence

from repaircenter.central.reporting import targets
from repaircenter.central.reporting.cells import axis, reach
from repaircenter.central.reporting.contested import contested_table, nothing_but_contested
from repaircenter.central.reporting.header import header
from repaircenter.central.reporting.measures import Measure, Pool
from repaircenter.central.reporting.parameters import COMMON
from repaircenter.central.reporting.report import Report, ReportContext
from repaircenter.central.reporting.sql import aggregates, choices
from repaircenter.central.reporting.sql.aggregates import SHOP, Responses
from repaircenter.central.reporting.targets import External
from repaircenter.metrics import changes, ranking
from repaircenter.metrics.figure import Figure as Measured
from repaircenter.metrics.funnel import ABOVE, BELOW, FUNNEL, WITHIN, Z998, Funnel
from repaircenter.rendering import values
from repaircenter.wire.document.cells import Cell, Day, Figure, Link, Linked
from repaircenter.wire.document.charts import Bar, BarChart, FunnelChart, FunnelLimit, FunnelPoint
from repaircenter.wire.document.nodes import Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part

# A funnel plot says something from so many shops on; so many published values fit across the dots.
_MANY, _PUBLISHED = 10, 3
_STEPS, _SHARES = 48, (95.0, 99.8)


def build(context: ReportContext) -> Iterator[Part]:
    measure = context.measure
    network_pools = measure.fetch(context.connection, context.over_network(), (SHOP,), "month")
    network = {key[0]: pool for key, pool in network_pools.items()}
    pools = {shop: network[shop] for shop in context.shops if shop in network}
    everyone = sum(pools.values(), measure.nothing)
    if not everyone.n:
        yield from nothing_but_contested(context, measure)
        return
    words = context.words
    rates = aggregates.responses(context.connection, context.selection, (SHOP,))
    figures = measure.figures(pools)
    order = ranking.league(figures, context.least)
    nodes: list[Node] = [Heading(text=context.scope)]
    published = targets.externals(context.connection, measure.id, context.period.end)
    funnel = _funnel(measure, pools)
    formulas = [measure.figure(everyone).formula, ranking.LEAGUE, ranking.PERCENTILE, _gap_formula(measure)]
    if len(context.shops) < 2:
        nodes.append(Paragraph(text=words("report.R-14.one_shop")))
    elif sum(rank is not None for _, rank in order) > 1:
        ranked = [shop for shop, rank in order if rank is not None]
        if funnel is not None and len(ranked) >= _MANY:
            nodes.extend(_funnel_plot(context, measure, {shop: figures[shop] for shop in ranked}, funnel))
            formulas.append(FUNNEL)
        nodes.append(_chart(context, measure, figures, ranked, measure.figure(everyone), published))
    nodes.append(_table(context, measure, network, figures, order, {key[0]: rate for key, rate in rates.items()}))
    nodes.extend(context.without_answers(pools))
    nodes.extend(contested_table(context, measure))
    if published:
        nodes.append(_published(context, measure, published, measure.figure(everyone)))
    nodes.append(Paragraph(text=words("report.R-14.note", least=context.least), style="note"))
    yield Part(number=0, header=header(context, formulas), nodes=nodes, last=True)


def _gap_formula(measure: Measure) -> str:
    return changes.NPS_CHANGE if measure.unit == "nps" else changes.MEAN_CHANGE


def _chart(
    context: ReportContext,
    measure: Measure,
    figures: dict[int, Measured],
    ranked: Sequence[int],
    all_: Measured,
    published: Sequence[External],
) -> BarChart:
    """Shops in the order of the league, all of them together and what others published as lines across."""
    marks = [(value.value, _labelled(context, measure, value.segment, value.value)) for value in published[:_PUBLISHED]]
    bars = [
        Bar(
            label=context.shops[shop][0],
            value=figures[shop].value,
            low=figures[shop].low,
            high=figures[shop].high,
            n=figures[shop].n,
            link=Link(report="R-01", shops=[shop]),
        )
        for shop in ranked
    ]
    low, high = axis(bars, measure.minimum, measure.maximum, all_.value, *(value for value, _ in marks))
    return BarChart(
        title=context.words("report.R-14.chart"),
        bars=bars,
        minimum=low,
        maximum=high,
        unit=measure.unit,
        style="dots",
        target=all_.value,
        target_label=_labelled(context, measure, context.words("report.all_shops"), all_.value),
        marks=marks,
    )


def _labelled(context: ReportContext, measure: Measure, name: str, value: float | None) -> str:
    shown = "" if value is None else context.number(value, 1 if measure.unit == "nps" else 2)
    return f"{name} {shown}".rstrip()


def _funnel(measure: Measure, pools: Mapping[int, Pool]) -> Funnel | None:
    """Around all shops together; None where no answers differ."""
    centre, deviation = measure.figure(sum(pools.values(), measure.nothing)).value, measure.deviation(pools)
    if centre is None or deviation is None:
        return None
    return Funnel(centre, deviation, measure.minimum, measure.maximum)


def _funnel_plot(
    context: ReportContext, measure: Measure, figures: Mapping[int, Measured], funnel: Funnel
) -> list[Node]:
    """Shops by their number of answers between the limits of chance, and who lies outside in words."""
    words, outside = context.words, {shop: funnel.place(figure) for shop, figure in figures.items()}
    most = max(figure.n for figure in figures.values())
    steps = sorted({max(1, round(most * step / _STEPS)) for step in range(1, _STEPS + 1)})
    limits = [FunnelLimit(n=n, bounds=[funnel.limits(n), funnel.limits(n, Z998)]) for n in steps if n >= context.least]
    drawn = [value for figure in figures.values() if (value := figure.value) is not None]
    ends = [bound for limit in limits[len(limits) // 4 :] for bound in limit.bounds[1]]
    low, high = reach([*drawn, *ends], measure.minimum, measure.maximum)
    chart = FunnelChart(
        title=words("report.R-14.funnel"),
        x_title=words("report.column.answers"),
        points=[
            FunnelPoint(
                label=context.shops[shop][0],
                n=figure.n,
                value=figure.value or 0.0,
                outside=outside[shop] != WITHIN,
                link=Link(report="R-01", shops=[shop]),
            )
            for shop, figure in figures.items()
        ],
        limits=limits,
        limit_labels=[words("report.R-14.limit", share=values.percent(share, 1, words.language)) for share in _SHARES],
        centre=funnel.centre,
        centre_label=context.number(funnel.centre, 1 if measure.unit == "nps" else 2),
        minimum=low,
        maximum=high,
        unit=measure.unit,
    )
    nodes: list[Node] = [chart]
    for place in (ABOVE, BELOW):
        named = [context.shops[shop][0] for shop, where in outside.items() if where == place]
        if named:
            nodes.append(Paragraph(text=words(f"report.R-14.{place}", shops=", ".join(named))))
    if all(where == WITHIN for where in outside.values()):
        nodes.append(Paragraph(text=words("report.R-14.within")))
    return nodes


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
    rests = ranking.rests(network, measure.nothing)
    percentiles = ranking.percentiles(among)
    for shop, rank in order:
        others = rests[shop]
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
                context.invited(rate, [shop], True),
            ]
        )
        if has_percentiles:
            mid = percentiles[value] if rank is not None and value is not None else None
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
