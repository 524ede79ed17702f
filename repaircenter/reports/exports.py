"""Documents -> files: XLSX and CSV here, from the typed cells, not from the pages (V-19). Texts never become formulas (9.3)."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from typing import Any

from repaircenter.reports import values
from repaircenter.reports.drawing import LETTER, PageSetup
from repaircenter.reports.html import write_html
from repaircenter.reports.pagination import paginate
from repaircenter.reports.pdf import write_pdf
from repaircenter.runtime.text import Texts
from repaircenter.wire.document import Cell, Column, Day, Figure, Header, Heading, Linked, Part, Stars, Table

# Negative numbers of our own making are no formulas.
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?|=\d{1,6}")


def tables_of(parts: Iterable[Part]) -> Iterator[tuple[str, list[Column], list[list[Cell]]]]:
    """(title, columns, rows with the total last) of each table; continued ones are joined, headings name them."""
    heading, current = "", None
    for part in parts:
        for node in part.nodes:
            if isinstance(node, Heading):
                heading = node.text
            elif isinstance(node, Table):
                all_rows = [*node.rows, *([] if node.total is None else [node.total])]
                rows = [[*row, *[None] * (len(node.columns) - len(row))] for row in all_rows]
                if node.continued and current is not None:
                    current[2].extend(rows)
                    continue
                if current is not None:
                    yield current
                current = (" – ".join(filter(None, (heading, node.title))), node.columns, rows)
    if current is not None:
        yield current


def header_of(parts: Sequence[Part]) -> Header:
    header = next((part.header for part in parts if part.header is not None), None)
    if header is None:
        raise ValueError("the document has no header")
    return header


def encode(parts: Sequence[Part], format_: str, setup: PageSetup = LETTER) -> bytes:
    """A whole document as pdf, xlsx, csv or html. Raises ValueError for a document without header."""
    header = header_of(parts)
    if format_ == "pdf":
        return write_pdf(list(paginate(parts, setup)), header.title, header.language)
    if format_ == "html":
        return write_html(parts, header)
    return write_xlsx(parts) if format_ == "xlsx" else write_csv(parts)


def table_tsv(parts: Sequence[Part]) -> str:
    """All tables with tabs between the cells, for the clipboard (V-21)."""
    language = header_of(parts).language
    lines: list[str] = []
    for title, columns, rows in tables_of(parts):
        lines.extend(([""] if lines else []) + ([_one_line(title)] if title else []))
        lines.append("\t".join(_one_line(column.title) for column in columns))
        lines.extend("\t".join(_one_line(_plain(cell, language)) for cell in row) for row in rows)
    return "\n".join(lines) + "\n"


def table_html(parts: Sequence[Part]) -> str:
    """The same for a letter or a sheet that takes HTML."""
    return write_html(parts, header_of(parts)).decode()


def _one_line(text: str) -> str:
    return _harmless(" ".join(text.split()))


def _facts(header: Header) -> list[tuple[str, str]]:
    """What a page says above its figures: shops, filters, when and by whom, and what is missing."""
    words = Texts(header.language)
    found = [(words("report.fact.shops"), header.subtitle), *header.facts]
    found.append((words("report.fact.data_as_of"), values.instant(header.data_as_of, header.zone, header.language)))
    if header.run_by:
        found.append((words("report.fact.run_by"), header.run_by))
    return [*found, *(("", notice) for notice in header.notices)]


def write_xlsx(parts: Sequence[Part]) -> bytes:
    """One sheet a table: facts in the first row, frozen header row, real numbers and days, intervals in own columns."""
    import xlsxwriter

    header = header_of(parts)
    buffer = BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": header.title})
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        "number": book.add_format({"num_format": "0.00", "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "facts": book.add_format({"italic": True}),
    }
    used: set[str] = set()
    for title, columns, rows in tables_of(parts):
        sheet = book.add_worksheet(_sheet_name(title or header.title, used))
        sheet.write_string(0, 0, "; ".join(f"{k}: {v}" if k else v for k, v in _facts(header)), formats["facts"])
        spread = [any(_has_interval(row[index]) for row in rows) for index in range(len(columns))]
        at = 0
        for index, column in enumerate(columns):
            sheet.set_column(at, at, max(8.0, column.width * 12))
            for suffix in ("", " (–)", " (+)") if spread[index] else ("",):
                sheet.write_string(1, at, column.title + suffix, formats["head"])
                at += 1
        sheet.freeze_panes(2, 0)
        for number, row in enumerate(rows, start=2):
            at = 0
            for index, cell in enumerate(row):
                at = _write(sheet, number, at, cell, formats, spread[index])
        if rows:
            sheet.autofilter(1, 0, len(rows) + 1, max(at - 1, 0))
    if not used:
        sheet = book.add_worksheet(_sheet_name(header.title, used))
        sheet.write_string(0, 0, "; ".join(f"{k}: {v}" if k else v for k, v in _facts(header)), formats["facts"])
    book.close()
    return buffer.getvalue()


def _write(sheet: Any, row: int, at: int, cell: Cell, formats: dict[str, Any], spread: bool) -> int:
    """Write one typed cell (a figure with its interval takes three columns); gives the next column."""
    if isinstance(cell, Linked):
        cell = cell.value
    if isinstance(cell, Figure):
        for value in (cell.value, cell.low, cell.high) if spread else (cell.value,):
            if value is not None:
                sheet.write_number(row, at, value, formats["number"])
            at += 1
        return at
    if isinstance(cell, Stars):
        if cell.value is not None:
            sheet.write_number(row, at, cell.value)
    elif isinstance(cell, Day):
        if cell.value is not None:
            sheet.write_datetime(row, at, cell.value, formats["day"])
    elif isinstance(cell, bool):
        sheet.write_boolean(row, at, cell)
    elif isinstance(cell, (int, float)):
        sheet.write_number(row, at, cell)
    elif cell is not None:
        sheet.write_string(row, at, _printable(cell)[:32767], formats["text"])
    return at + (3 if spread else 1)


def _has_interval(cell: Cell) -> bool:
    cell = cell.value if isinstance(cell, Linked) else cell
    return isinstance(cell, Figure) and cell.low is not None


def _printable(text: str) -> str:
    return "".join(char for char in text if char in "\n\t" or ord(char) >= 32)


def _sheet_name(title: str, used: set[str]) -> str:
    clean = "".join(char for char in title if char not in "[]:*?/\\'").strip()[:28] or "Report"
    name, number = clean, 2
    while name.lower() in used:
        name, number = f"{clean[:25]} {number}", number + 1
    used.add(name.lower())
    return name


def write_csv(parts: Sequence[Part]) -> bytes:
    """UTF-8 with BOM, the separator of the language's locale, one table below the other."""
    header = header_of(parts)
    separator = "," if header.language == "en" else ";"
    text = StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    for label, value in [("", header.title), *_facts(header)]:
        writer.writerow([_harmless(part) for part in (label, value) if part])
    for title, columns, rows in tables_of(parts):
        writer.writerow([])
        writer.writerow([_harmless(title)])
        writer.writerow([_harmless(column.title) for column in columns])
        writer.writerows([_plain(cell, header.language) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: Cell, language: str) -> str:
    """A cell as a spreadsheet of the language's locale reads it: numbers without groups of thousands."""
    if isinstance(cell, Linked):
        cell = cell.value
    if isinstance(cell, Figure):
        return "" if cell.value is None else values.ungrouped(cell.value, 4, language)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return values.ungrouped(cell, 0 if isinstance(cell, int) else 4, language)
    if isinstance(cell, str):
        return _harmless(cell)
    return values.words(cell, language)


def _harmless(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets a mark before it (formula injection)."""
    first = text.lstrip()[:1]
    if first not in ("=", "+", "-", "@") or not first or _NUMBER.fullmatch(text):
        return text
    return "'" + text
