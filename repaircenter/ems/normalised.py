"""The Estimate as the JSON object of `repaircenter ems show` (format: ems/normalised.md of the design papers)."""

from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from repaircenter.ems.estimate import Estimate, Line


def to_json(value: object) -> Any:
    """Decimals as strings with their decimals, days and instants in ISO form, values as objects, tuples as lists."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (tuple, list)):
        return [to_json(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    kind: Any = type(value)
    return {name: to_json(getattr(value, name)) for name in _names(kind)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def normalise(estimate: Estimate) -> dict[str, Any]:
    """The keys keep their meaning for ever; more may be added."""
    result: dict[str, Any] = {key: to_json(getattr(estimate, key)) for key in _PLAIN}
    result["lines"] = [_line(line) for line in estimate.lines]
    shop = estimate.shop
    result["people"] = {"estimator": estimate.estimator, "appraiser": estimate.appraiser}
    result["shop"] = {key: getattr(shop, key) for key in ("name", "phone", "email", "tax_id", "licence")}
    result["subtotals"] = [
        {
            "code": row.code,
            "description": row.description,
            "amount": to_json(row.amount),
            "hours": to_json(row.hours),
            **({"rollup": True} if row.rollup else {}),
        }
        for row in estimate.subtotals
    ]
    result["memos"] = {"options": estimate.memo_options, "damage": estimate.memo_damage, "note": estimate.memo_note}
    return result


def _line(line: Line) -> dict[str, Any]:
    """A set has hundreds of these, so they are written out."""
    return {
        "number": line.number,
        "description": line.description,
        "operation": line.operation,
        "part_type": line.part_type,
        "part_number": line.part_number,
        "quantity": _amount(line.quantity),
        "price": _amount(line.price),
        "misc": _amount(line.misc),
        "sublet": line.sublet,
        "version": line.version,
        "labor": [
            {"type": part.type, "hours": _amount(part.hours), "amount": _amount(part.amount), "included": part.included}
            for part in line.labor
        ],
    }


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


_PLAIN = (
    "system",
    "ems_version",
    "software_version",
    "country",
    "base",
    "estimate_id",
    "export_id",
    "ro_number",
    "version",
    "transaction",
    "created_at",
    "transmitted_at",
    "complete",
    "tables",
    "encoding",
    "customer",
    "insurer",
    "vehicle",
    "dates",
    "totals",
    "problems",
)
