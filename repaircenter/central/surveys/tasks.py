"""Invites the customer of one sample: idempotent on the sample's row; arguments are ids (DESIGN 3.8)."""

import secrets
from collections.abc import Callable

from sqlalchemy import Connection

from repaircenter.central.core.ports import MESSAGE_LEASE
from repaircenter.central.core.secrets import token_hash
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import WORKER
from repaircenter.central.surveys import queries
from repaircenter.runtime.contact import email_key, read_email

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
        elif (address := read_email(found.email).address) is None:
            queries.set_sample(connection, sample_id, "unreachable", "bad_address" if found.email else "no_address")
        elif (refusal := objection(service, connection, found.org_id, address)) is not None:
            queries.set_sample(connection, sample_id, "refused", refusal)
        else:
            nonce = secrets.token_bytes(16)
            hashed = token_hash(service.keyed.survey_token(nonce))
            mac = address_mac(service, address)
            now = service.clock.now_utc()
            mail_id = queries.add_invitation(connection, found, "email", nonce, hashed, mac, now, now + MESSAGE_LEASE)
            queries.set_sample(connection, sample_id, "invited")
            enqueue_mail(connection, mail_id)


def address_mac(service: Service, email: str) -> bytes:
    """The keyed digest under which an address is remembered as opted out."""
    return service.keyed.mac("address", email_key(email))


def objection(service: Service, connection: Connection, org_id: int, address: str) -> str | None:
    """Why an address must not be asked as things stand now; judged again when the message leaves (DESIGN 3.16).

    A stop, or *Do not contact* on any job of the organisation, holds for the address in every spelling.
    """
    if queries.opted_out(connection, org_id, address_mac(service, address)):
        return "opted_out"
    return "do_not_contact" if queries.contact_forbidden(connection, org_id, email_key(address)) else None
