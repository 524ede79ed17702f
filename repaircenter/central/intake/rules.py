"""The programme filter and the upsert rule (A-14, DESIGN 4.1, 4.2). Pure: rows in, decisions out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from repaircenter.central.programmes.rules import Programme
from repaircenter.runtime.contact import read_email, read_phones
from repaircenter.runtime.days import is_plausible
from repaircenter.runtime.text import canonical, clean_line
from repaircenter.wire.jobs import Credits, JobMessage
from repaircenter.wire.vocabulary import ALREADY_HAVE, FILTERED, KEPT, SUPERSEDED

# People of a role that share a job.
MOST_CREDITED = 8


@dataclass(frozen=True, slots=True)
class Known:
    """What the service has of a job: its digest is None for a filtered one."""

    job_id: int | None
    version_order: int
    same: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    outcome: str
    reason: str | None = None
    programmes: Sequence[Programme] = ()


def usable(message: JobMessage, country: str) -> JobMessage:
    """The message with what can be used of its contact and dates: the door every desk, old or new, comes through.

    An address nobody can write to, a number that is none and the zero of a date type are left out; names lose control
    characters; numbers become E.164 of the shop's country, so that two spellings of one are equal.
    """
    contact, dates, people = message.contact, message.dates, message.people
    phones = dict.fromkeys(number for phone in contact.phones for number in read_phones(phone, country))
    return replace(
        message,
        ro_number=_line(message.ro_number),
        contact=replace(
            contact,
            first_name=_line(contact.first_name),
            last_name=_line(contact.last_name),
            company=_line(contact.company),
            email=read_email(contact.email).address,
            phones=list(phones),
        ),
        vehicle=replace(message.vehicle, make=_line(message.vehicle.make), model=_line(message.vehicle.model)),
        insurer=replace(message.insurer, name=_line(message.insurer.name)),
        people=replace(people, estimator=_line(people.estimator), appraiser=_line(people.appraiser)),
        credits=Credits(
            technician=_shared(message.credits.technician), service_writer=_shared(message.credits.service_writer)
        ),
        dates=replace(
            dates,
            created=_day(dates.created),
            arrived=_day(dates.arrived),
            promised=_day(dates.promised),
            delivered=_day(dates.delivered),
        ),
    )


def _shared(people: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """People once each with the shares that together are 1 (B-N7); those without a name or a share are left out."""
    shares: dict[str, float] = {}
    for name, share in people[:MOST_CREDITED]:
        if (line := _line(name)) and 0 < share <= 1:
            shares[line] = shares.get(line, 0.0) + share
    whole = sum(shares.values())
    return [(name, round(share / whole, 6)) for name, share in shares.items()]


def _line(text: str | None) -> str | None:
    return None if text is None else clean_line(text) or None


def _day(day: date | None) -> date | None:
    return day if day is not None and is_plausible(day) else None


def match(message: JobMessage, programmes: Sequence[Programme], surveyed: frozenset[str]) -> Decision:
    """Which programmes want a job; insurers' first, then the shop's own ones.

    `surveyed` holds names and codes of all insurers surveyed anywhere, to tell the two reasons apart.
    """
    code, name = canonical(message.insurer.code), canonical(message.insurer.name)
    insurers = [
        programme
        for programme in programmes
        if programme.is_insurers and ((code and code in programme.codes) or (name and name in programme.names))
    ]
    wanted = [*insurers, *(programme for programme in programmes if not programme.is_insurers)]
    if wanted:
        return Decision(KEPT, None, wanted)
    if not code and not name:
        return Decision(FILTERED, "no_insurer")
    return Decision(FILTERED, "not_enrolled" if {code, name} & surveyed - {""} else "insurer_not_surveyed")


def decide(
    message: JobMessage, known: Known | None, programmes: Sequence[Programme], surveyed: frozenset[str]
) -> Decision:
    """What becomes of a `job` message: same digest, older version, kept or filtered; judged anew each time."""
    if known is not None and message.version_order < known.version_order:
        return Decision(SUPERSEDED, known.reason)
    decision = match(message, programmes, surveyed)
    if known is not None and known.same:
        if known.job_id is not None and decision.outcome == KEPT:
            return Decision(ALREADY_HAVE, None, decision.programmes)
        if decision.outcome == FILTERED:
            return Decision(FILTERED, known.reason or decision.reason)
    return decision
