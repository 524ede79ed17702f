"""A report as the service builds it: parts of typed nodes, laid out by `reports` on both sides (DESIGN 3.11, 3.12).

Values stay typed until layout, so that the page, the workbook and the CSV say the same. Text is already in the
report's language. Nodes and charts are an open set: a kind this desk does not know decodes to a note.
"""

from datetime import date, datetime, time

from msgspec import Struct

from repaircenter.wire import codec


class Figure(Struct, frozen=True, kw_only=True, tag="figure"):
    """A number with its interval and how it was made (A-N3): `unit` is plain, percent, nps, change, nps_change, money,
    count.

    `direction` (up, down, same) is set only where the interval of a change says so; `muted` marks too few answers;
    `brief` where there is no room for the interval: it is told when one asks.
    """

    value: float | None
    unit: str = "plain"
    low: float | None = None
    high: float | None = None
    n: int | None = None
    formula: str | None = None
    direction: str | None = None
    muted: bool = False
    brief: bool = False


class Stars(Struct, frozen=True, kw_only=True, tag="stars"):
    """0 to 5 in half steps, drawn as paths."""

    value: float | None


class Day(Struct, frozen=True, kw_only=True, tag="day"):
    """A day; with `at` the time of that day, in the shop's zone, for what has room for it (exports)."""

    value: date | None
    at: time | None = None


class Link(Struct, frozen=True, kw_only=True):
    """Where a click leads: another report with these parameters over the shown one's (empty removes one), or a job."""

    report: str = ""
    parameters: dict[str, str] = {}
    shops: list[int] = []
    job_key: str = ""


Plain = str | int | float | bool | Figure | Stars | Day | None


class Linked(Struct, frozen=True, kw_only=True, tag="linked"):
    """A cell one can click (drill-through); exports show its value."""

    value: Plain
    link: Link


Cell = str | int | float | bool | Figure | Stars | Day | Linked | None


class Column(Struct, frozen=True, kw_only=True):
    """`width` is a share of the page's width; `align` left, right or center; `kind` how an export types the cells.

    What is not `on_page` is for exports and copies only.
    """

    title: str
    width: float = 1.0
    align: str = "left"
    kind: str = "text"
    on_page: bool = True


class Table(Struct, frozen=True, kw_only=True, tag="table"):
    columns: list[Column]
    rows: list[list[Cell]]
    title: str | None = None
    total: list[Cell] | None = None
    continued: bool = False


class Heading(Struct, frozen=True, kw_only=True, tag="heading"):
    """`new_page` asks for a fresh page, so that a section is not torn from its chart."""

    text: str
    level: int = 1
    new_page: bool = False


class Paragraph(Struct, frozen=True, kw_only=True, tag="paragraph"):
    """`style`: normal, note, quote."""

    text: str
    style: str = "normal"


class Card(Struct, frozen=True, kw_only=True):
    """One big number with what it is; `stars` are drawn beside it, `link` leads to the answers behind it."""

    label: str
    figure: Figure
    note: str = ""
    stars: float | None = None
    link: Link | None = None


class Cards(Struct, frozen=True, kw_only=True, tag="cards"):
    cards: list[Card]


class Bar(Struct, frozen=True, kw_only=True):
    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    link: Link | None = None


class BarChart(Struct, frozen=True, kw_only=True, tag="bars"):
    """Horizontal bars, or dots (`style`), with their intervals on one scale; `target` is a line across."""

    title: str
    bars: list[Bar]
    minimum: float
    maximum: float
    unit: str = "plain"
    target: float | None = None
    target_label: str = ""
    style: str = "bars"


class Series(Struct, frozen=True, kw_only=True):
    """A line; `low` and `high` make its band. A missing value leaves a gap."""

    name: str
    values: list[float | None]
    low: list[float | None] = []
    high: list[float | None] = []
    dashed: bool = False


class LineChart(Struct, frozen=True, kw_only=True, tag="lines"):
    """Values over periods, with bars of `counts` below and marks (period's index, words) across."""

    title: str
    labels: list[str]
    series: list[Series]
    minimum: float
    maximum: float
    unit: str = "plain"
    counts: list[int] = []
    marks: list[tuple[int, str]] = []
    links: list[Link | None] = []


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
    """`clear` is false when the interval crosses the cut: drawn hollow."""

    label: str
    x: float
    y: float
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


class HeatMap(Struct, frozen=True, kw_only=True, tag="heat"):
    """Values by row and column, darker for more, the number in each cell."""

    title: str
    rows: list[str]
    columns: list[str]
    values: list[list[float | None]]
    unit: str = "count"


Chart = BarChart | LineChart | ColumnChart | StackedChart | QuadrantChart | HeatMap


class Empty(Struct, frozen=True, kw_only=True, tag="empty"):
    """Why there is nothing to show, and periods that would show something (A-50)."""

    text: str
    suggestions: list[tuple[str, str]]


class Unknown(Struct, frozen=True, kw_only=True, tag="unknown"):
    """A node of a kind this program does not know; shown as "needs a newer desk"."""

    kind: str


Node = (
    Table
    | Heading
    | Paragraph
    | Cards
    | BarChart
    | LineChart
    | ColumnChart
    | StackedChart
    | QuadrantChart
    | HeatMap
    | Empty
    | Unknown
)


class Header(Struct, frozen=True, kw_only=True):
    """What every page says: title, shops, period, parameters, formulas, and the instant the data is as of."""

    report: str
    title: str
    subtitle: str
    facts: list[tuple[str, str]]
    language: str
    data_as_of: datetime
    run_by: str | None = None
    zone: str = "UTC"
    landscape: bool = False
    notices: list[str] = []


class Part(Struct, frozen=True, kw_only=True):
    """A piece of a report in order; the first carries the header, `last` ends it."""

    number: int
    nodes: list[Node]
    header: Header | None = None
    last: bool = False


def decode_part(data: bytes) -> Part:
    """Decode a part; nodes that are not known here become Unknown (DESIGN 3.18). Raises codec.BadMessage."""
    try:
        return codec.decode(data, Part)
    except codec.BadMessage:
        raw = codec.decode(data, dict)
        found = raw.get("nodes")
        nodes = found if isinstance(found, list) else []
        raw["nodes"] = [node if _is_known(node) else {"type": "unknown", "kind": _kind(node)} for node in nodes]
        return codec.decode(codec.encode(raw), Part)


class _One(Struct, frozen=True):
    node: Node


def _is_known(node: object) -> bool:
    try:
        codec.decode(codec.encode({"node": node}), _One)
    except codec.BadMessage:
        return False
    return True


def _kind(node: object) -> str:
    return str(node.get("type", "")) if isinstance(node, dict) else ""
