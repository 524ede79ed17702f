"""What the desk asks about the tree of an organisation, and what people change of it (MODULES 2)."""

from repaircenter.central.accounts import places_queries as queries
from repaircenter.central.accounts.places_queries import RANKS, PlaceRow
from repaircenter.central.core.calls import Call, serves
from repaircenter.central.core.http import refuse
from repaircenter.runtime.days import is_zone
from repaircenter.runtime.text import LANGUAGES, clean_line
from repaircenter.wire import endpoints
from repaircenter.wire.places import NewPlace, Place, PlaceChange, PlaceList, ShopFacts
from repaircenter.wire.vocabulary import COUNTRY, REGION, SHOP

_LONGEST_KEY, _LONGEST_NAME, _LONGEST_FACT = 64, 80, 200


@serves(endpoints.PLACES)
def places(call: Call) -> PlaceList:
    rows = queries.places(call.connection)
    return PlaceList(places=[_told(row) for row in rows.values()], may_arrange=call.manages_all)


@serves(endpoints.ADD_PLACE)
def add_place(call: Call, asked: NewPlace) -> Place:
    """Add a country, a region or a shop, once."""
    connection, key = call.connection, asked.key[:_LONGEST_KEY]
    _arrange(call)
    rows = queries.places(connection)
    known = next((row for row in rows.values() if row.last_key == key), None)
    if known is not None:
        return _told(known)
    if asked.kind not in (COUNTRY, REGION, SHOP) or (asked.kind == SHOP) != (asked.shop is not None):
        refuse(422, "not_possible")
    name = _name(asked.name)
    _check_above(rows, asked.kind, asked.parent_id)
    _check_taken(call, rows, None, asked.kind, name, asked.parent_id)
    facts = None if asked.shop is None else _facts(asked.shop)
    node_id = queries.add(connection, asked.kind, name, asked.parent_id, facts, key)
    if node_id is None:
        refuse(409, "place_taken")
    # A new shop comes into sight with the next request: this one's scope was signed before.
    return Place(
        node_id=node_id, kind=asked.kind, name=name, version=1, parent_id=asked.parent_id, shop=facts, removable=facts is None
    )


@serves(endpoints.CHANGE_PLACE)
def change_place(call: Call, asked: PlaceChange, node_id: int) -> Place:
    """Name, move and describe a place, once; refuse what was asked of a version that is not the present one (409)."""
    connection, key = call.connection, asked.key[:_LONGEST_KEY]
    queries.lock(connection, call.caller.org_id)
    rows = queries.places(connection)
    row = rows.get(node_id)
    if row is None:
        refuse(404, "not_there")
    if row.last_key == key:
        return _told(row)
    if row.version != asked.version:
        refuse(409, "changed_meanwhile")
    if row.kind not in (COUNTRY, REGION, SHOP) or (asked.shop is not None and row.shop is None):
        refuse(422, "not_possible")
    name = _name(asked.name)
    if (name, asked.parent_id) != (row.name, row.parent_id):
        is_moved = asked.parent_id != row.parent_id
        if not call.manages_all and (is_moved or row.kind != SHOP):
            refuse(403, "beyond_reach")
        if is_moved:
            _check_above(rows, row.kind, asked.parent_id)
        _check_taken(call, rows, row, row.kind, name, asked.parent_id)
    queries.change(connection, row, name, asked.parent_id, key)
    if row.shop_id is not None:
        facts = row.shop if asked.shop is None else _facts(asked.shop)
        assert facts is not None, "every shop has facts"
        queries.change_shop(connection, row.shop_id, name, facts)
    return _told(queries.places(connection)[node_id])


@serves(endpoints.REMOVE_PLACE)
def remove_place(call: Call, node_id: int) -> None:
    """Take an empty country or region away; once more it does nothing."""
    _arrange(call)
    row = queries.places(call.connection).get(node_id)
    if row is not None and not queries.remove(call.connection, node_id):
        refuse(422, "place_in_use")


def _arrange(call: Call) -> None:
    queries.lock(call.connection, call.caller.org_id)
    if not call.manages_all:
        refuse(403, "beyond_reach")


def _name(text: str) -> str:
    name = " ".join(clean_line(text).split())
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        refuse(422, "bad_name")
    return name


def _check_above(rows: dict[int, PlaceRow], kind: str, parent_id: int) -> None:
    """A place stands below one of a higher kind that is within reach: there is no circle."""
    above = rows.get(parent_id)
    if above is None or RANKS.index(above.kind) >= RANKS.index(kind):
        refuse(422, "bad_parent")


def _check_taken(call: Call, rows: dict[int, PlaceRow], row: PlaceRow | None, kind: str, name: str, parent_id: int) -> None:
    """Shops are told apart by their names everywhere, other places among those beside them."""
    if kind == SHOP:
        is_taken = queries.is_shop_called(call.connection, name, None if row is None else row.shop_id)
    else:
        others = (one for one in rows.values() if one is not row and (one.kind, one.parent_id) == (kind, parent_id))
        is_taken = any(one.name.casefold() == name.casefold() for one in others)
    if is_taken:
        refuse(409, "place_taken")


def _facts(facts: ShopFacts) -> ShopFacts:
    if not is_zone(facts.zone):
        refuse(422, "bad_zone")
    if facts.language not in LANGUAGES:
        refuse(422, "not_possible")
    rest = {name: clean_line(getattr(facts, name))[:_LONGEST_FACT] for name in ("address", "phone", "tax_id", "licence")}
    return ShopFacts(zone=facts.zone, language=facts.language, **rest)


def _told(row: PlaceRow) -> Place:
    return Place(
        node_id=row.id,
        kind=row.kind,
        name=row.name,
        version=row.version,
        parent_id=row.parent_id,
        shop=row.shop,
        removable=row.removable,
    )


HANDLERS = (places, add_place, change_place, remove_place)
