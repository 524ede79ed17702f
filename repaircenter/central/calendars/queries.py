"""SQL of calendars."""

from datetime import time

from sqlalchemy import Connection, text

from repaircenter.central.calendars.rules import Calendar, read_week

# Of a shop whose hours nobody entered: Monday to Friday, eight to five.
USUAL_WEEK = (((time(8), time(17)),),) * 5 + ((),) * 2


def calendar_of(connection: Connection, shop_id: int) -> Calendar:
    """Return the opening hours and days off of a shop; the usual week where none were entered."""
    row = connection.execute(text("SELECT zone, opening, closed FROM shop WHERE id = :shop"), {"shop": shop_id}).one()
    week = USUAL_WEEK if row.opening is None else read_week(row.opening)
    return Calendar(row.zone, week, frozenset(row.closed))
