"""Opening hours at a service, by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from repaircenter.shop.ports import ServiceRefused
from repaircenter.wire import endpoints
from repaircenter.wire.hours import Hours, HoursChange, HoursList, PlaceHours

USUAL = {day: ["08:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
ALL, NORD = 1, 3


def _places() -> list[PlaceHours]:
    above = Hours(opening=USUAL, closed=[date(2026, 12, 25)])
    every = Hours(closed=[date(2026, 12, 25)])
    return [
        PlaceHours(node_id=ALL, kind="network", name="", version=1, hours=every, above=Hours(opening=USUAL)),
        PlaceHours(node_id=NORD, kind="shop", name="Nord", version=1, hours=Hours(), above=above, parent_id=ALL),
    ]


@dataclass
class FakeHours:
    """`asked` is what was asked for; it refuses with a code."""

    places: list[PlaceHours] = field(default_factory=_places)
    asked: list[HoursChange] = field(default_factory=list)
    refusal: str = ""

    def answers(self) -> dict[Any, Callable[..., Any]]:
        return {endpoints.HOURS: lambda: HoursList(places=list(self.places)), endpoints.CHANGE_HOURS: self.change}

    def change(self, change: HoursChange, node_id: int) -> PlaceHours:
        self.asked.append(change)
        if self.refusal:
            raise ServiceRefused(self.refusal)
        before = next(one for one in self.places if one.node_id == node_id)
        now = msgspec.structs.replace(before, version=before.version + 1, hours=change.hours)
        self.places = [now if one.node_id == node_id else one for one in self.places]
        return now
