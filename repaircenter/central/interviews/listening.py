"""Has customers called whom surveys want to be called."""

from sqlalchemy import Connection

from repaircenter.central.calendars.queries import calendar_of
from repaircenter.central.core.events import TO_CALL, Event, Listener
from repaircenter.central.interviews import queries
from repaircenter.central.interviews.rules import next_call


def queue_interview(connection: Connection, event: Event) -> None:
    """Queue the customer of an invitation for the next hour of calls."""
    assert event.subject_id is not None
    calendar = calendar_of(connection, event.shop_id)
    due = next_call(event.at, calendar.zone, calendar.closed)
    queries.add(connection, event.org_id, event.shop_id, event.subject_id, due)


LISTENERS: dict[str, Listener] = {TO_CALL: queue_interview}
