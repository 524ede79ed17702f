"""What leaves this PC: the one place that builds the uploaded fields of a job (DESIGN 4.7, A-N8)."""

from repaircenter.shop.model import Job, Version
from repaircenter.wire.messages import Contact, InsurerFacts, JobDates, JobMessage, People, Source, VehicleFacts

SCHEMA = 1


def job_message(job: Job, newest: Version | None) -> JobMessage:
    """The full current state of the uploaded fields of a job."""
    source = (
        None
        if newest is None
        else Source(
            system=job.system,
            base=newest.base,
            folder=newest.folder,
            digest=newest.digest,
            read_at=newest.imported_at_utc,
        )
    )
    return JobMessage(
        job_key=job.job_key,
        version=job.version or "E01",
        version_order=job.version_order,
        ro_number=job.ro_number,
        contact=Contact(
            first_name=job.first_name,
            last_name=job.last_name,
            company=job.company,
            email=job.email,
            phones=list(job.phones),
            preferred_channel=job.preferred_channel,
            language=job.language,
            do_not_contact=job.do_not_contact,
        ),
        vehicle=VehicleFacts(year=job.year, make=job.make, model=job.model),
        insurer=InsurerFacts(code=job.insurer_code, name=job.insurer_name, claim_number=job.claim_number),
        people=People(estimator=job.estimator, appraiser=job.appraiser),
        dates=JobDates(
            created=job.created_on, arrived=job.arrived_on, promised=job.promised_on, delivered=job.delivered_on
        ),
        total_cents=job.total_cents,
        currency=job.currency,
        source=source,
    )
