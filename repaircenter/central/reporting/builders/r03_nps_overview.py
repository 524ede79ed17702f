"""R-03 NPS overview: score with interval, the three groups, the distribution 0-10, by shop or programme (B-23, B-24)."""

from collections.abc import Iterator

from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.parameters import COMMON
from repaircenter.central.reporting.report import Report, ReportContext
from repaircenter.central.reporting.sql import aggregates, choices
from repaircenter.central.reporting.sql.aggregates import PROGRAMME, SHOP
from repaircenter.metrics import changes, nps, shares
from repaircenter.metrics.histogram import Histogram
from repaircenter.wire.document.cells import Cell, Link
from repaircenter.wire.document.charts import ColumnChart, CountColumn, StackedChart, StackedRow
from repaircenter.wire.document.nodes import Card, Cards, Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part
from repaircenter.wire.surveys.questionnaires import RECOMMEND

_GROUPS, _TONES = ("promoters", "passives", "detractors"), ("good", "middle", "bad")


def build(context: ReportContext) -> Iterator[Part]:
    words = context.words
    by = context.choice("split")
    histograms = aggregates.histograms(
        context.connection, context.selection, ["recommend"], (PROGRAMME if by == "programme" else SHOP,)
    )
    everyone = Histogram.pooled(histograms.values())
    if not everyone.n:
        yield empty(context)
        return
    names = (
        choices.programmes_of(context.connection, list(context.shops))
        if by == "programme"
        else {shop: name for shop, (name, _) in context.shops.items()}
    )
    keys = [key for key in names if (key,) in histograms]
    earlier = context.compared()
    past = {} if earlier is None else aggregates.histograms(context.connection, earlier, ["recommend"], (SHOP,))
    change = changes.nps_change(Histogram.pooled(past.values()).groups(), everyone.groups())
    nodes: list[Node] = [
        Heading(text=context.scope),
        Cards(cards=_cards(context, everyone, change)),
        Paragraph(text=words("report.R-03.definition"), style="note"),
    ]
    if everyone.n >= context.least:
        nodes.append(ColumnChart(title=words("report.R-03.distribution"), columns=_distribution(context, everyone)))
    drawn = [key for key in keys if histograms[(key,)].n >= context.least]
    if drawn:
        nodes.append(
            StackedChart(
                title=words("report.R-03.groups"),
                segments=[words(f"report.group.{name}") for name in _GROUPS],
                tones=list(_TONES),
                rows=[_stacked(context, names[key], histograms[(key,)], by, key) for key in drawn],
            )
        )
    nodes.append(_table(context, names, keys, histograms, by, everyone))
    if by == "shop":
        nodes.extend(context.without_answers(keys))
    yield Part(number=0, header=header(context, (nps.NPS, changes.NPS_CHANGE)), nodes=nodes, last=True)


def _cards(context: ReportContext, everyone: Histogram, change: changes.Change | None) -> list[Card]:
    words, groups = context.words, everyone.groups()
    cards = [
        Card(
            label=words("report.column.nps"),
            figure=context.shown(nps.nps(groups), "nps"),
            note=context.n(groups.n),
            link=context.to_reviews(question=RECOMMEND),
        )
    ]
    for name, count in zip(_GROUPS, (groups.promoters, groups.passives, groups.detractors), strict=True):
        figure = context.shown(shares.share(count, groups.n), "percent")
        of_all = words("report.of", count=context.number(count, 0), n=context.number(groups.n, 0))
        link = context.to_reviews(group=name)
        cards.append(Card(label=words(f"report.group.{name}"), figure=figure, note=of_all, link=link))
    if change is not None:
        cards.append(
            Card(
                label=words("report.column.change"),
                figure=context.changed(change, "nps_change"),
                note=words(f"report.direction.{change.direction or 'few'}"),
            )
        )
    return cards


def _distribution(context: ReportContext, everyone: Histogram) -> list[CountColumn]:
    cells = []
    for score in range(11):
        tone = _TONES[0] if score >= 9 else _TONES[1] if score >= 7 else _TONES[2]
        link = None if not everyone.of(score) else context.to_reviews(question=RECOMMEND, score=str(score))
        cells.append(CountColumn(label=str(score), value=everyone.of(score), tone=tone, link=link))
    return cells


def _links(by: str, key: int) -> list[Link | None]:
    """A segment leads to its answers, filtered."""
    shops = [key] if by == "shop" else []
    programme = {"programme": str(key)} if by == "programme" else {}
    return [Link(report="R-07", parameters={"group": name, **programme}, shops=shops) for name in _GROUPS]


def _stacked(context: ReportContext, name: str, histogram: Histogram, by: str, key: int) -> StackedRow:
    groups = histogram.groups()
    return StackedRow(label=name, values=[groups.promoters, groups.passives, groups.detractors], links=_links(by, key))


def _table(
    context: ReportContext,
    names: dict[int, str],
    keys: list[int],
    histograms: dict[tuple[int, ...], Histogram],
    by: str,
    everyone: Histogram,
) -> Table:
    words = context.words
    columns = [
        context.column("report.column.programme" if by == "programme" else "report.column.shop", 2.4),
        context.column("n", 0.7, "integer"),
        context.column("nps", 2.0, "number"),
        *(context.column(f"report.group.{name}", 1.2, "integer") for name in _GROUPS),
    ]

    def row(name: Cell, histogram: Histogram, shops: list[int], **only: str) -> list[Cell]:
        groups = histogram.groups()
        counts = (groups.promoters, groups.passives, groups.detractors)
        return [
            name,
            context.reviews(groups.n, shops, question=RECOMMEND, **only),
            context.behind(context.shown(nps.nps(groups), "nps"), shops, question=RECOMMEND, **only),
            *(context.reviews(count, shops, group=group, **only) for group, count in zip(_GROUPS, counts, strict=True)),
        ]

    rows = [
        row(names[key], histograms[(key,)], [key])
        if by == "shop"
        else row(names[key], histograms[(key,)], [], programme=str(key))
        for key in keys
    ]
    total = row(words("report.total"), everyone, [])
    return Table(
        columns=columns,
        rows=rows,
        total=total,
        title=words("report.by_programme" if by == "programme" else "report.by_shop"),
    )


REPORT = Report("R-03", (*COMMON, "split", "compare", "min_n"), build)
