"""Who sent a request, and whether they may."""

from typing import Any

from litestar import Request

from repaircenter.central.accounts import queries
from repaircenter.central.accounts.rules import PERSON, Caller
from repaircenter.central.core.http import refuse
from repaircenter.central.core.secrets import token_hash
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import NOTHING


def caller_of(service: Service, request: Request[Any, Any, Any], kind: str) -> Caller:
    """Who sent the request. Refuses with 401 when the session ended, 403 when the kind or the licence says no.

    What persons ask for are reports and what belongs to them: that is what the licence for surveys opens (A-01).
    """
    header = request.headers.get("authorization", "")
    if not header.startswith("Bearer "):
        refuse(401, "session_ended")
    with service.web.scoped(NOTHING) as connection:
        found = queries.caller(connection, token_hash(header[7:]), service.clock.now_utc())
    if found is None:
        refuse(401, "session_ended")
    if found.kind != kind:
        refuse(403, "not_allowed")
    if not found.licensed:
        refuse(403, "licence_expired")
    if kind == PERSON and not found.surveys:
        refuse(403, "not_licensed")
    return found
