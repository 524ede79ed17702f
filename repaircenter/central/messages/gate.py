"""Whether a customer may be written to as things stand now (DESIGN 3.16)."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import Connection

from repaircenter.central.core.service import Service
from repaircenter.central.messages import queries
from repaircenter.runtime.contact import email_key

# After half a year an address is tried again: mailboxes come back, and servers err.
DEAD_FOR = timedelta(days=182)


def address_mac(service: Service, address: str) -> bytes:
    """Return the keyed digest under which an address, or a number (E.164), is remembered as opted out."""
    return service.keyed.mac("address", email_key(address))


def objection_of(service: Service, connection: Connection, org_id: int, addresses: Iterable[str]) -> str | None:
    """Return why a customer with these addresses and numbers must not be asked, by whichever channel: opted_out,
    do_not_contact, or None. That nothing arrives at one of them is no wish of theirs."""
    reasons = (objection(service, connection, org_id, address) for address in addresses)
    return next((reason for reason in reasons if reason not in (None, "bounced")), None)


def objection(service: Service, connection: Connection, org_id: int, address: str) -> str | None:
    """Return why an address must not be written to: opted_out, bounced, do_not_contact, or None.

    A stop, mail that came back because there is no such address, or *Do not contact* on any job of the organisation, holds
    for the address in every spelling.
    """
    if queries.opted_out(connection, org_id, address_mac(service, address)):
        return "opted_out"
    since = service.clock.now_utc() - DEAD_FOR
    if queries.is_dead(connection, org_id, address_mac(service, address), since):
        return "bounced"
    return "do_not_contact" if queries.contact_forbidden(connection, org_id, email_key(address)) else None
