"""Shops beside each other: against the rest, percentiles, league order, what too few answers may not say (7.8)."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from itertools import accumulate
from math import sqrt
from typing import Any, TypeVar

from repaircenter.metrics import nps
from repaircenter.metrics.changes import Change, nps_change
from repaircenter.metrics.figure import Figure
from repaircenter.metrics.nps import Groups

LEAGUE, PERCENTILE, GAP = "league-lower-bound", "percentile-mid-rank", "gap-to-rest-wald"
LEAST_RANKED = 5
# Among fewer a percentile says less than the shops' own figures.
LEAST_FOR_PERCENTILE = 10
Key = TypeVar("Key", bound=Hashable)
Pool = TypeVar("Pool", bound=Any)


def rests(pools: Mapping[Key, Pool], nothing: Pool) -> dict[Key, Pool]:
    """Of each key all others pooled: never the mean of their scores. What stands before it and what stands behind are
    added, not taken away from all, so that nothing is rounded."""
    keys = list(pools)
    before = list(accumulate((pools[key] for key in keys), initial=nothing))
    behind = list(accumulate((pools[key] for key in reversed(keys)), initial=nothing))[::-1]
    return {key: before[place] + behind[place + 1] for place, key in enumerate(keys)}


def gap(own: Groups, others: Groups) -> Change | None:
    """Own score minus the rest's, with its interval."""
    return nps_change(others, own)


def percentiles(among: Sequence[float]) -> dict[float, float]:
    """The mid-rank percentile of each value of a list."""
    ordered = sorted(among)
    return {
        value: 100.0 * (bisect_left(ordered, value) + bisect_right(ordered, value)) / 2 / len(ordered) for value in ordered
    }


def competition_ranks(values: Sequence[float]) -> list[tuple[int, bool]]:
    """(rank, shared) of each value, the highest first: equals share the better rank ("=3")."""
    ordered, count = sorted(values), Counter(values)
    return [(1 + len(ordered) - bisect_right(ordered, value), count[value] > 1) for value in values]


def league(figures: Mapping[Key, Figure], least: int = LEAST_RANKED) -> list[tuple[Key, int | None]]:
    """Keys with their rank, best lower bound of the interval first; below `least` answers last and unranked.

    Figures come with the spread of the league (`Spread.within`); where no answers differ at all, values are compared.
    """

    def bound(key: Key) -> float:
        low, value = figures[key].low, figures[key].value
        return low if low is not None else value if value is not None else float("-inf")

    ranked = sorted((key for key in figures if figures[key].n >= least), key=bound, reverse=True)
    places = competition_ranks([bound(key) for key in ranked])
    few = [key for key in figures if figures[key].n < least]
    return [*((key, rank) for key, (rank, _) in zip(ranked, places, strict=True)), *((key, None) for key in few)]


def bands(figures: Mapping[Key, Figure], least: int = LEAST_RANKED) -> dict[Key, tuple[int, int]]:
    """The best and the worst rank each key may have, for keys of `least` answers and more.

    One whose interval lies above is before it, one whose interval lies below is after it; the others cannot be told
    apart (issue 15.19: "1-3, no clear difference"). Without an interval the value is its own.
    """

    def reach(figure: Figure) -> tuple[float, float]:
        value = figure.value if figure.value is not None else float("-inf")
        return (value if figure.low is None else figure.low, value if figure.high is None else figure.high)

    reaches = {key: reach(figure) for key, figure in figures.items() if figure.n >= least}
    lows, highs = sorted(low for low, _ in reaches.values()), sorted(high for _, high in reaches.values())
    return {
        key: (1 + len(lows) - bisect_right(lows, high), len(highs) - bisect_left(highs, low))
        for key, (low, high) in reaches.items()
    }


def penalised(groups: Groups) -> float | None:
    """NPS - 160 / sqrt(n), the order some users know; None below five answers."""
    if groups.n < LEAST_RANKED:
        return None
    return nps.raw(groups) - 160.0 / sqrt(groups.n)
