"""POST /jobs/batch, /jobs/known and /jobs/states for installations."""

from typing import Any

from litestar import Request, Router, post
from litestar.params import JSONBody

from repaircenter.central.accounts.guard import caller_of
from repaircenter.central.accounts.rules import INSTALLATION
from repaircenter.central.core.http import refuse
from repaircenter.central.core.service import Service
from repaircenter.central.intake import queries
from repaircenter.central.intake.taking import take
from repaircenter.central.sampling import queries as sampling
from repaircenter.wire.envelope import BatchAnswer, BatchRequest
from repaircenter.wire.jobs import JobStateAnswer, JobStateRequest, KnownAnswer, KnownRequest

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
        with service.web.scoped(caller.scope) as connection:
            return JobStateAnswer(jobs=sampling.states(connection, data.shop_id, data.job_keys))

    @post("/jobs/known", sync_to_thread=True, status_code=200)
    def known(request: Request[Any, Any, Any], data: JSONBody[KnownRequest]) -> KnownAnswer:
        """Which jobs the service has exactly so (DESIGN 4.2): they need not be sent again."""
        caller = caller_of(service, request, INSTALLATION)
        if data.shop_id not in caller.shops:
            refuse(403, "not_allowed")
        if len(data.jobs) > LARGEST_BATCH:
            refuse(413, "too_many")
        with service.web.scoped(caller.scope) as connection:
            there = queries.jobs(connection, data.shop_id, [job.job_key for job in data.jobs])
        same = [job.job_key for job in data.jobs if job.job_key in there and there[job.job_key][2] == job.digest]
        return KnownAnswer(job_keys=same)

    return Router("/", route_handlers=[batch, known, states])
