"""R-29 Jobs, one row each: every time, person and score of a kept job (B-N5)."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from repaircenter.central.reporting import rows
from repaircenter.central.reporting.report import Building, Report, streamed
from repaircenter.central.reporting.rows import JobRow
from repaircenter.wire.document import Cell, Day, Figure, Heading, Link, Linked, Node, Part, Table

_COLUMNS = (
    ("ro", 1.0, "text"),
    ("shop", 1.3, "text"),
    ("customer", 1.6, "text"),
    ("vehicle", 1.6, "text"),
    ("insurer", 1.4, "text"),
    ("people", 1.3, "text"),
    ("total_amount", 1.0, "number"),
    ("created", 1.15, "date"),
    ("arrived", 1.15, "date"),
    ("promised", 1.15, "date"),
    ("delivered", 1.15, "date"),
    ("received", 1.15, "date"),
    ("callable", 1.15, "date"),
    ("state", 1.2, "text"),
    ("sent", 1.15, "date"),
    ("opened", 1.15, "date"),
    ("answered", 1.15, "date"),
    ("stars_number", 0.6, "integer"),
    ("recommend", 0.6, "integer"),
)
# A page has no room for every date; the workbook and the CSV have them all.
_EXPORT_ONLY = ("created", "promised", "callable", "opened")


def build(building: Building) -> Iterator[Part]:
    several = len(building.shops) > 1
    columns = [
        replace(building.column(name, width, kind), on_page=name not in _EXPORT_ONLY and (name != "shop" or several))
        for name, width, kind in _COLUMNS
    ]
    count = rows.job_count(building.connection, building.selection)
    if not count:
        yield building.empty("jobs")
        return

    def nodes(batch: list[JobRow], is_first: bool) -> list[Node]:
        table = Table(columns=columns, rows=[_row(building, one) for one in batch], continued=not is_first)
        return [Heading(text=building.scope), table] if is_first else [table]

    found = rows.job_rows(building.connection, building.selection)
    yield from streamed(building.header((), count, "jobs"), found, nodes)


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
