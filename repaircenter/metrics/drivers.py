"""Strengths and areas to improve: how well each driver does and how much it matters (requirements 7.9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atanh, inf, sqrt, tanh

from repaircenter.metrics.figure import Z95
from repaircenter.metrics.means import Moments, mean
from repaircenter.metrics.symmetric import eigen

PEARSON, SPEARMAN, RELATIVE = "importance-pearson", "importance-spearman", "importance-relative-weights"
LEAST_PAIRS = 30
STRENGTH, IMPROVE, WATCH, SECONDARY = "strength", "improve", "watch", "secondary"
STRONG, MODERATE, WEAK, NONE = "strong", "moderate", "weak", "none"
STRENGTHS = ((0.5, STRONG), (0.3, MODERATE), (0.1, WEAK), (0.0, NONE))
Scores = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class PairSums:
    """Sums over complete pairs (driver x, outcome y): what a database gives."""

    n: int = 0
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0

    @classmethod
    def of(cls, xs: Scores, ys: Scores) -> "PairSums":
        pairs = [(x, y) for x, y in zip(xs, ys, strict=True) if x is not None and y is not None]
        return cls(
            len(pairs),
            sum(x for x, _ in pairs),
            sum(y for _, y in pairs),
            sum(x * x for x, _ in pairs),
            sum(y * y for _, y in pairs),
            sum(x * y for x, y in pairs),
        )

    def __add__(self, other: "PairSums") -> "PairSums":
        return PairSums(
            self.n + other.n, self.x + other.x, self.y + other.y,
            self.xx + other.xx, self.yy + other.yy, self.xy + other.xy,
        )  # fmt: skip

    @property
    def r(self) -> float | None:
        """Pearson's correlation; None without variance on a side."""
        sxx, syy = self.xx * self.n - self.x**2, self.yy * self.n - self.y**2
        if sxx <= 1e-9 or syy <= 1e-9:
            return None
        return max(-1.0, min(1.0, (self.xy * self.n - self.x * self.y) / sqrt(sxx * syy)))


def ranks(values: Sequence[float]) -> list[float]:
    """Mid-ranks from 1; equals share their mean rank (Spearman is Pearson of these)."""
    order = sorted(range(len(values)), key=lambda index: values[index])
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for index in order[start:end]:
            ranks[index] = (start + end + 1) / 2.0
        start = end
    return ranks


def spearman(xs: Scores, ys: Scores) -> float | None:
    """Rank correlation over complete pairs."""
    pairs = [(x, y) for x, y in zip(xs, ys, strict=True) if x is not None and y is not None]
    return PairSums.of(ranks([x for x, _ in pairs]), ranks([y for _, y in pairs])).r if pairs else None


def fisher_interval(r: float, n: int) -> tuple[float, float] | None:
    """95 % interval of a correlation; None below four pairs or at +-1."""
    if n < 4 or abs(r) >= 1.0:
        return None
    half = Z95 / sqrt(n - 3)
    return tanh(atanh(r) - half), tanh(atanh(r) + half)


def relative_weights(predictors: Sequence[Sequence[float]], outcome: Sequence[float]) -> list[float]:
    """Johnson's relative weights from the predictors' correlations and theirs with the outcome; they sum to R².

    Correlated drivers share credit here, where plain correlations count it twice.
    """
    values, vectors = eigen(predictors)
    size = len(values)
    roots = [sqrt(max(value, 0.0)) for value in values]

    def product(scale: Sequence[float], i: int, j: int) -> float:
        return sum(vectors[i][k] * scale[k] * vectors[j][k] for k in range(size))

    inverse = [1.0 / root if root > 1e-9 else 0.0 for root in roots]
    beta = [sum(product(inverse, k, j) * outcome[j] for j in range(size)) for k in range(size)]
    return [sum(product(roots, j, k) ** 2 * beta[k] ** 2 for k in range(size)) for j in range(size)]


@dataclass(frozen=True, slots=True)
class Driver:
    """One driver as plotted. `importance` and `quadrant` are None when there are not enough answers."""

    key: str
    n: int
    performance: float | None
    r: float | None = None
    low: float | None = None
    high: float | None = None
    importance: float | None = None
    quadrant: str | None = None
    priority: float | None = None
    clear: bool = True


@dataclass(frozen=True, slots=True)
class Plot:
    """Drivers in the order of priority, and where the cuts lie; None when nothing can be plotted."""

    drivers: tuple[Driver, ...]
    cut_performance: float | None
    cut_importance: float | None


def plot(
    pairs: Mapping[str, PairSums],
    minimum: float,
    maximum: float,
    least_pairs: int = LEAST_PAIRS,
    importance: Mapping[str, float | None] | None = None,
    correlations: bool = True,
) -> Plot:
    """Quadrants with the cuts at the means over the plotted drivers; a value at the cut counts as high.

    `importance` takes the place of Pearson's r: rank correlations, or relative weights. Those have no interval, so that
    none of them is clearly on its side of the cut. A driver is `clear` only if the intervals of its importance and of
    its performance both leave out their cut; what has no interval is not clear.
    """
    plotted: dict[str, tuple[float, float, float]] = {}
    for key, sums in pairs.items():
        r = sums.r if importance is None else importance.get(key)
        if r is not None and sums.n >= least_pairs:
            plotted[key] = (sums.x / sums.n, r, max(0.0, r))
    if not plotted:
        return Plot(tuple(_unplotted(key, sums) for key, sums in pairs.items()), None, None)
    cut_p = sum(p for p, _, _ in plotted.values()) / len(plotted)
    cut_i = sum(i for _, _, i in plotted.values()) / len(plotted)
    column = []
    for key, (performance, r, weight) in plotted.items():
        interval = fisher_interval(r, pairs[key].n) if correlations else None
        low, high = interval if interval is not None else (None, None)
        clear = correlations and _clears(interval, cut_i) and _clears(performance_interval(pairs[key]), cut_p)
        priority = weight * (maximum - performance) / (maximum - minimum)
        quadrant = quadrant_of(performance >= cut_p, weight >= cut_i)
        column.append(Driver(key, pairs[key].n, performance, r, low, high, weight, quadrant, priority, clear))
    column.sort(key=lambda driver: (-(driver.priority or 0.0), driver.key))
    rest = (_unplotted(key, sums) for key, sums in pairs.items() if key not in plotted)
    return Plot((*column, *rest), cut_p, cut_i)


def _clears(interval: tuple[float, float] | None, cut: float) -> bool:
    return interval is not None and not interval[0] < cut < interval[1]


def performance_interval(sums: PairSums) -> tuple[float, float] | None:
    """The t-interval of a driver's mean over its complete pairs."""
    moments = Moments(sums.n, sums.x, sums.xx)
    figure = mean(moments, -inf, inf)
    return None if figure.low is None or figure.high is None else (figure.low, figure.high)


def strength_of(importance: float | None) -> str | None:
    """How much a correlation matters in a word, by Cohen's bounds of 0.1, 0.3 and 0.5; None without one."""
    if importance is None:
        return None
    return next(word for least, word in STRENGTHS if importance >= least)


def weight_of(importance: float | None, among: Sequence[float]) -> str | None:
    """How much a relative weight matters in a word: against the equal share of all of them."""
    if importance is None or not sum(among):
        return None
    share = importance * len(among) / sum(among)
    return STRONG if share >= 1.25 else MODERATE if share >= 0.75 else WEAK


def quadrant_of(performs: bool, matters: bool) -> str:
    if matters:
        return STRENGTH if performs else IMPROVE
    return SECONDARY if performs else WATCH


def _unplotted(key: str, sums: PairSums) -> Driver:
    return Driver(key, sums.n, sums.x / sums.n if sums.n else None)
