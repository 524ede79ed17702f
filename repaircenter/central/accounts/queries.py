"""SQL of accounts. Look-ups before a scope go through functions that return ids only (DESIGN 3.9)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from repaircenter.central.accounts.roles import permissions_of
from repaircenter.central.accounts.rules import LEASE_LIFE, REFRESH_IDLE_LIFE
from repaircenter.central.core.calls import Caller
from repaircenter.central.db.connections import Scope
from repaircenter.wire.identity import LeaseInfo, LeaseRequest, ShopInfo
from repaircenter.wire.vocabulary import ROLES


@dataclass(frozen=True, slots=True)
class PersonRow:
    org_id: int
    id: int
    name: str
    language: str


def password_of(connection: Connection, email: str) -> tuple[int, int, str | None, bool] | None:
    """(organisation, person, password hash, active) of an account; no hash before a first password was chosen."""
    row = connection.execute(
        text("SELECT org_id, id, password_hash, active FROM rc_person_for_sign_in(:email)"),
        {"email": email.strip().lower()},
    ).first()
    return None if row is None else (row.org_id, row.id, row.password_hash, row.active)


def licence(connection: Connection, org_id: int) -> tuple[datetime | None, bool]:
    """(last instant or None for ever, whether reports are licensed) of an organisation (A-01)."""
    row = connection.execute(text("SELECT until, surveys FROM rc_licence(:org)"), {"org": org_id}).one()
    return row.until, row.surveys


def issue_refresh(connection: Connection, person_id: int, token_hash: bytes, at: datetime) -> None:
    """The first refresh token of a sign-in."""
    connection.execute(
        text("SELECT rc_issue_refresh(:person, :hash, :at)"), {"person": person_id, "hash": token_hash, "at": at}
    )


def rotate(
    connection: Connection, old: bytes, fresh: bytes, attempt: bytes | None, at: datetime
) -> tuple[int, int] | str:
    """(organisation, person) when `fresh` took the place of `old`, else the code of the refusal.

    The same attempt may come again, with the same `fresh`; another one ends the sign-in.
    """
    row = connection.execute(
        text("SELECT org, person, verdict FROM rc_rotate(:old, :fresh, :attempt, :at, :idle)"),
        {"old": old, "fresh": fresh, "attempt": attempt, "at": at, "idle": REFRESH_IDLE_LIFE},
    ).one()
    return (row.org, row.person) if row.verdict == "good" else str(row.verdict)


def bind_session(connection: Connection, session_hash: bytes, refresh_hash: bytes) -> None:
    """A person's session ends when the sign-in of this refresh token does."""
    connection.execute(
        text("SELECT rc_bind_session(:session, :refresh)"), {"session": session_hash, "refresh": refresh_hash}
    )


def sign_out(connection: Connection, token_hash: bytes) -> None:
    """End every token of this sign-in."""
    connection.execute(text("SELECT rc_sign_out(:hash)"), {"hash": token_hash})


def programmes_stamp(connection: Connection) -> str | None:
    """Changes whenever a programme or an enrolment of the scope's shops does (DESIGN 4.6)."""
    value: str | None = connection.execute(
        text(
            "SELECT md5(string_agg(concat_ws(',', e.shop_id, p.id, e.active AND p.active, p.match_codes::text, "
            "p.match_names::text), ';' ORDER BY e.shop_id, p.id)) FROM enrolment e JOIN programme p ON p.id = e.programme_id"
        )
    ).scalar()
    return value


def person(connection: Connection, person_id: int) -> PersonRow | None:
    """Needs a scope with this person."""
    row = connection.execute(
        text("SELECT org_id, id, name, language FROM person WHERE id = :id"), {"id": person_id}
    ).first()
    return None if row is None else PersonRow(*row)


def language_of(connection: Connection, person_id: int) -> str:
    """The language a person reads in."""
    language: str = connection.execute(
        text("SELECT language FROM person WHERE id = :id"), {"id": person_id}
    ).scalar_one()
    return language


def names_of_people(connection: Connection) -> dict[int, str]:
    """The names of the people of the scope's shops, by their numbers."""
    return {row.id: row.name for row in connection.execute(text("SELECT DISTINCT id, name FROM rc_people_of_shops()"))}


def installation(connection: Connection, installation_id: int, secret_hash: bytes) -> tuple[int, bool] | None:
    """(organisation, revoked) when the secret is right."""
    row = connection.execute(
        text("SELECT org_id, revoked FROM rc_installation(CAST(:id AS bigint), :hash)"),
        {"id": installation_id, "hash": secret_hash},
    ).first()
    return None if row is None else (row.org_id, row.revoked)


def add_installation(
    connection: Connection, person_id: int, name: str, secret_hash: bytes, at: datetime, *, collects: bool
) -> tuple[int, Scope] | None:
    """A new installation for the shops of which the person is an admin, and its scope; None when there is none. One that
    collects nothing is made for anybody, of no shop where they are an admin of none."""
    values = {"person": person_id, "name": name.replace("\0", "")[:80], "hash": secret_hash, "at": at}
    row = connection.execute(text("SELECT id, scope FROM rc_pair(:person, :name, :hash, :at)"), values).first()
    if row is None and not collects:
        row = connection.execute(
            text("SELECT id, scope FROM rc_pair_to_read(:person, :name, :hash, :at)"), values
        ).first()
    return None if row is None else (row.id, Scope(row.scope))


def open_session(
    connection: Connection, org_id: int, token_hash: bytes, kind: str, subject_id: int, at: datetime, ends_at: datetime
) -> None:
    connection.execute(
        text("SELECT rc_open_session(:org, :hash, :kind, :subject, :at, :ends)"),
        {"org": org_id, "hash": token_hash, "kind": kind, "subject": subject_id, "at": at, "ends": ends_at},
    )


def caller(connection: Connection, token_hash: bytes, at: datetime) -> Caller | None:
    """Who a token belongs to; None once its session ended or its installation was revoked."""
    row = connection.execute(
        text(
            "SELECT org_id, kind, subject_id, shops, licensed, surveys, scope, roles, modules FROM rc_session(:hash, :at)"
        ),
        {"hash": token_hash, "at": at},
    ).first()
    if row is None or row.shops is None:
        return None
    roles: dict[str, list[int]] = row.roles or {}
    return Caller(
        row.kind,
        row.org_id,
        row.subject_id,
        tuple(row.shops),
        Scope(row.scope),
        row.licensed,
        row.surveys,
        next((role for role in ROLES if role in roles), None),
        permissions_of(roles),
        tuple(row.modules),
    )


def shops(connection: Connection) -> list[ShopInfo]:
    """The shops of the scope, ordered by their names."""
    rows = connection.execute(
        text(
            "SELECT h.id, h.name, h.zone, above.name, h.tax_id, h.licence, h.phone FROM shop h "
            "LEFT JOIN node n ON n.shop_id = h.id LEFT JOIN node above ON above.id = n.parent_id ORDER BY h.sort_key, h.id"
        )
    )
    return [ShopInfo(id=r[0], name=r[1], zone=r[2], group=r[3], tax_id=r[4], licence=r[5], phone=r[6]) for r in rows]


def hold_lease(connection: Connection, caller: Caller, asked: LeaseRequest, at: datetime) -> list[LeaseInfo]:
    """Take or keep the claims nobody else holds, or all of them with `take_over`; return who holds each then.

    The same device under a new pairing is not somebody else.
    """
    claimed = sorted({(claim.shop_id, claim.place.replace("\0", "")[:64]) for claim in asked.claims})
    values = {
        "org": caller.org_id,
        "shops": [shop for shop, _ in claimed],
        "places": [place for _, place in claimed],
        "me": caller.id,
        "device": asked.device_name.replace("\0", "")[:80],
        "at": at,
        "stale": at - LEASE_LIFE,
        "force": asked.take_over,
    }
    connection.execute(text(_HOLD), values)
    rows = connection.execute(text(_HELD), values)
    return [LeaseInfo(shop_id=r[0], place=r[1], mine=r[2], device_name=r[3], since=r[4]) for r in rows]


_CLAIMS = "unnest(CAST(:shops AS bigint[]), CAST(:places AS text[])) AS claim (shop_id, place)"
_HOLD = f"""
INSERT INTO collecting AS held (org_id, shop_id, place, installation_id, device_name, since, seen_at)
SELECT :org, claim.shop_id, claim.place, :me, :device, :at, :at FROM {_CLAIMS} ORDER BY 2, 3
ON CONFLICT (org_id, shop_id, place) DO UPDATE SET
  since = CASE WHEN held.installation_id = excluded.installation_id THEN held.since ELSE excluded.since END,
  installation_id = excluded.installation_id, device_name = excluded.device_name, seen_at = excluded.seen_at
WHERE held.installation_id = excluded.installation_id OR held.device_name = excluded.device_name
  OR held.seen_at < :stale OR :force
"""
_HELD = f"""
SELECT shop_id, place, installation_id = :me, device_name, since FROM collecting JOIN {_CLAIMS} USING (shop_id, place)
ORDER BY shop_id, place
"""


def locked_until(connection: Connection, address: bytes, at: datetime) -> datetime | None:
    """Until when sign-ins of an address (its keyed digest) are refused; None when they are not."""
    instant: datetime | None = connection.execute(
        text("SELECT rc_locked_until(:address, :at)"), {"address": address, "at": at}
    ).scalar_one()
    return instant


def note_sign_in(connection: Connection, address: bytes, at: datetime, *, good: bool) -> None:
    """Count a failure of an address, or forget its failures."""
    call = "rc_sign_in_good(:address)" if good else "rc_sign_in_failed(:address, :at)"
    connection.execute(text(f"SELECT {call}"), {"address": address, "at": at})
