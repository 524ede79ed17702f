"""Tables as drawing operations: wrapped cells, aligned figures, stars as paths."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, pi, sin

from repaircenter.reports import palette, values
from repaircenter.reports.drawing import Box, Line, Operation, Shape, Text
from repaircenter.reports.fonts import BOLD, MM_PER_POINT, REGULAR, face, wrap
from repaircenter.wire.document import Cell, Column, Figure, Stars, Table

SIZE, SMALL = 9.0, 7.5
LEADING = 1.25
_PAD_X, _PAD_Y = 1.6, 1.1
LINE_MM = SIZE * MM_PER_POINT * LEADING
_STAR_MM = 3.4
_ASCENT = 0.76


@dataclass(frozen=True, slots=True)
class Row:
    """A laid-out row: for each column its lines (text, face, size, colour), or a number of stars."""

    cells: tuple[tuple[tuple[str, str, float, str], ...] | Stars, ...]
    lines: int
    height: float


class TableLayout:
    """Column places of one table on a given width; lays out and draws its rows."""

    def __init__(self, table: Table, x: float, width: float, language: str) -> None:
        self.columns: list[Column] = table.columns
        self._language = language
        self.x, self.width = x, width
        total = sum(column.width for column in table.columns)
        self._widths = [width * column.width / total for column in table.columns]
        self._lefts = [x + sum(self._widths[:index]) for index in range(len(self._widths))]
        self.header = self._row([column.title for column in table.columns], BOLD)

    def row(self, cells: list[Cell], name: str = REGULAR) -> Row:
        return self._row(cells, name)

    def _row(self, cells: list[Cell] | list[str], name: str) -> Row:
        laid: list[tuple[tuple[str, str, float, str], ...] | Stars] = []
        lines = 1
        for index, width in enumerate(self._widths):
            cell = cells[index] if index < len(cells) else None
            if isinstance(cell, Stars):
                laid.append(cell)
                continue
            found = self._lines(cell, width - 2 * _PAD_X, name)
            lines = max(lines, len(found))
            laid.append(found)
        return Row(tuple(laid), lines, lines * LINE_MM + 2 * _PAD_Y)

    def _lines(self, cell: Cell, width: float, name: str) -> tuple[tuple[str, str, float, str], ...]:
        if isinstance(cell, Figure):
            value, interval = values.figure(cell, self._language)
            if not interval:
                return ((value, name, SIZE, palette.INK),)
            gap = face(REGULAR).width_mm("  ", SIZE)
            both = face(name).width_mm(value, SIZE) + gap + face(REGULAR).width_mm(interval, SMALL)
            if both <= width:
                return ((f"{value}\x00{interval}", name, SIZE, palette.INK),)
            return ((value, name, SIZE, palette.INK), (interval, REGULAR, SMALL, palette.SOFT))
        text = values.words(cell, self._language)
        return tuple((line, name, SIZE, palette.INK) for line in wrap(text, name, SIZE, width))

    def draw_header(self, y: float) -> Iterator[Operation]:
        yield Box(self.x, y, self.width, self.header.height, palette.BAND)
        yield from self.draw(self.header, y, rule=False)
        yield Line(self.x, y + self.header.height, self.x + self.width, y + self.header.height, 0.35, palette.RULE)

    def draw(
        self, row: Row, y: float, first: int = 0, last: int | None = None, *, rule: bool = True
    ) -> Iterator[Operation]:
        """Draw the lines [first, last) of a row with its top at `y`."""
        shown = (row.lines if last is None else last) - first
        for index, cell in enumerate(row.cells):
            left, width = self._lefts[index] + _PAD_X, self._widths[index] - 2 * _PAD_X
            if isinstance(cell, Stars):
                if first == 0:
                    yield from self._stars(cell, left, y + _PAD_Y, width)
                continue
            for number, line in enumerate(cell[first:last]):
                baseline = y + _PAD_Y + number * LINE_MM + SIZE * MM_PER_POINT * (_ASCENT + (LEADING - 1) / 2)
                yield from self._line(line, self.columns[index].align, left, width, baseline)
        if rule:
            bottom = y + shown * LINE_MM + 2 * _PAD_Y
            yield Line(self.x, bottom, self.x + self.width, bottom, 0.15, palette.FAINT)

    @staticmethod
    def _line(
        line: tuple[str, str, float, str], align: str, left: float, width: float, baseline: float
    ) -> Iterator[Operation]:
        text, name, size, colour = line
        value, _, interval = text.partition("\x00")
        value_width = face(name).width_mm(value, size)
        if interval:
            clean = face(REGULAR).clean(interval)
            interval_width = face(REGULAR).width_mm(clean, SMALL)
            yield Text(clean, REGULAR, SMALL, left + width - interval_width, baseline, interval_width, palette.SOFT)
            # The values stand in one column whatever the width of their intervals.
            gap = max(interval_width, face(REGULAR).width_mm("[00.00; 00.00]", SMALL)) + 1.4
            yield Text(value, name, size, left + width - gap - value_width, baseline, value_width, colour)
            return
        free = width - value_width
        x = left + (free if align == "right" else free / 2 if align == "center" else 0.0)
        if value:
            yield Text(value, name, size, x, baseline, value_width, colour)

    def _stars(self, cell: Stars, left: float, top: float, width: float) -> Iterator[Operation]:
        """Five stars in half steps; nothing but a dash without a value."""
        middle = top + LINE_MM / 2
        if cell.value is None:
            yield Text(values.DASH, REGULAR, SIZE, left, middle + 1.0, face(REGULAR).width_mm(values.DASH, SIZE))
            return
        size = min(_STAR_MM, width / 5.0)
        for index in range(5):
            centre = left + size * (index + 0.5)
            filled = cell.value - index
            yield star(centre, middle, size * 0.46, palette.ACCENT if filled >= 1 else palette.EMPTY_STAR)
            if 0.5 <= filled < 1:
                yield star(centre, middle, size * 0.46, palette.ACCENT, half=True)


def star(x: float, y: float, radius: float, colour: str, *, half: bool = False) -> Shape:
    """A five-pointed star, or its left half."""
    points = []
    for index in range(10):
        reach = radius if index % 2 == 0 else radius * 0.42
        angle = -pi / 2 - index * pi / 5
        points.append((x + reach * cos(angle), y + reach * sin(angle)))
    if half:
        points = points[:6]
    return Shape(tuple(points), colour)
