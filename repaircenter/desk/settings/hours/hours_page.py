"""Configuration > Opening hours and holidays: alerts are due in open hours (requirements 6.1; UI.md)."""

import uuid
from typing import Any

from babel.dates import get_day_names

from repaircenter.desk.account.account import Account
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.columns import Column
from repaircenter.desk.settings.hours.hours_panel import WEEKDAYS, HoursPanel
from repaircenter.desk.settings.places.place_words import MARKS, kind_of, place_name, rank
from repaircenter.desk.settings.records_page import RecordsPage
from repaircenter.rendering.values import locale_of
from repaircenter.shop.ports import PersonLink
from repaircenter.wire import endpoints
from repaircenter.wire.hours import HoursChange, HoursList, PlaceHours
from repaircenter.wire.vocabulary import CHANGE_ORGANISATION


def _name(place: PlaceHours, context: DeskContext) -> str:
    return place_name(place.kind, place.name, context)


def _week(place: PlaceHours, context: DeskContext) -> str:
    """The week in one line; in brackets when it is that of the place above."""
    opening = place.hours.opening if place.hours.opening is not None else place.above.opening or {}
    names = get_day_names("abbreviated", locale=locale_of(context.words.language))
    days = (f"{names[number]} {', '.join(opening[day])}" for number, day in enumerate(WEEKDAYS) if opening.get(day))
    week = " · ".join(days) or context.words("desk.hours.never")
    return week if place.hours.opening is not None else context.words("desk.hours.inherited", week=week)


_COLUMNS: tuple[Column[PlaceHours], ...] = (
    Column(
        name="place",
        text=_name,
        order=lambda place: (rank(place.kind), place.name.casefold()),
        width=180,
        grows=True,
        mark=lambda place: kind_of(place.kind),
    ),
    Column(name="week", text=_week, order=lambda place: str(place.hours.opening), width=360, grows=True),
    Column(
        name="closed",
        text=lambda place, _context: str(len({*place.hours.closed, *place.above.closed}) or ""),
        order=lambda place: len({*place.hours.closed, *place.above.closed}),
        width=124,
        right=True,
    ),
)


class HoursPage(RecordsPage[PlaceHours, HoursList]):
    """For whoever may change the organisation; anybody else is told so."""

    def __init__(self, context: DeskContext, account: Account) -> None:
        super().__init__(context, "hours", account, CHANGE_ORGANISATION, HoursList(places=[]))
        self.panel = self._panel = HoursPanel(context, self.keep, self.discard)
        self.build_records(_COLUMNS, "place", MARKS, self._panel, adds=False)

    def key(self, row: PlaceHours) -> int:
        return row.node_id

    def ask(self, link: PersonLink) -> HoursList:
        return link.call(endpoints.HOURS)

    def rows(self, listed: HoursList, search: str) -> list[PlaceHours]:
        return [place for place in listed.places if search.casefold() in place.name.casefold()]

    def change(self, record: PlaceHours | None) -> HoursChange:
        assert record is not None
        return HoursChange(key=uuid.uuid4().hex, version=record.version, hours=self._panel.hours())

    def call(self, link: PersonLink, record: PlaceHours | None, asked: Any) -> PlaceHours:
        assert record is not None
        return link.call(endpoints.CHANGE_HOURS, asked, node_id=record.node_id)

    def told(self, asked: Any, now: PlaceHours) -> str:
        return self.context.words("desk.hours.told_kept", name=_name(now, self.context))
