"""Places of the tree in words and marks. No Qt here."""

from collections.abc import Mapping
from typing import Final

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.wire.places import Place
from repaircenter.wire.vocabulary import COUNTRY, NETWORK, REGION, SHOP

# From the top down.
KINDS: Final = (NETWORK, COUNTRY, REGION, SHOP)
# Mark -> (icon, colour of theme.py).
MARKS: Final = {
    NETWORK: ("sitemap-outline", "accent"),
    COUNTRY: ("map-outline", "soft"),
    REGION: ("map-marker-outline", "soft"),
    SHOP: ("store-outline", "ink"),
    "unknown": ("help-network-outline", "unknown"),
}
# What is offered: the clocks of North America and of Spanish-speaking Europe.
ZONES: Final = (
    *(f"America/{city}" for city in ("St_Johns", "Halifax", "Moncton", "Toronto", "Iqaluit", "Winnipeg", "Regina")),
    *(f"America/{city}" for city in ("Edmonton", "Whitehorse", "Vancouver", "New_York", "Detroit", "Chicago", "Denver")),
    *(f"America/{city}" for city in ("Phoenix", "Boise", "Los_Angeles", "Anchorage", "Puerto_Rico", "Mexico_City")),
    *(f"America/{city}" for city in ("Cancun", "Chihuahua", "Hermosillo", "Tijuana")),
    *("Pacific/Honolulu", "Atlantic/Canary", "Europe/Madrid", "Europe/Paris"),
)


def kind_of(kind: str) -> str:
    """A kind we know, or unknown."""
    return kind if kind in KINDS else "unknown"


def rank(kind: str) -> int:
    """0 the highest; -1 for what a newer service knows."""
    return KINDS.index(kind) if kind in KINDS else -1


def place_name(kind: str, name: str, context: DeskContext) -> str:
    return context.words("desk.people.everywhere") if kind == NETWORK else name


def path_of(place: Place, places: Mapping[int, Place], context: DeskContext) -> str:
    """The names of the places above, from the top down; the whole organisation is not said."""
    names: list[str] = []
    above = places.get(place.parent_id or 0)
    while above is not None and above.kind != NETWORK:
        names.insert(0, above.name)
        above = places.get(above.parent_id or 0)
    return " › ".join(names)
