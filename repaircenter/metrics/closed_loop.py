"""Times of the closed loop: medians, percentiles, shares within a limit, ageing buckets (requirements 7.10)."""

from bisect import bisect_left
from collections.abc import Sequence

from repaircenter.metrics.figure import Figure
from repaircenter.metrics.shares import share

WITHIN = "share-within-wilson"
AGE_LIMITS_DAYS = (1.0, 4.0, 10.0)


def quantile(values: Sequence[float], q: float) -> float | None:
    """Inclusive linear interpolation, 0 <= q <= 1; None without values."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = q * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def median(values: Sequence[float]) -> float | None:
    return quantile(values, 0.5)


def within(values: Sequence[float], limit: float, whole: int) -> Figure:
    """Share of `whole` cases that took at most `limit`, with Wilson; those without a time count as not within."""
    return share(sum(value <= limit for value in values), whole, WITHIN)


def ages(days: Sequence[float]) -> tuple[int, int, int, int]:
    """How many are 0-1, 1-4, 4-10 and over 10 days old; a limit belongs to the younger bucket."""
    counts = [0, 0, 0, 0]
    for age in days:
        counts[bisect_left(AGE_LIMITS_DAYS, age)] += 1
    return counts[0], counts[1], counts[2], counts[3]
