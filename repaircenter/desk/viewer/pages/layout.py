"""Where the pages of a report lie in the scrolled area: below each other, two beside each other, one alone, or as many
as fit beside each other. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 12
CONTINUOUS, TWO, SINGLE, ALL = "continuous", "two", "single", "all"
MODES = (CONTINUOUS, TWO, SINGLE, ALL)


@dataclass(frozen=True, slots=True)
class Placed:
    """A page's number from 0 and its rectangle in pixels of the scrolled area."""

    number: int
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PageLayout:
    """`across` is how many pages a full row has."""

    placed: tuple[Placed, ...]
    width: int
    height: int
    across: int = 1

    def at(self, x: int, y: int) -> Placed | None:
        """The page under a point of the scrolled area."""
        return next((p for p in self.placed if p.left <= x < p.left + p.width and p.top <= y < p.top + p.height), None)

    def of(self, number: int) -> Placed | None:
        return next((page for page in self.placed if page.number == number), None)

    def current(self, y: int) -> int:
        """Number of the last page that begins at or above `y`; the first of a pair."""
        above = [page for page in self.placed if page.top <= y]
        if not above:
            return self.placed[0].number if self.placed else 0
        last_row = above[-1].top
        return next(page.number for page in above if page.top == last_row)


def arrange(sizes: Sequence[tuple[float, float]], scale: float, mode: str, current: int, view_width: int) -> PageLayout:
    """Place pages of these sizes (millimetres) at `scale` pixels a millimetre, centred where the view is wider."""
    pixels = [(round(width * scale), round(height * scale)) for width, height in sizes]
    if mode == SINGLE:
        rows = [[min(current, len(pixels) - 1)]] if pixels else []
    else:
        across = 2 if mode == TWO else _across(pixels, view_width) if mode == ALL else 1
        rows = [list(range(at, min(at + across, len(pixels)))) for at in range(0, len(pixels), across)]
    widest = max((sum(pixels[n][0] for n in row) + GAP * (len(row) - 1) for row in rows), default=0)
    area = max(widest + 2 * GAP, view_width)
    placed, top = [], GAP
    for row in rows:
        width = sum(pixels[n][0] for n in row) + GAP * (len(row) - 1)
        left = (area - (widest if mode in (TWO, ALL) else width)) // 2
        for number in row:
            placed.append(Placed(number, left, top, *pixels[number]))
            left += pixels[number][0] + GAP
        top += max(pixels[n][1] for n in row) + GAP
    return PageLayout(tuple(placed), widest + 2 * GAP, top, max(map(len, rows), default=1))


def _across(pixels: Sequence[tuple[int, int]], view_width: int) -> int:
    """How many of the widest page fit beside each other, one at least."""
    widest = max((width for width, _ in pixels), default=1)
    return max((view_width - GAP) // (widest + GAP), 1)
