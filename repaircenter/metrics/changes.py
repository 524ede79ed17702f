"""Is a difference more than chance: NPS, means and shares compared (requirements 7.2, 7.7). Arrows follow the interval."""

from dataclasses import dataclass
from math import erfc, inf, sqrt

from repaircenter.metrics import nps, shares
from repaircenter.metrics.figure import Z95, Figure
from repaircenter.metrics.means import Moments
from repaircenter.metrics.students_t import quantile_975, upper_tail

NPS_CHANGE, MEAN_CHANGE, SHARE_CHANGE = (
    "nps-difference-adjusted-wald",
    "mean-difference-welch",
    "share-difference-newcombe",
)
TARGET, PUBLISHED = "difference-to-target", "published"
UP, DOWN, SAME = "up", "down", "same"
SHOWN_FROM = 5


@dataclass(frozen=True, slots=True)
class Change:
    """Second minus first on the figure's own scale; `p` is two-sided, None where the interval alone is computed."""

    value: float
    low: float
    high: float
    p: float | None
    formula: str
    smaller_n: int

    @property
    def direction(self) -> str | None:
        """`up` or `down` only if the interval leaves out 0, else `same`; None below five answers on either side."""
        if self.smaller_n < SHOWN_FROM:
            return None
        return UP if self.low > 0.0 else DOWN if self.high < 0.0 else SAME


def to_target(figure: Figure, target: float | None) -> Change | None:
    """A figure minus what is wished for, with the figure's own interval; None without either.

    A figure that has no interval (answers that are all the same) says nothing certain.
    """
    if target is None or figure.value is None:
        return None
    low = -inf if figure.low is None else figure.low - target
    high = inf if figure.high is None else figure.high - target
    return Change(figure.value - target, low, high, None, TARGET, figure.n)


def nps_change(first: nps.Groups, second: nps.Groups) -> Change | None:
    """The difference of two raw scores; its interval and p come from the adjusted variances, as those of the scores.

    So five answers that are all alike are not certain (5 of 5 -> 2 of 5 promoters is no clear change). None without
    answers on both sides.
    """
    if not first.n or not second.n:
        return None
    delta = nps.raw(second) - nps.raw(first)
    (score_1, error_1), (score_2, error_2) = nps.adjusted(first), nps.adjusted(second)
    centre, error = score_2 - score_1, sqrt(error_1**2 + error_2**2)
    low, high = min(delta, centre - Z95 * error), max(delta, centre + Z95 * error)
    return Change(delta, low, high, erfc(abs(centre / error) / sqrt(2.0)), NPS_CHANGE, min(first.n, second.n))


def mean_change(first: Moments, second: Moments) -> Change | None:
    """The difference of two means by Welch; None below two answers on either side.

    A side without spread borrows the other's; where neither has any, nothing certain is said.
    """
    if first.mean is None or second.mean is None or first.deviation is None or second.deviation is None:
        return None
    delta, smaller = second.mean - first.mean, min(first.n, second.n)
    if not (first.has_spread or second.has_spread):
        return Change(delta, -inf, inf, None, MEAN_CHANGE, smaller)
    deviation_1 = first.deviation if first.has_spread else second.deviation
    deviation_2 = second.deviation if second.has_spread else first.deviation
    parts = deviation_1**2 / first.n, deviation_2**2 / second.n
    error = sqrt(sum(parts))
    df = sum(parts) ** 2 / (parts[0] ** 2 / (first.n - 1) + parts[1] ** 2 / (second.n - 1))
    half = quantile_975(df) * error
    p = 2.0 * upper_tail(abs(delta) / error, df)
    return Change(delta, delta - half, delta + half, p, MEAN_CHANGE, smaller)


def share_change(first: tuple[int, int], second: tuple[int, int]) -> Change | None:
    """The difference of two shares (count, n) in points of a hundred, by Newcombe's hybrid."""
    if not first[1] or not second[1]:
        return None
    interval = shares.difference(*second, *first)
    delta, low, high = (100.0 * value for value in interval)
    return Change(delta, low, high, None, SHARE_CHANGE, min(first[1], second[1]))
