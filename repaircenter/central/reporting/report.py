"""What a report declares: its id, parameters and the generator of its parts. One file a report beside this one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from repaircenter.central.reporting import queries
from repaircenter.central.reporting.cohort import BASES, GROUPS, SIZES, Selection, windows
from repaircenter.central.reporting.measures import MEASURES, Measure, measure
from repaircenter.central.reporting.periods import Period, before, buckets, grain_for, period_of, year_before
from repaircenter.central.reporting.rows import ORDERS
from repaircenter.central.surveys.questionnaire import Question, shipped
from repaircenter.metrics.changes import Change
from repaircenter.metrics.figure import Figure as Measured
from repaircenter.reports import values
from repaircenter.runtime.clock import day_in, start_of_day
from repaircenter.runtime.text import Texts
from repaircenter.wire.document import Empty, Figure, Header, Link, Linked, Node, Part, Plain

LEAST_ANSWERS = 5
_MANY_SHOPS = 20
_LATE, _NAMED = timedelta(days=7), 3
# Offered in this order; the desk knows how to ask for each (requirements 9.1).
COMMON = ("shops", "period", "date_basis", "programme", "channel", "language", "size", "employees")
_CHOICES = {
    "date_basis": BASES,
    "section": ("shop", "insurer"),
    "channel": ("email", "sms", "phone"),
    "language": ("en", "fr", "es"),
    "size": tuple(SIZES),
    "group": tuple(GROUPS),
    "stars": ("1", "2", "3", "4", "5"),
    "order": ORDERS,
    "grain": queries.GRAINS,
    "measure": MEASURES,
    "compare": ("previous", "last_year", "none"),
    "by": ("date", "employee"),
    "split": ("shop", "programme"),
    "importance": ("pearson", "spearman", "relative"),
    "outcome": ("recommend", "stars"),
}
_FILTERS = ("channel", "language", "size", "employees", "group", "stars", "programme")


@dataclass(frozen=True, slots=True)
class Request:
    """One run: who asks for what, in which language, at which instant."""

    report: str
    parameters: Mapping[str, str]
    shops: Sequence[int]
    language: str
    person: str
    now_utc: datetime


class Building:
    """What every report's generator is given: the selection worked out, words, shops, and the header."""

    def __init__(self, connection: Connection, request: Request, *, landscape: bool = False) -> None:
        self.landscape = landscape
        self.connection = connection
        self.request = request
        self.words = Texts(request.language)
        _prepare(connection, len(request.shops))
        self.shops = queries.shop_names(connection, request.shops)
        self.zone = next((zone for _, zone in self.shops.values()), "UTC")
        self.today = day_in(self.zone, request.now_utc)
        self.period: Period = period_of(request.parameters.get("period", "this_month"), self.today)
        self.selection = self.over(self.period)
        self.least = _whole(request.parameters.get("min_n", ""), LEAST_ANSWERS)

    def over(self, period: Period) -> Selection:
        """The request's selection over a period."""
        given = self.request.parameters
        programme, stars = given.get("programme", ""), self.choice("stars")
        return Selection(
            windows(self.connection, list(self.shops), period),
            period,
            self.request.now_utc,
            int(programme) if programme.isdigit() else None,
            self.choice("date_basis") or "answer",
            self.choice("channel"),
            self.choice("language"),
            self.choice("size"),
            given.get("role", "estimator"),
            tuple(filter(None, given.get("employees", "").split("\n"))),
            self.choice("group"),
            int(stars) if stars else None,
        )

    def choice(self, name: str, default: str = "") -> str:
        """The value of a parameter with fixed choices; the default for anything else."""
        given = self.request.parameters.get(name, default)
        return given if given in _CHOICES[name] else default

    @property
    def scope(self) -> str:
        """Whom the figures are about: the one shop, or all that were chosen."""
        names = [name for name, _ in self.shops.values()]
        return names[0] if len(names) == 1 else self.words("report.all_shops")

    def number(self, value: float, decimals: int) -> str:
        """A number within a sentence, as the language writes it."""
        return values.number(value, decimals, self.words.language)

    @property
    def measure(self) -> Measure:
        return measure(self.choice("measure", "nps"), self.choice("section"))

    @property
    def grain(self) -> str:
        return self.choice("grain") or grain_for(self.period)

    def buckets(self, grain: str = "") -> list[Period]:
        """The periods of the chosen grain that touch the selection, clipped to it, oldest first."""
        return buckets(self.period, grain or self.grain)

    def compared(self) -> Selection | None:
        """The same selection over the period to compare with (the one before by default)."""
        wanted = self.choice("compare", "previous")
        if wanted == "none":
            return None
        return self.over(before(self.period) if wanted == "previous" else year_before(self.period))

    def questions(self) -> list[Question]:
        """Those of the chosen section (A-03)."""
        section = self.choice("section")
        return [q for q in shipped()[0].questions if section in ("", q.section)]

    def header(self, formulas: Sequence[str], n: int, counted: str = "answers") -> Header:
        """Title and all facts a printed page must say (requirements 9.1); `counted` is what n counts."""
        words, report = self.words, self.request.report
        names = [name for name, _ in self.shops.values()]
        facts = [
            (words("report.fact.period"), f"{self.period.start.isoformat()} – {_last_day(self.period)}"),
            (words("report.fact.date_basis"), words(f"report.date_basis.{self._basis(counted)}")),
            *self._filters(),
            (words(f"report.fact.{counted}"), self.number(n, 0)),
        ]
        if formulas:
            facts.append((words("report.fact.formulas"), ", ".join(dict.fromkeys(formulas))))
        return Header(
            report=report,
            title=words(f"report.{report}.title"),
            subtitle=", ".join(names) if len(names) <= 6 else words("report.fact.shop_count", count=len(names)),
            facts=facts,
            language=words.language,
            data_as_of=self.request.now_utc,
            run_by=self.request.person,
            zone=self.zone,
            landscape=self.landscape,
            notices=self._notices(),
        )

    def _notices(self) -> list[str]:
        """Shops whose jobs stopped coming before the period's end: what is missing is said, not left out (V-N4)."""
        end = min(start_of_day(self.zone, self.period.end), self.request.now_utc)
        last = queries.freshness(self.connection, list(self.shops), end)
        late = {shop: at for shop, at in last.items() if end - at > _LATE}
        if len(late) > _NAMED:
            return [self.words("report.notice.many", count=len(late), days=_LATE.days)]
        return [
            self.words("report.notice.late", shop=self.shops[shop][0], day=day_in(self.shops[shop][1], at).isoformat())
            for shop, at in late.items()
        ]

    def _basis(self, counted: str) -> str:
        """Jobs are dated by their receipt, unless by their delivery."""
        basis = self.selection.basis
        return "receipt" if counted == "jobs" and basis != "delivery" else basis

    def _filters(self) -> list[tuple[str, str]]:
        """Every filter that limits the report, in words."""
        words, chosen = self.words, self.selection
        programme = queries.programme_names(self.connection).get(chosen.programme_id or 0)
        found = [(words("report.fact.programme"), programme or words("report.fact.all"))]
        for name in ("section", "channel", "language", "size", "group", "measure", "outcome", "importance"):
            value = self.choice(name)
            if value:
                found.append((words(f"report.fact.{name}"), words(f"report.{name}.{value}")))
        if chosen.stars is not None:
            found.append((words("report.column.stars"), str(chosen.stars)))
        if chosen.employees:
            found.append((self.role(chosen.role), ", ".join(chosen.employees)))
        if self.least != LEAST_ANSWERS:
            found.append((words("report.fact.min_n"), str(self.least)))
        return found

    def role(self, role: str) -> str:
        key = f"report.role.{role}"
        return self.words(key) if self.words.has(key) else role

    def empty(self) -> Part:
        """Why there is nothing, and periods that would show something (A-50)."""
        newest = queries.newest_answer_month(self.connection, list(self.shops), self.request.now_utc)
        suggestions = [(word, self.words(f"report.period.{word}")) for word in ("last_month", "year_to_date")]
        if newest is not None:
            month = f"{newest:%Y-%m}"
            suggestions.append((month, self.words("report.empty.newest", month=month)))
        filtered = any(self.request.parameters.get(name) for name in _FILTERS)
        sentence = "never" if newest is None else "filtered" if filtered else "text"
        nodes: list[Node] = [Empty(text=self.words(f"report.empty.{sentence}"), suggestions=suggestions)]
        return Part(number=0, header=self.header((), 0), nodes=nodes, last=True)

    def shown(self, figure: Measured, unit: str, *, plain: bool = False) -> Figure:
        """A figure as a cell; too few answers are grey (requirements 7.8). `plain` leaves the interval out."""
        return Figure(
            value=figure.value,
            unit=unit,
            low=None if plain else figure.low,
            high=None if plain else figure.high,
            n=figure.n,
            formula=figure.formula,
            muted=0 < figure.n < self.least,
        )

    def changed(self, change: Change | None, unit: str = "change") -> Figure:
        """A change with its arrow: up or down only if the interval leaves out 0 (D-N3)."""
        if change is None:
            return Figure(value=None, unit=unit)
        return Figure(
            value=change.value,
            unit=unit,
            n=change.smaller_n,
            formula=change.formula,
            direction=change.direction,
            muted=change.direction is None,
        )

    def reviews(self, value: Plain, shops: Sequence[int] = (), **parameters: str) -> Linked:
        """A cell that leads to the answers behind it (B-N4)."""
        return Linked(value=value, link=Link(report="R-07", parameters=parameters, shops=list(shops)))


def _prepare(connection: Connection, shops: int) -> None:
    """Half a million values are sorted in memory; compiling such a query takes longer than running it; and row-level
    security leaves the planner with far too low estimates, so that it would look up each value of a network by itself.
    """
    connection.execute(text("SET LOCAL work_mem = '32MB'"))
    connection.execute(text("SET LOCAL jit = off"))
    if shops > _MANY_SHOPS:
        for setting in ("enable_nestloop = off", "parallel_setup_cost = 0", "parallel_tuple_cost = 0"):
            connection.execute(text(f"SET LOCAL {setting}"))


def span(period: Period) -> str:
    """A period as the parameter of another report."""
    return f"{period.start.isoformat()}..{_last_day(period)}"


def _last_day(period: Period) -> str:
    return (period.end - timedelta(days=1)).isoformat()


def _whole(words: str, default: int) -> int:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 5 else default


Build = Callable[[Building], Iterator[Part]]


@dataclass(frozen=True, slots=True)
class Report:
    """A report of the catalogue; `landscape` where its columns want the wide page."""

    id: str
    parameters: tuple[str, ...]
    build: Build
    landscape: bool = False
