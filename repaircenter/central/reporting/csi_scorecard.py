"""R-01 CSI scorecard: each question with mean, top box and change, overall CSI, NPS and response rate by shop."""

from collections.abc import Iterator

from repaircenter.central.reporting import queries
from repaircenter.central.reporting.periods import before
from repaircenter.central.reporting.queries import QuestionRow, Selection
from repaircenter.central.reporting.report import Building, Report, shown
from repaircenter.central.surveys.questionnaire import Question, shipped
from repaircenter.metrics import means, nps, overall, shares
from repaircenter.metrics.means import Moments
from repaircenter.wire.document import Bar, BarChart, Cell, Column, Figure, Heading, Node, Paragraph, Part, Table

_FORMULAS = (means.MEAN, shares.TOP_BOX, overall.RESPONDENT_MEAN, nps.NPS, shares.RESPONSE_RATE)


def build(building: Building) -> Iterator[Part]:
    """First part: the network (or the one shop); then a part for each shop when there are several."""
    section = building.request.parameters.get("section", "")
    asked = [q for q in shipped()[0].questions if q.kind != "stars" and section in ("", q.section)]
    tops = {q.key: q.top or q.maximum for q in asked}
    rows = queries.questions(building.connection, building.selection, tops)
    scales = [q.key for q in asked if q.kind == "scale"]
    numbers = _Numbers(building, rows, scales, asked)
    n = sum(m.n for m in numbers.respondents.values())
    header = building.header("R-01", _FORMULAS, n)
    if not rows:
        yield Part(number=0, header=header, nodes=building.empty(), last=True)
        return
    everyone = list(building.shops)
    several = len(everyone) > 1
    title = building.words("report.R-01.all_shops") if several else building.shops[everyone[0]][0]
    yield Part(number=0, header=header, nodes=numbers.nodes(title, everyone), last=not several)
    for number, shop_id in enumerate(everyone if several else (), start=1):
        yield Part(
            number=number, nodes=numbers.nodes(building.shops[shop_id][0], [shop_id]), last=number == len(everyone)
        )


class _Numbers:
    """The aggregates of this period and the one before, pooled for any group of shops."""

    def __init__(self, building: Building, rows: list[QuestionRow], scales: list[str], asked: list[Question]) -> None:
        connection, chosen = building.connection, building.selection
        earlier = Selection(chosen.shops, before(chosen.period), chosen.now_utc, chosen.programme_id)
        self._words = building.words
        self._language = building.request.language
        self._asked = asked
        self._rows = rows
        self._earlier = queries.questions(connection, earlier, {q.key: q.top or q.maximum for q in asked})
        self.respondents = queries.respondents(connection, chosen, scales)
        self._groups = queries.groups(connection, chosen)
        self._responses = queries.responses(connection, chosen)

    def nodes(self, title: str, shops: list[int]) -> list[Node]:
        words = self._words
        table: list[list[Cell]] = []
        bars: list[Bar] = []
        for question in self._asked:
            moments, top = _pool(self._rows, question.key, shops)
            if not moments.n:
                continue
            mean = means.mean(moments, question.minimum, question.maximum)
            earlier, _ = _pool(self._earlier, question.key, shops)
            change = None if mean.value is None or earlier.mean is None else mean.value - earlier.mean
            label = question.text(self._language, "").replace("  ", " ")
            table.append(
                [
                    label,
                    moments.n,
                    shown(mean, "plain"),
                    shown(shares.share(top, moments.n), "percent"),
                    Figure(value=change, unit="change"),
                ]
            )
            if question.kind == "scale":
                bars.append(Bar(label=label, value=mean.value, low=mean.low, high=mean.high, n=moments.n))
        columns = [
            Column(title=words("report.column.question"), width=3.6),
            Column(title=words("report.column.n"), width=0.6, align="right", kind="integer"),
            Column(title=words("report.column.mean"), width=1.7, align="right", kind="number"),
            Column(title=words("report.column.top_box"), width=2.0, align="right", kind="percent"),
            Column(title=words("report.column.change"), width=0.9, align="right", kind="number"),
        ]
        nodes: list[Node] = [
            Heading(text=title, new_page=True),
            Table(columns=self._overview_columns(), rows=[self._overview(shops)]),
        ]
        if bars:
            nodes.append(BarChart(title=words("report.R-01.chart"), bars=bars, minimum=1, maximum=10))
        nodes.append(Table(columns=columns, rows=table, title=words("report.R-01.questions")))
        nodes.append(Paragraph(text=words("report.R-01.note"), style="note"))
        return nodes

    def _overview_columns(self) -> list[Column]:
        words = self._words
        return [
            Column(title=words("report.column.overall_csi"), width=1, align="right", kind="number"),
            Column(title=words("report.column.nps"), width=1, align="right", kind="number"),
            Column(title=words("report.column.response_rate"), width=1, align="right", kind="percent"),
            Column(title=words("report.column.answers"), width=0.6, align="right", kind="integer"),
        ]

    def _overview(self, shops: list[int]) -> list[Cell]:
        respondents = sum((self.respondents.get(shop, Moments()) for shop in shops), Moments())
        groups = sum((nps.Groups(*self._groups.get(shop, (0, 0, 0))) for shop in shops), nps.Groups())
        sent, bounced, completed = (
            sum(self._responses.get(shop, (0, 0, 0))[index] for shop in shops) for index in range(3)
        )
        return [
            shown(means.mean(respondents, 1, 10, overall.RESPONDENT_MEAN), "plain"),
            shown(nps.nps(groups), "nps"),
            shown(shares.response_rate(sent, bounced, completed), "percent"),
            respondents.n,
        ]


def _pool(rows: list[QuestionRow], key: str, shops: list[int]) -> tuple[Moments, int]:
    mine = [row for row in rows if row.question == key and row.shop_id in shops]
    return sum((row.moments for row in mine), Moments()), sum(row.top for row in mine)


REPORT = Report("R-01", ("shops", "period", "programme", "section"), build)
