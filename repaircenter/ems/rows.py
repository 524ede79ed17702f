"""The live rows of one table of a set by column name, decoded only where asked."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from repaircenter.ems import cells, dbase, encoding
from repaircenter.ems.cells import Notes
from repaircenter.ems.columns import ALIASES, COLUMNS, MEMO_COLUMNS
from repaircenter.ems.dbase import Field, Layout, Table

T = TypeVar("T")
# LINE_NO has three digits and one record a labour type; the other tables hold one record (ems.md 2, 4).
MOST_RECORDS = 20_000
_WIDEST_CODE = 7
_MANY = frozenset(("LIN", "STL"))


@dataclass(frozen=True, slots=True)
class Selection:
    """Where the columns we use lie in the records of one layout: fields by our name, in order of offset."""

    fields: dict[str, Field]
    places: dict[str, int]
    plan: struct.Struct


@lru_cache(maxsize=256)
def _selection(name: str, layout: Layout) -> Selection:
    expected = COLUMNS[name]
    by_name: dict[str, Field] = {}
    for column, field in layout.fields.items():
        own = ALIASES.get(column, column)
        # A pointer into a memo file is no text (tech.md 1).
        is_pointer = field.type == "M" and own not in MEMO_COLUMNS
        if own in expected and not is_pointer and (own == column or own not in layout.fields):
            by_name[own] = field
    order = dict(sorted(by_name.items(), key=lambda item: item[1].offset))
    places = {column: index + 1 for index, column in enumerate(order)}
    return Selection(order, places, dbase.plan(tuple(order.values()), layout.record_length))


class Rows:
    """The live rows of a table; cells stay bytes until a typed getter is called, notes go to `notes`.

    The getters without plural give the cell of the first row, those with plural one cell a row.
    """

    def __init__(self, name: str, table: Table, notes: Notes) -> None:
        self.name = name
        self._notes = notes
        self.decode_with(encoding.DEFAULT)
        selection = _selection(name, table.layout)
        self._places, self._fields = selection.places, selection.fields
        self.damaged = 0
        start = table.layout.header_length
        if table.count == 1 and table.data[start : start + 1] == dbase.LIVE:
            self.rows = [selection.plan.unpack_from(table.data, start)]  # what most tables are
        else:
            self._count(table)
            self.rows = self._live(table, selection.plan)
        self._columns: list[Sequence[bytes]] | None = None

    def _count(self, table: Table) -> None:
        markers = dbase.markers(table)
        live, deleted = markers.count(dbase.LIVE), markers.count(dbase.DELETED)
        self._all_live = live == len(markers)
        self._most = MOST_RECORDS if self.name in _MANY else 1
        if live > self._most:
            self._notes.add(self.name, "count_mismatch", f"only the first {self._most} record(s) are used")
        if deleted:
            self._notes.add(self.name, "deleted_records", f"{deleted} deleted record(s) were left out")
        self.damaged = len(markers) - live - deleted
        if self.damaged:
            self._notes.add(self.name, "bad_value", f"{self.damaged} damaged record(s) were left out")

    def _live(self, table: Table, plan: struct.Struct) -> list[tuple[bytes, ...]]:
        start, length = table.layout.header_length, table.layout.record_length
        every = plan.iter_unpack(memoryview(table.data)[start : start + table.count * length])
        live = every if self._all_live else (record for record in every if record[0] == dbase.LIVE)
        return list(islice(live, self._most))

    def decode_with(self, code_page: str) -> None:
        """Set the code page of the text cells."""
        self._texts = cells.texts(code_page)

    def __len__(self) -> int:
        return len(self.rows)

    def is_blank(self) -> bool:
        """Whether the first row says nothing in the columns that are used."""
        return not b"".join(self.rows[0][1:]).strip(b" \0")

    def has(self, column: str) -> bool:
        return column in self._places

    def kind(self, column: str) -> str | None:
        """The dBASE letter of a column."""
        field = self._fields.get(column)
        return None if field is None else field.type

    def raw(self, column: str) -> bytes | None:
        place = self._places.get(column)
        return None if place is None else self.rows[0][place]

    def text(self, column: str) -> str | None:
        place = self._places.get(column)
        return None if place is None else self._texts[self.rows[0][place]]

    def number(self, column: str) -> Decimal | None:
        place = self._places.get(column)
        if place is None:
            return None
        known, raw = cells.numbers(self._fields[column].decimals), self.rows[0][place]
        value = known[raw]
        if value is None and raw in known.bad:
            self._bad(column)
        return value

    def logical(self, column: str) -> bool | None:
        """An L cell has three states; anything but T/Y and F/N is unknown."""
        return cells.LOGICAL.get(self.raw(column) or b"")

    def day(self, column: str) -> date | None:
        return self._readable(column, cells.day)

    def clock(self, column: str) -> time | None:
        return self._readable(column, cells.clock)

    def _readable(self, column: str, decode: Callable[[bytes], tuple[T | None, bool]]) -> T | None:
        """A decoded cell; one that cannot be read is None and a note."""
        raw = self.raw(column)
        value, readable = (None, True) if raw is None else decode(raw)
        if not readable:
            self._bad(column)
        return value

    def raws(self, column: str) -> Sequence[bytes]:
        """The cells of a column as they are; empty ones where the table lacks the column."""
        if self._columns is None:
            self._columns = list(zip(*self.rows, strict=True))
        place = self._places.get(column)
        return [b""] * len(self.rows) if place is None else self._columns[place]

    def texts(self, column: str) -> list[str | None]:
        return list(map(self._texts.__getitem__, self.raws(column)))

    def numbers(self, column: str) -> list[Decimal | None]:
        return self._column(column, cells.numbers(self._decimals(column)))

    def integers(self, column: str) -> list[int | None]:
        """Whole numbers; a fraction is cut off."""
        return self._column(column, cells.wholes(self._decimals(column)))

    def _decimals(self, column: str) -> int:
        field = self._fields.get(column)
        return 0 if field is None else field.decimals

    def _column(self, column: str, known: cells.Numeric[T]) -> list[T | None]:
        raws = self.raws(column)
        values = list(map(known.__getitem__, raws))
        if known.bad and not known.bad.isdisjoint(raws):
            self._bad(column)
        return values

    def logicals(self, column: str) -> list[bool | None]:
        return list(map(cells.LOGICAL.get, self.raws(column)))

    def accented(self) -> set[bytes]:
        """The character cells with a byte above 0x7F, for the detection of the code page."""
        if len(self.rows) == 1:
            return {raw for raw in self.rows[0] if not raw.isascii()}
        values: set[bytes] = set()
        for column, field in self._fields.items() if self.rows else ():
            # Codes are narrow and have no accents.
            if field.type == "C" and field.length > _WIDEST_CODE:
                raws = self.raws(column)
                if not b"".join(raws).isascii():
                    values.update([raw for raw in raws if not raw.isascii()])
        return values

    def note(self, code: str, message: str) -> None:
        self._notes.add(self.name, code, message)

    def _bad(self, column: str) -> None:
        self._notes.add(self.name, "bad_value", f"{column} holds a value that cannot be read")
