"""SQL of calendars: hours and days off stand at the nodes of the tree."""

import json
from collections.abc import Sequence
from datetime import date, time
from typing import NamedTuple

from sqlalchemy import Connection, text

from repaircenter.central.calendars.rules import Calendar, read_week

# Where nobody entered hours: Monday to Friday, eight to five.
USUAL_HOURS = {day: ["08:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
USUAL_WEEK = (((time(8), time(17)),),) * 5 + ((),) * 2


def calendar_of(connection: Connection, shop_id: int) -> Calendar:
    """Return the opening hours of a shop (its own, else those of the nearest place above it, else the usual ones) and
    its days off with those of all places above."""
    row = connection.execute(
        text(
            "WITH RECURSIVE above (parent_id, opening, closed, height) AS ("
            " SELECT parent_id, opening, closed, 0 FROM node WHERE shop_id = :shop "
            " UNION ALL SELECT n.parent_id, n.opening, n.closed, a.height + 1 FROM above a JOIN node n ON n.id = a.parent_id) "
            "SELECT (SELECT zone FROM shop WHERE id = :shop) AS zone, "
            "(SELECT opening FROM above WHERE opening IS NOT NULL ORDER BY height LIMIT 1) AS opening, "
            "ARRAY(SELECT DISTINCT day FROM above, unnest(closed) AS day) AS closed"
        ),
        {"shop": shop_id},
    ).one()
    week = USUAL_WEEK if row.opening is None else read_week(row.opening)
    return Calendar(row.zone, week, frozenset(row.closed))


def days_off(connection: Connection, shops: Sequence[int]) -> dict[int, frozenset[date]]:
    """Return the days off of shops, with those of all places above them."""
    rows = connection.execute(
        text(
            "WITH RECURSIVE above (shop_id, parent_id, closed) AS ("
            " SELECT shop_id, parent_id, closed FROM node WHERE shop_id = ANY(:shops) "
            " UNION ALL SELECT a.shop_id, n.parent_id, n.closed FROM above a JOIN node n ON n.id = a.parent_id) "
            "SELECT a.shop_id, array_agg(DISTINCT day) AS closed FROM above a, unnest(a.closed) AS day GROUP BY a.shop_id"
        ),
        {"shops": list(shops)},
    )
    closed = {row.shop_id: frozenset(row.closed) for row in rows}
    return {shop: closed.get(shop, frozenset()) for shop in shops}


class PlaceRow(NamedTuple):
    """A node with its own hours."""

    id: int
    parent_id: int | None
    kind: str
    name: str
    opening: dict[str, list[str]] | None
    closed: list[date]
    version: int
    last_key: str | None
    managed: bool


def places(connection: Connection) -> list[PlaceRow]:
    """Every node of the organisation that has hours, those above before those below; `managed` ones are within reach."""
    rows = connection.execute(
        text(
            "SELECT n.id, n.parent_id, n.kind, coalesce(n.name, h.name, ''), n.opening, n.closed, n.version, n.last_key, "
            "n.id IN (SELECT rc_managed_nodes()) FROM node n LEFT JOIN shop h ON h.id = n.shop_id "
            "WHERE n.kind <> 'programme' "
            "ORDER BY rc_node_rank(n.kind), h.sort_key, n.name, n.id"
        )
    )
    return [PlaceRow._make(row) for row in rows]


def change(
    connection: Connection, node_id: int, key: str, opening: dict[str, list[str]] | None, closed: list[date]
) -> None:
    """Set the hours of a place; its version grows."""
    connection.execute(
        text(
            "UPDATE node SET opening = CAST(:opening AS jsonb), closed = CAST(:closed AS date[]), version = version + 1, "
            "last_key = :key WHERE id = :id"
        ),
        {"id": node_id, "key": key, "opening": None if opening is None else json.dumps(opening), "closed": closed},
    )
