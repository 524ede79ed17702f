"""What figures are compared with from outside: the programmes' targets, values others published (requirements 7.8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class External:
    """A published value of a measure."""

    segment: str
    value: float
    source: str
    as_of: date


def targets(connection: Connection, shops: Sequence[int], programme_id: int | None) -> dict[int, dict[str, float]]:
    """Shop -> question or measure -> the target all its programmes share."""
    rows = connection.execute(
        text(
            "SELECT e.shop_id, p.targets FROM enrolment e JOIN programme p ON p.id = e.programme_id "
            "WHERE e.active AND p.active AND e.shop_id = ANY(:shops) "
            "AND (p.id = :programme OR CAST(:programme AS bigint) IS NULL)"
        ),
        {"shops": list(shops), "programme": programme_id},
    )
    targets: dict[int, dict[str, float]] = {}
    for row in rows:
        shared = targets.get(row.shop_id, row.targets)
        targets[row.shop_id] = {key: value for key, value in shared.items() if row.targets.get(key) == value}
    return targets


def common(targets: dict[int, dict[str, float]], shops: Sequence[int]) -> dict[str, float]:
    """The targets all these shops share."""
    if not shops:
        return {}
    first = targets.get(shops[0], {})
    return {key: value for key, value in first.items() if all(targets.get(s, {}).get(key) == value for s in shops)}


def externals(connection: Connection, metric: str, until: date) -> list[External]:
    """The newest value of each segment."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT ON (segment) segment, value, source, as_of FROM external_benchmark "
            "WHERE metric = :metric AND as_of <= :until ORDER BY segment, as_of DESC"
        ),
        {"metric": metric, "until": until},
    )
    return [External(*row) for row in rows]
