"""What an operator of the service sets up: organisations, shops, persons, programmes, enrolments.

Runs as `rc_migrate` (the owner, not bound by row-level security), from `repaircenter central admin` and assembly.
"""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, text

from repaircenter.central.accounts.people_queries import Done, add_audit, lock_people
from repaircenter.central.core.secrets import Passwords
from repaircenter.runtime.errors import KnownError
from repaircenter.runtime.text import canonical, sort_key

# What a file calls so: by the name it gave, else what people added under that name (migration 0041).
_KNOWN = (
    "(SELECT id FROM {table} WHERE org_id = :org AND (file_name = :name OR (file_name IS NULL AND name = :name)) {more} "
    "ORDER BY file_name NULLS LAST, id LIMIT 1)"
)
# Long words rather than short riddles; the service locks out who guesses.
LEAST_PASSWORD = 8


class NewShop(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A shop, below its `group` (a region) and `country` where they are named.

    `opening` is as `{"mon": ["08:00-12:00", "13:30-18:00"]}`, `closed` its days off. None keeps
    what is there: Monday to Friday, eight to five, and no day off at first.
    """

    name: str
    zone: str
    language: str = "fr"
    group: str | None = None
    country: str | None = None
    address: str | None = None
    tax_id: str | None = None
    licence: str | None = None
    phone: str | None = None
    opening: dict[str, list[str]] | None = None
    closed: Sequence[date] | None = None
    active: bool = True


class NewPerson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`password` is the first one of a new person; that of a known one is changed by `set_password` alone.

    The `role` holds in the named `shops`, without any in the whole organisation, with shops that come later; `insurer` holds
    at the named `programmes`, of which they read the answers and nothing else (A-02). Without a
    `language` a new person gets that of the organisation's first shop, and a known one keeps theirs.
    """

    email: str
    name: str
    role: str
    shops: Sequence[str] | None = None
    programmes: Sequence[str] | None = None
    password: str | None = None
    language: str | None = None
    active: bool = True


class NewProgramme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A survey programme; `kind` insurer, network or shop. Insurers are matched by code or canonical name.

    Who has not answered `reminder_days` after the invitation is reminded once (0 never, A-05); who was asked within
    `throttle_days` by any programme of the organisation is not asked again (0 no limit, A-P4). An answer of
    `alert_at_most` or less of ten opens an alert (None: none does), due `alert_hours` open hours of the shop later; with
    `recovery_demanded` it ends with what was done (A-P1). It asks by `channels`, each after the other (A-P5). An insurer sees
    names of customers with `shows_contact`, and what was done about alerts with `shows_recovery` (A-P2). An alert
    opens about whom nothing reaches with `alert_unreached`, about the silence of nobody, companies or everybody with
    `alert_silent` (A-P8). Every shop of the organisations that it is `joined_by` takes part beside the organisation's own.
    """

    name: str
    kind: str = "insurer"
    codes: Sequence[str] = ()
    names: Sequence[str] = ()
    ageing_days: int = 19
    not_before_delivery: bool = True
    reminder_days: int = 5
    throttle_days: int = 30
    alert_at_most: int | None = 7
    alert_hours: int = 8
    recovery_demanded: bool = True
    questionnaire: str = "standard"
    publishing: str | None = None
    channels: Sequence[str] | None = None
    shows_contact: bool | None = None
    shows_recovery: bool | None = None
    alert_unreached: bool | None = None
    alert_silent: str | None = None
    joined_by: Sequence[str] = ()
    active: bool = True


def put_organisation(connection: Connection, name: str) -> int:
    """The organisation of a name; made when there is none."""
    org_id = find_organisation(connection, name)
    if org_id is not None:
        return org_id
    return _one(connection, "INSERT INTO organisation (name) VALUES (:name) RETURNING id", name=name)


def find_organisation(connection: Connection, name: str) -> int | None:
    """The organisation of a name."""
    org_id = connection.execute(text("SELECT id FROM organisation WHERE name = :name"), {"name": name}).scalar()
    return None if org_id is None else int(org_id)


def put_shop(connection: Connection, org_id: int, shop: NewShop) -> int:
    """The shop of a name within its organisation, as given."""
    values = {
        "org": org_id,
        "name": shop.name,
        "sort": sort_key(shop.name),
        "zone": shop.zone,
        "language": shop.language,
        "address": shop.address,
        "tax": shop.tax_id,
        "licence": shop.licence,
        "phone": shop.phone,
    }
    known_shop = connection.execute(
        text(
            "UPDATE shop SET name = :name, sort_key = :sort, zone = :zone, language = :language, address = :address, "
            f"tax_id = :tax, licence = :licence, phone = :phone WHERE id = {_KNOWN.format(table='shop', more='')} RETURNING id"
        ),
        values,
    ).scalar()
    shop_id = known_shop or _one(
        connection,
        "INSERT INTO shop (org_id, name, file_name, sort_key, zone, language, address, tax_id, licence, phone) "
        "VALUES (:org, :name, :name, :sort, :zone, :language, :address, :tax, :licence, :phone) RETURNING id",
        **values,
    )
    above = root_of(connection, org_id)
    for kind, name in (("country", shop.country), ("region", shop.group)):
        above = above if name is None else _put_node(connection, org_id, above, kind, name)
    connection.execute(
        text(
            "UPDATE node SET parent_id = :above, opening = coalesce(CAST(:opening AS jsonb), opening), "
            "closed = coalesce(CAST(:closed AS date[]), closed), version = version + 1 WHERE shop_id = :shop"
        ),
        {
            "above": above,
            "shop": shop_id,
            "opening": None if shop.opening is None else json.dumps(shop.opening),
            "closed": None if shop.closed is None else list(shop.closed),
        },
    )
    return int(shop_id)


def root_of(connection: Connection, org_id: int) -> int:
    """The node of a whole organisation."""
    return _one(connection, "SELECT id FROM node WHERE org_id = :org AND parent_id IS NULL", org=org_id)


def _put_node(connection: Connection, org_id: int, parent_id: int, kind: str, name: str) -> int:
    """The country or region of a name below a node; one that stands elsewhere moves there, with whoever works in it."""
    values = {"org": org_id, "parent": parent_id, "kind": kind, "name": name}
    known = connection.execute(
        text(
            "UPDATE node SET parent_id = :parent, name = :name WHERE id = "
            f"{_KNOWN.format(table='node', more='AND kind = :kind')} RETURNING id"
        ),
        values,
    ).scalar()
    return known or _one(
        connection,
        "INSERT INTO node (org_id, parent_id, kind, name, file_name) VALUES (:org, :parent, :kind, :name, :name) RETURNING id",
        **values,
    )


def put_person(
    connection: Connection, org_id: int, person: NewPerson, passwords: Passwords, programmes: Sequence[int] = ()
) -> int:
    """The person of an address, as given, with this one role; an insurer reads the `programmes` of these numbers. Raises
    KnownError."""
    lock_people(connection, org_id)
    email = person.email.strip().lower()
    values = {"org": org_id, "email": email, "name": person.name, "language": person.language, "active": person.active}
    account = connection.execute(text("SELECT org_id, id FROM person WHERE email = :email"), values).first()
    if account is not None and account.org_id != org_id:
        raise KnownError("service.person_elsewhere", email=email)
    if account is None:
        if person.password is None:
            raise KnownError("service.person_new", email=email)
        number = _one(
            connection,
            "INSERT INTO person (org_id, email, name, password_hash, language, active) "
            "VALUES (:org, :email, :name, :hash, coalesce(:language, "
            "(SELECT language FROM shop WHERE org_id = :org ORDER BY id LIMIT 1), 'en'), :active) RETURNING id",
            **values,
            hash=passwords.hash(person.password),
        )
    else:
        number = account.id
    before = None if account is None else _person_facts(connection, number)
    connection.execute(
        text(
            "UPDATE person SET name = :name, language = coalesce(:language, language), active = :active, "
            "version = version + :more WHERE id = :id"
        ),
        {**values, "id": number, "more": int(before is not None)},
    )
    connection.execute(text("DELETE FROM person_grant WHERE person_id = :person"), {"person": number})
    granted = connection.execute(
        text(
            "INSERT INTO person_grant (org_id, person_id, role, node_id) SELECT :org, :person, :role, n.id FROM node n "
            "LEFT JOIN shop h ON h.id = n.shop_id WHERE n.org_id = :org "
            "AND CASE WHEN :role = 'insurer' THEN n.programme_id = ANY(CAST(:programmes AS bigint[])) "
            "WHEN CAST(:shops AS text[]) IS NULL THEN n.parent_id IS NULL ELSE h.name = ANY(CAST(:shops AS text[])) END"
        ),
        {
            "org": org_id,
            "person": number,
            "role": person.role,
            "shops": None if person.shops is None else list(person.shops),
            "programmes": list(programmes),
        },
    ).rowcount
    if granted < len(programmes):
        raise KnownError("service.programme_nowhere", email=email)
    done = [] if before is not None else [Done("added", None, email)]
    done += _changes(before or _Facts("", "", True, ()), _person_facts(connection, number), is_new=before is None)
    add_audit(connection, org_id, None, number, done, datetime.now(UTC))
    return number


class _Facts(NamedTuple):
    """What the audit tells of a person; grants are (role, node)."""

    name: str
    language: str
    active: bool
    grants: tuple[tuple[str, int], ...]


def _person_facts(connection: Connection, person_id: int) -> _Facts:
    row = connection.execute(text("SELECT name, language, active FROM person WHERE id = :id"), {"id": person_id}).one()
    grants = connection.execute(
        text("SELECT role, node_id FROM person_grant WHERE person_id = :id ORDER BY role, node_id"), {"id": person_id}
    )
    return _Facts(row.name, row.language, row.active, tuple((one.role, one.node_id) for one in grants))


def _changes(before: _Facts, after: _Facts, *, is_new: bool) -> list[Done]:
    """What an operator did to a person, as a manager's work is told."""
    done = [
        Done("granted", None, {"role": role, "node_id": node})
        for role, node in after.grants
        if (role, node) not in before.grants
    ]
    done += [
        Done("taken", {"role": role, "node_id": node})
        for role, node in before.grants
        if (role, node) not in after.grants
    ]
    if not is_new:
        for what in ("name", "language"):
            if getattr(before, what) != getattr(after, what):
                done.append(Done(what, getattr(before, what), getattr(after, what)))
    if before.active != after.active:
        done.append(Done("reopened" if after.active else "closed"))
    return done


def is_known(connection: Connection, email: str) -> bool:
    """Return whether there is a person of this address."""
    known = connection.execute(text("SELECT 1 FROM person WHERE email = :email"), {"email": email.strip().lower()})
    return known.first() is not None


def set_password(connection: Connection, email: str, password: str, passwords: Passwords) -> bool:
    """Another password for a person, whose sessions end; False when there is none of this address."""
    known = connection.execute(
        text("SELECT org_id, id, password_hash FROM person WHERE email = :email"), {"email": email.strip().lower()}
    ).first()
    if known is None:
        return False
    if known.password_hash is None or not passwords.fits(known.password_hash, password):
        connection.execute(
            text("UPDATE person SET password_hash = :hash WHERE id = :id"),
            {"hash": passwords.hash(password), "id": known.id},
        )
        add_audit(connection, known.org_id, None, known.id, [Done("password")], datetime.now(UTC))
    return True


def put_programme(connection: Connection, org_id: int, programme: NewProgramme) -> int:
    """The organisation's programme of a name, as given; a new one when there is none."""
    values = {
        "org": org_id,
        "name": programme.name,
        "kind": programme.kind,
        "codes": list(programme.codes),
        "names": list(programme.names),
        "match_codes": [canonical(code) for code in programme.codes],
        "match_names": [canonical(name) for name in programme.names],
        "days": programme.ageing_days,
        "delivery": programme.not_before_delivery,
        "reminder": programme.reminder_days,
        "throttle": programme.throttle_days,
        "low": programme.alert_at_most,
        "hours": programme.alert_hours,
        "recovery": programme.recovery_demanded,
        "questionnaire": programme.questionnaire,
        "publishing": programme.publishing,
        "channels": None if programme.channels is None else list(programme.channels),
        "contact": programme.shows_contact,
        "shows": programme.shows_recovery,
        "unreached": programme.alert_unreached,
        "silent": programme.alert_silent,
        "active": programme.active,
    }
    if connection.execute(text("SELECT 1 FROM questionnaire WHERE key = :questionnaire"), values).first() is None:
        raise KnownError("service.no_questionnaire", programme=programme.name, questionnaire=programme.questionnaire)
    person_id = connection.execute(
        text(
            "UPDATE programme SET kind = :kind, codes = :codes, names = :names, match_codes = :match_codes, "
            "match_names = :match_names, ageing_days = :days, "
            "not_before_delivery = :delivery, reminder_days = :reminder, throttle_days = :throttle, "
            "alert_at_most = :low, alert_hours = :hours, recovery_demanded = :recovery, "
            "questionnaire = :questionnaire, publishing = coalesce(:publishing, publishing), "
            "channels = coalesce(CAST(:channels AS text[]), channels), "
            "shows_contact = coalesce(:contact, shows_contact), shows_recovery = coalesce(:shows, shows_recovery), "
            "alert_unreached = coalesce(:unreached, alert_unreached), alert_silent = coalesce(:silent, alert_silent), "
            "active = :active, name = :name, version = version + 1 "
            "WHERE coalesce(file_name, name) = :name AND (org_id = :org OR (org_id IS NULL "
            "AND EXISTS (SELECT 1 FROM enrolment e WHERE e.programme_id = programme.id AND e.org_id = :org) "
            "AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.programme_id = programme.id AND e.org_id <> :org))) "
            "RETURNING id"
        ),
        values,
    ).scalar()
    if person_id is not None:
        return int(person_id)
    return _one(
        connection,
        "INSERT INTO programme (org_id, file_name, name, kind, codes, names, match_codes, match_names, ageing_days, "
        "not_before_delivery, reminder_days, "
        "throttle_days, alert_at_most, alert_hours, recovery_demanded, questionnaire, publishing, channels, shows_contact, "
        "shows_recovery, alert_unreached, alert_silent, active) "
        "VALUES (:org, :name, :name, :kind, :codes, :names, :match_codes, :match_names, :days, :delivery, :reminder, :throttle, "
        ":low, :hours, :recovery, :questionnaire, coalesce(:publishing, 'at_once'), "
        "coalesce(CAST(:channels AS text[]), '{email}'), coalesce(:contact, false), coalesce(:shows, false), "
        "coalesce(:unreached, false), coalesce(:silent, 'nobody'), :active) "
        "RETURNING id",
        **values,
    )


def enrol(connection: Connection, org_id: int, shop_id: int, programme_id: int, *, active: bool = True) -> None:
    """A shop takes part in a programme, or no longer does."""
    connection.execute(
        text(
            "INSERT INTO enrolment (org_id, shop_id, programme_id, active) VALUES (:org, :shop, :programme, :active) "
            "ON CONFLICT (org_id, shop_id, programme_id) DO UPDATE SET active = EXCLUDED.active"
        ),
        {"org": org_id, "shop": shop_id, "programme": programme_id, "active": active},
    )


def enrol_organisation(connection: Connection, name: str, programme_id: int, *, active: bool) -> None:
    """Have every shop of another organisation take part in a programme, or none. Raises KnownError where there is no such
    organisation."""
    org_id = find_organisation(connection, name)
    if org_id is None:
        raise KnownError("service.no_organisation", name=name)
    shops = connection.execute(text("SELECT id FROM shop WHERE org_id = :org"), {"org": org_id}).scalars().all()
    for shop_id in shops:
        enrol(connection, org_id, shop_id, programme_id, active=active)


def _one(connection: Connection, statement: str, **values: object) -> int:
    number: int = connection.execute(text(statement), values).scalar_one()
    return number
