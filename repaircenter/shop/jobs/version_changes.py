"""What changed between two versions of an estimate, from their normalised contents. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from repaircenter.shop.model.job import Version

# Paths of the normalised estimate people look at, in the order they are shown.
FIELDS = (
    "ro_number",
    "customer.first_name",
    "customer.last_name",
    "customer.company",
    "customer.email",
    "customer.phones",
    "vehicle.vin",
    "vehicle.plate",
    "vehicle.year",
    "vehicle.make",
    "vehicle.model",
    "insurer.name",
    "insurer.claim_number",
    "people.estimator",
    "people.appraiser",
    "dates.arrived",
    "dates.promised",
    "dates.delivered",
    "totals.gross",
    "totals.deductible",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `what` is a field's path, or line_added, line_removed, line_changed with the line's text."""

    what: str
    before: str
    after: str


def changes(older: Version, newer: Version) -> list[Change]:
    """Fields first, then lines; an empty list when nothing people look at changed, or a content was blanked."""
    before, after = json.loads(older.content), json.loads(newer.content)
    if not before or not after:
        return []
    return [*_fields(before, after), *_lines(before.get("lines", []), after.get("lines", []))]


def _fields(older: dict[str, Any], newer: dict[str, Any]) -> Iterator[Change]:
    for path in FIELDS:
        before, after = _at(older, path), _at(newer, path)
        if before != after:
            yield Change(path, before, after)


def _at(content: Any, path: str) -> str:
    for name in path.split("."):
        content = content.get(name) if isinstance(content, dict) else None
    return ", ".join(map(str, content)) if isinstance(content, list) else "" if content is None else str(content)


def _lines(older: list[dict[str, Any]], newer: list[dict[str, Any]]) -> Iterator[Change]:
    """Lines are the same when their number and description are."""
    before, after = ({_mark(line): line for line in lines} for lines in (older, newer))
    for mark, line in after.items():
        if mark not in before:
            yield Change("line_added", "", _line_text(line))
        elif _line_text(before[mark]) != _line_text(line):
            yield Change("line_changed", _line_text(before[mark]), _line_text(line))
    for mark, line in before.items():
        if mark not in after:
            yield Change("line_removed", _line_text(line), "")


def _mark(line: dict[str, Any]) -> tuple[Any, Any]:
    return line.get("number"), line.get("description")


def _line_text(line: dict[str, Any]) -> str:
    hours = sum(float(part["hours"] or 0) for part in line.get("labor", []))
    parts = (line.get("description"), line.get("part_number"), line.get("price"), f"{hours:g} h" if hours else None)
    return " · ".join(str(part) for part in parts if part)
