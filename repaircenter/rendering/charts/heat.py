"""Values by row and column: darker for more, with the number in each cell."""

from collections.abc import Iterator

from repaircenter.rendering import palette
from repaircenter.rendering.charts.frame import DECIMALS, SIZE, TITLE_MM, Frame, text
from repaircenter.rendering.drawing import Box, Operation
from repaircenter.rendering.fonts import REGULAR, fitted
from repaircenter.wire.document.charts import HeatMap

_ROW, _LABELS = 6.0, 6.0
_LIGHT, _DARK = (236, 242, 249), (31, 95, 153)


def height(chart: HeatMap) -> float:
    return TITLE_MM + _LABELS + _ROW * len(chart.rows) + 2.0


def draw(chart: HeatMap, frame: Frame) -> Iterator[Operation]:
    yield frame.title(chart.title)
    label_width = min(frame.width * 0.25, 40.0)
    left, top = frame.x + label_width + 2.0, frame.y + TITLE_MM + _LABELS
    step = (frame.right - left) / max(len(chart.columns), 1)
    for index, column in enumerate(chart.columns):
        label = fitted(column, REGULAR, SIZE, step)
        yield text(label, REGULAR, SIZE, left + step * (index + 0.5), top - 2.0, palette.SOFT, "center")
    known = [value for row in chart.values for value in row if value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    for number, name in enumerate(chart.rows):
        y = top + _ROW * number
        yield text(fitted(name, REGULAR, SIZE, label_width), REGULAR, SIZE, frame.x, y + 4.0, palette.INK)
        for index, value in enumerate(chart.values[number]):
            x = left + step * index
            if value is None:
                yield Box(x + 0.2, y + 0.2, step - 0.4, _ROW - 0.4, palette.BAND)
                continue
            share = (value - low) / (high - low) if high > low else 0.5
            colour = "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(_LIGHT, _DARK, strict=True))
            yield Box(x + 0.2, y + 0.2, step - 0.4, _ROW - 0.4, colour)
            words = fitted(frame.number(value, DECIMALS.get(chart.unit, 1)), REGULAR, SIZE, step)
            yield text(words, REGULAR, SIZE, x + step / 2, y + 4.0, "ffffff" if share > 0.55 else palette.INK, "center")
