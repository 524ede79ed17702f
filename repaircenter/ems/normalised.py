"""The Estimate as the JSON object of `repaircenter ems show` (format: ems/normalised.md of the design papers)."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from repaircenter.ems.estimate import Estimate


def to_json(value: object) -> Any:
    """Decimals as strings with their decimals, days and instants in ISO form, tuples as lists."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    return value


def normalise(estimate: Estimate) -> dict[str, Any]:
    """The keys keep their meaning for ever; more may be added."""
    flat = asdict(estimate)
    result: dict[str, Any] = {key: to_json(flat[key]) for key in _PLAIN}
    shop = flat["shop"]
    result["people"] = {"estimator": estimate.estimator, "appraiser": estimate.appraiser}
    result["shop"] = {key: shop[key] for key in ("name", "phone", "email", "tax_id", "licence")}
    result["subtotals"] = [
        {key: to_json(row[key]) for key in ("code", "description", "amount", "hours")}
        | ({"rollup": True} if row["rollup"] else {})
        for row in flat["subtotals"]
    ]
    result["memos"] = {"options": estimate.memo_options, "damage": estimate.memo_damage, "note": estimate.memo_note}
    return result


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
    "lines",
    "totals",
    "problems",
)
