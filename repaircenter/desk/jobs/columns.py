"""The columns of the list of jobs: what each says, how it sorts, and the icons of survey states."""

from datetime import UTC, date, datetime
from operator import attrgetter

from repaircenter.desk.jobs.job_list import survey_mark, survey_state
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.columns import Column
from repaircenter.shop.model.job import JobLine

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def _received(line: JobLine, context: DeskContext) -> str:
    return "" if line.received_at_utc is None else context.day(context.local(line.received_at_utc).date())


def _survey(line: JobLine, context: DeskContext) -> str:
    state = survey_state(line)
    if state == "answered" and line.service_stars is not None:
        return context.words.count("desk.jobs.stars", line.service_stars)
    return context.words(f"desk.survey.{state}")


def _survey_tip(line: JobLine, context: DeskContext) -> str | None:
    """Why the service did not keep a job."""
    if line.service_state != "filtered":
        return None
    reason = f"desk.reason.{line.service_reason}"
    return context.words(reason if context.words.has(reason) else "desk.reason.unknown")


def _version_tip(line: JobLine, context: DeskContext) -> str | None:
    return None if line.complete else context.words("desk.job.incomplete")


COLUMNS: tuple[Column[JobLine], ...] = (
    Column(
        name="ro", text=lambda line, _context: line.ro_number or "", order=lambda line: line.ro_number or "", width=62
    ),
    Column(
        name="customer",
        text=lambda line, _context: line.customer,
        order=attrgetter("customer_key"),
        width=150,
        grows=True,
    ),
    Column(
        name="vehicle", text=lambda line, _context: line.vehicle, order=attrgetter("vehicle_key"), width=112, grows=True
    ),
    Column(
        name="insurer",
        text=lambda line, _context: line.insurer or "",
        order=attrgetter("insurer_key"),
        width=92,
        grows=True,
    ),
    Column(
        name="version",
        text=lambda line, _context: line.version or "",
        order=attrgetter("version_order"),
        width=54,
        mark=lambda line: "" if line.complete else "incomplete",
        tip=_version_tip,
    ),
    Column(
        name="total",
        text=lambda line, context: context.money(line.total_cents, line.currency),
        order=lambda line: line.total_cents or 0,
        width=78,
        right=True,
    ),
    Column(name="received", text=_received, order=lambda line: line.received_at_utc or _NEVER, width=80),
    Column(
        name="delivered",
        text=lambda line, context: context.day(line.delivered_on),
        order=lambda line: line.delivered_on or date.min,
        width=80,
    ),
    Column(name="survey", text=_survey, order=survey_mark, width=118, mark=survey_mark, tip=_survey_tip),
    Column(
        name="rating",
        text=lambda line, _context: str(line.service_stars or ""),
        order=lambda line: line.service_stars or 0,
        width=60,
        right=True,
        hidden=True,
    ),
)
ORDER = {column.name: column.order for column in COLUMNS}
