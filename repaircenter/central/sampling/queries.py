"""SQL of samples: made with the job, moved when dates change, taken when due."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from repaircenter.central.db.rows import execute_rows
from repaircenter.central.programmes.rules import Programme
from repaircenter.central.sampling import rules
from repaircenter.central.surveys.rules import ASK_AGAIN, INVITE, THROTTLED
from repaircenter.central.timers import queries as timers
from repaircenter.central.timers.queries import Due
from repaircenter.runtime.days import day_in
from repaircenter.wire.jobs import JobStateInfo

# Who changes what a shop's jobs are judged by waits for its batch, and the batch for them.
SHOP_LOCK = 7412


def lock_shops(connection: Connection, shops: Collection[int]) -> None:
    """Let no batch of these shops be taken meanwhile; in one order, so that nobody waits in a circle."""
    connection.execute(
        text(
            f"SELECT pg_advisory_xact_lock({SHOP_LOCK}, lock) FROM unnest(CAST(:locks AS integer[])) AS lock ORDER BY lock"
        ),
        {"locks": sorted({shop % 2**31 for shop in shops})},
    )


# What has not begun is stopped where a programme does not want the job any more.
_NOT_ASKED = ("ageing", "callable")
# What a new message arms no more.
_ASKED = ("callable", "invited", "answered")


def put_samples(
    connection: Connection,
    org_id: int,
    shop_id: int,
    jobs: Mapping[int, tuple[Sequence[Programme], date | None]],
    known_jobs: Collection[int],
    zone: str,
    now_utc: datetime,
) -> None:
    """The samples of kept jobs, job id -> (programmes that want it, delivery day): one of each programme, made once; until
    the customer was invited a new message may arm them again. `known_jobs` are those that were there before.

    A job that is being asked about, or was, gets no sample of another programme.
    """
    today = day_in(zone, now_utc)
    existing: dict[int, dict[int, Any]] = {}
    if known_jobs:
        rows = connection.execute(
            text(
                "SELECT id, job_id, programme_id, received_on, state, reason, EXISTS (SELECT 1 FROM invitation i "
                "WHERE i.sample_id = sample.id) AS is_asked FROM sample WHERE job_id = ANY(:jobs) ORDER BY id FOR UPDATE"
            ),
            {"jobs": list(known_jobs)},
        )
        for row in rows:
            existing.setdefault(row.job_id, {})[row.programme_id] = row
    fresh, moved, stopped, bounced = [], [], [], []
    instants: dict[tuple[int, int], datetime] = {}
    for job_id, (programmes, delivered_on) in jobs.items():
        samples = existing.get(job_id, {})
        received = min((sample.received_on for sample in samples.values()), default=today)
        wanted = {programme.id for programme in programmes}
        is_asked = any(
            sample.is_asked or (sample.state == "callable" and sample.programme_id in wanted)
            for sample in samples.values()
        )
        for programme in programmes:
            known = samples.pop(programme.id, None)
            day = rules.callable_on(received, programme.ageing_days, delivered_on, programme.not_before_delivery)
            instants[job_id, programme.id] = rules.due_at(day, zone)
            values = {
                "org": org_id,
                "shop": shop_id,
                "job": job_id,
                "programme": programme.id,
                "received": received,
                "day": day,
            }
            if known is None:
                if not is_asked:
                    fresh.append(values)
            elif known.state == "unreachable" and known.is_asked:
                bounced.append(Due(org_id, shop_id, known.id, now_utc))
            elif known.state not in _ASKED and known.reason != THROTTLED and not is_asked:
                moved.append(values)
        stopped += [sample.id for sample in samples.values() if sample.state in _NOT_ASKED]
    made, changed = execute_rows(connection, _INSERT, fresh, *_KEY), execute_rows(connection, _MOVE, moved, *_KEY)
    if stopped:
        connection.execute(_STOP, {"ids": stopped})
        timers.cancel(connection, (INVITE,), stopped)
    timers.add(connection, INVITE, (Due(org_id, shop_id, row.id, instants[row.job_id, row.programme_id]) for row in made))
    timers.put(
        connection, INVITE, (Due(org_id, shop_id, row.id, instants[row.job_id, row.programme_id]) for row in changed)
    )
    timers.put(connection, ASK_AGAIN, bounced)


_KEY = ("job", "programme")
_ROWS = (
    "FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS x(org bigint, shop bigint, job bigint, programme bigint, "
    "received date, day date)"
)
_INSERT = text(
    "INSERT INTO sample (org_id, shop_id, job_id, programme_id, state, received_on, callable_on) "
    f"SELECT org, shop, job, programme, 'ageing', received, day {_ROWS} RETURNING id, job_id, programme_id"
)
_MOVE = text(
    "UPDATE sample SET callable_on = x.day, state = 'ageing', reason = NULL "
    f"{_ROWS} WHERE job_id = x.job AND programme_id = x.programme "
    "AND NOT EXISTS (SELECT 1 FROM invitation i WHERE i.sample_id = sample.id) "
    "RETURNING sample.id, sample.job_id, sample.programme_id"
)
_STOP = text("UPDATE sample SET state = 'withdrawn', reason = 'filtered' WHERE id = ANY(:ids)")


def move_samples(connection: Connection, programme_id: int, ageing_days: int, not_before_delivery: bool) -> None:
    """Move every sample of a programme that is not yet callable to the day its ageing says now (6.2)."""
    rows = connection.execute(
        text(
            "SELECT s.id, s.org_id, s.shop_id, s.received_on, s.callable_on, j.delivered_on, h.zone FROM sample s "
            "JOIN job j ON j.id = s.job_id JOIN shop h ON h.id = s.shop_id "
            "WHERE s.programme_id = :programme AND s.state = 'ageing' ORDER BY s.id FOR UPDATE OF s"
        ),
        {"programme": programme_id},
    )
    moved = []
    for row in rows:
        day = rules.callable_on(row.received_on, ageing_days, row.delivered_on, not_before_delivery)
        if day != row.callable_on:
            moved.append((row, day))
    execute_rows(connection, _SET_DAY, [{"id": row.id, "day": day} for row, day in moved], "id")
    timers.put(
        connection, INVITE, (Due(row.org_id, row.shop_id, row.id, rules.due_at(day, row.zone)) for row, day in moved)
    )


_SET_DAY = text(
    "UPDATE sample SET callable_on = x.day FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS x(id bigint, day date) "
    "WHERE sample.id = x.id RETURNING sample.id"
)


# Of several samples of a job the one that tells most: it was answered, is asked, will be, was asked; the older one.
TELLING = (
    "array_position(ARRAY['answered','invited','callable','ageing'], s.state) NULLS LAST, "
    "EXISTS (SELECT 1 FROM invitation t WHERE t.sample_id = s.id) DESC, s.id"
)


def states(connection: Connection, shop_id: int, job_keys: Sequence[str], now_utc: datetime) -> list[JobStateInfo]:
    """What became of kept jobs, for the timeline (A-N1); the columns are the fields of JobStateInfo. The stars of an
    answer are told once it is shown (A-21)."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT ON (j.id) j.job_key, s.state, s.reason, j.received_at, s.callable_on, i.sent_at AS invited_at, "
            "i.reminded_at, i.opened_at, i.started_at, i.answered_at, a.visible_from AS published_at, (SELECT v.value "
            "FROM answer_value v WHERE v.answer_id = a.id AND v.question = 'stars') AS stars, "
            "i.channel, p.channels, i.delivered_at, k.called_at, coalesce(k.calls, 0) AS calls "
            "FROM job j JOIN sample s ON s.job_id = j.id JOIN programme p ON p.id = s.programme_id "
            "LEFT JOIN invitation i ON i.sample_id = s.id LEFT JOIN answer a "
            "ON a.invitation_id = i.id AND a.visible_from <= :now LEFT JOIN LATERAL (SELECT min(k.began_at) AS called_at, "
            " count(*)::int AS calls FROM interview v JOIN interview_call k ON k.org_id = v.org_id AND k.shop_id = v.shop_id "
            " AND k.interview_id = v.id WHERE v.invitation_id = i.id) k ON true "
            f"WHERE j.shop_id = :shop AND j.job_key = ANY(:keys) ORDER BY j.id, {TELLING}"
        ),
        {"shop": shop_id, "keys": list(job_keys), "now": now_utc},
    )
    return [JobStateInfo(**row._mapping) for row in rows]
