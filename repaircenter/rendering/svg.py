"""Drawing operations -> SVG, for the charts of an HTML report. Pure, any thread."""

from collections.abc import Iterable, Iterator
from html import escape

from repaircenter.rendering.drawing import Box, Line, Operation, Shape, Text
from repaircenter.rendering.fonts import MM_PER_POINT

_WEIGHTS = {"bold": ' font-weight="600"', "italic": ' font-style="italic"'}


def svg(operations: Iterable[Operation], width: float, height: float, label: str) -> str:
    """One picture of `width` x `height` millimetres; `label` is what a screen reader says."""
    body = "".join(_elements(operations))
    return (
        f'<svg role="img" aria-label="{escape(label, quote=True)}" viewBox="0 0 {width:.2f} {height:.2f}" '
        f'xmlns="http://www.w3.org/2000/svg">{body}</svg>'
    )


def _elements(operations: Iterable[Operation]) -> Iterator[str]:
    for op in operations:
        if isinstance(op, Text):
            size = op.size_points * MM_PER_POINT
            weight = _WEIGHTS.get(op.face, "")
            yield (
                f'<text x="{op.x:.2f}" y="{op.baseline:.2f}" font-size="{size:.2f}" fill="#{op.colour}"{weight} '
                f'textLength="{op.width:.2f}" lengthAdjust="spacingAndGlyphs">{escape(op.text)}</text>'
            )
        elif isinstance(op, Line):
            yield (
                f'<line x1="{op.x1:.2f}" y1="{op.y1:.2f}" x2="{op.x2:.2f}" y2="{op.y2:.2f}" stroke="#{op.colour}" '
                f'stroke-width="{op.width:.2f}"/>'
            )
        elif isinstance(op, Box):
            yield (
                f'<rect x="{op.x:.2f}" y="{op.y:.2f}" width="{max(op.width, 0):.2f}" height="{max(op.height, 0):.2f}" '
                f'fill="#{op.colour}"/>'
            )
        elif isinstance(op, Shape):
            points = " ".join(f"{x:.2f},{y:.2f}" for x, y in op.points)
            yield f'<polygon points="{points}" fill="#{op.colour}"/>'
