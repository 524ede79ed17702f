"""SQL of alerts about customers who were asked: whom nothing reached, who does not answer, who wrote back (A-P8)."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text


class Asked(NamedTuple):
    """A sample whose customer was asked, as it stands now, with the rules of its programme."""

    org_id: int
    shop_id: int
    job_id: int
    programme_id: int
    invitation_id: int
    zone: str
    state: str
    sent_at: datetime | None
    is_company: bool
    reminder_days: int
    alert_unreached: bool
    alert_silent: str
    hours: int
    has_replied: bool


def asked(connection: Connection, sample_id: int) -> Asked | None:
    """The sample of a customer who was asked, held as it is until the transaction ends; None where the organisation has no
    alerts, or the customer was erased. What the programme or the shop wants no more is withdrawn, whatever it was."""
    # First the job, then the sample: as whoever takes a job in.
    connection.execute(
        text("SELECT 1 FROM job WHERE id = (SELECT job_id FROM sample WHERE id = :id) FOR SHARE"), {"id": sample_id}
    )
    connection.execute(text("SELECT 1 FROM sample WHERE id = :id FOR SHARE"), {"id": sample_id})
    row = connection.execute(
        text(
            "SELECT s.org_id, s.shop_id, s.job_id, s.programme_id, i.id, h.zone, "
            "CASE WHEN j.withdrawn_at IS NULL AND p.active AND EXISTS (SELECT 1 FROM enrolment e WHERE e.active "
            " AND e.shop_id = s.shop_id AND e.programme_id = s.programme_id) THEN s.state ELSE 'withdrawn' END, i.sent_at, "
            "nullif(j.company, '') IS NOT NULL, p.reminder_days, p.alert_unreached, p.alert_silent, p.alert_hours, "
            "EXISTS (SELECT 1 FROM reply r WHERE r.invitation_id = i.id) "
            "FROM sample s JOIN invitation i ON i.sample_id = s.id JOIN job j ON j.id = s.job_id "
            "JOIN programme p ON p.id = s.programme_id JOIN shop h ON h.id = s.shop_id "
            "JOIN organisation o ON o.id = s.org_id "
            "WHERE s.id = :id AND 'alerts' = ANY(o.modules) AND j.erased_at IS NULL"
        ),
        {"id": sample_id},
    ).first()
    return None if row is None else Asked._make(row)


def open_about(connection: Connection, kind: str, about: Asked, at: datetime, due: datetime) -> bool:
    """Open an alert about a customer who was asked, or open it again after it had ended; False when it is open."""
    opened = connection.execute(
        text(
            "INSERT INTO alert (org_id, shop_id, kind, invitation_id, job_id, programme_id, low, opened_at, due_at, state) "
            "VALUES (:org, :shop, :kind, :invitation, :job, :programme, '{}', :at, :due, 'new') "
            "ON CONFLICT (invitation_id, kind) DO UPDATE SET state = 'new', version = alert.version + 1, opened_at = :at, "
            "due_at = :due, ended_at = NULL, ended_by = NULL, owner_id = NULL, cause = NULL, action = NULL, outcome = NULL, "
            "mailed_at = NULL, told = '{}' WHERE alert.ended_at IS NOT NULL"
        ),
        {
            "org": about.org_id,
            "shop": about.shop_id,
            "kind": kind,
            "invitation": about.invitation_id,
            "job": about.job_id,
            "programme": about.programme_id,
            "at": at,
            "due": due,
        },
    )
    return bool(opened.rowcount)


def take_reply(connection: Connection, reply_id: int, at: datetime) -> int | None:
    """The sample whose customer wrote back, once: from now on people were told of it."""
    number: int | None = connection.execute(
        text(
            "UPDATE reply r SET told_at = :at FROM invitation i WHERE r.id = :id AND r.told_at IS NULL "
            "AND i.id = r.invitation_id RETURNING i.sample_id"
        ),
        {"id": reply_id, "at": at},
    ).scalar()
    return number


def set_changed(connection: Connection, kind: str, invitation_id: int) -> None:
    """There is more to read in an alert that is open: whoever saw it before sees it anew, and people are written to again."""
    connection.execute(
        text(
            "UPDATE alert SET version = version + 1, state = CASE state WHEN 'seen' THEN 'new' ELSE state END, "
            "mailed_at = NULL, told = '{}' "
            "WHERE invitation_id = :invitation AND kind = :kind AND ended_at IS NULL"
        ),
        {"invitation": invitation_id, "kind": kind},
    )


def end_about(connection: Connection, kind: str, invitation_id: int, at: datetime) -> None:
    """What an alert was about has passed: the customer was reached, has answered, or is asked no more."""
    connection.execute(
        text(
            "UPDATE alert SET state = 'done', version = version + 1, ended_at = :at "
            "WHERE invitation_id = :invitation AND kind = :kind AND ended_at IS NULL"
        ),
        {"invitation": invitation_id, "kind": kind, "at": at},
    )


def end_withdrawn(connection: Connection, job_id: int, at: datetime) -> None:
    """Nobody has to reach the customer of a job that was withdrawn; what they wrote is gone with them, a low answer stays."""
    connection.execute(
        text(
            "UPDATE alert SET state = 'done', version = version + 1, ended_at = :at "
            "WHERE job_id = :job AND kind <> 'low' AND ended_at IS NULL"
        ),
        {"job": job_id, "at": at},
    )
