"""Means with their t-interval, and stars (requirements 7.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, sqrt

from repaircenter.metrics.figure import Figure
from repaircenter.metrics.students_t import quantile_975

MEAN = "mean-t"
NO_SPREAD = 1e-9


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
        numbers = list(values)
        return cls(len(numbers), sum(numbers), sum(value * value for value in numbers))

    @property
    def mean(self) -> float | None:
        return self.total / self.n if self.n else None

    @property
    def deviation(self) -> float | None:
        """s with n - 1; None below two values."""
        if self.n < 2:
            return None
        return sqrt(max(0.0, (self.squares - self.total * self.total / self.n) / (self.n - 1)))

    @property
    def has_spread(self) -> bool:
        """Whether the values differ. Equal ones (or one) say nothing of how much others would: the one rule for
        "no spread" in intervals, changes, targets and ranks. Such figures borrow the spread of what they stand beside;
        where nothing stands beside them, nothing certain is said."""
        return self.deviation is not None and self.deviation >= NO_SPREAD


@dataclass(frozen=True, slots=True)
class Spread:
    """A pooled deviation within several groups and its degrees of freedom."""

    deviation: float
    df: float

    @classmethod
    def within(cls, pools: Iterable[Moments]) -> "Spread | None":
        """√(Σ(nᵢ-1)sᵢ² / Σ(nᵢ-1)) over groups of at least two; None when no values differ."""
        spread = [(pool.n - 1, pool.deviation) for pool in pools if pool.deviation is not None]
        df = sum(free for free, _ in spread)
        deviation = sqrt(sum(free * own * own for free, own in spread) / df) if df else 0.0
        return cls(deviation, df) if deviation >= NO_SPREAD else None


def mean(moments: Moments, minimum: float, maximum: float, formula: str = MEAN, spread: Spread | None = None) -> Figure:
    """Mean with t-interval, clipped to the scale; without spread of its own it takes `spread`, else has no interval."""
    value, deviation = moments.mean, moments.deviation
    if value is None:
        return Figure.nothing(formula)
    if deviation is not None and moments.has_spread:
        spread = Spread(deviation, moments.n - 1)
    if spread is None:
        return Figure(value, None, None, moments.n, formula)
    half = quantile_975(spread.df) * spread.deviation / sqrt(moments.n)
    return Figure(value, max(minimum, value - half), min(maximum, value + half), moments.n, formula)


def drawn_stars(value: float | None) -> float | None:
    """Half steps as drawn: round(2x)/2, half away from zero."""
    return None if value is None else floor(2.0 * value + 0.5) / 2.0
