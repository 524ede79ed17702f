"""Invites the customer of a sample, asks another way, has them called, or stops: idempotent on its row (DESIGN 3.8)."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from repaircenter.central.core.events import TO_CALL, WITHDRAWN, Event, Listener
from repaircenter.central.core.secrets import token_hash
from repaircenter.central.core.service import Service
from repaircenter.central.core.work import Enqueue
from repaircenter.central.db.connections import WORKER
from repaircenter.central.messages.queueing import queue_message
from repaircenter.central.surveys import queries
from repaircenter.central.surveys.invitation import INVITATION
from repaircenter.central.surveys.queries import Candidate
from repaircenter.central.surveys.rules import ASK_AGAIN, CALL, EXPIRE, INVITE, REMIND, SURVEY_LIFE, THROTTLED
from repaircenter.central.surveys.ways import Refusal, Way, all_macs, choose_way, numbers_to_call
from repaircenter.central.timers import queries as timers
from repaircenter.central.timers.queries import Due
from repaircenter.wire.vocabulary import PHONE


def invite(service: Service, _enqueue: Enqueue, sample_id: int) -> None:
    """Ask the customer of a sample, and of others of its job that are due, in one transaction."""
    with service.worker.scoped(WORKER) as connection:
        for candidate in queries.candidates(connection, sample_id, service.clock.now_utc()):
            _ask(service, connection, candidate)


def _ask(service: Service, connection: Connection, candidate: Candidate) -> None:
    """Make the invitation and queue its message, or say why the customer is not asked."""
    way = _open_way(service, connection, candidate)
    if isinstance(way, Refusal):
        queries.set_sample(connection, candidate.sample_id, *way)
        return
    nonce, hashed = _draw_link(service)
    now = service.clock.now_utc()
    invitation_id = queries.add_invitation(connection, candidate, way.channel, nonce, hashed, way.mac, now)
    _begin(service, connection, candidate, way, invitation_id, now)


def ask_again(service: Service, _enqueue: Enqueue, sample_id: int) -> None:
    """Ask a customer whom the invitation did not reach by another way: the next channel of the programme, or an address
    their job has now; by a link of its own (A-P5)."""
    with service.worker.scoped(WORKER) as connection:
        returned = queries.returned_invitation(connection, sample_id)
        if returned is None:
            return
        way = _open_way(service, connection, returned.candidate, returned.tried)
        if isinstance(way, Refusal):
            return
        nonce, hashed = _draw_link(service)
        times = queries.begin_again(connection, returned.invitation_id, way.channel, nonce, hashed, way.mac)
        now = service.clock.now_utc()
        _begin(service, connection, returned.candidate, way, returned.invitation_id, now, times)


def call_up(service: Service, _enqueue: Enqueue, sample_id: int) -> None:
    """Have a customer called who has not answered, while their programme still calls."""
    with service.worker.scoped(WORKER) as connection:
        unanswered = queries.unanswered_invitation(connection, sample_id)
        if unanswered is None or PHONE not in unanswered.channels:
            return
        if not numbers_to_call(service, unanswered.phones, unanswered.tried):
            return
        now = service.clock.now_utc()
        event = Event(
            TO_CALL, unanswered.org_id, unanswered.shop_id, unanswered.job_id, now, subject_id=unanswered.invitation_id
        )
        service.events.publish(connection, event)


def _begin(
    service: Service,
    connection: Connection,
    candidate: Candidate,
    way: Way,
    invitation_id: int,
    now: datetime,
    occurrence: int = 0,
) -> None:
    """Write to the customer, or have them called."""
    org_id, shop_id = candidate.org_id, candidate.shop_id
    queries.set_sample(connection, candidate.sample_id, "invited")
    if way.channel == PHONE:
        timers.put(connection, EXPIRE, [Due(org_id, shop_id, candidate.sample_id, now + SURVEY_LIFE)])
        event = Event(TO_CALL, org_id, shop_id, candidate.job_id, now, subject_id=invitation_id)
        service.events.publish(connection, event)
    else:
        queue_message(connection, org_id, shop_id, INVITATION, invitation_id, now, now, occurrence, way.channel)


def _open_way(
    service: Service, connection: Connection, candidate: Candidate, tried: Sequence[bytes] = ()
) -> Way | Refusal:
    """How the customer is asked as things stand now, or why not."""
    if not candidate.wanted:
        return Refusal("withdrawn", "filtered")
    if candidate.do_not_contact:
        return Refusal("refused", "do_not_contact")
    way = choose_way(service, connection, candidate, tried)
    if isinstance(way, Refusal):
        return way
    # Dropped, never put off: the timeline says so (A-P4, B-N8).
    return Refusal("refused", THROTTLED) if _is_throttled(service, connection, candidate) else way


def _draw_link(service: Service) -> tuple[bytes, bytes]:
    """(nonce, hash of its token) of a new link to the survey."""
    nonce = secrets.token_bytes(16)
    return nonce, token_hash(service.keyed.survey_token(nonce))


def _is_throttled(service: Service, connection: Connection, candidate: Candidate) -> bool:
    """Whether the customer was asked a short while ago, by any programme of the organisation; no day is no limit."""
    since = service.clock.now_utc() - timedelta(days=candidate.throttle_days)
    macs, sample_id = all_macs(service, candidate), candidate.sample_id
    return candidate.throttle_days > 0 and queries.asked_since(connection, candidate.org_id, macs, since, sample_id)


def end_surveys(connection: Connection, event: Event) -> None:
    """Stop what was not yet answered: the customer is not asked any more."""
    ended = queries.withdraw_samples(connection, event.job_id, event.reason)
    timers.cancel(connection, (INVITE, REMIND, EXPIRE, ASK_AGAIN, CALL), ended)


LISTENERS: dict[str, Listener] = {WITHDRAWN: end_surveys}
