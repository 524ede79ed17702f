"""SQL of people, their grants and what was done about them, in the scope of whoever manages them.

The database lets nobody reach beyond the nodes they manage, whatever is asked here (migration 0022).
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from repaircenter.wire.people import Grant, Node


class PersonRow(NamedTuple):
    """Somebody within reach, with their grants within reach."""

    id: int
    name: str
    email: str
    language: str
    active: bool
    version: int
    last_key: str | None
    signed_in_at: datetime | None
    wholly: bool
    invited: bool
    asked_at: datetime | None
    grants: list[Grant]


def lock_people(connection: Connection, org_id: int) -> None:
    """Let one transaction at a time change people of an organisation: what one saw of rights still holds for it."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('people'), CAST(:org AS integer))"), {"org": org_id})


def managed_nodes(connection: Connection) -> list[Node]:
    """The nodes within reach, those above before those below; a root has the name of its organisation's own. A programme of
    the shops' own is no place: no insurer reads it."""
    rows = connection.execute(
        text(
            "SELECT n.id, n.kind, coalesce(n.name, h.name, p.name, '') AS name, n.parent_id FROM node n "
            "LEFT JOIN shop h ON h.id = n.shop_id LEFT JOIN programme p ON p.id = n.programme_id "
            "WHERE n.id IN (SELECT rc_managed_nodes()) AND p.kind IS DISTINCT FROM 'shop' "
            "ORDER BY rc_node_rank(n.kind), h.sort_key, n.name, p.name, n.id"
        )
    ).all()
    reachable = {row.id for row in rows}
    return [Node(id=r[0], kind=r[1], name=r[2], parent_id=r[3] if r[3] in reachable else None) for r in rows]


def people(connection: Connection, person_id: int | None = None) -> list[PersonRow]:
    """Everybody within reach by name, or one of them."""
    rows = connection.execute(
        text(
            "WITH managed AS MATERIALIZED (SELECT rc_managed_nodes() AS id), granted AS MATERIALIZED ("
            " SELECT g.person_id, jsonb_agg(jsonb_build_array(g.role, g.node_id) ORDER BY g.role, g.node_id) AS grants "
            " FROM person_grant g JOIN managed ON managed.id = g.node_id GROUP BY g.person_id) "
            "SELECT p.id, p.name, p.email, p.language, p.active, p.version, p.last_key, p.signed_in_at, m.wholly, "
            "m.invited, (SELECT max(l.made_at) FROM password_link l WHERE l.person_id = p.id) AS asked_at, granted.grants "
            "FROM rc_managed_people() m JOIN person p ON p.id = m.id LEFT JOIN granted ON granted.person_id = p.id "
            "WHERE CAST(:id AS bigint) IS NULL OR p.id = :id ORDER BY p.name, p.id"
        ),
        {"id": person_id},
    )
    return [PersonRow._make((*r[:11], [Grant(role=role, node_id=node) for role, node in r[11] or ()])) for r in rows]


def add_person(connection: Connection, email: str, name: str, language: str, key: str, grant: Grant) -> int | None:
    """A person with a first grant; None where the address has an account already."""
    number: int | None = connection.execute(
        text("SELECT rc_add_person(:email, :name, :language, :key, :role, :node)"),
        {"email": email, "name": name, "language": language, "key": key, "role": grant.role, "node": grant.node_id},
    ).scalar_one()
    return number


def change_person(connection: Connection, person_id: int, key: str, name: str, language: str, *, active: bool) -> None:
    """Change a person; their version grows."""
    connection.execute(
        text(
            "UPDATE person SET name = :name, language = :language, active = :active "
            "WHERE id = :id AND (name, language, active) IS DISTINCT FROM (:name, :language, :active)"
        ),
        {"id": person_id, "name": name, "language": language, "active": active},
    )
    connection.execute(text("SELECT rc_touch_person(:id, :key)"), {"id": person_id, "key": key})


def add_grant(connection: Connection, org_id: int, person_id: int, grant: Grant) -> None:
    connection.execute(
        text("INSERT INTO person_grant (org_id, person_id, role, node_id) VALUES (:org, :person, :role, :node)"),
        {"org": org_id, "person": person_id, "role": grant.role, "node": grant.node_id},
    )


def take_grant(connection: Connection, person_id: int, grant: Grant) -> None:
    connection.execute(
        text("DELETE FROM person_grant WHERE person_id = :person AND role = :role AND node_id = :node"),
        {"person": person_id, "role": grant.role, "node": grant.node_id},
    )


class Done(NamedTuple):
    """What was done about a person: a word of PERSON_EVENTS, and what was there before and is there now."""

    what: str
    before: object = None
    after: object = None


def add_audit(
    connection: Connection, org_id: int, by_id: int | None, person_id: int, done: Sequence[Done], at: datetime
) -> None:
    """Keep what was done, and by whom; nobody changes it any more."""
    for one in done:
        connection.execute(
            text(
                "INSERT INTO audit (org_id, at, by_id, what, subject, subject_id, before, after) "
                "VALUES (:org, :at, :by, :what, 'person', :subject, CAST(:before AS jsonb), CAST(:after AS jsonb))"
            ),
            {
                "org": org_id,
                "at": at,
                "by": by_id,
                "what": one.what,
                "subject": person_id,
                "before": None if one.before is None else json.dumps(one.before),
                "after": None if one.after is None else json.dumps(one.after),
            },
        )


class HistoryRow(NamedTuple):
    at: datetime
    what: str
    by: str | None
    before: object
    after: object


def history(connection: Connection, person_id: int) -> list[HistoryRow]:
    """What was done about a person within reach, oldest first."""
    rows = connection.execute(
        text("SELECT at, what, by_name, before, after FROM rc_history(:person)"), {"person": person_id}
    )
    return [HistoryRow._make(row) for row in rows]


def add_link(
    connection: Connection,
    org_id: int,
    shop_id: int,
    person_id: int,
    by_id: int,
    secrets: tuple[bytes, bytes],
    at: datetime,
    ends_at: datetime,
) -> int:
    """A link to the page where a password is chosen; `secrets` are its nonce and the hash of its token."""
    number: int = connection.execute(
        text(
            "INSERT INTO password_link (org_id, person_id, shop_id, asked_by, nonce, token_hash, made_at, ends_at) "
            "VALUES (:org, :person, :shop, :by, :nonce, :hash, :at, :ends) RETURNING id"
        ),
        {
            "org": org_id,
            "person": person_id,
            "shop": shop_id,
            "by": by_id,
            "nonce": secrets[0],
            "hash": secrets[1],
            "at": at,
            "ends": ends_at,
        },
    ).scalar_one()
    return number


class LinkRow(NamedTuple):
    """A link at the moment its mail leaves."""

    org_id: int
    shop_id: int
    email: str
    name: str
    language: str
    organisation: str
    asked_by: str | None
    nonce: bytes
    ends_at: datetime
    zone: str
    is_invited: bool


def link(connection: Connection, link_id: int, now: datetime) -> LinkRow | None:
    """A link that still opens its page; None when it was used, has ended, or is not the newest. Needs the worker."""
    row = connection.execute(
        text(
            "SELECT l.org_id, l.shop_id, p.email, p.name, p.language, o.name, asker.name, l.nonce, l.ends_at, "
            "h.zone, rc_is_invited(p.id) FROM password_link l JOIN shop h ON h.id = l.shop_id "
            "JOIN person p ON p.id = l.person_id AND p.active "
            "JOIN organisation o ON o.id = l.org_id LEFT JOIN person asker ON asker.id = l.asked_by "
            "WHERE l.id = :id AND l.used_at IS NULL AND l.ends_at > :now "
            "AND NOT EXISTS (SELECT 1 FROM password_link n WHERE n.person_id = l.person_id AND n.id > l.id)"
        ),
        {"id": link_id, "now": now},
    ).first()
    return None if row is None else LinkRow._make(row)


def link_place(connection: Connection, link_id: int) -> tuple[int, int] | None:
    """(organisation, shop) of a link."""
    row = connection.execute(text("SELECT org_id, shop_id FROM password_link WHERE id = :id"), {"id": link_id}).first()
    return None if row is None else (row.org_id, row.shop_id)


def forgot(
    connection: Connection,
    email: str,
    secrets: tuple[bytes, bytes],
    at: datetime,
    ends_at: datetime,
    invited_ends_at: datetime,
) -> None:
    """A link for whoever has this address, three an hour at most; nothing where nobody has. Who was asked in and never
    came keeps the time of an invitation."""
    connection.execute(
        text("SELECT rc_forgot_password(:email, :nonce, :hash, :at, :ends, :invited_ends)"),
        {
            "email": email,
            "nonce": secrets[0],
            "hash": secrets[1],
            "at": at,
            "ends": ends_at,
            "invited_ends": invited_ends_at,
        },
    )


class OpenedLink(NamedTuple):
    """Whose link was opened; `state` is open, used or ended."""

    email: str
    name: str
    language: str
    state: str


def opened_link(connection: Connection, token_hash: bytes, at: datetime) -> OpenedLink | None:
    row = connection.execute(
        text("SELECT email, name, language, state FROM rc_password_link(:hash, :at)"), {"hash": token_hash, "at": at}
    ).first()
    return None if row is None else OpenedLink._make(row)


def choose_password(
    connection: Connection, token_hash: bytes, password_hash: str, address: bytes, at: datetime
) -> bool:
    """Give the person of a link their password; False when it opens nothing any more.

    Open sessions end, and failed sign-ins of their `address` (its keyed digest) are forgotten.
    """
    chosen: bool = connection.execute(
        text("SELECT rc_choose_password(:hash, :password, :address, :at)"),
        {"hash": token_hash, "password": password_hash, "address": address, "at": at},
    ).scalar_one()
    return chosen
