"""The way of one job in plain words, with the step that is waited for (A-N1). Pure: values in, lines out."""

from collections.abc import Iterator
from datetime import UTC, datetime

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.timeline import DONE, NOW, STOPPED, Step
from repaircenter.shop.model.job import Event, JobDetails
from repaircenter.wire.vocabulary import ENDED_STATES

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
_STOPS = frozenset(
    (
        "incomplete",
        "no_shop",
        "before_cutoff",
        "rule_skipped",
        "unsure",
        "date_gone",
        "excluded",
        "answer_refused",
        "answer_filtered",
        "answer_withdrawn",
        "answer_erased",
        "parked",
        "discarded",
        "erased",
        "blanked",
    )
)


def steps(details: JobDetails, context: DeskContext, rule: str = "create") -> list[Step]:
    """Past steps in their order, then the one that is next or that stops the job. `rule` is the send rule."""
    past = [*_past(details, context), *_service(details, context)]
    past.sort(key=lambda step: step.at_utc or _LONG_AGO)
    return [*past, *_next(details, context, rule)]


def _past(details: JobDetails, context: DeskContext) -> Iterator[Step]:
    for event in details.events:
        yield Step(event.at_utc, _told(event, context), STOPPED if event.kind in _STOPS else DONE)
    kinds = {"job": "queued", "withdraw": "withdrawal_queued", "erase": "erase_queued"}
    for row in details.outbox:
        yield Step(row.created_at_utc, context.words(f"desk.timeline.{kinds.get(row.kind, 'queued')}"), DONE)


def _told(event: Event, context: DeskContext) -> str:
    words, detail = context.words, event.detail or ""
    for prefix in ("desk.reason.", "desk.job.step.", "desk.rule."):
        if detail and words.has(prefix + detail):
            detail = words(prefix + detail)
            break
    key = f"desk.timeline.{event.kind}"
    if event.kind in ("converted", "converted_by_hand", "joined") and not detail:
        key += "_plain"
    return words(key, detail=detail) if words.has(key) else words("desk.timeline.unknown")


def _service(details: JobDetails, context: DeskContext) -> Iterator[Step]:
    words, service = context.words, details.job.service
    if service is None:
        return
    if service.invited_at is not None:
        yield Step(service.invited_at, words("desk.timeline.invited"), DONE)
    if service.opened_at is not None and service.opened_at != service.answered_at:
        yield Step(service.opened_at, words("desk.timeline.opened"), DONE)
    if service.answered_at is not None:
        yield Step(service.answered_at, words("desk.timeline.answered", stars=str(service.stars or "–")), DONE)
    if service.published_at is not None:
        yield Step(service.published_at, words("desk.timeline.published"), DONE)


def _next(details: JobDetails, context: DeskContext, rule: str) -> Iterator[Step]:
    """What this job waits for, or why nothing more will happen: one line."""
    words, job = context.words, details.job
    service = job.service
    state = job.service_state
    callable_on = None if service is None else service.callable_on
    waiting = [row for row in details.outbox if row.state == "waiting"]
    refused = [row for row in details.outbox if row.state in ("refused", "parked")]
    if waiting:
        failed = waiting[0].attempts > 0
        when = context.time(waiting[0].next_try_at_utc)
        yield Step(None, words("desk.timeline.retry" if failed else "desk.timeline.to_send", time=when), NOW)
    elif job.is_gone:
        return
    elif job.excluded:
        yield Step(None, words("desk.timeline.is_excluded"), STOPPED)
    elif job.unsure:
        yield Step(None, words("desk.timeline.is_unsure"), NOW)
    elif job.shop_id is None:
        yield Step(None, words("desk.timeline.needs_shop"), NOW)
    elif refused:
        yield Step(None, words("desk.timeline.is_refused"), STOPPED)
    elif state in ("ageing", "received") and callable_on is not None:
        yield Step(None, words("desk.timeline.ageing", day=callable_on.isoformat()), NOW)
    elif state in ("received", "callable"):
        yield Step(None, words(f"desk.timeline.is_{state}"), NOW)
    elif state == "invited":
        yield Step(None, words("desk.timeline.waiting_for_answer"), NOW)
    elif state in ENDED_STATES and words.has(f"desk.timeline.end.{state}"):
        reason = f"desk.reason.{service.reason if service else None}"
        known = words(reason) if words.has(reason) else words("desk.reason.unknown")
        yield Step(None, words(f"desk.timeline.end.{state}", detail=known), STOPPED)
    elif state is None and job.skipped:
        yield Step(None, words("desk.timeline.is_skipped"), STOPPED)
    elif state is None:
        yield Step(None, words(f"desk.timeline.waits_for.{rule}"), NOW if rule != "never" else STOPPED)
    elif state not in ("answered", "erased"):
        yield Step(None, words("desk.survey.unknown"), STOPPED)
