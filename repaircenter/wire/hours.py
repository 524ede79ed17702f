"""When shops are open: alerts are due in open hours (requirements 6.1)."""

from datetime import date

from msgspec import Struct


class Hours(Struct, frozen=True, kw_only=True):
    """`opening` as `{"mon": ["08:00-12:00", "13:30-18:00"]}`, a day that is not named is closed; None: as in the place
    above. `closed` are days off beside those of the places above."""

    opening: dict[str, list[str]] | None = None
    closed: list[date] = []


class PlaceHours(Struct, frozen=True, kw_only=True):
    """A place of the tree with its hours; `above` are those it would have without its own. `version` is what a change
    must have seen."""

    node_id: int
    kind: str
    name: str
    version: int
    hours: Hours
    above: Hours
    parent_id: int | None = None


class HoursList(Struct, frozen=True, kw_only=True):
    places: list[PlaceHours]


class HoursChange(Struct, frozen=True, kw_only=True):
    """The hours of a place as they shall be. `key` is made once for what is done, so that it is done once."""

    key: str
    version: int
    hours: Hours
