"""Who sent a request, and whether they may."""

from dataclasses import replace
from typing import Any

from repaircenter.central.accounts import queries
from repaircenter.central.core.calls import Caller
from repaircenter.central.core.http import refuse
from repaircenter.central.core.secrets import token_hash
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import NOTHING
from repaircenter.wire.endpoints import Endpoint
from repaircenter.wire.vocabulary import PERSON


def authenticate(service: Service, authorization: str, endpoint: Endpoint[Any, Any]) -> Caller:
    """Return who asks. Refuses with 401 when the session ended, 403 when kind, role or licence do not allow it.

    What persons ask for belongs to surveys: their licence opens it (A-01), a module's own what belongs to the module.
    They see those of their shops in which they hold the endpoint's permission, and no others.
    """
    if not authorization.startswith("Bearer "):
        refuse(401, "session_ended")
    with service.web.scoped(NOTHING) as connection:
        caller = queries.caller(connection, token_hash(authorization[7:]), service.clock.now_utc())
    if caller is None:
        refuse(401, "session_ended")
    if caller.kind != endpoint.caller:
        refuse(403, "not_allowed")
    if not caller.licensed:
        refuse(403, "licence_expired")
    if caller.kind == PERSON and not caller.surveys:
        refuse(403, "not_licensed")
    if endpoint.module and endpoint.module not in caller.modules:
        refuse(403, "not_licensed")
    if caller.kind != PERSON:
        return caller
    shops = caller.permissions.get(endpoint.permission, frozenset())
    # A programme may be read before a shop takes part.
    if endpoint.permission not in caller.permissions or not (shops or caller.scope.of_programmes):
        refuse(403, "not_allowed")
    if len(shops) == len(caller.shops):
        return caller  # all of theirs: nothing to look up for each row of a large network
    return replace(caller, shops=tuple(sorted(shops)), scope=caller.scope.narrowed(sorted(shops)))
