"""What installations send and ask of their jobs."""

from collections.abc import Sequence

from repaircenter.central.core.calls import Call, Handler, check_count, serves
from repaircenter.central.core.service import Service
from repaircenter.central.intake import queries
from repaircenter.central.intake.taking import take
from repaircenter.central.sampling import queries as sampling
from repaircenter.wire import endpoints
from repaircenter.wire.envelope import BatchAnswer, BatchRequest
from repaircenter.wire.jobs import JobStateAnswer, JobStateRequest, KnownAnswer, KnownRequest


def handlers(service: Service) -> Sequence[Handler]:
    @serves(endpoints.SEND_JOBS)
    def send(call: Call, batch: BatchRequest) -> BatchAnswer:
        check_count(batch.items)
        return BatchAnswer(items=take(service, call.caller, batch.items))

    @serves(endpoints.JOB_STATES)
    def states(call: Call, asked: JobStateRequest) -> JobStateAnswer:
        call.check_shops([asked.shop_id])
        check_count(asked.job_keys)
        return JobStateAnswer(jobs=sampling.states(call.connection, asked.shop_id, asked.job_keys, service.clock.now_utc()))

    @serves(endpoints.KNOWN_JOBS)
    def known(call: Call, asked: KnownRequest) -> KnownAnswer:
        """Return which jobs the service has exactly so (DESIGN 4.2): they need not be sent again."""
        call.check_shops([asked.shop_id])
        check_count(asked.jobs)
        kept = queries.jobs(call.connection, asked.shop_id, [job.job_key for job in asked.jobs])
        same = [job.job_key for job in asked.jobs if job.job_key in kept and kept[job.job_key][2] == job.digest]
        return KnownAnswer(job_keys=same)

    return send, states, known
