"""Shares with Wilson's interval, and the difference of two (requirements 7.2, 7.5)."""

from math import sqrt

from repaircenter.metrics.figure import Z95, Figure

TOP_BOX, RESPONSE_RATE, SHARE = "top-box-wilson", "response-rate", "share-wilson"


def wilson(count: int, n: int) -> tuple[float, float]:
    """95 % interval of count/n, n > 0, as shares of 1."""
    p, d = count / n, 1.0 + Z95 * Z95 / n
    centre = (p + Z95 * Z95 / (2 * n)) / d
    half = Z95 / d * sqrt(p * (1.0 - p) / n + Z95 * Z95 / (4.0 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def share(count: int, n: int, formula: str = TOP_BOX) -> Figure:
    """count/n in per cent with Wilson's interval."""
    if n <= 0:
        return Figure.nothing(formula)
    low, high = wilson(count, n)
    return Figure(100.0 * count / n, 100.0 * low, 100.0 * high, n, formula)


def difference(count_1: int, n_1: int, count_2: int, n_2: int) -> tuple[float, float, float]:
    """p1 - p2 with Newcombe's hybrid interval: (difference, low, high) as shares of 1."""
    p_1, p_2 = count_1 / n_1, count_2 / n_2
    low_1, high_1 = wilson(count_1, n_1)
    low_2, high_2 = wilson(count_2, n_2)
    d = p_1 - p_2
    below = sqrt((p_1 - low_1) ** 2 + (high_2 - p_2) ** 2)
    above = sqrt((high_1 - p_1) ** 2 + (p_2 - low_2) ** 2)
    return d, d - below, d + above


def response_rate(sent: int, bounced: int, completed: int) -> Figure:
    """completed / (sent - bounced), the default rate (requirements 7.5)."""
    return share(min(completed, sent - bounced), sent - bounced, RESPONSE_RATE)


def response_rates(sent: int, bounced: int, completed: int, partial: int) -> dict[str, float | None]:
    """All four response figures in per cent: gross, response_rate, with_partials, completion."""

    def per_cent(part: int, whole: int) -> float | None:
        return 100.0 * part / whole if whole > 0 else None

    return {
        "gross": per_cent(completed, sent),
        "response_rate": per_cent(completed, sent - bounced),
        "with_partials": per_cent(completed + partial, sent - bounced),
        "completion": per_cent(completed, completed + partial),
    }
