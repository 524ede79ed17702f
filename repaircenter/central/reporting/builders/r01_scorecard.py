"""R-01 CSI scorecard: an owner's page, then each question with mean, top box and change, by programme and by shop."""

from collections.abc import Iterator

from msgspec.structs import replace

from repaircenter.central.reporting.builders.r01_owner_page import owner_page
from repaircenter.central.reporting.builders.r01_pools import Pools
from repaircenter.central.reporting.contested import contested_table, nothing_but_contested
from repaircenter.central.reporting.header import header
from repaircenter.central.reporting.measures import QUESTION_MEASURE
from repaircenter.central.reporting.parameters import COMMON, YEAR
from repaircenter.central.reporting.report import Report, ReportContext
from repaircenter.metrics import changes, means, nps, overall, shares
from repaircenter.wire.document.cells import Cell, Link, Linked
from repaircenter.wire.document.charts import Bar, BarChart
from repaircenter.wire.document.nodes import Column, Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part
from repaircenter.wire.surveys.questionnaires import RECOMMEND, Question

_FORMULAS = (means.MEAN, shares.TOP_BOX, overall.RESPONDENT_MEAN, nps.NPS, shares.RESPONSE_RATE, changes.MEAN_CHANGE)
_TARGET_COLUMNS = (4, 5)
# So many shops are read in detail at once; of more their network comes first.
_SHOPS_AT_ONCE = 250


def build(context: ReportContext) -> Iterator[Part]:
    """First part: the network (or the one shop); then a page for each shop when there are several."""
    is_small = len(context.shops) <= _SHOPS_AT_ONCE
    pools = Pools(context, each_shop=is_small)
    if not pools.n:
        yield from nothing_but_contested(context, pools.csi)
        return
    everyone = list(context.shops)
    answered = [shop for shop in everyone if pools.answers(shop)] if len(everyone) > 1 else []
    nodes = owner_page(context, pools, context.scope, everyone)
    nodes.append(Heading(text=context.words("report.R-01.details"), new_page=True))
    nodes.extend(_questions(context, pools, everyone, with_chart=True))
    nodes.extend(_by_programme(context, pools, everyone))
    if answered:
        nodes.append(_by_shop(context, pools, answered, everyone))
        nodes.extend(context.without_answers(answered))
    nodes.extend(contested_table(context, pools.csi))
    nodes.append(Paragraph(text=context.words("report.R-01.note"), style="note"))
    yield Part(number=0, header=header(context, _FORMULAS), nodes=nodes, last=not answered)
    for number, shop in enumerate(answered, start=1):
        if not is_small and (number - 1) % _SHOPS_AT_ONCE == 0:
            pools = Pools(context.of_shops(answered[number - 1 :][:_SHOPS_AT_ONCE]), each_shop=True)
        nodes = owner_page(context, pools, context.shops[shop][0], [shop], with_extremes=False)
        nodes.extend(_questions(context, pools, [shop], with_chart=False))
        nodes.extend(_by_programme(context, pools, [shop]))
        yield Part(number=number, nodes=nodes, last=number == len(answered))


def _questions(context: ReportContext, pools: Pools, shops: list[int], *, with_chart: bool) -> list[Node]:
    words, goals = context.words, pools.goals(shops)
    rows: list[list[Cell]] = []
    bars: list[Bar] = []
    for question in pools.asked:
        now = pools.histogram(question, shops)
        if not now.n:
            continue
        rows.append(_row(context, pools, question, shops, goals.get(question.key)))
        if question.kind == "scale" and now.n >= context.least:
            mean = means.mean(now.moments(), question.minimum, question.maximum)
            link = _to_evolution(question, shops)
            label = question.label(words.language)
            bars.append(Bar(label=label, value=mean.value, low=mean.low, high=mean.high, n=mean.n, link=link))
    columns = [
        context.column("question", 3.4),
        context.column("n", 0.6, "integer"),
        context.column("mean", 1.7, "number"),
        context.column("top_box", 2.0, "percent"),
        context.column("target", 0.8, "number"),
        context.column("to_target", 1.0, "number"),
        context.column("change", 1.0, "number"),
    ]
    if not any(q.key in goals for q in pools.asked):
        columns = [replace(c, on_page=False) if index in _TARGET_COLUMNS else c for index, c in enumerate(columns)]
    nodes: list[Node] = []
    if bars and with_chart:
        nodes.append(BarChart(title=words("report.R-01.chart"), bars=bars, minimum=1, maximum=10))
    if rows:
        nodes.append(Table(columns=columns, rows=rows, title=words("report.R-01.questions")))
    return nodes


def _row(
    context: ReportContext, pools: Pools, question: Question, shops: list[int], target: float | None
) -> list[Cell]:
    now, label = pools.histogram(question, shops), question.label(context.words.language)
    mean = means.mean(now.moments(), question.minimum, question.maximum)
    top = shares.share(now.at_least(question.top_box), now.n)
    change = changes.mean_change(pools.earlier(question, shops), now.moments())
    only = {"question": question.key}
    return [
        Linked(value=label, link=_to_evolution(question, shops)),
        context.reviews(now.n, shops, **only),
        context.behind(context.shown(mean, "plain"), shops, **only),
        context.behind(context.shown(top, "percent"), shops, **only),
        target,
        context.behind(context.changed(changes.to_target(mean, target)), shops, **only),
        context.behind(context.changed(change), shops, **only),
    ]


def _to_evolution(question: Question, shops: list[int]) -> Link:
    """Question -> R-15, which follows it."""
    followed = "nps" if question.key == RECOMMEND else f"{QUESTION_MEASURE}{question.key}"
    return Link(report="R-15", parameters={"measure": followed, "period": YEAR}, shops=shops)


def _by_shop(context: ReportContext, pools: Pools, shops: list[int], everyone: list[int]) -> Table:
    """Shop -> R-01 of the shop; the total is that of everyone, whether they have answers or not."""
    words = context.words
    rows = [
        _line(context, pools, Linked(value=context.shops[shop][0], link=Link(report="R-01", shops=[shop])), [shop])
        for shop in shops
    ]
    columns = [context.column("shop", 2.2), *_columns(context)]
    total = _line(context, pools, words("report.all_shops"), everyone)
    return Table(columns=columns, rows=rows, total=total, title=words("report.by_shop"))


def _by_programme(context: ReportContext, pools: Pools, shops: list[int]) -> list[Node]:
    """Programme -> R-01 of the programme; where there is one only, it is what stands above."""
    asked = pools.programmes(shops)
    if len(asked) < 2:
        return []
    rows = []
    for number, name in asked.items():
        link = Link(report="R-01", parameters={"programme": str(number)}, shops=shops)
        rows.append(_line(context, pools, Linked(value=name, link=link), shops, number))
    columns = [context.column("programme", 2.2), *_columns(context)]
    return [Table(columns=columns, rows=rows, title=context.words("report.by_programme"))]


def _columns(context: ReportContext) -> list[Column]:
    return [
        context.column("n", 0.6, "integer"),
        context.column("overall_csi", 1.7, "number"),
        context.column("nps", 1.9, "number"),
        context.column("response_rate", 2.0, "percent"),
    ]


def _line(
    context: ReportContext, pools: Pools, name: Cell, shops: list[int], programme: int | None = None
) -> list[Cell]:
    overview = pools.overview(shops, programme)
    only = {} if programme is None else {"programme": str(programme)}
    return [
        name,
        context.reviews(overview.answers.n, shops, **only),
        context.behind(context.shown(overview.csi, "plain"), shops, question=pools.scales, **only),
        context.behind(context.shown(overview.nps, "nps"), shops, question=RECOMMEND, **only),
        context.invited(overview.responses, shops, False, **only),
    ]


REPORT = Report("R-01", (*COMMON, "section", "compare", "min_n"), build)
