"""The tree of an organisation at a service, by hand: it does what is asked and remembers it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from repaircenter.shop.ports import ServiceRefused
from repaircenter.wire import endpoints
from repaircenter.wire.places import NewPlace, Place, PlaceChange, PlaceList, ShopFacts

ALL, EAST, EMPTY, NORD = 1, 2, 3, 4
FACTS = ShopFacts(zone="America/Toronto", language="fr", address="1 rue X", phone="514 555 0100")


def _places() -> list[Place]:
    return [
        Place(node_id=ALL, kind="network", name="", version=1),
        Place(node_id=EAST, kind="region", name="Est", version=1, parent_id=ALL),
        Place(node_id=EMPTY, kind="region", name="Vide", version=1, parent_id=ALL, removable=True),
        Place(node_id=NORD, kind="shop", name="Nord", version=3, parent_id=EAST, shop=FACTS),
    ]


@dataclass
class FakePlaces:
    """`asked` is what was asked for; it refuses with a code."""

    places: list[Place] = field(default_factory=_places)
    may_arrange: bool = True
    asked: list[Any] = field(default_factory=list)
    refusal: str = ""

    def answers(self) -> dict[Any, Callable[..., Any]]:
        return {
            endpoints.PLACES: lambda: PlaceList(places=list(self.places), may_arrange=self.may_arrange),
            endpoints.ADD_PLACE: self.add,
            endpoints.CHANGE_PLACE: self.change,
            endpoints.REMOVE_PLACE: self.remove,
        }

    def add(self, new: NewPlace) -> Place:
        self._ask(new)
        now = Place(node_id=9, kind=new.kind, name=new.name, version=1, parent_id=new.parent_id, shop=new.shop)
        self.places.append(now)
        return now

    def change(self, change: PlaceChange, node_id: int) -> Place:
        self._ask(change)
        before = next(one for one in self.places if one.node_id == node_id)
        now = msgspec.structs.replace(
            before, version=before.version + 1, name=change.name, parent_id=change.parent_id, shop=change.shop
        )
        self.places = [now if one.node_id == node_id else one for one in self.places]
        return now

    def remove(self, node_id: int) -> None:
        self._ask(node_id)
        self.places = [one for one in self.places if one.node_id != node_id]

    def _ask(self, asked: Any) -> None:
        self.asked.append(asked)
        if self.refusal:
            raise ServiceRefused(self.refusal)
