"""Samples one row each by the day they came, and what was not kept by its reason (A-22, R-19); what jobs lack (R-30)."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import Connection, text

from repaircenter.central.reporting.sql.aggregates import OF_JOB, shops_of
from repaircenter.central.reporting.sql.cohort import Selection


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A job in one programme; `callable_on` is the day its customer may first be asked."""

    shop_id: int
    shop: str
    zone: str
    job_key: str
    ro_number: str | None
    customer: str | None
    insurer: str | None
    programme: str
    received_at: datetime
    callable_on: date
    state: str
    reason: str | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lacks:
    """The kept jobs of a shop that stand there still, and how many of them lack something or could not be reached."""

    jobs: int
    no_email: int
    no_phone: int
    no_way: int
    no_estimator: int
    no_insurer: int
    same_ro: int
    sent: int
    bounced: int
    # When its PC was last heard of; of several shops nothing.
    seen_at: datetime | None

    def __add__(self, other: "Lacks") -> "Lacks":
        counts = (getattr(self, field.name) + getattr(other, field.name) for field in fields(self)[:-1])
        return Lacks(*(*counts, None))


NOTHING = Lacks(0, 0, 0, 0, 0, 0, 0, 0, 0, None)


# The day a sample came is kept in its shop's zone.
_CAME = (
    "s.shop_id = ANY(:all_shops) AND s.received_on >= :start AND s.received_on < :end "
    f"AND (CAST(:programme AS bigint) IS NULL OR s.programme_id = :programme) AND {OF_JOB}"
)
_FROM = "FROM sample s JOIN job j ON j.id = s.job_id "


def _values(chosen: Selection) -> dict[str, object]:
    return {**chosen.values(), "all_shops": shops_of(chosen)}


def counts(connection: Connection, chosen: Selection) -> dict[str, int]:
    """How many samples stand in each state."""
    rows = connection.execute(text(f"SELECT s.state, count(*) {_FROM} WHERE {_CAME} GROUP BY 1"), _values(chosen))
    return {row[0]: row[1] for row in rows}


def not_kept(connection: Connection, chosen: Selection) -> dict[str, int]:
    """How many jobs no programme wanted, by reason; nothing else is known of them (A-15)."""
    rows = connection.execute(
        text(f"SELECT reason, count(*) FROM filtered_job WHERE {chosen.happened('first_at')} GROUP BY 1"), chosen.values()
    )
    return {row[0]: row[1] for row in rows}


def sample_rows(connection: Connection, chosen: Selection, batch: int = 250) -> Iterator[list[SampleRow]]:
    """Newest first, in batches straight from the server's cursor."""
    cursor = connection.execution_options(stream_results=True, yield_per=batch).execute(
        text(
            "SELECT s.shop_id, h.name AS shop, h.zone, j.job_key, j.ro_number, "
            "coalesce(nullif(concat_ws(' ', j.first_name, j.last_name), ''), j.company) AS customer, j.insurer_name, "
            "p.name AS programme, j.received_at, s.callable_on, s.state, s.reason, i.sent_at "
            f"{_FROM} JOIN shop h ON h.id = s.shop_id JOIN programme p ON p.id = s.programme_id "
            f"LEFT JOIN invitation i ON i.sample_id = s.id WHERE {_CAME} ORDER BY j.received_at DESC, s.id DESC"
        ),
        _values(chosen),
    )
    for rows in cursor.partitions(batch):
        yield [SampleRow(*row) for row in rows]


def lacks(connection: Connection, chosen: Selection) -> dict[int, Lacks]:
    """Of each shop, by the days jobs came; a job that was withdrawn has nothing any more and is left out."""
    within = chosen.happened("j.received_at", "j.shop_id")
    rows = connection.execute(
        text(
            "SELECT j.shop_id, count(*), count(*) FILTER (WHERE j.email IS NULL), "
            "count(*) FILTER (WHERE cardinality(j.phones) = 0), "
            "count(*) FILTER (WHERE j.email IS NULL AND cardinality(j.phones) = 0), "
            "count(*) FILTER (WHERE j.estimator IS NULL), count(*) FILTER (WHERE j.insurer_name IS NULL), "
            "count(d.ro_number), coalesce(sum(m.sent), 0)::int, "
            "coalesce(sum(m.bounced), 0)::int, "
            "(SELECT max(c.seen_at) FROM collecting c WHERE c.shop_id = j.shop_id) "
            "FROM job j LEFT JOIN (SELECT shop_id, ro_number FROM job WHERE shop_id = ANY(:all_shops) "
            " AND withdrawn_at IS NULL AND ro_number IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1) d "
            "ON d.shop_id = j.shop_id AND d.ro_number = j.ro_number "
            # All at once: job by job it takes ten minutes for a hundred shops.
            "LEFT JOIN (SELECT s.job_id, count(i.sent_at) AS sent, count(i.bounced_at) FILTER (WHERE i.sent_at IS NOT NULL) "
            " AS bounced FROM sample s JOIN invitation i ON i.sample_id = s.id WHERE s.shop_id = ANY(:all_shops) "
            " AND (CAST(:programme AS bigint) IS NULL OR s.programme_id = :programme) GROUP BY s.job_id) m "
            "ON m.job_id = j.id "
            f"WHERE {within} AND j.withdrawn_at IS NULL AND {OF_JOB} GROUP BY j.shop_id"
        ),
        _values(chosen),
    )
    return {row[0]: Lacks(*row[1:]) for row in rows}
