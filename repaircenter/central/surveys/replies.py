"""What customers write back to an invitation or a reminder: kept with the survey, and told to who listens."""

from datetime import datetime

from sqlalchemy import Connection, text

from repaircenter.central.core.events import REPLIED, Event
from repaircenter.central.core.service import Service
from repaircenter.wire.vocabulary import ALERTS

# Of one invitation; what comes after them stays in the inbox.
MOST_REPLIES = 10


def keep_reply(
    service: Service, connection: Connection, invitation_id: int, words: str, digest: bytes, at: datetime
) -> bool:
    """Keep what a customer wrote, once; return whether people see it on the desk: where the shop has alerts, of a job that was
    neither erased nor withdrawn, and of nobody who writes without end."""
    seen = connection.execute(_SEEN, {"invitation": invitation_id, "module": ALERTS, "digest": digest}).scalar()
    if not seen:
        return False
    reply = connection.execute(_ADD, {"invitation": invitation_id, "words": words, "digest": digest, "at": at}).first()
    if reply is not None:
        event = Event(REPLIED, reply.org_id, reply.shop_id, reply.job_id, at, subject_id=reply.id)
        service.events.publish(connection, event)
    return True


# The customer is not erased meanwhile.
_SEEN = text(
    "SELECT :module = ANY(o.modules) FROM invitation i JOIN sample s ON s.id = i.sample_id JOIN job j ON j.id = s.job_id "
    "JOIN organisation o ON o.id = i.org_id WHERE i.id = :invitation AND j.erased_at IS NULL AND j.withdrawn_at IS NULL "
    f"AND (SELECT count(*) FROM reply r WHERE r.invitation_id = i.id AND r.digest <> :digest) < {MOST_REPLIES} FOR SHARE OF j"
)
_ADD = text(
    "INSERT INTO reply (org_id, shop_id, job_id, invitation_id, words, digest, came_at) "
    "SELECT i.org_id, i.shop_id, s.job_id, i.id, :words, :digest, :at FROM invitation i JOIN sample s ON s.id = i.sample_id "
    "WHERE i.id = :invitation ON CONFLICT (digest) DO NOTHING RETURNING org_id, shop_id, job_id, id"
)
