"""A figure as everything shows it: value, interval, n and the id of its formula (A-N3). n = 0 has no value."""

from dataclasses import dataclass

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Figure:
    """`value`, `low` and `high` are on the figure's own scale; None means there is nothing to say."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    formula: str

    @classmethod
    def nothing(cls, formula: str) -> "Figure":
        return cls(None, None, None, 0, formula)
