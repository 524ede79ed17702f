"""R-09 Strengths and areas to improve: what matters to customers against how well it is done (requirements 7.9)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.parameters import COMMON, INSURER_SECTION
from repaircenter.central.reporting.report import Report, ReportContext
from repaircenter.central.reporting.sql import aggregates
from repaircenter.central.reporting.sql.aggregates import Key
from repaircenter.metrics import drivers, means
from repaircenter.metrics.drivers import Driver, PairSums, Plot
from repaircenter.metrics.means import Moments
from repaircenter.wire.document.cells import Cell, Figure, Link, Linked
from repaircenter.wire.document.charts import Bar, BarChart, QuadrantChart, QuadrantPoint
from repaircenter.wire.document.nodes import Column, Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part
from repaircenter.wire.surveys.questionnaires import Question

_LEAST_PAIRS = 30
_CORNERS = (drivers.IMPROVE, drivers.STRENGTH, drivers.SECONDARY, drivers.WATCH)
_FORMULAS = {"pearson": drivers.PEARSON, "spearman": drivers.SPEARMAN, "relative": drivers.RELATIVE}


def build(context: ReportContext) -> Iterator[Part]:
    """First all shops together, then a part for each that has enough answers when there are several."""
    pairs = _Pairs(context, context.own_questions())
    everyone = list(context.shops)
    if not pairs.sums(everyone):
        yield empty(context)
        return
    words, method = context.words, context.choice("importance")
    insurers = _Pairs(context, [] if context.choice("section") else context.of_section(INSURER_SECTION))
    placed = [shop for shop in everyone if _is_placed(pairs.plot([shop]))] if len(everyone) > 1 else []
    nodes = _nodes(context, pairs, context.scope, everyone)
    nodes.extend(_insurers(context, insurers, everyone))
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
        nodes.append(_priorities(context, plot, pairs.names, shops))
        nodes.append(_chart(context, plot, pairs, shops))
        if not any(driver.clear for driver in plot.drivers if driver.quadrant is not None):
            nodes.append(Paragraph(text=words("report.R-09.alike")))
    else:
        enough = any(driver.n >= _LEAST_PAIRS for driver in plot.drivers)
        sentence = "no_spread" if enough else "too_few"
        nodes.append(Paragraph(text=words(f"report.R-09.{sentence}", least=_LEAST_PAIRS)))
    nodes.append(_table(context, plot, pairs, shops))
    return nodes


def _is_placed(plot: Plot) -> bool:
    return plot.cut_performance is not None and plot.cut_importance is not None


class _Pairs:
    """Sums of some questions and the outcome of every shop; they pool, ranks do not."""

    def __init__(self, context: ReportContext, questions: Sequence[Question]) -> None:
        self._building = context
        self._outcome, self._method = context.choice("outcome"), context.choice("importance")
        asked = [q for q in questions if q.kind == "scale"]
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
        sums = self.sums(shops)
        if self._method == "pearson":
            return drivers.plot(sums, 1, 10, _LEAST_PAIRS)
        if self._method == "spearman":
            return drivers.plot(sums, 1, 10, _LEAST_PAIRS, self._ranks(shops))
        usable = [key for key in sums if sums[key].n >= _LEAST_PAIRS and sums[key].r is not None]
        table = [[self._correlation(first, other, shops) for other in usable] for first in usable]
        weights = drivers.relative_weights(table, [sums[key].r or 0.0 for key in usable])
        importance = dict(zip(usable, weights, strict=True))
        return drivers.plot(sums, 1, 10, _LEAST_PAIRS, importance, correlations=False)

    def _ranks(self, shops: Sequence[int]) -> dict[str, float | None]:
        """Among the answers of one shop, or of all of them."""
        by_shop = len(shops) == 1
        if by_shop not in self._ranked:
            self._ranked[by_shop] = self._fetch(self._outcome, by_shop=by_shop, ranks=True)
        return {key[-1]: sums.r for key, sums in self._ranked[by_shop].items() if not by_shop or key[0] == shops[0]}

    def _correlation(self, first: str, other: str, shops: Sequence[int]) -> float:
        if first == other:
            return 1.0
        if first not in self._between:
            self._between[first] = self._fetch(first)
        pair = _pooled(self._between[first], shops, [other]).get(other)
        return 0.0 if pair is None else pair.r or 0.0


def _pooled(sums: Mapping[Key, PairSums], shops: Sequence[int], keys: Iterable[str]) -> dict[str, PairSums]:
    pools = {key: sum((sums[shop, key] for shop in shops if (shop, key) in sums), PairSums()) for key in keys}
    return {key: pool for key, pool in pools.items() if pool.n}


def _link(shops: list[int]) -> Link:
    """Driver -> R-01, where its mean stands beside the others."""
    return Link(report="R-01", shops=shops)


def _priorities(context: ReportContext, plot: Plot, names: Mapping[str, str], shops: list[int]) -> BarChart:
    """What is most worth doing, first."""
    bars = [
        Bar(label=names[driver.key], value=driver.priority, n=driver.n, link=_link(shops))
        for driver in plot.drivers
        if driver.priority is not None
    ]
    most = max((bar.value or 0.0 for bar in bars), default=0.0)
    title = context.words("report.R-09.priorities")
    return BarChart(title=title, bars=bars, minimum=0.0, maximum=max(most * 1.1, 0.05), style="dots")


def _chart(context: ReportContext, plot: Plot, pairs: _Pairs, shops: list[int]) -> QuadrantChart:
    words, sums = context.words, pairs.sums(shops)
    return QuadrantChart(
        title=words("report.R-09.chart"),
        x_title=words("report.column.performance"),
        y_title=words("report.column.importance"),
        points=[
            QuadrantPoint(
                label=pairs.names[driver.key],
                x=driver.performance,
                y=driver.importance,
                x_interval=drivers.performance_interval(sums[driver.key]),
                y_interval=None if driver.low is None or driver.high is None else (max(driver.low, 0.0), driver.high),
                clear=driver.clear,
                link=_link(shops),
            )
            for driver in plot.drivers
            if driver.performance is not None and driver.importance is not None
        ],
        cut_x=plot.cut_performance or 0.0,
        cut_y=plot.cut_importance or 0.0,
        corners=[words(f"report.quadrant.{corner}") for corner in _CORNERS],
    )


def _insurers(context: ReportContext, pairs: _Pairs, shops: list[int]) -> list[Node]:
    """What the insurer is asked about stands apart: it is not the shop's to do better."""
    plot = pairs.plot(shops)
    if not plot.drivers:
        return []
    words = context.words
    columns = _columns(context)
    rows = [_measured(context, plot, driver, pairs, shops) for driver in plot.drivers]
    return [Table(columns=columns, rows=rows, title=words("report.R-09.insurer"))]


def _columns(context: ReportContext) -> list[Column]:
    return [
        context.column("question", 2.6),
        context.column("n", 0.6, "integer"),
        context.column("performance", 1.1, "number"),
        context.column("importance", 1.8, "number"),
        context.titled(context.words("report.column.matters"), 1.1, "text"),
    ]


def _measured(context: ReportContext, plot: Plot, driver: Driver, pairs: _Pairs, shops: list[int]) -> list[Cell]:
    """A question with how well it is done and how much it matters, in a number and a word."""
    given, method = pairs.sums(shops).get(driver.key, PairSums()), context.choice("importance")
    among = [other.importance for other in plot.drivers if other.importance is not None]
    relative = method == "relative"
    word = drivers.weight_of(driver.importance, among) if relative else drivers.strength_of(driver.importance)
    return [
        Linked(value=pairs.names[driver.key], link=_link(shops)),
        driver.n,
        context.shown(means.mean(Moments(given.n, given.x, given.xx), 1, 10), "plain", plain=True),
        Figure(value=driver.importance, low=driver.low, high=driver.high, n=driver.n, formula=_FORMULAS[method]),
        "" if word is None else context.words(f"report.strength.{word}"),
    ]


def _table(context: ReportContext, plot: Plot, pairs: _Pairs, shops: list[int]) -> Table:
    words = context.words
    columns = [*_columns(context), context.column("quadrant", 2.4), context.column("priority", 0.9, "number")]

    def row(driver: Driver) -> list[Cell]:
        unplaced = "few" if driver.n < _LEAST_PAIRS else "alike"
        quadrant = words(f"report.quadrant.{driver.quadrant or unplaced}")
        if driver.quadrant is not None and not driver.clear:
            quadrant = words("report.quadrant.unclear", quadrant=quadrant)
        priority = Figure(value=driver.priority, n=driver.n, formula="priority")
        return [*_measured(context, plot, driver, pairs, shops), quadrant, priority]

    return Table(columns=columns, rows=[row(driver) for driver in plot.drivers], title=words("report.R-09.table"))


REPORT = Report("R-09", (*COMMON, "section", "outcome", "importance"), build)
