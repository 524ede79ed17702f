"""Messages to customers: consent and address judged when they leave, ends that are told, a real mail server (issue 13.6-9)."""

import email
import email.policy
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from sqlalchemy import text

from repaircenter.central.db.connections import WORKER
from repaircenter.central.messages import rules
from repaircenter.central.messages.queueing import TIMER
from repaircenter.central.messages.transport import PLAIN, STARTTLS, TLS, Later, MailServer, Refused, SmtpTransport
from repaircenter.central.surveys import answer_queries
from repaircenter.central.surveys.answers import Answers
from repaircenter.uplink.collector import CollectorClient
from repaircenter.wire import endpoints
from repaircenter.wire.jobs import Contact, EraseMessage, JobStateRequest, WithdrawMessage
from tests.conftest import Central
from tests.fakes.certificates import self_signed
from tests.integration.test_service import client, message, send

__all__ = ["client"]


class Away:
    """A mail server that says the same to every message, and counts."""

    def __init__(self, error: Exception) -> None:
        self.error, self.tries = error, 0

    def send(self, _message: EmailMessage, _name: str, _returns_to: str | None = None) -> None:
        self.tries += 1
        raise self.error


@contextmanager
def mail_server(central: Central, transport: object) -> Iterator[None]:
    real = central.parts.mail
    object.__setattr__(central.parts, "mail", transport)
    try:
        yield
    finally:
        object.__setattr__(central.parts, "mail", real)


def person(first: str, address: str | None, **more: Any) -> Contact:
    return Contact(first_name=first, email=address, **more)


def after_ageing(central: Central) -> None:
    central.clock.pass_time(20 * 86400)
    central.wait()


def later(central: Central, client: CollectorClient) -> None:
    """Let the next attempt come."""
    central.clock.pass_time(2 * 3600)
    central.wait()
    client.open_session()


def mailed_to(central: Central) -> list[str]:
    return sorted(str(parsed(path)["To"]) for path in central.mails())


def parsed(path: object) -> EmailMessage:
    found = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)  # type: ignore[attr-defined]
    assert isinstance(found, EmailMessage)
    return found


def link_of(mail: EmailMessage) -> str:
    found = re.search(r"http\S+/s/[\w-]+(?=\s)", mail.get_content())
    assert found is not None
    return found[0]


def states(central: Central) -> list[tuple[object, ...]]:
    return central.rows("SELECT s.state, s.reason FROM sample s JOIN job j ON j.id = s.job_id ORDER BY j.job_key")


def test_do_not_contact_and_a_new_address_hold_for_a_mail_that_waits(central: Central, client: CollectorClient) -> None:
    """Cases 16 and 18: judged when the message leaves, and a stop is a stop of the address that was asked."""
    with mail_server(central, Away(Later("away"))):
        one, two = person("A", "old@example.com"), person("B", "dnc@example.com")
        send(central, client, (message(1, contact=one), "a"), (message(2, contact=two), "b"))
        after_ageing(central)
        client.open_session()
        one, two = person("A", "new@example.com"), person("B", "dnc@example.com", do_not_contact=True)
        send(central, client, (message(1, order=2, contact=one), "c"), (message(2, order=2, contact=two), "d"))
    later(central, client)
    assert mailed_to(central) == ["new@example.com"]
    assert states(central) == [("invited", None), ("refused", "do_not_contact")]
    assert requests.post(link_of(parsed(central.mails()[0])) + "/stop", timeout=5).status_code == 200
    send(central, client, (message(3, contact=person("A", "NEW@Example.com")), "e"))
    send(central, client, (message(4, contact=person("A", "old@example.com")), "f"))
    after_ageing(central)
    assert states(central)[2:] == [("refused", "opted_out"), ("invited", None)]


def test_a_stop_holds_for_every_mail_that_waits(central: Central, client: CollectorClient) -> None:
    """Case 17, and across the organisation for a job of another shop. The programme asks a person each time."""
    with central.service.admin() as connection:
        connection.execute(text("UPDATE programme SET throttle_days = 0"))
    same = person("A", "same@example.com")
    send(central, client, (message(1, contact=same), "a"))
    after_ageing(central)
    link = link_of(parsed(central.mails()[0]))
    client.open_session()
    with mail_server(central, Away(Later("away"))):
        send(central, client, (message(2, contact=person("A", '"Same" <Same@Example.com>')), "b"))
        after_ageing(central)
        assert requests.post(link + "/stop", timeout=5).status_code == 200
    later(central, client)
    assert len(central.mails()) == 1 and states(central)[1] == ("refused", "opted_out")


def test_do_not_contact_of_one_job_holds_for_the_others(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1, contact=person("A", "a@example.com", do_not_contact=True)), "a"))
    send(central, client, (message(2, contact=person("A", "A@example.com")), "b"))
    after_ageing(central)
    assert central.mails() == [] and states(central) == [("refused", "do_not_contact")] * 2


def test_a_callable_sample_does_not_age_again(central: Central, client: CollectorClient) -> None:
    """A new message about a job whose customer is just being asked changes nothing about when that is."""
    send(central, client, (message(1), "a"))
    with central.service.admin() as connection:
        connection.exec_driver_sql("UPDATE sample SET state = 'callable'")
    send(central, client, (message(1, order=2, ro_number="27-1"), "b"))
    assert central.rows("SELECT state FROM sample") != [("ageing",)]


@pytest.mark.parametrize(
    "address",
    ["noemail@", "N/A", "a@b.example\r\nBcc: x@y.example", '"', "0000000000", "ana@example.orgá", "none@none.com"],
)
def test_what_is_no_address_is_never_invited(central: Central, client: CollectorClient, address: str) -> None:
    send(central, client, (message(1, contact=person("A", address)), "a"))
    after_ageing(central)
    assert states(central) == [("unreachable", "no_address")] and central.mails() == []
    assert central.rows("SELECT count(*) FROM invitation") == [(0,)]


@pytest.mark.parametrize("address", ["<a@x.example>", '"S" <a@x.example>', "a@x.example, b@x.example"])
def test_spellings_of_one_address_are_that_address(central: Central, client: CollectorClient, address: str) -> None:
    send(central, client, (message(1, contact=person("A", address)), "a"))
    assert central.rows("SELECT email FROM job") == [("a@x.example",)]


def test_phones_compare_equal_in_any_punctuation(central: Central, client: CollectorClient) -> None:
    spellings = ["514-555-0101", "+1 (514) 555.0101", "1 514 555 0101", "5145550101", "0000000000", "N/A"]
    contact = Contact(first_name="A", phones=[*spellings, "514-555-0101 ext 22"])
    send(central, client, (message(1, contact=contact), "a"))
    assert central.rows("SELECT phones FROM job") == [(["+15145550101", "+15145550101;ext=22"],)]


def test_a_refused_address_ends_at_once_and_is_told(central: Central, client: CollectorClient) -> None:
    """Case 19: bounced, not in the base of the rate, never tried again."""
    server = Away(Refused("550"))
    with mail_server(central, server):
        send(central, client, (message(1), "a"))
        after_ageing(central)
        for _ in range(3):
            later(central, client)
    assert server.tries == 1 and states(central) == [("unreachable", "bounced")]
    assert central.rows("SELECT state, reason FROM message") == [("failed", "550")]
    assert central.rows("SELECT sent_at, bounced_at IS NOT NULL FROM invitation") == [(None, True)]
    (told,) = client.call(endpoints.JOB_STATES, JobStateRequest(shop_id=central.shops["North"], job_keys=["C:1"])).jobs
    assert (told.state, told.reason) == ("unreachable", "bounced")


def test_attempts_end(central: Central, client: CollectorClient) -> None:
    server = Away(Later("451"))
    with mail_server(central, server):
        send(central, client, (message(1), "a"))
        after_ageing(central)
        for _ in range(20):
            central.clock.pass_time(25 * 3600)
            central.wait()
    assert server.tries == rules.MOST_ATTEMPTS == 8
    assert states(central) == [("unreachable", "mail_failed")]
    assert rules.pause_after(rules.MOST_ATTEMPTS) is None


class Dying(Away):
    """Takes the first message, and whoever sent it dies before it could say so."""

    def send(self, message: EmailMessage, name: str, returns_to: str | None = None) -> None:
        self.tries += 1
        if self.tries == 1:
            raise RuntimeError("the worker died")


def test_what_a_killed_worker_began_is_sent_again_after_its_lease(central: Central, client: CollectorClient) -> None:
    """Its task is given back as soon as nothing is heard of it; who only seemed dead may still be at it (DESIGN 3.16)."""
    server, service = Dying(Later("unused")), central.service
    with mail_server(central, server):
        send(central, client, (message(1), "a"))
        after_ageing(central)
        ((message_id, attempts),) = central.rows("SELECT id, attempts FROM message")
        for minutes in (0, 14):
            central.clock.pass_time(60 * minutes)
            with central.parts.worker.scoped(WORKER) as connection:
                service.queue._enqueue(connection, TIMER, int(str(message_id)))
            central.wait()
        assert (attempts, server.tries) == (1, 1) and central.rows("SELECT state FROM message") == [("waiting",)]
        central.clock.pass_time(60)
        central.wait()
    assert server.tries == 2 and central.rows("SELECT state FROM message") == [("sent",)]


def test_a_survey_nobody_answers_expires(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"))
    after_ageing(central)
    link = link_of(parsed(central.mails()[0]))
    central.clock.pass_time(29 * 86400)
    central.wait()
    assert states(central) == [("invited", None)] and requests.get(link, timeout=5).status_code == 200
    central.clock.pass_time(86400)
    central.wait()
    assert states(central) == [("expired", None)] and requests.get(link, timeout=5).status_code == 410
    assert requests.post(link, data={"stars": 5, "quality": 9}, timeout=5).status_code == 410


def test_the_greeting_the_links_and_the_sender(central: Central, client: CollectorClient) -> None:
    """Cases 20 and 22; the unsubscribe link stays in one piece for a long host name."""
    object.__setattr__(central.parts, "public_address", "https://surveys.a-very-long-name.example")
    for number, contact in enumerate((Contact(company="ACME", email="f@example.com"), person("Zoé", "z@example.com"))):
        send(central, client, (message(number, contact=contact), f"k{number}"))
    after_ageing(central)
    # Invitations are made side by side: which is first is nobody's business.
    by_address = {str(mail["To"]): mail for mail in map(parsed, central.mails())}
    plain, named = by_address["f@example.com"], by_address["z@example.com"]
    assert plain.get_content().startswith("Bonjour,\n") and named.get_content().startswith("Bonjour Zoé,\n")
    link = link_of(plain)
    assert plain["List-Unsubscribe"] == f"<{link}/stop>" and len(link) > 70
    for path in central.mails():
        assert b"=?utf-8" not in path.read_bytes().split(b"\n\n", 1)[0].split(b"List-Unsubscribe")[1]
    assert plain["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert plain["From"].addresses[0].display_name == "North" and plain["Auto-Submitted"] == "auto-generated"


def test_pages_answer_link_checkers_and_count_as_browsers_do(central: Central, client: CollectorClient) -> None:
    """Cases 21 and 23."""
    send(central, client, (message(1), "a"))
    after_ageing(central)
    link = link_of(parsed(central.mails()[0]))
    assert requests.head(link, timeout=5).status_code == 200
    assert requests.head(link + "/stop", timeout=5).status_code == 200
    comment = "a\r\n" * 2000
    form = {"stars": "5", "quality": "9", "recommend": "9"}
    assert central.rows("SELECT i.opened_at, i.started_at, p.times FROM invitation i, survey_probe p") == [(None, None, 2)]
    assert central.fill_in(link, form, "a\r\n" * 2001).status_code == 422
    assert central.fill_in(link, form, comment + "\x0b").status_code == 200
    assert central.rows("SELECT comment FROM answer") == [(comment.replace("\r\n", "\n").strip(),)]


@pytest.mark.parametrize(
    "body", [EraseMessage(job_key="C:1"), WithdrawMessage(job_key="C:1")], ids=["erase", "withdraw"]
)
def test_an_answer_on_its_way_leaves_no_words_behind(
    central: Central, client: CollectorClient, body: EraseMessage | WithdrawMessage
) -> None:
    """The page was open while the job was withdrawn or erased: the answer looks again before it is kept."""
    send(central, client, (message(1), "a"), (message(2), "b"))
    after_ageing(central)
    client.open_session()
    links = [link_of(parsed(path)) for path in central.mails()]
    form = {"stars": "5", "quality": "9", "recommend": "9"}
    assert central.fill_in(links[1], form, "call Zoé").status_code == 200
    second = type(body)(job_key="C:2")
    send(central, client, (body, "c"), (second, "d"))
    page = {"page": "visit", **form, "comment": "call Zoé"}
    assert requests.post(links[0], data=page, timeout=5).status_code == 410
    assert central.rows("SELECT comment FROM answer") == [(None,)]
    assert central.rows("SELECT DISTINCT ro_number, email, first_name FROM job") == [(None, None, None)]


def test_a_page_that_was_read_before_the_erasure_records_nothing(central: Central, client: CollectorClient) -> None:
    """Between reading the survey and keeping the answer the job is erased: the sample is looked at again, locked."""
    send(central, client, (message(1), "a"))
    after_ageing(central)
    client.open_session()
    number = central.rows("SELECT id FROM invitation")[0][0]
    assert isinstance(number, int)
    scope = central.page_scope(number)
    with central.parts.web.scoped(scope) as connection:
        found = answer_queries.survey(connection, number, scope)
    assert found is not None and found.open
    send(central, client, (EraseMessage(job_key="C:1"), "b"))
    with central.parts.web.scoped(scope) as connection:
        answers = Answers(values={"stars": 5}, comment="call Zoé")
        assert not answer_queries.add_answer(connection, found, answers, central.clock.now_utc())
        assert not answer_queries.keep_partial(connection, found, answers, central.clock.now_utc())
    assert central.rows("SELECT count(*) FROM answer") == [(0,)]


def test_nobody_stops_the_mail_of_a_stranger(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"))
    after_ageing(central)
    (number,) = central.rows("SELECT id FROM invitation")[0]
    with central.parts.web.scoped(central.scope([central.shops["Other"]], 1)) as connection:
        connection.exec_driver_sql(f"SELECT rc_opt_out({number}, now())")
    assert central.rows("SELECT count(*) FROM opt_out") == [(0,)]


# A real mail server.


class Handler:
    def __init__(self, rcpt: str = "250 ok", data: str = "250 ok") -> None:
        self.rcpt, self.data = rcpt, data
        self.taken: list[bytes] = []

    async def handle_RCPT(
        self, _server: object, _session: object, envelope: Envelope, address: str, _options: object
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        return self.data


class BusySmtp(SMTP):
    """Takes the message, then answers QUIT with 421."""

    async def smtp_QUIT(self, arg: str) -> None:
        await self.push("421 too busy to say goodbye")
        self.transport.close()


class RudeSmtp(SMTP):
    """Takes the message, then hangs up at QUIT without a word."""

    async def smtp_QUIT(self, arg: str) -> None:
        self.transport.close()


class BusyController(Controller):
    def factory(self) -> SMTP:
        return BusySmtp(self.handler)


class RudeController(Controller):
    def factory(self) -> SMTP:
        return RudeSmtp(self.handler)


@contextmanager
def serving(handler: Handler, kind: type[Controller] = Controller, **options: object) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    controller = kind(handler, hostname="127.0.0.1", port=port, **options)  # type: ignore[arg-type]
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def letter() -> EmailMessage:
    found = EmailMessage(policy=email.policy.SMTP.clone(max_line_length=998))
    found["From"], found["To"], found["Subject"] = "shop@example.com", "c@example.com", "How was it?"
    found.set_content("Hello")
    return found


@pytest.mark.parametrize("kind", [BusyController, RudeController])
def test_a_message_that_was_taken_is_never_sent_twice(
    central: Central, client: CollectorClient, kind: type[Controller]
) -> None:
    """What happens at QUIT comes after the message was taken: sent, once."""
    handler = Handler()
    with serving(handler, kind) as port, mail_server(central, SmtpTransport(MailServer("127.0.0.1", port, PLAIN))):
        send(central, client, (message(1), "a"))
        after_ageing(central)
        for _ in range(3):
            later(central, client)
    assert len(handler.taken) == 1 and central.rows("SELECT state FROM message") == [("sent",)]


class Greylist(Handler):
    """Takes mail of a sender it does not know to a customer five minutes after it was first asked to, as many servers do."""

    def __init__(self, central: Central) -> None:
        super().__init__()
        self.clock, self.asked = central.clock, dict[tuple[str, str], datetime]()

    async def handle_RCPT(
        self, _server: object, _session: object, envelope: Envelope, address: str, _options: object
    ) -> str:
        pair = str(envelope.mail_from), address
        first = self.asked.setdefault(pair, self.clock.now_utc())
        if self.clock.now_utc() - first < timedelta(minutes=5):
            return "451 4.7.1 Greylisted, please try again in 5 minutes"
        envelope.rcpt_tos.append(address)
        return "250 ok"


@pytest.mark.parametrize("reads_inbox", [False, True], ids=["plain sender", "sender of its own"])
def test_a_server_that_greylists_takes_the_same_message_later(
    central: Central, client: CollectorClient, reads_inbox: bool
) -> None:
    """Each attempt has the same sender, also where every message has an address of its own for what comes back."""
    before = central.parts.reads_inbox
    object.__setattr__(central.parts, "reads_inbox", reads_inbox)
    handler = Greylist(central)
    try:
        with serving(handler) as port, mail_server(central, SmtpTransport(MailServer("127.0.0.1", port, PLAIN))):
            send(central, client, (message(1), "a"))
            after_ageing(central)
            assert handler.taken == [] and central.rows("SELECT state FROM message") == [("waiting",)]
            for _ in range(8):
                central.clock.pass_time(60)
                central.wait()
    finally:
        object.__setattr__(central.parts, "reads_inbox", before)
    assert len(handler.taken) == 1 and len(handler.asked) == 1, "one sender, one customer, one message"
    assert central.rows("SELECT state FROM message") == [("sent",)]


@pytest.mark.parametrize(
    ("rcpt", "data", "error"),
    [
        ("550 no such user", "250 ok", Refused),
        ("451 later", "250 ok", Later),
        ("250 ok", "554 spam", Refused),
        ("250 ok", "452 full", Later),
    ],
)
def test_what_a_mail_server_says_is_told_apart(rcpt: str, data: str, error: type[Exception]) -> None:
    with (
        serving(Handler(rcpt, data)) as port,
        pytest.raises(error, match=(rcpt if error and "250" not in rcpt else data)[:3]),
    ):
        SmtpTransport(MailServer("127.0.0.1", port, PLAIN)).send(letter(), "1")


def test_nobody_there_is_later() -> None:
    with pytest.raises(Later):
        SmtpTransport(MailServer("127.0.0.1", 1, PLAIN)).send(letter(), "1")


def test_a_server_without_encryption_is_sent_nothing() -> None:
    handler = Handler()
    with serving(handler) as port, pytest.raises(Later, match="NotSupported"):
        SmtpTransport(MailServer("127.0.0.1", port, STARTTLS)).send(letter(), "1")
    assert handler.taken == []


@pytest.mark.parametrize("security", [STARTTLS, TLS])
def test_the_certificate_is_verified_and_we_sign_in(tmp_path: Path, security: str) -> None:
    certificate, key, _ = self_signed(tmp_path)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate, key)
    given: list[object] = []

    def check(_server: object, _session: object, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
        given.append(data)
        return AuthResult(success=True)

    options = {"tls_context": theirs} if security == STARTTLS else {"ssl_context": theirs}
    handler = Handler()
    with serving(handler, authenticator=check, auth_require_tls=security == STARTTLS, **options) as port:  # type: ignore[arg-type]
        server = MailServer("127.0.0.1", port, security, "us", "secret")
        with pytest.raises(Later, match="SSLCertVerificationError"):
            SmtpTransport(server).send(letter(), "1")
        assert handler.taken == [] and given == []
        ours = ssl.create_default_context(cafile=str(certificate))
        SmtpTransport(server, ours).send(letter(), "1")
    assert len(handler.taken) == 1 and given[0].login == b"us"  # type: ignore[attr-defined]
    assert "secret" not in repr(server)


def test_a_refused_sign_in_costs_no_customer() -> None:
    def check(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    with serving(Handler(), authenticator=check, auth_require_tls=False) as port, pytest.raises(Later, match="535"):
        SmtpTransport(MailServer("127.0.0.1", port, PLAIN, "us", "wrong")).send(letter(), "1")
    assert smtplib.SMTPAuthenticationError.__mro__[1] is smtplib.SMTPResponseException
