"""How a job stands and what a person can do about it: one sentence, one deed (issue 15.4). Pure: values in, values out."""

from dataclasses import dataclass

from repaircenter.desk.jobs.job_list import MARKS, POOR, answer_mark
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.shop.model.job import DELIVERED, OPPORTUNITY, Job, JobView
from repaircenter.wire.vocabulary import EMAIL, OPEN_STATES, PHONE, SMS, SURVEY_STATES

# What the card's button does; each has a text desk.job.deed.<deed>.
ADD_EMAIL, CORRECT_EMAIL, SEND, TRY_AGAIN = "add_email", "correct_email", "send_now", "try_again"
CONVERT, DELIVER, INCLUDE, SEE_ANSWER = "convert", "deliver", "include", "see_answer"
_BY_RULE = {"convert": CONVERT, "delivery": DELIVER, "create": SEND, "never": SEND}
# Reasons of the service for an address that cannot be used; it does not say them of a job without one.
# How a customer was asked -> icon.
_MARKS = {SMS: "message-text-outline", PHONE: "phone-outline"}
_BAD_ADDRESS = frozenset(("bad_address", "bounced"))


@dataclass(frozen=True, slots=True)
class JobStatus:
    """An icon of the font, a colour of the theme, a sentence, and what the button does ("" for no button)."""

    mark: str
    tone: str
    sentence: str
    deed: str = ""


def status_of(view: JobView, context: DeskContext) -> JobStatus:
    """Return how a job stands: what this PC has to do comes before what the service said of it last."""
    return _here(view, context) or _at_service(view, context) or _before_sending(view, context)


def _here(view: JobView, context: DeskContext) -> JobStatus | None:
    """What stops or moves a job on this PC."""
    words, job, outbox = context.words, view.details.job, view.details.outbox
    waiting = next((row for row in outbox if row.state == "waiting"), None)
    if job.is_gone:
        return JobStatus("eraser", "unknown", words(f"desk.job.status.{'erased' if job.erased_at_utc else 'merged'}"))
    if job.unsure:
        return JobStatus("help-circle-outline", "attention", words("desk.job.status.unsure"))
    if job.excluded:
        return JobStatus("minus-circle-outline", "unknown", words("desk.job.status.excluded"), INCLUDE)
    if waiting is not None:
        key = "retry" if waiting.attempts else "to_send"
        when = context.time(waiting.next_try_at_utc)
        return JobStatus("tray-arrow-up", "attention", words(f"desk.job.status.{key}", time=when))
    if job.shop_id is None:
        return JobStatus("store-alert-outline", "attention", words("desk.job.status.needs_shop"))
    if any(row.state in ("refused", "parked") for row in outbox):
        return JobStatus("alert-circle-outline", "problem", words("desk.job.status.refused"), TRY_AGAIN)
    return None


def _at_service(view: JobView, context: DeskContext) -> JobStatus | None:
    """What the service said of a job that was sent, None before."""
    words, job = context.words, view.details.job
    service = job.service
    if service is None:
        return JobStatus("tray-arrow-up", "soft", words("desk.job.status.sent")) if job.sent_digest else None
    state, reason = service.state, service.reason or "unknown"
    shown = SURVEY_STATES.get(state)
    if shown is None:
        return JobStatus("help-network-outline", "unknown", words("desk.survey.unknown"))
    if state == "answered":
        mark, tone = MARKS[answer_mark(service.stars)]
        low = service.stars is not None and service.stars <= POOR
        sentence = (
            words.count("desk.job.status.answered", service.stars) if service.stars else words("desk.survey.answered")
        )
        return JobStatus(mark, tone, f"{sentence} {words('desk.job.status.call')}" if low else sentence, SEE_ANSWER)
    if state in ("withdrawn", "erased") and job.sent_digest is None:
        # Taken back, and not sent since: the rule decides again.
        return None
    if reason == "no_address" and job.contact.email:
        return JobStatus("timer-sand", "soft", words("desk.job.status.address_sent"))
    if state in OPEN_STATES:
        return _open(job, state, context) or JobStatus(shown.mark, shown.tone, words(f"desk.job.status.{state}"))
    if words.has(f"desk.job.status.end.{state}"):
        why = words(f"desk.reason.{reason}" if words.has(f"desk.reason.{reason}") else "desk.reason.unknown")
        deed = ADD_EMAIL if reason == "no_address" else CORRECT_EMAIL if reason in _BAD_ADDRESS else ""
        if deed == CORRECT_EMAIL and service.channel not in (None, EMAIL):
            deed = ""  # it was no mail that did not arrive
        return JobStatus(shown.mark, shown.tone, words(f"desk.job.status.end.{state}", detail=why), deed)
    return JobStatus(shown.mark, shown.tone, words(f"desk.survey.{state}"))


def _open(job: Job, state: str, context: DeskContext) -> JobStatus | None:
    """A survey that may still be answered, where there is more to say than its state."""
    words, service = context.words, job.service
    channels = [] if service is None else service.channels
    by_number = bool(job.contact.phones) and not {SMS, PHONE}.isdisjoint(channels)
    if job.contact.do_not_contact or not (job.contact.email or by_number or state == "invited"):
        return _cannot_ask(job, context)
    if service is not None and state in ("received", "ageing") and service.callable_on is not None:
        day = context.day(service.callable_on)
        return JobStatus("timer-sand", "soft", words("desk.job.status.ageing", day=day))
    if service is not None and state == "invited" and service.invited_at is None and service.channel == PHONE:
        said = words.count("desk.job.status.called", service.calls) if service.calls else words("desk.job.status.to_call")
        return JobStatus("phone-outline", "accent", said)
    if service is not None and state == "invited" and service.invited_at is not None:
        day = context.day(context.local(service.invited_at).date())
        mark = _MARKS.get(service.channel or "", "email-outline")
        return JobStatus(mark, "accent", words("desk.job.status.invited_on", day=day))
    return None


def _cannot_ask(job: Job, context: DeskContext) -> JobStatus:
    """Nobody can ask this customer: they do not want it, or there is no address."""
    if job.contact.do_not_contact:
        return JobStatus("account-cancel-outline", "unknown", context.words("desk.reason.do_not_contact_title"))
    key = "no_email" if job.contact.phones else "no_way"
    return JobStatus("email-alert-outline", "attention", context.words(f"desk.job.status.{key}"), ADD_EMAIL)


def _before_sending(view: JobView, context: DeskContext) -> JobStatus:
    """Why nothing was sent yet, or what it waits for."""
    words, job = context.words, view.details.job
    if job.skipped:
        return JobStatus("circle-outline", "unknown", words("desk.job.status.skipped"), SEND)
    if view.before_cutoff is not None:
        day = context.day(view.before_cutoff)
        return JobStatus("circle-outline", "unknown", words("desk.job.status.before_cutoff", day=day), SEND)
    if job.contact.do_not_contact or not job.contact.email:
        return _cannot_ask(job, context)
    deed = _BY_RULE[view.rule]
    if (deed == CONVERT and job.state != OPPORTUNITY) or (deed == DELIVER and job.state == DELIVERED):
        deed = SEND
    tone = "unknown" if view.rule == "never" else "soft"
    return JobStatus("circle-outline", tone, words(f"desk.job.status.waits_for.{view.rule}"), deed)
