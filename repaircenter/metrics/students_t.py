"""Quantiles of Student's t, by bisection on the regularised incomplete beta function (continued fraction)."""

from functools import lru_cache
from math import exp, lgamma, log, pi, sqrt


def _beta_fraction(x: float, a: float, b: float) -> float:
    """Lentz's continued fraction of the incomplete beta function; converges for x < (a+1)/(a+b+2)."""
    tiny = 1e-300
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > tiny else tiny)
    result, m = d, 0
    while m < 400 and (m == 0 or abs(d * c - 1.0) >= 1e-15):
        m += 1
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 + numerator * d
            d = 1.0 / (d if abs(d) > tiny else tiny)
            c = 1.0 + numerator / c
            c = c if abs(c) > tiny else tiny
            result *= d * c
    return result


def incomplete_beta(x: float, a: float, b: float) -> float:
    """I_x(a, b) for 0 <= x <= 1."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1.0 - x))
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _beta_fraction(x, a, b) / a
    return 1.0 - front * _beta_fraction(1.0 - x, b, a) / b


def upper_tail(t: float, df: float) -> float:
    """P(T > t) for t >= 0."""
    return 0.5 * incomplete_beta(df / (df + t * t), df / 2.0, 0.5)


@lru_cache(maxsize=4096)
def quantile_975(df: float) -> float:
    """t(0.975; df) for df > 0: Newton's steps inside a bracket, halved where a step would leave it."""
    low, high = 0.0, 1.0
    while upper_tail(high, df) > 0.025:
        low, high = high, high * 2.0
    scale = exp(lgamma((df + 1.0) / 2.0) - lgamma(df / 2.0)) / sqrt(df * pi)
    t = high
    while True:
        excess = upper_tail(t, df) - 0.025
        if excess > 0.0:
            low = t
        else:
            high = t
        step: float = t + excess / (scale * (1.0 + t * t / df) ** (-(df + 1.0) / 2.0))
        if abs(step - t) < 1e-13 * t or high - low < 1e-13 * high:
            return step
        t = step if low < step < high else (low + high) / 2.0
