"""Documents -> one HTML file that needs nothing else: headings, tables with their heads, charts as pictures with words.

Readable by a screen reader and on a small screen; nothing in it is run or fetched (V-19).
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from itertools import count

from repaircenter.rendering import charts, values
from repaircenter.rendering.flat import facts_of
from repaircenter.rendering.svg import svg
from repaircenter.rendering.tables import titles
from repaircenter.wire.document.cells import Cell, Figure, Linked
from repaircenter.wire.document.charts import BarChart, Chart, ColumnChart, LineChart, StackedChart
from repaircenter.wire.document.nodes import Cards, Column, Empty, Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Header, Part

_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.45 "Source Sans Pro", "Segoe UI", sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1c2530; background: #fff; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; } p.soft { color: #566270; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; } caption { text-align: left; font-weight: 600; }
th { background: #eef1f4; text-align: left; } th, td { padding: .3rem .5rem; border-bottom: 1px solid #d9dfe5;
  vertical-align: top; overflow-wrap: break-word; min-width: 2.5rem; } td.d, td.r { white-space: nowrap; }
  .r { text-align: right; font-variant-numeric: tabular-nums; }
tfoot td { font-weight: 600; } small { color: #566270; } .muted { color: #616b76; font-style: italic; }
dl.cards { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0; } dl.cards div { background: #eef1f4;
  border-left: 4px solid #3f74b5; padding: .5rem .75rem; min-width: 9rem; } dl.cards dd { margin: 0; font-size: 1.5rem;
  font-weight: 600; } dl.cards small { display: block; font-size: .8rem; font-weight: 400; }
figure { margin: 1rem 0; background: #fff; } svg { width: 100%; height: auto; font-family: "Source Sans Pro", sans-serif; }
div.wide { overflow-x: auto; }
@media (prefers-color-scheme: dark) { body { background: #15191e; color: #e6eaee; } th { background: #232a32; }
  dl.cards div { background: #232a32; } th, td { border-color: #333d47; } small, p.soft, .muted { color: #a9b4bf; } }
img.logo { float: right; max-width: 11rem; max-height: 4rem; }
@media print { body { margin: 0; max-width: none; } tr, figure, dl.cards { break-inside: avoid; } }
"""
_CHART_MM = 180.0
_ARROWS = {"up": "▲ ", "down": "▼ ", "same": "• "}


def write_html(parts: Sequence[Part], header: Header) -> bytes:
    """The whole document as UTF-8."""
    language = header.language
    facts = [fact for fact in facts_of(header)[1:] if fact[0]]
    notices = "".join(f"<p><strong>{escape(notice)}</strong></p>" for notice in header.notices)
    out = [
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(header.title)}</title><style>{_STYLE}</style></head><body><header>{_logo(header)}"
        f"<h1>{escape(header.title)}</h1>"
        f"<p>{escape(header.subtitle)}</p>"
        f'<p class="soft">{escape(" · ".join(values.labelled(*fact, language) for fact in facts))}</p>{notices}</header><main>'
    ]
    out.extend(_nodes(parts, language))
    out.append("</main></body></html>\n")
    return "".join(out).encode()


def _logo(header: Header) -> str:
    """Within the page, which leads nowhere outside."""
    if not header.logo:
        return ""
    return f'<img class="logo" alt="" src="data:image/png;base64,{b64encode(header.logo).decode()}">'


def _nodes(parts: Sequence[Part], language: str) -> Iterator[str]:
    """A table that goes on in the next part is one table here."""
    open_table = ""
    for node in (node for part in parts for node in part.nodes):
        if open_table and not (isinstance(node, Table) and node.continued):
            yield open_table
            open_table = ""
        if isinstance(node, Table):
            if not node.continued or not open_table:
                yield _table_head(node, language)
            yield "".join(_row(node.columns, row, language) for row in node.rows)
            total = "" if node.total is None else f"<tfoot>{_row(node.columns, node.total, language)}</tfoot>"
            open_table = f"</tbody>{total}</table></div>"
        else:
            yield _node(node, language)
    yield open_table


def _node(node: Node, language: str) -> str:
    if isinstance(node, Heading):
        level = min(node.level + 1, 4)
        return f"<h{level}>{escape(node.text)}</h{level}>"
    if isinstance(node, Paragraph):
        return f"<p{' class=soft' if node.style == 'note' else ''}>{escape(node.text)}</p>"
    if isinstance(node, Empty):
        items = "".join(f"<li>{escape(words)}</li>" for _, words in node.suggestions)
        return f"<p><strong>{escape(node.text)}</strong></p><ul>{items}</ul>"
    if isinstance(node, Cards):
        cards = []
        for card in node.cards:
            value, interval = values.figure(card.figure, language)
            note = " · ".join(part for part in (f"{interval} {card.note}".strip(), *card.said) if part)
            cards.append(
                f"<div><dt>{escape(card.label)}</dt><dd>{escape(value)}<small>{escape(note)}</small></dd></div>"
            )
        return f'<dl class="cards">{"".join(cards)}</dl>'
    if isinstance(node, Chart):
        operations = charts.draw(node, 0.0, 0.0, _CHART_MM, language)
        return f"<figure>{svg(operations, _CHART_MM, charts.height(node), _said(node, language))}</figure>"
    return ""


def _said(chart: Chart, language: str) -> str:
    """The chart in words: its title and what it shows."""
    if isinstance(chart, BarChart):
        told = [f"{bar.label} {values.number(bar.value, 2, language)}" for bar in chart.bars if bar.value is not None]
    elif isinstance(chart, LineChart):
        first = chart.series[0].values if chart.series else []
        told = [
            f"{name} {values.number(value, 2, language)}"
            for name, value in zip(chart.labels, first, strict=False)
            if value is not None
        ]
    elif isinstance(chart, ColumnChart):
        told = [f"{column.label}: {column.value}" for column in chart.columns]
    elif isinstance(chart, StackedChart):
        told = [
            f"{row.label}: " + ", ".join(f"{name} {n}" for name, n in zip(chart.segments, row.values, strict=False))
            for row in chart.rows
        ]
    else:
        told = []
    return f"{chart.title}. {'; '.join(told)}".strip()


def _table_head(node: Table, language: str) -> str:
    caption = f"<caption>{escape(node.title)}</caption>" if node.title else ""
    heads = "".join(
        f'<th scope="col"{_aligned(column)}>{escape(title)}</th>'
        for column, title in zip(node.columns, titles(node, language), strict=True)
        if column.on_page
    )
    return f'<div class="wide"><table>{caption}<thead><tr>{heads}</tr></thead><tbody>'


def _row(columns: Sequence[Column], row: Sequence[Cell], language: str) -> str:
    cells = []
    for number, column in zip(count(), columns):
        if not column.on_page:
            continue
        cell = row[number] if number < len(row) else None
        value, interval = values.shown(cell, language)
        small = f" <small>{escape(interval)}</small>" if interval else ""
        # A spreadsheet that is given this keeps a text as a text.
        plain = cell.value if isinstance(cell, Linked) else cell
        as_text = " style=\"mso-number-format:'\\@'\"" if isinstance(plain, str) else ""
        mark = _ARROWS.get(plain.direction or "", "") if isinstance(plain, Figure) else ""
        kinds = [
            name
            for name, is_so in (
                ("r", column.align == "right"),
                ("d", column.kind in ("date", "instant")),
                ("muted", isinstance(plain, Figure) and plain.muted),
            )
            if is_so
        ]
        named = f' class="{" ".join(kinds)}"' if kinds else ""
        cells.append(f"<td{named}{as_text}>{mark}{escape(value)}{small}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _aligned(column: Column) -> str:
    return ' class="r"' if column.align == "right" else ""
