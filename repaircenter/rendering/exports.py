"""Documents -> files in any format, CSV and the clipboard here, from the typed cells and not from the pages (V-19)."""

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO

from repaircenter.rendering import values
from repaircenter.rendering.drawing import LETTER, PageSetup
from repaircenter.rendering.flat import FlatTable, expanded, facts_of, flat_tables, header_of, why_empty
from repaircenter.rendering.html import write_html
from repaircenter.rendering.pagination import paginate
from repaircenter.rendering.pdf import write_pdf
from repaircenter.rendering.workbook import write_xlsx
from repaircenter.wire.document.cells import Figure, Plain
from repaircenter.wire.document.parts import Part

# Negative numbers of our own making are no formulas.
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?|=\d{1,6}")


def encode(parts: Sequence[Part], format_: str, setup: PageSetup = LETTER) -> bytes:
    """A whole document as pdf, xlsx, csv or html. Raises ValueError for a document without header."""
    header = header_of(parts)
    if format_ == "pdf":
        return write_pdf(list(paginate(parts, setup)), header.title, header.language, header.subtitle)
    if format_ == "html":
        return write_html(parts, header)
    return write_xlsx(parts) if format_ == "xlsx" else write_csv(parts)


def table_tsv(parts: Sequence[Part]) -> str:
    """All tables with tabs between the cells, for the clipboard (V-21)."""
    language = header_of(parts).language
    lines: list[str] = []
    for table in flat_tables(parts):
        if lines:
            lines.append("")
        if table.name:
            lines.append(_one_line(table.name))
        lines.extend("\t".join(map(_one_line, line)) for line in _lines(table, language))
    return "\n".join(lines) + "\n"


def table_html(parts: Sequence[Part]) -> str:
    """The same for a letter or a sheet that takes HTML."""
    return write_html(parts, header_of(parts)).decode()


def _one_line(text: str) -> str:
    return _harmless(" ".join(text.split()))


def write_csv(parts: Sequence[Part]) -> bytes:
    """UTF-8 with BOM, the separator of the language's locale, one table below the other."""
    header = header_of(parts)
    separator = "," if header.language != "fr" else ";"
    text = StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    for label, value in [("", header.title), *facts_of(header)]:
        writer.writerow([_harmless(part) for part in (label, value) if part])
    for sentence in why_empty(parts):
        writer.writerow([_harmless(sentence)])
    for table in flat_tables(parts):
        writer.writerow([])
        writer.writerow([_harmless(table.name)])
        writer.writerows(_lines(table, header.language))
    return text.getvalue().encode("utf-8-sig")


def _lines(table: FlatTable, language: str) -> Iterator[list[str]]:
    """Titles, rows and the total, each cell as a text."""
    spread = table.spread()
    yield [_harmless(title) for title in table.titles(spread, language)]
    for row in [*table.rows, *([table.total] if table.total is not None else [])]:
        yield [_plain(cell, language) for cell in expanded(row, spread)]


def _plain(cell: Plain, language: str) -> str:
    """A cell as a spreadsheet of the language's locale reads it: numbers without groups of thousands."""
    if isinstance(cell, Figure):
        return "" if cell.value is None else _number(cell.value, language)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _number(cell, language)
    if isinstance(cell, str):
        return _harmless(cell)
    return values.words(cell, language)


def _number(value: float, language: str) -> str:
    """Up to four decimals, as many as it has."""
    text = values.ungrouped(value, 4, language)
    return text.rstrip("0").rstrip(".,")


def _harmless(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets a mark before it (formula injection)."""
    first = text.lstrip()[:1]
    if first not in ("=", "+", "-", "@") or not first or _NUMBER.fullmatch(text):
        return text
    return "'" + text
