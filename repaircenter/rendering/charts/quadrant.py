"""Importance against performance: strengths, and what to improve first (requirements 7.9)."""

from collections.abc import Iterator, Sequence

from repaircenter.rendering import palette
from repaircenter.rendering.charts.frame import SMALL, TITLE_MM, Frame, Place, decimals_of, fitted, text, ticks
from repaircenter.rendering.drawing import Box, Line, LinkArea, Operation, Shape, dot, ring
from repaircenter.rendering.fonts import BOLD, REGULAR, face
from repaircenter.wire.document.charts import QuadrantChart

_PLOT, _AXIS = 84.0, 3.5
# Differences below these are not blown up to the size of the plot (points of performance, importance).
_LEAST_X, _LEAST_Y = 1.0, 0.2


def height(chart: QuadrantChart) -> float:
    return TITLE_MM + _AXIS + _PLOT + 11.0


def draw(chart: QuadrantChart, frame: Frame) -> Iterator[Operation]:
    """Performance to the right, importance upwards, a cut in each; hollow dots are unclear."""
    yield frame.title(chart.title)
    top, left, right = frame.y + TITLE_MM + _AXIS, frame.x + 11.0, frame.right - 2.0
    bottom = top + _PLOT
    x_low, x_high = _range([point.x for point in chart.points], chart.cut_x, _LEAST_X)
    y_low, y_high = _range([point.y for point in chart.points], chart.cut_y, _LEAST_Y)

    def across(value: float) -> float:
        return left + (right - left) * (value - x_low) / (x_high - x_low)

    def up(value: float) -> float:
        return bottom - _PLOT * (value - y_low) / (y_high - y_low)

    cut_x, cut_y = across(chart.cut_x), up(chart.cut_y)
    yield Box(left, top, cut_x - left, cut_y - top, "fdf3e7")
    yield Box(cut_x, top, right - cut_x, cut_y - top, "eaf2fb")
    x_marks, y_marks = ticks(x_low, x_high, 6), ticks(y_low, y_high, 5)
    for mark in x_marks:
        yield text(
            frame.number(mark, decimals_of(x_marks)), REGULAR, SMALL, across(mark), bottom + 4.0, palette.SOFT, "center"
        )
    for mark in y_marks:
        yield text(
            frame.number(mark, decimals_of(y_marks)), REGULAR, SMALL, left - 1.5, up(mark) + 1.0, palette.SOFT, "right"
        )
    for x1, y1, x2, y2 in (
        (left, top, left, bottom),
        (left, bottom, right, bottom),
        (cut_x, top, cut_x, bottom),
        (left, cut_y, right, cut_y),
    ):
        yield Line(x1, y1, x2, y2, 0.3, palette.RULE)
    corners = (
        (left + 2, top + 4, "left"),
        (right - 2, top + 4, "right"),
        (right - 2, bottom - 2, "right"),
        (left + 2, bottom - 2, "left"),
    )
    for (x, y, align), words in zip(corners, chart.corners, strict=False):
        yield text(words, BOLD, SMALL, x, y, palette.SOFT, align)
    yield text(chart.x_title, REGULAR, SMALL, (left + right) / 2, bottom + 8.5, palette.INK, "center")
    yield text(chart.y_title, REGULAR, SMALL, frame.x, top - 1.4, palette.INK)
    yield from _points(chart, frame, across, up, right)


def _points(chart: QuadrantChart, frame: Frame, across: Place, up: Place, right: float) -> Iterator[Operation]:
    """Dots with their names beside them, on the side that is free; a name that has to move away keeps a line."""
    taken = [(across(point.x) - 1.6, across(point.x) + 1.6, up(point.y) + 1.0) for point in chart.points]
    for point in sorted(chart.points, key=lambda placed: -placed.y):
        x, y = across(point.x), up(point.y)
        if point.clear:
            yield Shape(dot(x, y, 1.6), palette.ACCENT)
        else:
            yield Shape(ring(x, y, 1.6, 1.0), palette.ACCENT)
        label = fitted(point.label, REGULAR, 8.0, 64.0)
        width = face(REGULAR).width_mm(face(REGULAR).clean(label), 8.0)
        sides = [at for at in (x + 2.6, x - 2.6 - width) if frame.x + 12.0 < at and at + width < right]
        start, baseline = _free(sides or [x + 2.6], width, y + 1.0, taken)
        taken.append((start, start + width, baseline))
        if baseline > y + 2.0:
            yield Line(x, y + 1.6, start if start > x else start + width, baseline - 1.0, 0.15, palette.SOFT)
        yield text(label, REGULAR, 8.0, start, baseline, palette.INK if point.link is None else palette.LINK)
        if point.link is not None:
            yield LinkArea(min(start, x - 1.6), baseline - 3.0, width + 4.2, 4.0, link=point.link)


def _free(
    sides: Sequence[float], width: float, baseline: float, taken: Sequence[tuple[float, float, float]]
) -> tuple[float, float]:
    """(left edge, baseline) of a name: the first place from here downwards where it covers nothing."""
    while True:
        for start in sides:
            if not any(
                abs(baseline - other) < 3.4 and start < end and start + width > begin for begin, end, other in taken
            ):
                return start, baseline
        baseline += 3.5


def _range(values: list[float], cut: float, least: float) -> tuple[float, float]:
    """From below the least to above the greatest, with air, and not less than `least` wide."""
    low, high = min([*values, cut]), max([*values, cut])
    air = max((high - low) * 0.15, (least - (high - low)) / 2)
    return low - air, high + air
