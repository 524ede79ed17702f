"""SQL of the intake: what is known of a batch's jobs, and the writes of its decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from repaircenter.central.db.rows import execute_rows
from repaircenter.central.programmes.rules import Programme
from repaircenter.central.sampling.queries import SHOP_LOCK
from repaircenter.runtime.text import sort_key
from repaircenter.wire.jobs import JobMessage


@dataclass(frozen=True, slots=True)
class KeyRow:
    """The remembered result of an idempotency key."""

    digest_mac: bytes
    outcome: str
    reason: str | None
    job_id: int | None


def lock_shop(connection: Connection, shop_id: int) -> tuple[int, str]:
    """(organisation, zone) of a shop in the scope, locked: one batch of a shop at a time, others wait.

    Plans are made once a connection: with every policy of a table that takes longer than the rows of a batch.
    """
    row = connection.execute(
        text(
            "SELECT org_id, zone, set_config('plan_cache_mode', 'force_generic_plan', true), "
            f"pg_advisory_xact_lock({SHOP_LOCK}, :lock) FROM shop WHERE id = :id"
        ),
        {"id": shop_id, "lock": shop_id % 2**31},
    ).one()
    return row.org_id, row.zone


def keys(connection: Connection, shop_id: int, job_keys: Sequence[str]) -> dict[str, KeyRow]:
    rows = connection.execute(
        text(
            "SELECT key, digest_mac, outcome, reason, job_id FROM intake_key WHERE shop_id = :shop AND key = ANY(:keys)"
        ),
        {"shop": shop_id, "keys": list(job_keys)},
    )
    return {r.key: KeyRow(bytes(r.digest_mac), r.outcome, r.reason, r.job_id) for r in rows}


def jobs(connection: Connection, shop_id: int, job_keys: Sequence[str]) -> dict[str, tuple[int, int, str]]:
    """Job key -> (id, version order, digest)."""
    rows = connection.execute(
        text("SELECT job_key, id, version_order, digest FROM job WHERE shop_id = :shop AND job_key = ANY(:keys)"),
        {"shop": shop_id, "keys": list(job_keys)},
    )
    return {r.job_key: (r.id, r.version_order, r.digest) for r in rows}


def not_kept(
    connection: Connection, shop_id: int, macs: Sequence[bytes]
) -> tuple[dict[bytes, tuple[int, bytes, str]], set[bytes]]:
    """Filtered jobs, job mac -> (version order, digest mac, reason), and those that were erased for good."""
    rows = connection.execute(
        text(
            "SELECT job_mac, version_order, digest_mac, reason FROM filtered_job "
            "WHERE shop_id = :shop AND job_mac = ANY(:macs) UNION ALL SELECT job_mac, NULL, NULL, NULL FROM erased_job "
            "WHERE shop_id = :shop AND job_mac = ANY(:macs)"
        ),
        {"shop": shop_id, "macs": list(macs)},
    ).all()
    filtered = {
        bytes(r.job_mac): (r.version_order, bytes(r.digest_mac), r.reason) for r in rows if r.digest_mac is not None
    }
    return filtered, {bytes(r.job_mac) for r in rows if r.digest_mac is None}


def programmes(connection: Connection, shop_id: int) -> tuple[list[Programme], frozenset[str]]:
    """The shop's active programmes, and the codes and names of every surveyed insurer."""
    rows = connection.execute(
        text(
            "SELECT p.id, p.kind, p.match_codes, p.match_names, p.ageing_days, p.not_before_delivery "
            "FROM programme p JOIN enrolment e ON e.programme_id = p.id "
            "WHERE p.active AND e.shop_id = :shop AND e.active ORDER BY p.id"
        ),
        {"shop": shop_id},
    )
    own = [
        Programme(
            r.id, r.kind, frozenset(r.match_codes), frozenset(r.match_names), r.ageing_days, r.not_before_delivery
        )
        for r in rows
    ]
    return own, frozenset(connection.execute(text("SELECT rc_surveyed_insurers()")).scalar_one())


def put_jobs(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Insert or update kept jobs (`job_values`, different keys); return their ids by key."""
    return {row.job_key: row.id for row in execute_rows(connection, _PUT_JOB, rows, "job_key")}


def job_values(
    org_id: int, shop_id: int, message: JobMessage, digest: str, programme_id: int, at: datetime
) -> dict[str, Any]:
    contact, vehicle, dates = message.contact, message.vehicle, message.dates
    name = " ".join(part for part in (contact.last_name, contact.first_name, contact.company) if part)
    return {
        "org": org_id,
        "shop": shop_id,
        "job_key": message.job_key,
        "version": message.version,
        "version_order": message.version_order,
        "digest": digest,
        "programme": programme_id,
        "ro_number": message.ro_number,
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "company": contact.company,
        "sort_key": sort_key(name),
        "email": contact.email,
        "phones": contact.phones,
        "preferred_channel": contact.preferred_channel,
        "language": contact.language,
        "do_not_contact": contact.do_not_contact,
        "vehicle": " ".join(str(part) for part in (vehicle.year, vehicle.make, vehicle.model) if part) or None,
        "insurer_name": message.insurer.name,
        "claim_number": message.insurer.claim_number,
        "estimator": message.people.estimator,
        "appraiser": message.people.appraiser,
        "credits": message.credits,
        "created_on": dates.created,
        "arrived_on": dates.arrived,
        "promised_on": dates.promised,
        "delivered_on": dates.delivered,
        "total_cents": message.total_cents,
        "currency": message.currency,
        "source": message.source,
        "at": at,
    }


_COLUMNS = (
    "version",
    "version_order",
    "digest",
    "ro_number",
    "first_name",
    "last_name",
    "company",
    "sort_key",
    "email",
    "phones",
    "preferred_channel",
    "language",
    "do_not_contact",
    "vehicle",
    "insurer_name",
    "claim_number",
    "estimator",
    "appraiser",
    "credits",
    "created_on",
    "arrived_on",
    "promised_on",
    "delivered_on",
    "total_cents",
    "currency",
    "source",
)
_TYPES = {
    **dict.fromkeys(_COLUMNS, "text"),
    **dict.fromkeys(("version_order", "total_cents"), "bigint"),
    **dict.fromkeys(("created_on", "arrived_on", "promised_on", "delivered_on"), "date"),
    "phones": "text[]",
    "do_not_contact": "boolean",
    "source": "jsonb",
    "credits": "jsonb",
}
_PUT_JOB = text(
    f"INSERT INTO job (org_id, shop_id, job_key, programme_id, received_at, changed_at, {', '.join(_COLUMNS)}) "
    f"SELECT org, shop, job_key, programme, at, at, {', '.join(_COLUMNS)} FROM jsonb_to_recordset(CAST(:rows AS jsonb)) "
    "AS x(org bigint, shop bigint, job_key text, programme bigint, at timestamptz, "
    f"{', '.join(f'{name} {kind}' for name, kind in _TYPES.items())}) "
    "ON CONFLICT (shop_id, job_key) DO UPDATE SET programme_id = EXCLUDED.programme_id, changed_at = EXCLUDED.changed_at, "
    f"withdrawn_at = NULL, {', '.join(f'{name} = EXCLUDED.{name}' for name in _COLUMNS)} RETURNING job_key, id"
)


def put_filtered(
    connection: Connection, org_id: int, shop_id: int, dropped: Mapping[bytes, tuple[bytes, str, int]], at: datetime
) -> None:
    """Remember rejected jobs: job mac -> (digest mac, reason, version order)."""
    rows = [
        {
            "org": org_id,
            "shop": shop_id,
            "mac": mac.hex(),
            "digest": digest.hex(),
            "reason": reason,
            "order": order,
            "at": at,
        }
        for mac, (digest, reason, order) in dropped.items()
    ]
    execute_rows(connection, _PUT_FILTERED, rows, "mac")


_PUT_FILTERED = text(
    "INSERT INTO filtered_job (org_id, shop_id, job_mac, digest_mac, reason, version_order, first_at, last_at) "
    "SELECT org, shop, decode(mac, 'hex'), decode(digest, 'hex'), reason, \"order\", at, at "
    "FROM jsonb_to_recordset(CAST(:rows AS jsonb)) "
    'AS x(org bigint, shop bigint, mac text, digest text, reason text, "order" bigint, at timestamptz) '
    "ON CONFLICT (shop_id, job_mac) DO UPDATE SET "
    "digest_mac = EXCLUDED.digest_mac, reason = EXCLUDED.reason, version_order = EXCLUDED.version_order, "
    "times = filtered_job.times + 1, last_at = EXCLUDED.last_at"
)


# A name is kept in words once so many jobs have it: a person who stands where an insurer should is not.
NAMED_FROM = 3
# A name no job had for so long is forgotten.
UNCLAIMED_FOR = timedelta(days=180)


def count_unclaimed(
    connection: Connection, org_id: int, shop_id: int, counted: Mapping[bytes, tuple[str, int]], at: datetime
) -> None:
    """Count jobs whose insurer no programme claims: name mac -> (name, jobs more)."""
    rows = [
        {"org": org_id, "shop": shop_id, "mac": mac.hex(), "name": name, "jobs": jobs, "at": at}
        for mac, (name, jobs) in counted.items()
    ]
    if not rows:
        return
    execute_rows(connection, _COUNT_UNCLAIMED, rows, "mac")
    execute_rows(connection, _NAME_UNCLAIMED, rows, "mac")
    connection.execute(
        text("DELETE FROM unclaimed_insurer WHERE shop_id = :shop AND last_at < :before"),
        {"shop": shop_id, "before": at - UNCLAIMED_FOR},
    )


_UNCLAIMED_ROWS = (
    "FROM jsonb_to_recordset(CAST(:rows AS jsonb)) "
    "AS x(org bigint, shop bigint, mac text, name text, jobs integer, at timestamptz)"
)
_COUNT_UNCLAIMED = text(
    "INSERT INTO unclaimed_insurer AS u (org_id, shop_id, name_mac, jobs, last_at) "
    f"SELECT org, shop, decode(mac, 'hex'), jobs, at {_UNCLAIMED_ROWS} "
    "ON CONFLICT (shop_id, name_mac) DO UPDATE SET jobs = u.jobs + EXCLUDED.jobs, last_at = EXCLUDED.last_at"
)
_NAME_UNCLAIMED = text(
    f"UPDATE unclaimed_insurer AS u SET name = x.name {_UNCLAIMED_ROWS} WHERE u.shop_id = x.shop "
    f"AND u.name_mac = decode(x.mac, 'hex') AND u.name IS NULL AND u.jobs >= {NAMED_FROM}"
)


def drop_filtered(connection: Connection, shop_id: int, macs: Sequence[bytes]) -> None:
    if macs:
        connection.execute(
            text("DELETE FROM filtered_job WHERE shop_id = :shop AND job_mac = ANY(:macs)"),
            {"shop": shop_id, "macs": list(macs)},
        )


def find_job(connection: Connection, shop_id: int, job_key: str) -> int | None:
    """Return the id of a kept job, locked."""
    job_id: int | None = connection.execute(
        text("SELECT id FROM job WHERE shop_id = :shop AND job_key = :key FOR UPDATE"),
        {"shop": shop_id, "key": job_key},
    ).scalar_one_or_none()
    return job_id


def mark_withdrawn(connection: Connection, job_id: int, at: datetime) -> None:
    connection.execute(text("UPDATE job SET withdrawn_at = :at WHERE id = :job"), {"at": at, "job": job_id})


def mark_erased(connection: Connection, job_id: int, at: datetime) -> None:
    connection.execute(text("UPDATE job SET erased_at = :at WHERE id = :job"), {"at": at, "job": job_id})


def remember_erased(connection: Connection, org_id: int, shop_id: int, mac: bytes, at: datetime) -> None:
    """A keyed mark keeps an erased job from coming back (DESIGN 4.6, 4.10)."""
    drop_filtered(connection, shop_id, [mac])
    connection.execute(
        text(
            "INSERT INTO erased_job (org_id, shop_id, job_mac, at) VALUES (:org, :shop, :mac, :at) "
            "ON CONFLICT DO NOTHING"
        ),
        {"org": org_id, "shop": shop_id, "mac": mac, "at": at},
    )


def put_keys(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Remember the answers of a batch; `digest` is in hex."""
    execute_rows(connection, _PUT_KEYS, rows, "key")


_PUT_KEYS = text(
    "INSERT INTO intake_key (org_id, shop_id, key, digest_mac, outcome, reason, job_id, at) "
    "SELECT org, shop, key, decode(digest, 'hex'), outcome, reason, job, at FROM jsonb_to_recordset(CAST(:rows AS jsonb)) "
    "AS x(org bigint, shop bigint, key text, digest text, outcome text, reason text, job bigint, at timestamptz) "
    "ON CONFLICT DO NOTHING"
)
