"""Net Promoter Score with its adjusted Wald interval, from 0-10 answers or from stars (requirements 7.3)."""

from dataclasses import dataclass
from math import ceil, sqrt

from repaircenter.metrics.figure import Z95, Figure

NPS, NPS_FROM_STARS, NPS_1_10 = "nps-adjusted-wald", "nps-from-stars", "nps-one-to-ten"


@dataclass(frozen=True, slots=True)
class Groups:
    """Counts of promoters, passives and detractors; they pool by addition."""

    promoters: int = 0
    passives: int = 0
    detractors: int = 0

    @property
    def n(self) -> int:
        return self.promoters + self.passives + self.detractors

    def __add__(self, other: "Groups") -> "Groups":
        return Groups(
            self.promoters + other.promoters, self.passives + other.passives, self.detractors + other.detractors
        )


def score(promoters: float, passives: float, detractors: float) -> tuple[float, float]:
    """(NPS, standard error) on -100 ... 100."""
    n = promoters + passives + detractors
    p, d = promoters / n, detractors / n
    return 100.0 * (p - d), 100.0 * sqrt(max(0.0, p + d - (p - d) ** 2) / n)


def deviation(groups: Groups) -> float | None:
    """The standard deviation of single answers as -100, 0 and 100; None without answers."""
    return score(groups.promoters, groups.passives, groups.detractors)[1] * sqrt(groups.n) if groups.n else None


def raw(groups: Groups) -> float:
    """The score as it is; n > 0."""
    return score(groups.promoters, groups.passives, groups.detractors)[0]


def adjusted(groups: Groups) -> tuple[float, float]:
    """(score, standard error) with three answers added, one a group in the shares of requirements 7.3."""
    return score(groups.promoters + 0.75, groups.passives + 1.5, groups.detractors + 0.75)


def nps(groups: Groups, formula: str = NPS) -> Figure:
    """The raw score with the adjusted Wald interval, clipped to +-100 and never leaving out the raw point."""
    if not groups.n:
        return Figure.nothing(formula)
    value, (centre, error) = raw(groups), adjusted(groups)
    low = min(value, max(-100.0, centre - Z95 * error))
    high = max(value, min(100.0, centre + Z95 * error))
    return Figure(value, low, high, groups.n, formula)


def wald(groups: Groups) -> tuple[float, float]:
    """The plain interval of the closed form, unclipped; n > 0. Shown nowhere: the adjusted one is better."""
    value, error = score(groups.promoters, groups.passives, groups.detractors)
    return value - Z95 * error, value + Z95 * error


def finite_factor(n: int, population: int) -> float:
    """What the standard error is multiplied with when `n` of only `population` invited answered (n <= population)."""
    return sqrt((population - n) / (population - 1)) if population > 1 else 0.0


def answers_needed(margin: float, variance: float = 1.0) -> int:
    """How many answers give an interval of +-margin points; `variance` is p + d - (p - d)², at worst 1."""
    return ceil((100.0 * Z95) ** 2 * variance / margin**2 - 1e-9)


def group_of_score(value: int) -> str:
    """0-10: 9-10 promoter, 7-8 passive, 0-6 detractor. A scale from 1 has the same bounds under its own name."""
    return "promoter" if value >= 9 else "passive" if value >= 7 else "detractor"


def group_of_stars(value: int) -> str:
    """Stars: 5 promoter, 4 passive, 1-3 detractor."""
    return "promoter" if value == 5 else "passive" if value == 4 else "detractor"
