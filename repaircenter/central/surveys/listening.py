"""What surveys do when something happens to a job."""

from sqlalchemy import Connection

from repaircenter.central.core.events import WITHDRAWN, Event, Listener
from repaircenter.central.surveys import queries
from repaircenter.central.surveys.rules import ASK_AGAIN, CALL, EXPIRE, INVITE, REMIND
from repaircenter.central.timers import queries as timers


def end_surveys(connection: Connection, event: Event) -> None:
    """Stop what was not yet answered: the customer is not asked any more."""
    ended = queries.withdraw_samples(connection, event.job_id, event.reason)
    timers.cancel(connection, (INVITE, REMIND, EXPIRE, ASK_AGAIN, CALL), ended)


LISTENERS: dict[str, Listener] = {WITHDRAWN: end_surveys}
