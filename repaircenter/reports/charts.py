"""Charts as drawing operations, readable in grey and by colour-blind people (DESIGN 3.13)."""

from collections.abc import Iterator

from repaircenter.reports import palette, values
from repaircenter.reports.drawing import Box, Line, Operation, Text
from repaircenter.reports.fonts import BOLD, REGULAR, face, wrap
from repaircenter.wire.document import BarChart

_ROW, _TITLE, _AXIS = 7.0, 8.0, 7.0
_SIZE = 8.5


def bars_height(chart: BarChart) -> float:
    """Height in millimetres."""
    return _TITLE + _ROW * len(chart.bars) + _AXIS


def draw_bars(chart: BarChart, x: float, y: float, width: float, language: str) -> Iterator[Operation]:
    """Labels left, bars with whiskers on one scale, value and n at the right."""
    label_width, value_width = width * 0.34, 24.0
    left, right = x + label_width + 3.0, x + width - value_width
    span = chart.maximum - chart.minimum
    top, bottom = y + _TITLE, y + _TITLE + _ROW * len(chart.bars)

    def place(value: float) -> float:
        return left + (right - left) * (min(max(value, chart.minimum), chart.maximum) - chart.minimum) / span

    yield _text(chart.title, BOLD, 10.0, x, y + 4.5, palette.INK)
    step = max(1, round(span / 10))
    tick = chart.minimum
    while tick <= chart.maximum + 1e-9:
        at = place(tick)
        yield Line(at, top, at, bottom, 0.15, palette.FAINT)
        label = values.number(tick, 0, language)
        yield _text(label, REGULAR, 7.5, at - face(REGULAR).width_mm(label, 7.5) / 2, bottom + 4.0, palette.SOFT)
        tick += step
    for index, bar in enumerate(chart.bars):
        middle = top + _ROW * (index + 0.5)
        label = wrap(bar.label, REGULAR, _SIZE, label_width)[0]
        if len(wrap(bar.label, REGULAR, _SIZE, label_width)) > 1:
            label = label[: max(len(label) - 1, 1)] + "…"
        yield _text(label, REGULAR, _SIZE, x, middle + 1.1, palette.INK)
        if bar.value is None:
            continue
        yield Box(left, middle - 2.2, max(place(bar.value) - left, 0.2), 4.4, palette.ACCENT)
        if bar.low is not None and bar.high is not None:
            low, high = place(bar.low), place(bar.high)
            yield Line(low, middle, high, middle, 0.45, palette.WHISKER)
            for end in (low, high):
                yield Line(end, middle - 1.3, end, middle + 1.3, 0.45, palette.WHISKER)
        value = values.number(bar.value, 2, language)
        yield _text(value, BOLD, _SIZE, right + 3.0, middle + 1.1, palette.INK)
        if bar.n is not None:
            count = f"n = {values.number(bar.n, 0, language)}"
            yield _text(count, REGULAR, 7.5, right + 12.0, middle + 1.1, palette.SOFT)
    yield Line(left, bottom, right, bottom, 0.3, palette.RULE)


def _text(text: str, name: str, size: float, x: float, baseline: float, colour: str) -> Text:
    clean = face(name).clean(text)
    return Text(clean, name, size, x, baseline, face(name).width_mm(clean, size), colour)
