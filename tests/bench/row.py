"""One figure of DESIGN 5: the ratio measured, the design's budget, and the guard this version holds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`least` says that the budget is a minimum. A broken guard fails the bench, a missed budget is said."""

    name: str
    value: float
    budget: float
    guard: float
    note: str = ""
    least: bool = False

    @property
    def is_met(self) -> bool:
        return self.value >= self.budget if self.least else self.value <= self.budget

    @property
    def is_broken(self) -> bool:
        return self.value < self.guard if self.least else self.value > self.guard

    def __str__(self) -> str:
        sign, said = (">=" if self.least else "<="), "met" if self.is_met else "NOT MET"
        note = f" ({self.note})" if self.note else ""
        return f"{self.name}: {self.value:.2f}{note}; budget {sign} {self.budget:g}: {said}; guard {self.guard:g}"
