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
    refusal = _refusal(service, connection, candidate)
    if refusal is not None:
        queries.set_sample(connection, candidate.sample_id, *refusal)
        return
    nonce, hashed, mac = _draw_link(service, candidate)
    now = service.clock.now_utc()
    invitation_id = queries.add_invitation(connection, candidate, "email", nonce, hashed, mac, now)
    queries.set_sample(connection, candidate.sample_id, "invited")
    queue_message(connection, candidate.org_id, candidate.shop_id, INVITATION, invitation_id, now, now)


def ask_again(service: Service, _enqueue: Enqueue, sample_id: int) -> None:
    """Ask the customer whose invitation came back, once their job has another address: by a link of its own."""
    with service.worker.scoped(WORKER) as connection:
        returned = queries.returned_invitation(connection, sample_id)
        if returned is None or _refusal(service, connection, returned.candidate) is not None:
            return
        candidate, now = returned.candidate, service.clock.now_utc()
        nonce, hashed, mac = _draw_link(service, candidate)
        if mac == returned.address_mac:
            return
        times = queries.begin_again(connection, returned.invitation_id, nonce, hashed, mac)
        queries.set_sample(connection, sample_id, "invited")
        org_id, shop_id = candidate.org_id, candidate.shop_id
        queue_message(connection, org_id, shop_id, INVITATION, returned.invitation_id, now, now, occurrence=times)


def _refusal(service: Service, connection: Connection, candidate: queries.Candidate) -> tuple[str, str] | None:
    """Why the customer is not asked as things stand now: the state the sample gets, and its reason."""
    if not candidate.wanted:
        return "withdrawn", "filtered"
    if candidate.do_not_contact:
        return "refused", "do_not_contact"
    address = read_email(candidate.email).address
    if address is None:
        return "unreachable", "bad_address" if candidate.email else "no_address"
    objected = objection(service, connection, candidate.org_id, address)
    if objected is not None:
        return queries.state_of_refusal(objected), objected
    # Dropped, never put off: the timeline says so (A-P4, B-N8).
    return ("refused", THROTTLED) if _is_throttled(service, connection, candidate, address) else None


def _draw_link(service: Service, candidate: queries.Candidate) -> tuple[bytes, bytes, bytes]:
    """(nonce, hash of its token, digest of the address) of a new link to the survey."""
    nonce, address = secrets.token_bytes(16), read_email(candidate.email).address or ""
    return nonce, token_hash(service.keyed.survey_token(nonce)), address_mac(service, address)


def _is_throttled(service: Service, connection: Connection, candidate: queries.Candidate, address: str) -> bool:
    """Whether the customer was asked a short while ago, by any programme of the organisation; no day is no limit."""
    since = service.clock.now_utc() - timedelta(days=candidate.throttle_days)
    mac = address_mac(service, address)
    return candidate.throttle_days > 0 and queries.asked_since(connection, candidate.org_id, mac, since)
