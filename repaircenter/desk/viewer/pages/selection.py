"""What a person marked on a page by dragging over it: its words, line by line, ready for a sheet (V-21). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from repaircenter.rendering.drawing import Page, Text
from repaircenter.rendering.fallbacks import as_written
from repaircenter.rendering.fonts import MM_PER_POINT


@dataclass(frozen=True, slots=True)
class Selection:
    """A rectangle of a page (from 0) in millimetres, from where the drag began to where it is."""

    page: int
    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """(left, top, width, height)."""
        left, top = min(self.x1, self.x2), min(self.y1, self.y2)
        return left, top, abs(self.x2 - self.x1), abs(self.y2 - self.y1)

    def texts(self, pages: Sequence[Page]) -> list[Text]:
        """What the rectangle touches."""
        left, top, width, height = self.box
        return [
            op
            for op in pages[self.page].operations
            if isinstance(op, Text)
            and op.x < left + width
            and op.x + op.width > left
            and op.baseline > top
            and op.baseline - op.size_points * MM_PER_POINT < top + height
        ]


def whole(number: int, page: Page) -> Selection:
    """All of a page (from 0)."""
    return Selection(number, 0.0, 0.0, page.width, page.height)


def in_lines(texts: Sequence[Text], between: str) -> str:
    """Words as they stand: a line each, from left to right with `between` in the gaps."""
    lines: dict[float, list[Text]] = {}
    for op in texts:
        lines.setdefault(round(op.baseline, 1), []).append(op)
    return as_written(
        "\n".join(
            between.join(op.text for op in sorted(lines[baseline], key=lambda op: op.x)) for baseline in sorted(lines)
        )
    )
