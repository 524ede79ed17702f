"""Rows of one table of a set by column name, decoded only where asked."""

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal

from repaircenter.ems import cells, dbase
from repaircenter.ems.cells import Notes
from repaircenter.ems.columns import ALIASES, COLUMNS
from repaircenter.ems.dbase import Field, Table

# LINE_NO has three digits and one record a labour type; the other tables hold one record (ems.md 2, 4).
MOST_RECORDS = 20_000
_SHORT = 48


class Rows:
    """The live rows of a table. Cells stay bytes until a typed getter is called; notes go to `notes`."""

    def __init__(self, name: str, table: Table, notes: Notes) -> None:
        self.name = name
        self._notes = notes
        self.code_page = "cp1252"
        wanted = COLUMNS[name]
        found: dict[str, Field] = {}
        for column, field in table.layout.fields.items():
            own = ALIASES.get(column, column)
            if own in wanted and (own == column or own not in table.layout.fields):
                found[own] = field
        order = sorted(found.items(), key=lambda item: item[1].offset)
        self._place = {column: index + 1 for index, (column, _) in enumerate(order)}
        self._decimals = {column: field.decimals for column, field in order}
        self.types = {column: field.type for column, field in order}
        self.rows: list[tuple[bytes, ...]] = []
        deleted = damaged = 0
        most = MOST_RECORDS if name in ("LIN", "STL") else 1
        for record in dbase.records(table, tuple(field for _, field in order)):
            if record[0] == dbase.LIVE:
                if len(self.rows) >= most:
                    notes.add(name, "count_mismatch", f"only the first {most} record(s) are used")
                    break
                self.rows.append(record)
            elif record[0] == dbase.DELETED:
                deleted += 1
            else:
                damaged += 1
        if deleted:
            notes.add(name, "deleted_records", f"{deleted} deleted record(s) were left out")
        if damaged:
            notes.add(name, "bad_value", f"{damaged} damaged record(s) were left out")

    def __len__(self) -> int:
        return len(self.rows)

    def raw(self, row: int, column: str) -> bytes | None:
        place = self._place.get(column)
        return None if place is None else self.rows[row][place]

    def text(self, row: int, column: str) -> str | None:
        place = self._place.get(column)
        if place is None:
            return None
        raw = self.rows[row][place]
        decode = cells.short_text if len(raw) <= _SHORT else cells.short_text.__wrapped__
        return decode(raw, self.code_page)

    def number(self, row: int, column: str) -> Decimal | None:
        place = self._place.get(column)
        if place is None:
            return None
        value, readable = cells.number(self.rows[row][place], self._decimals[column])
        if not readable:
            self._bad(column)()
        return value

    def logical(self, row: int, column: str) -> bool | None:
        return cells.logical(self.raw(row, column))

    def day(self, row: int, column: str) -> date | None:
        return cells.day(self.raw(row, column), self._bad(column))

    def clock(self, row: int, column: str) -> time | None:
        return cells.clock(self.raw(row, column))

    def text_bytes(self) -> bytes:
        """All bytes of the character cells, for the detection of the code page."""
        places = [self._place[column] for column, kind in self.types.items() if kind == "C"]
        joined = b"\n".join([row[place] for row in self.rows for place in places])
        return b"" if joined.isascii() else joined

    def _bad(self, column: str) -> Callable[[], None]:
        return lambda: self._notes.add(self.name, "bad_value", f"{column} holds a value that cannot be read")
