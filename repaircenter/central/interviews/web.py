"""What call agents ask: who is to be called, the script page by page, and how a call ended (A-20, 6.9)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NoReturn

from repaircenter.central.calendars.queries import calendar_of
from repaircenter.central.core.calls import Call, serves
from repaircenter.central.core.http import refuse
from repaircenter.central.db.connections import WORKER
from repaircenter.central.interviews import queries, rules
from repaircenter.central.interviews.queries import InterviewRow
from repaircenter.central.messages import queries as messages
from repaircenter.central.messages.gate import address_mac, objection
from repaircenter.central.surveys import answer_queries, course
from repaircenter.central.surveys.answer_queries import Survey
from repaircenter.central.surveys.answers import Answers
from repaircenter.central.surveys.invitation import could_not_reach
from repaircenter.central.surveys.queries import refuse_invited
from repaircenter.central.surveys.sent_page import receive
from repaircenter.central.surveys.shown import ShownQuestion, say_goodbye, show_page
from repaircenter.runtime.text import Texts
from repaircenter.wire import endpoints
from repaircenter.wire.interviews import (
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
INTERVIEWED = "interviewed"


@serves(endpoints.INTERVIEWS)
def interview_list(call: Call) -> InterviewList:
    rows = queries.waiting(call.connection, MOST_SHOWN + 1)
    may_call = {shop_id: _may_call(call, shop_id) for shop_id in {row.shop_id for row in rows}}
    return InterviewList(
        interviews=[_told(call, row, may_call[row.shop_id]) for row in rows[:MOST_SHOWN]], more=len(rows) > MOST_SHOWN
    )


@serves(endpoints.BEGIN_CALL)
def begin_call(call: Call, asked: CallBegin, interview_id: int) -> Conversation:
    """Take an interview, once: consent, hours and numbers are judged as they are now."""
    now, row = call.service.clock.now_utc(), _row(call, interview_id)
    if row.state == rules.CALLING and row.agent_id == call.caller.id:
        return _converse(call, row)
    if row.state == rules.ENDED or not row.is_open:
        refuse(409, "survey_over")
    if row.state == rules.CALLING and row.taken_at is not None and now - row.taken_at < rules.LONGEST_CALL:
        refuse(409, "being_called")
    if row.attempts != asked.attempts:
        refuse(409, "changed_meanwhile")
    if not _may_call(call, row.shop_id):
        refuse(422, "not_call_hours")
    refusal = _refusal(call, row)
    if refusal:
        queries.end_call(call.connection, row.id, refusal, now, None)
        if refusal == "filtered":
            could_not_reach(call.connection, row.invitation_id, now, "filtered")
        elif refusal == "no_number":
            could_not_reach(call.connection, row.invitation_id, now, "no_address")
        else:
            refuse_invited(call.connection, row.invitation_id, refusal)
        return Conversation(interview=_told(call, row, may_call=False), refusal="must_not_be_called")
    queries.begin_call(call.connection, row, call.caller.id, now)
    queries.set_asked_by_phone(call.connection, row.invitation_id, now)
    return _converse(call, _row(call, interview_id))


@serves(endpoints.SPEAK_PAGE)
def speak_page(call: Call, asked: SpokenPage, interview_id: int) -> Conversation:
    """Keep the answers to a page as those of the customer's own page are kept; return the next one."""
    now, row = call.service.clock.now_utc(), _row(call, interview_id)
    if row.outcome == INTERVIEWED and row.agent_id == call.caller.id:
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
    is_kept, answered = answer_queries.record_page(call.connection, survey, sent, now)
    if not is_kept:
        refuse(409, "survey_over")
    if answered is not None:
        queries.set_answered_by_phone(call.connection, row.invitation_id)
        queries.end_call(call.connection, row.id, INTERVIEWED, now, None)
        call.service.events.publish(call.connection, answered)
        return Conversation(interview=_told(call, row), closing=say_goodbye(survey.with_answers(sent.answers)))
    if sent.error and not sent.is_back:
        return _converse(call, row, sent.answers, sent.number, sent.error, sent.missing)
    return _converse(call, row, sent.answers, max(sent.number - 1, 0) if sent.is_back else sent.number + 1)


@serves(endpoints.END_CALL)
def end_call(call: Call, asked: CallEnd, interview_id: int) -> None:
    """Keep how a call ended; the customer is called again, or the survey ends. What was done already is done once."""
    now, row = call.service.clock.now_utc(), _row(call, interview_id)
    if asked.outcome not in CALL_OUTCOMES:
        refuse(422, "not_possible")
    if row.state != rules.CALLING and (row.outcome, row.agent_id) == (asked.outcome, call.caller.id):
        return
    _check_own(call, row)
    due = _due(call, row, asked, now)
    queries.end_call(
        call.connection,
        row.id,
        asked.outcome,
        now,
        due,
        is_appointment=asked.outcome == APPOINTMENT and due is not None,
    )
    if due is not None:
        return
    if asked.outcome == DO_NOT_CALL:
        with call.service.worker.scoped(WORKER) as connection:
            for phone in row.phones:
                messages.opt_out(connection, row.org_id, address_mac(call.service, phone), now)
        refuse_invited(call.connection, row.invitation_id, "opted_out")
    elif asked.outcome == DECLINED:
        refuse_invited(call.connection, row.invitation_id, DECLINED)
    elif queries.channel_of(call.connection, row.invitation_id) == PHONE:
        reason = WRONG_NUMBER if asked.outcome == WRONG_NUMBER else "not_reached"
        could_not_reach(call.connection, row.invitation_id, now, reason)


def _due(call: Call, row: InterviewRow, asked: CallEnd, now: datetime) -> datetime | None:
    """When the customer is called again; None for not any more."""
    if rules.is_over(asked.outcome, row.attempts):
        return None
    calendar = calendar_of(call.connection, row.shop_id)
    if asked.outcome != APPOINTMENT:
        return rules.next_call(now, calendar.zone, calendar.closed, asked.outcome)
    if asked.at is None or not now < asked.at <= now + rules.LONGEST_APPOINTMENT:
        refuse(422, "bad_appointment")
    if not rules.may_call(asked.at, calendar.zone, calendar.closed):
        refuse(422, "not_call_hours")
    return asked.at


def _may_call(call: Call, shop_id: int) -> bool:
    calendar = calendar_of(call.connection, shop_id)
    return rules.may_call(call.service.clock.now_utc(), calendar.zone, calendar.closed)


def _refusal(call: Call, row: InterviewRow) -> str:
    """Why a customer must not be called as things stand now; empty when they may be."""
    if not row.is_wanted:
        return "filtered"
    if row.do_not_contact:
        return "do_not_contact"
    if not row.phones:
        return "no_number"
    with call.service.worker.scoped(WORKER) as connection:
        reasons = [objection(call.service, connection, row.org_id, phone) for phone in row.phones]
    # A number that takes no texts may be called.
    return next((reason for reason in reasons if reason not in (None, "bounced")), None) or ""


def _row(call: Call, interview_id: int) -> InterviewRow:
    row = queries.lock(call.connection, interview_id)
    return row if row is not None else _not_there()


def _not_there() -> NoReturn:
    refuse(404, "not_there")


def _check_own(call: Call, row: InterviewRow) -> None:
    """Refuse an interview the caller is not at."""
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
    shown, words = show_page(survey, place, missing), Texts(survey.language)
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
    opening = "page.call.opening" if survey.vehicle else "page.call.opening_plain"
    return Conversation(
        interview=_told(call, row),
        phones=list(row.phones),
        opening=words(opening, shop=survey.shop, **({"vehicle": survey.vehicle} if survey.vehicle else {})),
        page=page,
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


def _told(call: Call, row: InterviewRow, may_call: bool = True) -> Interview:
    now = call.service.clock.now_utc()
    is_left = row.taken_at is not None and now - row.taken_at >= rules.LONGEST_CALL
    is_calling = row.state == rules.CALLING and not is_left
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
        agent=row.agent if is_calling else None,
        is_mine=is_calling and row.agent_id == call.caller.id,
        customer=" ".join(filter(None, (row.first_name, row.last_name))) or None,
        vehicle=row.vehicle,
        ro_number=row.ro_number,
    )


HANDLERS = (interview_list, begin_call, speak_page, end_call)
