"""What a report declares: its id, parameters and the generator of its parts. One file a report beside this one."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, text

from repaircenter.central.questionnaires.queries import questionnaire_of, questions_in_use
from repaircenter.central.reporting.cells import Cells
from repaircenter.central.reporting.measures import Measure, asked_of, measure
from repaircenter.central.reporting.parameters import COUNTED, PARAMETERS, SHOP_SECTION, USUAL_PERIOD
from repaircenter.central.reporting.sql import aggregates, choices, rows
from repaircenter.central.reporting.sql.cohort import Selection, windows
from repaircenter.central.reporting.sql.kept_months import Kept
from repaircenter.central.reporting.sql.periods import Period, before, buckets, ever, grain_for, period_of, year_before
from repaircenter.central.surveys.rules import ESTIMATOR
from repaircenter.runtime.days import day_in
from repaircenter.runtime.text import Texts
from repaircenter.wire.document.nodes import Node, Paragraph
from repaircenter.wire.document.parts import Header, Part
from repaircenter.wire.surveys.questionnaires import Question, Questionnaire

T = TypeVar("T")
LEAST_ANSWERS = 5
# No programme has this number: a word that is none selects nothing.
NO_PROGRAMME = 0
_MANY_SHOPS = 20
_MANY_NAMED = 12
# A chart of fewer steps says less than its table.
_FEWEST_STEPS = 3


@dataclass(frozen=True, slots=True)
class Request:
    """One run: who asks for what, in which language, at which instant."""

    report: str
    parameters: Mapping[str, str]
    shops: Sequence[int]
    language: str
    person: str
    now_utc: datetime
    # Whoever asks reads programmes for an insurer, and no jobs.
    of_programmes: bool = False


class ReportContext(Cells):
    """What every report's generator is given: the selection worked out, words, shops, and the header."""

    def __init__(self, connection: Connection, request: Request, report: "Report", kept: Kept | None = None) -> None:
        self.report = report
        self.connection = connection
        self.request = request
        least = _whole(request.parameters.get("min_n", ""), LEAST_ANSWERS)
        super().__init__(Texts(request.language), least, leads_to_jobs=not request.of_programmes)
        _prepare(connection, len(request.shops))
        self.shops = choices.shop_names(connection, request.shops)
        self.zone = next((zone for _, zone in self.shops.values()), "UTC")
        self.today = day_in(self.zone, request.now_utc)
        self.latest = max((day_in(zone, request.now_utc) for _, zone in self.shops.values()), default=self.today)
        # One job's survey is shown whenever it was.
        self.job_key = request.parameters.get("job", "")
        word = request.parameters.get("period") or report.usual_period
        self.period: Period = ever(self.today) if self.job_key else period_of(word, self.today)
        self._kept = kept or Kept(connection, request.now_utc, list(self.shops))
        names = request.parameters.get("employees", "").replace("\0", "").split("\n")
        self._employees = choices.known_names(connection, list(self.shops), names)
        self.selection = self.over(self.period)
        self._grain: str | None = None
        self._answers: int | None = None
        self._asked: dict[int, Questionnaire] = {}
        self._questions: list[Question] | None = None

    def over(self, period: Period) -> Selection:
        """The request's selection over a period."""
        given = {name: value.replace("\0", "") for name, value in self.request.parameters.items()}
        programme, stars, score = given.get("programme", ""), self.choice("stars"), given.get("score", "")
        return Selection(
            windows({shop: zone for shop, (_, zone) in self.shops.items()}, period),
            period,
            self.request.now_utc,
            _number(programme) if programme.isdigit() else None if not programme else NO_PROGRAMME,
            self.choice("date_basis"),
            self.choice("channel"),
            self.choice("language"),
            self.choice("size"),
            given.get("role", ESTIMATOR),
            self._employees,
            self.choice("group"),
            int(stars) if stars else None,
            self.job_key,
            tuple(filter(None, given.get("question", "").split(","))),
            _number(score),
            self.latest,
            bool(given.get("invited")),
            # Of a single job they are shown always.
            self.choice("contested") == COUNTED or bool(self.job_key),
            kept=self._kept,
        )

    def of_shops(self, shops: Sequence[int]) -> "ReportContext":
        """The same report of some of its shops: its period, its filters and who is named in it stay those of all."""
        narrowed = copy(self)
        narrowed.shops = {shop: self.shops[shop] for shop in shops}
        narrowed.selection = narrowed.over(self.period)
        narrowed._answers = None
        return narrowed

    def of_programme(self, number: int) -> "ReportContext":
        """This request, limited to one programme."""
        parameters = {**self.request.parameters, "programme": str(number)}
        return ReportContext(self.connection, replace(self.request, parameters=parameters), self.report, self._kept)

    def over_network(self) -> Selection:
        """The request's selection over every shop the person may see, not only those that were chosen."""
        zones = {row.id: row.zone for row in self.connection.execute(text("SELECT id, zone FROM shop"))}
        kept = self._kept if zones.keys() == self.shops.keys() else Kept(self.connection, self.request.now_utc, None)
        return replace(self.selection, windows=windows(zones, self.period), kept=kept)

    def choice(self, name: str) -> str:
        """The value of a parameter with fixed choices; its usual value (empty: none) for anything else."""
        parameter = PARAMETERS[name]
        given = self.request.parameters.get(name, parameter.usual)
        if name == "measure" and asked_of(given) in {q.key for q in self.all_questions()}:
            return given
        return given if given in parameter.choices else parameter.usual

    @property
    def scope(self) -> str:
        """Whom the figures are about: the one shop, or all that were chosen."""
        names = [name for name, _ in self.shops.values()]
        return names[0] if len(names) == 1 else self.words("report.all_shops")

    @property
    def measure(self) -> Measure:
        name = self.choice("measure")
        return measure(name, self.own_questions() if name == "csi" else self.all_questions())

    @property
    def grain(self) -> str:
        """The chosen step, or the finest in which most periods can have enough answers to be drawn."""
        if self._grain is None:
            self._grain = self.choice("grain") or self._fitting_grain()
        return self._grain

    def _fitting_grain(self) -> str:
        n = self.answers
        finest = aggregates.GRAINS.index(grain_for(self.period))
        for grain in aggregates.GRAINS[finest:]:
            steps = len(buckets(self.period, grain))
            if n >= self.least * steps or steps <= _FEWEST_STEPS:
                return grain
        return aggregates.GRAINS[-1]

    def buckets(self, grain: str = "") -> list[Period]:
        """The periods of the chosen grain that touch the selection, clipped to it, oldest first; none is yet to come."""
        steps = buckets(self.period, grain or self.grain)
        if self.selection.basis == "delivery":
            return steps  # a car may be promised for a day to come
        return [step for step in steps if step.start <= self.latest] or steps[:1]

    def is_running(self, bucket: Period) -> bool:
        """Whether a step is not over yet: its figures still grow."""
        return bucket.end > self.latest

    def compared(self) -> Selection | None:
        """The same selection over the period to compare with (the one before by default)."""
        period = self.compared_period()
        return None if period is None else self.over(period)

    def compared_period(self) -> Period | None:
        compare = self.choice("compare")
        if compare == "none":
            return None
        return before(self.period) if compare == "previous" else year_before(self.period)

    def questions(self) -> list[Question]:
        """Those programmes ask or asked, of the chosen section (A-03)."""
        return self.of_section(self.choice("section"))

    def every_question(self) -> list[Question]:
        """Those of `questions`, and those whose answers are no points of a scale, in the order they are asked."""
        section = self.choice("section")
        asked = questions_in_use(self.connection, scored=False)
        return [q for q in asked if section in ("", q.section)]

    def questionnaire(self, questionnaire_id: int) -> Questionnaire:
        """One questionnaire as it was asked."""
        if questionnaire_id not in self._asked:
            self._asked[questionnaire_id] = questionnaire_of(self.connection, questionnaire_id)
        return self._asked[questionnaire_id]

    def own_questions(self) -> list[Question]:
        """Those the overall score counts: the shop's own unless the insurer's were chosen (the two stand apart)."""
        return self.of_section(self.choice("section") or SHOP_SECTION)

    def of_section(self, section: str) -> list[Question]:
        return [q for q in self.all_questions() if section in ("", q.section)]

    def all_questions(self) -> list[Question]:
        if self._questions is None:
            self._questions = questions_in_use(self.connection)
        return self._questions

    @property
    def answers(self) -> int:
        """All answers of the selection."""
        if self._answers is None:
            self._answers = rows.answer_count(self.connection, self.selection)
        return self._answers

    def credited(self, people: Mapping[str, Sequence[tuple[str, float]]]) -> str:
        """Whom an answer is credited to, with their shares, as frozen at the invitation (B-N1)."""
        credits = []
        for role, named in people.items():
            shares = (name if share == 1 else f"{name} {self.number(100 * share, 0)} %" for name, share in named)
            credits.append(self.labelled(self.role(role), ", ".join(shares)))
        return "; ".join(credits)

    def role(self, role: str) -> str:
        key = f"report.role.{role}"
        return self.words(key) if self.words.has(key) else role

    @property
    def measured(self) -> dict[str, str]:
        """The parameter that limits answers to those the measure counts."""
        keys = self.measure.questions
        return {"question": ",".join(keys)} if keys else {}

    def without_answers(self, seen: Collection[int]) -> list[Node]:
        """A sentence that names the shops a report says nothing of."""
        return self.left_out("report.without_answers", seen)

    def left_out(self, sentence: str, seen: Collection[int]) -> list[Node]:
        """A sentence that names the other shops."""
        missing = [name for shop, (name, _) in self.shops.items() if shop not in seen]
        if not missing:
            return []
        named = ", ".join(missing[:_MANY_NAMED]) + (" …" if len(missing) > _MANY_NAMED else "")
        note = self.words.count(sentence, len(missing), count=len(missing), named=named)
        return [Paragraph(text=note, style="note")]


def streamed(header: Header, batches: Iterable[T], nodes_of: Callable[[T, bool], Sequence[Node]]) -> Iterator[Part]:
    """A part a batch, as the batches come from the database's cursor; the first (told so) carries the header."""
    number = 0
    for batch in batches:
        nodes = list(nodes_of(batch, number == 0))
        yield Part(number=number, header=None if number else header, nodes=nodes)
        number += 1
    yield Part(number=number, nodes=[], last=True)


def _prepare(connection: Connection, shops: int) -> None:
    """Half a million values are sorted in memory; compiling such a query takes longer than running it; and row-level
    security leaves the planner with far too low estimates, so that it would look up each value of a network by itself.
    """
    connection.execute(text("SET LOCAL work_mem = '32MB'"))
    connection.execute(text("SET LOCAL jit = off"))
    if shops > _MANY_SHOPS:
        for setting in ("enable_nestloop = off", "parallel_setup_cost = 0", "parallel_tuple_cost = 0"):
            connection.execute(text(f"SET LOCAL {setting}"))


def _number(words: str) -> int | None:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else None


def _whole(words: str, default: int) -> int:
    number = _number(words)
    return default if number is None or number > 9999 else number


Build = Callable[[ReportContext], Iterator[Part]]


@dataclass(frozen=True, slots=True)
class Report:
    """A report of the catalogue; `landscape` where its columns want the wide page."""

    id: str
    parameters: tuple[str, ...]
    build: Build
    landscape: bool = False
    # The period it is usually looked at over: a trend wants more than a month (issue 15.19).
    usual_period: str = USUAL_PERIOD
    # The days it counts by, where that is no choice (`report.date_basis.WORD`).
    dated_by: str = ""
    # What its header counts, where that is neither answers nor jobs (`report.fact.WORD`).
    counts: str = ""
    # The parameter that changes what the report is called (`report.ID.title_VALUE`).
    titled_by: str = ""
    # About employees, jobs and how shops work: not for whoever reads a programme for an insurer.
    of_the_shop: bool = False
    # About what shops did: for an insurer whose programmes all share it (A-P2).
    of_recoveries: bool = False

    def title(self, context: ReportContext) -> str:
        """The key of its title."""
        key = f"report.{self.id}.title"
        return f"{key}_{context.choice(self.titled_by)}" if self.titled_by else key
