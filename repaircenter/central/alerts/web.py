"""What the desk asks about alerts, and what people do about them (A-06, A-P1, A-P3)."""

from collections.abc import Mapping, Sequence

from repaircenter.central.accounts.queries import language_of
from repaircenter.central.alerts import queries, rules
from repaircenter.central.alerts.opening import put_morning
from repaircenter.central.alerts.queries import AlertRow
from repaircenter.central.core.calls import Call, Caller, check_count, serves
from repaircenter.central.core.http import refuse
from repaircenter.central.surveys.answers import in_words
from repaircenter.runtime.text import Texts, clean_text
from repaircenter.wire import endpoints
from repaircenter.wire.alerts import Alert, AlertAnswer, AlertChange, AlertChoice, AlertChoices, AlertList, Recovery
from repaircenter.wire.surveys.questionnaires import Questionnaire
from repaircenter.wire.vocabulary import END_ALERTS

MOST_SHOWN = 500
_LONGEST_KEY = 64


@serves(endpoints.ALERT_LIST)
def alert_list(call: Call) -> AlertList:
    since = call.service.clock.now_utc() - rules.SHOWN_FOR
    rows = queries.shown(call.connection, since, MOST_SHOWN + 1)
    colleagues, names = queries.people(call.connection)
    return AlertList(
        alerts=_alerts(call, rows[:MOST_SHOWN], names),
        colleagues=colleagues,
        me=call.caller.id,
        may_end=END_ALERTS in call.caller.permissions,
        more=len(rows) > MOST_SHOWN,
    )


@serves(endpoints.CHANGE_ALERT)
def change_alert(call: Call, asked: AlertChange, alert_id: int) -> Alert:
    """Do what a person asked, once; refuse what was asked of a version that is not the present one (409)."""
    connection = call.connection
    queries.lock(connection, alert_id)
    rows = queries.alerts(connection, [alert_id])
    colleagues, names = queries.people(connection)
    if not rows:
        refuse(404, "not_there")
    (row,) = rows
    if asked.state == rules.SEEN:
        # Opening it takes nothing from whoever does something with it at the same time.
        if row.state == rules.NEW:
            queries.set_seen(connection, alert_id)
        return _alerts(call, queries.alerts(connection, [alert_id]), names)[0]
    if row.last_key == asked.key:
        return _alerts(call, rows, names)[0]
    if row.version != asked.version:
        refuse(409, "changed_meanwhile")
    if row.is_erased:
        refuse(422, "not_possible")
    refusal = rules.refusal(asked, row.state, row.recovery_demanded, call.caller.may(END_ALERTS, row.shop_id))
    if refusal:
        refuse(403 if refusal == "not_allowed" else 422, refusal)
    if asked.owner_id and not any(asked.owner_id == one.id and row.shop_id in one.shops for one in colleagues):
        refuse(422, "colleague_gone")
    columns = _columns(call, asked, row)
    queries.change(connection, alert_id, columns)
    if columns.get("owner_id", row.owner_id) not in (row.owner_id, None, call.caller.id):
        # Whose it is now is written to in the morning.
        put_morning(connection, call.caller.org_id, row.shop_id, call.service.clock.now_utc(), row.zone)
    return _alerts(call, queries.alerts(connection, [alert_id]), names)[0]


def _columns(call: Call, asked: AlertChange, row: AlertRow) -> dict[str, object]:
    """The columns a change sets."""
    me, now = call.caller.id, call.service.clock.now_utc()
    columns: dict[str, object] = {"last_key": asked.key[:_LONGEST_KEY], "changed_by": me, "changed_at": now}
    if asked.owner_id is not None:
        columns["owner_id"] = asked.owner_id or None
    if asked.state is not None:
        columns["state"] = asked.state
        if asked.owner_id is None and row.owner_id is None:
            # Who takes it, or ends what nobody had taken.
            columns["owner_id"] = me
        is_done = asked.state == rules.DONE
        columns["ended_by"], columns["ended_at"] = (me, now) if is_done else (None, None)
    if asked.recovery is not None:
        columns["cause"], columns["outcome"] = asked.recovery.cause, asked.recovery.outcome
        columns["action"] = clean_text(asked.recovery.action)
    return columns


@serves(endpoints.ALERT_CHOICES)
def alert_choices(call: Call) -> AlertChoices:
    return _choices(call)


@serves(endpoints.CHOOSE_ALERTS)
def choose_alerts(call: Call, asked: AlertChoices) -> AlertChoices:
    check_count(asked.choices)
    call.check_shops({choice.shop_id for choice in asked.choices})
    if any(choice.choice not in _offered(call, choice.shop_id) for choice in asked.choices):
        refuse(403, "not_allowed")
    for choice in asked.choices:
        queries.choose(call.connection, call.caller.org_id, call.caller.id, choice.shop_id, choice.choice)
    return _choices(call)


def _offered(call: Call, shop_id: int) -> list[str]:
    return rules.offered_choices(call.caller.may(END_ALERTS, shop_id))


def _choices(call: Call) -> AlertChoices:
    """What holds for each shop of the caller: who chose nothing gets the first that is offered."""
    chosen = queries.choices(call.connection, call.caller.id)
    choices = []
    for shop in call.caller.shops:
        offered = _offered(call, shop)
        choice = chosen.get(shop, offered[0])
        choices.append(AlertChoice(shop_id=shop, choice=choice if choice in offered else offered[0], offered=offered))
    everywhere = min((choice.offered for choice in choices), key=len, default=[])
    return AlertChoices(choices=choices, offered=everywhere)


def _alerts(call: Call, rows: Sequence[AlertRow], names: Mapping[int, str]) -> list[Alert]:
    questionnaires = queries.questionnaires(call.connection, {row.questionnaire_id for row in rows})
    language = language_of(call.connection, call.caller.id)
    return [
        _alert(row, questionnaires[row.questionnaire_id], names, call.caller, language)
        for row in rows
    ]


def _alert(
    row: AlertRow, questionnaire: Questionnaire, names: Mapping[int, str], caller: Caller, language: str
) -> Alert:
    recovery = None
    if row.cause is not None and row.action is not None and row.outcome is not None:
        recovery = Recovery(cause=row.cause, action=row.action, outcome=row.outcome)
    return Alert(
        id=row.id,
        shop_id=row.shop_id,
        state=row.state,
        version=row.version,
        opened_at=row.opened_at,
        due_at=row.due_at,
        answers=[
            AlertAnswer(
                label=question.label(language, row.shop),
                value=row.answers.values.get(question.key, 0),
                maximum=question.maximum,
                low=question.key in row.low,
                text=None if question.is_scored else in_words(question, row.answers, Texts(language)),
            )
            for question in questionnaire.questions
            if row.answers.has(question.key)
        ],
        programme=row.programme,
        recovery_demanded=row.recovery_demanded,
        job_key=row.job_key,
        ro_number=row.ro_number,
        customer=row.customer,
        vehicle=row.vehicle,
        comment=row.comment,
        owner_id=row.owner_id,
        owner=names.get(row.owner_id or 0),
        recovery=recovery,
        ended_by=names.get(row.ended_by or 0),
        ended_at=row.ended_at,
        changed_by=names.get(row.changed_by or 0),
        changed_at=row.changed_at,
        zone=row.zone,
        may_end=caller.may(END_ALERTS, row.shop_id),
        kind=row.kind,
        reason=row.reason,
        answer_id=row.answer_id,
        is_own=rules.concerns(row.owner_id, row.credited, caller.id),
    )


HANDLERS = (alert_list, change_alert, alert_choices, choose_alerts)
