"""How far a shop may lie from all shops together by chance alone, by its number of answers (requirements 7.8).

The limits of a funnel plot: centre ± z · σ / √n, with σ the deviation of single answers (Spiegelhalter 2005).
"""

from dataclasses import dataclass
from math import sqrt

from repaircenter.metrics.figure import Z95, Figure

FUNNEL = "funnel-limits"
# 99.8 %: among some hundred shops hardly one lies outside by chance.
Z998 = 3.090232306167813
ABOVE, WITHIN, BELOW = "above", "within", "below"


@dataclass(frozen=True, slots=True)
class Funnel:
    """`centre` is the figure of all answers together, `deviation` that of single ones, on a scale from `minimum` to
    `maximum`."""

    centre: float
    deviation: float
    minimum: float
    maximum: float

    def limits(self, n: int, z: float = Z95) -> tuple[float, float]:
        """Between which values a shop of `n` answers (at least one) lies, clipped to the scale."""
        half = z * self.deviation / sqrt(n)
        return max(self.minimum, self.centre - half), min(self.maximum, self.centre + half)

    def place(self, figure: Figure) -> str:
        """Whether a figure lies outside the outer limits (99.8 %); one without answers lies within."""
        if figure.value is None:
            return WITHIN
        low, high = self.limits(figure.n, Z998)
        return ABOVE if figure.value > high else BELOW if figure.value < low else WITHIN
