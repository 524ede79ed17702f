"""R-19 Sample status: what came, in which programme it is, where it stands, and what was not kept and why (A-22)."""

from collections.abc import Iterator

from msgspec.structs import replace

from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.report import Report, ReportContext, streamed
from repaircenter.central.reporting.sql import sample_rows
from repaircenter.central.reporting.sql.sample_rows import SampleRow
from repaircenter.runtime.days import day_in
from repaircenter.wire.document.cells import Cell, Day, Link, Linked
from repaircenter.wire.document.charts import ColumnChart, CountColumn
from repaircenter.wire.document.nodes import Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part

# In the order of a sample's way.
_STATES = ("ageing", "callable", "invited", "answered", "expired", "refused", "unreachable", "withdrawn")
_TONES = {"answered": "good", "expired": "middle", "refused": "middle", "unreachable": "bad", "withdrawn": "middle"}
_COLUMNS = (
    ("received", 1.2, "instant"),
    ("shop", 1.5, "text"),
    ("ro", 1.0, "text"),
    ("customer", 1.8, "text"),
    ("insurer", 1.6, "text"),
    ("programme", 1.6, "text"),
    ("state", 1.2, "text"),
    ("reason", 2.0, "text"),
    ("callable", 1.1, "date"),
    ("days_to_callable", 0.9, "integer"),
    ("sent", 1.2, "instant"),
)
_ON_PAGE = {"received", "ro", "customer", "programme", "state", "reason", "callable", "days_to_callable"}


def build(context: ReportContext) -> Iterator[Part]:
    counts = sample_rows.counts(context.connection, context.selection)
    # Of what was not kept nothing is known that a filter could ask for.
    is_filtered = any(context.request.parameters.get(name) for name in ("programme", "size", "employees"))
    dropped = {} if is_filtered else sample_rows.not_kept(context.connection, context.selection)
    if not counts and not dropped:
        yield empty(context, "jobs")
        return
    words, kept = context.words, sum(counts.values())
    states = [*(state for state in _STATES if state in counts), *(state for state in counts if state not in _STATES)]
    chart = ColumnChart(
        title=words("report.R-19.chart"),
        columns=[
            CountColumn(label=context.said("state", state), value=counts[state], tone=_TONES.get(state, "plain"))
            for state in states
        ],
    )
    top: list[Node] = [Heading(text=context.scope)]
    if kept >= context.least:
        top.append(chart)
    if dropped:
        top.append(_not_kept(context, dropped))
    top.append(Paragraph(text=words("report.R-19.note"), style="note"))
    several = len(context.shops) > 1
    columns = [
        replace(context.column(name, width, kind), on_page=name in _ON_PAGE or (name == "shop" and several))
        for name, width, kind in _COLUMNS
    ]

    def nodes_of(batch: list[SampleRow], is_first: bool) -> list[Node]:
        table = Table(columns=columns, rows=[_row(context, row) for row in batch], continued=not is_first)
        return [*top, table] if is_first else [table]

    if not counts:
        yield Part(number=0, header=header(context, (), kept), nodes=top, last=True)
        return
    samples = sample_rows.sample_rows(context.connection, context.selection)
    yield from streamed(header(context, (), kept), samples, nodes_of)


def _not_kept(context: ReportContext, dropped: dict[str, int]) -> Table:
    """By reason, the most frequent first."""
    lines: list[list[Cell]] = [
        [context.said("reason", reason), count]
        for reason, count in sorted(dropped.items(), key=lambda of: (-of[1], of[0]))
    ]
    return Table(
        title=context.words("report.R-19.not_kept"),
        columns=[context.column("reason", 4.0), context.column("jobs_came", 1.0, "integer")],
        rows=lines,
        total=[context.words("report.total"), sum(dropped.values())],
    )


def _row(context: ReportContext, row: SampleRow) -> list[Cell]:
    to_go = (row.callable_on - day_in(row.zone, context.request.now_utc)).days if row.state == "ageing" else None
    return [
        context.instant(row.received_at, row.zone),
        row.shop,
        Linked(
            value=row.ro_number or context.words("report.column.no_ro"),
            link=Link(job_key=row.job_key, shops=[row.shop_id]),
        ),
        row.customer,
        row.insurer,
        row.programme,
        context.said("state", row.state),
        context.said("reason", row.reason),
        Day(value=row.callable_on),
        to_go,
        context.instant(row.sent_at, row.zone),
    ]


_PARAMETERS = ("shops", "period", "programme", "size", "employees")
REPORT = Report("R-19", _PARAMETERS, build, landscape=True, counts="samples", of_the_shop=True)
