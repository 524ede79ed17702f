"""R-05 Ratings by employee, and the people of R-06: credits by share of the job, by role (requirements 7.6, B-26)."""

from collections.abc import Iterator
from dataclasses import replace

from repaircenter.central.reporting.cells import axis
from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.parameters import COMMON
from repaircenter.central.reporting.report import Report, ReportContext
from repaircenter.central.reporting.sql import aggregates
from repaircenter.central.reporting.sql.aggregates import Employee
from repaircenter.metrics import attribution, shares
from repaircenter.metrics.figure import Figure as Measured
from repaircenter.runtime.text import sort_key
from repaircenter.wire.document.cells import Cell, Link, Linked
from repaircenter.wire.document.charts import Bar, BarChart
from repaircenter.wire.document.nodes import Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part


def build(context: ReportContext) -> Iterator[Part]:
    yield from build_people(context, "stars")


def build_people(context: ReportContext, question: str) -> Iterator[Part]:
    """`question` is stars (weighted mean) or recommend (weighted NPS)."""
    found = aggregates.employees(context.connection, context.selection)
    roles: dict[str, list[Employee]] = {}
    for one in found.values():
        roles.setdefault(one.role, []).append(one)
    n = max((sum(_basis(question, one)[1] for one in people) for people in roles.values()), default=0.0)
    if not n:
        yield empty(context)
        return
    nodes: list[Node] = []
    for role in sorted(roles):
        people = sorted(roles[role], key=lambda one: sort_key(one.name))
        nodes.append(Heading(text=context.role(role)))
        chart = _chart(context, question, role, people)
        if chart.bars:
            nodes.append(chart)
        nodes.append(_table(context, question, role, people))
    nodes.append(Paragraph(text=context.words("report.by_employee.note", least=context.least), style="note"))
    formula = attribution.WEIGHTED_MEAN if question == "stars" else attribution.WEIGHTED_NPS
    yield Part(number=0, header=header(context, (formula, shares.RESPONSE_RATE)), nodes=nodes, last=True)


def _figure(question: str, one: Employee) -> Measured:
    if question == "stars":
        return attribution.weighted_mean(one.ratings, 1, 5)
    return attribution.weighted_nps(one.recommend)


def _link(role: str, one: Employee) -> Link:
    """The answers credited to one person."""
    return Link(report="R-07", parameters={"role": role, "employees": one.name})


def _basis(question: str, one: Employee) -> tuple[int, float]:
    """(answers, credits) of the question the figure comes from: not everybody answers both."""
    if question == "stars":
        return one.ratings.n, one.ratings.weight
    return one.recommend.n, one.recommend.weight


def _chart(context: ReportContext, question: str, role: str, people: list[Employee]) -> BarChart:
    """Best first; those with too few answers are listed below but not drawn (requirements 7.8)."""
    drawn = [(one, _figure(question, one)) for one in people]
    drawn = [(one, figure) for one, figure in drawn if figure.n >= context.least]
    drawn.sort(key=lambda pair: -(pair[1].value or 0.0))
    stars = question == "stars"
    bars = [
        Bar(
            label=one.name,
            value=figure.value,
            low=figure.low,
            high=figure.high,
            n=figure.n,
            link=context.to_reviews(question=question, role=role, employees=one.name),
        )
        for one, figure in drawn
    ]
    low, high = axis(bars, 1 if stars else -100, 5 if stars else 100)
    return BarChart(
        title=context.words(f"report.by_employee.chart_{question}"),
        bars=bars,
        minimum=low,
        maximum=high,
        unit="plain" if stars else "nps",
        style="dots",
    )


def _table(context: ReportContext, question: str, role: str, people: list[Employee]) -> Table:
    words = context.words
    columns = [
        context.column("employee", 2.2),
        context.column("jobs", 0.8, "integer"),
        context.column("invited", 0.9, "integer"),
        context.column("n", 0.6, "integer"),
        context.column("credits", 0.9, "number"),
        context.column("report.column.mean" if question == "stars" else "report.column.nps", 2.0, "number"),
        *([context.column("low", 0.8, "integer")] if question == "stars" else []),
        context.column("comments", 1.0, "integer"),
        context.column("response_rate_short", 1.0, "percent"),
    ]

    def row(name: Cell, one: Employee) -> list[Cell]:
        sent = one.responses
        figure = context.shown(_figure(question, one), "plain" if question == "stars" else "nps")
        only = {"role": role, "employees": one.name}
        return [
            name,
            one.jobs,
            sent.sent,
            *_basis(question, one),
            context.behind(figure, (), question=question, **only),
            *([one.low] if question == "stars" else []),
            one.comments,
            context.rate(sent, plain=True),
        ]

    rows = [row(Linked(value=one.name, link=_link(role, one)), one) for one in people]
    together = sum_of(people)
    weight = _basis(question, together)[1]
    # Credits are not independent answers: over a role they have a mean, but no interval of their own.
    whole = replace(_figure(question, together), n=round(weight), low=None, high=None)
    figure = context.shown(whole, "plain" if question == "stars" else "nps", plain=True)
    total: list[Cell] = [words("report.total"), together.jobs, None, round(weight), weight, figure]
    return Table(columns=columns, rows=rows, total=total)


def sum_of(people: list[Employee]) -> Employee:
    """What adds up over a role: jobs and credits, which sum to the answers. Answers two people share are not counted
    twice, so counts of answers and invitations have no sum here."""
    total = Employee("", "")
    for one in people:
        total.ratings += one.ratings
        total.stars += one.stars
        total.recommend += one.recommend
        total.jobs = None if one.jobs is None or total.jobs is None else total.jobs + one.jobs
    return total


REPORT = Report("R-05", (*COMMON, "min_n"), build)
