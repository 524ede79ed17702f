"""Means with their t-interval, and stars (requirements 7.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, sqrt

from repaircenter.metrics.figure import Figure
from repaircenter.metrics.students_t import quantile_975

MEAN = "mean-t"


@dataclass(frozen=True, slots=True)
class Moments:
    """n, sum and sum of squares: what a database gives, and what pools without error."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @classmethod
    def of(cls, values: Iterable[float]) -> "Moments":
        found = list(values)
        return cls(len(found), sum(found), sum(value * value for value in found))

    @property
    def mean(self) -> float | None:
        return self.total / self.n if self.n else None

    @property
    def deviation(self) -> float | None:
        """s with n - 1; None below two values."""
        if self.n < 2:
            return None
        return sqrt(max(0.0, (self.squares - self.total * self.total / self.n) / (self.n - 1)))


def mean(moments: Moments, minimum: float, maximum: float, formula: str = MEAN) -> Figure:
    """Mean with t-interval, clipped to the scale; values that are all the same (or one) say nothing of their spread
    and have no interval."""
    value, deviation = moments.mean, moments.deviation
    if value is None:
        return Figure.nothing(formula)
    if deviation is None or deviation < 1e-9:
        return Figure(value, None, None, moments.n, formula)
    half = quantile_975(moments.n - 1) * deviation / sqrt(moments.n)
    return Figure(value, max(minimum, value - half), min(maximum, value + half), moments.n, formula)


def drawn_stars(value: float | None) -> float | None:
    """Half steps as drawn: round(2x)/2, half away from zero."""
    return None if value is None else floor(2.0 * value + 0.5) / 2.0
