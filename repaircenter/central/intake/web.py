"""POST /jobs/batch and /jobs/states for installations."""

from typing import Any

from litestar import Request, Router, post
from litestar.params import JSONBody

from repaircenter.central.accounts.rules import INSTALLATION
from repaircenter.central.context import Service, caller_of, refuse
from repaircenter.central.db.connections import shops_scope
from repaircenter.central.intake.taking import take
from repaircenter.central.sampling import queries as sampling
from repaircenter.wire.messages import BatchAnswer, BatchRequest, JobStateAnswer, JobStateRequest

LARGEST_BATCH = 500


def routes(service: Service) -> Router:
    @post("/jobs/batch", sync_to_thread=True, status_code=200)
    def batch(request: Request[Any, Any, Any], data: JSONBody[BatchRequest]) -> BatchAnswer:
        caller = caller_of(service, request, INSTALLATION)
        if len(data.items) > LARGEST_BATCH:
            refuse(413, "too_many")
        return BatchAnswer(items=take(service, caller, data.items))

    @post("/jobs/states", sync_to_thread=True, status_code=200)
    def states(request: Request[Any, Any, Any], data: JSONBody[JobStateRequest]) -> JobStateAnswer:
        caller = caller_of(service, request, INSTALLATION)
        if data.shop_id not in caller.shops:
            refuse(403, "not_allowed")
        if len(data.job_keys) > LARGEST_BATCH:
            refuse(413, "too_many")
        with service.web.scoped(shops_scope(caller.shops)) as connection:
            return JobStateAnswer(jobs=sampling.states(connection, data.shop_id, data.job_keys))

    return Router("/", route_handlers=[batch, states])
