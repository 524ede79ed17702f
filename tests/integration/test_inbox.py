"""Mail that comes back later, read from a real inbox (IMAP over TLS); what only looks like it changes nothing."""

import email
import email.policy
import re
import ssl
from collections.abc import Iterator

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from repaircenter.central.areas import KINDS
from repaircenter.central.core.secrets import Signer
from repaircenter.central.messages.area import sender_of
from repaircenter.central.messages.bounces import Bounce, read_bounce, return_address
from repaircenter.central.messages.inbox import LOOK_SECONDS, PATIENCE_SECONDS, Inbox
from repaircenter.uplink.collector import CollectorClient
from repaircenter.wire import endpoints
from repaircenter.wire.jobs import Contact, JobStateRequest
from tests.conftest import Central
from tests.fakes.certificates import self_signed
from tests.integration import dovecot
from tests.integration.dovecot import Mailbox, answer, report
from tests.integration.test_service import client, message, ripen, send

__all__ = ["client"]

KEYED = Signer("secret")
HERE = "surveys@shop.example"
with_dovecot = pytest.mark.skipif(not dovecot.IS_THERE, reason="no IMAP server (Dovecot) that root may start")


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    folder = tmp_path_factory.mktemp("imap")
    certificate, key, _ = self_signed(folder)
    with dovecot.serving(folder, certificate, key) as box:
        yield box


@pytest.fixture
def inbox(central: Central, mailbox: Mailbox) -> Iterator[Inbox]:
    """The service reads this inbox; it begins empty."""
    with mailbox.opened() as box:
        box.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
        box.expunge()
    object.__setattr__(central.parts, "reads_inbox", True)
    yield Inbox(central.parts, mailbox.server, sender_of(KINDS), mailbox.context)
    object.__setattr__(central.parts, "reads_inbox", False)


def returns_to(central: Central, number: int = -1) -> str:
    letter = email.message_from_bytes(central.mails()[number].read_bytes(), policy=email.policy.default)
    return str(letter["Return-Path"]).strip("<>")


def state_of(central: Central) -> list[tuple[object, ...]]:
    return central.rows("SELECT state, reason FROM sample ORDER BY id")


@with_dovecot
def test_a_bounce_that_comes_a_day_later_ends_the_survey(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox
) -> None:
    send(central, client, (message(1), "a"))
    ripen(central)
    central.clock.pass_time(86400)
    mailbox.deliver(report(returns_to(central)))
    assert inbox.step() == LOOK_SECONDS
    assert state_of(central) == [("unreachable", "bounced")]
    assert central.rows("SELECT state, reason FROM message") == [("bounced", "5.1.1")]
    assert central.rows("SELECT bounced_at FROM invitation") == [(central.clock.now_utc(),)]
    assert mailbox.flags() == [{"\\Seen"}] and inbox.look() == 0, "it is read once"
    ends = central.rows("SELECT kind, state FROM timer WHERE kind IN ('survey.remind', 'survey.expire') ORDER BY 1")
    assert ends == [("survey.expire", "cancelled"), ("survey.remind", "cancelled")]
    central.clock.pass_time(20 * 86400)
    central.wait()
    assert len(central.mails()) == 1, "nobody is reminded where nothing arrives"
    client.open_session()
    (state,) = client.call(endpoints.JOB_STATES, JobStateRequest(shop_id=central.shops["North"], job_keys=["C:1"])).jobs
    assert (state.state, state.reason) == ("unreachable", "bounced")


@with_dovecot
def test_a_dead_address_is_not_written_to_again_and_another_one_is(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox
) -> None:
    send(central, client, (message(1), "a"))
    ripen(central)
    mailbox.deliver(report(returns_to(central)))
    assert inbox.look() == 1
    client.open_session()
    same = Contact(first_name="A", email="C1@Example.com")
    send(central, client, (message(2, contact=same), "b"), (message(3), "c"))
    central.clock.pass_time(60 * 86400)
    central.wait()
    assert state_of(central)[1:] == [("unreachable", "bounced"), ("invited", None)]


@with_dovecot
def test_an_address_is_tried_again_after_half_a_year(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox
) -> None:
    send(central, client, (message(1), "a"))
    ripen(central)
    mailbox.deliver(report(returns_to(central)))
    inbox.look()
    central.clock.pass_time(170 * 86400)
    client.open_session()
    again = Contact(first_name="A", email="c1@example.com")
    send(central, client, (message(2, contact=again), "b"))
    central.clock.pass_time(20 * 86400)
    central.wait()
    assert state_of(central)[1] == ("invited", None)


@with_dovecot
def test_a_customer_whose_address_is_corrected_is_asked_there(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox
) -> None:
    """The office corrects the address on the desk; the same address again changes nothing."""
    send(central, client, (message(1), "a"))
    old = ripen(central)
    mailbox.deliver(report(returns_to(central), "5.2.2"))
    inbox.look()
    central.clock.pass_time(40 * 86400)  # beyond the throttle
    client.open_session()
    send(central, client, (message(1, order=2, total_cents=5), "b"))
    central.wait()
    assert state_of(central) == [("unreachable", "bounced")] and len(central.mails()) == 1
    corrected = Contact(first_name="Éloïse", email="right@example.com")
    send(central, client, (message(1, order=3, contact=corrected), "c"))
    central.wait()
    letter = email.message_from_bytes(central.mails()[-1].read_bytes(), policy=email.policy.default)
    assert letter["To"] == "right@example.com" and len(central.mails()) == 2
    link = re.search(r"http\S+/s/[\w-]+(?=\s)", central.mails()[-1].read_text())
    assert link is not None and link[0] != old
    assert requests.get(old, timeout=10).status_code == 404, "the old link went to nobody"
    assert central.rows("SELECT bounced_at, sent_at FROM invitation") == [(None, central.clock.now_utc())]
    mailbox.deliver(report(returns_to(central, 0)))
    assert inbox.look() == 1 and state_of(central) == [("invited", None)], "what came back before is known"
    assert central.fill_in(link[0], {"stars": 5}).status_code == 200


@with_dovecot
@pytest.mark.parametrize(("status", "dead"), [("5.2.2", 0), ("5.7.1", 0), ("5.1.8", 0), ("5.1.10", 1)])
def test_a_full_mailbox_ends_the_survey_and_not_the_address(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox, status: str, dead: int
) -> None:
    send(central, client, (message(1), "a"))
    ripen(central)
    mailbox.deliver(report(returns_to(central), status))
    inbox.look()
    assert state_of(central) == [("unreachable", "bounced")]
    assert central.rows("SELECT count(*) FROM dead_address") == [(dead,)]


@with_dovecot
def test_who_answered_all_the_same_has_answered(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox
) -> None:
    send(central, client, (message(1), "a"))
    link = ripen(central)
    assert central.fill_in(link, {"stars": 5}).status_code == 200
    mailbox.deliver(report(returns_to(central)))
    assert inbox.look() == 1
    assert state_of(central) == [("answered", None)]
    assert central.rows("SELECT bounced_at FROM invitation") == [(None,)], "figures count it as before"


@with_dovecot
def test_a_reminder_that_comes_back_ends_the_survey_too(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox
) -> None:
    send(central, client, (message(1), "a"))
    ripen(central)
    central.clock.pass_time(6 * 86400)
    central.wait()
    assert len(central.mails()) == 2
    addresses = {returns_to(central, 0), returns_to(central, 1)}
    assert len(addresses) == 2
    mailbox.deliver(report(returns_to(central)))
    assert inbox.look() == 1 and state_of(central) == [("unreachable", "bounced")]


@with_dovecot
def test_a_bounce_that_is_faster_than_we_are_is_read_again(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox
) -> None:
    """That the message was taken is not kept yet: the mail waits in the inbox for the next look."""
    send(central, client, (message(1), "a"))
    ripen(central)
    with central.service.admin() as connection:
        connection.exec_driver_sql("UPDATE message SET state = 'waiting'")
    mailbox.deliver(report(returns_to(central)))
    assert inbox.look() == 0 and mailbox.flags() == [set()] and state_of(central) == [("invited", None)]
    with central.service.admin() as connection:
        connection.exec_driver_sql("UPDATE message SET state = 'sent'")
    assert inbox.look() == 1 and state_of(central) == [("unreachable", "bounced")]


@with_dovecot
def test_what_is_no_bounce_is_left_for_a_person(
    central: Central, client: CollectorClient, mailbox: Mailbox, inbox: Inbox
) -> None:
    """An answer, a holiday, a delay, a forged report, rubbish."""
    send(central, client, (message(1), "a"))
    ripen(central)
    to = returns_to(central)
    forged = to.replace("+b", "+b9")
    for mail in (
        answer(to),
        answer(to, "I am away", Auto_Submitted="auto-replied"),
        report(to, "4.4.1", "delayed"),
        report(to, "4.2.2"),
        report(forged),
        report(to.partition("+")[0] + "@shop.example"),
        b"To: " + to.encode() + b"\nContent-Type: multipart/report; boundary=x\n\n--x\n\xff\xfe",
    ):
        mailbox.deliver(mail)
    assert inbox.look() == 0 and state_of(central) == [("invited", None)]
    assert mailbox.flags() == 7 * [{"\\Flagged"}], "unread still, and marked"
    assert inbox.look() == 0


@with_dovecot
def test_an_inbox_that_cannot_be_read_is_tried_later(central: Central, mailbox: Mailbox) -> None:
    sender = sender_of(KINDS)
    trusting_nobody = ssl.create_default_context()
    assert Inbox(central.parts, mailbox.server, sender, trusting_nobody).step() == PATIENCE_SECONDS
    wrong = type(mailbox.server)(mailbox.server.host, mailbox.server.port, "tls", "surveys", "wrong")
    assert Inbox(central.parts, wrong, sender, mailbox.context).step() == PATIENCE_SECONDS
    away = type(mailbox.server)("127.0.0.1", 1, "plain", "surveys", "x")
    assert Inbox(central.parts, away, sender).step() == PATIENCE_SECONDS


def test_without_a_reader_messages_come_back_to_their_sender(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"))
    ripen(central)
    assert b"Return-Path" not in central.mails()[0].read_bytes()


@pytest.mark.parametrize("status", ["5.1.1", "5.7.26"])
def test_a_report_tells_its_message_and_its_status(status: str) -> None:
    to = return_address(KEYED, HERE, 42)
    assert to.startswith("surveys+b42-") and to.endswith("@shop.example") and len(to.partition("@")[0]) <= 64
    assert read_bounce(KEYED, report(to, status)) == Bounce(42, status, status == "5.1.1")
    assert read_bounce(KEYED, report(to.upper(), status)) == Bounce(42, status, status == "5.1.1")
    assert read_bounce(Signer("other"), report(to, status)) is None


@given(st.binary(max_size=400), st.integers(0, 400))
def test_no_mail_breaks_the_reader(junk: bytes, at: int) -> None:
    whole = report(return_address(KEYED, HERE, 42))
    for mail in (junk, whole[:at] + junk, whole[:at] + junk + whole[at:]):
        found = read_bounce(KEYED, mail)
        assert found is None or found.message_id == 42


def test_a_return_address_fits_into_a_mail_server() -> None:
    """64 characters before the @ are the limit (RFC 5321)."""
    assert len(return_address(KEYED, HERE, 10**17).partition("@")[0]) <= 64
