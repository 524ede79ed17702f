"""By which channel a customer is asked, and at which address, as things stand now (A-P5, A-P12)."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection

from repaircenter.central.core.service import Service
from repaircenter.central.messages.gate import address_mac, objection, objection_of
from repaircenter.central.surveys.queries import Candidate
from repaircenter.central.surveys.rules import may_text
from repaircenter.runtime.contact import read_email
from repaircenter.wire.vocabulary import EMAIL, PHONE, SMS


class Way(NamedTuple):
    """A channel, the address or number (E.164) there, and its keyed digest."""

    channel: str
    address: str
    mac: bytes


class Refusal(NamedTuple):
    """Why a customer is not asked: the state their sample gets, and a code."""

    state: str
    reason: str


def choose_way(
    service: Service, connection: Connection, candidate: Candidate, tried: Collection[bytes] = ()
) -> Way | Refusal:
    """Return the first way to a customer that is open: their preferred channel if the programme has it, then the
    programme's in their order. What was `tried` in vain is passed over; what they stopped holds for every channel."""
    objected = objection_of(service, connection, candidate.org_id, _addresses(candidate))
    if objected is not None:
        return Refusal("refused", objected)
    closed = ""
    for way in _ways(service, candidate):
        is_dead = way.channel != PHONE and objection(service, connection, candidate.org_id, way.address) is not None
        if way.mac not in tried and not is_dead:
            return way
        closed = "bounced"
    return Refusal("unreachable", closed or _lack(service, candidate))


def all_macs(service: Service, candidate: Candidate) -> list[bytes]:
    """The digests of every address and number of a customer: asked at one of them they were asked (A-P4)."""
    macs = [address_mac(service, address) for address in _addresses(candidate)]
    return sorted([*macs, *(way_mac(service, PHONE, number) for number in candidate.phones)])


def way_mac(service: Service, channel: str, address: str) -> bytes:
    """The digest of an address as a way: a number that takes no texts may still be called."""
    return address_mac(service, f"tel:{address}" if channel == PHONE else address)


def numbers_to_call(service: Service, phones: Iterable[str], tried: Collection[bytes]) -> list[str]:
    """The numbers at which a customer was not called in vain yet."""
    return [phone for phone in phones if way_mac(service, PHONE, phone) not in tried]


def _addresses(candidate: Candidate) -> list[str]:
    email = read_email(candidate.email).address
    return [*([] if email is None else [email]), *candidate.phones]


def _ways(service: Service, candidate: Candidate) -> Iterator[Way]:
    """What the programme and the customer have, the preferred first."""
    preferred = candidate.preferred_channel
    for channel in sorted(candidate.channels, key=lambda channel: channel != preferred):
        if channel == EMAIL:
            email = read_email(candidate.email).address
            addresses = [] if email is None else [email]
        elif channel == PHONE or (channel == SMS and service.texts is not None and _may_text(service, candidate)):
            # An extension can be called, and gets no text.
            addresses = [number for number in candidate.phones if channel == PHONE or ";" not in number]
        else:
            addresses = []
        for address in addresses:
            yield Way(channel, address, way_mac(service, channel, address))


def _may_text(service: Service, candidate: Candidate) -> bool:
    return may_text(service.clock.now_utc(), candidate.zone, candidate.came_on)


def _lack(service: Service, candidate: Candidate) -> str:
    """What is missing where there is no way at all."""
    if EMAIL in candidate.channels and candidate.email:
        return "bad_address"
    if SMS in candidate.channels and candidate.phones and not _may_text(service, candidate):
        return "texts_over"
    return "no_address" if list(candidate.channels) == [EMAIL] else "no_way"
