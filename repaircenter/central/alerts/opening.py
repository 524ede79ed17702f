"""Judges answers: a low one opens an alert, once, due so many open hours of the shop later (A-06, A-P1)."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from repaircenter.central.alerts import asked_queries, queries
from repaircenter.central.alerts.rules import JUDGE, LOOK, MORNING, TELL, low_answers, next_morning, what_to_tell
from repaircenter.central.calendars.queries import calendar_of
from repaircenter.central.calendars.rules import add_open_time
from repaircenter.central.core.events import ANSWERED, ERASED, REPLIED, WITHDRAWN, Event, Listener
from repaircenter.central.core.service import Service
from repaircenter.central.core.work import Enqueue
from repaircenter.central.db.connections import WORKER
from repaircenter.central.surveys.rules import called_after
from repaircenter.central.timers import queries as timers
from repaircenter.central.timers.queries import Due
from repaircenter.runtime.errors import KnownError
from repaircenter.wire.vocabulary import NOBODY_SILENT, REPLY, SILENT, UNREACHED


def note_answer(connection: Connection, event: Event) -> None:
    """Have an answer judged, in the transaction that takes it."""
    if event.subject_id is not None:
        timers.add(connection, JUDGE, [Due(event.org_id, event.shop_id, event.subject_id, event.at)])


def forget_erased(connection: Connection, event: Event) -> None:
    """End what was open about a customer who was erased."""
    queries.end_erased(connection, event.job_id, event.at)


def end_withdrawn(connection: Connection, event: Event) -> None:
    """End what was open about reaching the customer of a job that was withdrawn."""
    asked_queries.end_withdrawn(connection, event.job_id, event.at)


def judge(service: Service, _enqueue: Enqueue, answer_id: int) -> None:
    """Open an alert if an answer is low by the rule of its programme as it is now; mail leaves in the morning."""
    with service.worker.scoped(WORKER) as connection:
        answer = queries.answer(connection, answer_id)
        if answer is None:
            return
        low = low_answers(answer.questionnaire.questions, answer.values, answer.at_most)
        if not low:
            return
        now = service.clock.now_utc()
        due = _due(connection, answer.shop_id, answer.submitted_at, answer.hours)
        if queries.add(connection, answer_id, answer, low, now, due):
            put_morning(connection, answer.org_id, answer.shop_id, now, answer.zone)


def _due(connection: Connection, shop_id: int, since: datetime, hours: int) -> datetime:
    """So many open hours of the shop after an instant."""
    duration = timedelta(hours=hours)
    try:
        return add_open_time(calendar_of(connection, shop_id), since, duration)
    except KnownError:  # a shop that never opens: nobody waits for ever
        return since + duration


def look(service: Service, _enqueue: Enqueue, sample_id: int) -> None:
    """Open an alert about a customer whom nothing reaches or who does not answer, or end one that has passed (A-P8)."""
    with service.worker.scoped(WORKER) as connection:
        asked = asked_queries.asked(connection, sample_id)
        if asked is None:
            return
        now = service.clock.now_utc()
        kind = what_to_tell(
            asked.state,
            None if asked.sent_at is None else now - asked.sent_at,
            is_company=asked.is_company,
            reminder_days=asked.reminder_days,
            unreached=asked.alert_unreached,
            silent=NOBODY_SILENT if asked.has_replied else asked.alert_silent,
        )
        if asked.state != "unreachable":
            asked_queries.end_about(connection, UNREACHED, asked.invitation_id, now)
        if asked.state not in ("invited", "expired"):
            asked_queries.end_about(connection, SILENT, asked.invitation_id, now)
        answered_by = None if asked.sent_at is None else asked.sent_at + called_after(asked.reminder_days)
        if asked.state == "invited" and answered_by is not None and now < answered_by:
            # They have longer now than when this look was planned.
            timers.put(connection, LOOK, [Due(asked.org_id, asked.shop_id, sample_id, answered_by, occurrence=1)])
        due = _due(connection, asked.shop_id, now, asked.hours)
        if kind and asked_queries.open_about(connection, kind, asked, now, due):
            put_morning(connection, asked.org_id, asked.shop_id, now, asked.zone)


def note_reply(connection: Connection, event: Event) -> None:
    """Have what a customer wrote told to people, in the transaction that keeps it."""
    if event.subject_id is not None:
        timers.add(connection, TELL, [Due(event.org_id, event.shop_id, event.subject_id, event.at)])


def tell(service: Service, _enqueue: Enqueue, reply_id: int) -> None:
    """Open an alert about a customer who wrote back, or let who has it open see that more was written; nobody waits for an
    answer of theirs any more."""
    with service.worker.scoped(WORKER) as connection:
        now = service.clock.now_utc()
        sample_id = asked_queries.take_reply(connection, reply_id, now)
        asked = None if sample_id is None else asked_queries.asked(connection, sample_id)
        if asked is None:
            return
        asked_queries.end_about(connection, SILENT, asked.invitation_id, now)
        due = _due(connection, asked.shop_id, now, asked.hours)
        if not asked_queries.open_about(connection, REPLY, asked, now, due):
            asked_queries.set_changed(connection, REPLY, asked.invitation_id)
        put_morning(connection, asked.org_id, asked.shop_id, now, asked.zone)


def put_morning(connection: Connection, org_id: int, shop_id: int, now_utc: datetime, zone: str) -> None:
    """Have the people of a shop written to in its next morning, once however often this is asked for."""
    morning = next_morning(now_utc, zone)
    timers.put(connection, MORNING, [Due(org_id, shop_id, shop_id, morning, morning.toordinal())])


LISTENERS: dict[str, Listener] = {
    ANSWERED: note_answer,
    ERASED: forget_erased,
    WITHDRAWN: end_withdrawn,
    REPLIED: note_reply,
}
