"""The first page of R-01, for an owner: cards in words, the last twelve months, best and worst questions, comments."""

from collections.abc import Sequence

from repaircenter.central.reporting.builders.r01_pools import Overview, Pools
from repaircenter.central.reporting.cells import reach
from repaircenter.central.reporting.report import ReportContext
from repaircenter.central.reporting.sql.periods import span
from repaircenter.central.reporting.sql.rows import Review
from repaircenter.metrics import changes, means
from repaircenter.metrics.changes import DOWN, UP, Change
from repaircenter.metrics.figure import Figure
from repaircenter.rendering import values
from repaircenter.runtime.days import zone_of
from repaircenter.wire.document.cells import Cell, Day
from repaircenter.wire.document.charts import LineChart, Series
from repaircenter.wire.document.nodes import Card, Cards, Heading, Node, Paragraph, Table
from repaircenter.wire.surveys.questionnaires import RECOMMEND, Question

_EXTREMES = 3
_LONGEST = 260
# Under this a line would be a dot or two.
_LEAST_MONTHS = 3


def owner_page(
    context: ReportContext, pools: Pools, title: str, shops: list[int], *, with_extremes: bool = True
) -> list[Node]:
    """What an owner reads first, on one page of its own; `with_extremes` where the questions do not stand below."""
    nodes: list[Node] = [Heading(text=title, new_page=True), Cards(cards=_cards(context, pools, shops))]
    line = _line(context, pools, shops)
    if line is not None:
        nodes.append(line)
    extremes = _best_and_worst(context, pools, shops) if with_extremes else None
    if extremes is not None:
        nodes.append(extremes)
    nodes.extend(_comments(context, pools, shops))
    return nodes


def _cards(context: ReportContext, pools: Pools, shops: list[int]) -> list[Card]:
    words = context.words
    overview, goals, insurer = pools.overview(shops), pools.goals(shops), pools.insurer(shops)
    cards = [
        Card(
            label=words("report.column.overall_csi"),
            figure=context.shown(overview.csi, "plain"),
            note=context.n(overview.csi.n),
            said=_said(context, overview.csi, overview.csi_change, goals.get("csi"), 2),
            link=context.to_reviews(shops, question=pools.scales) if pools.scales else None,
        ),
        Card(
            label=words("report.column.nps"),
            figure=context.shown(overview.nps, "nps"),
            note=context.n(overview.nps.n),
            said=_said(context, overview.nps, overview.nps_change, goals.get("nps"), 0),
            link=context.to_reviews(shops, question=RECOMMEND),
        ),
        _rate(context, overview, shops),
        Card(
            label=words("report.column.answers"),
            figure=context.shown(overview.answers, "count"),
            link=context.to_reviews(shops),
        ),
    ]
    if insurer.n:
        link = context.to_reviews(shops, question=pools.insurer_scales)
        figure, note = context.shown(insurer, "plain"), context.n(insurer.n)
        cards.append(Card(label=words("report.card.insurer_score"), figure=figure, note=note, link=link))
    return cards


def _rate(context: ReportContext, overview: Overview, shops: list[int]) -> Card:
    """The response rate leads to the jobs it is a rate of (V-N3)."""
    rate = overview.responses
    said = [context.words("report.card.still_open", count=context.number(rate.open, 0))] if rate.open else []
    return Card(
        label=context.words("report.card.response_rate"),
        figure=context.rate(rate),
        note=context.n(rate.rate.n),
        said=said,
        link=context.to_jobs(shops),
    )


def _said(
    context: ReportContext, figure: Figure, change: Change | None, target: float | None, decimals: int
) -> list[str]:
    """The change against the compared period and how far the target is, each certain or not, in words."""
    words, lines = context.words, []
    if change is not None and change.direction is not None:
        value = context.number(abs(change.value), decimals)
        lines.append(words(f"report.card.change_{change.direction}", value=value))
    to_target = changes.to_target(figure, target)
    if to_target is not None and target is not None:
        direction = to_target.direction if to_target.direction in (UP, DOWN) else changes.SAME
        gap, goal = context.number(abs(to_target.value), decimals), context.number(target, decimals)
        lines.append(words(f"report.card.target_{direction}", gap=gap, target=goal))
    return lines


def _line(context: ReportContext, pools: Pools, shops: list[int]) -> LineChart | None:
    """The overall CSI of twelve months; those before the first answer and with too few of them are not drawn."""
    months, figures = list(pools.months), pools.by_month(shops)
    while figures and not figures[0].n:
        del months[0], figures[0]
    drawn = [figure if figure.n >= context.least else Figure.nothing("") for figure in figures]
    if sum(figure.n > 0 for figure in drawn) < _LEAST_MONTHS:
        return None
    shown = [value for figure in drawn for value in (figure.value, figure.low, figure.high)]
    low, high = reach(shown, pools.csi.minimum, pools.csi.maximum)
    return LineChart(
        title=context.words("report.R-01.year"),
        labels=[f"{month.start:%Y-%m}" for month in months],
        series=[
            Series(
                name=context.words("report.column.overall_csi"),
                values=[figure.value for figure in drawn],
                low=[figure.low for figure in drawn],
                high=[figure.high for figure in drawn],
            )
        ],
        minimum=low,
        maximum=high,
        counts=[figure.n for figure in figures],
        links=[context.to_reviews(shops, question=pools.scales, period=span(month)) for month in months],
        running=context.is_running(months[-1]),
        small=True,
    )


def _best_and_worst(context: ReportContext, pools: Pools, shops: list[int]) -> Table | None:
    """The questions with the highest and the lowest means, three each at most, none in both."""
    scored: list[tuple[float, Question]] = []
    for question in pools.asked:
        moments = pools.histogram(question, shops).moments()
        if question.kind == "scale" and moments.n >= context.least and moments.mean is not None:
            scored.append((moments.mean, question))
    scored.sort(key=lambda pair: (-pair[0], pair[1].key))
    count = min(_EXTREMES, len(scored) // 2)
    if not count:
        return None
    words = context.words
    table = [
        *(_extreme(context, pools, shops, question, "best") for _, question in scored[:count]),
        *(_extreme(context, pools, shops, question, "worst") for _, question in scored[-count:]),
    ]
    columns = [
        context.titled("", 1.3, "text"),
        context.column("question", 3.4),
        context.column("mean", 1.7, "number"),
        context.column("change", 1.0, "number"),
    ]
    return Table(columns=columns, rows=table, title=words("report.R-01.extremes"))


def _extreme(context: ReportContext, pools: Pools, shops: list[int], question: Question, place: str) -> list[Cell]:
    moments = pools.histogram(question, shops).moments()
    mean = means.mean(moments, question.minimum, question.maximum)
    change = changes.mean_change(pools.earlier(question, shops), moments)
    only = {"question": question.key}
    return [
        context.words(f"report.R-01.{place}"),
        question.label(context.request.language),
        context.behind(context.shown(mean, "plain"), shops, **only),
        context.behind(context.changed(change), shops, **only),
    ]


def _comments(context: ReportContext, pools: Pools, shops: Sequence[int]) -> list[Node]:
    """The newest ones, as the customers wrote them."""
    quotes: list[Node] = [Paragraph(text=_quoted(context, review), style="quote") for review in pools.comments(shops)]
    if not quotes:
        return []
    return [Heading(text=context.words("report.R-01.comments"), level=2), *quotes]


def _quoted(context: ReportContext, review: Review) -> str:
    comment = " ".join((review.comment or "").split())
    if len(comment) > _LONGEST:
        comment = comment[:_LONGEST].rstrip() + "…"
    day = values.words(Day(value=review.submitted_at.astimezone(zone_of(review.zone)).date()), context.words.language)
    stars = "" if review.stars is None else context.words.count("report.R-01.stars", review.stars, stars=review.stars)
    by = ", ".join(filter(None, (review.customer, day, stars)))
    return context.words("report.R-01.quote", comment=comment, by=by)
