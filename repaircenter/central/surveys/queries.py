"""SQL of invitations and answers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from repaircenter.central.programmes.rules import INSURER
from repaircenter.central.surveys.rules import APPRAISER, ASK_AGAIN, ESTIMATOR, INVITE
from repaircenter.central.timers import queries as timers
from repaircenter.central.timers.queries import Due


@dataclass(frozen=True, slots=True)
class Candidate:
    """A callable sample with what an invitation needs."""

    org_id: int
    shop_id: int
    sample_id: int
    job_id: int
    programme_id: int
    questionnaire_id: int
    email: str | None
    language: str
    do_not_contact: bool
    people: dict[str, list[tuple[str, float]]]
    wanted: bool
    throttle_days: int
    phones: Sequence[str]
    preferred_channel: str | None
    channels: Sequence[str]
    came_on: date
    zone: str


_CANDIDATE = (
    "SELECT s.org_id, s.shop_id, s.id, s.job_id, s.programme_id, j.email, coalesce(j.language, h.language) AS language, "
    "j.do_not_contact, j.estimator, j.appraiser, j.credits, p.active AND EXISTS (SELECT 1 FROM enrolment e WHERE e.active "
    "AND e.shop_id = s.shop_id AND e.programme_id = s.programme_id) AS wanted, p.throttle_days, "
    "(SELECT q.id FROM questionnaire q WHERE q.key = p.questionnaire ORDER BY q.version DESC LIMIT 1) "
    "AS questionnaire_id, p.kind, i.id AS invitation_id, i.tried, j.phones, j.preferred_channel, p.channels, h.zone, "
    "coalesce(j.delivered_on, s.received_on) AS came_on "
    "FROM sample s JOIN job j ON j.id = s.job_id JOIN shop h ON h.id = s.shop_id "
    "JOIN programme p ON p.id = s.programme_id LEFT JOIN invitation i ON i.sample_id = s.id"
)


def _candidate(row: Any) -> Candidate:
    """Attribution as it is now (frozen at invitation, B-N1)."""
    return Candidate(
        row.org_id,
        row.shop_id,
        row.id,
        row.job_id,
        row.programme_id,
        row.questionnaire_id,
        row.email,
        row.language,
        row.do_not_contact,
        {
            **{role: [(name, 1.0)] for role, name in ((ESTIMATOR, row.estimator), (APPRAISER, row.appraiser)) if name},
            **{role: [(name, share) for name, share in people] for role, people in row.credits.items() if people},
        },
        row.wanted,
        row.throttle_days,
        list(row.phones),
        row.preferred_channel,
        list(row.channels),
        row.came_on,
        row.zone,
    )


def candidates(connection: Connection, sample_id: int, now_utc: datetime) -> list[Candidate]:
    """The samples of the same job that may be asked now, locked: the insurer's first, so that the throttle is in its favor
    (A-P4). Empty when the sample itself may not be asked (any more)."""
    rows = connection.execute(
        text(
            f"{_CANDIDATE} WHERE s.job_id = (SELECT job_id FROM sample WHERE id = :id AND state = 'callable') "
            "AND (s.state = 'callable' OR s.state = 'ageing' AND EXISTS (SELECT 1 FROM timer t WHERE t.kind = :kind "
            " AND t.subject_id = s.id AND t.due_at <= :now)) "
            "ORDER BY s.id FOR UPDATE OF s"
        ),
        {"id": sample_id, "now": now_utc, "kind": INVITE},
    )
    return [_candidate(row) for row in sorted(rows, key=lambda row: row.kind != INSURER)]


class Returned(NamedTuple):
    """An invitation that reached nobody, with the digests of what was tried."""

    candidate: Candidate
    invitation_id: int
    tried: Sequence[bytes]


def returned_invitation(connection: Connection, sample_id: int) -> Returned | None:
    """The invitation of a sample whose customer could not be reached by it, locked; None for another."""
    row = connection.execute(
        text(f"{_CANDIDATE} WHERE s.id = :id AND s.state = 'unreachable' AND i.id IS NOT NULL FOR UPDATE OF s"),
        {"id": sample_id},
    ).first()
    return None if row is None else Returned(_candidate(row), row.invitation_id, [bytes(mac) for mac in row.tried])


def begin_again(
    connection: Connection, invitation_id: int, channel: str, nonce: bytes, token_hash: bytes, address_mac: bytes
) -> int:
    """The invitation leaves once more, another way and with another link; return how many times it has before. The former
    link still stops what goes to its address."""
    connection.execute(
        text(
            "INSERT INTO earlier_link (org_id, shop_id, invitation_id, token_hash, address_mac) "
            "SELECT org_id, shop_id, id, token_hash, address_mac FROM invitation WHERE id = :id"
        ),
        {"id": invitation_id},
    )
    values = {"id": invitation_id, "channel": channel, "nonce": nonce, "hash": token_hash, "mac": address_mac}
    connection.execute(
        text(
            "UPDATE invitation SET channel = :channel, nonce = :nonce, token_hash = :hash, address_mac = :mac, sent_at = NULL, "
            "delivered_at = NULL, bounced_at = NULL, reminded_at = NULL WHERE id = :id"
        ),
        values,
    )
    times: int = connection.execute(
        text("SELECT count(*) FROM message WHERE kind = 'survey.invitation' AND subject_id = :id"), values
    ).scalar_one()
    return times


def set_callable(connection: Connection, samples: Sequence[int]) -> None:
    """The customers of these samples may be asked now."""
    connection.execute(
        text("UPDATE sample SET state = 'callable' WHERE id = ANY(:ids) AND state = 'ageing'"), {"ids": list(samples)}
    )


def expire(connection: Connection, samples: Sequence[int]) -> None:
    """End the surveys of these samples that nobody answered in time. Who was to be called and never spoke to us is asked
    another way, if there is one."""
    values = {"ids": list(samples)}
    unspoken = connection.execute(
        text(
            "UPDATE sample s SET state = 'unreachable', reason = CASE WHEN EXISTS (SELECT 1 FROM interview v "
            " WHERE v.invitation_id = i.id AND v.attempts > 0) THEN 'not_reached' ELSE 'not_called' END "
            "FROM invitation i, timer t WHERE s.id = ANY(:ids) AND s.state = 'invited' AND i.sample_id = s.id "
            "AND i.channel = 'phone' AND i.sent_at IS NULL "
            "AND t.kind = 'survey.expire' AND t.subject_id = s.id AND t.occurrence = 0 "
            "RETURNING s.org_id, s.shop_id, s.id, t.due_at"
        ),
        values,
    ).all()
    connection.execute(
        text("UPDATE invitation SET tried = array_append(tried, address_mac) WHERE sample_id = ANY(:ids)"),
        {"ids": [row.id for row in unspoken]},
    )
    timers.put(connection, ASK_AGAIN, [Due(row.org_id, row.shop_id, row.id, row.due_at) for row in unspoken])
    connection.execute(
        text("UPDATE sample SET state = 'expired', reason = NULL WHERE id = ANY(:ids) AND state = 'invited'"), values
    )


def withdraw_samples(connection: Connection, job_id: int, reason: str | None) -> list[int]:
    """End the surveys of a job that were not yet answered; return their samples."""
    return list(
        connection.execute(
            text(
                "UPDATE sample SET state = 'withdrawn', reason = :reason "
                "WHERE job_id = :job AND state IN ('ageing', 'callable', 'invited') RETURNING id"
            ),
            {"job": job_id, "reason": reason},
        ).scalars()
    )


def set_sample(connection: Connection, sample_id: int, state: str, reason: str | None = None) -> None:
    connection.execute(
        text("UPDATE sample SET state = :state, reason = :reason WHERE id = :id"),
        {"id": sample_id, "state": state, "reason": reason},
    )


def add_invitation(
    connection: Connection,
    candidate: Candidate,
    channel: str,
    nonce: bytes,
    token_hash: bytes,
    address_mac: bytes,
    at: datetime,
) -> int:
    """Make the invitation, once for each sample; return its id."""
    values = {
        "org": candidate.org_id,
        "shop": candidate.shop_id,
        "sample": candidate.sample_id,
        "questionnaire": candidate.questionnaire_id,
        "programme": candidate.programme_id,
        "channel": channel,
        "language": candidate.language,
        "nonce": nonce,
        "hash": token_hash,
        "people": json.dumps(candidate.people),
        "mac": address_mac,
        "at": at,
    }
    invitation_id: int = connection.execute(
        text(
            "INSERT INTO invitation (org_id, shop_id, sample_id, questionnaire_id, programme_id, channel, language, nonce, "
            "token_hash, address_mac, people, created_at) VALUES (:org, :shop, :sample, :questionnaire, :programme, :channel, "
            ":language, :nonce, :hash, :mac, :people, :at) RETURNING id"
        ),
        values,
    ).scalar_one()
    return invitation_id


def set_address(connection: Connection, invitation_id: int, address_mac: bytes) -> None:
    """Keep the digest of the address that is asked."""
    connection.execute(
        text("UPDATE invitation SET address_mac = :mac WHERE id = :id"), {"mac": address_mac, "id": invitation_id}
    )


class AskedSample(NamedTuple):
    """A sample whose customer was asked; `reminder_days` of its programme, 0 for no reminder, and its channels."""

    org_id: int
    shop_id: int
    id: int
    reminder_days: int
    channels: Sequence[str]


def set_invitation_sent(connection: Connection, invitation_id: int, at: datetime) -> AskedSample:
    """The invitation has left; return its sample."""
    row = connection.execute(
        text(
            "UPDATE invitation i SET sent_at = coalesce(sent_at, :at) FROM programme p "
            "WHERE i.id = :id AND p.id = i.programme_id RETURNING i.org_id, i.shop_id, i.sample_id, p.reminder_days, "
            "p.channels"
        ),
        {"at": at, "id": invitation_id},
    ).one()
    return AskedSample(*row)


def set_delivered(connection: Connection, invitation_id: int, at: datetime) -> None:
    """The customer's telephone has got the invitation."""
    connection.execute(
        text("UPDATE invitation SET delivered_at = coalesce(delivered_at, :at) WHERE id = :id"),
        {"at": at, "id": invitation_id},
    )


class Unanswered(NamedTuple):
    """An invitation nobody has answered, by which channels its programme asks, the numbers of the customer, what was tried,
    and how many times the invitation has left."""

    org_id: int
    shop_id: int
    job_id: int
    invitation_id: int
    channel: str
    channels: Sequence[str]
    phones: Sequence[str]
    tried: Sequence[bytes]
    times: int


def unanswered_invitation(connection: Connection, sample_id: int) -> Unanswered | None:
    """The invitation of a survey that is still open, locked; None for another."""
    row = connection.execute(
        text(
            "SELECT i.org_id, i.shop_id, s.job_id, i.id, i.channel, p.channels, j.phones, i.tried, "
            "(SELECT count(*) FROM message m WHERE m.kind = 'survey.invitation' AND m.subject_id = i.id) FROM sample s "
            "JOIN invitation i ON i.sample_id = s.id JOIN programme p ON p.id = s.programme_id "
            "JOIN job j ON j.id = s.job_id WHERE s.id = :id AND s.state = 'invited' FOR UPDATE OF s"
        ),
        {"id": sample_id},
    ).first()
    return None if row is None else Unanswered(*row)


def set_reminded(connection: Connection, invitation_id: int, at: datetime) -> None:
    connection.execute(
        text("UPDATE invitation SET reminded_at = coalesce(reminded_at, :at) WHERE id = :id"),
        {"at": at, "id": invitation_id},
    )


def asked_since(
    connection: Connection, org_id: int, address_macs: Sequence[bytes], since: datetime, sample_id: int
) -> bool:
    """Whether one of these addresses was sent another survey of the organisation since then, or is about to be (A-P4).

    Who asks first holds the addresses until the transaction ends: two programmes never both find that nobody has asked.
    They are given in one order everywhere.
    """
    values = {"org": org_id, "macs": list(address_macs), "since": since, "sample": sample_id}
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(encode(CAST(:mac AS bytea), 'hex'), :org))")
    for mac in address_macs:
        connection.execute(lock, {"org": org_id, "mac": mac})
    query = text(
        "SELECT 1 FROM invitation i JOIN sample s ON s.id = i.sample_id WHERE i.org_id = :org AND i.address_mac = ANY(:macs) "
        "AND s.id <> :sample "
        "AND (i.sent_at >= :since OR i.sent_at IS NULL AND s.state = 'invited') LIMIT 1"
    )
    return connection.execute(query, values).first() is not None


# What went to an address in vain does not go there again.
_IN_VAIN = "bounced_at = coalesce(bounced_at, :at), tried = array_append(tried, address_mac)"


class EndedSample(NamedTuple):
    """A sample whose survey has ended."""

    org_id: int
    shop_id: int
    id: int


def set_invitation_bounced(
    connection: Connection, invitation_id: int, at: datetime, reason: str | None
) -> EndedSample | None:
    """The invitation will never arrive: the customer cannot be reached this way. None when the survey had ended."""
    connection.execute(text(f"UPDATE invitation SET {_IN_VAIN} WHERE id = :id"), {"at": at, "id": invitation_id})
    return _end_invited(connection, invitation_id, "unreachable", reason)


def set_returned(connection: Connection, invitation_id: int, at: datetime) -> EndedSample | None:
    """The invitation, or its reminder, came back from where it goes now; return the sample whose survey ends with it. None
    when it had ended, or goes elsewhere meanwhile."""
    values = {"id": invitation_id, "at": at}
    row = connection.execute(
        text(
            "UPDATE sample SET state = 'unreachable', reason = 'bounced' WHERE state = 'invited' "
            "AND id = (SELECT i.sample_id FROM invitation i WHERE i.id = :id AND EXISTS (SELECT 1 FROM message m "
            " WHERE m.kind IN ('survey.invitation', 'survey.reminder') AND m.subject_id = i.id AND m.state = 'bounced' "
            " AND coalesce(m.address_mac, i.address_mac) = i.address_mac)) RETURNING org_id, shop_id, id"
        ),
        values,
    ).first()
    if row is None:
        return None
    connection.execute(text(f"UPDATE invitation SET {_IN_VAIN} WHERE id = :id"), values)
    return EndedSample(*row)


def refuse_invited(connection: Connection, invitation_id: int, reason: str) -> None:
    """The customer does not want to be asked."""
    _end_invited(connection, invitation_id, "refused", reason)


def _end_invited(connection: Connection, invitation_id: int, state: str, reason: str | None) -> EndedSample | None:
    row = connection.execute(
        text(
            "UPDATE sample SET state = :state, reason = :reason WHERE state = 'invited' "
            "AND id = (SELECT sample_id FROM invitation WHERE id = :id) RETURNING org_id, shop_id, id"
        ),
        {"state": state, "reason": reason, "id": invitation_id},
    ).first()
    return None if row is None else EndedSample(*row)
