"""Tables as drawing operations: wrapped cells, aligned figures, stars as paths."""

from collections.abc import Iterator, Sequence
from math import cos, pi, sin

from msgspec import Struct
from msgspec.structs import replace

from repaircenter.rendering import palette, values
from repaircenter.rendering.arrangement import Order
from repaircenter.rendering.drawing import Box, Line, LinkArea, Operation, Shape, Text, dot
from repaircenter.rendering.fallbacks import is_right_to_left
from repaircenter.rendering.fonts import BOLD, ITALIC, MM_PER_POINT, REGULAR, face, fitted, longest_word, wrap
from repaircenter.wire.document.cells import Cell, Day, Figure, Icon, Link, Linked, Stars
from repaircenter.wire.document.nodes import Column, Table

SIZE, SMALL = 9.0, 7.5
LEADING = 1.25
_PAD_X, _PAD_Y = 1.6, 1.1
# Small enough for what must stand whole, and how small type may get to keep words whole.
_LEAST_SCALE, _READABLE_SCALE = 0.55, 0.78
_LONGEST_WORD = 0.3
_STAR_MM = 3.4
# What a column of a kind must hold without a break.
_USUAL = {
    "date": "2026-12-31",
    "instant": "2026-12-31",
    "number": "1,234.50",
    "integer": "1,234",
    "percent": "100.0%",
    "text": "R-123456",
}
_ASCENT = 0.76


_Line = tuple[str, str, float, str]  # text, face, size in points, colour


class LaidCell(Struct, frozen=True, gc=False):
    """One cell: its lines, or stars; where it leads, the figure it shows; what it is called where its lines do not say;
    whether it is written from right to left."""

    lines: tuple[_Line, ...] = ()
    stars: Stars | None = None
    link: Link | None = None
    figure: Figure | None = None
    said: str = ""
    right_to_left: bool = False


class Row(Struct, frozen=True, gc=False):
    cells: tuple[LaidCell, ...]
    lines: int
    height: float


def titles(table: Table, language: str) -> Iterator[str]:
    """The columns' titles: one that shows intervals beside its figures says of what (issue 15.18a)."""
    for index, column in enumerate(table.columns):
        cells = (row[index] for row in table.rows if index < len(row))
        yield values.with_interval(column.title, language) if any(map(values.has_interval, cells)) else column.title


class TableLayout:
    """Column places of one table on a given width; lays out and draws its rows.

    A table whose columns do not fit is set in smaller type, down to 5 points (V-17, scale to fit), unless `fit` is off:
    then only a number too long for its column is. Columns are as wide as the longest word and number among the rows it
    begins with, as far as the page has room at a readable size.
    """

    def __init__(
        self,
        table: Table,
        x: float,
        width: float,
        language: str,
        number: int = 0,
        order: Order | None = None,
        *,
        fit: bool = True,
    ) -> None:
        self._indexes = [index for index, column in enumerate(table.columns) if column.on_page]
        self.columns: list[Column] = [table.columns[index] for index in self._indexes]
        self._language = language
        self._number = number
        self._order = order if order is not None and order.table == number else None
        self.x, self.width = x, width
        least = self._needs(table, width)
        scale = max(min(1.0, width / (sum(least) or 1.0)), _LEAST_SCALE) if fit else 1.0
        self._size, self._small, self._pad = SIZE * scale, SMALL * scale, _PAD_X * scale
        self.line_mm = self._size * MM_PER_POINT * LEADING
        self._usual_interval = face(REGULAR).width_mm("[00.00; 00.00]", self._small)
        self._gap = face(REGULAR).width_mm("  ", self._size)
        self._widths = _shared(self.columns, width, [need * scale for need in least])
        self._lefts = [x + sum(self._widths[:index]) for index in range(len(self._widths))]
        self.header = self.row(list(titles(table, language)), BOLD)

    def _needs(self, table: Table, width: float) -> list[float]:
        """What each column must hold, and as much of what it should hold as fits at a readable size."""
        hard = [_least(column) for column in self.columns]
        soft = list(hard)
        for cells, name in [
            *((cells, REGULAR) for cells in table.rows),
            *(((table.total, BOLD),) if table.total else ()),
        ]:
            for place, index in enumerate(self._indexes):
                if index < len(cells):
                    cut = self.columns[place].cut
                    need = _content(cells[index], name, self._language, width * _LONGEST_WORD, whole=cut)
                    soft[place] = max(soft[place], need)
        room = width / _READABLE_SCALE
        if sum(soft) <= room:
            return soft
        spare = sum(soft) - sum(hard)
        part = max(0.0, room - sum(hard)) / spare if spare > 0.0 else 0.0
        return [must + (wish - must) * part for must, wish in zip(hard, soft, strict=True)]

    def row(self, cells: Sequence[Cell], name: str = REGULAR) -> Row:
        laid = [
            self._cell(cells[index] if index < len(cells) else None, place, name)
            for place, index in enumerate(self._indexes)
        ]
        lines = max([1, *(len(cell.lines) for cell in laid)])
        return Row(tuple(laid), lines, lines * self.line_mm + 2 * _PAD_Y)

    def _cell(self, cell: Cell, place: int, name: str) -> LaidCell:
        width = self._widths[place] - 2 * self._pad
        link, value = (cell.link, cell.value) if isinstance(cell, Linked) else (None, cell)
        if isinstance(value, Stars):
            return LaidCell(stars=value, link=link)
        # A figure tells how it was made before it leads on: it is no link to look at.
        ink = palette.INK if link is None or isinstance(value, Figure) else palette.LINK
        if not isinstance(value, Figure):
            # A page has room for the day.
            words = values.words(replace(value, at=None) if isinstance(value, Day) else value, self._language)
            if isinstance(value, Icon):
                return LaidCell(((face(name).clean(value.symbol), name, self._size, ink),), link=link, said=words)
            if isinstance(value, str):
                cut = self.columns[place].cut
                lines = [fitted(words, name, self._size, width)] if cut else wrap(words, name, self._size, width)
                laid = tuple([(line, name, self._size, ink) for line in lines])
                return LaidCell(laid, link=link, right_to_left=is_right_to_left(words))
            words = face(name).clean(words)
            return LaidCell(((words, name, _whole(words, name, self._size, width), ink),), link=link)
        if value.muted:
            ink, name = palette.MUTED, ITALIC
        shown, interval = values.figure(value, self._language)
        figure = value if value.value is not None else None
        if not interval:
            size = _whole(shown, name, self._size, width)
            return LaidCell(((shown, name, size, ink),), link=link, figure=figure)
        both = face(name).width_mm(shown, self._size) + self._gap + face(REGULAR).width_mm(interval, self._small)
        if both <= width:
            return LaidCell(((f"{shown}\x00{interval}", name, self._size, ink),), link=link, figure=figure)
        two = (
            (shown, name, _whole(shown, name, self._size, width), ink),
            (interval, REGULAR, _whole(interval, REGULAR, self._small, width), palette.SOFT),
        )
        return LaidCell(two, link=link, figure=figure)

    def draw_header(self, y: float) -> list[Operation]:
        operations: list[Operation] = [Box(self.x, y, self.width, self.header.height, palette.BAND)]
        operations += self.draw(self.header, y, rule=False)
        for index, column in enumerate(self.columns):
            area = (self._lefts[index], y, self._widths[index], self.header.height)
            operations.append(LinkArea(*area, label=column.title, sort=(self._number, self._indexes[index])))
            if self._order is not None and self._order.column == self._indexes[index]:
                middle = self._lefts[index] + self._widths[index] / 2
                operations.append(_sort_mark(middle, y + 0.9, down=self._order.descending))
        operations.append(
            Line(self.x, y + self.header.height, self.x + self.width, y + self.header.height, 0.35, palette.RULE)
        )
        return operations

    def draw(
        self, row: Row, y: float, first: int = 0, last: int | None = None, *, rule: bool = True
    ) -> list[Operation]:
        """The lines [first, last) of a row with its top at `y`."""
        shown = (row.lines if last is None else last) - first
        top = y + _PAD_Y + self._size * MM_PER_POINT * (_ASCENT + (LEADING - 1) / 2)
        operations: list[Operation] = []
        for index, cell in enumerate(row.cells):
            left, width = self._lefts[index] + self._pad, self._widths[index] - 2 * self._pad
            align = "right" if cell.right_to_left else self.columns[index].align
            if cell.stars is not None and first == 0:
                operations += self._stars(cell.stars, left, y + _PAD_Y, width)
            for number, line in enumerate(cell.lines[first:last]):
                baseline = top + number * self.line_mm
                operations += self._line(line, align, left, width, baseline, right_to_left=cell.right_to_left)
                if number == 0 and first == 0 and cell.figure is not None and cell.figure.direction is not None:
                    at = left + width - face(line[1]).width_mm(line[0], line[2]) - 3.0 if align == "right" else left
                    operations += arrow(cell.figure.direction, at, baseline - 1.1)
            if first == 0 and (cell.link is not None or cell.figure is not None or cell.said):
                label = cell.said or (cell.lines[0][0].replace("\x00", " ") if cell.lines else "")
                area = (self._lefts[index], y, self._widths[index], row.height)
                operations.append(LinkArea(*area, link=cell.link, figure=cell.figure, label=label))
        if rule:
            bottom = y + shown * self.line_mm + 2 * _PAD_Y
            operations.append(Line(self.x, bottom, self.x + self.width, bottom, 0.15, palette.FAINT))
        return operations

    def _line(
        self, line: _Line, align: str, left: float, width: float, baseline: float, *, right_to_left: bool
    ) -> tuple[Text, ...]:
        text, name, size, colour = line
        value, _, interval = text.partition("\x00")
        value_width = face(name).width_mm(value, size)
        if interval:
            clean = face(REGULAR).clean(interval)
            interval_width = face(REGULAR).width_mm(clean, self._small)
            # The values stand in one column whatever the width of their intervals.
            gap = max(interval_width, self._usual_interval) + 1.4
            at = left + width - interval_width
            return (
                Text(clean, REGULAR, self._small, at, baseline, interval_width, palette.SOFT),
                Text(value, name, size, left + width - gap - value_width, baseline, value_width, colour),
            )
        free = width - value_width
        x = left + (free if align == "right" else free / 2 if align == "center" else 0.0)
        return (Text(value, name, size, x, baseline, value_width, colour, right_to_left),) if value else ()

    def _stars(self, cell: Stars, left: float, top: float, width: float) -> Iterator[Operation]:
        """Five stars in half steps; nothing but a dash without a value."""
        middle = top + self.line_mm / 2
        if cell.value is None:
            dash = face(REGULAR).width_mm(values.DASH, self._size)
            yield Text(values.DASH, REGULAR, self._size, left, middle + 1.0, dash)
            return
        size = min(_STAR_MM, width / 5.0)
        for index in range(5):
            centre = left + size * (index + 0.5)
            filled = cell.value - index
            yield star(centre, middle, size * 0.46, palette.ACCENT if filled >= 1 else palette.EMPTY_STAR)
            if 0.5 <= filled < 1:
                yield star(centre, middle, size * 0.46, palette.ACCENT, half=True)


def _whole(shown: str, name: str, size: float, width: float) -> float:
    """The size at which a number stands on one line: it is never cut."""
    needed = face(name).width_mm(face(name).clean(shown), size)
    return size if needed <= width else size * width / needed


def _content(cell: Cell, name: str, language: str, longest: float, *, whole: bool) -> float:
    """Millimetres for the longest word (or the `whole` of a text), or the number, of a cell."""
    plain = cell.value if isinstance(cell, Linked) else cell
    if plain is None or isinstance(plain, Stars):
        return 0.0
    if isinstance(plain, Icon):
        return SIZE * MM_PER_POINT + 2 * _PAD_X
    if isinstance(plain, str):
        font = face(name)
        need = font.width_mm(font.clean(plain), SIZE) if whole else longest_word(plain, name, SIZE)
        return min(need, longest) + 2 * _PAD_X + 0.1
    shown, interval = values.shown(plain, language)
    arrow_mm = 4.5 if isinstance(plain, Figure) and plain.direction is not None else 0.0
    widest = max(face(name).width_mm(shown, SIZE) + arrow_mm, face(REGULAR).width_mm(interval, SMALL))
    return widest + 2 * _PAD_X + 0.1


def _least(column: Column) -> float:
    """Millimetres for the longest word of the title, and for what such a column usually holds."""
    usual = _USUAL.get(column.kind, "")
    words = [(BOLD, word) for word in column.title.split(" ")] + [(REGULAR, usual)]
    return max(face(name).width_mm(face(name).clean(word), SIZE) for name, word in words) + 2 * _PAD_X + 0.1


def _shared(columns: list[Column], width: float, least: list[float]) -> list[float]:
    """Each column its share of the width, but never less than it needs."""
    total = sum(column.width for column in columns)
    widths = [width * column.width / total for column in columns]
    if sum(least) >= width:
        return [width * need / sum(least) for need in least]
    short = [max(need - share, 0.0) for need, share in zip(least, widths, strict=True)]
    spare = [max(share - need, 0.0) for need, share in zip(least, widths, strict=True)]
    given = sum(short) / sum(spare) if sum(spare) else 0.0
    return [share + lack - room * given for share, lack, room in zip(widths, short, spare, strict=True)]


def arrow(direction: str, x: float, y: float) -> Iterator[Operation]:
    """Up or down as a filled triangle, no clear change as a small dot (requirements 7.7)."""
    if direction == "same":
        yield Shape(dot(x, y, 0.6), palette.MUTED)
        return
    sign, colour = (-1, palette.GOOD) if direction == "up" else (1, palette.BAD)
    yield Shape(((x - 1.1, y - 0.9 * sign), (x + 1.1, y - 0.9 * sign), (x, y + 1.0 * sign)), colour)


def _sort_mark(x: float, y: float, *, down: bool) -> Shape:
    """A small triangle on the upper edge of a column's title: which way it is sorted."""
    base, tip = (y - 0.5, y + 0.6) if down else (y + 0.6, y - 0.5)
    return Shape(((x - 1.3, base), (x + 1.3, base), (x, tip)), palette.INK)


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
