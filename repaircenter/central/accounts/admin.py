"""What an operator of the service sets up: organisations, shops, persons, programmes, enrolments.

Runs as `rc_migrate` (the owner, not bound by row-level security), from `repaircenter central admin` and assembly.
"""

import json
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, text

from repaircenter.central.secrets import hash_password
from repaircenter.runtime.text import canonical, sort_key


class NewShop(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    zone: str
    language: str = "fr"
    group: str | None = None
    address: str | None = None
    tax_id: str | None = None
    licence: str | None = None
    phone: str | None = None


class NewPerson(msgspec.Struct, frozen=True, kw_only=True):
    email: str
    name: str
    password: str
    role: str
    language: str = "fr"


class NewProgramme(msgspec.Struct, frozen=True, kw_only=True):
    """A survey programme; `kind` insurer, network or shop. Insurers are matched by code or canonical name."""

    name: str
    kind: str = "insurer"
    codes: Sequence[str] = ()
    names: Sequence[str] = ()
    ageing_days: int = 19
    not_before_delivery: bool = True
    questionnaire: str = "standard"


def add_organisation(connection: Connection, name: str) -> int:
    return _one(connection, "INSERT INTO organisation (name) VALUES (:name) RETURNING id", name=name)


def add_shop(connection: Connection, org_id: int, shop: NewShop) -> int:
    return _one(
        connection,
        "INSERT INTO shop (org_id, name, sort_key, zone, language, group_name, address, tax_id, licence, phone) "
        "VALUES (:org, :name, :sort, :zone, :language, :group, :address, :tax, :licence, :phone) RETURNING id",
        org=org_id,
        name=shop.name,
        sort=sort_key(shop.name),
        zone=shop.zone,
        language=shop.language,
        group=shop.group,
        address=shop.address,
        tax=shop.tax_id,
        licence=shop.licence,
        phone=shop.phone,
    )


def add_person(connection: Connection, org_id: int, person: NewPerson, shops: Sequence[int]) -> int:
    number = _one(
        connection,
        "INSERT INTO person (org_id, email, name, password_hash, role, language) "
        "VALUES (:org, :email, :name, :hash, :role, :language) RETURNING id",
        org=org_id,
        email=person.email.strip().lower(),
        name=person.name,
        hash=hash_password(person.password),
        role=person.role,
        language=person.language,
    )
    for shop_id in shops:
        connection.execute(
            text("INSERT INTO person_shop (org_id, person_id, shop_id) VALUES (:org, :person, :shop)"),
            {"org": org_id, "person": number, "shop": shop_id},
        )
    return number


def add_programme(connection: Connection, programme: NewProgramme) -> int:
    return _one(
        connection,
        "INSERT INTO programme (name, kind, match_codes, match_names, ageing_days, not_before_delivery, questionnaire) "
        "VALUES (:name, :kind, :codes, :names, :days, :delivery, :questionnaire) RETURNING id",
        name=programme.name,
        kind=programme.kind,
        codes=[canonical(code) for code in programme.codes],
        names=[canonical(name) for name in programme.names],
        days=programme.ageing_days,
        delivery=programme.not_before_delivery,
        questionnaire=programme.questionnaire,
    )


def enrol(connection: Connection, org_id: int, shop_id: int, programme_id: int) -> None:
    connection.execute(
        text(
            "INSERT INTO enrolment (org_id, shop_id, programme_id) VALUES (:org, :shop, :programme) ON CONFLICT DO NOTHING"
        ),
        {"org": org_id, "shop": shop_id, "programme": programme_id},
    )


def add_questionnaire(connection: Connection, key: str, version: int, content: object) -> bool:
    """Keep a version of a questionnaire; a version that is there is never changed (answers keep their text).

    False if it is there with another content.
    """
    values = {"key": key, "version": version, "content": json.dumps(content)}
    connection.execute(
        text(
            "INSERT INTO questionnaire (key, version, content) VALUES (:key, :version, :content) ON CONFLICT DO NOTHING"
        ),
        values,
    )
    same: bool = connection.execute(
        text("SELECT content = CAST(:content AS jsonb) FROM questionnaire WHERE key = :key AND version = :version"),
        values,
    ).scalar_one()
    return same


def _one(connection: Connection, statement: str, **values: object) -> int:
    found: int = connection.execute(text(statement), values).scalar_one()
    return found
