"""What R-01 counts: the answers of this period, of the compared one and of twelve months, pooled for any shops."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from repaircenter.metrics import changes, means, nps, overall
from repaircenter.metrics.changes import Change
from repaircenter.metrics.figure import Figure
from repaircenter.metrics.histogram import Histogram
from repaircenter.metrics.means import Moments
from repaircenter.metrics.nps import Groups
from repaircenter.wire.surveys.questionnaires import RECOMMEND, Question

_BY = (SHOP, PROGRAMME)
# Stands for all shops together.
_ALL = 0
# What a shop has, by programme, question or month.
ByShop = dict[int, dict[Any, Any]]
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
    """Fetched once; every method pools over the shops it is given: with `each_shop` any of the context's. Without, questions,
    months and comments are those of all of them, as a network of a thousand shops wants them on its own page."""

    def __init__(self, context: ReportContext, *, each_shop: bool) -> None:
        self._each_shop = each_shop
        connection, chosen, earlier = context.connection, context.selection, context.compared()
        self.asked = [q for q in context.questions() if q.kind != "stars"]
        keys = [q.key for q in self.asked]
        shop = (SHOP,) if each_shop else ()
        # Those who answered any of these are the respondents of the overall CSI; the insurer's score stands apart.
        self.csi: Measure = measure("csi", context.own_questions())
        insurers = [] if context.choice("section") else context.of_section(INSURER_SECTION)
        self.insurer_scales = ",".join(q.key for q in insurers if q.kind == "scale")

        def csi(selection: Selection, by: Sequence[str]) -> Mapping[Key, Moments]:
            return self.csi.fetch(connection, selection, by, "month")

        def histograms(selection: Selection | None) -> tuple[ByShop, ByShop]:
            """Of each shop by question, and by programme how it would be recommended."""
            if selection is None:
                return {}, {}
            questions = aggregates.histograms(connection, selection, keys, (*shop, QUESTION))
            recommended = aggregates.histograms(connection, selection, [RECOMMEND], _BY)
            return self._detailed(questions), _by_shop(recommended)

        self._now, self._recommended = histograms(chosen)
        self._before, self._recommended_before = histograms(earlier)
        self._own = _by_shop(csi(chosen, _BY))
        self._own_before: ByShop = {} if earlier is None else _by_shop(csi(earlier, _BY))
        self._insurer: ByShop = (
            _by_shop(measure("csi", insurers).fetch(connection, chosen, _BY, "month")) if self.insurer_scales else {}
        )
        self._answers = _by_shop(aggregates.answer_counts(connection, chosen, _BY))
        self._responses = _by_shop(aggregates.responses(connection, chosen, _BY))
        self._targets = targets.targets(connection, list(context.shops), chosen.programme_id)
        self._programmes = choices.programmes_of(connection, list(context.request.shops))
        self.year: Period = year_to(context.period, context.latest)
        self.months = buckets(self.year, "month")
        self._comments = rows.newest_comments(connection, chosen, COMMENTS, each_shop=each_shop)
        self._by_month = self._detailed(csi(context.over(self.year), (*shop, PERIOD)))
        self.n = max((_of_key(self._now, self._read(context.shops), key).n for key in keys), default=0)

    def _detailed(self, pools: Mapping[Key, Any]) -> ByShop:
        return _by_shop(pools if self._each_shop else {(_ALL, *key): pool for key, pool in pools.items()})

    def _read(self, shops: Iterable[int]) -> Sequence[int]:
        """Under which shops the details of these are."""
        return list(shops) if self._each_shop else (_ALL,)

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
        return _of_key(self._now, self._read(shops), question.key)

    def earlier(self, question: Question, shops: Sequence[int]) -> Moments:
        """A question's answers of the compared period."""
        return _of_key(self._before, self._read(shops), question.key).moments()

    def insurer(self, shops: Sequence[int]) -> Figure:
        pool = _of_programme(self._insurer, shops, Moments(), None)
        return means.mean(pool, 1, 10, overall.RESPONDENT_MEAN)

    def overview(self, shops: Sequence[int], programme: int | None = None) -> Overview:
        own, before = (_of_programme(pool, shops, Moments(), programme) for pool in (self._own, self._own_before))
        groups, groups_before = (
            Histogram.pooled(_chosen(pool, shops, programme)).groups()
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
        seen = {programme for pools in (self._own, self._recommended) for shop in shops for programme in pools.get(shop, ())}
        return {number: name for number, name in self._programmes.items() if number in seen}

    def comments(self, shops: Sequence[int]) -> list[Review]:
        """The newest that hold a comment."""
        return [review for review in self._comments if review.shop_id in shops][:COMMENTS]

    def by_month(self, shops: Sequence[int]) -> list[Figure]:
        """The overall CSI of each of the months."""
        months: dict[date, Moments] = {}
        for shop in self._read(shops):
            for first, pool in self._by_month.get(shop, {}).items():
                months[first] = months.get(first, Moments()) + pool
        return [self.csi.figure(months.get(month.start, Moments())) for month in self.months]


def _nps_change(before: Groups, now: Groups) -> Change | None:
    return changes.nps_change(before, now) if before.n and now.n else None


def _by_shop(pools: Mapping[Key, Any]) -> ByShop:
    """Of each shop what it has: a page about one of a thousand shops goes through its own alone."""
    of_shops: ByShop = {}
    for (shop, key), pool in pools.items():
        of_shops.setdefault(shop, {})[key] = pool
    return of_shops


def _of_programme(pools: ByShop, shops: Sequence[int], nothing: Any, programme: int | None) -> Any:
    return sum(_chosen(pools, shops, programme), nothing)


def _chosen(pools: ByShop, shops: Sequence[int], programme: int | None) -> Iterator[Any]:
    return (pool for shop in shops for of, pool in pools.get(shop, {}).items() if programme in (None, of))


def _of_key(pools: ByShop, shops: Sequence[int], key: str) -> Histogram:
    return Histogram.pooled(pools[shop][key] for shop in shops if key in pools.get(shop, ()))
