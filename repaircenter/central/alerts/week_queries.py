"""SQL of the weekly status."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from repaircenter.central.alerts.queries import LICENSED, Reader
from repaircenter.central.sampling.queries import TELLING


class ShopNow(NamedTuple):
    """A shop, the end of its last week (None before the first), and whether it is in a programme and has the licence."""

    org_id: int
    zone: str
    last_until: datetime | None
    takes_part: bool


class Week(NamedTuple):
    """A week of a shop and whom it is told, as things stand now."""

    org_id: int
    shop_id: int
    shop: str
    zone: str
    from_at: datetime
    until_at: datetime
    name: str
    email: str
    language: str
    reader: Reader


class Sample(NamedTuple):
    """A job that came in and is in a programme; of the customer the initials alone."""

    ro_number: str | None
    initials: str
    insurer: str | None
    received_at: datetime
    state: str


class Life(NamedTuple):
    """What is known of a shop's PC: whether one is connected at all, and when it was heard of last."""

    is_paired: bool
    seen_at: datetime | None


# A shop that is closed, or in no programme any more, sends nothing and is not missed.
_TAKES_PART = (
    "EXISTS (SELECT 1 FROM enrolment e JOIN programme p ON p.id = e.programme_id "
    "WHERE e.shop_id = h.id AND e.active AND p.active)"
)


def shop_now(connection: Connection, shop_id: int, now: datetime) -> ShopNow:
    """Lock the shop's weeks and return where they are."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('alert.week'), :shop)"), {"shop": shop_id})
    row = connection.execute(
        text(
            "SELECT h.org_id, h.zone, (SELECT max(until_at) FROM shop_week w WHERE w.shop_id = h.id), "
            f"{LICENSED} AND {_TAKES_PART} FROM shop h JOIN organisation o ON o.id = h.org_id WHERE h.id = :shop"
        ),
        {"shop": shop_id, "now": now},
    ).one()
    return ShopNow._make(row)


def add_week(
    connection: Connection, org_id: int, shop_id: int, from_at: datetime, until_at: datetime, at: datetime
) -> int:
    number: int = connection.execute(
        text(
            "INSERT INTO shop_week (org_id, shop_id, from_at, until_at, made_at) "
            "VALUES (:org, :shop, :from, :until, :at) RETURNING id"
        ),
        {"org": org_id, "shop": shop_id, "from": from_at, "until": until_at, "at": at},
    ).scalar_one()
    return number


def add_mail(connection: Connection, org_id: int, shop_id: int, week_id: int, person_id: int) -> int:
    number: int = connection.execute(
        text(
            "INSERT INTO shop_week_mail (org_id, shop_id, week_id, person_id) "
            "VALUES (:org, :shop, :week, :person) RETURNING id"
        ),
        {"org": org_id, "shop": shop_id, "week": week_id, "person": person_id},
    ).scalar_one()
    return number


def week(connection: Connection, mail_id: int, now: datetime) -> Week | None:
    """None for somebody who is no longer there, a shop in no programme any more, or without the licence."""
    row = connection.execute(
        text(
            "SELECT w.org_id, w.shop_id, h.name, h.zone, w.from_at, w.until_at, p.name, p.email, p.language, p.id, at.roles, "
            "c.choice FROM shop_week_mail m JOIN shop_week w ON w.id = m.week_id JOIN shop h ON h.id = w.shop_id "
            "JOIN organisation o ON o.id = w.org_id JOIN person p ON p.id = m.person_id AND p.active "
            "JOIN rc_people_at(w.shop_id) AS at ON at.person_id = p.id "
            "LEFT JOIN alert_choice c ON c.person_id = p.id AND c.shop_id = w.shop_id "
            f"WHERE m.id = :id AND {LICENSED} AND {_TAKES_PART}"
        ),
        {"id": mail_id, "now": now},
    ).first()
    return None if row is None else Week._make((*row[:9], Reader._make(row[9:])))


def samples(connection: Connection, shop_id: int, from_at: datetime, until_at: datetime) -> Sequence[Sample]:
    """The jobs a shop sent within [from, until) that are in a programme, the oldest first."""
    rows = connection.execute(
        text(
            "SELECT ro_number, initials, insurer_name, received_at, state FROM (SELECT DISTINCT ON (j.id) j.id, j.ro_number, "
            "upper(concat(left(coalesce(j.first_name, j.company), 1), left(j.last_name, 1))) AS initials, "
            "j.insurer_name, j.received_at, s.state FROM job j JOIN sample s ON s.job_id = j.id "
            "WHERE j.shop_id = :shop AND j.received_at >= :from AND j.received_at < :until AND j.erased_at IS NULL "
            f"ORDER BY j.id, {TELLING}) j ORDER BY received_at, id"
        ),
        {"shop": shop_id, "from": from_at, "until": until_at},
    )
    return [Sample._make(row) for row in rows]


def filtered(connection: Connection, shop_id: int, from_at: datetime, until_at: datetime) -> Sequence[tuple[str, int]]:
    """(reason, jobs) of what was not kept, the commonest first: of those nothing else is known (A-15)."""
    rows = connection.execute(
        text(
            "SELECT reason, count(*) FROM filtered_job WHERE shop_id = :shop AND first_at >= :from AND first_at < :until "
            "GROUP BY reason ORDER BY count(*) DESC, reason"
        ),
        {"shop": shop_id, "from": from_at, "until": until_at},
    )
    return [(row[0], row[1]) for row in rows]


def life(connection: Connection, shop_id: int) -> Life:
    row = connection.execute(
        text(
            "SELECT EXISTS (SELECT 1 FROM installation WHERE :shop = ANY(shops) AND revoked_at IS NULL), "
            "(SELECT max(seen_at) FROM collecting WHERE shop_id = :shop)"
        ),
        {"shop": shop_id},
    ).one()
    return Life._make(row)
