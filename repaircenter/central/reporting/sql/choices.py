"""What there is to choose from and to say beside figures: names, programmes, months with data, freshness."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, text

from repaircenter.central.reporting.sql.employees import people
from repaircenter.runtime.days import day_in


def newest_answer_month(connection: Connection, shops: Sequence[int], now_utc: datetime) -> date | None:
    """The first day of the newest month with an answer, in the shop's zone (A-50)."""
    rows = connection.execute(
        text(
            "SELECT h.zone, max(a.submitted_at) FROM answer a JOIN shop h ON h.id = a.shop_id "
            "WHERE a.shop_id = ANY(:shops) AND a.visible_from <= :now GROUP BY h.zone"
        ),
        {"shops": list(shops), "now": now_utc},
    )
    return max((day_in(zone, newest).replace(day=1) for zone, newest in rows), default=None)


def newest_job_month(connection: Connection, shops: Sequence[int], now_utc: datetime) -> date | None:
    """The first day of the newest month in which a job was received, in the shop's zone."""
    rows = connection.execute(
        text(
            "SELECT h.zone, max(j.received_at) FROM job j JOIN shop h ON h.id = j.shop_id "
            "WHERE j.shop_id = ANY(:shops) AND j.received_at <= :now GROUP BY h.zone"
        ),
        {"shops": list(shops), "now": now_utc},
    )
    return max((day_in(zone, newest).replace(day=1) for zone, newest in rows), default=None)


def least_ageing_days(connection: Connection) -> int:
    """After how many days the first customer can be asked, over all programmes."""
    days: int | None = connection.execute(text("SELECT min(ageing_days) FROM programme")).scalar_one_or_none()
    return 19 if days is None else days


def freshness(
    connection: Connection, shops: Sequence[int], until: datetime, now_utc: datetime
) -> dict[int, datetime | None]:
    """When each shop's desk last sent a new job before an instant (V-N4): None for one whose first job came later;
    shops without any job up to now are left out."""
    rows = connection.execute(
        text(
            # A look at either end of each shop's jobs, whatever way the planner would go for all of them.
            "SELECT shop_id, newest AS at FROM (SELECT h.shop_id, "
            "(SELECT min(j.received_at) FROM job j WHERE j.shop_id = h.shop_id) AS oldest, "
            "(SELECT max(j.received_at) FROM job j WHERE j.shop_id = h.shop_id AND j.received_at < :until "
            "AND j.received_at <= :now) "
            "AS newest FROM unnest(CAST(:shops AS bigint[])) AS h(shop_id)) AS f WHERE oldest <= :now ORDER BY shop_id"
        ),
        {"shops": list(shops), "until": until, "now": now_utc},
    )
    return {row.shop_id: row.at for row in rows}


def programmes_of(connection: Connection, shops: Sequence[int]) -> dict[int, str]:
    """The programmes these shops take or took part in, in the order of names: another organisation's stay unnamed."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT p.id, p.name FROM programme p JOIN enrolment e ON e.programme_id = p.id "
            "WHERE e.shop_id = ANY(:shops) ORDER BY p.name"
        ),
        {"shops": list(shops)},
    )
    return {row.id: row.name for row in rows}


def shares_recoveries(connection: Connection, programme_id: int | None = None) -> bool:
    """Whether all programmes of the scope, or one of them, show insurers what shops did about low answers (A-P2)."""
    shares: bool | None = connection.execute(
        text("SELECT bool_and(shows_recovery) FROM programme WHERE CAST(:id AS bigint) IS NULL OR id = :id"),
        {"id": programme_id},
    ).scalar_one()
    return bool(shares)


def employee_names(connection: Connection, shops: Sequence[int]) -> dict[str, list[str]]:
    """Everybody who stands in an invitation, by role."""
    rows = connection.execute(
        text(
            f"SELECT DISTINCT r.role, e.name FROM invitation i {people(connection, shops)} WHERE i.shop_id = ANY(:shops) "
            "ORDER BY 1, 2"
        ),
        {"shops": list(shops)},
    )
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(row.role, []).append(row.name)
    return names


def known_names(connection: Connection, shops: Sequence[int], names: Sequence[str]) -> tuple[str, ...]:
    """Names of employees with those they stand for, each once: a favourite may have kept an old spelling."""
    given = list(filter(None, names))
    if not given:
        return ()
    known = connection.execute(
        text(
            "SELECT DISTINCT known_as FROM employee_name WHERE shop_id = ANY(:shops) AND name = ANY(:names) ORDER BY 1"
        ),
        {"shops": list(shops), "names": given},
    ).scalars()
    return tuple(dict.fromkeys([*given, *known]))


def shop_groups(connection: Connection, shops: Sequence[int]) -> dict[int, str]:
    """Shop -> the region or group it belongs to, of those that belong to one."""
    rows = connection.execute(
        text(
            "SELECT n.shop_id, above.name FROM node n JOIN node above ON above.id = n.parent_id "
            "WHERE n.shop_id = ANY(:shops) AND above.name IS NOT NULL"
        ),
        {"shops": list(shops)},
    )
    return {row.shop_id: row.name for row in rows}


def shop_names(connection: Connection, shops: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Shop -> (name, zone) in the order of names."""
    rows = connection.execute(
        text("SELECT id, name, zone FROM shop WHERE id = ANY(:shops) ORDER BY sort_key, id"), {"shops": list(shops)}
    )
    return {r.id: (r.name, r.zone) for r in rows}
