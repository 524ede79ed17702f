"""DESIGN 5: a 200-page PDF with one chart against typst and QTextDocument, the first page, runs again and again."""

import html
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from repaircenter.rendering.pagination import paginate
from repaircenter.rendering.pdf import write_pdf
from repaircenter.wire.document.cells import Figure
from repaircenter.wire.document.charts import Bar, BarChart
from repaircenter.wire.document.nodes import Column, Table
from repaircenter.wire.document.parts import Header, Part
from tests.bench.row import Row

_ROWS = 9000
_WORDS = "The front bumper was painted well, and they called me twice to say when it would be ready"


def document(rows: int = _ROWS) -> list[Part]:
    """9,000 rows of five columns and one chart: about 200 pages."""
    header = Header(
        report="R-07",
        title="Bench",
        subtitle="North",
        facts=[("Period", "2026")],
        language="en",
        data_as_of=datetime(2026, 11, 2, tzinfo=UTC),
    )
    columns = [
        Column(title="Date", width=1.1),
        Column(title="RO", width=1.0),
        Column(title="Customer", width=1.8),
        Column(title="Mean", width=1.6, align="right"),
        Column(title="Comment", width=4.0),
    ]
    bars = [Bar(label=f"Question {n}", value=8.0 + n / 10, low=7.5, high=9.0, n=120) for n in range(8)]
    lines = [
        [
            f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}",
            f"R-{n}",
            f"Élise Gagné {n}",
            Figure(value=7 + n % 30 / 10, low=6.5, high=9.5, n=20),
            _WORDS[: 30 + n % 50],
        ]
        for n in range(rows)
    ]
    chart = BarChart(title="Means", bars=bars, minimum=1, maximum=10)
    return [Part(number=0, header=header, nodes=[chart, Table(columns=columns, rows=lines)], last=True)]  # type: ignore[arg-type]


def _ours() -> int:
    pages = list(paginate(document()))
    write_pdf(pages, "Bench", "en")
    return len(pages)


def _cells() -> tuple[list[str], list[list[str]]]:
    table = document()[0].nodes[1]
    assert isinstance(table, Table)
    return [column.title for column in table.columns], [
        [f"{cell.value:.2f} [{cell.low}; {cell.high}]" if isinstance(cell, Figure) else str(cell) for cell in row]
        for row in table.rows
    ]


def typst_document(name: str) -> int:
    """The same rows in typst, in a process of its own: it remembers a document it has set before."""
    import typst

    folder = Path(name)
    small = folder / "small.typ"
    small.write_text("Hello", "utf-8")
    typst.compile(str(small))  # its fonts are loaded
    heads, rows = _cells()

    def text(words: str) -> str:
        return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'

    bars = "".join(f"rect(width: {40 + n * 8}mm, height: 4mm, fill: blue)," for n in range(8))
    cells = ",".join(text(cell) for row in rows for cell in row)
    head = ",".join(text(word) for word in heads)
    source = folder / "bench.typ"
    source.write_text(
        '#set page(paper: "us-letter", margin: 15mm)\n#set text(size: 9pt)\n'
        f"#stack(spacing: 2mm, {bars})\n"
        f"#table(columns: (1.1fr, 1fr, 1.8fr, 1.6fr, 4fr), table.header({head}), {cells})\n",
        "utf-8",
    )
    start = time.perf_counter()
    typst.compile(str(source))
    print(time.perf_counter() - start)
    return 0


def text_document(folder: str) -> int:
    """QTextDocument with the same rows as an HTML table, printed to PDF (a process of its own: it needs Qt)."""
    from PySide6.QtCore import QMarginsF
    from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

    application = QGuiApplication([])
    start = time.perf_counter()
    heads, rows = _cells()
    head = "".join(f"<th>{html.escape(word)}</th>" for word in heads)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    writer = QPdfWriter(str(Path(folder) / "qt.pdf"))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.Letter))
    writer.setPageMargins(QMarginsF(15, 15, 15, 15), QPageLayout.Unit.Millimeter)
    paper = QTextDocument()
    paper.setHtml(f"<table width='100%'><thead><tr>{head}</tr></thead>{body}</table>")
    paper.print_(writer)
    print(time.perf_counter() - start)
    del application
    return 0


def _seconds(call: Callable[[], object], rounds: int) -> float:
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def _elsewhere(what: str, folder: str) -> float:
    command = [sys.executable, "-m", "tests.bench.pages", what, folder]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, timeout=600)
    return float(done.stdout)


def pages(short: bool) -> list[Row]:
    rounds = 1 if short else 3
    with tempfile.TemporaryDirectory() as name:
        count = _ours()
        ours = _seconds(_ours, rounds)
        typst = statistics.median(_elsewhere("typst", name) for _ in range(rounds))
        qt = _elsewhere("qt", name)
    parts = document()
    first = _seconds(lambda: next(iter(paginate(parts))), 5)
    note = f"{count} pages of {_ROWS} rows: ours {ours:.2f} s"
    return [
        Row("PDF: typst / ours", typst / ours, 2, 0.5, f"{note}, typst {typst:.2f} s", least=True),
        Row("PDF: QTextDocument / ours", qt / ours, 4, 1, f"{note}, QTextDocument {qt:.2f} s", least=True),
        Row("first page after the data is there, ms", first * 1000, 100, 1000, f"of {count} pages"),
    ]


if __name__ == "__main__":
    sys.exit({"typst": typst_document, "qt": text_document}[sys.argv[1]](sys.argv[2]))
