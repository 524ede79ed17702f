"""What the desk asks about contested answers, and what people do about them (A-N6, B-P4)."""

from collections.abc import Mapping

from repaircenter.central.accounts.queries import language_of, names_of_people
from repaircenter.central.contests import queries, rules
from repaircenter.central.contests.queries import ContestRow, Given
from repaircenter.central.core.calls import Call, serves
from repaircenter.central.core.http import refuse
from repaircenter.central.surveys.answers import in_words
from repaircenter.central.timers import queries as timers
from repaircenter.central.timers.queries import Due
from repaircenter.runtime.text import Texts, clean_text
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.contests import (
    Contest,
    ContestableAnswer,
    ContestChange,
    ContestList,
    ContestQuery,
    NewContest,
)
from repaircenter.wire.vocabulary import LAPSED, OPEN, REVIEW_CONTESTS

MOST_SHOWN, _LONGEST_KEY = 500, 64


@serves(endpoints.CONTESTS)
def contests(call: Call, asked: ContestQuery) -> ContestList:
    connection, now = call.connection, call.service.clock.now_utc()
    names, words = names_of_people(connection), Texts(language_of(connection, call.caller.id))
    since = rules.contested_since(now)
    answers = queries.contestable(connection, since, now, MOST_SHOWN + 1)
    offered = answers[:MOST_SHOWN]
    if asked.answer_id is not None and all(given.answer_id != asked.answer_id for given in offered):
        offered += queries.contestable(connection, since, now, 1, asked.answer_id)
    return ContestList(
        contests=[_told(call, row, names, words) for row in queries.contests(connection, MOST_SHOWN)],
        answers=[_answer(given, words) for given in offered],
        days=rules.MAY_BE_CONTESTED.days,
        more=len(answers) > MOST_SHOWN,
    )


@serves(endpoints.CONTEST_ANSWER)
def contest_answer(call: Call, asked: NewContest) -> Contest:
    """Contest an answer, once. It goes on to count until somebody else upholds the contest."""
    connection, now, key = call.connection, call.service.clock.now_utc(), asked.key[:_LONGEST_KEY]
    known = queries.known_key(connection, call.caller.id, key)
    if known is not None:
        return _contest(call, known)
    wrong = rules.wrong_contest(asked.reason, asked.evidence)
    if wrong:
        refuse(422, wrong)
    given = queries.contestable(connection, rules.contested_since(now), now, 1, asked.answer_id)
    if not given:
        return _done_at_once(call, key)
    ends_at = now + rules.DECIDED_WITHIN
    values = {"reason": asked.reason, "evidence": clean_text(asked.evidence), "key": key, "me": call.caller.id}
    contest_id = queries.add(connection, given[0], values, now, ends_at)
    if contest_id is None:
        return _done_at_once(call, key)
    row = queries.contests(connection, 1, contest_id)[0]
    org_id, shop_id = row.given.org_id, row.given.shop_id
    timers.put(connection, rules.LAPSE, [Due(org_id, shop_id, contest_id, ends_at)])
    timers.put(connection, rules.TELL, [Due(org_id, shop_id, contest_id, now)])
    return _contest(call, contest_id)


def _done_at_once(call: Call, key: str) -> Contest:
    """The contest that was made meanwhile by the same request, sent twice; refuses (409) where another's stands."""
    known = queries.known_key(call.connection, call.caller.id, key)
    if known is None:
        refuse(409, "not_contestable")
    return _contest(call, known)


@serves(endpoints.CHANGE_CONTEST)
def change_contest(call: Call, asked: ContestChange, contest_id: int) -> Contest:
    """Uphold, reject or withdraw a contest, once; refuse what was asked of a version that is not the present one (409)."""
    connection, now, key = call.connection, call.service.clock.now_utc(), asked.key[:_LONGEST_KEY]
    queries.lock(connection, contest_id)
    rows = queries.contests(connection, 1, contest_id)
    if not rows:
        refuse(404, "not_there")
    (row,) = rows
    if row.last_key == key:
        return _contest(call, contest_id)
    if row.version != asked.version:
        refuse(409, "changed_meanwhile")
    is_own = row.made_by == call.caller.id
    may_review = call.caller.may(REVIEW_CONTESTS, row.given.shop_id)
    state = LAPSED if row.state == OPEN and now >= row.ends_at else row.state
    wrong = rules.refusal(asked.state, state, asked.note, is_own=is_own, may_review=may_review)
    if wrong:
        refuse(403 if wrong == "not_allowed" else 422, wrong)
    queries.decide(connection, contest_id, asked.state, call.caller.id, now, clean_text(asked.note) or None, key)
    timers.cancel(connection, [rules.LAPSE], [contest_id])
    timers.put(connection, rules.TELL, [Due(row.given.org_id, row.given.shop_id, contest_id, now)])
    return _contest(call, contest_id)


def _contest(call: Call, contest_id: int) -> Contest:
    connection = call.connection
    (row,) = queries.contests(connection, 1, contest_id)
    words = Texts(language_of(connection, call.caller.id))
    return _told(call, row, names_of_people(connection), words)


def _told(call: Call, row: ContestRow, names: Mapping[int, str], words: Texts) -> Contest:
    is_own = row.made_by == call.caller.id
    return Contest(
        id=row.id,
        state=row.state,
        version=row.version,
        reason=row.reason,
        evidence=row.evidence,
        made_by=names.get(row.made_by),
        made_at=row.made_at,
        ends_at=row.ends_at,
        decided_by=names.get(row.decided_by or 0),
        decided_at=row.decided_at,
        note=row.note,
        answer=_answer(row.given, words),
        may_withdraw=is_own and row.state == OPEN,
        may_decide=not is_own and row.state == OPEN and call.caller.may(REVIEW_CONTESTS, row.given.shop_id),
    )


def _answer(given: Given, words: Texts) -> ContestableAnswer:
    return ContestableAnswer(
        id=given.answer_id,
        shop_id=given.shop_id,
        shop=given.shop,
        zone=given.zone,
        programme=given.programme,
        job_key=given.job_key,
        ro_number=given.ro_number,
        customer=given.customer,
        vehicle=given.vehicle,
        answered_at=given.submitted_at,
        said=answer_lines(given, words),
    )


def answer_lines(given: Given, words: Texts) -> list[str]:
    """Everything that was answered, a line a question, in a language."""
    lines = []
    for question in given.questionnaire.questions:
        if given.answers.has(question.key):
            label = question.label(words.language, given.shop)
            value = given.answers.values.get(question.key)
            said = f"{value}/{question.maximum}" if question.is_scored else in_words(question, given.answers, words)
            lines.append(f"{said} – {label}" if question.is_scored else f"{label} {said}")
    return [*lines, *([given.answers.comment] if given.answers.comment else [])]


HANDLERS = (contests, contest_answer, change_contest)
