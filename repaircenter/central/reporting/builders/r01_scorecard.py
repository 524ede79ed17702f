"""R-01 CSI scorecard: each question with mean, top box and change, overall CSI, NPS and response rate by shop."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from repaircenter.central.reporting import targets
from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.measures import QUESTION_MEASURE, measure
from repaircenter.central.reporting.parameters import COMMON, INSURER_SECTION
from repaircenter.central.reporting.report import Report, ReportContext
from repaircenter.central.reporting.sql import aggregates, choices
from repaircenter.central.reporting.sql.aggregates import PROGRAMME, QUESTION, SHOP, Key, Responses
from repaircenter.central.surveys.questionnaire import RECOMMEND, Question
from repaircenter.metrics import changes, means, nps, overall, shares
from repaircenter.metrics.figure import Figure
from repaircenter.metrics.histogram import Histogram
from repaircenter.metrics.means import Moments
from repaircenter.metrics.nps import Groups
from repaircenter.wire.document.cells import Cell, Link, Linked
from repaircenter.wire.document.charts import Bar, BarChart
from repaircenter.wire.document.nodes import Card, Cards, Column, Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part

_FORMULAS = (means.MEAN, shares.TOP_BOX, overall.RESPONDENT_MEAN, nps.NPS, shares.RESPONSE_RATE, changes.MEAN_CHANGE)
_TARGET_COLUMNS = (4, 5)


def build(context: ReportContext) -> Iterator[Part]:
    """First part: the network (or the one shop); then a part for each shop when there are several."""
    numbers = _Numbers(context)
    if not numbers.n:
        yield empty(context)
        return
    everyone = list(context.shops)
    answered = [shop for shop in everyone if numbers.answers(shop)] if len(everyone) > 1 else []
    first = numbers.nodes(context.scope, everyone)
    if answered:
        first.append(numbers.by_shop(answered, everyone))
        first.extend(context.without_answers(answered))
    first.append(Paragraph(text=context.words("report.R-01.note"), style="note"))
    yield Part(number=0, header=header(context, _FORMULAS), nodes=first, last=not answered)
    for number, shop in enumerate(answered, start=1):
        nodes = numbers.nodes(context.shops[shop][0], [shop])
        yield Part(number=number, nodes=nodes, last=number == len(answered))


class _Numbers:
    """The aggregates of this period and the compared one, pooled for any group of shops."""

    def __init__(self, context: ReportContext) -> None:
        self._building = context
        self._asked = [q for q in context.questions() if q.kind != "stars"]
        keys = [q.key for q in self._asked]
        # Those who answered any of these are the respondents of the overall CSI; the insurer's score stands apart.
        own = context.own_questions()
        self._scales = ",".join(q.key for q in own if q.kind == "scale")
        insurers = [] if context.choice("section") else context.of_section(INSURER_SECTION)
        self._insurer_scales = ",".join(q.key for q in insurers if q.kind == "scale")
        connection, chosen, earlier = context.connection, context.selection, context.compared()
        self._now = aggregates.histograms(connection, chosen, keys, (SHOP, QUESTION))
        self._before = {} if earlier is None else aggregates.histograms(connection, earlier, keys, (SHOP, QUESTION))
        by = (SHOP, PROGRAMME)
        self._own: Mapping[Key, Any] = measure("csi", own).fetch(connection, chosen, by, "month")
        self._insurer: Mapping[Key, Any] = (
            measure("csi", insurers).fetch(connection, chosen, by, "month") if self._insurer_scales else {}
        )
        self._answers = aggregates.answer_counts(connection, chosen, by)
        self._recommended = aggregates.histograms(connection, chosen, [RECOMMEND], by)
        self._targets = targets.targets(connection, list(context.shops), chosen.programme_id)
        self._responses = aggregates.responses(connection, chosen, by)
        self._programmes = choices.programmes_of(connection, list(context.shops))
        self.n = max((_pool(self._now, list(context.shops), Histogram(), key).n for key in keys), default=0)

    def answers(self, shop: int) -> int:
        """How many answers the shop has."""
        return int(_of_programme(self._answers, [shop], 0, None))

    def nodes(self, title: str, shops: list[int]) -> list[Node]:
        words = self._building.words
        rows: list[list[Cell]] = []
        bars: list[Bar] = []
        goals = targets.common(self._targets, shops)
        for question in self._asked:
            now = _pool(self._now, shops, Histogram(), question.key)
            if not now.n:
                continue
            rows.append(self._row(question, now, shops, goals.get(question.key)))
            if question.kind == "scale" and now.n >= self._building.least:
                mean = means.mean(now.moments(), question.minimum, question.maximum)
                link = self._to_evolution(question, shops)
                label = self._label(question)
                bars.append(Bar(label=label, value=mean.value, low=mean.low, high=mean.high, n=mean.n, link=link))
        columns = [
            self._building.column("question", 3.4),
            self._building.column("n", 0.6, "integer"),
            self._building.column("mean", 1.7, "number"),
            self._building.column("top_box", 2.0, "percent"),
            self._building.column("target", 0.8, "number"),
            self._building.column("to_target", 1.0, "number"),
            self._building.column("change", 1.0, "number"),
        ]
        if not any(q.key in goals for q in self._asked):
            columns = [replace(c, on_page=False) if index in _TARGET_COLUMNS else c for index, c in enumerate(columns)]
        nodes: list[Node] = [Heading(text=title, new_page=True), Cards(cards=self._cards(shops))]
        if bars:
            nodes.append(BarChart(title=words("report.R-01.chart"), bars=bars, minimum=1, maximum=10))
        if rows:
            nodes.append(Table(columns=columns, rows=rows, title=words("report.R-01.questions")))
        nodes.extend(self._by_programme(shops))
        return nodes

    def _row(self, question: Question, now: Histogram, shops: list[int], target: float | None) -> list[Cell]:
        context = self._building
        moments = now.moments()
        earlier = _pool(self._before, shops, Histogram(), question.key).moments()
        mean = means.mean(moments, question.minimum, question.maximum)
        top = shares.share(now.at_least(question.top_box), now.n)
        link = self._to_evolution(question, shops)
        label = self._label(question)
        return [
            label if link is None else Linked(value=label, link=link),
            context.reviews(now.n, shops, question=question.key),
            context.behind(context.shown(mean, "plain"), shops, question=question.key),
            context.behind(context.shown(top, "percent"), shops, question=question.key),
            target,
            context.behind(context.changed(changes.to_target(mean, target)), shops, question=question.key),
            context.behind(context.changed(changes.mean_change(earlier, moments)), shops, question=question.key),
        ]

    def _label(self, question: Question) -> str:
        return question.label(self._building.request.language)

    def _to_evolution(self, question: Question, shops: list[int]) -> Link | None:
        """Question -> R-15, which follows it."""
        followed = "nps" if question.key == RECOMMEND else f"{QUESTION_MEASURE}{question.key}"
        return Link(report="R-15", parameters={"measure": followed, "period": "last_12_months"}, shops=shops)

    def _cards(self, shops: list[int]) -> list[Card]:
        context, words = self._building, self._building.words
        own, groups, rate, n = self._overview(shops)
        apart = _of_programme(self._insurer, shops, Moments(), None)
        insurer = means.mean(apart, 1, 10, overall.RESPONDENT_MEAN)
        goals = targets.common(self._targets, shops)
        return [
            Card(
                label=words("report.column.overall_csi"),
                figure=context.shown(own, "plain"),
                note=self._note(own.n, goals.get("csi"), 2),
                link=context.to_reviews(shops, question=self._scales) if self._scales else None,
            ),
            Card(
                label=words("report.column.nps"),
                figure=context.shown(groups, "nps"),
                note=self._note(groups.n, goals.get("nps"), 0),
                link=context.to_reviews(shops, question=RECOMMEND),
            ),
            Card(label=words("report.card.response_rate"), figure=context.rate(rate), note=context.n(rate.rate.n)),
            Card(
                label=words("report.column.answers"), figure=context.shown(n, "count"), link=context.to_reviews(shops)
            ),
            *(
                [
                    Card(
                        label=words("report.card.insurer_score"),
                        figure=context.shown(insurer, "plain"),
                        note=context.n(insurer.n),
                        link=context.to_reviews(shops, question=self._insurer_scales),
                    )
                ]
                if insurer.n
                else []
            ),
        ]

    def _note(self, n: int, target: float | None, decimals: int) -> str:
        context = self._building
        if target is None:
            return context.n(n)
        return f"{context.n(n)} · {context.labelled(context.words('report.column.target'), context.number(target, decimals))}"

    def _overview(self, shops: list[int], programme: int | None = None) -> tuple[Any, Any, Any, Any]:
        own = _of_programme(self._own, shops, Moments(), programme)
        recommend: Groups = _of_programme(self._recommended, shops, Histogram(), programme).groups()
        sent: Responses = _of_programme(self._responses, shops, Responses(), programme)
        answers = int(_of_programme(self._answers, shops, 0, programme))
        return (
            means.mean(own, 1, 10, overall.RESPONDENT_MEAN),
            nps.nps(recommend),
            sent,
            Figure(float(answers), None, None, answers, "count"),
        )

    def by_shop(self, shops: list[int], everyone: list[int]) -> Table:
        """Shop -> R-01 of the shop; the total is that of everyone, whether they have answers or not."""
        context, words = self._building, self._building.words
        rows = [
            self._line(Linked(value=context.shops[shop][0], link=Link(report="R-01", shops=[shop])), [shop])
            for shop in shops
        ]
        columns = [context.column("shop", 2.2), *self._columns()]
        total = self._line(words("report.all_shops"), everyone)
        return Table(columns=columns, rows=rows, total=total, title=words("report.by_shop"))

    def _by_programme(self, shops: list[int]) -> list[Node]:
        """Programme -> R-01 of the programme; where there is one only, it is what stands above."""
        context = self._building
        seen = {programme for shop, programme in [*self._own, *self._recommended] if shop in shops}
        asked = {number: name for number, name in self._programmes.items() if number in seen}
        if len(asked) < 2:
            return []
        rows = []
        for number, name in asked.items():
            link = Link(report="R-01", parameters={"programme": str(number)}, shops=shops)
            rows.append(self._line(Linked(value=name, link=link), shops, number))
        columns = [context.column("programme", 2.2), *self._columns()]
        return [Table(columns=columns, rows=rows, title=context.words("report.by_programme"))]

    def _columns(self) -> list[Column]:
        context = self._building
        return [
            context.column("n", 0.6, "integer"),
            context.column("overall_csi", 1.7, "number"),
            context.column("nps", 1.9, "number"),
            context.column("response_rate", 2.0, "percent"),
        ]

    def _line(self, name: Cell, shops: list[int], programme: int | None = None) -> list[Cell]:
        context = self._building
        own, groups, rate, answers = self._overview(shops, programme)
        only = {} if programme is None else {"programme": str(programme)}
        return [
            name,
            context.reviews(answers.n, shops, **only),
            context.behind(context.shown(own, "plain"), shops, question=self._scales, **only),
            context.behind(context.shown(groups, "nps"), shops, question=RECOMMEND, **only),
            context.rate(rate),
        ]


def _of_programme(by_key: Mapping[Key, Any], shops: Sequence[int], nothing: Any, programme: int | None) -> Any:
    chosen = set(shops)
    pools = (pool for (shop, of), pool in by_key.items() if shop in chosen and programme in (None, of))
    return sum(pools, nothing)


def _pool(pools: Mapping[Key, Any], shops: Sequence[int], nothing: Any, *more: str) -> Any:
    return sum((pools[(shop, *more)] for shop in shops if (shop, *more) in pools), nothing)


REPORT = Report("R-01", (*COMMON, "section", "compare", "min_n"), build)
