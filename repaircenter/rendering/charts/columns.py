"""Counts side by side: the distribution of a score."""

from collections.abc import Iterator

from repaircenter.rendering import palette
from repaircenter.rendering.charts.frame import SIZE, TITLE_MM, Frame, text
from repaircenter.rendering.drawing import Box, Line, LinkArea, Operation
from repaircenter.rendering.fonts import BOLD, REGULAR, fitted
from repaircenter.wire.document.charts import ColumnChart

_PLOT, _LABELS = 34.0, 7.0


def height(chart: ColumnChart) -> float:
    return TITLE_MM + 5.0 + _PLOT + _LABELS


def draw(chart: ColumnChart, frame: Frame) -> Iterator[Operation]:
    """A column a score, its count above, its label below."""
    yield frame.title(chart.title)
    top = frame.y + TITLE_MM + 5.0
    bottom = top + _PLOT
    most = max((column.value for column in chart.columns), default=0) or 1
    step = min(frame.width / max(len(chart.columns), 1), 18.0)
    for index, column in enumerate(chart.columns):
        left = frame.x + step * index
        high = _PLOT * column.value / most
        middle = left + step / 2
        if column.value:
            yield Box(
                left + step * 0.14, bottom - high, step * 0.72, high, palette.TONES.get(column.tone, palette.ACCENT)
            )
        yield text(frame.number(column.value, 0), BOLD, SIZE, middle, bottom - high - 1.2, palette.INK, "center")
        label = fitted(column.label, REGULAR, SIZE, step)
        yield text(label, REGULAR, SIZE, middle, bottom + 4.0, palette.SOFT, "center")
        if column.link is not None:
            yield LinkArea(left, top - 5.0, step, _PLOT + 10.0, link=column.link)
    yield Line(frame.x, bottom, frame.x + step * len(chart.columns), bottom, 0.3, palette.RULE)
