"""R-09 Strengths and areas to improve: what matters to customers against how well it is done (requirements 7.9)."""

from collections.abc import Iterator

from repaircenter.central.reporting import queries, rows
from repaircenter.central.reporting.report import COMMON, Building, Report
from repaircenter.metrics import drivers
from repaircenter.metrics.drivers import Driver, PairSums, Plot
from repaircenter.wire.document import (
    Cell,
    Figure,
    Heading,
    Link,
    Linked,
    Node,
    Paragraph,
    Part,
    QuadrantChart,
    QuadrantPoint,
    Table,
)

_LEAST_PAIRS = 30
_CORNERS = (drivers.IMPROVE, drivers.STRENGTH, drivers.SECONDARY, drivers.WATCH)
_FORMULAS = {"pearson": drivers.PEARSON, "spearman": drivers.SPEARMAN, "relative": drivers.RELATIVE}


def build(building: Building) -> Iterator[Part]:
    outcome = building.choice("outcome")
    method = building.choice("importance")
    asked = [q for q in building.questions() if q.kind == "scale"]
    keys = [q.key for q in asked]
    sums = queries.pair_sums(building.connection, building.selection, keys, outcome)
    if not sums:
        yield building.empty()
        return
    plot = _plot(building, keys, sums, outcome, method)
    names = {q.key: q.text(building.request.language, "").replace("  ", " ") for q in asked}
    n = rows.answer_count(building.connection, building.selection)
    words = building.words
    nodes: list[Node] = [Heading(text=building.scope)]
    if plot.cut_performance is not None and plot.cut_importance is not None:
        nodes.append(_chart(building, plot, names))
        if not any(one.clear for one in plot.drivers if one.quadrant is not None):
            nodes.append(Paragraph(text=words("report.R-09.alike")))
    else:
        nodes.append(Paragraph(text=words("report.R-09.too_few", least=_LEAST_PAIRS)))
    nodes.append(_table(building, plot, names))
    nodes.append(Paragraph(text=words(f"report.R-09.note_{method}"), style="note"))
    nodes.append(Paragraph(text=words("report.R-09.note", least=_LEAST_PAIRS), style="note"))
    yield Part(number=0, header=building.header((_FORMULAS[method],), n), nodes=nodes, last=True)


def _plot(building: Building, keys: list[str], sums: dict[str, PairSums], outcome: str, method: str) -> Plot:
    found = {key: sums[key] for key in keys if key in sums}
    if method == "pearson":
        return drivers.plot(found, 1, 10, _LEAST_PAIRS)
    if method == "spearman":
        ranked = queries.pair_sums(building.connection, building.selection, keys, outcome, ranks=True)
        return drivers.plot(found, 1, 10, _LEAST_PAIRS, {key: one.r for key, one in ranked.items()})
    usable = [key for key in found if found[key].n >= _LEAST_PAIRS and found[key].r is not None]
    table = [[1.0] * len(usable) for _ in usable]
    for index, key in enumerate(usable):
        others = queries.pair_sums(building.connection, building.selection, usable, key)
        for place, other in enumerate(usable):
            table[index][place] = 1.0 if place == index else (others[other].r or 0.0) if other in others else 0.0
    weights = drivers.relative_weights(table, [found[key].r or 0.0 for key in usable])
    return drivers.plot(found, 1, 10, _LEAST_PAIRS, dict(zip(usable, weights, strict=True)), correlations=False)


def _link() -> Link:
    """Driver -> R-01, where its mean stands beside the others."""
    return Link(report="R-01")


def _chart(building: Building, plot: Plot, names: dict[str, str]) -> QuadrantChart:
    words = building.words
    return QuadrantChart(
        title=words("report.R-09.chart"),
        x_title=words("report.column.performance"),
        y_title=words("report.column.importance"),
        points=[
            QuadrantPoint(label=names[one.key], x=one.performance, y=one.importance, clear=one.clear, link=_link())
            for one in plot.drivers
            if one.performance is not None and one.importance is not None
        ],
        cut_x=plot.cut_performance or 0.0,
        cut_y=plot.cut_importance or 0.0,
        corners=[words(f"report.quadrant.{corner}") for corner in _CORNERS],
    )


def _table(building: Building, plot: Plot, names: dict[str, str]) -> Table:
    words = building.words
    columns = [
        building.column("question", 2.8),
        building.column("n", 0.6, "integer"),
        building.column("performance", 1.1, "number"),
        building.column("importance", 1.8, "number"),
        building.column("quadrant", 1.7),
        building.column("priority", 0.9, "number"),
    ]

    def row(one: Driver) -> list[Cell]:
        quadrant = words("report.quadrant.few") if one.quadrant is None else words(f"report.quadrant.{one.quadrant}")
        if one.quadrant is not None and not one.clear:
            quadrant = words("report.quadrant.unclear", quadrant=quadrant)
        method = _FORMULAS[building.choice("importance")]
        return [
            Linked(value=names[one.key], link=_link()),
            one.n,
            Figure(value=one.performance, n=one.n, formula="mean", muted=one.n < building.least),
            Figure(value=one.importance, low=one.low, high=one.high, n=one.n, formula=method),
            quadrant,
            Figure(value=one.priority, n=one.n, formula="priority"),
        ]

    return Table(columns=columns, rows=[row(one) for one in plot.drivers], title=words("report.R-09.table"))


REPORT = Report("R-09", (*COMMON, "section", "outcome", "importance"), build)
