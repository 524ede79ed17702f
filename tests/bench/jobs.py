"""Many different jobs, as a shop has them after some years."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from repaircenter.demo import names
from repaircenter.shop.model.job import DELIVERED, OPPORTUNITY, REPAIR_ORDER, Job
from tests.made_jobs import made_job

_START = datetime(2024, 1, 2, 14, 0, tzinfo=UTC)
_STATES = (OPPORTUNITY, REPAIR_ORDER, DELIVERED)


def some_jobs(count: int) -> Iterator[Job]:
    for number in range(count):
        at = _START + timedelta(minutes=41 * number)
        _, insurer, _ = names.INSURERS[number % len(names.INSURERS)]
        state = _STATES[number % 3]
        yield made_job(
            job_key=f"C:bench{number}",
            home="shop:1",
            shop_id=1,
            ro_number=f"{at:%y}-{number:05d}" if state != OPPORTUNITY else None,
            state=state,
            first_name=names.FIRST[number % len(names.FIRST)],
            last_name=f"{names.LAST[number * 7 % len(names.LAST)]}{number % 97}",
            email=f"c{number}@example.com" if number % 5 else None,
            phones=(f"514555{number % 10000:04d}",) if number % 7 else (),
            vin=f"1HGCM8263{number:08d}",
            plate=f"A{number:05d}",
            year=2010 + number % 16,
            make="Mazda",
            model="CX-5",
            insurer_name=insurer,
            claim_number=f"R-{number}",
            created_on=at.date(),
            delivered_on=at.date() if state == DELIVERED else None,
            version="E01",
            version_order=1,
            total_cents=100_00 + number,
            received_at_utc=at,
            changed_at_utc=at,
            sent_digest="x",
            service_state="ageing",
        )
