"""Jobs for tests, written by the names their facts are stored under; `service_…` is what the service said."""

from typing import Any

from repaircenter.shop.model.job import Job
from repaircenter.wire.jobs import AtService


def made_job(**facts: Any) -> Job:
    return with_facts(Job(job_key=facts.pop("job_key")), **facts)


def with_facts(job: Job, **facts: Any) -> Job:
    said = {name.removeprefix("service_"): facts.pop(name) for name in list(facts) if name.startswith("service_")}
    service = None if said.get("state") is None else AtService(**said)
    return job.with_facts({**facts, "service": service} if said else facts)
