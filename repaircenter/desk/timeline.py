"""The way of one job in plain words, with the step that is waited for (A-N1). Pure: values in, lines out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from repaircenter.desk.desk_context import DeskContext
from repaircenter.shop.model import JobDetails

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
_DONE, _NOW, _STOPPED = "good", "attention", "unknown"
_TOLD = frozenset(
    (
        "read",
        "version_read",
        "incomplete",
        "converted",
        "delivered",
        "no_shop",
        "answer_kept",
        "answer_filtered",
        "answer_superseded",
        "answer_already_have",
        "answer_withdrawn",
        "answer_refused",
    )
)


@dataclass(frozen=True, slots=True)
class Step:
    """One line: when it happened (None: not yet), what, and how it is meant."""

    at_utc: datetime | None
    text: str
    meaning: str


def steps(details: JobDetails, context: DeskContext) -> list[Step]:
    """Past steps in their order, then the one that is next or that stops the job."""
    found = [*_past(details, context), *_service(details, context)]
    found.sort(key=lambda step: (step.at_utc is None, step.at_utc or _LONG_AGO))
    return found


def _past(details: JobDetails, context: DeskContext) -> Iterator[Step]:
    words = context.words
    for event in details.events:
        if event.kind not in _TOLD:
            continue
        stopped = event.kind in ("incomplete", "no_shop", "answer_refused", "answer_filtered")
        reason = (
            words(f"desk.reason.{event.detail}") if words.has(f"desk.reason.{event.detail}") else event.detail or ""
        )
        text = words(f"desk.timeline.{event.kind}", detail=reason)
        yield Step(event.at_utc, text, _STOPPED if stopped else _DONE)
    for row in details.outbox:
        yield Step(row.created_at_utc, words("desk.timeline.queued"), _DONE)


def _service(details: JobDetails, context: DeskContext) -> Iterator[Step]:
    words, job = context.words, details.job
    if job.service_invited_at_utc is not None:
        yield Step(job.service_invited_at_utc, words("desk.timeline.invited"), _DONE)
    if job.service_answered_at_utc is not None:
        stars = str(job.service_stars or "–")
        yield Step(job.service_answered_at_utc, words("desk.timeline.answered", stars=stars), _DONE)
    state = job.service_state
    if state in ("ageing", "received") and job.service_callable_on is not None:
        yield Step(None, words("desk.timeline.ageing", day=job.service_callable_on.isoformat()), _NOW)
    elif state == "invited":
        yield Step(None, words("desk.timeline.waiting_for_answer"), _NOW)
    elif state in ("unreachable", "refused", "withdrawn"):
        reason = f"desk.reason.{job.service_reason}"
        known = words(reason) if words.has(reason) else words("desk.reason.unknown")
        yield Step(None, words(f"desk.timeline.{state}", detail=known), _STOPPED)
    elif state is None and any(row.state == "waiting" for row in details.outbox):
        yield Step(None, words("desk.timeline.to_send"), _NOW)
    elif state is None and job.shop_id is None:
        yield Step(None, words("desk.timeline.needs_shop"), _NOW)
    elif state is None:
        yield Step(None, words("desk.timeline.not_due"), _NOW)
