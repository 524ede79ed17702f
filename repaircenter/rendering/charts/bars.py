"""Horizontal bars or dots with their intervals: questions, employees, shops."""

from collections.abc import Iterator

from repaircenter.rendering import palette
from repaircenter.rendering.charts.frame import (
    SIZE,
    TITLE_MM,
    Frame,
    Place,
    horizontal_scale,
    row_label,
    stroke,
    text,
    ticks,
)
from repaircenter.rendering.drawing import Box, Line, LinkArea, Operation, Shape, dot
from repaircenter.rendering.fonts import BOLD, REGULAR, face
from repaircenter.rendering.values import DASH, DECIMALS
from repaircenter.wire.document.charts import Bar, BarChart

_ROW, _AXIS, _MARK = 7.0, 7.0, 4.0


def height(chart: BarChart) -> float:
    return TITLE_MM + _ROW * len(chart.bars) + _AXIS + _MARK * len(_marks(chart))


def draw(chart: BarChart, frame: Frame) -> Iterator[Operation]:
    """Labels left, bars with whiskers on one scale, value and n at the right."""
    label_width = frame.width * 0.3
    left, right = frame.x + label_width + 3.0, frame.right - 30.0
    span = chart.maximum - chart.minimum
    across = _marks(chart)
    top = frame.y + TITLE_MM + _MARK * len(across)
    bottom = top + _ROW * len(chart.bars)

    def place(value: float) -> float:
        return left + (right - left) * (min(max(value, chart.minimum), chart.maximum) - chart.minimum) / span

    yield frame.title(chart.title)
    marks = ticks(chart.minimum, chart.maximum, 9)
    yield from horizontal_scale(frame, marks, {mark: place(mark) for mark in marks}, top, bottom)
    zero = place(0.0) if chart.minimum < 0.0 < chart.maximum else left
    for index, bar in enumerate(chart.bars):
        middle = top + _ROW * (index + 0.5)
        ink = palette.INK if bar.link is None else palette.LINK
        yield from row_label(bar.label, frame.x, middle, label_width, ink)
        if bar.link is not None:
            yield LinkArea(frame.x, middle - _ROW / 2, right - frame.x, _ROW, link=bar.link)
        yield from _bar(chart, bar, frame, place, middle, zero, right)
    yield Line(left, bottom, right, bottom, 0.3, palette.RULE)
    if chart.minimum < 0.0 < chart.maximum:
        yield Line(zero, top, zero, bottom, 0.3, palette.RULE)
    for number, (value, words) in enumerate(across):
        at, name_at = place(value), top - 2.0 - _MARK * (len(across) - 1 - number)
        whole = chart.target is not None and number == 0
        yield from stroke(at, name_at + 1.0, at, bottom, palette.BAD if whole else palette.SOFT, 0.0 if whole else 1.4)
        half = face(REGULAR).width_mm(face(REGULAR).clean(words), SIZE) / 2
        middle = min(max(at, frame.x + half), frame.right - half)
        yield text(words, REGULAR, SIZE, middle, name_at, palette.SOFT, "center")


def _bar(
    chart: BarChart, bar: Bar, frame: Frame, place: Place, middle: float, zero: float, right: float
) -> Iterator[Operation]:
    if bar.value is None:
        yield text(DASH, REGULAR, SIZE, right + 13.0, middle + 1.1, palette.SOFT, "right")
    else:
        at = place(bar.value)
        dots = chart.style == "dots"
        if not dots:
            start, width = min(zero, at), max(abs(at - zero), 0.2)
            yield Box(start, middle - 2.2, width, 4.4, palette.ACCENT)
        if bar.low is not None and bar.high is not None:
            low, high = place(bar.low), place(bar.high)
            yield Line(low, middle, high, middle, 0.45, palette.WHISKER)
            for end in (low, high):
                yield Line(end, middle - 1.3, end, middle + 1.3, 0.45, palette.WHISKER)
        if dots:
            yield Shape(dot(at, middle, 1.35), "ffffff")
            yield Shape(dot(at, middle, 1.0), palette.ACCENT)
        decimals = DECIMALS.get(chart.unit, 2)
        yield text(frame.number(bar.value, decimals), BOLD, SIZE, right + 13.0, middle + 1.1, palette.INK, "right")
    if bar.n is not None:
        count = f"n = {frame.number(bar.n, 0)}"
        yield text(count, REGULAR, SIZE, right + 15.0, middle + 1.1, palette.SOFT)


def _marks(chart: BarChart) -> list[tuple[float, str]]:
    """The lines across, the target first."""
    return [*([] if chart.target is None else [(chart.target, chart.target_label)]), *chart.marks]
