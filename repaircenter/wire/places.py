"""The tree of an organisation: countries, regions and shops, and what is known of a shop (MODULES 2)."""

from msgspec import Struct


class ShopFacts(Struct, frozen=True, kw_only=True):
    """What letters, reports and clocks take from a shop. `zone` is its time zone as America/Toronto, `language` that of its
    letters where a customer's is not known."""

    zone: str
    language: str
    address: str = ""
    phone: str = ""
    tax_id: str = ""
    licence: str = ""


class Place(Struct, frozen=True, kw_only=True):
    """A place within reach: `kind` is network (all of it), country, region or shop; `shop` are the facts of a shop alone.
    `version` is what a change must have seen. With `removable` nothing stands below it and nobody holds a role there."""

    node_id: int
    kind: str
    name: str
    version: int
    parent_id: int | None = None
    shop: ShopFacts | None = None
    removable: bool = False


class PlaceList(Struct, frozen=True, kw_only=True):
    """`may_arrange` for whoever manages every shop: they add, move and remove places."""

    places: list[Place]
    may_arrange: bool


class NewPlace(Struct, frozen=True, kw_only=True):
    """A place below another one. `key` is made once for what is done, so that it is done once."""

    key: str
    kind: str
    name: str
    parent_id: int
    shop: ShopFacts | None = None


class PlaceChange(Struct, frozen=True, kw_only=True):
    """A place as it shall be; `shop` None keeps a shop's facts as they are."""

    key: str
    version: int
    name: str
    parent_id: int
    shop: ShopFacts | None = None
