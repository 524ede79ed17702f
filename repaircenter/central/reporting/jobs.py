"""R-29 Jobs, one row each: every time, person and score of a kept job (B-N5)."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from repaircenter.central.reporting import rows
from repaircenter.central.reporting.report import Building, Report
from repaircenter.central.reporting.rows import JobRow
from repaircenter.wire.document import Cell, Column, Day, Figure, Heading, Link, Linked, Node, Part, Table


def build(building: Building) -> Iterator[Part]:
    words = building.words
    columns = [
        Column(title=words(f"report.column.{name}"), width=width, align=align, kind=kind)
        for name, width, align, kind in (
            ("ro", 1.0, "left", "text"),
            ("shop", 1.2, "left", "text"),
            ("customer", 1.5, "left", "text"),
            ("vehicle", 1.5, "left", "text"),
            ("insurer", 1.4, "left", "text"),
            ("people", 1.2, "left", "text"),
            ("total_amount", 1.0, "right", "number"),
            ("created", 1.15, "left", "date"),
            ("arrived", 1.15, "left", "date"),
            ("promised", 1.15, "left", "date"),
            ("delivered", 1.15, "left", "date"),
            ("received", 1.15, "left", "date"),
            ("callable", 1.15, "left", "date"),
            ("state", 1.1, "left", "text"),
            ("sent", 1.15, "left", "date"),
            ("opened", 1.15, "left", "date"),
            ("answered", 1.15, "left", "date"),
            ("stars_number", 0.5, "right", "integer"),
            ("recommend", 0.55, "right", "integer"),
        )
    ]
    number, count = 0, rows.job_count(building.connection, building.selection)
    for batch in rows.job_rows(building.connection, building.selection):
        table = Table(columns=columns, rows=[_row(building, row) for row in batch], continued=number > 0)
        if number:
            yield Part(number=number, nodes=[table])
        else:
            nodes: list[Node] = [Heading(text=building.scope), table]
            yield Part(number=0, header=building.header((), count, "jobs"), nodes=nodes)
        number += 1
    if not number:
        yield building.empty()
        return
    yield Part(number=number, nodes=[], last=True)


def _row(building: Building, row: JobRow) -> list[Cell]:
    zone = ZoneInfo(row.zone)

    def day(at: datetime | None) -> Day:
        return Day(value=None if at is None else at.astimezone(zone).date())

    state = f"report.state.{row.state}"
    return [
        Linked(value=row.ro_number or row.job_key, link=Link(job_key=row.job_key, shops=[row.shop_id])),
        row.shop,
        row.customer,
        row.vehicle,
        row.insurer,
        row.estimator,
        Figure(value=None if row.total_cents is None else row.total_cents / 100, unit="money"),
        Day(value=row.created_on),
        Day(value=row.arrived_on),
        Day(value=row.promised_on),
        Day(value=row.delivered_on),
        day(row.received_at),
        Day(value=row.callable_on),
        building.words(state) if row.state and building.words.has(state) else row.state,
        day(row.sent_at),
        day(row.started_at),
        day(row.answered_at),
        row.stars,
        row.recommend,
    ]


REPORT = Report("R-29", ("shops", "period", "date_basis", "programme"), build, landscape=True)
