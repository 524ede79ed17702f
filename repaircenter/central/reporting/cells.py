"""Cells of a report: columns, figures with their interval and formula, changes, links to the answers behind."""

from collections.abc import Sequence
from datetime import datetime
from math import isfinite

from msgspec.structs import replace

from repaircenter.central.reporting.sql import aggregates
from repaircenter.metrics.changes import Change
from repaircenter.metrics.figure import Figure as Measured
from repaircenter.rendering import values
from repaircenter.runtime.days import zone_of
from repaircenter.runtime.text import Texts
from repaircenter.wire.document.cells import Day, Figure, Link, Linked, Plain
from repaircenter.wire.document.charts import Bar
from repaircenter.wire.document.nodes import Column


class Cells:
    """In the words of a language; figures of fewer than `least` answers are grey (requirements 7.8)."""

    def __init__(self, words: Texts, least: int, *, leads_to_jobs: bool = True) -> None:
        self.words = words
        self.least = least
        self._leads_to_jobs = leads_to_jobs

    def number(self, value: float, decimals: int) -> str:
        """A number within a sentence, as the language writes it."""
        return values.number(value, decimals, self.words.language)

    def said(self, kind: str, word: str | None) -> str:
        """A word of ours (a state, a reason, a channel) in the report's language; a new one as it is."""
        key = f"report.{kind}.{word}"
        return self.words(key) if word and self.words.has(key) else word or ""

    def instant(self, at: datetime | None, zone: str) -> Day:
        """A day and its time on the clocks of a zone; an empty cell for none."""
        if at is None:
            return Day(value=None)
        local = at.astimezone(zone_of(zone))
        return Day(value=local.date(), at=local.time().replace(microsecond=0))

    def column(self, name: str, width: float, kind: str = "text") -> Column:
        """A column by the name of its title (report.column.*, or a whole key); numbers stand on the right."""
        title = self.words(name if name.startswith("report.") else f"report.column.{name}")
        return Column(
            title=title,
            width=width,
            kind=kind,
            align="left" if kind in ("text", "date", "instant", "stars") else "right",
        )

    def titled(self, title: str, width: float, kind: str) -> Column:
        """A column whose title is a text already."""
        return replace(self.column("n", width, kind), title=title)

    def labelled(self, label: str, value: str) -> str:
        return values.labelled(label, value, self.words.language)

    def n(self, n: int) -> str:
        """How many answers a figure rests on, as a card or an axis says it."""
        return self.words("report.n", n=self.number(n, 0))

    def shown(self, figure: Measured, unit: str, *, plain: bool = False) -> Figure:
        """A figure as a cell; too few answers are grey (requirements 7.8). `plain` has no room for the interval."""
        return Figure(
            value=figure.value,
            unit=unit,
            low=figure.low,
            high=figure.high,
            n=figure.n,
            formula=figure.formula,
            muted=0 < figure.n < self.least,
            brief=plain,
        )

    def rate(self, responses: aggregates.Responses, *, plain: bool = False) -> Figure:
        """A response rate; grey while invitations are open, because it is still growing and compares with nothing."""
        return replace(
            self.shown(responses.rate, "percent", plain=plain),
            muted=responses.open > 0 or 0 < responses.rate.n < self.least,
        )

    def invited(
        self, responses: aggregates.Responses, shops: Sequence[int] = (), plain: bool = False, /, **parameters: str
    ) -> Figure | Linked:
        """A response rate that leads to the jobs whose customers were asked: as many as it is a rate of (V-N3)."""
        rate, link = self.rate(responses, plain=plain), self.to_jobs(shops, **parameters)
        return rate if rate.value is None or link is None else Linked(value=rate, link=link)

    def to_jobs(self, shops: Sequence[int] = (), **parameters: str) -> Link | None:
        """None for whoever sees no jobs."""
        if not self._leads_to_jobs:
            return None
        return Link(report="R-29", parameters={"invited": "1", **parameters}, shops=list(shops))

    def changed(self, change: Change | None, unit: str = "change") -> Figure:
        """A change with its arrow: up or down only if the interval leaves out 0 (D-N3)."""
        if change is None:
            return Figure(value=None, unit=unit)
        return Figure(
            value=change.value,
            unit=unit,
            low=change.low if isfinite(change.low) else None,
            high=change.high if isfinite(change.high) else None,
            brief=True,
            n=change.smaller_n,
            formula=change.formula,
            direction=change.direction,
            muted=change.direction is None,
        )

    def behind(self, figure: Figure, shops: Sequence[int] = (), **parameters: str) -> Figure | Linked:
        """A figure that says how it was made and leads to the answers behind it (V-N3)."""
        return figure if figure.value is None else self.reviews(figure, shops, **parameters)

    def reviews(self, value: Plain, shops: Sequence[int] = (), **parameters: str) -> Linked:
        """A cell that leads to the answers behind it (B-N4)."""
        return Linked(value=value, link=self.to_reviews(shops, **parameters))

    def to_reviews(self, shops: Sequence[int] = (), **parameters: str) -> Link:
        limits = {name: value for name, value in parameters.items() if value}
        return Link(report="R-07", parameters=limits, shops=list(shops))


def axis(bars: Sequence[Bar], minimum: float, maximum: float, *more: float | None) -> tuple[float, float]:
    """The piece of a scale in which dots and their intervals lie, with air; a fifth of the scale at least."""
    return reach([value for bar in bars for value in (bar.value, bar.low, bar.high)] + list(more), minimum, maximum)


def reach(values: Sequence[float | None], minimum: float, maximum: float) -> tuple[float, float]:
    """The piece of a scale in which values lie, with air; a fifth of the scale at least, all of it without any."""
    drawn = [value for value in values if value is not None]
    if not drawn:
        return minimum, maximum
    least = (maximum - minimum) / 5
    air = max((max(drawn) - min(drawn)) * 0.06, (least - (max(drawn) - min(drawn))) / 2)
    return max(minimum, min(drawn) - air), min(maximum, max(drawn) + air)
