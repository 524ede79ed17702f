"""Customers are asked by the channel they prefer, then by the programme's others (A-P5, A-P12; issue 17)."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
import requests
from sqlalchemy import text

from repaircenter.central.messages.text_messages import NoSuchNumber, Stopped, TextService, TwilioTexts
from repaircenter.central.messages.transport import Later, Refused
from repaircenter.uplink.collector import CollectorClient
from repaircenter.wire import endpoints
from repaircenter.wire.jobs import Contact, JobDates, JobStateInfo, JobStateRequest
from tests.conftest import Central
from tests.fakes.texts import ACCOUNT, NUMBER, TOKEN, TextSink, signature
from tests.integration.test_mail import Away, after_ageing, mail_server
from tests.integration.test_service import client, message, send

__all__ = ["client"]

PHONE = "+15145550123"


@pytest.fixture
def sink(central: Central) -> Iterator[TextSink]:
    """The service hands its texts in here."""
    before = central.parts.texts
    with TextSink() as sink:
        transport = TwilioTexts(TextService(sink.address, ACCOUNT, NUMBER, TOKEN))
        object.__setattr__(central.parts, "texts", transport)
        yield sink
        object.__setattr__(central.parts, "texts", before)


def ask_by(central: Central, *channels: str) -> None:
    with central.service.admin() as connection:
        connection.execute(text("UPDATE programme SET channels = :channels"), {"channels": list(channels)})


def person(email: str | None = "a@example.com", phone: str | None = PHONE, prefers: str | None = None) -> Contact:
    phones = [] if phone is None else [phone]
    return Contact(first_name="Ada", email=email, phones=phones, preferred_channel=prefers, language="fr")


def states(central: Central) -> list[tuple[object, ...]]:
    return central.rows("SELECT state, reason FROM sample ORDER BY id")


def channels(central: Central) -> list[object]:
    return [row[0] for row in central.rows("SELECT channel FROM invitation ORDER BY sample_id")]


def told(central: Central, client: CollectorClient) -> JobStateInfo:
    client.open_session()
    request = JobStateRequest(shop_id=central.shops["North"], job_keys=["C:1"])
    return client.call(endpoints.JOB_STATES, request).jobs[0]


def report(central: Central, path: str, form: Mapping[str, str], token: str = TOKEN) -> int:
    """What the service that took a text says of it."""
    address = f"{central.parts.public_address}{path}"
    headers = {"X-Twilio-Signature": signature(address, form, token)}
    return requests.post(f"{central.address}{path}", data=form, headers=headers, timeout=5).status_code


def link_in(words: str) -> str:
    found = re.search(r"http\S+/s/[\w-]+", words)
    assert found is not None
    return found[0]


def test_the_customer_is_asked_by_the_channel_they_prefer(
    central: Central, client: CollectorClient, sink: TextSink
) -> None:
    """The programme writes mail first; who prefers a text gets one, and who prefers what it does not do gets mail."""
    ask_by(central, "email", "sms")
    send(central, client, (message(1, contact=person(prefers="sms")), "a"))
    send(central, client, (message(2, contact=person("b@example.com", "+15145550124", "phone")), "b"))
    after_ageing(central)
    assert channels(central) == ["sms", "email"] and len(central.mails()) == 1
    (sent,) = sink.texts
    assert (sent["To"], sent["From"]) == (PHONE, NUMBER)
    assert "ARRET" in sent["Body"] and "’" not in sent["Body"], "in their language, in the short alphabet"
    assert central.fill_in(link_in(sent["Body"]), {"stars": 5, "recommend": 9}).status_code == 200
    assert states(central)[0] == ("answered", None)
    assert told(central, client).channel == "sms"


def test_who_cannot_be_mailed_is_texted(central: Central, client: CollectorClient, sink: TextSink) -> None:
    """No address, one the mail server refuses: the next channel asks, by a link of its own."""
    ask_by(central, "email", "sms")
    send(central, client, (message(1, contact=person(None)), "a"))
    with mail_server(central, Away(Refused("550"))):
        send(central, client, (message(2, contact=person("b@example.com", "+15145550124")), "b"))
        after_ageing(central)
    assert channels(central) == ["sms", "sms"] and states(central) == [("invited", None), ("invited", None)]
    assert [text["To"] for text in sink.texts] == [PHONE, "+15145550124"]
    assert len({link_in(text["Body"]) for text in sink.texts}) == 2
    second = "(SELECT max(id) FROM sample)"
    query = f"SELECT m.channel, m.state FROM message m JOIN invitation i ON i.id = m.subject_id WHERE i.sample_id = {second}"
    assert central.rows(f"{query} ORDER BY m.id") == [
        ("email", "failed"),
        ("sms", "sent"),
    ]


def test_who_can_be_reached_no_way_is_so(central: Central, client: CollectorClient, sink: TextSink) -> None:
    ask_by(central, "email", "sms")
    sink.answer = (400, {"code": 21614})
    send(central, client, (message(1, contact=person(None)), "a"), (message(2, contact=person(None, None)), "b"))
    after_ageing(central)
    assert states(central) == [("unreachable", "bounced"), ("unreachable", "no_way")]
    assert central.rows("SELECT count(*) FROM dead_address") == [(1,)], "the number is known to take no texts"
    ask_by(central, "email")
    client.open_session()
    send(central, client, (message(3, contact=person(None)), "c"))
    after_ageing(central)
    assert states(central)[2] == ("unreachable", "no_address"), "a program that only mails says what is missing"


def test_what_was_stopped_by_mail_is_not_texted(central: Central, client: CollectorClient, sink: TextSink) -> None:
    ask_by(central, "email", "sms")
    send(central, client, (message(1, contact=person()), "a"))
    after_ageing(central)
    mail = central.mails()[0].read_text()
    assert requests.post(link_in(mail) + "/stop", timeout=5).status_code == 200
    client.open_session()
    send(central, client, (message(2, contact=person(prefers="sms")), "b"))
    after_ageing(central)
    assert states(central)[1] == ("refused", "opted_out") and not sink.texts


def test_stop_by_text_holds_for_all_who_wrote(central: Central, client: CollectorClient, sink: TextSink) -> None:
    """What customers answer counts when the service signed it; any other answer changes nothing."""
    ask_by(central, "sms")
    send(central, client, (message(1, contact=person()), "a"))
    after_ageing(central)
    stop = {"From": PHONE, "To": NUMBER, "Body": " Arrêt! "}
    assert report(central, "/texts/answers", stop, "another token") == 403
    assert report(central, "/texts/answers", {**stop, "Body": "Non merci, arrêt"}) == 200
    assert states(central) == [("invited", None)]
    assert report(central, "/texts/answers", stop) == 200
    assert states(central) == [("refused", "opted_out")]
    central.clock.pass_time(40 * 86400)
    client.open_session()
    send(central, client, (message(2, contact=person()), "b"))
    after_ageing(central)
    assert states(central)[1] == ("refused", "opted_out") and len(sink.texts) == 1


def test_a_number_that_told_the_service_to_stop_is_opted_out(
    central: Central, client: CollectorClient, sink: TextSink
) -> None:
    ask_by(central, "sms", "email")
    sink.answer = (400, {"code": 21610})
    send(central, client, (message(1, contact=person()), "a"))
    after_ageing(central)
    assert states(central) == [("refused", "opted_out")] and not central.mails()
    assert central.rows("SELECT count(*) FROM opt_out") == [(1,)]


def test_what_became_of_a_text_is_told_once(central: Central, client: CollectorClient, sink: TextSink) -> None:
    """Delivered is a fact of its own (A-N1); what did not arrive is asked another way. Only signed words count."""
    ask_by(central, "sms", "email")
    send(central, client, (message(1, contact=person()), "a"))
    after_ageing(central)
    path = sink.texts[0]["StatusCallback"].removeprefix(central.parts.public_address)
    assert report(central, path, {"MessageStatus": "delivered"}, "another token") == 403
    assert report(central, path, {"MessageStatus": "sent"}) == 204
    assert told(central, client).delivered_at is None
    assert report(central, path, {"MessageStatus": "delivered"}) == 204
    at = central.clock.now_utc()
    central.clock.pass_time(60)
    assert report(central, path, {"MessageStatus": "delivered"}) == 204
    assert told(central, client).delivered_at == at
    assert report(central, path, {"MessageStatus": "undelivered", "ErrorCode": "30005"}) == 204
    assert states(central) == [("invited", None)], "it has arrived"


def test_a_text_that_did_not_arrive_is_followed_by_mail(
    central: Central, client: CollectorClient, sink: TextSink
) -> None:
    ask_by(central, "sms", "email")
    send(central, client, (message(1, contact=person()), "a"))
    after_ageing(central)
    path = sink.texts[0]["StatusCallback"].removeprefix(central.parts.public_address)
    assert report(central, path, {"MessageStatus": "undelivered", "ErrorCode": "30005"}) == 204
    central.wait()
    assert channels(central) == ["email"] and len(central.mails()) == 1 and states(central) == [("invited", None)]
    assert requests.get(link_in(sink.texts[0]["Body"]), timeout=5).status_code == 404, "the first link is over"
    stop = link_in(sink.texts[0]["Body"]) + "/stop"
    assert requests.get(stop, timeout=5).status_code == 200 and central.rows("SELECT * FROM opt_out") == []
    assert requests.post(stop, timeout=5).status_code == 200
    assert len(central.rows("SELECT * FROM opt_out")) == 1, "and still stops what goes to its number"
    with central.service.admin() as connection:
        connection.execute(text("DELETE FROM opt_out"))
    central.clock.pass_time(40 * 86400)
    client.open_session()
    lately = JobDates(delivered=central.clock.now_utc().date())
    send(central, client, (message(2, contact=person(None), dates=lately), "b"))
    after_ageing(central)
    assert states(central)[1] == ("unreachable", "bounced"), "a number that takes no texts gets no other"


def test_what_is_told_before_we_know_that_a_text_has_left_is_kept(
    central: Central, client: CollectorClient, sink: TextSink
) -> None:
    """A callback is not repeated: one that comes while a text is handed in counts once it has left."""
    ask_by(central, "sms", "email")

    class Early(TwilioTexts):
        def send(self, number: str, words: str, name: str, told_at: str) -> None:
            super().send(number, words, name, told_at)
            path = told_at.removeprefix(central.parts.public_address)
            assert report(central, path, {"MessageStatus": "undelivered", "ErrorCode": "30005"}) == 204

    object.__setattr__(central.parts, "texts", Early(TextService(sink.address, ACCOUNT, NUMBER, TOKEN)))
    send(central, client, (message(1, contact=person()), "a"))
    after_ageing(central)
    assert channels(central) == ["email"] and len(central.mails()) == 1


def test_a_fault_of_ours_is_no_dead_number(central: Central, client: CollectorClient, sink: TextSink) -> None:
    """A sender's number that is not ours: the text waits, and leaves once that is mended."""
    ask_by(central, "sms")
    sink.answer = (400, {"code": 21606})
    send(central, client, (message(1, contact=person()), "a"))
    after_ageing(central)
    assert states(central) == [("invited", None)] and not sink.texts
    sink.answer = (201, {"sid": "SM1"})
    central.clock.pass_time(120)
    central.wait()
    assert len(sink.texts) == 1


def test_a_stop_by_text_holds_back_mail_that_waits(central: Central, client: CollectorClient, sink: TextSink) -> None:
    """Consent of a customer is judged over all their addresses when a message leaves."""
    ask_by(central, "sms")
    send(central, client, (message(1, contact=person()), "a"))
    after_ageing(central)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE programme SET channels = '{email}', throttle_days = 0"))
    client.open_session()
    with mail_server(central, Away(Later("away"))):
        send(central, client, (message(2, contact=person()), "b"))
        after_ageing(central)
        assert report(central, "/texts/answers", {"From": PHONE, "Body": "STOP"}) == 200
    central.clock.pass_time(86400)
    central.wait()
    assert states(central)[1] == ("refused", "opted_out") and not central.mails()


def test_a_reminder_by_text_does_not_come_after_texts_have_ended(
    central: Central, client: CollectorClient, sink: TextSink
) -> None:
    ask_by(central, "sms")
    with central.service.admin() as connection:
        connection.execute(text("UPDATE programme SET ageing_days = 27, reminder_days = 5"))
    lately = JobDates(delivered=central.clock.now_utc().date())
    send(central, client, (message(1, contact=person(), dates=lately), "a"))
    central.clock.pass_time(28 * 86400)
    central.wait()
    central.clock.pass_time(6 * 86400)
    central.wait()
    assert len(sink.texts) == 1
    assert central.rows("SELECT kind, state FROM message ORDER BY id") == [
        ("survey.invitation", "sent"),
        ("survey.reminder", "failed"),
    ]


def test_texts_stop_a_month_after_the_car_is_back(central: Central, client: CollectorClient, sink: TextSink) -> None:
    """A-P12: mail goes on."""
    ask_by(central, "sms", "email")
    with central.service.admin() as connection:
        connection.execute(text("UPDATE programme SET ageing_days = 29"))
    today = central.clock.now_utc().date()
    first, second = today, today - timedelta(days=2)
    for number, delivered in ((1, first), (2, second)):
        contact = person(f"c{number}@example.com", f"+1514555010{number}")
        send(central, client, (message(number, contact=contact, dates=JobDates(delivered=delivered)), f"k{number}"))
    central.clock.pass_time(30 * 86400)
    central.wait()
    assert channels(central) == ["sms", "email"]


def test_an_extension_gets_no_text(central: Central, client: CollectorClient, sink: TextSink) -> None:
    ask_by(central, "sms", "email")
    send(central, client, (message(1, contact=person(phone="514 555-0123 ext. 45")), "a"))
    after_ageing(central)
    assert channels(central) == ["email"] and not sink.texts
    assert central.rows("SELECT tried FROM invitation") == [([],)], "nothing was tried in vain"


@pytest.mark.parametrize("channel", ["sms", "phone"])
def test_mail_that_waits_does_not_leave_once_the_survey_goes_another_way(
    central: Central, client: CollectorClient, sink: TextSink, channel: str
) -> None:
    with mail_server(central, Away(Later("away"))):
        send(central, client, (message(1, contact=person()), "a"))
        after_ageing(central)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE invitation SET channel = :channel"), {"channel": channel})
    before = central.rows("SELECT address_mac FROM invitation")
    central.clock.pass_time(86400)
    central.wait()
    assert central.rows("SELECT state FROM message") == [("dropped",)] and not central.mails() and not sink.texts
    assert channel == "sms" or central.rows("SELECT address_mac FROM invitation") == before


def test_one_person_is_not_asked_by_two_channels(central: Central, client: CollectorClient, sink: TextSink) -> None:
    """A-P4: the throttle knows every address and number of a customer."""
    ask_by(central, "email", "sms")
    send(central, client, (message(1, contact=person(None)), "a"))
    after_ageing(central)
    client.open_session()
    send(central, client, (message(2, contact=person()), "b"))
    after_ageing(central)
    assert states(central) == [("invited", None), ("refused", "throttled")]


def test_a_mail_that_comes_back_from_a_former_address_ends_nothing(
    central: Central, client: CollectorClient, sink: TextSink
) -> None:
    """The survey goes elsewhere meanwhile: only what comes back from there is about it."""
    ask_by(central, "email", "sms")
    send(central, client, (message(1, contact=person()), "a"))
    after_ageing(central)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE invitation SET channel = 'sms', address_mac = '\\x01'"))
    from repaircenter.central.areas import KINDS
    from repaircenter.central.db.connections import WORKER
    from repaircenter.central.messages import queries
    from repaircenter.central.messages.area import sender_of

    with central.parts.worker.scoped(WORKER) as connection:
        sent = queries.bounce(connection, 1, "5.1.1")
        assert sent is not None
        sender_of(KINDS).came_back(connection, 1, sent, True, central.clock.now_utc())
    assert states(central) == [("invited", None)]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((400, {"code": 21610}), Stopped),
        ((400, {"code": 21614}), NoSuchNumber),
        ((404, b"no JSON"), Later),
        ((401, {"code": 20003}), Later),
        ((429, {"code": 20429}), Later),
        ((503, b""), Later),
        ((302, b""), Later),
        ((400, [1]), Later),
        ((400, {"code": 21606}), Later),
    ],
)
def test_what_the_service_answers_is_understood(answer: tuple[int, object], error: type[Exception]) -> None:
    with TextSink() as sink:
        texts = TwilioTexts(TextService(sink.address, ACCOUNT, NUMBER, TOKEN))
        texts.send(PHONE, "x", "1", "http://x/texts/1")
        sink.answer = answer
        with pytest.raises((Refused, Later)) as told:
            texts.send(PHONE, "x", "1", "http://x/texts/1")
        assert type(told.value) is error
    with pytest.raises(Later):
        texts.send(PHONE, "x", "1", "http://x/texts/1")
