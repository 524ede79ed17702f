"""R-07 Reviews: one row an answer, in four sort orders (B-25)."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from repaircenter.central.reporting import queries
from repaircenter.central.reporting.queries import Review
from repaircenter.central.reporting.report import Building, Report
from repaircenter.wire.document import Cell, Column, Day, Heading, Part, Stars, Table

ORDERS = ("newest", "oldest", "lowest", "highest")


def build(building: Building) -> Iterator[Part]:
    """A part every 250 answers, straight from the database's cursor."""
    words = building.words
    order = building.request.parameters.get("order", "newest")
    order = order if order in ORDERS else "newest"
    counts = queries.respondents(building.connection, building.selection, ["stars"])
    total = sum(moments.n for moments in counts.values())
    header = building.header("R-07", (), total)
    header.facts.append((words("report.fact.order"), words(f"report.order.{order}")))
    columns = [
        Column(title=words("report.column.date"), width=1.3, kind="date"),
        Column(title=words("report.column.ro"), width=1.0),
        Column(title=words("report.column.customer"), width=1.7),
        Column(title=words("report.column.stars"), width=1.0, kind="number"),
        Column(title=words("report.column.recommend"), width=0.75, align="right", kind="integer"),
        Column(title=words("report.column.comment"), width=3.6),
        Column(title=words("report.column.people"), width=1.5),
        Column(title=words("report.column.channel"), width=1.05),
    ]
    if len(building.shops) > 1:
        columns.insert(1, Column(title=words("report.column.shop"), width=1.3))
    number = 0
    for batch in queries.reviews(building.connection, building.selection, order):
        table = Table(columns=columns, rows=[_row(building, review) for review in batch], continued=number > 0)
        heading = [] if number else [Heading(text=words("report.R-07.title"))]
        yield Part(number=number, header=None if number else header, nodes=[*heading, table])
        number += 1
    if not number:
        yield Part(number=0, header=header, nodes=building.empty(), last=True)
    else:
        yield Part(number=number, nodes=[], last=True)


def _row(building: Building, review: Review) -> list[Cell]:
    cells: list[Cell] = [
        Day(value=review.submitted_at.astimezone(ZoneInfo(review.zone)).date()),
        review.ro_number,
        review.customer,
        Stars(value=review.stars),
        review.recommend,
        review.comment,
        review.estimator,
        building.words(f"report.channel.{review.channel}"),
    ]
    if len(building.shops) > 1:
        cells.insert(1, review.shop)
    return cells


REPORT = Report("R-07", ("shops", "period", "programme", "order"), build)
