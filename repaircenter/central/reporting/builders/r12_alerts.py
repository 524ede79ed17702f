"""R-12 Alerts and recovery sheets: what was low, whose it is, how old it is, what was done and what came of it (A-P1)."""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from repaircenter.central.accounts.queries import names_of_people
from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.parameters import COMMON
from repaircenter.central.reporting.report import Report, ReportContext, streamed
from repaircenter.central.reporting.sql import alert_rows, rows
from repaircenter.central.reporting.sql.alert_rows import AlertRow
from repaircenter.runtime.days import zone_of
from repaircenter.wire.document.cells import Cell, Day, Link, Linked
from repaircenter.wire.document.nodes import Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part
from repaircenter.wire.vocabulary import ALERT_STATES, LOW

_COLUMNS = (
    ("alert_opened", 1.1, "date"),
    ("shop", 1.4, "text"),
    ("ro", 1.0, "text"),
    ("customer", 1.7, "text"),
    ("programme", 1.4, "text"),
    ("low_marks", 2.6, "text"),
    ("state", 1.0, "text"),
    ("alert_owner", 1.3, "text"),
    ("alert_due", 1.1, "date"),
    ("alert_ended", 1.1, "date"),
    ("days_open", 0.7, "integer"),
    ("cause", 1.5, "text"),
    ("action", 3.0, "text"),
    ("outcome", 1.7, "text"),
    ("comment", 3.0, "text"),
)
# What stands on a line of a page; exports have everything.
_ON_PAGE = {"alert_opened", "ro", "customer", "low_marks", "state", "alert_owner", "days_open", "cause", "outcome"}


def build(context: ReportContext) -> Iterator[Part]:
    counts = alert_rows.counts(context.connection, context.selection)
    if not counts and not rows.answer_count(context.connection, context.selection):
        yield empty(context)
        return
    top: list[Node] = [Heading(text=context.scope), _summary(context, counts)]
    if not counts:
        none = Paragraph(text=context.words("report.R-12.none"))
        yield Part(number=0, header=header(context, ()), nodes=[*top, none], last=True)
        return
    several = len(context.shops) > 1
    columns = [
        replace(
            context.column(name, width, kind),
            on_page=name in _ON_PAGE or (name == "shop" and several),
            cut=name == "low_marks",
        )
        for name, width, kind in _COLUMNS
    ]
    names = names_of_people(context.connection)

    def nodes_of(batch: list[AlertRow], is_first: bool) -> list[Node]:
        table = Table(columns=columns, rows=[_row(context, row, names) for row in batch], continued=not is_first)
        return [*top, table] if is_first else [table]

    alerts = alert_rows.alert_rows(context.connection, context.selection)
    yield from streamed(header(context, ()), alerts, nodes_of)


def _summary(context: ReportContext, counts: Mapping[str, int]) -> Table:
    """How many stand where, in the order of their way, and all together."""
    words = context.words
    lines: list[list[Cell]] = [
        [words(f"common.alert.state.{state}"), counts[state]] for state in ALERT_STATES if state in counts
    ]
    lines.append([words("report.total"), sum(counts.values())])
    return Table(
        columns=[context.column("state", 2.0), context.column("alerts", 1.0, "integer")], rows=lines, continued=False
    )


def _row(context: ReportContext, row: AlertRow, names: Mapping[int, str]) -> list[Cell]:
    words, zone = context.words, zone_of(row.zone)
    ended = None if row.ended_at is None else row.ended_at.astimezone(zone).date()
    survey = Link(report="R-02", parameters={"job": row.job_key}, shops=[row.shop_id])
    return [
        Linked(value=Day(value=row.opened_at.astimezone(zone).date()), link=survey),
        row.shop,
        Linked(
            value=row.ro_number or words("report.column.no_ro"), link=Link(job_key=row.job_key, shops=[row.shop_id])
        ),
        row.customer,
        row.programme,
        _low_marks(context, row),
        words(f"common.alert.state.{row.state}"),
        names.get(row.owner_id or 0),
        Day(value=row.due_at.astimezone(zone).date()),
        Day(value=ended),
        ((row.ended_at or context.request.now_utc) - row.opened_at).days,
        None if row.cause is None else words(f"common.alert.cause.{row.cause}"),
        row.action or None,
        None if row.outcome is None else words(f"common.alert.outcome.{row.outcome}"),
        row.comment,
    ]


def _low_marks(context: ReportContext, row: AlertRow) -> str:
    """ "4/10 Quality of the repair, 2/5 …": what the rule of the programme found low, in the order of the questions; else
    what the alert is about."""
    if row.kind != LOW:
        return context.words(f"common.alert.kind.{row.kind}")
    return ", ".join(
        f"{row.values[question.key]}/{question.maximum} {question.label(context.words.language)}"
        for question in context.questionnaire(row.questionnaire_id).questions
        if question.key in row.low and question.key in row.values
    )


REPORT = Report("R-12", COMMON, build, of_recoveries=True)
