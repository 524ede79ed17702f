"""SQL of programmes as people change them. The database lets nobody change one that is not theirs (migration 0024)."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from repaircenter.runtime.text import canonical
from repaircenter.wire.surveys.programmes import NamedShop, Rules, UnclaimedName

_COLUMNS = (
    *("name", "ageing_days", "not_before_delivery", "reminder_days", "throttle_days", "alert_at_most", "alert_hours"),
    *("recovery_demanded", "questionnaire", "publishing", "channels", "active", "names", "codes", "shows_contact"),
    *("shows_recovery", "alert_unreached", "alert_silent"),
)


class ProgrammeRow(NamedTuple):
    """A programme of the scope's shops, those that take part among its rules."""

    id: int
    kind: str
    version: int
    last_key: str | None
    rules: Rules
    changeable: bool
    waiting: int


def programmes(connection: Connection, programme_id: int | None = None) -> list[ProgrammeRow]:
    """Those that shops of the scope joined, and those that are changed from it; by name."""
    rows = connection.execute(
        text(
            f"SELECT p.id, p.kind, p.version, p.last_key, {', '.join(f'p.{c}' for c in _COLUMNS)}, "
            "p.id IN (SELECT rc_managed_programmes()) AS changeable, "
            "ARRAY(SELECT e.shop_id FROM enrolment e WHERE e.programme_id = p.id AND e.active ORDER BY 1) AS shops, "
            "(SELECT count(*) FROM sample s WHERE s.programme_id = p.id AND s.state = 'ageing') AS waiting "
            "FROM programme p WHERE (EXISTS (SELECT 1 FROM enrolment e WHERE e.programme_id = p.id) "
            "OR p.id IN (SELECT rc_managed_programmes())) AND (CAST(:id AS bigint) IS NULL OR p.id = :id) "
            "ORDER BY p.name, p.id"
        ),
        {"id": programme_id},
    )
    return [
        ProgrammeRow(
            row.id,
            row.kind,
            row.version,
            row.last_key,
            Rules(shops=list(row.shops), **{column: getattr(row, column) for column in _COLUMNS}),
            row.changeable,
            row.waiting,
        )
        for row in rows
    ]


def lock(connection: Connection, org_id: int) -> None:
    """Let one transaction at a time change programmes of an organisation."""
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('programmes'), CAST(:org AS integer))"), {"org": org_id}
    )


def shops(connection: Connection) -> list[NamedShop]:
    """The shops of the scope, which may take part."""
    rows = connection.execute(text("SELECT id, name FROM shop ORDER BY sort_key, id"))
    return [NamedShop(id=row.id, name=row.name) for row in rows]


def add(connection: Connection, org_id: int, kind: str, key: str, rules: Rules) -> int:
    number: int = connection.execute(
        text(
            f"INSERT INTO programme (org_id, kind, last_key, match_names, match_codes, {', '.join(_COLUMNS)}) "
            f"VALUES (:org, :kind, :key, :match_names, :match_codes, {', '.join(f':{name}' for name in _COLUMNS)}) RETURNING id"
        ),
        {"org": org_id, "kind": kind, "key": key, **_values(rules)},
    ).scalar_one()
    return number


def change(connection: Connection, programme_id: int, key: str, rules: Rules) -> None:
    connection.execute(
        text(
            f"UPDATE programme SET {', '.join(f'{column} = :{column}' for column in _COLUMNS)}, match_names = :match_names, "
            "match_codes = :match_codes, version = version + 1, last_key = :key WHERE id = :id"
        ),
        {"id": programme_id, "key": key, **_values(rules)},
    )


def _values(rules: Rules) -> dict[str, object]:
    """As people wrote it, and names and codes as they are compared."""
    compared = {"match_names": list(map(canonical, rules.names)), "match_codes": list(map(canonical, rules.codes))}
    return {column: getattr(rules, column) for column in _COLUMNS} | compared


def enrol(connection: Connection, org_id: int, programme_id: int, shops: Sequence[int], seen: Sequence[int]) -> None:
    """Have these of the seen shops take part, and no other of them."""
    connection.execute(
        text(
            "INSERT INTO enrolment (org_id, shop_id, programme_id, active) "
            "SELECT :org, shop, :programme, shop = ANY(:shops) FROM unnest(CAST(:seen AS bigint[])) AS shop "
            "WHERE shop = ANY(:shops) OR EXISTS (SELECT 1 FROM enrolment e WHERE e.shop_id = shop "
            " AND e.programme_id = :programme) "
            "ON CONFLICT (org_id, shop_id, programme_id) DO UPDATE SET active = EXCLUDED.active"
        ),
        {"org": org_id, "programme": programme_id, "shops": list(shops), "seen": list(seen)},
    )


def unclaimed(connection: Connection) -> list[UnclaimedName]:
    """Names no programme claims, in the scope's shops together; the most frequent first."""
    rows = connection.execute(
        text(
            "SELECT name, sum(jobs)::int AS jobs FROM unclaimed_insurer WHERE name IS NOT NULL "
            "GROUP BY name ORDER BY jobs DESC, name LIMIT 200"
        )
    )
    return [UnclaimedName(name=row.name, jobs=row.jobs) for row in rows]


def forget_claimed(connection: Connection, macs: Sequence[bytes]) -> None:
    """The names of these digests, each of a shop, are claimed now."""
    connection.execute(text("DELETE FROM unclaimed_insurer WHERE name_mac = ANY(:macs)"), {"macs": list(macs)})
