"""The names of dots: each beside its dot, within its bounds, where it covers no dot and no other name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from repaircenter.rendering import palette
from repaircenter.rendering.charts.frame import SIZE, text
from repaircenter.rendering.drawing import Line, LinkArea, Operation
from repaircenter.rendering.fonts import REGULAR, face, fitted
from repaircenter.wire.document.cells import Link

_RADIUS, _APART, _LINE_MM, _LONGEST = 1.6, 1.0, 3.4, 64.0
# As many lines up and down as any plot is high.
_FARTHEST = 40


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle in millimetres."""

    left: float
    top: float
    right: float
    bottom: float


class Names:
    """Knows what is taken: the dots and every name that was put; whiskers are covered only where there is no other place."""

    def __init__(
        self, dots: Sequence[tuple[float, float]], whiskers: Sequence[tuple[float, float, float]] = ()
    ) -> None:
        # (left, right, middle) of each.
        self._taken = [(x - _RADIUS, x + _RADIUS, y) for x, y in dots]
        self._whiskers = list(whiskers)

    def put(self, words: str, x: float, y: float, within: Bounds, link: Link | None) -> Iterator[Operation]:
        """A name for the dot at (x, y); one that has to move away keeps a line to its dot."""
        label = fitted(words, REGULAR, SIZE, min(_LONGEST, within.right - within.left - 2.0))
        width = face(REGULAR).width_mm(face(REGULAR).clean(label), SIZE)
        start, middle = self._free(x, y, width, within)
        self._taken.append((start, start + width, middle))
        if abs(middle - y) > 1.0:
            edge = min(max(x, start), start + width)
            yield Line(x, y, edge, middle + (-1.2 if middle > y else 1.2), 0.15, palette.SOFT)
        yield text(label, REGULAR, SIZE, start, middle + 1.0, palette.INK if link is None else palette.LINK)
        if link is not None:
            yield LinkArea(min(start, x - _RADIUS), middle - 2.0, width + 4.2, 4.0, link=link, label=words)

    def _free(self, x: float, y: float, width: float, within: Bounds) -> tuple[float, float]:
        """(left edge, middle): the nearest free place up or down, beside the dot or at an edge of the bounds; where there is
        none, the first one below them."""
        first, last = within.left + 1.0, max(within.right - width - 1.0, within.left + 1.0)
        beside = (x + _RADIUS + _APART, x - _RADIUS - _APART - width)
        starts = [*(min(max(start, first), last) for start in beside), last, first]
        steps = sorted(range(-_FARTHEST, _FARTHEST + 1), key=abs)
        near = (y + step * _LINE_MM for step in steps)
        inside = [middle for middle in near if within.top + 2.0 <= middle <= within.bottom - 2.0]
        below = (y + step * _LINE_MM for step in count(1))
        return next(
            (start, middle)
            for middles, taken in (
                (inside, [*self._taken, *self._whiskers]),
                (inside, self._taken),
                (below, self._taken),
            )
            for middle in middles
            for start in starts
            if _is_free(start, width, middle, taken)
        )


def _is_free(start: float, width: float, middle: float, taken: Sequence[tuple[float, float, float]]) -> bool:
    return not any(
        abs(middle - other) < _LINE_MM - 0.1 and start < end and start + width > begin for begin, end, other in taken
    )
