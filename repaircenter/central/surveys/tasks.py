"""Invites the customer of one sample: idempotent on the sample's row (DESIGN 3.8)."""

import secrets
from datetime import timedelta

from sqlalchemy import Connection

from repaircenter.central.core.secrets import token_hash
from repaircenter.central.core.service import Service
from repaircenter.central.core.work import Enqueue
from repaircenter.central.db.connections import WORKER
from repaircenter.central.messages.gate import address_mac, objection
from repaircenter.central.messages.queueing import queue_message
from repaircenter.central.surveys import queries
from repaircenter.central.surveys.invitation import INVITATION
from repaircenter.central.surveys.rules import THROTTLED
from repaircenter.runtime.contact import read_email


def invite(service: Service, _enqueue: Enqueue, sample_id: int) -> None:
    """Ask the customer of a sample, and of others of its job that are due, in one transaction."""
    with service.worker.scoped(WORKER) as connection:
        for candidate in queries.candidates(connection, sample_id, service.clock.now_utc()):
            _ask(service, connection, candidate)


def _ask(service: Service, connection: Connection, candidate: queries.Candidate) -> None:
    """Make the invitation and queue its message, or say why the customer is not asked."""
    if not candidate.wanted:
        queries.set_sample(connection, candidate.sample_id, "withdrawn", "filtered")
    elif candidate.do_not_contact:
        queries.set_sample(connection, candidate.sample_id, "refused", "do_not_contact")
    elif (address := read_email(candidate.email).address) is None:
        reason = "bad_address" if candidate.email else "no_address"
        queries.set_sample(connection, candidate.sample_id, "unreachable", reason)
    elif (refusal := objection(service, connection, candidate.org_id, address)) is not None:
        queries.set_sample(connection, candidate.sample_id, queries.state_of_refusal(refusal), refusal)
    elif _is_throttled(service, connection, candidate, address):
        # Dropped, never put off: the timeline says so (A-P4, B-N8).
        queries.set_sample(connection, candidate.sample_id, "refused", THROTTLED)
    else:
        nonce = secrets.token_bytes(16)
        hashed = token_hash(service.keyed.survey_token(nonce))
        mac, now = address_mac(service, address), service.clock.now_utc()
        invitation_id = queries.add_invitation(connection, candidate, "email", nonce, hashed, mac, now)
        queries.set_sample(connection, candidate.sample_id, "invited")
        queue_message(connection, candidate.org_id, candidate.shop_id, INVITATION, invitation_id, now, now)


def ask_again(service: Service, _enqueue: Enqueue, sample_id: int) -> None:
    """Ask the customer whose invitation came back, once their job has another address: by a link of its own."""
    with service.worker.scoped(WORKER) as connection:
        returned = queries.returned_invitation(connection, sample_id)
        if returned is None:
            return
        candidate = returned.candidate
        address = read_email(candidate.email).address
        if address is None or address_mac(service, address) == returned.address_mac:
            return
        if not candidate.wanted or candidate.do_not_contact:
            return
        if objection(service, connection, candidate.org_id, address) is not None:
            return
        if _is_throttled(service, connection, candidate, address):
            return
        nonce, now = secrets.token_bytes(16), service.clock.now_utc()
        hashed, mac = token_hash(service.keyed.survey_token(nonce)), address_mac(service, address)
        times = queries.begin_again(connection, returned.invitation_id, nonce, hashed, mac)
        queries.set_sample(connection, sample_id, "invited")
        org_id, shop_id = candidate.org_id, candidate.shop_id
        queue_message(connection, org_id, shop_id, INVITATION, returned.invitation_id, now, now, occurrence=times)


def _is_throttled(service: Service, connection: Connection, candidate: queries.Candidate, address: str) -> bool:
    """Whether the customer was asked a short while ago, by any programme of the organisation; no day is no limit."""
    since = service.clock.now_utc() - timedelta(days=candidate.throttle_days)
    mac = address_mac(service, address)
    return candidate.throttle_days > 0 and queries.asked_since(connection, candidate.org_id, mac, since)
