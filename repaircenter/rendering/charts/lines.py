"""Values over periods: lines with their bands, event marks, and how many answers each period has."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from repaircenter.rendering import palette
from repaircenter.rendering.charts.frame import (
    DECIMALS,
    LINE_MM,
    SIZE,
    TITLE_MM,
    Frame,
    Place,
    stroke,
    text,
    ticks,
    two_lines,
)
from repaircenter.rendering.drawing import Box, Line, LinkArea, Operation, Shape, dot, hatch, ring
from repaircenter.rendering.fonts import REGULAR, face, fitted
from repaircenter.wire.document.charts import LineChart, Series

_PLOT, _SMALL_PLOT, _LABELS, _COUNTS, _MARKS = 52.0, 28.0, 6.0, 14.0, 4.5
# The names of several lines stand at their ends, each behind a piece of its line.
_NAMES, _SAMPLE = 38.0, 6.0


def height(chart: LineChart) -> float:
    marks = _MARKS if chart.marks else 0.0
    return TITLE_MM + marks + _plot(chart) + _LABELS + (_COUNTS if chart.counts else 0.0)


def _plot(chart: LineChart) -> float:
    return _SMALL_PLOT if chart.small else _PLOT


def draw(chart: LineChart, frame: Frame) -> Iterator[Operation]:
    yield frame.title(chart.title)
    top = frame.y + TITLE_MM
    if chart.marks:
        top += _MARKS
    several, plot = len(chart.series) > 1, _plot(chart)
    left, right, bottom = frame.x + 12.0, frame.right - (_NAMES if several else 2.0), top + plot
    count = max(len(chart.labels), 1)
    step = (right - left) / count
    span = (chart.maximum - chart.minimum) or 1.0
    xs = [left + step * (index + 0.5) for index in range(count)]

    def place(value: float) -> float:
        return bottom - plot * (min(max(value, chart.minimum), chart.maximum) - chart.minimum) / span

    if chart.series:
        yield from _band(chart.series[0], xs, place)
    if chart.running:
        yield from hatch(right - step, top, step, plot, palette.RULE)
    marks = ticks(chart.minimum, chart.maximum, 4 if chart.small else 6)
    decimals = DECIMALS.get(chart.unit, 1)
    for mark in marks:
        at = place(mark)
        yield Line(left, at, right, at, 0.15, palette.RULE if mark == 0 else palette.FAINT)
        yield text(frame.number(mark, decimals), REGULAR, SIZE, left - 1.5, at + 1.0, palette.SOFT, "right")
    for index, label in chart.marks:
        if 0 <= index < count:
            yield from _event(frame, xs[index], top, bottom, label)
    for number, series in enumerate(chart.series):
        yield from _line(series, number, xs, place)
    if several:
        yield from _names(chart, xs, place, right + 2.0, frame.right, bottom)
    for index, link in enumerate(chart.links[:count]):
        if link is not None:
            yield LinkArea(xs[index] - step / 2, top, step, plot, link=link)
    yield from _labels(chart, frame, xs, step, bottom)
    if chart.counts:
        yield from _counts(chart, frame, xs, step, bottom + _LABELS)


def _names(
    chart: LineChart, xs: Sequence[float], place: Place, left: float, right: float, bottom: float
) -> Iterator[Operation]:
    """The name of each line where it ends, from the highest down; those that would touch move apart, and a thin line
    leads to a name that does not stand where its line ends."""
    ends = []
    for number, series in enumerate(chart.series):
        last = max((n for n, value in enumerate(series.values[: len(xs)]) if value is not None), default=None)
        if last is not None:
            lines = two_lines(series.name, right - left - _SAMPLE - 1.0)
            ends.append((place(series.values[last] or 0.0), xs[last], number, lines))
    ends.sort()
    heights = [LINE_MM * len(lines) + 1.0 for _, _, _, lines in ends]
    middles = [at for at, *_ in ends]
    for upper, lower in pairwise(range(len(ends))):
        middles[lower] = max(middles[lower], middles[upper] + (heights[upper] + heights[lower]) / 2)
    if ends:
        # What was pushed out below moves up again, and its neighbours with it.
        middles[-1] = min(middles[-1], bottom - heights[-1] / 2)
        for lower, upper in pairwise(range(len(ends) - 1, -1, -1)):
            middles[upper] = min(middles[upper], middles[lower] - (heights[upper] + heights[lower]) / 2)
    for (at, x, number, lines), middle in zip(ends, middles, strict=True):
        series = chart.series[number]
        yield Line(x + 1.2, at, left, middle, 0.15, palette.SOFT)
        yield from stroke(left, middle, left + _SAMPLE, middle, _colour(number), _piece(series, number))
        yield from _marker(left + _SAMPLE / 2, middle, series, number)
        first = middle + 1.0 - LINE_MM / 2 * (len(lines) - 1)
        for place_in, line in enumerate(lines):
            yield text(line, REGULAR, SIZE, left + _SAMPLE + 1.0, first + LINE_MM * place_in, palette.INK)


def _band(series: Series, xs: Sequence[float], place: Place) -> Iterator[Operation]:
    """Filled between the bounds, a piece for each run of neighbours; a lone point gets a whisker."""
    run: list[tuple[float, float, float]] = []
    for index in range(len(xs) + 1):
        low = series.low[index] if index < min(len(series.low), len(xs)) else None
        high = series.high[index] if index < min(len(series.high), len(xs)) else None
        if low is not None and high is not None:
            run.append((xs[index], place(low), place(high)))
            continue
        if len(run) > 1:
            points = [(x, upper) for x, _, upper in run] + [(x, lower) for x, lower, _ in reversed(run)]
            yield Shape(tuple(points), palette.AREA)
        elif run:
            yield Line(run[0][0], run[0][1], run[0][0], run[0][2], 0.4, palette.RULE)
        run = []


def _colour(number: int) -> str:
    return palette.SERIES[number % len(palette.SERIES)]


def _piece(series: Series, number: int) -> float:
    """Millimetres of a dash: long ones, then short ones, so that lines stay apart in grey print; 0 is a whole line."""
    return (1.8, 0.8)[(number - 1) % 2] if series.dashed else 0.0


def _marker(x: float, y: float, series: Series, number: int) -> Iterator[Operation]:
    """A dot on a whole line, nothing on long dashes, a ring on short ones."""
    if not series.dashed:
        yield Shape(dot(x, y, 0.8), _colour(number))
    elif _piece(series, number) < 1.0:
        yield Shape(ring(x, y, 0.9, 0.5), _colour(number))


def _line(series: Series, number: int, xs: Sequence[float], place: Place) -> Iterator[Operation]:
    last: tuple[float, float] | None = None
    colour = _colour(number)
    beside = [value is not None for value in (None, *series.values, None)]
    for index, (x, value) in enumerate(zip(xs, series.values, strict=False)):
        if value is None:
            last = None
            continue
        here = (x, place(value))
        if last is not None:
            yield from stroke(*last, *here, colour, _piece(series, number))
        if not (beside[index] or beside[index + 2]):
            yield Shape(dot(*here, 0.8), colour)
        else:
            yield from _marker(*here, series, number)
        last = here


def _event(frame: Frame, x: float, top: float, bottom: float, label: str) -> Iterator[Operation]:
    yield from stroke(x, top, x, bottom, palette.SOFT, 1.8)
    words = fitted(label, REGULAR, SIZE, 40.0)
    half = face(REGULAR).width_mm(words, SIZE) / 2
    yield text(words, REGULAR, SIZE, min(max(x, frame.x + half), frame.right - half), top - 1.2, palette.SOFT, "center")


def _labels(chart: LineChart, frame: Frame, xs: Sequence[float], step: float, bottom: float) -> Iterator[Operation]:
    """As many labels as fit without touching."""
    widest = max((face(REGULAR).width_mm(label, SIZE) for label in chart.labels), default=0.0) + 2.0
    every = max(1, -int(-widest // step))
    for index, label in enumerate(chart.labels):
        half = face(REGULAR).width_mm(label, SIZE) / 2
        if index % every == 0:
            at = min(max(xs[index], frame.x + half), frame.right - half)
            yield text(label, REGULAR, SIZE, at, bottom + 4.0, palette.SOFT, "center")


def _counts(chart: LineChart, frame: Frame, xs: Sequence[float], step: float, top: float) -> Iterator[Operation]:
    """Bars of n below, each with its number where there is room."""
    most = max(max(chart.counts), 1)
    room, bottom = _COUNTS - 6.0, top + _COUNTS - 2.0
    yield text("n", REGULAR, SIZE, frame.x + 10.5, bottom, palette.SOFT, "right")
    for index, (x, count) in enumerate(zip(xs, chart.counts, strict=False)):
        high = max(room * count / most, 0.1)
        if chart.running and index == len(xs) - 1:
            yield from hatch(x - step * 0.3, bottom - high, step * 0.6, high, palette.RULE)
        else:
            yield Box(x - step * 0.3, bottom - high, step * 0.6, high, palette.EMPTY_STAR)
        words = frame.number(count, 0)
        if face(REGULAR).width_mm(words, SIZE) < step:
            yield text(words, REGULAR, SIZE, x, bottom - high - 0.8, palette.SOFT, "center")
