"""A document as plain tables, for what has no pages: workbook, CSV, clipboard. Typed cells, intervals in own columns."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from repaircenter.rendering import values
from repaircenter.runtime.text import Texts
from repaircenter.wire.document.cells import Cell, Figure, Linked, Plain
from repaircenter.wire.document.nodes import Column, Empty, Heading, Table
from repaircenter.wire.document.parts import Header, Part


@dataclass(slots=True)
class FlatTable:
    """One table with all its pieces joined; `heading` is the section it stands in."""

    heading: str
    title: str
    columns: Sequence[Column]
    rows: list[list[Plain]] = field(default_factory=list)
    total: list[Plain] | None = None

    @property
    def name(self) -> str:
        return " – ".join(filter(None, (self.heading, self.title)))

    def spread(self) -> list[bool]:
        """Which columns hold figures with an interval: they take three."""
        lines = [*self.rows, *([self.total] if self.total is not None else [])]
        return [any(values.has_interval(line[index]) for line in lines) for index in range(len(self.columns))]

    def titles(self, spread: Sequence[bool], language: str) -> list[str]:
        words = Texts(language)
        sheets = []
        for column, three in zip(self.columns, spread, strict=True):
            sheets.append(column.title)
            if three:
                sheets.extend(words(f"report.export.{bound}", title=column.title) for bound in ("low", "high"))
        return sheets


def flat_tables(parts: Iterable[Part]) -> Iterator[FlatTable]:
    """Each table of a document, its links taken off, its rows as long as its columns."""
    heading, current = "", None
    for part in parts:
        for node in part.nodes:
            if isinstance(node, Heading):
                heading = node.text
            elif isinstance(node, Table):
                if not (node.continued and current is not None):
                    if current is not None:
                        yield current
                    current = FlatTable(heading, node.title or "", node.columns)
                current.rows.extend(_filled(row, len(node.columns)) for row in node.rows)
                if node.total is not None:
                    current.total = _filled(node.total, len(node.columns))
    if current is not None:
        yield current


def expanded(row: Sequence[Plain], spread: Sequence[bool]) -> Iterator[Plain]:
    """The cells of a row with the bounds of its figures beside them, as figures of the same unit."""
    for cell, three in zip(row, spread, strict=True):
        yield cell
        if three:
            figure = cell if isinstance(cell, Figure) else Figure(value=None)
            for bound in (figure.low, figure.high):
                yield Figure(value=bound, unit=figure.unit.replace("change", "plain"), muted=figure.muted)


def header_of(parts: Sequence[Part]) -> Header:
    header = next((part.header for part in parts if part.header is not None), None)
    if header is None:
        raise ValueError("the document has no header")
    return header


def facts_of(header: Header) -> list[tuple[str, str]]:
    """What a page says above its figures: shops, filters, when and by whom, and what is missing."""
    words = Texts(header.language)
    facts = [(words("report.fact.shops"), header.subtitle), *header.facts]
    facts.append(
        (words("report.fact.data_as_of"), values.instant_in_zone(header.data_as_of, header.zone, header.language))
    )
    if header.run_by:
        facts.append((words("report.fact.run_by"), header.run_by))
    return [*facts, *(("", notice) for notice in header.notices)]


def why_empty(parts: Sequence[Part]) -> list[str]:
    """The sentences of a report without anything to show, with what one could choose instead."""
    nodes = [node for part in parts for node in part.nodes if isinstance(node, Empty)]
    return [line for node in nodes for line in (node.text, *(title for _, title in node.suggestions))]


def _filled(row: Sequence[Cell], length: int) -> list[Plain]:
    cells: list[Plain] = [cell.value if isinstance(cell, Linked) else cell for cell in row]
    return cells + [None] * (length - len(cells))
