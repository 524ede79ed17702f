"""Documents -> XLSX: a sheet a table, from the typed cells (requirements 9.3). Texts never become formulas."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from io import BytesIO
from math import ceil
from typing import Any

from repaircenter.rendering import values
from repaircenter.rendering.flat import FlatTable, expanded, facts_of, flat_tables, header_of, why_empty
from repaircenter.runtime.text import clean_line
from repaircenter.wire.document.cells import Day, Figure, Icon, Plain, Stars
from repaircenter.wire.document.parts import Header, Part

_HEAD_ROW, _LONGEST_NAME = 1, 31
_NOT_XML = re.compile("[^\\t\\n\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_LINE_POINTS, _HIGHEST_POINTS, _EMPTY_WIDTH = 15.0, 400.0, 100.0
_PATTERNS = {
    "plain": "#,##0.00",
    "change": "+#,##0.00;-#,##0.00;0.00",
    "nps": "0.0",
    "nps_change": "+0.0;-0.0;0.0",
    "nps_plain": "0.0",
    "percent": "0.0%",
    "money": "#,##0.00",
    "count": "#,##0",
}
_ARROWS = {"up": "▲", "down": "▼", "same": "•"}
_WIDTHS = {"date": 11.0, "instant": 16.0, "integer": 9.0, "number": 11.0, "percent": 11.0, "stars": 8.0}


def write_xlsx(parts: Sequence[Part]) -> bytes:
    """Title and facts, a frozen header row, real numbers, per cents and days, intervals in own columns."""
    import xlsxwriter

    header = header_of(parts)
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": header.title})
    writing = _Writing(book, header)
    for table in flat_tables(parts):
        writing.add(table)
    if not book.worksheets():
        writing.add_empty(why_empty(parts))
    book.close()
    return buffer.getvalue()


class _Writing:
    """The sheets of one workbook; formats are made once each."""

    def __init__(self, book: Any, header: Header) -> None:
        self._book = book
        self._header = header
        self._names: set[str] = set()
        self._formats: dict[tuple[str, bool, bool], Any] = {}

    @cached_property
    def _facts(self) -> str:
        facts = facts_of(self._header)
        return "; ".join(values.labelled(k, v, self._header.language) if k else v for k, v in facts)

    def _format(self, pattern: str, *, muted: bool = False, bold: bool = False) -> Any:
        key = (pattern, muted, bold)
        if key not in self._formats:
            properties: dict[str, object] = {"valign": "top"}
            if pattern == "text":
                properties["text_wrap"] = True
            else:
                properties["num_format"] = pattern
            if muted:
                properties |= {"font_color": "#616b76", "italic": True}
            if bold:
                properties |= {"bold": True, "top": 1}
            self._formats[key] = self._book.add_format(properties)
        return self._formats[key]

    def _sheet(self, name: str) -> Any:
        sheet = self._book.add_worksheet(name)
        if self._header.landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def _write_facts(self, sheet: Any, widths: Sequence[float]) -> None:
        """Row 1: what is shown (9.3), in the lines it needs above all columns: one endless cell would make a printed
        sheet tiny."""
        wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        bold, italic = self._book.add_format({"bold": True, "font_size": 14}), self._book.add_format({"italic": True})
        lines = _lines(f"{self._header.title}   {self._facts}", sum(widths))
        sheet.set_row(0, _LINE_POINTS * lines + 6)
        if len(widths) > 1:
            sheet.merge_range(0, 0, 0, len(widths) - 1, "", wrapped)
        sheet.write_rich_string(0, 0, bold, self._header.title, italic, f"   {self._facts}", wrapped)

    def add_empty(self, why: Sequence[str]) -> None:
        sheet = self._sheet(self._name(self._header.title))
        sheet.set_column(0, 0, _EMPTY_WIDTH)
        self._write_facts(sheet, [_EMPTY_WIDTH])
        for number, line in enumerate(why, start=_HEAD_ROW + 1):
            sheet.write_string(number, 0, line)

    def add(self, table: FlatTable) -> None:
        """The total stands below a free row, outside of what is sorted and filtered."""
        name = table.title or table.heading or self._header.title
        sheet = self._sheet(self._name(name, f"{table.title} – {table.heading}"))
        spread = table.spread()
        titles = table.titles(spread, self._header.language)
        head = self._book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#eef1f4"}
        )
        widths: list[float] = []
        for column, three in zip(table.columns, spread, strict=True):
            # Wide enough for the longest word of its title, which is bold.
            word = max(map(len, column.title.split())) * 1.25 + 1.0 if column.title.strip() else 0.0
            width = max(_WIDTHS.get(column.kind, max(10.0, column.width * 13)), word)
            widths.extend([width] * (3 if three else 1))
        for at, (title, width) in enumerate(zip(titles, widths, strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(_HEAD_ROW, at, title, head)
        sheet.set_row(_HEAD_ROW, _LINE_POINTS * max(map(_lines, titles, widths)))
        self._write_facts(sheet, widths)
        sheet.freeze_panes(_HEAD_ROW + 1, 0)
        sheet.repeat_rows(_HEAD_ROW)
        first = _HEAD_ROW + 1
        for number, row in enumerate(table.rows, start=first):
            self._row(sheet, number, list(expanded(row, spread)), widths)
        if table.rows:
            sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + len(table.rows), len(widths) - 1)
        if table.total is not None:
            self._row(sheet, first + len(table.rows) + 1, list(expanded(table.total, spread)), widths, bold=True)

    def _row(
        self, sheet: Any, number: int, cells: Sequence[Plain], widths: Sequence[float], *, bold: bool = False
    ) -> None:
        """As high as its longest text needs."""
        lines = max(
            (_lines(cell, width) for cell, width in zip(cells, widths, strict=True) if isinstance(cell, str)), default=1
        )
        if lines > 1:
            sheet.set_row(number, min(_LINE_POINTS * lines, _HIGHEST_POINTS))
        for at, cell in enumerate(cells):
            self._cell(sheet, number, at, cell, bold)

    def _cell(self, sheet: Any, row: int, at: int, cell: Plain, bold: bool) -> None:
        if isinstance(cell, Figure):
            if cell.value is not None:
                pattern = _PATTERNS.get(cell.unit, _PATTERNS["plain"])
                if cell.currency:
                    pattern += f' "{cell.currency}"'
                if cell.direction is not None:
                    pattern = ";".join(f'"{_ARROWS[cell.direction]} "{piece}' for piece in pattern.split(";"))
                value = cell.value / 100.0 if cell.unit == "percent" else cell.value
                sheet.write_number(row, at, value, self._format(pattern, muted=cell.muted, bold=bold))
        elif isinstance(cell, Stars):
            if cell.value is not None:
                sheet.write_number(row, at, cell.value, self._format("General", bold=bold))
        elif isinstance(cell, Day):
            if cell.value is not None:
                instant = cell.value if cell.at is None else datetime.combine(cell.value, cell.at)
                pattern = "yyyy-mm-dd" if cell.at is None else "yyyy-mm-dd hh:mm"
                sheet.write_datetime(row, at, instant, self._format(pattern, bold=bold))
        elif isinstance(cell, bool):
            sheet.write_boolean(row, at, cell)
        elif isinstance(cell, int):
            sheet.write_number(row, at, cell, self._format("#,##0", bold=bold))
        elif isinstance(cell, float):
            sheet.write_number(row, at, cell, self._format("#,##0.00", bold=bold))
        elif cell is not None:
            words = cell.words if isinstance(cell, Icon) else cell
            sheet.write_string(row, at, _printable(words)[:32767], self._format("text", bold=bold))

    def _name(self, *names: str) -> str:
        """The first of the names that is free, cut to what a sheet may be called; else with a number."""
        for name in names:
            clean = _clean(name) or "Report"
            if clean.lower() == "history":
                clean += " 1"  # a name spreadsheets keep for themselves
            if clean.lower() not in self._names:
                break
        number = 2
        free = clean
        while free.lower() in self._names:
            stem = clean
            while _units(f"{stem} {number}") > _LONGEST_NAME:
                stem = stem[:-1].rstrip()
            free, number = f"{stem} {number}", number + 1
        self._names.add(free.lower())
        return free


def _lines(text: str, width: float) -> int:
    """About how many lines a text takes in a column of so many characters."""
    return sum(max(1, ceil(len(line) * 1.1 / width)) for line in text.split("\n"))


def _clean(name: str) -> str:
    clean = "".join(char for char in clean_line(_printable(name)) if char not in "[]:*?/\\'").strip(" –")
    if _units(clean) <= _LONGEST_NAME:
        return clean
    while _units(clean) > _LONGEST_NAME - 1:
        clean = clean[:-1]
    return clean.rstrip() + "…"


def _units(text: str) -> int:
    """The length of a text as spreadsheets count it: a symbol beyond the first 65,536 counts twice."""
    return len(text.encode("utf-16-le")) // 2


def _printable(text: str) -> str:
    """Without what XML must not hold: one such character and no spreadsheet opens the workbook."""
    return _NOT_XML.sub("", text)
