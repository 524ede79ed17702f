"""SQL of the tree, in the scope of whoever manages it (migration 0041)."""

from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, text

from repaircenter.runtime.text import sort_key
from repaircenter.wire.places import ShopFacts
from repaircenter.wire.vocabulary import COUNTRY, NETWORK, REGION, SHOP

# From the top down.
RANKS: Final = (NETWORK, COUNTRY, REGION, SHOP)


class PlaceRow(NamedTuple):
    """A place within reach; its `parent_id` may be out of it."""

    id: int
    kind: str
    name: str
    version: int
    last_key: str | None
    parent_id: int | None
    shop_id: int | None
    shop: ShopFacts | None
    removable: bool


def lock(connection: Connection, org_id: int) -> None:
    """Let one transaction at a time change the tree of an organisation."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('places'), CAST(:org AS integer))"), {"org": org_id})


def places(connection: Connection) -> dict[int, PlaceRow]:
    """The places within reach by their numbers, those above before those below; the root has no name."""
    rows = connection.execute(
        text(
            "SELECT n.id, n.kind, coalesce(n.name, h.name, '') AS name, n.version, n.last_key, n.parent_id, n.shop_id, "
            "h.zone, h.language, h.address, h.phone, h.tax_id, h.licence, n.kind IN ('country', 'region') "
            "AND NOT EXISTS (SELECT 1 FROM node b WHERE b.parent_id = n.id) "
            "AND n.id NOT IN (SELECT rc_held_nodes()) AS removable FROM node n LEFT JOIN shop h ON h.id = n.shop_id "
            "WHERE n.id IN (SELECT rc_managed_nodes()) AND n.programme_id IS NULL AND (n.shop_id IS NULL OR h.id IS NOT NULL) "
            "ORDER BY rc_node_rank(n.kind), h.sort_key, n.name, n.id"
        )
    )
    return {row.id: PlaceRow._make((*row[:7], _facts(row), row.removable)) for row in rows}


def _facts(row: Row[Any]) -> ShopFacts | None:
    if row.shop_id is None:
        return None
    rest = {name: getattr(row, name) or "" for name in ("address", "phone", "tax_id", "licence")}
    return ShopFacts(zone=row.zone, language=row.language, **rest)


def add(
    connection: Connection, kind: str, name: str, parent_id: int, facts: ShopFacts | None, key: str
) -> int | None:
    """The number of a new place; None where the name is taken there."""
    node_id: int | None = connection.execute(
        text("SELECT rc_add_place(:kind, :name, :sort, :above, :zone, :language, :key, :address, :phone, :tax, :licence)"),
        {
            "kind": kind,
            "name": name,
            "sort": sort_key(name),
            "above": parent_id,
            "key": key,
            **_values(facts or ShopFacts(zone="", language="")),
        },
    ).scalar_one()
    return node_id


def change(connection: Connection, row: PlaceRow, name: str, parent_id: int, key: str) -> None:
    """Name and move a place; its version grows."""
    connection.execute(
        text(
            "UPDATE node SET name = CASE WHEN shop_id IS NULL THEN :name END, parent_id = :above, version = version + 1, "
            "last_key = :key WHERE id = :id"
        ),
        {"id": row.id, "name": name, "above": parent_id, "key": key},
    )


def change_shop(connection: Connection, shop_id: int, name: str, facts: ShopFacts) -> None:
    connection.execute(
        text(
            "UPDATE shop SET name = :name, sort_key = :sort, zone = :zone, language = :language, address = :address, "
            "phone = :phone, tax_id = :tax, licence = :licence WHERE id = :id"
        ),
        {"id": shop_id, "name": name, "sort": sort_key(name), **_values(facts)},
    )


def is_shop_called(connection: Connection, name: str, shop_id: int | None) -> bool:
    """Whether another shop of the organisation has a name, in sight or not."""
    called: bool = connection.execute(
        text("SELECT rc_shop_is_called(:name, :shop)"), {"name": name, "shop": shop_id}
    ).scalar_one()
    return called


def remove(connection: Connection, node_id: int) -> bool:
    """Take an empty place away; False where something stands below it or somebody holds a role there."""
    removed: bool = connection.execute(text("SELECT rc_remove_place(:id)"), {"id": node_id}).scalar_one()
    return removed


def _values(facts: ShopFacts) -> dict[str, str | None]:
    return {
        "zone": facts.zone,
        "language": facts.language,
        "address": facts.address or None,
        "phone": facts.phone or None,
        "tax": facts.tax_id or None,
        "licence": facts.licence or None,
    }
