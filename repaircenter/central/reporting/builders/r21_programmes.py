"""R-21 Programme report: each programme with its shops, its questions, and what the shops did about low answers (A-02, A-P2).

An insurer reads it over its own programmes; whoever manages shops sees in it what insurers see.
"""

from collections.abc import Iterator

from repaircenter.central.reporting.builders.r01_pools import Pools
from repaircenter.central.reporting.contested import contested_table
from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.parameters import COMMON
from repaircenter.central.reporting.report import Report, ReportContext
from repaircenter.central.reporting.sql import alert_rows, choices
from repaircenter.central.reporting.sql.alert_rows import AlertRow
from repaircenter.metrics import changes, means, nps, overall, shares
from repaircenter.runtime.days import zone_of
from repaircenter.wire.document.cells import Cell, Day, Link, Linked
from repaircenter.wire.document.charts import Bar, BarChart
from repaircenter.wire.document.nodes import Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part
from repaircenter.wire.surveys.questionnaires import RECOMMEND
from repaircenter.wire.vocabulary import LOW

_FORMULAS = (means.MEAN, overall.RESPONDENT_MEAN, nps.NPS, shares.RESPONSE_RATE, changes.MEAN_CHANGE)


def build(context: ReportContext) -> Iterator[Part]:
    """One part a programme that has answers, left out or not, in the order of names."""
    names = choices.programmes_of(context.connection, list(context.shops))
    chosen = context.selection.programme_id
    numbers = [number for number in names if chosen in (None, number)]
    parts = 0
    for number in numbers:
        of_one = context.of_programme(number)
        pools = Pools(of_one, each_shop=False)
        contested = contested_table(of_one, pools.csi)
        if not pools.n and not contested:
            continue
        nodes = _programme(of_one, pools, names[number], contested)
        yield Part(number=parts, header=None if parts else header(context, _FORMULAS), nodes=nodes)
        parts += 1
    if parts:
        yield Part(number=parts, nodes=[Paragraph(text=context.words("report.R-21.note"), style="note")], last=True)
    else:
        yield empty(context)


def _programme(context: ReportContext, pools: Pools, name: str, contested: list[Node]) -> list[Node]:
    everyone = list(context.shops)
    answered = [shop for shop in everyone if pools.answers(shop)]
    chart = _questions(context, pools, everyone)
    return [
        Heading(text=name),
        *([chart] if chart is not None else []),
        _by_shop(context, pools, answered, everyone),
        *context.without_answers(answered),
        *contested,
        *_recoveries(context),
    ]


def _questions(context: ReportContext, pools: Pools, shops: list[int]) -> BarChart | None:
    """The mean of each question of the scale, under the least number of answers not drawn."""
    bars = []
    for question in pools.asked:
        now = pools.histogram(question, shops)
        if question.kind == "scale" and now.n >= context.least:
            mean = means.mean(now.moments(), question.minimum, question.maximum)
            link = context.to_reviews(shops, question=question.key, programme=str(context.selection.programme_id))
            label = question.label(context.words.language)
            bars.append(Bar(label=label, value=mean.value, low=mean.low, high=mean.high, n=mean.n, link=link))
    return BarChart(title=context.words("report.R-21.chart"), bars=bars, minimum=1, maximum=10) if bars else None


def _by_shop(context: ReportContext, pools: Pools, answered: list[int], everyone: list[int]) -> Table:
    columns = [
        context.column("shop", 2.2),
        context.column("n", 0.6, "integer"),
        context.column("overall_csi", 1.7, "number"),
        context.column("change", 0.9, "number"),
        context.column("nps", 1.9, "number"),
        context.column("response_rate", 2.0, "percent"),
    ]
    rows = [_line(context, pools, context.shops[shop][0], [shop]) for shop in answered]
    total = _line(context, pools, context.words("report.all_shops"), everyone)
    return Table(columns=columns, rows=rows, total=total, title=context.words("report.by_shop"))


def _line(context: ReportContext, pools: Pools, name: str, shops: list[int]) -> list[Cell]:
    overview, programme = pools.overview(shops), {"programme": str(context.selection.programme_id)}
    return [
        Linked(value=name, link=Link(report="R-02", parameters=programme, shops=shops)),
        context.reviews(overview.answers.n, shops, **programme),
        context.behind(context.shown(overview.csi, "plain"), shops, question=pools.scales, **programme),
        context.behind(context.changed(overview.csi_change), shops, question=pools.scales, **programme),
        context.behind(context.shown(overview.nps, "nps"), shops, question=RECOMMEND, **programme),
        context.invited(overview.responses, shops, False, **programme),
    ]


def _recoveries(context: ReportContext) -> list[Node]:
    """How low answers stand, and what the shops wrote about them, where the programme shows it to insurers (A-P2)."""
    if not choices.shares_recoveries(context.connection, context.selection.programme_id):
        return []
    batches = alert_rows.alert_rows(context.connection, context.selection)
    alerts = [row for batch in batches for row in batch if row.kind == LOW]
    if not alerts:
        return []
    words = context.words
    columns = [
        context.column("alert_opened", 1.1, "date"),
        context.column("shop", 1.6),
        context.column("state", 1.1),
        context.column("cause", 1.6),
        context.column("outcome", 1.6),
        context.column("action", 3.4),
    ]
    rows = [_recovery(context, row) for row in alerts]
    return [Table(columns=columns, rows=rows, title=words("report.R-21.recoveries"))]


def _recovery(context: ReportContext, row: AlertRow) -> list[Cell]:
    words = context.words
    survey = Link(report="R-02", parameters={"job": row.job_key}, shops=[row.shop_id])
    return [
        Linked(value=Day(value=row.opened_at.astimezone(zone_of(row.zone)).date()), link=survey),
        row.shop,
        words(f"common.alert.state.{row.state}"),
        None if row.cause is None else words(f"common.alert.cause.{row.cause}"),
        None if row.outcome is None else words(f"common.alert.outcome.{row.outcome}"),
        row.action or None,
    ]


REPORT = Report("R-21", (*COMMON, "section", "compare", "min_n"), build)
