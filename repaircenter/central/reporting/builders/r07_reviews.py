"""R-07 Reviews: every answer with its comment, in four orders, as the answers come from the database (B-25)."""

from collections.abc import Iterator

from msgspec.structs import replace

from repaircenter.central.reporting.header import empty, header, named_questions
from repaircenter.central.reporting.parameters import COMMON
from repaircenter.central.reporting.report import Report, ReportContext, streamed
from repaircenter.central.reporting.sql import rows
from repaircenter.central.reporting.sql.rows import Review, Survey
from repaircenter.runtime.days import zone_of
from repaircenter.wire.document.cells import Cell, Day, Icon, Link, Linked, Stars
from repaircenter.wire.document.nodes import Column, Heading, Node, Table
from repaircenter.wire.document.parts import Part
from repaircenter.wire.surveys.questionnaires import RECOMMEND

# As a page shows it; exports have the word.
_CHANNELS = {"email": "✉", "sms": "💬", "phone": "📞"}


def build(context: ReportContext) -> Iterator[Part]:
    """A part every 250 answers, straight from the database's cursor."""
    total = rows.answer_count(context.connection, context.selection)
    if not total:
        yield empty(context)
        return
    columns = _columns(context)

    def nodes(batch: list[Review], is_first: bool) -> list[Node]:
        table = Table(columns=columns, rows=[_row(context, review) for review in batch], continued=not is_first)
        return [Heading(text=context.scope), table] if is_first else [table]

    reviews = rows.reviews(context.connection, context.selection, context.choice("order"))
    yield from streamed(header(context, ()), reviews, nodes)


def _columns(context: ReportContext) -> list[Column]:
    columns = [
        context.column("date", 1.3, "date"),
        context.column("ro", 1.0),
        context.column("customer", 1.7),
        context.column("stars", 1.0, "stars"),
        context.column("recommend", 0.75, "integer"),
        context.column("comment", 3.6),
        context.titled(context.role(context.selection.role), 1.5, "text"),
        context.column("channel", 0.8),
        replace(context.column("asked_about", 1.8), on_page=False),
    ]
    asked = mark_title(context)
    if asked:
        columns.insert(5, context.titled(asked, 1.1, "number"))
    if len(context.shops) > 1:
        columns.insert(1, context.column("shop", 1.3))
    return columns


def mark_title(context: ReportContext) -> str:
    """What the answers behind a figure were given to: a question, the overall CSI; empty where its own column says it."""
    keys = context.selection.questions
    if not keys or set(keys) <= {"stars", RECOMMEND}:
        return ""
    return named_questions(context, keys)


def _row(context: ReportContext, review: Review) -> list[Cell]:
    cells: list[Cell] = [
        Linked(
            value=Day(value=review.submitted_at.astimezone(zone_of(review.zone)).date()),
            link=Link(report="R-02", parameters={"job": review.job_key}, shops=[review.shop_id]),
        ),
        Linked(
            value=review.ro_number or context.words("report.column.no_ro"),
            link=Link(job_key=review.job_key, shops=[review.shop_id]),
        ),
        review.customer,
        Stars(value=review.stars),
        review.recommend,
        review.comment,
        people_of(review, context.selection.role),
        Icon(symbol=_CHANNELS.get(review.channel, ""), words=context.said("channel", review.channel)),
        context.credited(review.people),
    ]
    if mark_title(context):
        cells.insert(5, _mark(review.mark, len(context.selection.questions)))
    if len(context.shops) > 1:
        cells.insert(1, review.shop)
    return cells


def _mark(mark: float | None, questions: int) -> int | float | None:
    """A mark as it was given; the mean of several with its decimals."""
    return mark if mark is None or questions > 1 else round(mark)


def people_of(review: Review | Survey, role: str) -> str:
    """The people of a role, as they were when the customer was invited."""
    return ", ".join(name for name, _ in review.people.get(role, ()))


REPORT = Report("R-07", (*COMMON, "group", "stars", "order"), build)
