"""SQL of timers: one row for each kind, subject and occurrence, waiting until it fires or is cancelled."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from repaircenter.central.db.rows import execute_rows

WAITING, FIRED, CANCELLED = "waiting", "fired", "cancelled"


class Due(NamedTuple):
    """When something about a subject of a shop is due."""

    org_id: int
    shop_id: int
    subject_id: int
    due_at: datetime
    occurrence: int = 0


def add(connection: Connection, kind: str, timers: Iterable[Due]) -> None:
    """Set timers of subjects that were just made: none of them is there, which need not be looked for."""
    execute_rows(connection, _ADD, [timer._asdict() | {"kind": kind} for timer in timers], "subject_id")


def put(connection: Connection, kind: str, timers: Iterable[Due]) -> None:
    """Set timers of one kind; one that is there already waits again until its new instant."""
    execute_rows(connection, _PUT, [timer._asdict() | {"kind": kind} for timer in timers], "subject_id")


def lock(connection: Connection, kind: str, subject_id: int) -> None:
    """Let one transaction at a time set timers of a kind about a subject."""
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:kind), CAST(:subject AS integer))"),
        {"kind": kind, "subject": subject_id},
    )


def cancel(connection: Connection, kinds: Collection[str], subjects: Sequence[int]) -> None:
    """End timers that still wait, in the transaction that changed their subjects."""
    if subjects:
        connection.execute(_CANCEL, {"kinds": list(kinds), "subjects": list(subjects)})


def is_ahead(connection: Connection, kind: str, subject_id: int, now: datetime) -> bool:
    """Return whether a timer of a subject waits for an instant that has not come."""
    return bool(connection.execute(_AHEAD, {"kind": kind, "subject": subject_id, "now": now}).scalar_one())


def take_due(
    connection: Connection, kinds: Collection[str], now: datetime, limit: int = 200
) -> Mapping[str, list[int]]:
    """Fire what is due; return the subjects by kind. What another worker holds is skipped."""
    due: dict[str, list[int]] = {}
    rows = connection.execute(_TAKE, {"kinds": list(kinds), "now": now, "limit": limit})
    for row in sorted(rows, key=lambda row: (row.due_at, row.subject_id)):
        due.setdefault(row.kind, []).append(row.subject_id)
    return due


_INSERT = (
    "INSERT INTO timer (org_id, shop_id, kind, subject_id, occurrence, due_at, planned_at) "
    "SELECT org_id, shop_id, kind, subject_id, occurrence, due_at, due_at FROM jsonb_to_recordset(CAST(:rows AS jsonb)) "
    "AS x(org_id bigint, shop_id bigint, kind text, subject_id bigint, occurrence integer, due_at timestamptz)"
)
_ADD = text(_INSERT)
_PUT = text(
    f"{_INSERT} ON CONFLICT (kind, subject_id, occurrence) DO UPDATE SET due_at = EXCLUDED.due_at, state = 'waiting'"
)
_CANCEL = text(
    "UPDATE timer SET state = 'cancelled' WHERE kind = ANY(:kinds) AND subject_id = ANY(:subjects) AND state = 'waiting'"
)
_AHEAD = text(
    "SELECT EXISTS (SELECT 1 FROM timer WHERE kind = :kind AND subject_id = :subject AND state = 'waiting' "
    "AND due_at > :now)"
)
_TAKE = text(
    "UPDATE timer SET state = 'fired' WHERE (kind, subject_id, occurrence) IN (SELECT kind, subject_id, occurrence "
    "FROM timer WHERE state = 'waiting' AND due_at <= :now AND kind = ANY(:kinds) ORDER BY due_at LIMIT :limit "
    "FOR UPDATE SKIP LOCKED) RETURNING kind, subject_id, due_at"
)
