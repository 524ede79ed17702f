"""What customers write back is read from a real inbox and stands as an alert; what nobody would see stays there."""

import email
import email.policy
from typing import Any

import pytest
from sqlalchemy import text

from repaircenter.central.alerts.opening import tell
from repaircenter.central.messages.inbox import Inbox
from repaircenter.central.messages.replies import Reply
from repaircenter.central.surveys.invitation import MOST_REPLIES
from repaircenter.uplink.collector import CollectorClient
from repaircenter.wire import endpoints
from repaircenter.wire.alerts import Alert, AlertChange, Recovery
from repaircenter.wire.jobs import EraseMessage, WithdrawMessage
from tests.conftest import Central
from tests.integration.dovecot import Mailbox, answer
from tests.integration.test_alerts import listed, person, to_the_next_morning
from tests.integration.test_inbox import inbox, mailbox, returns_to, with_dovecot
from tests.integration.test_service import client, message, ripen, send

__all__ = ["client", "inbox", "mailbox"]

WORDS = "Le pare-chocs vibre encore.\n\nLe ven. 27 nov. 2026, North <surveys@shop.example> a écrit :\n> Comment…"


def asked(central: Central, client: CollectorClient, number: int = 1) -> str:
    """A customer who was asked by mail; where they write back to."""
    central.license("alerts")
    client.open_session()
    send(central, client, (message(number), f"k{number}"))
    ripen(central)
    sent = email.message_from_bytes(central.mails()[-1].read_bytes(), policy=email.policy.default)
    assert str(sent["Reply-To"]).endswith(f"<{returns_to(central)}>")
    return returns_to(central)


def read(central: Central, inbox: Inbox, read: int = 1) -> None:
    assert inbox.look() == read
    central.wait()


def replies(central: Central) -> list[Alert]:
    return [alert for alert in listed(central).alerts if alert.kind == "reply"]


def a_day_later(central: Central) -> None:
    central.clock.pass_time(86400)
    central.wait()


def change(central: Central, alert: Alert, **what: Any) -> None:
    asked = AlertChange(key=f"{alert.version}{what}", version=alert.version, **what)
    person(central).call(endpoints.CHANGE_ALERT, asked, alert_id=alert.id)


@with_dovecot
def test_what_a_customer_writes_back_is_an_alert(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox
) -> None:
    to = asked(central, client)
    mailbox.deliver(answer(to, WORDS))
    read(central, inbox)
    (alert,) = replies(central)
    assert (alert.state, alert.comment, alert.answers) == ("new", "Le pare-chocs vibre encore.", [])
    assert alert.ro_number == "26-1" and alert.customer and alert.due_at > alert.opened_at
    assert mailbox.flags() == [{"\\Seen"}] and inbox.look() == 0
    assert central.rows("SELECT kind FROM event WHERE kind = 'survey.replied'") == [("survey.replied",)]
    to_the_next_morning(central)
    letter = central.letters("admin@one.example")[-1]
    assert "un client à appeler" in letter["Subject"] and "Le client vous a écrit" in letter.get_content()


@with_dovecot
def test_a_mail_that_is_read_twice_is_one_and_another_one_is_added(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox
) -> None:
    """A kill between keeping and marking; somebody who saw the alert sees that there is more."""
    to = asked(central, client)
    mailbox.deliver(answer(to, "Un"))
    mailbox.deliver(answer(to, "Un"))
    read(central, inbox, 2)
    (alert,) = replies(central)
    assert alert.comment == "Un" and alert.version == 1
    change(central, alert, state="seen")
    mailbox.deliver(answer(to, "Deux"))
    read(central, inbox)
    (more,) = replies(central)
    assert (more.comment, more.state, more.version) == ("Un\n\nDeux", "new", 2)
    tell(central.parts, lambda *_: None, 1)
    assert len(replies(central)) == 1, "a killed worker's task is repeated"


@with_dovecot
def test_who_writes_again_after_it_was_done_is_an_alert_again(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox
) -> None:
    to = asked(central, client)
    mailbox.deliver(answer(to, "Un"))
    read(central, inbox)
    done = Recovery(cause="repair", action="Rappelé", outcome="satisfied")
    change(central, replies(central)[0], state="done", recovery=done)
    tell(central.parts, lambda *_: None, 1)
    assert replies(central)[0].state == "done", "a killed worker's task is repeated"
    central.clock.pass_time(60)
    mailbox.deliver(answer(to, "Encore"))
    read(central, inbox)
    (alert,) = replies(central)
    assert (alert.state, alert.ended_at, alert.recovery) == ("new", None, None)


@with_dovecot
def test_what_came_while_somebody_ended_the_alert_opens_it_again(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox
) -> None:
    """Kept, and not told yet: whoever ends it has not read it."""
    to = asked(central, client)
    mailbox.deliver(answer(to, "Un"))
    read(central, inbox)
    (alert,) = replies(central)
    mailbox.deliver(answer(to, "Deux"))
    central.service.queue.stop()
    assert inbox.look() == 1
    change(central, alert, state="done", recovery=Recovery(cause="repair", action="Rappelé", outcome="satisfied"))
    tell(central.parts, lambda *_: None, 2)
    assert (replies(central)[0].state, replies(central)[0].comment) == ("new", "Un\n\nDeux")
    version = replies(central)[0].version
    tell(central.parts, lambda *_: None, 2)
    assert replies(central)[0].version == version, "a killed worker's task is repeated"


@with_dovecot
def test_more_words_are_mailed_again(central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox) -> None:
    to = asked(central, client)
    for number in (1, 2):
        mailbox.deliver(answer(to, f"Mot {number}"))
        read(central, inbox)
        a_day_later(central)
        told = [letter for letter in central.letters("admin@one.example") if "à appeler" in str(letter["Subject"])]
        assert len(told) == number


@with_dovecot
def test_a_mail_that_cannot_be_kept_stops_no_other(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = asked(central, client)
    mailbox.deliver(answer(to, "Hi +2AA- there").replace(b"utf-8", b"utf-7"))
    mailbox.deliver(answer(to, "Deux"))
    read(central, inbox, 2)
    assert replies(central)[0].comment == "Hi ? there\n\nDeux"
    kept = Inbox._keep

    def breaks(self: Inbox, reply: Reply) -> bool:
        return kept(self, Reply(reply.message_id, "\ud800", reply.digest) if reply.words == "Trois" else reply)

    monkeypatch.setattr(Inbox, "_keep", breaks)
    mailbox.deliver(answer(to, "Trois"))
    mailbox.deliver(answer(to, "Quatre"))
    read(central, inbox, 1)
    assert mailbox.flags()[2:] == [{"\\Flagged"}, {"\\Seen"}]


@with_dovecot
def test_who_writes_without_end_is_read_in_the_inbox(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox
) -> None:
    to = asked(central, client)
    for number in range(MOST_REPLIES + 2):
        mailbox.deliver(answer(to, f"Mot {number}"))
    read(central, inbox, MOST_REPLIES)
    assert replies(central)[0].comment is not None and f"Mot {MOST_REPLIES - 1}" in str(replies(central)[0].comment)
    mailbox.deliver(answer(to, "Mot 0"))
    assert inbox.look() == 1, "one that is known is read all the same"


@with_dovecot
def test_who_wrote_back_soon_is_never_told_as_silent(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox
) -> None:
    with central.service.admin() as connection:
        connection.execute(text("UPDATE programme SET alert_silent = 'everybody'"))
    to = asked(central, client)
    central.clock.pass_time(2 * 86400)
    mailbox.deliver(answer(to, "Me voilà"))
    read(central, inbox)
    central.clock.pass_time(10 * 86400)
    central.wait()
    assert [alert.kind for alert in listed(central).alerts] == ["reply"]


@with_dovecot
def test_whoever_wrote_is_not_silent(central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox) -> None:
    with central.service.admin() as connection:
        connection.execute(text("UPDATE programme SET alert_silent = 'everybody'"))
    to = asked(central, client)
    central.clock.pass_time(11 * 86400)
    central.wait()
    assert [alert.kind for alert in listed(central).alerts if alert.ended_at is None] == ["silent"]
    mailbox.deliver(answer(to, "Me voilà"))
    read(central, inbox)
    assert [alert.kind for alert in listed(central).alerts if alert.ended_at is None] == ["reply"]
    client.open_session()
    send(central, client, (WithdrawMessage(job_key="C:1"), "w"))
    central.wait()
    assert [alert.kind for alert in listed(central).alerts if alert.ended_at is None] == [], "their words are gone"
    mailbox.deliver(answer(to, "Encore"))
    read(central, inbox, 0)


@with_dovecot
def test_what_nobody_would_see_stays_in_the_inbox(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox
) -> None:
    """Without alerts on the desk, from an erased customer, from a program."""
    to = asked(central, client)
    central.license()
    mailbox.deliver(answer(to, "Bonjour"))
    read(central, inbox, 0)
    central.license("alerts")
    mailbox.deliver(answer(to, "Absente", Auto_Submitted="auto-replied"))
    read(central, inbox, 0)
    mailbox.deliver(answer(to, "Mes mots"))
    read(central, inbox)
    client.open_session()
    send(central, client, (EraseMessage(job_key="C:1"), "e"))
    assert central.rows("SELECT words FROM reply") == [("",)]
    assert replies(central)[0].ended_at is not None and not replies(central)[0].comment
    mailbox.deliver(answer(to, "Plus rien"))
    read(central, inbox, 0)
    assert mailbox.flags() == [{"\\Flagged"}, {"\\Flagged"}, {"\\Seen"}, {"\\Flagged"}]


@with_dovecot
def test_another_shops_people_read_none_of_it(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox
) -> None:
    to = asked(central, client)
    mailbox.deliver(answer(to, "Un"))
    read(central, inbox)
    for shops, seen in (([central.shops["North"]], 1), ([central.shops["South"]], 0), ([central.shops["Other"]], 0)):
        with central.parts.web.scoped(central.scope(shops)) as connection:
            assert connection.execute(text("SELECT count(*) FROM reply")).scalar_one() == seen
    with central.parts.web.scoped(central.programme_scope([1], 1)) as connection:
        assert connection.execute(text("SELECT count(*) FROM reply")).scalar_one() == 0
