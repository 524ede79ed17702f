"""The drawing operations of a page: millimetres from the top left corner, y downwards, colours as RRGGBB.

A long report has some hundred thousand: structs are made ten times as fast as data classes, and as none of them leads
back to another the search for garbage leaves them alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import cos, pi, sin

from msgspec import Struct

from repaircenter.wire.document.cells import Figure, Link

_HATCH_MM = 1.8


class Text(Struct, frozen=True, gc=False):
    """One run without line break: `x` is its left edge, `baseline` its line, `width` its advance; `right_to_left` is how
    its paragraph runs."""

    text: str
    face: str
    size_points: float
    x: float
    baseline: float
    width: float
    colour: str = "1c2530"
    right_to_left: bool = False


class PageNumber(Struct, frozen=True, gc=False):
    """A text that names page and pages, aligned right at `right`; resolved when it is painted."""

    template: str
    face: str
    size_points: float
    right: float
    baseline: float
    colour: str = "566270"


class Line(Struct, frozen=True, gc=False):
    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    colour: str


class Box(Struct, frozen=True, gc=False):
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: str


class Shape(Struct, frozen=True, gc=False):
    """A filled polygon (stars, arrows: paths, never characters)."""

    points: tuple[tuple[float, float], ...]
    colour: str


class Picture(Struct, frozen=True, gc=False):
    """A PNG that fills a rectangle."""

    x: float
    y: float
    width: float
    height: float
    image: bytes


def dot(x: float, y: float, radius: float) -> tuple[tuple[float, float], ...]:
    """A circle as a polygon of 24 corners."""
    return tuple((x + radius * cos(k * pi / 12), y + radius * sin(k * pi / 12)) for k in range(24))


def ring(x: float, y: float, outer: float, inner: float) -> tuple[tuple[float, float], ...]:
    """A hollow circle: once round outside, once back inside."""
    out, back = dot(x, y, outer), dot(x, y, inner)
    return (*out, out[0], back[0], *reversed(back))


class LinkArea(Struct, frozen=True, gc=False):
    """A place one can click: `link` leads to a report or a job, `figure` can be asked how it was made (V-N3),
    `sort` is (table, column) of a column's title (V-14), `fold` the number of the section below a heading (V-13)."""

    x: float
    y: float
    width: float
    height: float
    link: Link | None = None
    figure: Figure | None = None
    label: str = ""
    sort: tuple[int, int] | None = None
    fold: int | None = None


Operation = Text | PageNumber | Line | Box | Shape | Picture | LinkArea


def hatch(x: float, y: float, width: float, height: float, colour: str) -> Iterator[Line]:
    """A rectangle filled with slanted lines: what is not over yet, apart from what is also in grey print."""
    at = _HATCH_MM - height
    while at < width:
        # From the lower left to the upper right, at 45 degrees, cut at the rectangle's edges.
        start, end = max(at, 0.0), min(at + height, width)
        if start < end:
            yield Line(x + start, y + height - (start - at), x + end, y + height - (end - at), 0.2, colour)
        at += _HATCH_MM


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its size in millimetres, its operations, and the headings that start on it (level, text)."""

    width: float
    height: float
    operations: tuple[Operation, ...]
    outline: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PageSetup:
    """Paper and margins in millimetres; `automatic` lets a report of many columns turn the page.

    `fit` sets a table too wide for the page in smaller type; without it the type keeps its size and words take more
    lines (V-17). `header` and `footer` may be left out from the second page on and from all pages; the first page keeps
    its title.
    """

    width: float = 215.9
    height: float = 279.4
    margin: float = 15.0
    automatic: bool = True
    header: bool = True
    footer: bool = True
    fit: bool = True

    @property
    def content_width(self) -> float:
        return self.width - 2 * self.margin


LETTER = PageSetup()
A4 = PageSetup(210.0, 297.0)


def landscape(setup: PageSetup) -> PageSetup:
    return replace(setup, width=setup.height, height=setup.width)
