"""R-03 NPS overview: score with interval, the three groups, the distribution 0-10, by shop or programme (B-23, B-24)."""

from collections.abc import Iterator

from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.report import COMMON, Building, Report
from repaircenter.central.reporting.sql import aggregates, choices
from repaircenter.central.reporting.sql.aggregates import PROGRAMME, SHOP
from repaircenter.central.surveys.questionnaire import RECOMMEND
from repaircenter.metrics import changes, nps, shares
from repaircenter.metrics.histogram import Histogram
from repaircenter.wire.document.cells import Cell, Link
from repaircenter.wire.document.charts import ColumnChart, CountColumn, StackedChart, StackedRow
from repaircenter.wire.document.nodes import Card, Cards, Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part

_GROUPS, _TONES = ("promoters", "passives", "detractors"), ("good", "middle", "bad")


def build(building: Building) -> Iterator[Part]:
    words = building.words
    by = building.choice("split")
    found = aggregates.histograms(
        building.connection, building.selection, ["recommend"], (PROGRAMME if by == "programme" else SHOP,)
    )
    everyone = sum(found.values(), Histogram())
    if not everyone.n:
        yield empty(building)
        return
    names = (
        choices.programmes_of(building.connection, list(building.shops))
        if by == "programme"
        else {shop: name for shop, (name, _) in building.shops.items()}
    )
    keys = [key for key in names if (key,) in found]
    earlier = building.compared()
    past = {} if earlier is None else aggregates.histograms(building.connection, earlier, ["recommend"], (SHOP,))
    change = changes.nps_change(sum(past.values(), Histogram()).groups(), everyone.groups())
    nodes: list[Node] = [
        Heading(text=building.scope),
        Cards(cards=_cards(building, everyone, change)),
        Paragraph(text=words("report.R-03.definition"), style="note"),
    ]
    if everyone.n >= building.least:
        nodes.append(ColumnChart(title=words("report.R-03.distribution"), columns=_distribution(building, everyone)))
    drawn = [key for key in keys if found[(key,)].n >= building.least]
    if drawn:
        nodes.append(
            StackedChart(
                title=words("report.R-03.groups"),
                segments=[words(f"report.group.{name}") for name in _GROUPS],
                tones=list(_TONES),
                rows=[_stacked(building, names[key], found[(key,)], by, key) for key in drawn],
            )
        )
    nodes.append(_table(building, names, keys, found, by, everyone))
    if by == "shop":
        nodes.extend(building.without_answers(keys))
    yield Part(number=0, header=header(building, (nps.NPS, changes.NPS_CHANGE)), nodes=nodes, last=True)


def _cards(building: Building, everyone: Histogram, change: changes.Change | None) -> list[Card]:
    words, groups = building.words, everyone.groups()
    cards = [
        Card(
            label=words("report.column.nps"),
            figure=building.shown(nps.nps(groups), "nps"),
            note=building.n(groups.n),
            link=building.to_reviews(question=RECOMMEND),
        )
    ]
    for name, count in zip(_GROUPS, (groups.promoters, groups.passives, groups.detractors), strict=True):
        figure = building.shown(shares.share(count, groups.n), "percent")
        of_all = words("report.of", count=building.number(count, 0), n=building.number(groups.n, 0))
        link = building.to_reviews(group=name)
        cards.append(Card(label=words(f"report.group.{name}"), figure=figure, note=of_all, link=link))
    if change is not None:
        cards.append(
            Card(
                label=words("report.column.change"),
                figure=building.changed(change, "nps_change"),
                note=words(f"report.direction.{change.direction or 'few'}"),
            )
        )
    return cards


def _distribution(building: Building, everyone: Histogram) -> list[CountColumn]:
    found = []
    for score in range(11):
        tone = _TONES[0] if score >= 9 else _TONES[1] if score >= 7 else _TONES[2]
        link = None if not everyone.of(score) else building.to_reviews(question=RECOMMEND, score=str(score))
        found.append(CountColumn(label=str(score), value=everyone.of(score), tone=tone, link=link))
    return found


def _links(by: str, key: int) -> list[Link | None]:
    """A segment leads to its answers, filtered."""
    shops = [key] if by == "shop" else []
    programme = {"programme": str(key)} if by == "programme" else {}
    return [Link(report="R-07", parameters={"group": name, **programme}, shops=shops) for name in _GROUPS]


def _stacked(building: Building, name: str, histogram: Histogram, by: str, key: int) -> StackedRow:
    groups = histogram.groups()
    return StackedRow(label=name, values=[groups.promoters, groups.passives, groups.detractors], links=_links(by, key))


def _table(
    building: Building,
    names: dict[int, str],
    keys: list[int],
    found: dict[tuple[int, ...], Histogram],
    by: str,
    everyone: Histogram,
) -> Table:
    words = building.words
    columns = [
        building.column("report.column.programme" if by == "programme" else "report.column.shop", 2.4),
        building.column("n", 0.7, "integer"),
        building.column("nps", 2.0, "number"),
        *(building.column(f"report.group.{name}", 1.2, "integer") for name in _GROUPS),
    ]

    def row(name: Cell, histogram: Histogram, shops: list[int], **only: str) -> list[Cell]:
        groups = histogram.groups()
        counts = (groups.promoters, groups.passives, groups.detractors)
        return [
            name,
            building.reviews(groups.n, shops, question=RECOMMEND, **only),
            building.behind(building.shown(nps.nps(groups), "nps"), shops, question=RECOMMEND, **only),
            *(
                building.reviews(count, shops, group=group, **only)
                for group, count in zip(_GROUPS, counts, strict=True)
            ),
        ]

    rows = [
        row(names[key], found[(key,)], [key])
        if by == "shop"
        else row(names[key], found[(key,)], [], programme=str(key))
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
