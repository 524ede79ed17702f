"""One organisation with its shops, persons and programmes as a file or a value: `central admin set-up`, the demo.

The file may be given again after it was changed: what it names is made or brought to what it says, what it does not name
stays as it is. Nothing is deleted; `active: false` closes.
"""

import msgspec
from sqlalchemy import Connection

from repaircenter.central.accounts import admin, licences
from repaircenter.central.accounts.admin import NewPerson, NewProgramme, NewShop
from repaircenter.central.calendars.rules import read_week
from repaircenter.central.core.secrets import Passwords
from repaircenter.central.programmes.rules import KINDS, MOST, PUBLISHING, wrong_channels, wrong_rule
from repaircenter.runtime.contact import read_email
from repaircenter.runtime.days import is_zone
from repaircenter.runtime.text import LANGUAGES
from repaircenter.wire.vocabulary import CHANNELS, INSURER_ROLE, MODULES, ROLES, SILENT_ALERTS


class SetupFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`programmes` are joined by every shop of the organisation; `modules` are licensed, None keeps what is."""

    organisation: str
    shops: list[NewShop]
    persons: list[NewPerson]
    programmes: list[NewProgramme]
    modules: list[str] | None = None


def check(setup: SetupFile) -> str:
    """Why a file cannot be used, in one sentence without its full stop; empty when it can."""
    if not setup.organisation.strip():
        return "the organisation has no name"
    for what, names in (
        ("shop", [shop.name for shop in setup.shops]),
        ("person", [person.email.strip().lower() for person in setup.persons]),
        ("programme", [programme.name for programme in setup.programmes]),
    ):
        if any(not name.strip() for name in names):
            return f"a {what} has no name"
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            return f"the {what} {twice} stands there twice"
    mistakes = (
        *(_wrong_shop(shop) for shop in setup.shops),
        *(_wrong_person(person, setup) for person in setup.persons),
        *(_wrong_programme(programme) for programme in setup.programmes),
    )
    unknown = next((module for module in setup.modules or () if module not in MODULES), None)
    if unknown is not None:
        return f"{unknown} is no module; there are {', '.join(MODULES)}"
    return next(filter(None, mistakes), "")


def _wrong_shop(shop: NewShop) -> str:
    if not is_zone(shop.zone):
        return f"shop {shop.name}: {shop.zone} is no time zone; write it as America/Toronto"
    try:
        read_week(shop.opening or {})
    except ValueError as wrong:
        return f"shop {shop.name}: {wrong}"
    return "" if shop.language in LANGUAGES else f"shop {shop.name}: its language is one of {', '.join(LANGUAGES)}"


def _wrong_person(person: NewPerson, setup: SetupFile) -> str:
    if read_email(person.email).address is None:
        return f"person {person.name}: {person.email} is no e-mail address"
    if person.role not in ROLES:
        return f"person {person.name}: the role is one of {', '.join(ROLES)}"
    for what, named, known in (
        ("shop", person.shops, [shop.name for shop in setup.shops]),
        ("programme", person.programmes, [programme.name for programme in setup.programmes]),
    ):
        unknown = next((name for name in named or () if name not in known), None)
        if unknown is not None:
            return f"person {person.name}: {unknown} is no {what} of this file"
    if (person.role == INSURER_ROLE) != bool(person.programmes) or (person.programmes and person.shops):
        return f"person {person.name}: an {INSURER_ROLE} reads programmes, and nobody else does"
    if person.language is not None and person.language not in LANGUAGES:
        return f"person {person.name}: the language is one of {', '.join(LANGUAGES)}"
    if person.password is not None and len(person.password) < admin.LEAST_PASSWORD:
        return f"person {person.name}: a password has at least {admin.LEAST_PASSWORD} characters"
    return ""


def _wrong_programme(programme: NewProgramme) -> str:
    if programme.kind not in KINDS:
        return f"programme {programme.name}: its kind is one of {', '.join(KINDS)}"
    if programme.publishing not in (None, *PUBLISHING):
        return f"programme {programme.name}: publishing is one of {', '.join(PUBLISHING)}"
    if programme.channels is not None and wrong_channels(programme.channels):
        return f"programme {programme.name}: channels are {', '.join(CHANNELS)}, in the order in which they are tried"
    if programme.alert_silent not in (None, *SILENT_ALERTS):
        return f"programme {programme.name}: alert_silent is one of {', '.join(SILENT_ALERTS)}"
    days = {name: getattr(programme, name) for name in MOST}
    wrong = wrong_rule(days, programme.alert_at_most, programme.alert_hours)
    if wrong is None:
        return ""
    or_null = ", or null for no alerts" if wrong[0] == "alert_at_most" else ""
    return f"programme {programme.name}: {wrong[0]} is {wrong[1]} to {wrong[2]}{or_null}"


def apply(connection: Connection, setup: SetupFile, passwords: Passwords) -> list[int]:
    """Make or change everything in one transaction; return the ids of the shops in their order.

    A programme is known by its name among those the organisation's shops joined; a new one is made for it.
    Raises KnownError where a person belongs to another organisation or is new and has no password.
    """
    org_id = admin.put_organisation(connection, setup.organisation)
    if setup.modules is not None:
        licences.set_licence(connection, org_id, modules=list(setup.modules))
    shops = [admin.put_shop(connection, org_id, shop) for shop in setup.shops]
    active = [number for number, shop in zip(shops, setup.shops, strict=True) if shop.active]
    programmes: dict[str, int] = {}
    for programme in setup.programmes:
        programme_id = programmes[programme.name] = admin.put_programme(connection, org_id, programme)
        for shop_id in shops:
            admin.enrol(connection, org_id, shop_id, programme_id, active=programme.active and shop_id in active)
        for name in programme.joined_by:
            admin.enrol_organisation(connection, name, programme_id, active=programme.active)
    for person in setup.persons:  # the programmes they read are there
        reads = [programmes[name] for name in person.programmes or ()]
        admin.put_person(connection, org_id, person, passwords, reads)
    return shops
