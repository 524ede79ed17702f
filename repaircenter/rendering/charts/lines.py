"""Values over periods: lines with their bands, event marks, and how many answers each period has."""

from collections.abc import Iterator, Sequence

from repaircenter.rendering import palette
from repaircenter.rendering.charts.frame import DECIMALS, SMALL, TITLE_MM, Frame, Place, fitted, text, ticks
from repaircenter.rendering.drawing import Box, Line, LinkArea, Operation, Shape, dot, ring
from repaircenter.rendering.fonts import REGULAR, face
from repaircenter.wire.document.charts import LineChart, Series

_PLOT, _LABELS, _COUNTS, _LEGEND, _MARKS = 52.0, 6.0, 14.0, 5.0, 4.5


def height(chart: LineChart) -> float:
    legend = _LEGEND if len(chart.series) > 1 else 0.0
    marks = _MARKS if chart.marks else 0.0
    return TITLE_MM + legend + marks + _PLOT + _LABELS + (_COUNTS if chart.counts else 0.0)


def draw(chart: LineChart, frame: Frame) -> Iterator[Operation]:
    yield frame.title(chart.title)
    top = frame.y + TITLE_MM
    if len(chart.series) > 1:
        yield from _legend(chart, frame, top + 2.6)
        top += _LEGEND
    if chart.marks:
        top += _MARKS
    left, right, bottom = frame.x + 12.0, frame.right - 2.0, top + _PLOT
    count = max(len(chart.labels), 1)
    step = (right - left) / count
    span = (chart.maximum - chart.minimum) or 1.0
    xs = [left + step * (index + 0.5) for index in range(count)]

    def place(value: float) -> float:
        return bottom - _PLOT * (min(max(value, chart.minimum), chart.maximum) - chart.minimum) / span

    if chart.series:
        yield from _band(chart.series[0], xs, place)
    marks = ticks(chart.minimum, chart.maximum, 6)
    decimals = DECIMALS.get(chart.unit, 1)
    for mark in marks:
        at = place(mark)
        yield Line(left, at, right, at, 0.15, palette.RULE if mark == 0 else palette.FAINT)
        yield text(frame.number(mark, decimals), REGULAR, SMALL, left - 1.5, at + 1.0, palette.SOFT, "right")
    for index, label in chart.marks:
        if 0 <= index < count:
            yield from _event(frame, xs[index], top, bottom, label)
    for number, series in enumerate(chart.series):
        yield from _line(series, number, xs, place)
    for index, link in enumerate(chart.links[:count]):
        if link is not None:
            yield LinkArea(xs[index] - step / 2, top, step, _PLOT, link=link)
    yield from _labels(chart, frame, xs, step, bottom)
    if chart.counts:
        yield from _counts(chart, frame, xs, step, bottom + _LABELS)


def _legend(chart: LineChart, frame: Frame, at: float) -> Iterator[Operation]:
    x = frame.x + 12.0
    for number, series in enumerate(chart.series):
        yield from _stroke(x, at - 1.0, x + 8.0, at - 1.0, _colour(number), _piece(series, number))
        yield from _marker(x + 4.0, at - 1.0, series, number)
        yield text(series.name, REGULAR, SMALL, x + 9.5, at, palette.INK)
        x += 14.0 + face(REGULAR).width_mm(series.name, SMALL)


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
            yield from _stroke(*last, *here, colour, _piece(series, number))
        if not (beside[index] or beside[index + 2]):
            yield Shape(dot(*here, 0.8), colour)
        else:
            yield from _marker(*here, series, number)
        last = here


def _stroke(x1: float, y1: float, x2: float, y2: float, colour: str, dash: float) -> Iterator[Operation]:
    if not dash:
        yield Line(x1, y1, x2, y2, 0.5, colour)
        return
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    pieces = max(int(length / dash), 1)
    for piece in range(0, pieces, 2):
        a, b = piece / pieces, min((piece + 1) / pieces, 1.0)
        yield Line(x1 + (x2 - x1) * a, y1 + (y2 - y1) * a, x1 + (x2 - x1) * b, y1 + (y2 - y1) * b, 0.4, colour)


def _event(frame: Frame, x: float, top: float, bottom: float, label: str) -> Iterator[Operation]:
    yield from _stroke(x, top, x, bottom, palette.SOFT, 1.8)
    words = fitted(label, REGULAR, SMALL, 40.0)
    half = face(REGULAR).width_mm(words, SMALL) / 2
    yield text(
        words, REGULAR, SMALL, min(max(x, frame.x + half), frame.right - half), top - 1.2, palette.SOFT, "center"
    )


def _labels(chart: LineChart, frame: Frame, xs: Sequence[float], step: float, bottom: float) -> Iterator[Operation]:
    """As many labels as fit without touching."""
    widest = max((face(REGULAR).width_mm(label, SMALL) for label in chart.labels), default=0.0) + 2.0
    every = max(1, -int(-widest // step))
    for index, label in enumerate(chart.labels):
        half = face(REGULAR).width_mm(label, SMALL) / 2
        if index % every == 0:
            at = min(max(xs[index], frame.x + half), frame.right - half)
            yield text(label, REGULAR, SMALL, at, bottom + 4.0, palette.SOFT, "center")


def _counts(chart: LineChart, frame: Frame, xs: Sequence[float], step: float, top: float) -> Iterator[Operation]:
    """Bars of n below, each with its number where there is room."""
    most = max(max(chart.counts), 1)
    room, bottom = _COUNTS - 6.0, top + _COUNTS - 2.0
    yield text("n", REGULAR, SMALL, frame.x + 10.5, bottom, palette.SOFT, "right")
    for x, count in zip(xs, chart.counts, strict=False):
        high = room * count / most
        yield Box(x - step * 0.3, bottom - high, step * 0.6, max(high, 0.1), palette.EMPTY_STAR)
        words = frame.number(count, 0)
        if face(REGULAR).width_mm(words, 6.5) < step:
            yield text(words, REGULAR, 6.5, x, bottom - high - 0.8, palette.SOFT, "center")
