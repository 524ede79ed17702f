"""Customers are called: the queue, the script page by page, and how a call ends (A-20, A-21, requirements 6.9)."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import text

from repaircenter.central.reporting.catalogue import REPORTS
from repaircenter.central.reporting.report import ReportContext, Request
from repaircenter.shop.ports import ServiceRefused
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import endpoints
from repaircenter.wire.document.cells import Day
from repaircenter.wire.document.nodes import Table
from repaircenter.wire.jobs import Contact
from repaircenter.wire.surveys.interviews import CallBegin, CallEnd, Conversation, Interview, SpokenPage
from tests.conftest import PASSWORD, Central
from tests.fakes.secrets import MemorySecrets
from tests.integration.test_channels import ask_by, person, states, told
from tests.integration.test_mail import after_ageing, link_of, parsed
from tests.integration.test_service import client, message, send

__all__ = ["client"]


def sign_in(central: Central, who: str) -> PersonClient:
    agent = PersonClient(Http(central.address), MemorySecrets())
    agent.sign_in(who, PASSWORD)
    return agent


def make_agents(central: Central) -> None:
    """Both people of the first organisation are call agents, too."""
    with central.service.admin() as connection:
        connection.execute(
            text(
                "INSERT INTO person_grant (org_id, person_id, role, node_id) SELECT p.org_id, p.id, 'call_agent', n.id "
                "FROM person p JOIN node n ON n.org_id = p.org_id AND n.kind = 'network' WHERE p.email LIKE '%one.example'"
            )
        )


def at_the_telephone(central: Central, hour: int = 22, day: int = 23) -> None:
    """It is so late (UTC) on a day of November: Monday the 23rd, 17:00 in Toronto."""
    central.clock.jump_to(datetime(2026, 11, day, hour, tzinfo=UTC))
    central.wait()


def waiting(agent: PersonClient) -> list[Interview]:
    return agent.call(endpoints.INTERVIEWS).interviews


def begin(agent: PersonClient, interview_id: int = 1) -> Conversation:
    attempts = next((one.attempts for one in waiting(agent) if one.id == interview_id), 0)
    return agent.call(endpoints.BEGIN_CALL, CallBegin(attempts=attempts), interview_id=interview_id)


def speak(
    agent: PersonClient, page: str, given: dict[str, list[str]], comment: str | None = None, *, back: bool = False
) -> Conversation:
    spoken = SpokenPage(page=page, given=given, comment=comment, back=back)
    return agent.call(endpoints.SPEAK_PAGE, spoken, interview_id=1)


def end(agent: PersonClient, outcome: str, at: datetime | None = None) -> None:
    agent.call(endpoints.END_CALL, CallEnd(outcome=outcome, at=at), interview_id=1)


@pytest.fixture
def agent(central: Central, client: CollectorClient) -> PersonClient:
    """One customer without an address is to be called; it is an hour for calls."""
    ask_by(central, "email", "phone")
    make_agents(central)
    send(central, client, (message(1, contact=person(None)), "a"))
    after_ageing(central)
    at_the_telephone(central)
    return sign_in(central, "staff@one.example")


def answers_of(page: Conversation) -> dict[str, list[str]]:
    """The best answer to every question of a page."""
    assert page.page is not None
    return {q.key: [q.choices[-1][0]] for q in page.page.questions if q.required and q.choices}


def interview(agent: PersonClient) -> Conversation:
    """The whole conversation, by the best answers."""
    going = begin(agent)
    while going.page is not None:
        comment = "Très bien" if going.page.is_last else None
        going = speak(agent, going.page.page, answers_of(going), comment=comment)
    return going


def test_an_interview_is_an_answer_like_any_other(central: Central, client: CollectorClient, agent: PersonClient) -> None:
    (listed,) = waiting(agent)
    assert (listed.customer, listed.state, listed.language) == ("Ada", "waiting", "fr") and listed.may_call
    first = begin(agent)
    assert first.phones == ["+15145550123"] and "North" in first.opening and first.opening.startswith("Bonjour")
    assert first.page is not None and first.interview.is_mine and first.interview.attempts == 1
    ended = interview(agent)
    assert ended.closing and ended.page is None
    assert states(central) == [("answered", None)] and waiting(agent) == []
    assert central.rows("SELECT comment FROM answer") == [("Très bien",)]
    assert central.rows("SELECT i.channel, i.sent_at IS NOT NULL, a.channel FROM invitation i, answer a") == [
        ("phone", True, None)
    ]
    assert central.rows("SELECT outcome, ended_at IS NOT NULL FROM interview_call") == [("interviewed", True)]
    assert central.rows("SELECT DISTINCT seconds FROM survey_page") == [(None,)], "nobody looked at a page"
    state = told(central, client)
    assert (state.state, state.channel, state.stars) == ("answered", "phone", 5)


def test_calls_and_texts_stand_in_the_row_of_the_job(central: Central, agent: PersonClient) -> None:
    """B-N5: R-29 has every instant, and how often the customer was called."""
    begin(agent)
    end(agent, "busy")
    begin(agent)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE invitation SET delivered_at = '2026-11-20 15:00Z'"))
    north = central.shops["North"]
    request = Request("R-29", {"period": "2026-10-01..2027-03-31"}, [north], "en", "Ada", central.clock.now_utc())
    with central.parts.web.scoped(central.scope([north])) as connection:
        report = REPORTS["R-29"]
        parts = list(report.build(ReportContext(connection, request, report)))
    (table,) = (node for part in parts for node in part.nodes if isinstance(node, Table))
    row = dict(zip([column.title for column in table.columns], table.rows[0], strict=True))
    assert row["Calls"] == 2 and row["Channel"] == "phone"
    arrived = row["Text arrived"]
    assert isinstance(arrived, Day) and arrived.at == time(10), "by the shop's clocks"


def test_a_company_is_asked_for_by_its_name(central: Central, client: CollectorClient) -> None:
    ask_by(central, "phone")
    make_agents(central)
    fleet = Contact(company="Flotte du Nord inc.", phones=["514-555-0150"], language="es")
    send(central, client, (message(1, contact=fleet), "a"))
    after_ageing(central)
    at_the_telephone(central)
    caller = sign_in(central, "staff@one.example")
    assert [one.customer for one in waiting(caller)] == ["Flotte du Nord inc."]
    assert "¿puedo hablar con Flotte du Nord inc.?" in begin(caller).opening


def test_a_low_answer_by_telephone_opens_an_alert(central: Central, agent: PersonClient) -> None:
    """A-20: its mail leaves the next morning."""
    central.license("alerts")
    going = begin(agent)
    while going.page is not None:
        lowest = {q.key: [q.choices[0][0]] for q in going.page.questions if q.required and q.choices}
        going = speak(agent, going.page.page, lowest)
    central.wait()
    assert central.rows("SELECT count(*) FROM alert") == [(1,)]
    (due,) = central.rows("SELECT due_at FROM timer WHERE kind = 'alert.morning' AND state = 'waiting'")
    assert due == (datetime(2026, 11, 24, 12, tzinfo=UTC),), "07:00 in Toronto"


def test_an_interview_published_by_night_is_shown_from_the_second_midnight(
    central: Central, client: CollectorClient, agent: PersonClient
) -> None:
    """A-21: called on a Monday, seen on Wednesday."""
    with central.service.admin() as connection:
        connection.execute(text("UPDATE programme SET publishing = 'nightly'"))
    interview(agent)
    state = told(central, client)
    assert (state.state, state.stars) == ("answered", None)
    assert central.rows("SELECT visible_from FROM answer") == [(datetime(2026, 11, 25, 5, tzinfo=UTC),)]
    central.clock.jump_to(datetime(2026, 11, 25, 5, 1, tzinfo=UTC))
    assert told(central, client).stars == 5


def test_a_call_is_left_and_taken_up_where_it_was(central: Central, agent: PersonClient) -> None:
    """What was answered so far is kept, page by page, by whichever channel."""
    first = begin(agent)
    assert first.page is not None
    second = speak(agent, first.page.page, answers_of(first))
    assert second.page is not None and second.page.number == 2
    assert begin(agent).page == second.page
    back = speak(agent, second.page.page, {}, back=True)
    assert back.page is not None and back.page.page == first.page.page
    given = {question.key: question.given for question in back.page.questions if question.given}
    assert given == answers_of(first)
    missing = speak(agent, first.page.page, {})
    assert missing.page is not None and missing.page.error and missing.page.number == 1
    assert any(question.is_missing for question in missing.page.questions)


def test_one_agent_at_a_time_calls_a_customer(central: Central, agent: PersonClient) -> None:
    other = sign_in(central, "admin@one.example")
    begin(agent)
    assert [(one.state, one.agent, one.is_mine) for one in waiting(other)] == [("calling", "Stan Dard", False)]
    with pytest.raises(ServiceRefused, match="colleague is calling"):
        begin(other)
    with pytest.raises(ServiceRefused, match="has ended"):
        speak(other, "", {})
    central.clock.pass_time(3600)
    assert waiting(other)[0].state == "waiting", "who does not say how it ended is not on the telephone any more"
    assert begin(other).interview.attempts == 2
    with pytest.raises(ServiceRefused, match="has ended"):
        end(agent, "no_answer")


def test_a_call_that_nobody_picked_up_has_asked_nobody(
    central: Central, client: CollectorClient, agent: PersonClient
) -> None:
    """Asked is who has spoken to us; the desk says how often they were called."""
    begin(agent)
    end(agent, "no_answer")
    assert central.rows("SELECT sent_at FROM invitation") == [(None,)]
    state = told(central, client)
    assert (state.state, state.invited_at, state.calls) == ("invited", None, 1) and state.called_at is not None
    begin(agent)
    end(agent, "appointment", central.clock.now_utc() + timedelta(days=1))
    assert told(central, client).invited_at == central.clock.now_utc()


def test_who_was_called_is_not_asked_at_that_number_soon_again(
    central: Central, client: CollectorClient, agent: PersonClient
) -> None:
    """A-P4: a call is asking, too."""
    interview(agent)
    client.open_session()
    send(central, client, (message(2, contact=person(None)), "b"))
    after_ageing(central)
    assert states(central)[1] == ("refused", "throttled")


def test_who_is_never_called_is_asked_another_way(central: Central, client: CollectorClient) -> None:
    """Nobody had time for a month: that is no "no answer"."""
    ask_by(central, "phone", "email")
    send(central, client, (message(1, contact=person()), "a"))
    send(central, client, (message(2, contact=person(None, "+15145550124")), "b"))
    after_ageing(central)
    assert states(central) == [("invited", None)] * 2 and not central.mails()
    central.clock.pass_time(31 * 86400)
    central.wait()
    central.wait()
    assert len(central.mails()) == 1
    assert states(central) == [("invited", None), ("unreachable", "not_called")]


def test_who_was_called_and_never_there_for_a_month_is_out_of_reach(central: Central, agent: PersonClient) -> None:
    begin(agent)
    end(agent, "no_answer")
    central.clock.pass_time(31 * 86400)
    central.wait()
    assert states(central) == [("unreachable", "not_reached")], "nobody was asked: that is no survey without an answer"


def test_numbers_that_were_called_in_vain_are_not_called_again(central: Central, client: CollectorClient) -> None:
    """Telephone first, then mail that is not answered: whoever picked up, at whichever number, was not the customer."""
    ask_by(central, "phone", "email")
    make_agents(central)
    two = Contact(first_name="Ada", email="a@example.com", phones=["514-555-0123", "514-555-0124"])
    send(central, client, (message(1, contact=two), "a"))
    after_ageing(central)
    at_the_telephone(central)
    caller = sign_in(central, "staff@one.example")
    begin(caller)
    end(caller, "wrong_number")
    central.wait()
    assert len(central.mails()) == 1 and states(central) == [("invited", None)]
    central.clock.pass_time(12 * 86400)
    central.wait()
    assert waiting(sign_in(central, "staff@one.example")) == []


def test_nobody_is_called_outside_the_hours(central: Central, agent: PersonClient) -> None:
    """A-20: by the clocks of the shop."""
    at_the_telephone(central, 2, 24)
    assert not waiting(agent)[0].may_call
    with pytest.raises(ServiceRefused, match="Monday to Friday"):
        begin(agent)
    at_the_telephone(central, 21, 24)
    assert waiting(agent)[0].may_call and begin(agent).page is not None


def test_nobody_answers_five_times(central: Central, agent: PersonClient) -> None:
    """Called again after two hours of calling time; who is never there is out of reach (6.9)."""
    begin(agent)
    end(agent, "no_answer")
    now = central.clock.now_utc()
    assert waiting(agent)[0].due_at == now + timedelta(hours=2)
    for number in range(4):
        assert [(one.attempts, one.outcome) for one in waiting(agent)] == [(number + 1, "no_answer")]
        begin(agent)
        end(agent, "no_answer")
    assert waiting(agent) == [] and states(central) == [("unreachable", "not_reached")]
    assert central.rows("SELECT count(*) FROM interview_call") == [(5,)]


def test_what_was_asked_twice_is_done_once(central: Central, agent: PersonClient) -> None:
    """An answer that got lost is asked for again."""
    begin(agent)
    end(agent, "no_answer")
    due = waiting(agent)[0].due_at
    end(agent, "no_answer")
    assert [(one.attempts, one.due_at) for one in waiting(agent)] == [(1, due)]
    with pytest.raises(ServiceRefused, match="Somebody else"):
        agent.call(endpoints.BEGIN_CALL, CallBegin(attempts=0), interview_id=1)
    first = begin(agent)
    ended = interview(agent)
    assert first.page is not None and ended.page is None
    again = speak(agent, first.page.page, answers_of(first))
    assert again.page is None and "North" in again.closing
    assert central.rows("SELECT count(*) FROM answer") == [(1,)]


def test_an_appointment_is_kept(central: Central, agent: PersonClient) -> None:
    now = central.clock.now_utc()
    begin(agent)
    for wrong, why in ((now, "time ahead"), (now + timedelta(days=30), "before this"), (now + timedelta(hours=8), "Monday")):
        with pytest.raises(ServiceRefused, match=why):
            end(agent, "appointment", wrong)
    end(agent, "appointment", now + timedelta(days=1))
    (listed,) = waiting(agent)
    assert listed.is_appointment and listed.due_at == now + timedelta(days=1) and listed.state == "waiting"


def test_who_does_not_want_to_be_called_is_left_alone(
    central: Central, client: CollectorClient, agent: PersonClient
) -> None:
    begin(agent)
    end(agent, "do_not_call")
    assert states(central) == [("refused", "opted_out")] and waiting(agent) == []
    central.clock.pass_time(40 * 86400)
    client.open_session()
    send(central, client, (message(2, contact=person()), "b"))
    after_ageing(central)
    assert states(central)[1] == ("refused", "opted_out")


def test_who_declines_ends_this_survey(central: Central, agent: PersonClient) -> None:
    begin(agent)
    end(agent, "declined")
    assert states(central) == [("refused", "declined")] and waiting(agent) == []


def test_a_wrong_number_is_called_again_once_it_is_corrected(
    central: Central, client: CollectorClient, agent: PersonClient
) -> None:
    begin(agent)
    end(agent, "wrong_number")
    central.wait()
    assert states(central) == [("unreachable", "wrong_number")]
    client.open_session()
    send(central, client, (message(1, order=2, contact=person(None, "+15145550177")), "b"))
    central.wait()
    (listed,) = waiting(sign_in(central, "staff@one.example"))
    assert (listed.state, listed.attempts, listed.outcome) == ("waiting", 0, None)


def test_consent_is_judged_when_the_agent_calls(central: Central, client: CollectorClient, agent: PersonClient) -> None:
    """Whatever the queue says (A-15): a customer who must not be contacted is not called."""
    client.open_session()
    forbidden = Contact(first_name="Ada", phones=["+15145550123"], do_not_contact=True)
    send(central, client, (message(1, order=2, contact=forbidden), "b"))
    assert len(waiting(agent)) == 1
    refused = begin(agent)
    assert refused.refusal == "must_not_be_called" and refused.page is None and refused.phones == []
    assert waiting(agent) == [] and states(central) == [("refused", "do_not_contact")]


def test_a_call_taken_up_again_is_judged_again(central: Central, client: CollectorClient, agent: PersonClient) -> None:
    begin(agent)
    assert begin(agent).interview.attempts == 1, "the same call goes on"
    client.open_session()
    forbidden = Contact(first_name="Ada", phones=["+15145550123"], do_not_contact=True)
    send(central, client, (message(1, order=2, contact=forbidden), "b"))
    assert begin(agent).refusal == "must_not_be_called"


def test_a_program_that_stops_calling_lets_mail_go_on(central: Central, client: CollectorClient) -> None:
    """Mailed, to be called, and nobody takes part any more: the mail that arrived is open yet."""
    ask_by(central, "email", "phone")
    make_agents(central)
    send(central, client, (message(1, contact=person()), "a"))
    after_ageing(central)
    central.clock.jump_to(datetime(2026, 12, 7, 22, tzinfo=UTC))
    central.wait()
    with central.service.admin() as connection:
        connection.execute(text("UPDATE enrolment SET active = false"))
    caller = sign_in(central, "staff@one.example")
    assert begin(caller).refusal == "must_not_be_called"
    assert states(central) == [("invited", None)] and waiting(caller) == []
    assert central.rows("SELECT bounced_at, tried FROM invitation") == [(None, [])]


def test_never_call_again_holds_however_the_survey_ended(central: Central, agent: PersonClient) -> None:
    """The customer's survey expires while they say so; the numbers are those that were dialled."""
    begin(agent)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE sample SET state = 'expired'"))
        connection.execute(text("UPDATE job SET phones = '{}'"))
    end(agent, "do_not_call")
    assert central.rows("SELECT count(*) FROM opt_out") == [(1,)]
    with pytest.raises(ServiceRefused, match="answered, or is not asked"):
        end(agent, "busy")


def test_a_call_nobody_ended_was_abandoned(central: Central, agent: PersonClient) -> None:
    other = sign_in(central, "admin@one.example")
    begin(agent)
    central.clock.pass_time(3600)
    begin(other)
    end(other, "declined")
    assert central.rows("SELECT outcome FROM interview_call ORDER BY number") == [("abandoned",), ("declined",)]


def test_an_answer_on_the_page_ends_the_call(central: Central, client: CollectorClient) -> None:
    """Whoever does not answer mail is called, and may still answer it: the first answer counts."""
    ask_by(central, "email", "phone")
    make_agents(central)
    send(central, client, (message(1, contact=person()), "a"))
    after_ageing(central)
    link = link_of(parsed(central.mails()[0]))
    central.clock.pass_time(10 * 86400)
    central.wait()
    central.clock.jump_to(datetime(2026, 12, 7, 22, tzinfo=UTC))
    agent = sign_in(central, "staff@one.example")
    begun = begin(agent)
    assert begun.page is not None and len(central.mails()) == 2, "reminded, then called"
    assert central.fill_in(link, {"stars": 5, "recommend": 9}).status_code == 200
    with pytest.raises(ServiceRefused, match="answered, or is not asked"):
        speak(agent, begun.page.page, answers_of(begun))
    assert waiting(agent) == [] and central.rows("SELECT channel FROM invitation") == [("email",)]
    end(agent, "do_not_call")


def test_whoever_was_mailed_and_answers_the_telephone_was_asked_by_mail(
    central: Central, client: CollectorClient
) -> None:
    """How a customer was asked and how they answered are two facts: rates of mail are counted over mail."""
    ask_by(central, "email", "phone")
    make_agents(central)
    send(central, client, (message(1, contact=person()), "a"))
    after_ageing(central)
    mailed = central.clock.now_utc()
    central.clock.jump_to(datetime(2026, 12, 7, 22, tzinfo=UTC))
    central.wait()
    interview(sign_in(central, "staff@one.example"))
    assert central.rows("SELECT i.channel, a.channel FROM invitation i, answer a") == [("email", "phone")]
    state = told(central, client)
    assert (state.channel, state.invited_at, state.calls) == ("email", mailed, 1)


def test_who_answered_by_mail_or_is_not_reached_by_phone_keeps_the_link(
    central: Central, client: CollectorClient
) -> None:
    """A survey that was mailed goes on when the telephone brings nothing."""
    ask_by(central, "email", "phone")
    make_agents(central)
    send(central, client, (message(1, contact=person()), "a"))
    after_ageing(central)
    central.clock.jump_to(datetime(2026, 12, 7, 22, tzinfo=UTC))
    central.wait()
    agent = sign_in(central, "staff@one.example")
    begin(agent)
    end(agent, "wrong_number")
    assert states(central) == [("invited", None)] and waiting(agent) == []
    assert central.fill_in(link_of(parsed(central.mails()[0])), {"stars": 5, "recommend": 9}).status_code == 200


def test_an_agent_reaches_the_customers_of_their_shops_only(central: Central, agent: PersonClient) -> None:
    with central.service.admin() as connection:
        connection.execute(
            text(
                "INSERT INTO person_grant (org_id, person_id, role, node_id) SELECT p.org_id, p.id, 'call_agent', n.id "
                "FROM person p JOIN node n ON n.org_id = p.org_id AND n.kind = 'network' WHERE p.email LIKE '%two.example'"
            )
        )
    other = sign_in(central, "staff@two.example")
    assert waiting(other) == []
    for refused in (lambda: begin(other), lambda: speak(other, "", {}), lambda: end(other, "no_answer")):
        with pytest.raises(ServiceRefused, match="not there"):
            refused()
