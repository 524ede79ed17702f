"""What R-01 counts: the answers of this period, of the compared one and of twelve months, pooled for any shops."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from repaircenter.central.reporting import targets
from repaircenter.central.reporting.measures import Measure, measure
from repaircenter.central.reporting.parameters import INSURER_SECTION
from repaircenter.central.reporting.report import ReportContext
from repaircenter.central.reporting.sql import aggregates, choices, rows
from repaircenter.central.reporting.sql.aggregates import PERIOD, PROGRAMME, QUESTION, SHOP, Key, Responses
from repaircenter.central.reporting.sql.cohort import Selection
from repaircenter.central.reporting.sql.periods import Period, buckets, year_to
from repaircenter.central.reporting.sql.rows import Review
from repaircenter.central.surveys.questionnaire import RECOMMEND, Question
from repaircenter.metrics import changes, means, nps, overall
from repaircenter.metrics.changes import Change
from repaircenter.metrics.figure import Figure
from repaircenter.metrics.histogram import Histogram
from repaircenter.metrics.means import Moments
from repaircenter.metrics.nps import Groups

_BY = (SHOP, PROGRAMME)
COMMENTS = 3


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of a card or a line: `csi` and `nps` with their change against the compared period."""

    csi: Figure
    csi_change: Change | None
    nps: Figure
    nps_change: Change | None
    responses: Responses
    answers: Figure


class Pools:
    """Fetched once; every method pools over the shops it is given."""

    def __init__(self, context: ReportContext) -> None:
        connection, chosen, earlier = context.connection, context.selection, context.compared()
        self.asked = [q for q in context.questions() if q.kind != "stars"]
        keys = [q.key for q in self.asked]
        # Those who answered any of these are the respondents of the overall CSI; the insurer's score stands apart.
        self.csi: Measure = measure("csi", context.own_questions())
        insurers = [] if context.choice("section") else context.of_section(INSURER_SECTION)
        self.insurer_scales = ",".join(q.key for q in insurers if q.kind == "scale")

        def csi(selection: Selection, by: Sequence[str]) -> Mapping[Key, Moments]:
            return self.csi.fetch(connection, selection, by, "month")

        self._now = aggregates.histograms(connection, chosen, keys, (SHOP, QUESTION))
        self._before = {} if earlier is None else aggregates.histograms(connection, earlier, keys, (SHOP, QUESTION))
        self._own = csi(chosen, _BY)
        self._own_before = {} if earlier is None else csi(earlier, _BY)
        self._insurer: Mapping[Key, Any] = (
            measure("csi", insurers).fetch(connection, chosen, _BY, "month") if self.insurer_scales else {}
        )
        self._answers = aggregates.answer_counts(connection, chosen, _BY)
        self._recommended = aggregates.histograms(connection, chosen, [RECOMMEND], _BY)
        self._recommended_before = (
            {} if earlier is None else aggregates.histograms(connection, earlier, [RECOMMEND], _BY)
        )
        self._responses = aggregates.responses(connection, chosen, _BY)
        self._targets = targets.targets(connection, list(context.shops), chosen.programme_id)
        self._programmes = choices.programmes_of(connection, list(context.shops))
        self.year: Period = year_to(context.period, context.latest)
        self.months = buckets(self.year, "month")
        self._comments = rows.newest_comments(connection, chosen, COMMENTS)
        self._by_month = csi(context.over(self.year), (SHOP, PERIOD))
        self.n = max((_of_key(self._now, list(context.shops), key).n for key in keys), default=0)

    @property
    def scales(self) -> str:
        """The questions of the overall CSI, as the parameter of another report."""
        return ",".join(self.csi.questions)

    def answers(self, shop: int) -> int:
        """How many answers the shop has."""
        return int(_of_programme(self._answers, [shop], 0, None))

    def goals(self, shops: Sequence[int]) -> dict[str, float]:
        """The targets these shops share."""
        return targets.common(self._targets, shops)

    def histogram(self, question: Question, shops: Sequence[int]) -> Histogram:
        return _of_key(self._now, shops, question.key)

    def earlier(self, question: Question, shops: Sequence[int]) -> Moments:
        """A question's answers of the compared period."""
        return _of_key(self._before, shops, question.key).moments()

    def insurer(self, shops: Sequence[int]) -> Figure:
        pool = _of_programme(self._insurer, shops, Moments(), None)
        return means.mean(pool, 1, 10, overall.RESPONDENT_MEAN)

    def overview(self, shops: Sequence[int], programme: int | None = None) -> Overview:
        own, before = (_of_programme(pool, shops, Moments(), programme) for pool in (self._own, self._own_before))
        groups, groups_before = (
            _of_programme(pool, shops, Histogram(), programme).groups()
            for pool in (self._recommended, self._recommended_before)
        )
        answers = int(_of_programme(self._answers, shops, 0, programme))
        return Overview(
            csi=self.csi.figure(own),
            csi_change=changes.mean_change(before, own),
            nps=nps.nps(groups),
            nps_change=_nps_change(groups_before, groups),
            responses=_of_programme(self._responses, shops, Responses(), programme),
            answers=Figure(float(answers), None, None, answers, "count"),
        )

    def programmes(self, shops: Sequence[int]) -> dict[int, str]:
        """Those these shops have answers of, by number."""
        seen = {programme for shop, programme in [*self._own, *self._recommended] if shop in shops}
        return {number: name for number, name in self._programmes.items() if number in seen}

    def comments(self, shops: Sequence[int]) -> list[Review]:
        """The newest that hold a comment."""
        return [review for review in self._comments if review.shop_id in shops][:COMMENTS]

    def by_month(self, shops: Sequence[int]) -> list[Figure]:
        """The overall CSI of each of the months."""
        months: dict[date, Moments] = {}
        for (shop, first), pool in self._by_month.items():
            if shop in shops:
                months[first] = months.get(first, Moments()) + pool
        return [self.csi.figure(months.get(month.start, Moments())) for month in self.months]


def _nps_change(before: Groups, now: Groups) -> Change | None:
    return changes.nps_change(before, now) if before.n and now.n else None


def _of_programme(by_key: Mapping[Key, Any], shops: Sequence[int], nothing: Any, programme: int | None) -> Any:
    chosen = set(shops)
    pools = (pool for (shop, of), pool in by_key.items() if shop in chosen and programme in (None, of))
    return sum(pools, nothing)


def _of_key(pools: Mapping[Key, Histogram], shops: Sequence[int], key: str) -> Histogram:
    return sum((pools[(shop, key)] for shop in shops if (shop, key) in pools), Histogram())
