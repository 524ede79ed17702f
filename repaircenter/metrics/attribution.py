"""Answers credited to people by their share in the job (requirements 7.6): weighted figures and their effective size."""

from dataclasses import dataclass
from math import sqrt

from repaircenter.metrics import nps
from repaircenter.metrics.figure import Z95, Figure
from repaircenter.metrics.students_t import quantile_975

WEIGHTED_MEAN, WEIGHTED_NPS, WEIGHTED_NPS_STARS = "mean-weighted", "nps-weighted", "nps-weighted-from-stars"


@dataclass(frozen=True, slots=True)
class Weighted:
    """Sums over answers with credit w: how many, Σw, Σw², Σwx, Σwx²; they pool by addition."""

    n: int = 0
    weight: float = 0.0
    weight_squares: float = 0.0
    total: float = 0.0
    squares: float = 0.0

    def __add__(self, other: "Weighted") -> "Weighted":
        return Weighted(
            self.n + other.n,
            self.weight + other.weight,
            self.weight_squares + other.weight_squares,
            self.total + other.total,
            self.squares + other.squares,
        )

    @property
    def effective_n(self) -> float:
        """(Σw)² / Σw²: as many whole answers as these credits are worth."""
        return self.weight**2 / self.weight_squares if self.weight_squares else 0.0


def weighted_mean(sums: Weighted, minimum: float, maximum: float) -> Figure:
    """Σwx / Σw with a t-interval on the effective size; no interval at one answer's worth or without spread."""
    if sums.weight <= 0.0:
        return Figure.nothing(WEIGHTED_MEAN)
    value, effective = sums.total / sums.weight, sums.effective_n
    if effective <= 1.0 + 1e-9:
        return Figure(value, None, None, sums.n, WEIGHTED_MEAN)
    variance = max(0.0, sums.squares / sums.weight - value**2) * effective / (effective - 1.0)
    if variance < 1e-9:
        return Figure(value, None, None, sums.n, WEIGHTED_MEAN)
    half = quantile_975(effective - 1.0) * sqrt(variance / effective)
    return Figure(value, max(minimum, value - half), min(maximum, value + half), sums.n, WEIGHTED_MEAN)


@dataclass(frozen=True, slots=True)
class WeightedGroups:
    """Credits of promoters, passives and detractors, and Σw² over all; they pool by addition."""

    n: int = 0
    promoters: float = 0.0
    passives: float = 0.0
    detractors: float = 0.0
    weight_squares: float = 0.0

    def __add__(self, other: "WeightedGroups") -> "WeightedGroups":
        return WeightedGroups(
            self.n + other.n,
            self.promoters + other.promoters,
            self.passives + other.passives,
            self.detractors + other.detractors,
            self.weight_squares + other.weight_squares,
        )

    @property
    def weight(self) -> float:
        return self.promoters + self.passives + self.detractors


def weighted_nps(groups: WeightedGroups, formula: str = WEIGHTED_NPS) -> Figure:
    """100 Σwv / Σw with the adjusted Wald interval of as many answers as the credits are worth."""
    weight = groups.weight
    if weight <= 0.0:
        return Figure.nothing(formula)
    scale = weight / groups.weight_squares  # effective size / Σw
    p, n, d = (scale * part for part in (groups.promoters, groups.passives, groups.detractors))
    raw = nps.score(p, n, d)[0]
    centre, error = nps.score(p + 0.75, n + 1.5, d + 0.75)
    low = min(raw, max(-100.0, centre - Z95 * error))
    high = max(raw, min(100.0, centre + Z95 * error))
    return Figure(raw, low, high, groups.n, formula)
