"""What is known of a job, in the lines below its name: the repair, the customer, the vehicle, the insurer, who works on it.

No Qt here.
"""

from collections.abc import Sequence

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.runtime.contact import shown_phone
from repaircenter.shop.jobs.credits import credit_lines
from repaircenter.shop.model.job import Job


def facts_of(job: Job, context: DeskContext) -> Sequence[Sequence[str | None]]:
    """Five lines of facts; what is not known is empty or None."""
    words, contact = context.words, job.contact
    delivered_on, claim = job.dates.delivered_on, job.insurer.claim_number
    head = (
        job.ro_number and words("desk.job.ro", number=job.ro_number),
        job.version,
        context.money(job.total_cents, job.currency),
        words(f"desk.state.{job.state}"),
        words("desk.job.delivered_on", day=context.day(delivered_on)) if delivered_on else None,
        "" if job.complete else words("desk.job.incomplete"),
        words("desk.survey.excluded") if job.excluded else "",
    )
    vehicle = (job.vehicle.name, job.vehicle.plate, job.vehicle.vin)
    insurer = (job.insurer.name, claim and words("desk.job.claim", number=claim))
    reached = " · ".join(filter(None, (*map(shown_phone, contact.phones), contact.email)))
    customer = (reached and words("desk.job.customer", reached=reached),)
    people = (
        job.estimator and words("desk.job.estimator", name=job.estimator),
        _credited("technician", job.credits.technician, context),
        _credited("service_writer", job.credits.service_writer, context),
    )
    return head, customer, vehicle, insurer, people


def _credited(role: str, people: Sequence[tuple[str, float]], context: DeskContext) -> str:
    """The people of a role in one line; empty for nobody."""
    named = ", ".join(credit_lines(people).splitlines())
    return context.words(f"desk.job.{role}", names=named) if named else ""
