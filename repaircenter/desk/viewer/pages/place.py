"""Where one is in a report. No Qt here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """What one comes back to: scroll, zoom, how pages lie, the chosen link (V-12)."""

    page: int
    x: int
    y: int
    zoom: int
    fit: str
    mode: str
    focus: tuple[int, int] | None
