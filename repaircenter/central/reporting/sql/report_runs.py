"""SQL of report runs. Each needs the scope of the run's person, but `tend`."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from repaircenter.wire.reports import RunState

# Being asked about is written down so often, not at each of a desk's questions.
_ASKED_EVERY = timedelta(seconds=5)


def add(connection: Connection, run_id: str, person_id: int, worker: str, at: datetime) -> None:
    connection.execute(
        text(
            "INSERT INTO report_run (id, person_id, worker, asked_at, beat_at) VALUES (:id, :person, :worker, :at, :at)"
        ),
        {"id": run_id, "person": person_id, "worker": worker, "at": at},
    )


def state(connection: Connection, run_id: str, at: datetime) -> RunState | None:
    """The state of a run of the scope's person, which was asked about now; None when there is none."""
    row = connection.execute(
        text("SELECT id, state, parts, error, asked_at FROM report_run WHERE id = :id"), {"id": run_id}
    ).first()
    if row is None:
        return None
    if at - row.asked_at >= _ASKED_EVERY:
        connection.execute(text("UPDATE report_run SET asked_at = :at WHERE id = :id"), {"id": run_id, "at": at})
    return RunState(id=row.id, state=row.state, parts=row.parts, error=row.error)


def add_part(connection: Connection, run_id: str, person_id: int, number: int, content: bytes) -> bool:
    """Add the next part; False when the run has ended meanwhile."""
    is_running = connection.execute(
        text("UPDATE report_run SET parts = :parts WHERE id = :id AND state = 'running'"),
        {"id": run_id, "parts": number + 1},
    ).rowcount
    if is_running:
        connection.execute(
            text(
                "INSERT INTO report_part (run_id, number, person_id, content) VALUES (:id, :number, :person, :content)"
            ),
            {"id": run_id, "number": number, "person": person_id, "content": content},
        )
    return bool(is_running)


def part(connection: Connection, run_id: str, number: int) -> bytes | None:
    content: bytes | None = connection.execute(
        text("SELECT content FROM report_part WHERE run_id = :id AND number = :number"),
        {"id": run_id, "number": number},
    ).scalar_one_or_none()
    return content


def end(connection: Connection, run_id: str, ending: str, error: str | None = None) -> bool:
    """End a run that is still running; whether there is such a run at all."""
    connection.execute(
        text("UPDATE report_run SET state = :state, error = :error WHERE id = :id AND state = 'running'"),
        {"id": run_id, "state": ending, "error": error},
    )
    return connection.execute(text("SELECT 1 FROM report_run WHERE id = :id"), {"id": run_id}).first() is not None


def tend(
    connection: Connection,
    worker: str,
    alive: list[str],
    at: datetime,
    forgotten: timedelta,
    dead: timedelta,
    kept: timedelta,
) -> list[str]:
    """What every web process does now and then (rc_tend_runs); returns the runs of this one that somebody stopped.

    `alive` are the runs it works on or has waiting.
    """
    values = {"worker": worker, "alive": alive, "at": at, "forgotten": forgotten, "dead": dead, "kept": kept}
    call = "SELECT rc_tend_runs(:worker, CAST(:alive AS text[]), :at, :forgotten, :dead, :kept)"
    result = connection.execute(text(call), values)
    return list(result.scalars())
