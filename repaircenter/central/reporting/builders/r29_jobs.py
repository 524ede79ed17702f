"""R-29 Jobs, one row each: every time, person and score of a kept job (B-N5)."""

from collections.abc import Iterator

from msgspec.structs import replace

from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.parameters import COMMON
from repaircenter.central.reporting.report import Report, ReportContext, streamed
from repaircenter.central.reporting.sql import rows
from repaircenter.central.reporting.sql.rows import JobRow
from repaircenter.central.surveys.answers import Answers, in_words
from repaircenter.wire.document.cells import Cell, Day, Figure, Link, Linked
from repaircenter.wire.document.nodes import Heading, Node, Table
from repaircenter.wire.document.parts import Part
from repaircenter.wire.surveys.questionnaires import RECOMMEND, Question

_COLUMNS = (
    ("ro", 1.1, "text"),
    ("shop", 1.6, "text"),
    ("customer", 3.0, "text"),
    ("vehicle", 1.6, "text"),
    ("insurer", 1.4, "text"),
    ("programme", 1.4, "text"),
    ("people", 2.0, "text"),
    ("appraiser", 1.3, "text"),
    ("asked_about", 1.8, "text"),
    ("total_amount", 1.1, "number"),
    ("currency", 0.7, "text"),
    ("created", 1.15, "date"),
    ("arrived", 1.15, "date"),
    ("promised", 1.15, "date"),
    ("delivered", 1.15, "date"),
    ("received", 1.15, "instant"),
    ("callable", 1.15, "date"),
    ("state", 1.7, "text"),
    ("reason", 1.2, "text"),
    ("channel", 0.8, "text"),
    ("sent", 1.15, "instant"),
    ("text_arrived", 1.15, "instant"),
    ("calls", 0.7, "integer"),
    ("bounced", 1.15, "instant"),
    ("opened", 1.15, "instant"),
    ("started", 1.15, "instant"),
    ("answered", 1.15, "instant"),
    ("unsubscribed", 1.15, "instant"),
    ("stars_number", 0.6, "integer"),
    ("recommend", 0.6, "integer"),
)
# What stands on one line of a page, so that 198 jobs take six (issue 15.19); the workbook and the CSV have everything, and
# the questions and the comment after it.
_ON_PAGE = {"ro", "customer", "people", "total_amount", "delivered", "state", "answered", "stars_number", "recommend"}


def build(context: ReportContext) -> Iterator[Part]:
    several = len(context.shops) > 1
    asked = [q for q in context.every_question() if q.key not in ("stars", RECOMMEND)]
    columns = [
        replace(context.column(name, width, kind), on_page=name in _ON_PAGE or (name == "shop" and several), cut=True)
        for name, width, kind in _COLUMNS
    ]
    columns += [
        replace(
            context.titled(q.label(context.words.language), 1.0, "integer" if q.is_scored else "text"), on_page=False
        )
        for q in asked
    ]
    columns.append(replace(context.column("comment", 3.0), on_page=False))
    count = rows.job_count(context.connection, context.selection)
    if not count:
        yield empty(context, "jobs")
        return

    def nodes(batch: list[JobRow], is_first: bool) -> list[Node]:
        table = Table(columns=columns, rows=[_row(context, job, asked) for job in batch], continued=not is_first)
        return [Heading(text=context.scope), table] if is_first else [table]

    jobs = rows.job_rows(context.connection, context.selection)
    yield from streamed(header(context, (), count), jobs, nodes)


def _row(context: ReportContext, row: JobRow, asked: list[Question]) -> list[Cell]:
    given = row.values or {}
    answers = Answers(values=dict(given), choices=dict(row.choices or {}), texts=dict(row.texts or {}))

    return [
        Linked(
            value=row.ro_number or context.words("report.column.no_ro"),
            link=Link(job_key=row.job_key, shops=[row.shop_id]),
        ),
        row.shop,
        row.customer,
        row.vehicle,
        row.insurer,
        row.programme,
        row.estimator,
        row.appraiser,
        context.credited(row.people or {}),
        Figure(
            value=None if row.total_cents is None else row.total_cents / 100, unit="money", currency=row.currency or ""
        ),
        row.currency,
        Day(value=row.created_on),
        Day(value=row.arrived_on),
        Day(value=row.promised_on),
        Day(value=row.delivered_on),
        context.instant(row.received_at, row.zone),
        Day(value=row.callable_on),
        context.said("state", row.state),
        context.said("reason", row.reason),
        context.said("channel", row.channel),
        context.instant(row.sent_at, row.zone),
        context.instant(row.text_arrived_at, row.zone),
        row.calls or None,
        context.instant(row.bounced_at, row.zone),
        context.instant(row.opened_at, row.zone),
        context.instant(row.started_at, row.zone),
        context.instant(row.answered_at, row.zone),
        context.instant(row.unsubscribed_at, row.zone),
        given.get("stars"),
        given.get(RECOMMEND),
        *(given.get(q.key) if q.is_scored else in_words(q, answers, context.words) or None for q in asked),
        row.comment,
    ]


# Jobs are listed whatever was decided about their answers.
_PARAMETERS = (*(name for name in COMMON if name != "contested"), "invited")
REPORT = Report("R-29", _PARAMETERS, build, of_the_shop=True)
