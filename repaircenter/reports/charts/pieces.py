"""A chart with a row for each of many shops is cut between rows, so that each piece fits on a page."""

from collections.abc import Iterator

from msgspec.structs import replace

from repaircenter.reports import charts
from repaircenter.wire.document import BarChart, Chart, HeatMap, StackedChart


def pieces(chart: Chart, room_mm: float) -> Iterator[Chart]:
    """The chart itself where it fits into a page; else pieces of as many rows as do, on the same scale."""
    if charts.height(chart) + 2.0 <= room_mm or not isinstance(chart, BarChart | StackedChart | HeatMap):
        yield chart
        return
    count = len(chart.bars if isinstance(chart, BarChart) else chart.rows)
    each = (charts.height(chart) - charts.height(_part(chart, 0, 0))) / count
    rows = max(int((room_mm - 2.0 - charts.height(_part(chart, 0, 0))) / each), 1)
    for start in range(0, count, rows):
        yield _part(chart, start, start + rows)


def _part(chart: BarChart | StackedChart | HeatMap, start: int, end: int) -> Chart:
    if isinstance(chart, BarChart):
        return replace(chart, bars=chart.bars[start:end])
    if isinstance(chart, StackedChart):
        return replace(chart, rows=chart.rows[start:end])
    return replace(chart, rows=chart.rows[start:end], values=chart.values[start:end])
