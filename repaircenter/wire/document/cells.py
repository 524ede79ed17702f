"""What stands in a cell: text, numbers with their interval, stars, days, and links."""

from datetime import date, time

from msgspec import Struct


class Figure(Struct, frozen=True, kw_only=True, tag="figure"):
    """A number with its interval and how it was made (A-N3): `unit` is plain, percent, nps, change, nps_change, money,
    count.

    `direction` (up, down, same) is set only where the interval of a change says so; `muted` marks too few answers;
    `brief` where there is no room for the interval: it is told when one asks. `currency` (ISO 4217) is of money.
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
    currency: str = ""


class Stars(Struct, frozen=True, kw_only=True, tag="stars"):
    """0 to 5 in half steps, drawn as paths."""

    value: float | None


class Icon(Struct, frozen=True, kw_only=True, tag="icon"):
    """One character a page draws in place of its words; everything else says the words."""

    symbol: str
    words: str


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


Plain = str | int | float | bool | Figure | Stars | Icon | Day | None


class Linked(Struct, frozen=True, kw_only=True, tag="linked"):
    """A cell one can click (drill-through); exports show its value."""

    value: Plain
    link: Link


Cell = str | int | float | bool | Figure | Stars | Icon | Day | Linked | None
