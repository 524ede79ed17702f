"""A low answer opens an alert; people act on it; the morning's mail says so (A-06, A-20, A-P1, A-P3; requirements 6.3)."""

import re
import time as time_
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from repaircenter.central.accounts.admin import NewProgramme, NewShop
from repaircenter.central.accounts.setup_file import SetupFile, apply, check
from repaircenter.central.alerts import queries, web
from repaircenter.central.alerts.opening import judge
from repaircenter.central.calendars.queries import calendar_of
from repaircenter.central.db.connections import NOTHING, WORKER
from repaircenter.central.messages.transport import Later
from repaircenter.central.surveys import answer_queries
from repaircenter.runtime.days import zone_of
from repaircenter.shop.ports import NotSignedIn, ServiceRefused
from repaircenter.shop.service.report_run import run_to_end
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import endpoints
from repaircenter.wire.alerts import Alert, AlertChange, AlertChoice, AlertChoices, AlertList, Recovery
from repaircenter.wire.document.cells import Day, Linked
from repaircenter.wire.document.nodes import Paragraph, Table
from repaircenter.wire.employees import EmployeeDecision
from repaircenter.wire.feed import ChangesRequest
from repaircenter.wire.jobs import EraseMessage, WithdrawMessage
from repaircenter.wire.reports import RunRequest
from tests.conftest import PASSWORD, Central
from tests.fakes.passwords import CHEAP
from tests.fakes.secrets import MemorySecrets
from tests.integration.test_service import client, message, ripen, send

__all__ = ["client"]


@pytest.fixture(autouse=True)
def _licensed(central: Central) -> None:
    central.license("alerts")


LOW = {"stars": "2", "quality": "4", "courtesy": "10", "comment": "La peinture\nne va pas."}
RECOVERY = Recovery(cause="repair", action="Repeint la portière.", outcome="satisfied")


def person(central: Central, who: str = "admin@one.example") -> PersonClient:
    signed_in = PersonClient(Http(central.address), MemorySecrets())
    signed_in.sign_in(who, PASSWORD)
    return signed_in


def listed(central: Central, who: str = "admin@one.example") -> AlertList:
    return person(central, who).call(endpoints.ALERT_LIST)


def answered(central: Central, client: CollectorClient, values: dict[str, str] = LOW, number: int = 1) -> None:
    """A job is sent, its customer asked, and answers."""
    client.open_session()
    send(central, client, (message(number), f"k{number}"))
    link = ripen(central)
    assert central.fill_in(link, values, values.get("comment", "")).status_code == 200
    central.wait()


def letters(central: Central, to: str = "admin@one.example") -> list[str]:
    """The mails about alerts to one of the shop's people: subject and text."""
    told = [f"{letter['Subject']}\n{letter.get_content()}" for letter in central.letters(to)]
    return [letter for letter in told if "insatisfait" in letter]


def local(central: Central) -> datetime:
    return central.clock.now_utc().astimezone(zone_of("America/Toronto"))


def to_the_next_morning(central: Central) -> None:
    """To the last second before the next 07:00 of the shop, and then to it."""
    now = local(central)
    morning = now.replace(hour=7, minute=0, second=0, microsecond=0)
    morning += timedelta(days=1) if morning <= now else timedelta()
    central.clock.jump_to(morning.astimezone(UTC) - timedelta(seconds=1))
    central.wait()
    assert not letters(central), "not before seven"
    central.clock.jump_to(morning.astimezone(UTC))
    central.wait()


def test_a_low_answer_opens_an_alert_with_what_was_said(central: Central, client: CollectorClient) -> None:
    answered(central, client)
    told = listed(central)
    (alert,) = told.alerts
    assert (alert.state, alert.ro_number, alert.customer) == ("new", "26-1", "Éloïse Gagné-Côté1")
    assert alert.vehicle is not None and "Mazda" in alert.vehicle and alert.programme == "Assurances Exemple"
    assert [(one.value, one.maximum, one.low) for one in alert.answers] == [
        (2, 5, True),
        (4, 10, True),
        (10, 10, False),
    ]
    assert alert.answers[1].label == "Qualité de la réparation" and alert.comment == "La peinture\nne va pas."
    assert alert.owner is None and alert.recovery is None and told.may_end
    due = alert.due_at.astimezone(zone_of("America/Toronto"))
    assert (due.isoformat(), alert.opened_at.isoweekday()) == ("2026-11-23T16:00:00-05:00", 7), "answered on a Sunday"


def test_what_was_chosen_is_told_beside_what_was_low(central: Central, client: CollectorClient) -> None:
    """A no is not a low answer; what went wrong is said in words, on the desk and in the mail."""
    answered(central, client, {"stars": "3", "problem": "delay", "on_time": "0"})
    (alert,) = listed(central).alerts
    assert [(one.text, one.low) for one in alert.answers] == [(None, True), ("Les délais", False), ("Non", False)]
    central.clock.pass_time(86400)
    central.wait()
    assert any("Qu’est-ce qui n’a pas bien été? Les délais" in letter for letter in letters(central))


@pytest.mark.parametrize(
    ("values", "alerts"),
    [
        ({"stars": "4", "quality": "7"}, 1),
        ({"stars": "4", "quality": "8"}, 0),
        ({"stars": "3"}, 1),
        ({"stars": "4"}, 0),
        ({"stars": "5", "recommend": "0"}, 1),
    ],
)
def test_seven_of_ten_and_three_stars_are_low(
    central: Central, client: CollectorClient, values: dict[str, str], alerts: int
) -> None:
    """A missing answer is not low (MODULES 2)."""
    answered(central, client, values)
    assert len(listed(central).alerts) == alerts


@pytest.mark.parametrize(("at_most", "alerts"), [(None, 0), (3, 0), (4, 1)])
def test_the_programme_says_what_is_low(
    central: Central, client: CollectorClient, at_most: int | None, alerts: int
) -> None:
    with central.service.admin() as connection:
        connection.execute(text("UPDATE programme SET alert_at_most = :most"), {"most": at_most})
    answered(central, client, {"stars": "5", "quality": "4"})
    assert len(listed(central).alerts) == alerts


def test_an_alert_is_due_by_the_shops_open_hours(central: Central, client: CollectorClient) -> None:
    with central.service.admin() as connection:
        connection.execute(
            text("UPDATE node SET opening = '{\"mon\": [\"08:00-12:00\"], \"wed\": [\"08:00-12:00\"]}', closed = "
                 "ARRAY(SELECT d::date FROM generate_series('2026-01-01'::date, '2027-12-01', '1 day') d "
                 "WHERE extract(isodow FROM d) = 1)")
        )  # fmt: skip
    answered(central, client)
    (alert,) = listed(central).alerts
    due = alert.due_at.astimezone(zone_of("America/Toronto"))
    assert (due.isoweekday(), due.hour, due.minute) == (3, 12, 0), "eight hours are two Wednesday mornings"
    assert timedelta(days=7) < alert.due_at - alert.opened_at <= timedelta(days=14)


def test_a_shop_that_never_opens_has_a_due_time_all_the_same(central: Central, client: CollectorClient) -> None:
    with central.service.admin() as connection:
        connection.execute(text("UPDATE node SET opening = '{}' WHERE shop_id IS NOT NULL"))
    answered(central, client)
    (alert,) = listed(central).alerts
    assert timedelta(hours=7) < alert.due_at - alert.opened_at <= timedelta(hours=8)


def test_a_judged_answer_is_judged_again_without_effect(central: Central, client: CollectorClient) -> None:
    """A killed worker's task is repeated."""
    answered(central, client)
    ((answer_id,),) = central.rows("SELECT id FROM answer")
    assert isinstance(answer_id, int)
    judge(central.parts, lambda *_: None, answer_id)
    assert len(listed(central).alerts) == 1


def test_the_mail_leaves_at_seven_of_the_shops_morning_once(central: Central, client: CollectorClient) -> None:
    answered(central, client)
    to_the_next_morning(central)
    (letter,) = letters(central)
    assert "un client insatisfait" in letter and "North" in letter.splitlines()[0]
    assert "26-1 - Éloïse Gagné-Côté1" in letter and "4 / 10 - Qualité de la réparation" in letter
    assert "> La peinture" in letter and "> ne va pas." in letter
    assert "Courtoisie" not in letter, "what was good is not in it"
    central.clock.pass_time(3 * 86400)
    central.wait()
    assert len(letters(central)) == 1
    assert central.letters("admin@one.example")[0]["List-Unsubscribe"] is None and "2026" in letter


def test_several_alerts_make_one_mail_a_person(central: Central, client: CollectorClient) -> None:
    answered(central, client)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE timer SET state = 'cancelled' WHERE kind = 'alert.morning'"))
    answered(central, client, number=2)
    to_the_next_morning(central)
    (letter,) = letters(central)
    assert "2 clients insatisfaits" in letter and "26-1 - " in letter and "26-2 - " in letter


def test_who_chose_otherwise_gets_no_mail_and_others_only_of_their_own(
    central: Central, client: CollectorClient
) -> None:
    """A-P3: none, mine, all; somebody without the right to end alerts never gets all of them."""
    answered(central, client)
    admin, staff = person(central), person(central, "staff@one.example")
    north = central.shops["North"]
    assert admin.call(endpoints.ALERT_CHOICES).offered == ["all", "mine", "none"]
    held = staff.call(endpoints.ALERT_CHOICES)
    assert held.offered == ["mine", "none"] and {one.choice for one in held.choices} == {"mine"}
    with pytest.raises(NotSignedIn, match="may not"):
        staff.call(endpoints.CHOOSE_ALERTS, AlertChoices(choices=[AlertChoice(shop_id=north, choice="all")]))
    kept = admin.call(endpoints.CHOOSE_ALERTS, AlertChoices(choices=[AlertChoice(shop_id=north, choice="none")]))
    assert {one.shop_id: one.choice for one in kept.choices} == {north: "none", central.shops["South"]: "all"}
    (alert,) = listed(central).alerts
    stan = next(one.id for one in listed(central).colleagues if one.name == "Stan Dard")
    admin.call(endpoints.CHANGE_ALERT, AlertChange(key="a", version=1, owner_id=stan), alert_id=alert.id)
    to_the_next_morning(central)
    assert not letters(central) and len(letters(central, "staff@one.example")) == 1


def test_what_was_done_before_the_morning_is_not_mailed(central: Central, client: CollectorClient) -> None:
    answered(central, client)
    (alert,) = listed(central).alerts
    done = AlertChange(key="d", version=1, state="done", recovery=RECOVERY)
    person(central).call(endpoints.CHANGE_ALERT, done, alert_id=alert.id)
    to_the_next_morning(central)
    assert not letters(central) and central.rows("SELECT count(*) FROM alert_mail") == [(0,)]


def test_what_is_done_while_the_mail_server_is_away_is_not_mailed(central: Central, client: CollectorClient) -> None:
    """Judged when it leaves."""
    answered(central, client)

    class Away:
        def send(self, letter: object, name: str, returns_to: str | None = None) -> None:
            raise Later("421")

    transport = central.parts.mail
    object.__setattr__(central.parts, "mail", Away())
    to_the_next_morning(central)
    (alert,) = listed(central).alerts
    done = AlertChange(key="d", version=1, state="done", recovery=RECOVERY)
    person(central).call(endpoints.CHANGE_ALERT, done, alert_id=alert.id)
    object.__setattr__(central.parts, "mail", transport)
    central.clock.pass_time(3600)
    central.wait()
    assert not letters(central)
    assert central.rows("SELECT state, reason FROM message WHERE kind = 'alert.letter'") == [
        ("dropped", "nothing_open")
    ]


def test_who_is_given_an_alert_is_told_in_the_next_morning_and_nobody_else_again(
    central: Central, client: CollectorClient
) -> None:
    """Staff get mail about their own only, and an alert has no owner yet in its first morning."""
    answered(central, client)
    to_the_next_morning(central)
    assert len(letters(central)) == 1 and not letters(central, "staff@one.example")
    stan = next(one.id for one in listed(central).colleagues if one.name == "Stan Dard")
    take(central, "1", 1, owner_id=stan)
    central.clock.pass_time(86400)
    central.wait()
    assert len(letters(central, "staff@one.example")) == 1 and len(letters(central)) == 1
    take(central, "2", 2, owner_id=0)
    take(central, "3", 3, owner_id=stan)
    central.clock.pass_time(86400)
    central.wait()
    assert len(letters(central, "staff@one.example")) == 1, "told once"


def test_who_worked_on_the_job_is_told_as_of_their_own(central: Central, client: CollectorClient) -> None:
    """A-P3: an estimator with an account, whatever spelling stands in the job; nobody else of the staff."""
    answered(central, client)
    admin, staff = person(central), person(central, "staff@one.example")
    north = central.shops["North"]
    with central.service.admin() as connection:
        connection.execute(text("""UPDATE invitation SET people = '{"estimator": [["S. DARD", 1.0]]}'"""))
    assert [alert.is_own for alert in listed(central, "staff@one.example").alerts] == [False]
    stan = next(one.id for one in listed(central).colleagues if one.name == "Stan Dard")
    asked = EmployeeDecision(key="k", shop_id=north, name="S. DARD", known_as="S. DARD", person_id=stan)
    admin.call(endpoints.DECIDE_EMPLOYEE, asked)
    assert [alert.is_own for alert in staff.call(endpoints.ALERT_LIST).alerts] == [True]
    assert [alert.is_own for alert in listed(central).alerts] == [False]
    to_the_next_morning(central)
    assert len(letters(central, "staff@one.example")) == 1 and len(letters(central)) == 1
    central.clock.pass_time(86400)
    central.wait()
    assert len(letters(central, "staff@one.example")) == 1, "told once"


def test_an_account_that_is_taken_away_before_the_mail_leaves_gets_none(
    central: Central, client: CollectorClient
) -> None:
    """Judged when it leaves."""
    answered(central, client)
    north, admin = central.shops["North"], person(central)
    with central.service.admin() as connection:
        connection.execute(text("""UPDATE invitation SET people = '{"estimator": [["S. DARD", 1.0]]}'"""))
    stan = next(one.id for one in listed(central).colleagues if one.name == "Stan Dard")

    def give(account: int) -> None:
        asked = EmployeeDecision(key="k", shop_id=north, name="S. DARD", known_as="S. DARD", person_id=account)
        admin.call(endpoints.DECIDE_EMPLOYEE, asked)

    class Away:
        def send(self, letter: object, name: str, returns_to: str | None = None) -> None:
            raise Later("421")

    give(stan)
    transport = central.parts.mail
    object.__setattr__(central.parts, "mail", Away())
    to_the_next_morning(central)
    give(0)
    object.__setattr__(central.parts, "mail", transport)
    central.clock.pass_time(3600)
    central.wait()
    assert len(letters(central)) == 1 and not letters(central, "staff@one.example")


@pytest.mark.parametrize("ended", ["surveys = false", "licence_until = '2026-11-23'"])
def test_without_the_licence_no_letter_leaves(central: Central, client: CollectorClient, ended: str) -> None:
    answered(central, client)
    with central.service.admin() as connection:
        connection.execute(text(f"UPDATE organisation SET {ended}"))
    to_the_next_morning(central)
    assert not letters(central)


def test_somebody_who_left_gets_no_mail(central: Central, client: CollectorClient) -> None:
    answered(central, client)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE person SET active = false"))
    to_the_next_morning(central)
    assert not letters(central)


def test_mail_to_the_shop_is_not_stopped_by_what_a_customer_objected_to(
    central: Central, client: CollectorClient
) -> None:
    """A customer with the address of the manager wants no survey; the manager gets alerts all the same."""
    answered(central, client)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE job SET email = 'admin@one.example', do_not_contact = true"))
    to_the_next_morning(central)
    assert len(letters(central)) == 1


def take(central: Central, key: str, version: int, who: str = "admin@one.example", **fields: Any) -> Alert:
    (alert,) = listed(central, who).alerts
    change = AlertChange(key=key, version=version, **fields)
    return person(central, who).call(endpoints.CHANGE_ALERT, change, alert_id=alert.id)


def test_an_alert_goes_its_way_to_its_end_and_back(central: Central, client: CollectorClient) -> None:
    answered(central, client)
    seen = take(central, "1", 1, state="seen")
    assert (seen.state, seen.version) == ("seen", 1), "who has it on screen may go on"
    taken = take(central, "2", 1, state="in_hand")
    assert (taken.state, taken.owner, taken.version) == ("in_hand", "Ada Min", 2)
    assert take(central, "x", 1, state="seen").state == "in_hand", "opened late, it stays taken"
    central.clock.pass_time(60)
    done = take(central, "3", 2, state="done", recovery=RECOVERY)
    assert (done.state, done.recovery, done.ended_by) == ("done", RECOVERY, "Ada Min")
    assert done.ended_at is not None and done.ended_at > done.opened_at
    opened = take(central, "4", 3, state="in_hand")
    assert (opened.state, opened.ended_at, opened.owner) == ("in_hand", None, "Ada Min")
    assert opened.recovery == RECOVERY, "what was written stays"


def test_an_alert_ends_with_what_was_done_where_the_programme_demands_it(
    central: Central, client: CollectorClient
) -> None:
    """A-P1."""
    answered(central, client)
    for recovery in (None, Recovery(cause="repair", action="  ", outcome="satisfied"),
                     Recovery(cause="weather", action="x", outcome="satisfied")):  # fmt: skip
        with pytest.raises(ServiceRefused) as refused:
            take(central, "1", 1, state="done", recovery=recovery)
        assert refused.value.code == "recovery_missing"
    with central.service.admin() as connection:
        connection.execute(text("UPDATE programme SET recovery_demanded = false"))
    ended = take(central, "2", 1, state="done")
    assert (ended.state, ended.owner) == ("done", "Ada Min"), "who ends what nobody had taken has done it"


def test_only_who_may_ends_an_alert(central: Central, client: CollectorClient) -> None:
    answered(central, client)
    staff = "staff@one.example"
    assert not listed(central, staff).may_end
    with pytest.raises(NotSignedIn, match="may not"):
        take(central, "1", 1, staff, state="done", recovery=RECOVERY)
    written = take(central, "2", 1, staff, state="in_hand", recovery=RECOVERY)
    assert written.owner == "Stan Dard" and written.recovery == RECOVERY, "what was done may be written by all"
    take(central, "3", 2, state="done", recovery=RECOVERY)
    with pytest.raises(NotSignedIn, match="may not"):
        take(central, "4", 3, staff, state="in_hand")


def test_the_same_change_is_made_once_and_another_needs_the_present_version(
    central: Central, client: CollectorClient
) -> None:
    answered(central, client)
    first = take(central, "1", 1, state="in_hand")
    assert take(central, "1", 1, state="in_hand") == first, "an answer that got lost is asked for again"
    with pytest.raises(ServiceRefused) as refused:
        take(central, "2", 1, "staff@one.example", state="in_hand")
    assert refused.value.code == "changed_meanwhile"


def test_two_who_take_an_alert_at_once_are_not_both_told_that_they_have_it(
    central: Central, client: CollectorClient
) -> None:
    answered(central, client)
    (alert,) = listed(central).alerts
    people = [person(central), person(central, "staff@one.example")]
    start, told = Barrier(2), []

    def go(number: int) -> None:
        start.wait()
        try:
            change = AlertChange(key=str(number), version=1, state="in_hand")
            told.append(people[number].call(endpoints.CHANGE_ALERT, change, alert_id=alert.id).owner)
        except ServiceRefused as refused:
            told.append(refused.code)

    threads = [Thread(target=go, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, told))[-1] == "changed_meanwhile" and len(set(told)) == 2


def test_an_alert_is_given_to_somebody_of_its_shop(central: Central, client: CollectorClient) -> None:
    answered(central, client)
    people = {one.name: one.id for one in listed(central).colleagues}
    assert set(people) == {"Ada Min", "Stan Dard"}
    assert take(central, "1", 1, owner_id=people["Stan Dard"]).owner == "Stan Dard"
    assert take(central, "2", 2, owner_id=0).owner is None
    with pytest.raises(ServiceRefused) as refused:
        take(central, "3", 3, owner_id=99999)
    assert refused.value.code == "colleague_gone"


def test_nobody_of_another_organisation_sees_or_changes_an_alert(central: Central, client: CollectorClient) -> None:
    answered(central, client)
    (alert,) = listed(central).alerts
    stranger = person(central, "admin@two.example")
    told = stranger.call(endpoints.ALERT_LIST)
    assert not told.alerts and {one.name for one in told.colleagues} == {"Ada Min", "Stan Dard"}
    assert {shop for one in told.colleagues for shop in one.shops} == {central.shops["Other"]}
    with pytest.raises(ServiceRefused) as refused:
        stranger.call(endpoints.CHANGE_ALERT, AlertChange(key="x", version=1, state="seen"), alert_id=alert.id)
    assert refused.value.code == "not_there"
    north = AlertChoices(choices=[AlertChoice(shop_id=central.shops["North"], choice="none")])
    with pytest.raises(NotSignedIn, match="may not"):
        stranger.call(endpoints.CHOOSE_ALERTS, north)


def test_the_web_role_opens_no_alert_and_changes_nothing_it_is_about(central: Central, client: CollectorClient) -> None:
    answered(central, client)
    for statement in (
        "INSERT INTO alert (org_id, shop_id, answer_id, job_id, programme_id, low, opened_at, due_at, state) "
        "SELECT org_id, shop_id, answer_id, job_id, programme_id, low, opened_at, due_at, state FROM alert",
        "UPDATE alert SET low = '{}'",
        "UPDATE alert SET due_at = now()",
        "DELETE FROM alert",
        "SELECT * FROM alert_mail",
        "SELECT password_hash FROM person",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), central.parts.web.scoped(NOTHING) as c:
            c.execute(text(statement))
    with central.parts.web.scoped(NOTHING) as connection:
        assert connection.execute(text("SELECT count(*) FROM alert")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM rc_people_of_shops()")).scalar_one() == 0


def test_an_organisation_without_the_module_has_no_alerts_and_loses_none(
    central: Central, client: CollectorClient
) -> None:
    answered(central, client)
    central.license()
    with pytest.raises(NotSignedIn) as refused:
        listed(central)
    assert refused.value.code == "not_licensed"
    with pytest.raises(NotSignedIn, match="licen"):
        person(central).call(endpoints.ALERT_CHOICES)
    assert person(central).sign_in("admin@one.example", PASSWORD).modules == []
    answered(central, client, number=2)
    to_the_next_morning(central)
    assert not letters(central)
    central.license("alerts")
    assert [alert.ro_number for alert in listed(central).alerts] == ["26-1"]


def test_an_erased_customer_ends_the_alert_and_leaves_no_word(central: Central, client: CollectorClient) -> None:
    answered(central, client)
    take(central, "1", 1, state="in_hand", recovery=RECOVERY)
    client.open_session()
    send(central, client, (EraseMessage(job_key="C:1"), "e"))
    (alert,) = listed(central).alerts
    assert (alert.state, alert.customer, alert.comment, alert.vehicle) == ("erased", None, None, None)
    assert alert.recovery is not None and alert.recovery.action == ""
    assert alert.ended_at is not None
    with pytest.raises(ServiceRefused) as refused:
        take(central, "2", alert.version, state="done", recovery=RECOVERY)
    assert refused.value.code == "not_possible"


def test_a_withdrawn_job_keeps_its_alert_without_the_customers_name(central: Central, client: CollectorClient) -> None:
    answered(central, client)
    take(central, "1", 1, state="in_hand", recovery=RECOVERY)
    client.open_session()
    send(central, client, (WithdrawMessage(job_key="C:1"), "w"))
    (alert,) = listed(central).alerts
    assert (alert.state, alert.customer, alert.ro_number) == ("in_hand", None, None)
    assert alert.recovery is not None and alert.recovery.action == "", "who was called is not kept either"


def test_a_desk_that_waits_is_told_of_an_alert(central: Central, client: CollectorClient) -> None:
    client.open_session()
    begun = client.call(endpoints.CHANGES, ChangesRequest())
    answered(central, client)
    client.open_session()
    told = client.call(endpoints.CHANGES, ChangesRequest(after=begun.next))
    assert "alert" in {change.kind for change in told.changes}


def test_an_alert_that_ended_long_ago_is_not_listed(central: Central, client: CollectorClient) -> None:
    answered(central, client)
    take(central, "1", 1, state="done", recovery=RECOVERY)
    central.clock.pass_time(89 * 86400)
    assert len(listed(central).alerts) == 1
    central.clock.pass_time(2 * 86400)
    assert not listed(central).alerts


def test_the_set_up_file_says_hours_rule_and_modules(central: Central) -> None:
    """What is not named stays as it was."""
    with central.service.admin() as connection:
        shop = NewShop(
            name="North", zone="America/Toronto", opening={"sat": ["09:00-12:00"]}, closed=[date(2026, 12, 26)]
        )
        programme = NewProgramme(name="Assurances Exemple", alert_at_most=None, alert_hours=4, recovery_demanded=False)
        wanted = SetupFile(organisation="One", shops=[shop], persons=[], programmes=[programme], modules=[])
        assert check(wanted) == ""
        apply(connection, wanted, CHEAP)
        calendar = calendar_of(connection, central.shops["North"])
    assert calendar.week == ((),) * 5 + (((time(9), time(12)),), ()) and calendar.closed == {date(2026, 12, 26)}
    assert central.rows("SELECT alert_at_most, alert_hours, recovery_demanded FROM programme") == [(None, 4, False)]
    assert central.rows("SELECT name, modules FROM organisation ORDER BY name") == [("One", []), ("Two", ["alerts"])]
    with central.service.admin() as connection:
        plain = NewShop(name="North", zone="America/Toronto")
        apply(connection, SetupFile(organisation="One", shops=[plain], persons=[], programmes=[]), CHEAP)
        assert calendar_of(connection, central.shops["North"]) == calendar
        assert calendar_of(connection, central.shops["South"]).week[0] == ((time(8), time(17)),)
    assert central.rows("SELECT modules FROM organisation WHERE name = 'One'") == [([],)]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"modules": ["fax"]}, "fax is no module"),
        (
            {"shops": [NewShop(name="N", zone="America/Toronto", opening={"mon": ["9-5"]})]},
            "shop N: mon: 9-5 is no time",
        ),
        ({"programmes": [NewProgramme(name="P", channels=["fax"])]}, "programme P: channels are email, sms, phone"),
        ({"programmes": [NewProgramme(name="P", channels=["sms", "sms"])]}, "programme P: channels are email, sms, phone"),
        ({"programmes": [NewProgramme(name="P", alert_at_most=11)]}, "programme P: alert_at_most is 0 to 10"),
        ({"programmes": [NewProgramme(name="P", alert_hours=0)]}, "programme P: alert_hours is 1 to 400"),
    ],
)
def test_a_set_up_file_with_wrong_alerts_is_refused(wrong: dict[str, Any], why: str) -> None:
    plain: dict[str, Any] = {"organisation": "One", "shops": [], "persons": [], "programmes": []}
    assert check(SetupFile(**{**plain, **wrong})).startswith(why)


def test_the_survey_in_full_tells_of_the_alert_and_its_recovery(central: Central, client: CollectorClient) -> None:
    """R-02."""
    answered(central, client)
    take(central, "1", 1, state="done", recovery=RECOVERY)
    signed_in = person(central)
    request = RunRequest(report="R-02", parameters={"job": "C:1"}, shops=[central.shops["North"]], language="fr")
    parts = run_to_end(signed_in, request, time_.sleep)
    told = "\n".join(node.text for part in parts for node in part.nodes if isinstance(node, Paragraph))
    assert "Alerte\u00a0: Réglée · Reçue\u00a0: 2026-11-22 · Responsable\u00a0: Ada Min" in told
    assert "La réparation elle-même · Le client est maintenant satisfait · Repeint la portière." in told
    stranger = person(central, "admin@two.example")
    nothing = run_to_end(stranger, RunRequest(report="R-02", parameters={}, shops=[], language="fr"), time_.sleep)
    assert "Alerte" not in str(nothing)


def test_the_alert_of_an_erased_customer_is_not_opened_again(central: Central, client: CollectorClient) -> None:
    answered(central, client)
    take(central, "1", 1, state="done", recovery=RECOVERY)
    client.open_session()
    send(central, client, (EraseMessage(job_key="C:1"), "e"))
    (alert,) = listed(central).alerts
    assert (alert.state, alert.recovery and alert.recovery.action) == ("done", "")
    with pytest.raises(ServiceRefused) as refused:
        take(central, "2", alert.version, state="in_hand", recovery=RECOVERY)
    assert refused.value.code == "not_possible"


def test_the_most_urgent_of_many_alerts_are_listed(
    central: Central, client: CollectorClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "MOST_SHOWN", 1)
    answered(central, client)
    answered(central, client, number=2)
    told = listed(central)
    assert [alert.ro_number for alert in told.alerts] == ["26-1"] and told.more
    first = told.alerts[0].id
    monkeypatch.setattr(web, "MOST_SHOWN", 500)
    second = next(alert.id for alert in listed(central).alerts if alert.id != first)
    for alert_id in (first, second):
        central.clock.pass_time(60)
        done = AlertChange(key=f"d{alert_id}", version=1, state="done", recovery=RECOVERY)
        person(central).call(endpoints.CHANGE_ALERT, done, alert_id=alert_id)
    assert [alert.id for alert in listed(central).alerts] == [second, first], "what ended last, first"


def test_what_was_answered_is_looked_up_by_its_whole_key(central: Central, client: CollectorClient) -> None:
    """Part of the key would go through the answers of all organisations, once for each alert."""
    answered(central, client)
    with central.parts.worker.scoped(WORKER) as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        given = answer_queries._select_given("answer_value", "value").replace(":answers", "'{1}'")
        for query in (given, f"SELECT {queries._VALUES} FROM answer a"):
            plan = "\n".join(row[0] for row in connection.execute(text(f"EXPLAIN {query}")))
            (condition,) = re.findall(r"on answer_value v.*\n +Index Cond: (.*)", plan)
            assert all(key in condition for key in ("org_id", "shop_id", "answer_id")), plan


def test_a_customers_page_writes_of_its_own_answer_alone(central: Central, client: CollectorClient) -> None:
    """The scope of one survey's link publishes no event of another, and sets no timer but the one that judges its answer."""
    answered(central, client)
    answered(central, client, number=2)
    rows: list[Any] = central.rows(
        "SELECT i.id, a.id, s.job_id, a.org_id, a.shop_id FROM answer a JOIN invitation i ON i.id = a.invitation_id "
        "JOIN sample s ON s.id = i.sample_id ORDER BY a.id"
    )
    (mine, my_answer, my_job, org, shop), (_, other_answer, other_job, *_) = rows
    event = "INSERT INTO event (org_id, shop_id, job_id, at, kind) VALUES (:org, :shop, :job, now(), :kind)"
    timer = (
        "INSERT INTO timer (org_id, shop_id, kind, subject_id, occurrence, due_at, planned_at) "
        "VALUES (:org, :shop, :kind, :answer, :occurrence, now(), now())"
    )
    right = {"org": org, "shop": shop, "job": my_job, "answer": my_answer, "occurrence": 0}
    for statement, kind, wrong in (
        (event, "survey.answered", {"job": other_job}),
        (event, "job.erased", {}),
        (timer, "alert.judge", {"answer": other_answer}),
        (timer, "alert.judge", {"occurrence": 1}),
        (timer, "alert.judge", {"org": org + 1}),
        (timer, "survey.invite", {}),
        (timer, "message.send", {}),
    ):
        refused = pytest.raises(ProgrammingError, match="row-level security")
        with refused, central.parts.web.scoped(central.page_scope(mine)) as connection:
            connection.execute(text(statement), {**right, "kind": kind, **wrong})
    with central.parts.web.scoped(central.page_scope(mine)) as connection:
        connection.execute(text(event), {**right, "kind": "survey.answered"})


def cells(central: Central, report: str, **parameters: str) -> list[Table]:
    request = RunRequest(report=report, parameters=parameters, shops=[], language="en")
    parts = run_to_end(person(central), request, time_.sleep)
    return [node for part in parts for node in part.nodes if isinstance(node, Table)]


def plain(cell: Any) -> Any:
    value = cell.value if isinstance(cell, Linked) else cell
    return value.value if isinstance(value, Day) else value


def test_alerts_and_what_was_done_are_a_report(central: Central, client: CollectorClient) -> None:
    """R-12, against the rows themselves: the open one first, how old it is, what came of the other."""
    answered(central, client)
    take(central, "1", 1, state="done", recovery=RECOVERY)
    answered(central, client, {"stars": "3", "quality": "10", "courtesy": "7"}, number=2)
    central.clock.pass_time(3 * 86400 + 3600)
    summary, listed_ = cells(central, "R-12", period="2026-11-01..2026-12-31")
    assert [[plain(cell) for cell in row] for row in summary.rows] == [["New", 1], ["Done", 1], ["Total", 2]]
    titles = [column.title for column in listed_.columns]
    first, second = ({title: plain(cell) for title, cell in zip(titles, row, strict=True)} for row in listed_.rows)
    ((opened, due),) = central.rows("SELECT opened_at, due_at FROM alert WHERE ended_at IS NULL")
    assert isinstance(opened, datetime) and isinstance(due, datetime)
    zone = zone_of("America/Toronto")
    assert (first["RO"], first["State"], first["Days"]) == ("26-2", "New", 3)
    assert first["Low marks"].startswith("3/5 Overall experience")
    assert first["Low marks"].endswith(", 7/10 Courtesy of the staff") and "10/10" not in first["Low marks"]
    assert (first["Due"], first["Ended"]) == (due.astimezone(zone).date(), None)
    assert (second["RO"], second["Assigned to"], second["Outcome"]) == (
        "26-1",
        "Ada Min",
        "The customer is satisfied now",
    )
    assert (second["What was wrong"], second["What was done"]) == ("The repair itself", "Repeint la portière.")
    assert second["Days"] == 0 and second["Ended"] is not None
    assert [column.title for column in listed_.columns if column.on_page] == [
        "Came in", "Shop", "RO", "Customer", "Low marks", "State", "Assigned to", "Days", "What was wrong", "Outcome"]  # fmt: skip


def test_a_period_without_low_answers_says_so(central: Central, client: CollectorClient) -> None:
    answered(central, client, {"stars": "5"})
    request = RunRequest(report="R-12", parameters={"period": "2026-11-01..2026-12-31"}, shops=[], language="fr")
    (part,) = run_to_end(person(central), request, time_.sleep)
    assert "Aucune réponse de cette période" in str(part.nodes) and part.last
    stranger = run_to_end(person(central, "admin@two.example"), request, time_.sleep)
    assert "Gagné" not in str(stranger) and "C:1" not in str(stranger)
