"""Alerts about customers whom nothing reaches and who do not answer (A-P8; requirements 6.9; issue 17)."""

from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text

from repaircenter.central.accounts.admin import NewProgramme
from repaircenter.central.accounts.setup_file import SetupFile, check
from repaircenter.central.alerts.opening import look
from repaircenter.central.alerts.rules import what_to_tell
from repaircenter.central.messages.transport import Refused
from repaircenter.uplink.collector import CollectorClient
from repaircenter.wire import endpoints
from repaircenter.wire.alerts import Alert, AlertChange, Recovery
from repaircenter.wire.jobs import Contact, WithdrawMessage
from tests.conftest import Central
from tests.integration.test_alerts import listed, to_the_next_morning
from tests.integration.test_alerts import person as signed_in
from tests.integration.test_interviews import at_the_telephone, begin, end, make_agents, sign_in
from tests.integration.test_mail import Away, after_ageing, link_of, mail_server, parsed
from tests.integration.test_reports import plain, run, tables
from tests.integration.test_service import client, message, send

__all__ = ["client"]


@pytest.fixture(autouse=True)
def _licensed(central: Central) -> None:
    central.license("alerts")


def tell(central: Central, **rules: object) -> None:
    """Change the programme's rules: (alert_unreached, alert_silent, channels …)."""
    with central.service.admin() as connection:
        for column, value in rules.items():
            connection.execute(text(f"UPDATE programme SET {column} = :value"), {"value": value})


def customer(email: str | None = "a@example.com", **more: Any) -> Contact:
    return Contact(first_name="Ada", email=email, language="fr", **more)


def alerts(central: Central) -> list[Alert]:
    return listed(central).alerts


def in_an_hour(central: Central) -> None:
    central.clock.pass_time(3600)
    central.wait()


def bounce(central: Central, client: CollectorClient, number: int = 1) -> None:
    """The mail server refuses the customer's address."""
    with mail_server(central, Away(Refused("550"))):
        send(central, client, (message(number, contact=customer()), f"b{number}"))
        after_ageing(central)


@pytest.mark.parametrize(
    ("state", "days", "company", "unreached", "silent", "expected"),
    [
        ("unreachable", None, False, True, "nobody", "unreached"),
        ("unreachable", 3, False, False, "everybody", ""),
        ("invited", 10, False, True, "everybody", "silent"),
        ("invited", 9.9, False, True, "everybody", ""),
        ("invited", 10, False, True, "companies", ""),
        ("invited", 10, True, True, "companies", "silent"),
        ("invited", 10, True, True, "nobody", ""),
        ("invited", None, True, True, "everybody", ""),
        ("answered", 20, True, True, "everybody", ""),
        ("withdrawn", 20, True, True, "everybody", ""),
    ],
)
def test_what_is_told_is_judged_as_things_stand(
    state: str, days: float | None, company: bool, unreached: bool, silent: str, expected: str
) -> None:
    asked_for = None if days is None else timedelta(days=days)
    told = what_to_tell(state, asked_for, is_company=company, reminder_days=5, unreached=unreached, silent=silent)
    assert told == expected


def test_whom_nothing_reaches_is_told_once_with_its_reason(central: Central, client: CollectorClient) -> None:
    tell(central, alert_unreached=True)
    bounce(central, client)
    assert alerts(central) == [], "another way may be open"
    in_an_hour(central)
    (alert,) = alerts(central)
    assert (alert.kind, alert.reason, alert.state, alert.answers) == ("unreached", "bounced", "new", [])
    assert alert.ro_number == "26-1" and alert.due_at > alert.opened_at
    to_the_next_morning(central)
    letter = central.letters("admin@one.example")[-1]
    assert "un client à appeler" in letter["Subject"]
    assert "Rien ne joint ce client" in letter.get_content() and "Rien n’arrive" in letter.get_content()
    sample = int(str(central.rows("SELECT id FROM sample")[0][0]))
    look(central.parts, lambda *_: None, sample)
    assert len(alerts(central)) == 1, "a killed worker's task is repeated"


def test_a_programme_that_does_not_tell_opens_none(central: Central, client: CollectorClient) -> None:
    bounce(central, client)
    in_an_hour(central)
    assert alerts(central) == []


def test_who_is_reached_another_way_within_the_hour_is_no_alert(central: Central, client: CollectorClient) -> None:
    tell(central, alert_unreached=True)
    bounce(central, client)
    client.open_session()
    send(central, client, (message(1, version="E02", contact=customer("right@example.com")), "b2"))
    central.wait()
    in_an_hour(central)
    assert alerts(central) == [] and central.rows("SELECT state FROM sample") == [("invited",)]


def test_the_alert_ends_once_the_corrected_address_is_asked(central: Central, client: CollectorClient) -> None:
    """What passes by itself ends by itself; the customer answers and nobody has to tell us so."""
    tell(central, alert_unreached=True)
    bounce(central, client)
    in_an_hour(central)
    (alert,) = alerts(central)
    client.open_session()
    send(central, client, (message(1, version="E02", contact=customer("right@example.com")), "b2"))
    central.wait()
    in_an_hour(central)
    (ended,) = alerts(central)
    assert (ended.state, ended.ended_by, ended.version) == ("done", None, alert.version + 1)
    with mail_server(central, Away(Refused("550"))):
        client.open_session()
        send(central, client, (message(1, version="E03", contact=customer("wrong@example.com")), "b3"))
        central.wait()


def test_a_company_that_does_not_answer_is_told_after_ten_days(central: Central, client: CollectorClient) -> None:
    """Twice the days of the reminder: when whoever is called would be called."""
    tell(central, alert_silent="companies")
    fleet = Contact(company="Flotte Nord inc.", email="fleet@example.com", language="fr")
    send(central, client, (message(1, contact=customer()), "a"), (message(2, contact=fleet), "b"))
    after_ageing(central)
    central.clock.pass_time(timedelta(days=9, hours=20).total_seconds())
    central.wait()
    assert alerts(central) == []
    central.clock.pass_time(timedelta(days=1).total_seconds())
    central.wait()
    (alert,) = alerts(central)
    assert (alert.kind, alert.customer, alert.reason) == ("silent", "Flotte Nord inc.", None)
    mail = next(parsed(path) for path in central.mails() if "fleet@example.com" in parsed(path)["To"])
    assert central.fill_in(link_of(mail), {"stars": 5, "recommend": 10}).status_code == 200
    central.wait()
    (ended,) = alerts(central)
    assert ended.state == "done" and ended.ended_by is None


def test_a_rule_is_read_when_the_time_has_come(central: Central, client: CollectorClient) -> None:
    tell(central, alert_silent="everybody")
    send(central, client, (message(1, contact=customer()), "a"))
    after_ageing(central)
    tell(central, alert_silent="nobody")
    central.clock.pass_time(timedelta(days=12).total_seconds())
    central.wait()
    assert alerts(central) == []


def test_five_calls_in_vain_are_told_to_the_manager(central: Central, client: CollectorClient) -> None:
    """6.9: the fifth attempt ends the calls, and a manager hears of it."""
    tell(central, alert_unreached=True, channels=["phone"])
    make_agents(central)
    send(central, client, (message(1, contact=customer(None, phones=["+15145550123"])), "a"))
    after_ageing(central)
    at_the_telephone(central)
    for _ in range(5):
        agent = sign_in(central, "staff@one.example")
        begin(agent)
        end(agent, "no_answer")
        central.clock.pass_time(timedelta(days=1).total_seconds())
        central.wait()
    in_an_hour(central)
    (alert,) = alerts(central)
    assert (alert.kind, alert.reason) == ("unreached", "not_reached")


def test_a_job_that_is_withdrawn_is_an_alert_no_more(central: Central, client: CollectorClient) -> None:
    tell(central, alert_silent="everybody")
    send(central, client, (message(1, contact=customer()), "a"))
    after_ageing(central)
    central.clock.pass_time(timedelta(days=11).total_seconds())
    central.wait()
    assert [one.state for one in alerts(central)] == ["new"]
    client.open_session()
    withdraw = WithdrawMessage(job_key="C:1")
    send(central, client, (withdraw, "w"))
    central.wait()
    assert [one.state for one in alerts(central)] == ["done"]


def test_it_is_taken_and_ended_like_any_other_and_stands_in_the_report(
    central: Central, client: CollectorClient
) -> None:
    tell(central, alert_unreached=True)
    bounce(central, client)
    in_an_hour(central)
    (alert,) = alerts(central)
    recovery = Recovery(cause="other", action="Appelé, adresse corrigée.", outcome="satisfied")
    change = AlertChange(key="k", version=alert.version, state="done", recovery=recovery)
    done = signed_in(central).call(endpoints.CHANGE_ALERT, change, alert_id=alert.id)
    assert (done.state, done.kind, done.ended_by) == ("done", "unreached", "Ada Min")
    in_an_hour(central)
    assert alerts(central)[0].version == done.version, "what a person has ended is not opened again"
    now: datetime = central.clock.now_utc()
    day = now.date()
    period = f"{day - timedelta(days=60)}..{day}"
    shown = tables(run(central, "R-12", now=now, period=period))
    assert any("Nothing reaches this customer" in str([plain(cell) for cell in row]) for row in shown[-1].rows)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_job_withdrawn_after_it_bounced_is_no_alert(central: Central, client: CollectorClient, when: str) -> None:
    """Nobody has to be reached: none opens after the withdrawal, and one that is open ends."""
    tell(central, alert_unreached=True)
    bounce(central, client)
    if when == "after":
        in_an_hour(central)
        assert [one.state for one in alerts(central)] == ["new"]
    client.open_session()
    send(central, client, (WithdrawMessage(job_key="C:1"), "w"))
    in_an_hour(central)
    in_an_hour(central)
    assert [one.state for one in alerts(central)] == ([] if when == "before" else ["done"])


def test_a_silent_customers_alert_ends_with_the_job_however_late(central: Central, client: CollectorClient) -> None:
    tell(central, alert_silent="everybody")
    send(central, client, (message(1, contact=customer()), "a"))
    after_ageing(central)
    for days in (11, 20):
        central.clock.pass_time(timedelta(days=days).total_seconds())
        central.wait()
    assert central.rows("SELECT state FROM sample") == [("expired",)] and [a.state for a in alerts(central)] == ["new"]
    client.open_session()
    send(central, client, (WithdrawMessage(job_key="C:1"), "w"))
    central.wait()
    assert [one.state for one in alerts(central)] == ["done"]


def test_who_gets_longer_to_answer_is_looked_at_later(central: Central, client: CollectorClient) -> None:
    tell(central, alert_silent="everybody")
    send(central, client, (message(1, contact=customer()), "a"))
    after_ageing(central)
    tell(central, reminder_days=8)
    central.clock.pass_time(timedelta(days=11).total_seconds())
    central.wait()
    assert alerts(central) == []
    central.clock.pass_time(timedelta(days=6).total_seconds())
    central.wait()
    assert [one.kind for one in alerts(central)] == ["silent"]


def test_who_was_to_be_called_and_is_mailed_next_is_no_alert(central: Central, client: CollectorClient) -> None:
    """The phone brought nothing in a month; the next way is tried within the hour."""
    tell(central, alert_unreached=True, channels=["phone", "email"])
    send(central, client, (message(1, contact=customer(phones=["+15145550123"])), "a"))
    after_ageing(central)
    central.clock.pass_time(timedelta(days=29, hours=12).total_seconds())
    central.wait()
    for _ in range(16):
        in_an_hour(central)
    assert central.rows("SELECT state FROM sample") == [("invited",)]
    assert central.rows("SELECT count(*) FROM alert") == [(0,)], "not one that was opened and ended"


def test_a_look_waits_for_who_changes_the_sample(central: Central, client: CollectorClient) -> None:
    """Judged as it is committed: an alert would stay open about a customer who is being asked."""
    tell(central, alert_unreached=True)
    bounce(central, client)
    ((sample,),) = central.rows("SELECT id FROM sample")
    looking = Thread(target=look, args=(central.parts, lambda *_: None, sample))
    with central.service.admin() as connection:
        connection.execute(text("UPDATE sample SET state = 'invited' WHERE id = :id"), {"id": sample})
        looking.start()
        looking.join(0.3)
        assert looking.is_alive(), "it waits"
    looking.join(10)
    assert not looking.is_alive() and alerts(central) == []


def test_the_file_says_of_whose_silence_an_alert_opens() -> None:
    def wrong(silent: str) -> str:
        programme = NewProgramme(name="P", kind="shop", alert_silent=silent)
        return check(SetupFile(organisation="One", shops=[], persons=[], programmes=[programme]))

    assert wrong("companies") == "" and "alert_silent is one of nobody, companies, everybody" in wrong("friends")
