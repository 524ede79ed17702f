"""Importance against performance: strengths, and what to improve first (requirements 7.9)."""

from collections.abc import Iterator

from repaircenter.rendering import palette
from repaircenter.rendering.charts.frame import SIZE, TITLE_MM, Frame, Place, decimals_of, text, ticks
from repaircenter.rendering.charts.names import Bounds, Names
from repaircenter.rendering.drawing import Box, Line, Operation, Shape, dot, ring
from repaircenter.rendering.fonts import BOLD, REGULAR
from repaircenter.wire.document.charts import QuadrantChart

_PLOT, _AXIS, _CORNER = 60.0, 3.5, 5.0
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
            frame.number(mark, decimals_of(x_marks)), REGULAR, SIZE, across(mark), bottom + 4.0, palette.SOFT, "center"
        )
    for mark in y_marks:
        yield text(
            frame.number(mark, decimals_of(y_marks)), REGULAR, SIZE, left - 1.5, up(mark) + 1.0, palette.SOFT, "right"
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
        yield text(words, BOLD, SIZE, x, y, palette.SOFT, align)
    yield text(chart.x_title, REGULAR, SIZE, (left + right) / 2, bottom + 8.5, palette.INK, "center")
    yield text(chart.y_title, REGULAR, SIZE, frame.x, top - 1.4, palette.INK)
    yield from _points(chart, across, up, Bounds(left, top, right, bottom))


def _points(chart: QuadrantChart, across: Place, up: Place, plot: Bounds) -> Iterator[Operation]:
    """Dots with their intervals and their names, each name within the quadrant of its dot."""
    whiskers = [
        (across(point.x_interval[0]), across(point.x_interval[1]), up(point.y))
        for point in chart.points
        if point.x_interval is not None
    ]
    names = Names([(across(point.x), up(point.y)) for point in chart.points], whiskers)
    cut_x, cut_y = across(chart.cut_x), up(chart.cut_y)
    for point in sorted(chart.points, key=lambda placed: -placed.y):
        x, y = across(point.x), up(point.y)
        if point.x_interval is not None:
            yield from _whisker([(_within(across(end), plot.left, plot.right), y) for end in point.x_interval])
        if point.y_interval is not None:
            yield from _whisker([(x, _within(up(end), plot.top, plot.bottom)) for end in point.y_interval])
        if point.clear:
            yield Shape(dot(x, y, 1.6), palette.ACCENT)
        else:
            yield Shape(dot(x, y, 1.6), "ffffff")
            yield Shape(ring(x, y, 1.6, 1.0), palette.ACCENT)
        left, right = (cut_x, plot.right) if point.x >= chart.cut_x else (plot.left, cut_x)
        # The corner's own name keeps its line.
        top, bottom = (plot.top + _CORNER, cut_y) if point.y >= chart.cut_y else (cut_y, plot.bottom - _CORNER)
        yield from names.put(point.label, x, y, Bounds(left, top, right, bottom), point.link)


def _whisker(ends: list[tuple[float, float]]) -> Iterator[Operation]:
    (x1, y1), (x2, y2) = ends
    yield Line(x1, y1, x2, y2, 0.25, palette.RULE)


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _range(values: list[float], cut: float, least: float) -> tuple[float, float]:
    """From below the least to above the greatest, with air, and not less than `least` wide."""
    low, high = min([*values, cut]), max([*values, cut])
    air = max((high - low) * 0.15, (least - (high - low)) / 2)
    return low - air, high + air
