"""R-05 Ratings by employee, and the people of R-06: credits by share of the job, by role (requirements 7.6, B-26)."""

from collections.abc import Iterator
from dataclasses import replace

from repaircenter.central.reporting.cells import axis
from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.parameters import COMMON
from repaircenter.central.reporting.report import Report, ReportContext
from repaircenter.central.reporting.sql import employees
from repaircenter.central.reporting.sql.employees import Employee
from repaircenter.central.surveys.rules import ESTIMATOR
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
    credited = employees.employees(context.connection, context.selection)
    roles: dict[str, list[Employee]] = {}
    for person in credited.values():
        roles.setdefault(person.role, []).append(person)
    n = max((sum(_basis(question, person)[1] for person in people) for people in roles.values()), default=0.0)
    if not n:
        yield empty(context)
        return
    nodes: list[Node] = []
    for role in sorted(roles, key=lambda named: (named != ESTIMATOR, named)):
        people = _best_first(context, question, roles[role])
        # Each role on a page of its own: the same people often stand in several, with other jobs.
        nodes.append(Heading(text=_heading(context, role), new_page=True))
        chart = _chart(context, question, role, people)
        if chart.bars:
            nodes.append(chart)
        nodes.append(_table(context, question, role, people))
    nodes.append(Paragraph(text=context.words("report.by_employee.note", least=context.least), style="note"))
    formula = attribution.WEIGHTED_MEAN if question == "stars" else attribution.WEIGHTED_NPS
    yield Part(number=0, header=header(context, (formula, shares.RESPONSE_RATE)), nodes=nodes, last=True)


def _heading(context: ReportContext, role: str) -> str:
    """A role with what its people do: names alone do not tell an estimator from an appraiser."""
    key = f"report.by_employee.heading_{role}"
    return context.words(key) if context.words.has(key) else context.role(role)


def _best_first(context: ReportContext, question: str, people: list[Employee]) -> list[Employee]:
    """The order of chart and table: those with enough answers, the best first, then the others by name."""

    def place(person: Employee) -> tuple[bool, float, str]:
        figure = _figure(question, person)
        has_few = figure.n < context.least
        return has_few, 0.0 if has_few else -(figure.value or 0.0), sort_key(person.name)

    return sorted(people, key=place)


def _figure(question: str, person: Employee) -> Measured:
    if question == "stars":
        return attribution.weighted_mean(person.ratings, 1, 5)
    return attribution.weighted_nps(person.recommend)


def _link(role: str, person: Employee) -> Link:
    """The answers credited to one person."""
    return Link(report="R-07", parameters={"role": role, "employees": person.name})


def _basis(question: str, person: Employee) -> tuple[int, float]:
    """(answers, credits) of the question the figure comes from: not everybody answers both."""
    if question == "stars":
        return person.ratings.n, person.ratings.weight
    return person.recommend.n, person.recommend.weight


def _chart(context: ReportContext, question: str, role: str, people: list[Employee]) -> BarChart:
    """In the order of the table; those with too few answers are listed below but not drawn (requirements 7.8)."""
    drawn = [(person, _figure(question, person)) for person in people]
    drawn = [(person, figure) for person, figure in drawn if figure.n >= context.least]
    stars = question == "stars"
    bars = [
        Bar(
            label=person.name,
            value=figure.value,
            low=figure.low,
            high=figure.high,
            n=figure.n,
            link=context.to_reviews(question=question, role=role, employees=person.name),
        )
        for person, figure in drawn
    ]
    low, high = axis(bars, 1 if stars else -100, 5 if stars else 100)
    return BarChart(
        title=context.words(f"report.by_employee.chart_{question}", role=context.role(role)),
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

    def row(name: Cell, person: Employee) -> list[Cell]:
        sent = person.responses
        figure = context.shown(_figure(question, person), "plain" if question == "stars" else "nps")
        only = {"role": role, "employees": person.name}
        return [
            name,
            person.jobs,
            sent.sent,
            *_basis(question, person),
            context.behind(figure, (), question=question, **only),
            *([person.low] if question == "stars" else []),
            person.comments,
            context.invited(sent, (), True, **only),
        ]

    rows = [row(Linked(value=person.name, link=_link(role, person)), person) for person in people]
    together = sum_of(people)
    weight = _basis(question, together)[1]
    # Credits are not independent answers: over a role they have a mean, but no interval of their own.
    whole = replace(_figure(question, together), n=round(weight), low=None, high=None)
    figure = context.shown(whole, "plain" if question == "stars" else "nps", plain=True)
    total: list[Cell] = [words("report.total"), together.jobs, None, round(weight), weight, figure]
    title = words("report.by_employee.table", role=context.role(role))
    return Table(columns=columns, rows=rows, total=total, title=title)


def sum_of(people: list[Employee]) -> Employee:
    """What adds up over a role: jobs and credits, which sum to the answers. Answers two people share are not counted
    twice, so counts of answers and invitations have no sum here."""
    total = Employee("", "")
    for person in people:
        total.ratings += person.ratings
        total.stars += person.stars
        total.recommend += person.recommend
        total.jobs = None if person.jobs is None or total.jobs is None else total.jobs + person.jobs
    return total


REPORT = Report("R-05", (*COMMON, "min_n"), build, of_the_shop=True)
