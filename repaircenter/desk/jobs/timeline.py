"""What happened to one job in plain words (A-N1); how it stands now is job_status's. Pure: values in, lines out."""

from collections.abc import Iterator
from datetime import UTC, datetime

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.timeline import DONE, STOPPED, Step
from repaircenter.shop.model.job import Event, JobDetails
from repaircenter.wire.vocabulary import PHONE

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
_HANDED_OVER = frozenset(("answer_kept", "answer_already_have", "answer_superseded"))
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


def steps(details: JobDetails, context: DeskContext) -> list[Step]:
    """What happened to a job, newest first; repeated hand-overs to the service are one step."""
    past = [*_events(details, context), *_outbox(details, context), *_service(details, context)]
    past.sort(key=lambda step: step.at_utc or _LONG_AGO)
    past.reverse()
    return past


def _events(details: JobDetails, context: DeskContext) -> Iterator[Step]:
    """The first hand-over is told, then the last one with how often there was one."""
    kept = [event for event in details.events if event.kind in _HANDED_OVER]
    for event in details.events:
        if event.kind not in _HANDED_OVER or event is kept[0]:
            yield Step(event.at_utc, _told(event, context), STOPPED if event.kind in _STOPS else DONE)
    if len(kept) > 1:
        yield Step(kept[-1].at_utc, context.words.count("desk.timeline.handed_over_again", len(kept) - 1), DONE)


def _outbox(details: JobDetails, context: DeskContext) -> Iterator[Step]:
    """Messages that were not answered yet; what became of the others is told by their answers."""
    kinds = {"job": "queued", "withdraw": "withdrawal_queued", "erase": "erase_queued"}
    for row in details.outbox:
        if row.state != "sent":
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
        by = f"desk.timeline.invited_{service.channel}"
        if service.channel != PHONE:  # who is called is told below
            yield Step(service.invited_at, words(by if words.has(by) else "desk.timeline.invited"), DONE)
    if service.delivered_at is not None:
        yield Step(service.delivered_at, words("desk.timeline.text_arrived"), DONE)
    if service.called_at is not None:
        yield Step(service.called_at, words.count("desk.timeline.called", service.calls), DONE)
    if service.reminded_at is not None:
        yield Step(service.reminded_at, words("desk.timeline.reminded"), DONE)
    if service.opened_at is not None and service.opened_at != service.answered_at:
        yield Step(service.opened_at, words("desk.timeline.opened"), DONE)
    if service.started_at is not None and service.started_at not in (service.opened_at, service.answered_at):
        yield Step(service.started_at, words("desk.timeline.started"), DONE)
    if service.answered_at is not None:
        told = words.count("desk.timeline.answered", service.stars) if service.stars else words("desk.survey.answered")
        yield Step(service.answered_at, told, DONE)
    if service.published_at is not None:
        yield Step(service.published_at, words("desk.timeline.published"), DONE)
