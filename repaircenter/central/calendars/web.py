"""What the desk asks about opening hours and days off, and what people change of them."""

from collections.abc import Mapping

from repaircenter.central.calendars import queries
from repaircenter.central.calendars.queries import USUAL_HOURS, PlaceRow
from repaircenter.central.calendars.rules import read_week
from repaircenter.central.core.calls import Call, check_count, serves
from repaircenter.central.core.http import refuse
from repaircenter.wire import endpoints
from repaircenter.wire.hours import Hours, HoursChange, HoursList, PlaceHours

_LONGEST_KEY = 64


@serves(endpoints.HOURS)
def hours(call: Call) -> HoursList:
    rows = {row.id: row for row in queries.places(call.connection)}
    return HoursList(places=[_told(row, rows) for row in rows.values() if row.managed])


@serves(endpoints.CHANGE_HOURS)
def change_hours(call: Call, asked: HoursChange, node_id: int) -> PlaceHours:
    """Set the hours of a place, once; refuse what was asked of a version that is not the present one (409)."""
    key = asked.key[:_LONGEST_KEY]
    rows = {row.id: row for row in queries.places(call.connection)}
    row = rows.get(node_id)
    if row is None or not row.managed:
        refuse(404, "not_there")
    if row.last_key == key:
        return _told(row, rows)
    if row.version != asked.version:
        refuse(409, "changed_meanwhile")
    check_count(asked.hours.closed)
    try:
        read_week(asked.hours.opening or {})
    except ValueError:
        refuse(422, "bad_hours")
    queries.change(call.connection, node_id, key, asked.hours.opening, sorted(set(asked.hours.closed)))
    rows = {row.id: row for row in queries.places(call.connection)}
    return _told(rows[node_id], rows)


def _told(row: PlaceRow, rows: Mapping[int, PlaceRow]) -> PlaceHours:
    above, opening, closed = rows.get(row.parent_id or 0), None, set()
    while above is not None:
        opening = above.opening if opening is None else opening
        closed.update(above.closed)
        above = rows.get(above.parent_id or 0)
    return PlaceHours(
        node_id=row.id,
        kind=row.kind,
        name=row.name,
        version=row.version,
        hours=Hours(opening=row.opening, closed=list(row.closed)),
        above=Hours(opening=USUAL_HOURS if opening is None else opening, closed=sorted(closed)),
        parent_id=row.parent_id,
    )


HANDLERS = (hours, change_hours)
