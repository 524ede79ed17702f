"""SQL of interviews: queued once for an invitation, taken by one agent at a time, each call kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from repaircenter.central.interviews.rules import CALLING, ENDED, WAITING


class InterviewRow(NamedTuple):
    """An interview with what its agent sees of the job; `is_open` while its survey may be answered."""

    id: int
    shop_id: int
    org_id: int
    invitation_id: int
    job_id: int
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
    vehicle: str | None
    ro_number: str | None
    phones: Sequence[str]
    do_not_contact: bool
    is_wanted: bool
    is_open: bool
    agent: str | None


_ROW = (
    "WITH colleague AS MATERIALIZED (SELECT DISTINCT id, name FROM rc_people_of_shops()) "
    "SELECT v.id, v.shop_id, v.org_id, v.invitation_id, s.job_id, v.state, v.due_at, v.is_appointment, v.attempts, "
    "v.outcome, v.agent_id, v.taken_at, h.name AS shop, h.zone, p.name AS programme, i.language, j.first_name, j.last_name, "
    "j.vehicle, j.ro_number, j.phones, j.do_not_contact, p.active AND EXISTS (SELECT 1 FROM enrolment e WHERE e.active "
    "AND e.shop_id = s.shop_id AND e.programme_id = s.programme_id) AS is_wanted, s.state = 'invited' AS is_open, "
    "(SELECT c.name FROM colleague c WHERE c.id = v.agent_id) AS agent FROM interview v "
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
        text(f"{_ROW} WHERE v.state <> :ended AND s.state = 'invited' ORDER BY v.due_at, v.id LIMIT :most"),
        {"ended": ENDED, "most": most},
    )
    return [InterviewRow._make(row) for row in rows]


def lock(connection: Connection, interview_id: int) -> InterviewRow | None:
    """One interview of the scope, held until the transaction ends; None where there is none."""
    connection.execute(text("SELECT 1 FROM interview WHERE id = :id FOR UPDATE"), {"id": interview_id})
    row = connection.execute(text(f"{_ROW} WHERE v.id = :id"), {"id": interview_id}).first()
    return None if row is None else InterviewRow._make(row)


def begin_call(connection: Connection, row: InterviewRow, agent_id: int, at: datetime) -> None:
    """An agent calls: nobody else does meanwhile."""
    values = {"org": row.org_id, "shop": row.shop_id, "id": row.id, "agent": agent_id, "at": at, "calling": CALLING}
    connection.execute(
        text(
            "UPDATE interview SET state = :calling, agent_id = :agent, taken_at = :at, attempts = attempts + 1 WHERE id = :id"
        ),
        values,
    )
    # The number of a call counts all there were, whichever attempt it is.
    connection.execute(
        text(
            "INSERT INTO interview_call (org_id, shop_id, interview_id, number, agent_id, began_at) "
            "SELECT :org, :shop, :id, 1 + count(*), :agent, :at FROM interview_call WHERE interview_id = :id"
        ),
        values,
    )


def end_call(
    connection: Connection,
    interview_id: int,
    outcome: str,
    at: datetime,
    due_at: datetime | None,
    *,
    is_appointment: bool = False,
) -> None:
    """A call has ended: the customer is called again when it is due, or not any more."""
    values = {
        "id": interview_id,
        "outcome": outcome,
        "at": at,
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
    connection.execute(
        text(
            "UPDATE interview_call SET ended_at = :at, outcome = :outcome WHERE interview_id = :id AND ended_at IS NULL"
        ),
        values,
    )


def set_asked_by_phone(connection: Connection, invitation_id: int, at: datetime) -> None:
    """The customer is on the telephone: whoever was not written to has been asked now."""
    connection.execute(
        text("UPDATE invitation SET sent_at = coalesce(sent_at, :at) WHERE id = :id"), {"id": invitation_id, "at": at}
    )


def set_answered_by_phone(connection: Connection, invitation_id: int) -> None:
    """The answer came by telephone, whatever the customer was sent before."""
    connection.execute(text("UPDATE invitation SET channel = 'phone' WHERE id = :id"), {"id": invitation_id})


def channel_of(connection: Connection, invitation_id: int) -> str:
    channel: str = connection.execute(
        text("SELECT channel FROM invitation WHERE id = :id"), {"id": invitation_id}
    ).scalar_one()
    return channel
