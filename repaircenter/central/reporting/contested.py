"""What was contested, by shop, and a measure with and without the answers that are left out (A-N6): nothing is hidden."""

from collections.abc import Iterator
from dataclasses import replace

from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.measures import Measure
from repaircenter.central.reporting.report import ReportContext
from repaircenter.central.reporting.sql import contest_rows
from repaircenter.central.reporting.sql.aggregates import SHOP
from repaircenter.central.reporting.sql.cohort import looked_up
from repaircenter.central.reporting.sql.contest_rows import Contested
from repaircenter.metrics import shares
from repaircenter.metrics.figure import Figure
from repaircenter.wire.document.cells import Cell
from repaircenter.wire.document.nodes import Node, Table
from repaircenter.wire.document.parts import Part


def contested_table(context: ReportContext, measure: Measure) -> list[Node]:
    """A line a shop that contested anything, and all shops together; nothing where nobody did."""
    counts = contest_rows.contested(context.connection, context.selection)
    everyone = sum(counts.values(), Contested())
    if not everyone.contested:
        return []
    words, connection = context.words, context.connection
    without = measure.fetch(connection, replace(context.selection, with_contested=False), (SHOP,), "month")
    with looked_up(connection):
        left_out = measure.fetch(connection, replace(context.selection, only_left_out=True), (SHOP,), "month")

    def line(name: str, count: Contested, shops: list[int]) -> list[Cell]:
        pools, more = (
            sum((of[(shop,)] for shop in shops if (shop,) in of), measure.nothing) for of in (without, left_out)
        )
        both = measure.figure(pools), measure.figure(pools + more)
        return [
            name,
            count.answers,
            count.contested,
            count.open,
            count.upheld,
            context.shown(_rate(count), "percent"),
            *(context.shown(figure, measure.unit) for figure in both),
        ]

    title = measure.title(words)
    columns = [
        context.column("shop", 1.8),
        context.column("n", 0.6, "integer"),
        context.column("contested", 0.9, "integer"),
        context.column("contests_open", 0.7, "integer"),
        context.column("contests_upheld", 0.8, "integer"),
        context.column("contested_rate", 1.6, "percent"),
        context.titled(words("report.column.without_contested", measure=title), 1.7, "number"),
        context.titled(words("report.column.with_contested", measure=title), 1.7, "number"),
    ]
    shops = [shop for shop in context.shops if shop in counts and counts[shop].contested]
    rows = [line(context.shops[shop][0], counts[shop], [shop]) for shop in shops]
    total = line(words("report.all_shops"), everyone, list(context.shops))
    return [Table(columns=columns, rows=rows, total=total, title=words("report.contested_title"))]


def nothing_but_contested(context: ReportContext, measure: Measure) -> Iterator[Part]:
    """A report without an answer that counts: what was left out is shown all the same, else why there is nothing."""
    contested = contested_table(context, measure)
    if contested:
        yield Part(number=0, header=header(context, (shares.SHARE,)), nodes=contested, last=True)
    else:
        yield empty(context)


def _rate(count: Contested) -> Figure:
    return shares.share(count.contested, count.answers)
