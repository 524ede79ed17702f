"""Figures over periods: rolling windows that pool, and the straight line through at least six (requirements 7.7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

from repaircenter.metrics.means import Moments
from repaircenter.metrics.nps import Groups
from repaircenter.metrics.students_t import quantile_975

TREND = "trend-ols"
LEAST_PERIODS = 6
Pool = TypeVar("Pool", Groups, Moments)


def rolling(periods: Sequence[Pool], length: int) -> list[Pool]:
    """For each period the answers of it and the ones before, `length` periods together: pooled, never averaged."""
    smoothed = []
    for end in range(1, len(periods) + 1):
        chosen = periods[max(0, end - length) : end]
        total = chosen[0]
        for other in chosen[1:]:
            total = total + other
        smoothed.append(total)
    return smoothed


@dataclass(frozen=True, slots=True)
class Trend:
    """The line y = intercept + slope * period, periods counted from 0."""

    slope: float
    intercept: float
    error: float
    t: float
    critical: float

    @property
    def direction(self) -> str:
        """`rising`, `falling`, or `none` when the slope may be chance."""
        if abs(self.t) <= self.critical:
            return "none"
        return "rising" if self.slope > 0 else "falling"


def trend(values: Sequence[float | None]) -> Trend | None:
    """Ordinary least squares through the periods that have a value; None below six of them."""
    points = [(float(x), y) for x, y in enumerate(values) if y is not None]
    m = len(points)
    if m < LEAST_PERIODS:
        return None
    mean_x, mean_y = sum(x for x, _ in points) / m, sum(y for _, y in points) / m
    sxx = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sxx
    intercept = mean_y - slope * mean_x
    sse = sum((y - intercept - slope * x) ** 2 for x, y in points)
    error = sqrt(sse / (m - 2) / sxx)
    t = slope / error if error > 1e-12 else (0.0 if abs(slope) < 1e-12 else float("inf") * (1 if slope > 0 else -1))
    return Trend(slope, intercept, error, t, quantile_975(m - 2))
