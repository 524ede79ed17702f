"""A chart with a row for each of many shops is cut between rows, so that each piece fits on a page."""

from collections.abc import Iterator

from msgspec.structs import replace

from repaircenter.rendering import charts
from repaircenter.wire.document.charts import BarChart, Chart, HeatMap, StackedChart

_LEAST_ROWS = 4


def pieces(chart: Chart, left_mm: float, page_mm: float) -> Iterator[Chart]:
    """The chart itself where it fits into what is left of the page, or has no rows to be cut between; else a piece
    that fills it, if enough rows go there, and pieces for whole pages, on the same scale."""
    if charts.height(chart) + 2.0 <= left_mm or not isinstance(chart, BarChart | StackedChart | HeatMap):
        yield chart
        return
    count = len(chart.bars if isinstance(chart, BarChart) else chart.rows)
    bare = charts.height(_part(chart, 0, 0))
    each = (charts.height(chart) - bare) / count

    def fitting(room_mm: float) -> int:
        return int((room_mm - 2.0 - bare) / each)

    start = fitting(left_mm)
    if start >= _LEAST_ROWS and _may_begin(count, charts.height(chart), page_mm):
        start = min(start, max(count - _LEAST_ROWS, _LEAST_ROWS))
        yield _part(chart, 0, start)
    else:
        start = 0
    rows = max(fitting(page_mm), 1)
    for first in range(start, count, rows):
        yield _part(chart, first, first + rows)


def least_height(chart: Chart, page_mm: float) -> float:
    """In millimetres, of the smallest piece a chart begins with."""
    whole = charts.height(chart)
    if not isinstance(chart, BarChart | StackedChart | HeatMap):
        return whole
    count = len(chart.bars if isinstance(chart, BarChart) else chart.rows)
    return charts.height(_part(chart, 0, _LEAST_ROWS)) if _may_begin(count, whole, page_mm) else whole


def _may_begin(count: int, height_mm: float, page_mm: float) -> bool:
    """Whether a piece may stand before a page's end: what goes on the next one is not a row or two."""
    return count >= 2 * _LEAST_ROWS or height_mm + 2.0 > page_mm


def _part(chart: BarChart | StackedChart | HeatMap, start: int, end: int) -> Chart:
    if isinstance(chart, BarChart):
        return replace(chart, bars=chart.bars[start:end])
    if isinstance(chart, StackedChart):
        return replace(chart, rows=chart.rows[start:end])
    return replace(chart, rows=chart.rows[start:end], values=chart.values[start:end])
