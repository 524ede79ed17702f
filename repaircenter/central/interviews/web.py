"""What call agents ask: who is to be called, the script page by page, and how a call ended (A-20, 6.9)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NoReturn

from repaircenter.central.calendars.queries import calendar_of, days_off
from repaircenter.central.core.calls import Call, serves
from repaircenter.central.core.http import refuse
from repaircenter.central.db.connections import WORKER
from repaircenter.central.interviews import queries, rules
from repaircenter.central.interviews.queries import InterviewRow
from repaircenter.central.messages.gate import address_mac, objection_of
from repaircenter.central.surveys import answer_queries, course
from repaircenter.central.surveys.answer_queries import Survey
from repaircenter.central.surveys.answers import Answers
from repaircenter.central.surveys.invitation import could_not_reach
from repaircenter.central.surveys.queries import refuse_invited, set_sample
from repaircenter.central.surveys.sent_page import receive
from repaircenter.central.surveys.shown import ShownQuestion, say_goodbye, show_page
from repaircenter.central.surveys.ways import numbers_to_call, way_mac
from repaircenter.runtime.text import Texts
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.interviews import (
    CallBegin,
    CallEnd,
    Conversation,
    Interview,
    InterviewList,
    ScriptPage,
    ScriptQuestion,
    SpokenPage,
)
from repaircenter.wire.vocabulary import APPOINTMENT, CALL_OUTCOMES, DECLINED, DO_NOT_CALL, PHONE, WRONG_NUMBER

MOST_SHOWN = 500
# For when an appointment is offered.
_LATER = timedelta(days=1)
# Why a customer is not called, beside what they do not want.
_FILTERED, _NO_NUMBER = "filtered", "no_number"
_REFUSED = {DECLINED: DECLINED, DO_NOT_CALL: "opted_out"}


@serves(endpoints.INTERVIEWS)
def interview_list(call: Call) -> InterviewList:
    rows = queries.waiting(call.connection, MOST_SHOWN + 1)
    now, zones = call.service.clock.now_utc(), {row.shop_id: row.zone for row in rows}
    closed = days_off(call.connection, list(zones))
    may_call = {shop: rules.may_call(now, zone, closed[shop]) for shop, zone in zones.items()}
    names = queries.agents(call.connection) if any(row.state == rules.CALLING for row in rows) else {}
    return InterviewList(
        interviews=[_told(call, row, names, may_call=may_call[row.shop_id]) for row in rows[:MOST_SHOWN]],
        more=len(rows) > MOST_SHOWN,
    )


@serves(endpoints.BEGIN_CALL)
def begin_call(call: Call, asked: CallBegin, interview_id: int) -> Conversation:
    """Take an interview, once: consent, hours and numbers are judged as they are now, also for who takes it up again."""
    now, row = call.service.clock.now_utc(), _row(call, interview_id)
    if row.state == rules.ENDED or not row.is_open:
        refuse(409, "survey_over")
    is_going_on = row.state == rules.CALLING and not _is_left(row, now)
    is_own = is_going_on and row.agent_id == call.caller.id
    if is_going_on and not is_own:
        refuse(409, "being_called")
    if not is_own and row.attempts != asked.attempts:
        refuse(409, "changed_meanwhile")
    if not is_own and not rules.may_call(now, row.zone, days_off(call.connection, [row.shop_id])[row.shop_id]):
        refuse(422, "not_call_hours")
    refusal = _refusal(call, row)
    if refusal:
        _call_off(call, row, refusal, now)
        return Conversation(interview=_told(call, row), refusal="must_not_be_called")
    if not is_own:
        dialled = [address_mac(call.service, phone) for phone in _numbers(call, row)]
        queries.begin_call(call.connection, row, call.caller.id, dialled, now)
        row = _row(call, interview_id)
    return _converse(call, row)


def _call_off(call: Call, row: InterviewRow, refusal: str, now: datetime) -> None:
    """Call nobody: who does not want to be asked is not, and who was only to be called is asked another way."""
    queries.end_call(call.connection, row, refusal, now, None)
    if refusal not in (_FILTERED, _NO_NUMBER):
        refuse_invited(call.connection, row.invitation_id, refusal)
    elif row.channel != PHONE:
        return  # their mail or text goes on
    elif refusal == _FILTERED:
        set_sample(call.connection, row.sample_id, "withdrawn", _FILTERED)
    else:
        could_not_reach(call.connection, row.invitation_id, now, "no_way")


@serves(endpoints.SPEAK_PAGE)
def speak_page(call: Call, asked: SpokenPage, interview_id: int) -> Conversation:
    """Keep the answers to a page as those of the customer's own page are kept; return the next one."""
    now, row = call.service.clock.now_utc(), _row(call, interview_id)
    if row.outcome == rules.INTERVIEWED and row.agent_id == call.caller.id:
        # It was done, and its answer got lost.
        closing = Texts(row.language)("page.done.message", shop=row.shop)
        return Conversation(interview=_told(call, row), closing=closing)
    _check_own(call, row)
    survey = _survey(call, row)
    form = {**asked.given, "page": [asked.page], "step": ["back" if asked.back else ""]}
    if asked.comment is not None:
        form["comment"] = [asked.comment]
    sent = receive(survey, form, now)
    if sent.is_stale:
        return _converse(call, row, sent.answers, sent.number)
    if sent.is_too_long:
        return _converse(call, row, sent.answers, sent.number, sent.error)
    queries.set_asked_by_phone(call.connection, row.invitation_id, now)
    is_kept, answered = answer_queries.record_page(call.connection, survey, sent, now, PHONE)
    if not is_kept:
        refuse(409, "survey_over")
    if answered is not None:
        queries.end_call(call.connection, row, rules.INTERVIEWED, now, None)
        call.service.events.publish(call.connection, answered)
        return Conversation(interview=_told(call, row), closing=say_goodbye(survey.with_answers(sent.answers)))
    if sent.error and not sent.is_back:
        return _converse(call, row, sent.answers, sent.number, sent.error, sent.missing)
    return _converse(call, row, sent.answers, max(sent.number - 1, 0) if sent.is_back else sent.number + 1)


@serves(endpoints.END_CALL)
def end_call(call: Call, asked: CallEnd, interview_id: int) -> None:
    """Keep how a call ended; the customer is called again, or the survey ends. What was done already is done once."""
    now, row, outcome = call.service.clock.now_utc(), _row(call, interview_id), asked.outcome
    if outcome not in CALL_OUTCOMES:
        refuse(422, "not_possible")
    if row.state != rules.CALLING and (row.outcome, row.agent_id) == (outcome, call.caller.id):
        return
    if outcome == DO_NOT_CALL and row.agent_id == call.caller.id:
        # That holds however the survey has ended meanwhile.
        queries.stop_calls(call.connection, row.id, now)
        if not row.is_open:
            return
    _check_own(call, row)
    due = _due(call, row, asked, now)
    is_appointment = outcome == APPOINTMENT
    queries.end_call(call.connection, row, outcome, now, due, is_appointment=is_appointment)
    if is_appointment or outcome in _REFUSED:
        queries.set_asked_by_phone(call.connection, row.invitation_id, now)
    if due is not None:
        return
    if outcome in _REFUSED:
        refuse_invited(call.connection, row.invitation_id, _REFUSED[outcome])
        return
    in_vain = [way_mac(call.service, PHONE, phone) for phone in row.phones]
    queries.set_tried(call.connection, row.invitation_id, in_vain)
    if row.channel == PHONE:
        reason = WRONG_NUMBER if outcome == WRONG_NUMBER else "not_reached"
        could_not_reach(call.connection, row.invitation_id, now, reason)


def _due(call: Call, row: InterviewRow, asked: CallEnd, now: datetime) -> datetime | None:
    """When the customer is called again; None for not any more."""
    if rules.is_over(asked.outcome, row.attempts):
        return None
    calendar = calendar_of(call.connection, row.shop_id)
    if asked.outcome != APPOINTMENT:
        due = rules.next_call(now, calendar.zone, calendar.closed, asked.outcome)
        return due if row.ends_at is None or due < row.ends_at else None
    if asked.at is None or asked.at.tzinfo is None or asked.at <= now:
        refuse(422, "bad_appointment")
    if row.ends_at is not None and asked.at >= row.ends_at:
        refuse(422, "bad_appointment")
    if not rules.may_call(asked.at, calendar.zone, calendar.closed):
        refuse(422, "not_call_hours")
    return asked.at


def _numbers(call: Call, row: InterviewRow) -> list[str]:
    """Where a customer may be reached: not where they were called in vain."""
    return numbers_to_call(call.service, row.phones, row.tried)


def _refusal(call: Call, row: InterviewRow) -> str:
    """Why a customer must not be called as things stand now; empty when they may be."""
    if not row.is_wanted:
        return _FILTERED
    if row.do_not_contact:
        return "do_not_contact"
    addresses = [*([] if row.email is None else [row.email]), *row.phones]
    with call.service.worker.scoped(WORKER) as connection:
        objected = objection_of(call.service, connection, row.org_id, addresses)
    return objected or ("" if _numbers(call, row) else _NO_NUMBER)


def _row(call: Call, interview_id: int) -> InterviewRow:
    row = queries.lock(call.connection, interview_id)
    return row if row is not None else _not_there()


def _not_there() -> NoReturn:
    refuse(404, "not_there")


def _is_left(row: InterviewRow, now: datetime) -> bool:
    """Whether nobody has said for so long how a call ended that it has."""
    return row.taken_at is not None and now - row.taken_at >= rules.LONGEST_CALL


def _check_own(call: Call, row: InterviewRow) -> None:
    """Refuse an interview the caller is not at (any more)."""
    if not row.is_open:
        refuse(409, "survey_over")
    if row.state != rules.CALLING or row.agent_id != call.caller.id:
        refuse(409, "call_over")


def _survey(call: Call, row: InterviewRow) -> Survey:
    survey = answer_queries.survey(call.connection, row.invitation_id, call.caller.scope)
    if survey is None or not survey.open:
        refuse(409, "survey_over")
    return survey


def _converse(
    call: Call,
    row: InterviewRow,
    answers: Answers | None = None,
    number: int | None = None,
    error: str = "",
    missing: Sequence[str] = (),
) -> Conversation:
    """The call as it goes on: where it was left, or at a page."""
    survey = _survey(call, row)
    if answers is not None:
        survey = survey.with_answers(answers)
    place = course.place(survey.questionnaire, survey.answers, None) if number is None else number
    shown, words, name = show_page(survey, place, missing), Texts(survey.language), _name(row)
    page = ScriptPage(
        page=shown.key,
        number=shown.number,
        is_last=shown.is_last,
        questions=[_spoken(question) for question in shown.questions],
        heading=shown.heading,
        comment_label=shown.comment_label,
        comment=survey.answers.comment,
        error=error,
    )
    calendar = calendar_of(call.connection, row.shop_id)
    later = rules.next_call(call.service.clock.now_utc() + _LATER, calendar.zone, calendar.closed)
    return Conversation(
        interview=_told(call, row),
        phones=_numbers(call, row),
        opening=words("page.call.opening", name=name, shop=survey.shop)
        if name
        else words("page.call.opening_plain", shop=survey.shop),
        page=page,
        later=later if row.ends_at is None or later < row.ends_at else None,
    )


def _spoken(question: ShownQuestion) -> ScriptQuestion:
    return ScriptQuestion(
        key=question.key,
        kind=question.kind,
        text=question.text,
        required=question.required,
        is_missing=question.is_missing,
        dates=list(question.dates),
        choices=[(str(value), word or str(value)) for value, word in question.choices],
        given=[question.words] if question.words else [str(value) for value in question.chosen],
        ends=list(question.ends),
    )


def _name(row: InterviewRow) -> str | None:
    """Whom the agent asks for: a person, or the company whose car it is."""
    return " ".join(filter(None, (row.first_name, row.last_name))) or row.company


def _told(
    call: Call, row: InterviewRow, names: Mapping[int, str] | None = None, *, may_call: bool = True
) -> Interview:
    is_calling = row.state == rules.CALLING and not _is_left(row, call.service.clock.now_utc())
    return Interview(
        id=row.id,
        shop_id=row.shop_id,
        shop=row.shop,
        zone=row.zone,
        programme=row.programme,
        state=rules.CALLING if is_calling else rules.WAITING,
        due_at=row.due_at,
        language=row.language,
        attempts=row.attempts,
        is_appointment=row.is_appointment,
        may_call=may_call,
        outcome=row.outcome,
        agent=(names or {}).get(row.agent_id or 0) if is_calling else None,
        is_mine=is_calling and row.agent_id == call.caller.id,
        customer=_name(row),
        vehicle=row.vehicle,
        ro_number=row.ro_number,
    )


HANDLERS = (interview_list, begin_call, speak_page, end_call)
