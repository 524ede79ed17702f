"""Charts as drawing operations, readable in grey and by colour-blind people (DESIGN 3.13). Pure, any thread.

Each kind has a module with `height(chart)` in millimetres and `draw(chart, frame)`.
"""

from collections.abc import Callable, Iterator
from typing import Any

from repaircenter.rendering.charts import bars, columns, funnel, heat, lines, quadrant, stacked
from repaircenter.rendering.charts.frame import Frame
from repaircenter.rendering.drawing import Operation
from repaircenter.wire.document.charts import (
    BarChart,
    Chart,
    ColumnChart,
    FunnelChart,
    HeatMap,
    LineChart,
    QuadrantChart,
    StackedChart,
)

_KINDS: dict[type, tuple[Callable[[Any], float], Callable[[Any, Frame], Iterator[Operation]]]] = {
    BarChart: (bars.height, bars.draw),
    LineChart: (lines.height, lines.draw),
    ColumnChart: (columns.height, columns.draw),
    StackedChart: (stacked.height, stacked.draw),
    QuadrantChart: (quadrant.height, quadrant.draw),
    FunnelChart: (funnel.height, funnel.draw),
    HeatMap: (heat.height, heat.draw),
}


def height(chart: Chart) -> float:
    """In millimetres, whatever the width."""
    return _KINDS[type(chart)][0](chart)


def draw(chart: Chart, x: float, y: float, width: float, language: str) -> Iterator[Operation]:
    """The chart with its title, its upper left corner at (x, y)."""
    return _KINDS[type(chart)][1](chart, Frame(x, y, width, language))
