"""What a report declares: its id, parameters and the generator of its parts. One file a report beside this one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from repaircenter.central.reporting import queries
from repaircenter.central.reporting.periods import Period, period_of
from repaircenter.central.reporting.queries import Selection
from repaircenter.runtime.clock import day_in
from repaircenter.runtime.text import Texts
from repaircenter.wire.document import Empty, Figure, Header, Node, Part


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
    """What every report's generator is given: the selection worked out, words, shops and the header."""

    def __init__(self, connection: Connection, request: Request) -> None:
        self.connection = connection
        self.request = request
        self.words = Texts(request.language)
        self.shops = queries.shop_names(connection, request.shops)
        self.zone = next((zone for _, zone in self.shops.values()), "UTC")
        self.today = day_in(self.zone, request.now_utc)
        self.period: Period = period_of(request.parameters.get("period", "this_month"), self.today)
        programme = request.parameters.get("programme", "")
        self.selection = Selection(
            list(self.shops), self.period, request.now_utc, int(programme) if programme.isdigit() else None
        )

    def header(self, report: str, formulas: Sequence[str], n: int) -> Header:
        """Title and all facts a printed page must say (requirements 9.1)."""
        words = self.words
        names = [name for name, _ in self.shops.values()]
        programme = queries.programme_names(self.connection).get(self.selection.programme_id or 0)
        facts = [
            (words("report.fact.shops"), ", ".join(names)),
            (words("report.fact.period"), f"{self.period.start.isoformat()} – {_last_day(self.period)}"),
            (words("report.fact.programme"), programme or words("report.fact.all")),
            (words("report.fact.date_basis"), words("report.fact.answer_date")),
            (words("report.fact.answers"), str(n)),
        ]
        if formulas:
            facts.append((words("report.fact.formulas"), ", ".join(formulas)))
        return Header(
            report=report,
            title=words(f"report.{report}.title"),
            subtitle=", ".join(names),
            facts=facts,
            language=words.language,
            data_as_of=self.request.now_utc,
            run_by=self.request.person,
            zone=self.zone,
        )

    def empty(self) -> list[Node]:
        """Why there is nothing, and periods that would show something (A-50)."""
        newest = queries.newest_answer_month(self.connection, self.selection.shops)
        suggestions = [(word, self.words(f"report.period.{word}")) for word in ("last_month", "year_to_date")]
        if newest is not None:
            month = f"{newest:%Y-%m}"
            suggestions.append((month, self.words("report.empty.newest", month=month)))
        text = self.words("report.empty.text" if newest is not None else "report.empty.never")
        return [Empty(text=text, suggestions=suggestions)]


def _last_day(period: Period) -> str:
    from datetime import timedelta

    return (period.end - timedelta(days=1)).isoformat()


Build = Callable[[Building], Iterator[Part]]


@dataclass(frozen=True, slots=True)
class Report:
    id: str
    parameters: tuple[str, ...]
    build: Build


def shown(figure: object, unit: str) -> Figure:
    """A figure of `metrics` as a document's cell."""
    from repaircenter.metrics.figure import Figure as Measured

    assert isinstance(figure, Measured)
    return Figure(value=figure.value, unit=unit, low=figure.low, high=figure.high, n=figure.n, formula=figure.formula)
