"""Configuration > Shops and regions: the tree of the organisation, changed (MODULES 2)."""

import uuid
from typing import Any

from repaircenter.desk.account.account import Account
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.columns import Column
from repaircenter.desk.kit.lists.list_page import Listing
from repaircenter.desk.kit.operations import Command
from repaircenter.desk.settings.places.place_panel import NOTHING, PlacePanel
from repaircenter.desk.settings.places.place_words import MARKS, kind_of, path_of, place_name, rank
from repaircenter.desk.settings.records_page import RecordsPage
from repaircenter.shop.ports import PersonLink
from repaircenter.wire import endpoints
from repaircenter.wire.places import NewPlace, Place, PlaceChange, PlaceList
from repaircenter.wire.vocabulary import CHANGE_ORGANISATION


class PlacesPage(RecordsPage[Place, PlaceList]):
    """For whoever may change the organisation; anybody else is told so."""

    def __init__(self, context: DeskContext, account: Account) -> None:
        super().__init__(context, "places", account, CHANGE_ORGANISATION, NOTHING)
        self._by_id: dict[int, Place] = {}
        self.panel = self._panel = PlacePanel(context, self.keep, self.discard, self._remove)
        self._gone = Command(context.operations, self._panel.set_busy)
        self.build_records(self._make_columns(), "name", MARKS, self._panel)

    def _make_columns(self) -> tuple[Column[Place], ...]:
        return (
            Column(
                name="name",
                text=lambda place, context: place_name(place.kind, place.name, context),
                order=lambda place: (rank(place.kind), place.name.casefold()),
                width=200,
                grows=True,
                mark=lambda place: kind_of(place.kind),
            ),
            Column(
                name="kind",
                text=lambda place, context: context.words(f"desk.places.kind.{kind_of(place.kind)}"),
                order=lambda place: rank(place.kind),
                width=120,
            ),
            Column(name="above", text=self._path, order=lambda place: self._path(place, self.context), width=180, grows=True),
            Column(
                name="zone",
                text=lambda place, _context: "" if place.shop is None else place.shop.zone.replace("_", " "),
                order=lambda place: "" if place.shop is None else place.shop.zone,
                width=170,
            ),
            Column(
                name="phone",
                text=lambda place, _context: "" if place.shop is None else place.shop.phone,
                order=lambda place: "" if place.shop is None else place.shop.phone,
                width=140,
            ),
        )

    def _path(self, place: Place, context: DeskContext) -> str:
        return path_of(place, self._by_id, context)

    def key(self, row: Place) -> int:
        return row.node_id

    def ask(self, link: PersonLink) -> PlaceList:
        return link.call(endpoints.PLACES)

    def rows(self, listed: PlaceList, search: str) -> list[Place]:
        self._by_id = {place.node_id: place for place in listed.places}
        return [place for place in listed.places if search.casefold() in place.name.casefold()]

    def take(self, listing: Listing[Place]) -> None:
        super().take(listing)
        self._new.setVisible(self.listed.may_arrange)

    def change(self, record: Place | None) -> NewPlace | PlaceChange:
        key = uuid.uuid4().hex
        name, above, facts = self._panel.place()
        if record is None:
            return NewPlace(key=key, kind=self._panel.kind, name=name, parent_id=above, shop=facts)
        return PlaceChange(key=key, version=record.version, name=name, parent_id=above, shop=facts)

    def call(self, link: PersonLink, record: Place | None, asked: Any) -> Place:
        if record is None:
            return link.call(endpoints.ADD_PLACE, asked)
        return link.call(endpoints.CHANGE_PLACE, asked, node_id=record.node_id)

    def told(self, asked: Any, now: Place) -> str:
        what = "kept" if isinstance(asked, PlaceChange) else "added_shop" if now.shop is not None else "added"
        return self.context.words(f"desk.places.told_{what}", name=now.name)

    def _remove(self) -> None:
        """Take an empty place away."""
        link, place = self.link, self._panel.record
        if link is None or place is None:
            return

        def removed(_none: object) -> None:
            self.list.choose(None)
            self.show_record(None)
            self.context.tell(self.context.words("desk.places.told_removed", name=place.name))
            self.list.load()

        self._panel.say("")
        self._gone.run(lambda: link.call(endpoints.REMOVE_PLACE, node_id=place.node_id), removed, self._panel.say)
