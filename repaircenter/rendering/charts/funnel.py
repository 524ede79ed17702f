"""A shop a dot by its number of answers, between the limits of what chance alone does (requirements 7.8)."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from repaircenter.rendering import palette
from repaircenter.rendering.charts.frame import (
    DECIMALS,
    SIZE,
    TITLE_MM,
    Frame,
    Place,
    decimals_of,
    horizontal_scale,
    text,
    ticks,
)
from repaircenter.rendering.charts.names import Bounds, Names
from repaircenter.rendering.drawing import Line, LinkArea, Operation, Shape, dot, ring
from repaircenter.rendering.fonts import REGULAR
from repaircenter.wire.document.charts import FunnelChart

_PLOT, _AXIS = 72.0, 11.0


def height(chart: FunnelChart) -> float:
    return TITLE_MM + _PLOT + _AXIS


def draw(chart: FunnelChart, frame: Frame) -> Iterator[Operation]:
    """Answers to the right, the value upwards; what lies outside the outer limits is a ring with its name."""
    yield frame.title(chart.title)
    top, left, right = frame.y + TITLE_MM, frame.x + 12.0, frame.right - 24.0
    bottom = top + _PLOT
    most = max([1.0, *(limit.n for limit in chart.limits), *(point.n for point in chart.points)]) * 1.04
    span = (chart.maximum - chart.minimum) or 1.0

    def across(n: float) -> float:
        return left + (right - left) * n / most

    def up(value: float) -> float:
        return bottom - _PLOT * (min(max(value, chart.minimum), chart.maximum) - chart.minimum) / span

    marks = ticks(0.0, most, 8)
    yield from horizontal_scale(frame, marks, {mark: across(mark) for mark in marks}, top, bottom)
    heights = ticks(chart.minimum, chart.maximum, 6)
    decimals = DECIMALS.get(chart.unit, decimals_of(heights))
    for mark in heights:
        yield Line(left, up(mark), right, up(mark), 0.15, palette.FAINT)
        yield text(frame.number(mark, decimals), REGULAR, SIZE, left - 1.5, up(mark) + 1.0, palette.SOFT, "right")
    yield text(chart.x_title, REGULAR, SIZE, (left + right) / 2, bottom + 8.5, palette.INK, "center")
    yield Line(left, up(chart.centre), right, up(chart.centre), 0.35, palette.BAD)
    yield text(chart.centre_label, REGULAR, SIZE, right + 1.0, up(chart.centre) + 1.0, palette.SOFT)
    for number, name in enumerate(chart.limit_labels):
        yield from _limits(chart, number, name, across, up, right)
    yield from _points(chart, across, up, Bounds(left, top, right, bottom))


def _limits(chart: FunnelChart, number: int, name: str, across: Place, up: Place, right: float) -> Iterator[Operation]:
    """Both limits of one kind, the inner ones broken; the upper one is named at its end."""
    for side in (0, 1):
        ends: Sequence[tuple[float, float]] = [(limit.n, limit.bounds[number][side]) for limit in chart.limits]
        for index, ((n, value), (next_n, following)) in enumerate(pairwise(ends)):
            if number or index % 2 == 0:
                yield Line(across(n), up(value), across(next_n), up(following), 0.3, palette.RULE)
        if ends and side:
            yield text(name, REGULAR, SIZE, right + 1.0, up(ends[-1][1]) + 1.0, palette.SOFT)


def _points(chart: FunnelChart, across: Place, up: Place, within: Bounds) -> Iterator[Operation]:
    names = Names([(across(point.n), up(point.value)) for point in chart.points])
    for point in chart.points:
        x, y = across(point.n), up(point.value)
        if not point.outside:
            yield Shape(dot(x, y, 1.2), palette.ACCENT)
            yield LinkArea(x - 1.6, y - 1.6, 3.2, 3.2, link=point.link, label=point.label)
            continue
        yield Shape(ring(x, y, 1.6, 0.8), palette.BAD)
        yield from names.put(point.label, x, y, within, point.link)
