"""Charts of a report, each with its numbers."""

from msgspec import Struct

from repaircenter.wire.document.cells import Link


class Bar(Struct, frozen=True, kw_only=True):
    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    link: Link | None = None


class BarChart(Struct, frozen=True, kw_only=True, tag="bars"):
    """Horizontal bars, or dots (`style`), with their intervals on one scale; `target` is a line across, `marks` (value,
    words) are broken ones."""

    title: str
    bars: list[Bar]
    minimum: float
    maximum: float
    unit: str = "plain"
    target: float | None = None
    target_label: str = ""
    style: str = "bars"
    marks: list[tuple[float, str]] = []


class Series(Struct, frozen=True, kw_only=True):
    """A line; `low` and `high` make its band. A missing value leaves a gap."""

    name: str
    values: list[float | None]
    low: list[float | None] = []
    high: list[float | None] = []
    dashed: bool = False


class LineChart(Struct, frozen=True, kw_only=True, tag="lines"):
    """Values over periods, with bars of `counts` below and marks (period's index, words) across; `running` says that
    the last period is not over: it is hatched. `small` leaves room for other things on its page."""

    title: str
    labels: list[str]
    series: list[Series]
    minimum: float
    maximum: float
    unit: str = "plain"
    counts: list[int] = []
    marks: list[tuple[int, str]] = []
    links: list[Link | None] = []
    running: bool = False
    small: bool = False


class CountColumn(Struct, frozen=True, kw_only=True):
    """`tone`: good, middle, bad, plain."""

    label: str
    value: int
    tone: str = "plain"
    link: Link | None = None


class ColumnChart(Struct, frozen=True, kw_only=True, tag="columns"):
    """Counts side by side: a distribution."""

    title: str
    columns: list[CountColumn]


class StackedRow(Struct, frozen=True, kw_only=True):
    label: str
    values: list[int]
    links: list[Link | None] = []


class StackedChart(Struct, frozen=True, kw_only=True, tag="stacked"):
    """Shares of a whole, a bar a row; one segment has one tone in all rows."""

    title: str
    segments: list[str]
    tones: list[str]
    rows: list[StackedRow]


class QuadrantPoint(Struct, frozen=True, kw_only=True):
    """`clear` is false when the interval crosses the cut: drawn hollow. The intervals are whiskers, none where empty."""

    label: str
    x: float
    y: float
    x_interval: tuple[float, float] | None = None
    y_interval: tuple[float, float] | None = None
    clear: bool = True
    link: Link | None = None


class QuadrantChart(Struct, frozen=True, kw_only=True, tag="quadrant"):
    """Points on two scales with a cut in each; `corners` from the upper left clockwise."""

    title: str
    x_title: str
    y_title: str
    points: list[QuadrantPoint]
    cut_x: float
    cut_y: float
    corners: list[str]


class FunnelPoint(Struct, frozen=True, kw_only=True):
    """`outside` the outer limits: drawn as a ring with its name."""

    label: str
    n: int
    value: float
    outside: bool = False
    link: Link | None = None


class FunnelLimit(Struct, frozen=True, kw_only=True):
    """(low, high) of each kind of limit, the inner one first, for `n` answers."""

    n: int
    bounds: list[tuple[float, float]]


class FunnelChart(Struct, frozen=True, kw_only=True, tag="funnel"):
    """Values by their number of answers around a centre, between limits that are named in `limit_labels`."""

    title: str
    x_title: str
    points: list[FunnelPoint]
    limits: list[FunnelLimit]
    limit_labels: list[str]
    centre: float
    centre_label: str
    minimum: float
    maximum: float
    unit: str = "plain"


class HeatMap(Struct, frozen=True, kw_only=True, tag="heat"):
    """Values by row and column, darker for more, the number in each cell."""

    title: str
    rows: list[str]
    columns: list[str]
    values: list[list[float | None]]
    unit: str = "count"


Chart = BarChart | LineChart | ColumnChart | StackedChart | QuadrantChart | FunnelChart | HeatMap
