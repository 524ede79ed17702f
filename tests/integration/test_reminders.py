"""One reminder, five days after the invitation (A-05), and one survey a person within thirty days (A-P4; requirements 6.4)."""

import email
import email.policy
import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from threading import Thread

import pytest
import requests
from sqlalchemy import text

from repaircenter.central.accounts.admin import NewProgramme
from repaircenter.central.accounts.setup_file import SetupFile, check
from repaircenter.central.surveys.tasks import invite
from repaircenter.uplink.collector import CollectorClient
from repaircenter.wire import endpoints
from repaircenter.wire.jobs import Contact, JobStateRequest, WithdrawMessage
from tests.conftest import Central
from tests.integration.test_service import client, message, ripen, send

__all__ = ["client"]

FIVE_DAYS = timedelta(days=5)


def letters(central: Central) -> list[EmailMessage]:
    read = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in central.mails()]
    return [letter for letter in read if isinstance(letter, EmailMessage)]


def words(letter: EmailMessage) -> str:
    return str(letter.get_content())


def set_programmes(central: Central, **columns: int) -> None:
    with central.service.admin() as connection:
        for name, value in columns.items():
            connection.execute(text(f"UPDATE programme SET {name} = :value"), {"value": value})


def sent_at(central: Central) -> datetime:
    ((at,),) = central.rows("SELECT sent_at FROM invitation")
    assert isinstance(at, datetime)
    return at


def test_who_has_not_answered_after_five_days_is_reminded_once(central: Central, client: CollectorClient) -> None:
    """The vectors of 6.4: 4 d 23:59 none, 5 d 00:00 one."""
    send(central, client, (message(1), "a"))
    link = ripen(central)
    left = sent_at(central)
    central.clock.jump_to(left + FIVE_DAYS - timedelta(minutes=1))
    central.wait()
    assert len(letters(central)) == 1
    central.clock.jump_to(left + FIVE_DAYS)
    central.wait()
    first, second = letters(central)
    assert "rappel" in second["Subject"].lower() and second["To"] == first["To"] == "c1@example.com"
    assert link in words(second) and f"{link}/stop" in words(second), "the same survey, and the way out"
    assert second["Message-ID"] != first["Message-ID"] and second["List-Unsubscribe"]
    central.clock.pass_time(10 * 86400)
    central.wait()
    assert len(letters(central)) == 2, "exactly one"
    assert central.fill_in(link, {"stars": 5}).status_code == 200, "it is answered as before"


def test_the_timeline_tells_of_the_reminder(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"))
    ripen(central)
    left = sent_at(central)
    central.clock.jump_to(left + FIVE_DAYS)
    central.wait()
    client.open_session()
    asked = client.call(endpoints.JOB_STATES, JobStateRequest(shop_id=central.shops["North"], job_keys=["C:1"]))
    (state,) = asked.jobs
    assert state.invited_at == left and state.reminded_at == left + FIVE_DAYS and state.state == "invited"


@pytest.mark.parametrize("ending", ["answered", "unsubscribed", "withdrawn", "do_not_contact", "opted out elsewhere"])
def test_whose_survey_has_ended_is_not_reminded(central: Central, client: CollectorClient, ending: str) -> None:
    """Also when it ends in the last minute."""
    send(central, client, (message(1), "a"))
    link = ripen(central)
    central.clock.jump_to(sent_at(central) + FIVE_DAYS - timedelta(seconds=30))
    if ending == "answered":
        assert central.fill_in(link, {"stars": 4}).status_code == 200
    elif ending == "unsubscribed":
        assert requests.post(f"{link}/stop", timeout=10).status_code == 200
    elif ending == "withdrawn":
        client.open_session()
        send(central, client, (WithdrawMessage(job_key="C:1"), "b"))
    else:
        with central.service.admin() as connection:
            connection.execute(
                text("UPDATE job SET do_not_contact = true")
                if ending == "do_not_contact"
                else text(
                    "INSERT INTO opt_out (org_id, address_mac, at) SELECT org_id, address_mac, now() FROM invitation"
                )
            )
    central.clock.pass_time(86400)
    central.wait()
    assert len(letters(central)) == 1
    assert central.rows("SELECT reminded_at FROM invitation") == [(None,)]


def test_an_answer_between_queueing_and_sending_stops_the_reminder(central: Central, client: CollectorClient) -> None:
    """Judged when it is sent, not when it was planned."""
    send(central, client, (message(1), "a"))
    ripen(central)
    central.clock.jump_to(sent_at(central) + FIVE_DAYS)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE invitation SET answered_at = sent_at"))
        connection.execute(text("UPDATE sample SET state = 'answered'"))
    central.wait()
    assert len(letters(central)) == 1


def test_a_bounced_invitation_is_not_reminded(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"))
    ripen(central)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE invitation SET bounced_at = sent_at"))
        connection.execute(text("UPDATE sample SET state = 'unreachable'"))
    central.clock.pass_time(6 * 86400)
    central.wait()
    assert len(letters(central)) == 1


@pytest.mark.parametrize(("days", "reminders"), [(0, 0), (3, 1)])
def test_the_programme_says_when_it_reminds(
    central: Central, client: CollectorClient, days: int, reminders: int
) -> None:
    set_programmes(central, reminder_days=days)
    send(central, client, (message(1), "a"))
    ripen(central)
    central.clock.jump_to(sent_at(central) + timedelta(days=3))
    central.wait()
    assert len(letters(central)) == 1 + reminders


def test_a_killed_worker_reminds_once_all_the_same(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"))
    ripen(central)
    central.clock.jump_to(sent_at(central) + FIVE_DAYS)
    central.wait()
    with central.service.admin() as connection:
        connection.execute(text("UPDATE timer SET state = 'waiting' WHERE kind = 'survey.remind'"))
    central.wait()
    assert len(letters(central)) == 2 and central.rows("SELECT count(*) FROM message") == [(2,)]


SAME = Contact(first_name="Ana", email="Same@Example.com")


def test_a_person_is_not_asked_twice_within_thirty_days(central: Central, client: CollectorClient) -> None:
    """Dropped, not put off, and the timeline says so (B-N8); a person is an address, however it is written."""
    send(central, client, (message(1, contact=SAME), "a"))
    ripen(central)
    client.open_session()
    later = Contact(first_name="Ana", email="same@example.com")
    send(central, client, (message(2, contact=later), "b"))
    central.clock.pass_time(20 * 86400)
    central.wait()
    assert central.rows("SELECT state, reason FROM sample ORDER BY id") == [("invited", None), ("refused", "throttled")]
    client.open_session()
    send(central, client, (message(2, contact=later, order=5, total_cents=5), "c"))
    central.clock.pass_time(40 * 86400)
    central.wait()
    assert ("refused", "throttled") in central.rows("SELECT state, reason FROM sample"), (
        "a newer export asks nobody anew"
    )
    client.open_session()
    send(central, client, (message(3, contact=later), "d"))
    central.clock.pass_time(20 * 86400)
    central.wait()
    assert central.rows("SELECT state FROM sample ORDER BY id DESC LIMIT 1") == [("invited",)]


def test_the_first_day_after_the_limit_one_may_be_asked_again(central: Central, client: CollectorClient) -> None:
    set_programmes(central, throttle_days=20)
    send(central, client, (message(1, contact=SAME), "a"))
    ripen(central)
    left = sent_at(central)
    client.open_session()
    send(central, client, (message(2, contact=SAME), "b"))
    with central.service.admin() as connection:
        connection.execute(text("UPDATE timer SET due_at = :at WHERE kind = 'survey.invite' AND state = 'waiting'"),
                           {"at": left + timedelta(days=20, seconds=1)})  # fmt: skip
    central.clock.jump_to(left + timedelta(days=20, seconds=1))
    central.wait()
    assert central.rows("SELECT state FROM sample ORDER BY id DESC LIMIT 1") == [("invited",)]


def test_a_programme_without_a_limit_asks_each_time(central: Central, client: CollectorClient) -> None:
    set_programmes(central, throttle_days=0)
    send(central, client, (message(1, contact=SAME), "a"), (message(2, contact=SAME), "b"))
    ripen(central)
    assert central.rows("SELECT DISTINCT state FROM sample") == [("invited",)]


def test_two_jobs_of_one_person_at_the_same_moment_ask_once(central: Central, client: CollectorClient) -> None:
    """Two workers at once: neither finds that nobody has asked yet, and both ask."""
    send(central, client, *((message(n, contact=SAME), f"k{n}") for n in range(1, 9)))
    central.service.queue.stop()
    with central.service.admin() as connection:
        connection.execute(text("UPDATE sample SET state = 'callable'"))
    samples = [row[0] for row in central.rows("SELECT id FROM sample ORDER BY id")]
    workers = [Thread(target=invite, args=(central.parts, lambda *_: None, sample)) for sample in samples]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    states = central.rows("SELECT state, reason, count(*) FROM sample GROUP BY 1, 2 ORDER BY 1")
    assert states == [("invited", None, 1), ("refused", "throttled", 7)]


def test_a_bounced_survey_was_not_asked(central: Central, client: CollectorClient) -> None:
    """Only what was sent counts: an invitation that could not be delivered does not keep the next one back."""
    send(central, client, (message(1, contact=SAME), "a"))
    ripen(central)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE invitation SET sent_at = NULL, bounced_at = created_at"))
        connection.execute(text("UPDATE sample SET state = 'unreachable'"))
    client.open_session()
    send(central, client, (message(2, contact=SAME), "b"))
    central.clock.pass_time(20 * 86400)
    central.wait()
    assert central.rows("SELECT state FROM sample ORDER BY id DESC LIMIT 1") == [("invited",)]


@pytest.mark.parametrize(("name", "value"), [("reminder_days", 21), ("reminder_days", -1), ("throttle_days", 366)])
def test_days_that_make_no_sense_are_refused(name: str, value: int) -> None:
    programme = NewProgramme(name="P", **{name: value})  # type: ignore[arg-type]
    said = check(SetupFile(organisation="O", shops=[], persons=[], programmes=[programme]))
    assert re.match(rf"programme P: {name} is 0 to \d+", said)


def test_nobody_is_written_to_at_night(central: Central, client: CollectorClient) -> None:
    """What falls due at night leaves at eight in the morning of the shop, and is judged then."""
    send(central, client, (message(1), "a"), (message(2), "b"))
    ripen(central)
    with central.service.admin() as connection:
        night = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)  # 22:00 in Toronto
        connection.execute(text("UPDATE timer SET due_at = :at WHERE kind = 'survey.remind'"), {"at": night})
    central.clock.jump_to(night)
    central.wait()
    assert len(letters(central)) == 2, "only the invitations"
    assert central.rows("SELECT DISTINCT attempts FROM message WHERE kind = 'survey.reminder'") == [(0,)]
    with central.service.admin() as connection:
        connection.execute(text("UPDATE sample SET state = 'answered' WHERE id = (SELECT min(id) FROM sample)"))
    central.clock.jump_to(datetime(2026, 11, 27, 12, 59, tzinfo=UTC))
    central.wait()
    assert len(letters(central)) == 2
    central.clock.jump_to(datetime(2026, 11, 27, 13, 0, tzinfo=UTC))
    central.wait()
    assert len(letters(central)) == 3, "whoever answered meanwhile is left alone"
