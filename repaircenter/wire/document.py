"""A report as the service builds it: parts of typed nodes, laid out by `reports` on both sides (DESIGN 3.11, 3.12).

Values stay typed until layout, so that the page, the workbook and the CSV say the same. Text is already in the
report's language. Nodes and charts are an open set: a kind this desk does not know decodes to a note.
"""

from datetime import date, datetime

from msgspec import Struct

from repaircenter.wire import codec


class Figure(Struct, frozen=True, kw_only=True, tag="figure"):
    """A number with its interval and how it was made (A-N3): `unit` is plain, percent, stars, nps, money, count."""

    value: float | None
    unit: str = "plain"
    low: float | None = None
    high: float | None = None
    n: int | None = None
    formula: str | None = None


class Stars(Struct, frozen=True, kw_only=True, tag="stars"):
    """0 to 5 in half steps, drawn as paths."""

    value: float | None


class Day(Struct, frozen=True, kw_only=True, tag="day"):
    value: date | None


Cell = str | int | float | bool | Figure | Stars | Day | None


class Column(Struct, frozen=True, kw_only=True):
    """`width` is a share of the page's width; `align` left, right or center; `kind` how an export types the cells."""

    title: str
    width: float = 1.0
    align: str = "left"
    kind: str = "text"


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


class Bar(Struct, frozen=True, kw_only=True):
    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None


class BarChart(Struct, frozen=True, kw_only=True, tag="bars"):
    """Horizontal bars with their intervals on one scale."""

    title: str
    bars: list[Bar]
    minimum: float
    maximum: float
    unit: str = "plain"
    target: float | None = None


class Empty(Struct, frozen=True, kw_only=True, tag="empty"):
    """Why there is nothing to show, and periods that would show something (A-50)."""

    text: str
    suggestions: list[tuple[str, str]]


class Unknown(Struct, frozen=True, kw_only=True, tag="unknown"):
    """A node of a kind this program does not know; shown as "needs a newer desk"."""

    kind: str


Node = Table | Heading | Paragraph | BarChart | Empty | Unknown


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


class Part(Struct, frozen=True, kw_only=True):
    """A piece of a report in order; the first carries the header, `last` ends it."""

    number: int
    nodes: list[Node]
    header: Header | None = None
    last: bool = False


_KNOWN = frozenset(("table", "heading", "paragraph", "bars", "empty", "unknown"))


def decode_part(data: bytes) -> Part:
    """Decode a part; nodes of unknown kinds become Unknown (DESIGN 3.18). Raises codec.BadMessage."""
    try:
        return codec.decode(data, Part)
    except codec.BadMessage:
        raw = codec.decode(data, dict)
        found = raw.get("nodes")
        nodes = found if isinstance(found, list) else []
        raw["nodes"] = [node if _kind(node) in _KNOWN else {"type": "unknown", "kind": _kind(node)} for node in nodes]
        return codec.decode(codec.encode(raw), Part)


def _kind(node: object) -> str:
    return str(node.get("type", "")) if isinstance(node, dict) else ""
