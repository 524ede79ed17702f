"""Invites the customer of one sample: idempotent on the sample's row; arguments are ids (DESIGN 3.8)."""

import secrets
from collections.abc import Callable

from sqlalchemy import Connection

from repaircenter.central.context import Service
from repaircenter.central.db.connections import WORKER
from repaircenter.central.secrets import token_hash
from repaircenter.central.surveys import queries

Enqueue = Callable[[Connection, int], None]


def invite(service: Service, sample_id: int, enqueue_mail: Enqueue) -> None:
    """Make the invitation and enqueue its mail in one transaction, or say why the customer is not asked."""
    with service.worker.scoped(WORKER) as connection:
        found = queries.candidate(connection, sample_id)
        if found is None:
            return
        if not found.wanted:
            queries.set_sample(connection, sample_id, "withdrawn", "filtered")
        elif found.do_not_contact:
            queries.set_sample(connection, sample_id, "refused", "do_not_contact")
        elif not found.email:
            queries.set_sample(connection, sample_id, "unreachable", "no_address")
        elif queries.opted_out(connection, found.org_id, address_mac(service, found.email)):
            queries.set_sample(connection, sample_id, "refused", "opted_out")
        else:
            nonce = secrets.token_bytes(16)
            hashed = token_hash(service.keyed.survey_token(nonce))
            mac = address_mac(service, found.email)
            now = service.clock.now_utc()
            mail_id = queries.add_invitation(connection, found, "email", nonce, hashed, mac, now)
            queries.set_sample(connection, sample_id, "invited")
            enqueue_mail(connection, mail_id)


def address_mac(service: Service, email: str) -> bytes:
    """The keyed digest under which an address is remembered as opted out."""
    return service.keyed.mac("address", email.strip().lower())
