"""Sorting a table of a document by one of its columns: numbers and days as such, texts without case or accents (V-14)."""

import re
from collections.abc import Sequence
from datetime import datetime, time

from msgspec.structs import replace

from repaircenter.runtime.text import sort_key
from repaircenter.wire.document.cells import Cell, Day, Figure, Icon, Linked, Stars
from repaircenter.wire.document.nodes import Node, Table
from repaircenter.wire.document.parts import Part

# Places that cannot be told apart: "3–7" stands after "3" and before "4".
_SHARED_RANKS = re.compile(r"(\d{1,6})–(\d{1,6})")


def sorted_parts(parts: Sequence[Part], table: int, column: int, *, descending: bool) -> list[Part]:
    """The document with the rows of its `table`-th table (from 0; continued pieces belong to it) in another order.

    Totals stay below; rows without a value come last either way. The sort is stable.
    """
    rows: list[list[Cell]] = []
    number = -1
    for part in parts:
        for node in part.nodes:
            if isinstance(node, Table):
                number += not node.continued
                if number == table:
                    rows.extend(node.rows)
    full = [row for row in rows if _value(row, column) is not None]
    full.sort(key=lambda row: _key(_value(row, column)), reverse=descending)
    ordered = [*full, *(row for row in rows if _value(row, column) is None)]
    return _filled(parts, table, ordered)


def _filled(parts: Sequence[Part], table: int, ordered: list[list[Cell]]) -> list[Part]:
    """The pieces keep their lengths; the rows go into them in the new order."""
    result: list[Part] = []
    number, at = -1, 0
    for part in parts:
        nodes: list[Node] = []
        for node in part.nodes:
            if isinstance(node, Table):
                number += not node.continued
                if number == table:
                    node, at = replace(node, rows=ordered[at : at + len(node.rows)]), at + len(node.rows)
            nodes.append(node)
        result.append(replace(part, nodes=nodes))
    return result


def _value(row: list[Cell], column: int) -> str | float | datetime | None:
    cell = row[column] if column < len(row) else None
    if isinstance(cell, Linked):
        cell = cell.value
    if isinstance(cell, Figure | Stars):
        return cell.value
    if isinstance(cell, Icon):
        return cell.words
    if isinstance(cell, Day):
        return None if cell.value is None else datetime.combine(cell.value, cell.at or time())
    if isinstance(cell, str) and (places := _SHARED_RANKS.fullmatch(cell)) is not None:
        best, worst = places.groups()
        return int(best) + int(worst) / 1e6
    return cell or None if isinstance(cell, str) else cell


def _key(value: str | float | datetime | None) -> tuple[int, float, str]:
    """Numbers before days before texts, should a column hold several kinds."""
    if isinstance(value, datetime):
        return 1, value.toordinal() + (value - datetime.combine(value, time())).total_seconds() / 86400, ""
    if isinstance(value, str):
        return 2, 0.0, sort_key(value)
    return 0, float(value or 0.0), ""
