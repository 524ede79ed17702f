"""What a report is made of: tables, headings, paragraphs, cards, charts."""

from msgspec import Struct

from repaircenter.wire.document.cells import Cell, Figure, Link
from repaircenter.wire.document.charts import (
    BarChart,
    ColumnChart,
    FunnelChart,
    HeatMap,
    LineChart,
    QuadrantChart,
    StackedChart,
)


class Column(Struct, frozen=True, kw_only=True):
    """`width` is a share of the page's width; `align` left, right or center; `kind` how an export types the cells.

    What is not `on_page` is for exports and copies only; what is `cut` stands on one line of a page, with dots where it is
    longer than there is room for.
    """

    title: str
    width: float = 1.0
    align: str = "left"
    kind: str = "text"
    on_page: bool = True
    cut: bool = False


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
    """One big number with what it is; `said` is what it means in words, a line each (its change, its target); `stars`
    are drawn beside it, `link` leads to the answers behind it."""

    label: str
    figure: Figure
    note: str = ""
    said: list[str] = []
    stars: float | None = None
    link: Link | None = None


class Cards(Struct, frozen=True, kw_only=True, tag="cards"):
    cards: list[Card]


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
    | FunnelChart
    | HeatMap
    | Empty
    | Unknown
)
