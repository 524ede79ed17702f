"""What a programme is. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Programme:
    """An active programme a shop is enrolled in. Codes and names are canonical."""

    id: int
    kind: str
    codes: frozenset[str]
    names: frozenset[str]
    ageing_days: int
    not_before_delivery: bool
