"""R-09 Strengths and areas to improve: what matters to customers against how well it is done (requirements 7.9)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.parameters import COMMON
from repaircenter.central.reporting.report import Report, ReportContext
from repaircenter.central.reporting.sql import aggregates
from repaircenter.central.reporting.sql.aggregates import Key
from repaircenter.metrics import drivers, means
from repaircenter.metrics.drivers import Driver, PairSums, Plot
from repaircenter.metrics.means import Moments
from repaircenter.wire.document.cells import Cell, Figure, Link, Linked
from repaircenter.wire.document.charts import QuadrantChart, QuadrantPoint
from repaircenter.wire.document.nodes import Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part

_LEAST_PAIRS = 30
_CORNERS = (drivers.IMPROVE, drivers.STRENGTH, drivers.SECONDARY, drivers.WATCH)
_FORMULAS = {"pearson": drivers.PEARSON, "spearman": drivers.SPEARMAN, "relative": drivers.RELATIVE}


def build(context: ReportContext) -> Iterator[Part]:
    """First all shops together, then a part for each that has enough answers when there are several."""
    pairs = _Pairs(context)
    everyone = list(context.shops)
    if not pairs.sums(everyone):
        yield empty(context)
        return
    words, method = context.words, context.choice("importance")
    placed = [shop for shop in everyone if _is_placed(pairs.plot([shop]))] if len(everyone) > 1 else []
    nodes = _nodes(context, pairs, context.scope, everyone)
    notes = words(f"report.R-09.note_{method}"), words("report.R-09.note", least=_LEAST_PAIRS)
    nodes.append(Paragraph(text=" ".join(notes), style="note"))
    if placed:
        nodes.extend(context.left_out("report.R-09.shops_too_few", placed))
    yield Part(number=0, header=header(context, (_FORMULAS[method],)), nodes=nodes, last=not placed)
    for number, shop in enumerate(placed, start=1):
        part = _nodes(context, pairs, context.shops[shop][0], [shop])
        yield Part(number=number, nodes=part, last=number == len(placed))


def _nodes(context: ReportContext, pairs: "_Pairs", title: str, shops: list[int]) -> list[Node]:
    words, plot = context.words, pairs.plot(shops)
    nodes: list[Node] = [Heading(text=title, new_page=True)]
    if _is_placed(plot):
        nodes.append(_chart(context, plot, pairs.names, shops))
        if not any(one.clear for one in plot.drivers if one.quadrant is not None):
            nodes.append(Paragraph(text=words("report.R-09.alike")))
    else:
        enough = any(one.n >= _LEAST_PAIRS for one in plot.drivers)
        sentence = "no_spread" if enough else "too_few"
        nodes.append(Paragraph(text=words(f"report.R-09.{sentence}", least=_LEAST_PAIRS)))
    nodes.append(_table(context, plot, pairs, shops))
    return nodes


def _is_placed(plot: Plot) -> bool:
    return plot.cut_performance is not None and plot.cut_importance is not None


class _Pairs:
    """Sums of question and outcome of every shop; they pool, ranks do not."""

    def __init__(self, context: ReportContext) -> None:
        self._building = context
        self._outcome, self._method = context.choice("outcome"), context.choice("importance")
        # What the insurer is asked about is not the shop's to do better.
        asked = [q for q in context.own_questions() if q.kind == "scale"]
        self.names = {q.key: q.label(context.request.language) for q in asked}
        self._sums = self._fetch(self._outcome)
        self._between: dict[str, Mapping[Key, PairSums]] = {}
        self._ranked: dict[bool, Mapping[Key, PairSums]] = {}

    def _fetch(self, outcome: str, *, by_shop: bool = True, ranks: bool = False) -> Mapping[Key, PairSums]:
        context = self._building
        return aggregates.pair_sums(
            context.connection, context.selection, list(self.names), outcome, by_shop=by_shop, ranks=ranks
        )

    def sums(self, shops: Sequence[int]) -> dict[str, PairSums]:
        return _pooled(self._sums, shops, self.names)

    def plot(self, shops: Sequence[int]) -> Plot:
        found = self.sums(shops)
        if self._method == "pearson":
            return drivers.plot(found, 1, 10, _LEAST_PAIRS)
        if self._method == "spearman":
            return drivers.plot(found, 1, 10, _LEAST_PAIRS, self._ranks(shops))
        usable = [key for key in found if found[key].n >= _LEAST_PAIRS and found[key].r is not None]
        table = [[self._correlation(one, other, shops) for other in usable] for one in usable]
        weights = drivers.relative_weights(table, [found[key].r or 0.0 for key in usable])
        importance = dict(zip(usable, weights, strict=True))
        return drivers.plot(found, 1, 10, _LEAST_PAIRS, importance, correlations=False)

    def _ranks(self, shops: Sequence[int]) -> dict[str, float | None]:
        """Among the answers of one shop, or of all of them."""
        by_shop = len(shops) == 1
        if by_shop not in self._ranked:
            self._ranked[by_shop] = self._fetch(self._outcome, by_shop=by_shop, ranks=True)
        return {key[-1]: one.r for key, one in self._ranked[by_shop].items() if not by_shop or key[0] == shops[0]}

    def _correlation(self, one: str, other: str, shops: Sequence[int]) -> float:
        if one == other:
            return 1.0
        if one not in self._between:
            self._between[one] = self._fetch(one)
        found = _pooled(self._between[one], shops, [other]).get(other)
        return 0.0 if found is None else found.r or 0.0


def _pooled(found: Mapping[Key, PairSums], shops: Sequence[int], keys: Iterable[str]) -> dict[str, PairSums]:
    pools = {key: sum((found[shop, key] for shop in shops if (shop, key) in found), PairSums()) for key in keys}
    return {key: pool for key, pool in pools.items() if pool.n}


def _link(shops: list[int]) -> Link:
    """Driver -> R-01, where its mean stands beside the others."""
    return Link(report="R-01", shops=shops)


def _chart(context: ReportContext, plot: Plot, names: dict[str, str], shops: list[int]) -> QuadrantChart:
    words = context.words
    return QuadrantChart(
        title=words("report.R-09.chart"),
        x_title=words("report.column.performance"),
        y_title=words("report.column.importance"),
        points=[
            QuadrantPoint(label=names[one.key], x=one.performance, y=one.importance, clear=one.clear, link=_link(shops))
            for one in plot.drivers
            if one.performance is not None and one.importance is not None
        ],
        cut_x=plot.cut_performance or 0.0,
        cut_y=plot.cut_importance or 0.0,
        corners=[words(f"report.quadrant.{corner}") for corner in _CORNERS],
    )


def _table(context: ReportContext, plot: Plot, pairs: _Pairs, shops: list[int]) -> Table:
    words, sums = context.words, pairs.sums(shops)
    columns = [
        context.column("question", 2.8),
        context.column("n", 0.6, "integer"),
        context.column("performance", 1.1, "number"),
        context.column("importance", 1.8, "number"),
        context.column("quadrant", 1.7),
        context.column("priority", 0.9, "number"),
    ]

    def row(one: Driver) -> list[Cell]:
        unplaced = "few" if one.n < _LEAST_PAIRS else "alike"
        quadrant = words(f"report.quadrant.{one.quadrant or unplaced}")
        if one.quadrant is not None and not one.clear:
            quadrant = words("report.quadrant.unclear", quadrant=quadrant)
        method, given = _FORMULAS[context.choice("importance")], sums.get(one.key, PairSums())
        moments = Moments(given.n, given.x, given.xx)
        return [
            Linked(value=pairs.names[one.key], link=_link(shops)),
            one.n,
            context.shown(means.mean(moments, 1, 10), "plain", plain=True),
            Figure(value=one.importance, low=one.low, high=one.high, n=one.n, formula=method),
            quadrant,
            Figure(value=one.priority, n=one.n, formula="priority"),
        ]

    return Table(columns=columns, rows=[row(one) for one in plot.drivers], title=words("report.R-09.table"))


REPORT = Report("R-09", (*COMMON, "section", "outcome", "importance"), build)
