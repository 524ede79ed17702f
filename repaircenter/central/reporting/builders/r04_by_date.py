"""R-04 Ratings by date, and the dates of R-06: figures, counts and response rate of each day, week or month (B-22, B-26)."""

from collections.abc import Iterator
from datetime import date

from repaircenter.central.reporting.cells import reach
from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.parameters import COMMON, YEAR
from repaircenter.central.reporting.report import Report, ReportContext
from repaircenter.central.reporting.sql import aggregates
from repaircenter.central.reporting.sql.aggregates import PERIOD, Responses
from repaircenter.central.reporting.sql.periods import Period, bucket_start, span
from repaircenter.metrics import means, nps, shares
from repaircenter.metrics.figure import Figure as Measured
from repaircenter.metrics.histogram import Histogram
from repaircenter.wire.document.cells import Cell, Day
from repaircenter.wire.document.charts import LineChart, Series
from repaircenter.wire.document.nodes import Card, Cards, Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part


def build(context: ReportContext) -> Iterator[Part]:
    yield from build_dates(context, "stars")


def build_dates(context: ReportContext, question: str) -> Iterator[Part]:
    """`question` is stars (mean) or recommend (NPS)."""
    words, grain = context.words, context.grain
    connection, chosen = context.connection, context.selection
    by_day = {
        key[0]: histogram
        for key, histogram in aggregates.histograms(connection, chosen, [question], (PERIOD,), grain).items()
    }
    everyone = Histogram.pooled(by_day.values())
    if not everyone.n:
        yield empty(context)
        return
    rates = {key[0]: responses for key, responses in aggregates.responses(connection, chosen, (PERIOD,), grain).items()}
    rate = sum(rates.values(), Responses())
    steps = [(bucket, bucket_start(bucket.start, grain)) for bucket in context.buckets()]
    # What lies before the first answer or invitation is not drawn: nothing was asked then.
    while steps and steps[0][1] not in by_day and steps[0][1] not in rates:
        steps.pop(0)
    figures = [_figure(question, by_day.get(first, Histogram())) for _, first in steps]
    nodes: list[Node] = [Heading(text=context.scope), Cards(cards=_cards(context, question, everyone, rate))]
    if sum(figure.n >= context.least for figure in figures) > 1:
        nodes.append(_chart(context, question, steps, figures))
    nodes.append(_table(context, question, steps, by_day, rates, (everyone, rate)))
    nodes.append(Paragraph(text=words("report.by_date.note"), style="note"))
    formulas = (means.MEAN if question == "stars" else nps.NPS, shares.RESPONSE_RATE)
    yield Part(number=0, header=header(context, formulas), nodes=nodes, last=True)


def _figure(question: str, histogram: Histogram) -> Measured:
    return means.mean(histogram.moments(), 1, 5) if question == "stars" else nps.nps(histogram.groups())


def _cards(context: ReportContext, question: str, everyone: Histogram, rate: Responses) -> list[Card]:
    words = context.words
    figure = _figure(question, everyone)
    stars = means.drawn_stars(figure.value) if question == "stars" else None
    unit = "plain" if question == "stars" else "nps"
    label = words("report.column.overall_rating" if question == "stars" else "report.column.nps")
    return [
        Card(
            label=label,
            figure=context.shown(figure, unit),
            note=context.n(figure.n),
            stars=stars,
            link=context.to_reviews(question=question),
        ),
        Card(
            label=words("report.card.response_rate"),
            figure=context.rate(rate),
            note=context.n(rate.rate.n),
            link=context.to_jobs(),
        ),
    ]


def _chart(
    context: ReportContext, question: str, steps: list[tuple[Period, date]], figures: list[Measured]
) -> LineChart:
    """Values under the least number of answers are not drawn (requirements 7.8)."""
    drawn = [figure if figure.n >= context.least else Measured.nothing("") for figure in figures]
    name = context.words("report.column.stars" if question == "stars" else "report.column.nps")
    drawn_values = [value for figure in drawn for value in (figure.value, figure.low, figure.high)]
    low, high = reach(drawn_values, *((1, 5) if question == "stars" else (-100, 100)))
    return LineChart(
        title=context.words(f"report.by_date.chart_{question}"),
        labels=[label(context, bucket) for bucket, _ in steps],
        series=[
            Series(
                name=name,
                values=[figure.value for figure in drawn],
                low=[figure.low for figure in drawn],
                high=[figure.high for figure in drawn],
            )
        ],
        minimum=low,
        maximum=high,
        unit="plain" if question == "stars" else "nps",
        counts=[figure.n for figure in figures],
        links=[context.to_reviews(question=question, period=span(bucket)) for bucket, _ in steps],
        running=context.is_running(steps[-1][0]),
    )


def label(context: ReportContext, bucket: Period) -> str:
    """A bucket as an axis names it: 2026-11, 2026 Q4, or its first day; one that is not over yet ends in dots."""
    return _label(context, bucket) + (" …" if context.is_running(bucket) else "")


def _label(context: ReportContext, bucket: Period) -> str:
    if context.grain == "month":
        return f"{bucket.start:%Y-%m}"
    if context.grain == "quarter":
        return context.words("report.quarter", year=bucket.start.year, number=(bucket.start.month - 1) // 3 + 1)
    return f"{bucket.start:%m-%d}"


def _table(
    context: ReportContext,
    question: str,
    steps: list[tuple[Period, date]],
    by_day: dict[date, Histogram],
    rates: dict[date, Responses],
    total: tuple[Histogram, Responses],
) -> Table:
    words = context.words
    scored = [
        *(context.column(f"star_{star}", 0.55, "integer") for star in (5, 4, 3, 2, 1)),
    ] if question == "stars" else [
        context.column(f"report.group.{name}", 1.0, "integer")
        for name in ("promoters", "passives", "detractors")
    ]  # fmt: skip
    columns = [
        context.column("date", 1.2, "date"),
        context.column("n", 0.6, "integer"),
        context.column("report.column.mean" if question == "stars" else "report.column.nps", 1.9, "number"),
        *scored,
        context.column("response_rate", 2.0, "percent"),
    ]

    def row(first: Cell, histogram: Histogram, rate: Responses, **only: str) -> list[Cell]:
        groups = histogram.groups()
        counts = (
            [(histogram.of(star), {"stars": str(star)}) for star in (5, 4, 3, 2, 1)]
            if question == "stars"
            else [
                (groups.promoters, {"group": "promoters"}),
                (groups.passives, {"group": "passives"}),
                (groups.detractors, {"group": "detractors"}),
            ]
        )
        figure = context.shown(_figure(question, histogram), "plain" if question == "stars" else "nps")
        return [
            first,
            context.reviews(histogram.n, (), question=question, **only) if histogram.n else 0,
            context.behind(figure, (), question=question, **only),
            *(context.reviews(count, (), **which, **only) if count else 0 for count, which in counts),
            context.invited(rate, (), False, **only),
        ]

    rows = [
        row(
            context.reviews(named(context, bucket), period=span(bucket)),
            by_day.get(first, Histogram()),
            rates.get(first, Responses()),
            period=span(bucket),
        )
        for bucket, first in steps
    ]
    return Table(columns=columns, rows=rows, total=row(words("report.total"), *total))


def named(context: ReportContext, bucket: Period) -> Day | str:
    """A day as a day; a month or quarter by its name."""
    return Day(value=bucket.start) if context.grain in ("day", "week") else label(context, bucket)


REPORT = Report("R-04", (*COMMON, "grain", "min_n"), build, usual_period=YEAR)
