"""R-20 Response funnel: from who could be asked to who completed, where people stop, how long pages take (B-P7, A-P10)."""

from collections.abc import Iterator, Mapping

from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.parameters import COMMON
from repaircenter.central.reporting.report import Report, ReportContext
from repaircenter.central.reporting.sql import choices, funnel
from repaircenter.central.reporting.sql.aggregates import PROGRAMME, SHOP
from repaircenter.central.reporting.sql.funnel import Funnel, PageSent
from repaircenter.metrics import shares
from repaircenter.wire.document.cells import Cell
from repaircenter.wire.document.charts import ColumnChart, CountColumn
from repaircenter.wire.document.nodes import Column, Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part
from repaircenter.wire.surveys.questionnaires import Page, Question, Questionnaire

# The way of a survey, and the ways it ends before.
_WAY = ("due", "sent", "opened", "started", "completed")
_NOT_ASKED = ("throttled", "objected", "unreachable", "withdrawn", "waiting")
_COLUMNS = (
    ("funnel_due", 0.9, "integer"),
    ("funnel_throttled", 0.9, "integer"),
    ("funnel_objected", 0.9, "integer"),
    ("funnel_unreachable", 0.9, "integer"),
    ("funnel_withdrawn", 0.9, "integer"),
    ("funnel_waiting", 0.8, "integer"),
    ("funnel_sent", 0.8, "integer"),
    ("funnel_bounced", 0.8, "integer"),
    ("funnel_opened", 0.8, "integer"),
    ("funnel_started", 0.8, "integer"),
    ("funnel_completed", 0.9, "integer"),
    ("funnel_unsubscribed", 1.0, "integer"),
    ("response_rate_short", 1.0, "percent"),
)


def build(context: ReportContext) -> Iterator[Part]:
    by = PROGRAMME if context.choice("split") == "programme" else SHOP
    found = funnel.funnels(context.connection, context.selection, by)
    if not found:
        yield empty(context, "jobs")
        return
    whole = sum(found.values(), Funnel())
    words = context.words
    chart = ColumnChart(
        title=words("report.R-20.chart"),
        columns=[CountColumn(label=words(f"report.column.funnel_{step}"), value=getattr(whole, step)) for step in _WAY],
    )
    nodes: list[Node] = [
        Heading(text=context.scope),
        *([chart] if whole.due >= context.least else ()),
        _ways(context, by, found, whole),
        Paragraph(text=words("report.R-20.note"), style="note"),
    ]
    pages = funnel.pages(context.connection, context.selection)
    questions = funnel.questions(context.connection, context.selection)
    for questionnaire_id, (begun, completed) in sorted(funnel.completed(context.connection, context.selection).items()):
        if begun or completed:
            sent = {page.page: page for page in pages if page.questionnaire_id == questionnaire_id}
            answered = {row.question: row.answered for row in questions if row.questionnaire_id == questionnaire_id}
            nodes += _questionnaire(context, questionnaire_id, begun, completed, sent, answered)
    yield Part(number=0, header=header(context, (shares.RESPONSE_RATE, shares.SHARE), whole.due), nodes=nodes, last=True)


def _ways(context: ReportContext, by: str, found: dict[int, Funnel], whole: Funnel) -> Table:
    names = (
        choices.programmes_of(context.connection, list(context.shops))
        if by == PROGRAMME
        else {shop: name for shop, (name, _) in context.shops.items()}
    )
    lines = sorted((names.get(key, ""), key, counts) for key, counts in found.items())
    columns = [context.column("programme" if by == PROGRAMME else "shop", 1.8), *_columns(context)]
    return Table(
        columns=columns,
        rows=[[name, *_line(context, counts)] for name, _, counts in lines],
        total=[context.words("report.total"), *_line(context, whole)],
    )


def _columns(context: ReportContext) -> list[Column]:
    return [context.column(*named) for named in _COLUMNS]


def _line(context: ReportContext, counts: Funnel) -> list[Cell]:
    rate = shares.response_rate(counts.sent, counts.bounced, counts.completed)
    return [
        counts.due,
        *(getattr(counts, name) for name in _NOT_ASKED),
        counts.sent,
        counts.bounced,
        counts.opened,
        counts.started,
        counts.completed,
        counts.unsubscribed,
        context.shown(rate, "percent", plain=True),
    ]


def _questionnaire(
    context: ReportContext,
    questionnaire_id: int,
    begun: int,
    completed: int,
    sent: Mapping[str, PageSent],
    answered: Mapping[str, int],
) -> list[Node]:
    """Where people stop in it, page by page, and which questions are left out."""
    words, questionnaire = context.words, context.questionnaire(questionnaire_id)
    nodes: list[Node] = [Heading(text=_title(questionnaire, words.language))]
    if sent:
        lines: list[list[Cell]] = [[words("report.R-20.begun"), begun, None, None]]
        for number, page in enumerate(questionnaire.all_pages, start=1):
            of_page = sent.get(page.key)
            count = 0 if of_page is None else of_page.sent
            first = next((q for q in questionnaire.questions if q.page == page.key), None)
            asked = "" if first is None else first.label(words.language)
            lines.append(
                [
                    words("report.R-20.page", number=number, asked=asked),
                    count,
                    None if page.when else context.shown(shares.share(count, begun, shares.SHARE), "percent", plain=True),
                    None if of_page is None else round(of_page.median_seconds),
                ]
            )
        columns = [
            context.column("page", 4.0),
            context.column("funnel_page_sent", 1.0, "integer"),
            context.column("funnel_of_begun", 1.0, "percent"),
            context.column("seconds", 1.0, "integer"),
        ]
        nodes.append(Table(columns=columns, rows=lines))
    if completed:
        nodes.append(_left_out(context, questionnaire, answered, completed))
    return nodes


def _left_out(
    context: ReportContext, questionnaire: Questionnaire, answered: Mapping[str, int], completed: int
) -> Table:
    """A question not everybody is asked has no share: who left it out and who never saw it are not told apart."""
    pages = {page.key: page for page in questionnaire.all_pages}
    lines: list[list[Cell]] = []
    for question in questionnaire.questions:
        count = answered.get(question.key, 0)
        is_everybodys = _is_everybodys(question, pages[question.page])
        share = context.shown(shares.share(count, completed, shares.SHARE), "percent", plain=True)
        lines.append([question.label(context.words.language), count, share if is_everybodys else None])
    columns = [
        context.column("question", 5.0),
        context.column("funnel_answered", 1.0, "integer"),
        context.column("funnel_of_completed", 1.0, "percent"),
    ]
    return Table(columns=columns, rows=lines)


def _is_everybodys(question: Question, page: Page) -> bool:
    return not question.when and not page.when


def _title(questionnaire: Questionnaire, language: str) -> str:
    return f"{questionnaire.title(language)} {questionnaire.version}"


_PARAMETERS = (*(name for name in COMMON if name != "date_basis"), "split")
REPORT = Report("R-20", _PARAMETERS, build, landscape=True, dated_by="callable", counts="samples", of_the_shop=True)
