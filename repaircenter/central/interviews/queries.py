"""SQL of interviews: queued once for an invitation, taken by one agent at a time, each call kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from repaircenter.central.interviews.rules import ABANDONED, CALLING, ENDED, WAITING


class InterviewRow(NamedTuple):
    """An interview with what its agent sees of the job; `is_open` while its survey may be answered,
    until `ends_at`."""

    id: int
    shop_id: int
    org_id: int
    invitation_id: int
    sample_id: int
    channel: str
    tried: Sequence[bytes]
    email: str | None
    state: str
    due_at: datetime
    is_appointment: bool
    attempts: int
    outcome: str | None
    agent_id: int | None
    taken_at: datetime | None
    shop: str
    zone: str
    programme: str
    language: str
    first_name: str | None
    last_name: str | None
    company: str | None
    vehicle: str | None
    ro_number: str | None
    phones: Sequence[str]
    do_not_contact: bool
    is_wanted: bool
    is_open: bool
    ends_at: datetime | None


_ROW = (
    "SELECT v.id, v.shop_id, v.org_id, v.invitation_id, s.id AS sample_id, i.channel, i.tried, j.email, "
    "v.state, v.due_at, v.is_appointment, v.attempts, "
    "v.outcome, v.agent_id, v.taken_at, h.name AS shop, h.zone, p.name AS programme, i.language, "
    "j.first_name, j.last_name, j.company, "
    "j.vehicle, j.ro_number, j.phones, j.do_not_contact, p.active AND EXISTS (SELECT 1 FROM enrolment e WHERE e.active "
    "AND e.shop_id = s.shop_id AND e.programme_id = s.programme_id) AS is_wanted, s.state = 'invited' AS is_open, "
    "(SELECT t.due_at FROM timer t WHERE t.kind = 'survey.expire' AND t.subject_id = s.id AND t.state = 'waiting') AS ends_at "
    "FROM interview v "
    "JOIN invitation i ON i.id = v.invitation_id "
    "JOIN sample s ON s.id = i.sample_id JOIN job j ON j.id = s.job_id JOIN shop h ON h.id = v.shop_id "
    "JOIN programme p ON p.id = i.programme_id"
)


def add(connection: Connection, org_id: int, shop_id: int, invitation_id: int, due_at: datetime) -> None:
    """Have a customer called; one whose number was corrected begins anew."""
    connection.execute(
        text(
            "INSERT INTO interview (org_id, shop_id, invitation_id, state, due_at) VALUES (:org, :shop, :id, :waiting, :due) "
            "ON CONFLICT (invitation_id) DO UPDATE SET state = :waiting, due_at = :due, attempts = 0, outcome = NULL, "
            "is_appointment = false WHERE interview.state = :ended"
        ),
        {"org": org_id, "shop": shop_id, "id": invitation_id, "due": due_at, "waiting": WAITING, "ended": ENDED},
    )


def waiting(connection: Connection, most: int) -> list[InterviewRow]:
    """Interviews of the scope's shops that are still to be made, the most urgent first."""
    rows = connection.execute(
        text(f"{_ROW} WHERE v.state <> :ended ORDER BY v.due_at, v.id LIMIT :most"), {"ended": ENDED, "most": most}
    )
    return [InterviewRow._make(row) for row in rows]


def lock(connection: Connection, interview_id: int) -> InterviewRow | None:
    """One interview of the scope, held until the transaction ends; None where there is none. Its sample is held first, as
    by everybody else."""
    values = {"id": interview_id}
    connection.execute(
        text(
            "SELECT 1 FROM sample s JOIN invitation i ON i.sample_id = s.id JOIN interview v ON v.invitation_id = i.id "
            "WHERE v.id = :id FOR UPDATE OF s"
        ),
        values,
    )
    connection.execute(text("SELECT 1 FROM interview WHERE id = :id FOR UPDATE"), values)
    row = connection.execute(text(f"{_ROW} WHERE v.id = :id"), {"id": interview_id}).first()
    return None if row is None else InterviewRow._make(row)


def agents(connection: Connection) -> dict[int, str]:
    """The names of those who may be on the telephone, by their numbers."""
    return {row.id: row.name for row in connection.execute(text("SELECT DISTINCT id, name FROM rc_people_of_shops()"))}


def begin_call(
    connection: Connection, row: InterviewRow, agent_id: int, dialled: Sequence[bytes], at: datetime
) -> None:
    """An agent calls at numbers of these digests: nobody else does meanwhile. A call that nobody ended was abandoned."""
    values = {
        "org": row.org_id,
        "shop": row.shop_id,
        "id": row.id,
        "agent": agent_id,
        "at": at,
        "calling": CALLING,
        "dialled": list(dialled),
    }
    connection.execute(
        text(
            "UPDATE interview SET state = :calling, agent_id = :agent, taken_at = :at, attempts = attempts + 1, "
            "dialled = :dialled WHERE id = :id"
        ),
        values,
    )
    _close_calls(connection, row, ABANDONED, at)
    # The number of a call counts all there were, whichever attempt it is.
    connection.execute(
        text(
            "INSERT INTO interview_call (org_id, shop_id, interview_id, number, agent_id, began_at) "
            "SELECT :org, :shop, :id, 1 + count(*), :agent, :at FROM interview_call "
            "WHERE org_id = :org AND shop_id = :shop AND interview_id = :id"
        ),
        values,
    )


def end_call(
    connection: Connection,
    row: InterviewRow,
    outcome: str,
    at: datetime,
    due_at: datetime | None,
    *,
    is_appointment: bool = False,
) -> None:
    """A call has ended: the customer is called again when it is due, or not any more."""
    values = {
        "id": row.id,
        "outcome": outcome,
        "due": due_at,
        "state": ENDED if due_at is None else WAITING,
        "appointment": is_appointment,
    }
    connection.execute(
        text(
            "UPDATE interview SET state = :state, outcome = :outcome, due_at = coalesce(:due, due_at), taken_at = NULL, "
            "is_appointment = :appointment WHERE id = :id"
        ),
        values,
    )
    _close_calls(connection, row, outcome, at)


def _close_calls(connection: Connection, row: InterviewRow, outcome: str, at: datetime) -> None:
    connection.execute(
        text(
            "UPDATE interview_call SET ended_at = :at, outcome = :outcome WHERE org_id = :org AND shop_id = :shop "
            "AND interview_id = :id AND ended_at IS NULL"
        ),
        {"org": row.org_id, "shop": row.shop_id, "id": row.id, "outcome": outcome, "at": at},
    )


def stop_calls(connection: Connection, interview_id: int, at: datetime) -> None:
    """Ask nobody any more at the numbers that were dialled."""
    connection.execute(text("SELECT rc_stop_calls(:id, :at)"), {"id": interview_id, "at": at})


def set_tried(connection: Connection, invitation_id: int, macs: Sequence[bytes]) -> None:
    """These numbers were called in vain: for this survey they are not called again."""
    connection.execute(
        text("UPDATE invitation SET tried = tried || CAST(:macs AS bytea[]) WHERE id = :id"),
        {"id": invitation_id, "macs": list(macs)},
    )


def set_asked_by_phone(connection: Connection, invitation_id: int, at: datetime) -> None:
    """The customer has spoken to us: whoever was not written to has been asked now."""
    connection.execute(
        text("UPDATE invitation SET sent_at = coalesce(sent_at, :at) WHERE id = :id"), {"id": invitation_id, "at": at}
    )
