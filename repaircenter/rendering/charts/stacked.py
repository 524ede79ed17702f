"""Shares of a whole: promoters, passives and detractors of each shop."""

from collections.abc import Iterator

from repaircenter.rendering import palette, values
from repaircenter.rendering.charts.frame import SIZE, TITLE_MM, Frame, row_label, text
from repaircenter.rendering.drawing import Box, Line, LinkArea, Operation
from repaircenter.rendering.fonts import REGULAR, face
from repaircenter.wire.document.charts import StackedChart

_ROW, _LEGEND = 7.5, 6.0


def height(chart: StackedChart) -> float:
    return TITLE_MM + _LEGEND + _ROW * len(chart.rows) + 3.0


def draw(chart: StackedChart, frame: Frame) -> Iterator[Operation]:
    """A full bar a row, the per cent inside a segment where there is room, n at the right."""
    yield frame.title(chart.title)
    at = frame.y + TITLE_MM
    x = frame.x
    for name, tone in zip(chart.segments, chart.tones, strict=False):
        yield Box(x, at, 3.2, 3.2, palette.TONES[tone])
        yield text(name, REGULAR, SIZE, x + 4.4, at + 2.6, palette.INK)
        x += 9.0 + face(REGULAR).width_mm(face(REGULAR).clean(name), SIZE)
    label_width = frame.width * 0.3
    left, right = frame.x + label_width + 3.0, frame.right - 22.0
    for index, row in enumerate(chart.rows):
        top = at + _LEGEND + _ROW * index
        yield from row_label(row.label, frame.x, top + 3.5, label_width, palette.INK)
        whole = sum(row.values)
        yield text(f"n = {frame.number(whole, 0)}", REGULAR, SIZE, right + 3.0, top + 4.6, palette.SOFT)
        if not whole:
            yield Line(left, top + 3.4, right, top + 3.4, 0.2, palette.FAINT)
            continue
        start = left
        for place, value in enumerate(row.values):
            width = (right - left) * value / whole
            tone = chart.tones[place]
            if value:
                yield Box(start, top + 0.8, width, 5.4, palette.TONES[tone])
            share = values.percent(100.0 * value / whole, 0, frame.language)
            if face(REGULAR).width_mm(share, SIZE) + 1.0 < width:
                yield text(share, REGULAR, SIZE, start + width / 2, top + 4.5, palette.ON_TONES[tone], "center")
            if place < len(row.links) and row.links[place] is not None and width > 0.5:
                yield LinkArea(start, top + 0.8, width, 5.4, link=row.links[place])
            start += width
