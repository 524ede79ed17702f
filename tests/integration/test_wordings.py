"""An organisation writes to its customers in its own words (A-25; decision 025; issue 17)."""

import email
import email.policy
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from repaircenter.central.accounts.admin import NewPerson, put_person
from repaircenter.central.core.outgoing import DROPPED, Ended
from repaircenter.central.db.connections import WORKER
from repaircenter.central.wordings.letters import prepare, send_test
from repaircenter.runtime.errors import KnownError
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import endpoints
from repaircenter.wire.jobs import Contact
from repaircenter.wire.surveys.wordings import ShownWording, Wording, WordingChange, WordingDraft, WordingList
from tests.conftest import PASSWORD, Central
from tests.fakes.passwords import CHEAP
from tests.fakes.secrets import MemorySecrets
from tests.fakes.texts import TextSink
from tests.integration.test_channels import ask_by, sink
from tests.integration.test_reminders import FIVE_DAYS, letters, sent_at, words
from tests.integration.test_service import client, message, ripen, send

__all__ = ["client", "sink"]

ADMIN = "admin@one.example"
# With the no-break space of French, which stays.
OWN = "{% if name %}Bonjour {{ name }}{% endif %}\nAdresse\xa0:\n{{ link }}\n{{ shop }}, {{ address }}\n{{ stop_link }}"


def person(central: Central, address: str = ADMIN) -> PersonClient:
    who = PersonClient(Http(central.address), MemorySecrets())
    who.sign_in(address, PASSWORD)
    return who


def listed(who: PersonClient) -> WordingList:
    return who.call(endpoints.WORDINGS)


def wording(who: PersonClient, message: str, language: str = "fr") -> Wording:
    return next(one for one in listed(who).wordings if (one.message, one.language) == (message, language))


def change(
    who: PersonClient, about: Wording, subject: str | None = "Votre {{ shop }}", body: str | None = OWN, key: str = "k1"
) -> Wording:
    asked = WordingChange(key=key, version=about.version, subject=subject, body=body)
    return who.call(endpoints.CHANGE_WORDING, asked, wording_id=about.id)


def show(who: PersonClient, about: Wording, body: str = OWN, to_me: bool = False) -> ShownWording:
    draft = WordingDraft(subject="Votre {{ shop }}", body=body, to_me=to_me)
    return who.call(endpoints.SHOW_WORDING, draft, wording_id=about.id)


def refused(call: Callable[..., object], *arguments: Any, **named: Any) -> str:
    with pytest.raises(KnownError) as refusal:
        call(*arguments, **named)
    return refusal.value.code


def test_the_standard_words_stand_there_with_what_must_be_in_them(central: Central) -> None:
    told = listed(person(central))
    assert len(told.wordings) == 12 and told.may_change
    assert not any(one.is_own or one.version or one.changed_by for one in told.wordings)
    mail = wording(person(central), "invitation", "en")
    assert mail.mandatory == ["address", "link", "shop", "stop_link"] and "vehicle" in mail.placeholders
    assert mail.subject.startswith("How was the repair") and "{{ stop_link }}" in mail.body
    assert (mail.channel, wording(person(central), "reminder_text", "es").channel) == ("email", "sms")


def test_what_leaves_from_now_on_has_the_own_words(central: Central, client: CollectorClient) -> None:
    """The invitation in its own words, the reminder in the standard ones until those are written too."""
    admin = person(central)
    kept = change(admin, wording(admin, "invitation"))
    assert (kept.is_own, kept.version, kept.body.strip()) == (True, 1, OWN) and kept.changed_by and kept.changed_at
    send(central, client, (message(1), "a"))
    link = ripen(central)
    (sent,) = letters(central)
    assert sent["Subject"] == "Votre North" and words(sent).startswith("Bonjour") and link in words(sent)
    assert f"{link}/stop" in words(sent) and sent["List-Unsubscribe"]
    change(admin, wording(admin, "reminder"), "Rappel {{ shop }}", key="k2")
    central.clock.jump_to(sent_at(central) + FIVE_DAYS)
    central.wait()
    assert [letter["Subject"] for letter in letters(central)] == ["Votre North", "Rappel North"]


def test_words_of_another_language_and_channel_are_left_alone(
    central: Central, client: CollectorClient, sink: TextSink
) -> None:
    ask_by(central, "sms", "email")
    admin = person(central)
    change(admin, wording(admin, "invitation_text", "fr"), None, "{{ shop }} : {{ link }} Merci", "k1")
    for number, language in ((1, "fr"), (2, "en")):
        contact = Contact(first_name="Ada", phones=[f"+1514555012{number}"], language=language)
        send(central, client, (message(number, contact=contact), f"m{number}"))
    ripen_all(central)
    bodies = [sent["Body"] for sent in sorted(sink.texts, key=lambda sent: sent["To"])]
    assert bodies[0].startswith("North : http") and bodies[0].endswith(" Merci") and "STOP" in bodies[1]


def ripen_all(central: Central) -> None:
    central.clock.pass_time(20 * 86400)
    central.wait()


def test_every_version_is_kept_and_the_standard_words_come_back(central: Central, client: CollectorClient) -> None:
    admin = person(central)
    standard = wording(admin, "invitation")
    first = change(admin, standard)
    second = change(admin, first, "Deux", key="k2")
    back = change(admin, second, None, None, key="k3")
    assert (back.is_own, back.version, back.subject, back.body) == (False, 3, standard.subject, standard.body)
    assert back.changed_by is not None, "who took them back"
    assert central.rows("SELECT version, subject FROM wording ORDER BY version") == [
        (1, "Votre {{ shop }}"), (2, "Deux"), (3, None),
    ]  # fmt: skip
    send(central, client, (message(1), "a"))
    ripen(central)
    assert letters(central)[0]["Subject"] != "Votre North"


def test_a_change_is_made_once_and_not_over_one_that_was_not_seen(central: Central) -> None:
    admin = person(central)
    standard = wording(admin, "invitation")
    assert change(admin, standard) == change(admin, standard), "the answer was lost, and it is asked again"
    assert central.rows("SELECT count(*) FROM wording") == [(1,)]
    assert refused(change, admin, standard, "Autre", key="k2") == "changed_meanwhile"
    together, ended = Barrier(6), list[str]()
    now = wording(admin, "invitation")

    def race(number: int) -> None:
        who = person(central)
        together.wait()
        try:
            ended.append(str(change(who, now, f"S{number}", key=f"r{number}").version))
        except KnownError as error:
            ended.append(error.code)

    threads = [Thread(target=race, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["2"] + ["changed_meanwhile"] * 5


@pytest.mark.parametrize(
    ("subject", "body", "code"),
    [
        ("", OWN, "wording_empty"),
        ("x" * 151, OWN, "wording_long"),
        ("x", OWN + "{{ phone }}", "wording_unknown"),
        ("x", OWN.replace("{{ stop_link }}", ""), "wording_missing"),
        ("x", OWN + "{% for a in shop %}{% endfor %}", "wording_syntax"),
        ("x", OWN + "{{ ''.__class__ }}", "wording_syntax"),
    ],
)
def test_words_that_cannot_be_used_are_refused_and_not_shown(central: Central, subject: str, body: str, code: str) -> None:
    admin = person(central)
    about = wording(admin, "invitation")
    assert refused(change, admin, about, subject, body) == code
    draft = WordingDraft(subject=subject, body=body, to_me=True)
    assert refused(admin.call, endpoints.SHOW_WORDING, draft, wording_id=about.id) == code
    assert central.rows("SELECT count(*) FROM wording") == [(0,)]
    assert central.rows("SELECT count(*) FROM wording_test") == [(0,)]


def test_control_characters_do_not_reach_a_customer(central: Central) -> None:
    admin = person(central)
    kept = change(admin, wording(admin, "invitation"), "a\x07b", OWN + "\x00\r\nx")
    assert kept.subject == "a b" and "\x00" not in kept.body and "\r" not in kept.body


def test_what_a_customer_would_read_is_shown_and_nothing_is_kept(central: Central) -> None:
    admin = person(central)
    shown = show(admin, wording(admin, "invitation"))
    assert shown.subject == "Votre North" and shown.body.startswith("Bonjour") and "/s/…" in shown.body
    assert not wording(admin, "invitation").is_own and central.rows("SELECT count(*) FROM message") == [(0,)]
    assert refused(admin.call, endpoints.SHOW_WORDING, WordingDraft(subject="x", body=OWN), wording_id=99) == "not_there"


def test_a_test_is_mailed_to_oneself_and_to_nobody_else(central: Central) -> None:
    admin = person(central)
    show(admin, wording(admin, "invitation"), to_me=True)
    central.wait()
    (path,) = central.mail.glob("*.eml")
    sent = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert sent["To"] == ADMIN and "Votre North" in sent["Subject"] and sent["Subject"] != "Votre North"
    assert "Bonjour" in sent.get_content() and not central.mails(), "no customer's"
    central.clock.pass_time(timedelta(days=1).total_seconds())
    send_test(central.parts, lambda *_: None, 1)
    central.wait()
    assert len(list(central.mail.glob("*.eml"))) == 1, "once"


def test_a_test_does_not_reach_who_left(central: Central) -> None:
    admin = person(central)
    show(admin, wording(admin, "invitation"), to_me=True)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE person SET active = false WHERE email = :mail"), {"mail": ADMIN})
    central.wait()
    assert not list(central.mail.glob("*.eml"))


def test_only_who_manages_every_shop_writes_for_all(central: Central) -> None:
    one = NewPerson(
        email="north@one.example", name="Nora", role="shop_admin", password=PASSWORD, shops=["North"], language="fr"
    )
    staff = NewPerson(email="staff@one.example", name="Sam", role="staff", password=PASSWORD, language="fr")
    with central.service.admin() as connection:
        for who in (one, staff):
            put_person(connection, 1, who, CHEAP)
    north = person(central, "north@one.example")
    assert not listed(north).may_change
    about = wording(north, "invitation")
    assert refused(change, north, about) == "beyond_reach"
    assert show(north, about).subject == "Votre North", "looking is free"
    assert refused(listed, person(central, "staff@one.example")) == "not_allowed"


def test_another_organisation_has_its_own_words(central: Central) -> None:
    change(person(central), wording(person(central), "invitation"))
    other = person(central, "admin@two.example")
    assert not wording(other, "invitation").is_own
    assert change(other, wording(other, "invitation"), "Ailleurs", key="k1").version == 1, "their own key, too"
    assert wording(person(central), "invitation").subject == "Votre {{ shop }}"


@pytest.mark.parametrize(
    ("who", "statement"),
    [
        (ADMIN, "UPDATE wording SET body = 'x'"),
        (ADMIN, "DELETE FROM wording"),
        ("staff@one.example", "INSERT INTO wording (org_id, template, language, version, subject, body, last_key, made_by, "
         "made_at) SELECT 1, 'x', 'fr', 9, 'x', 'x', 'k', rc_scope_person(), now()"),
        (ADMIN, "INSERT INTO wording (org_id, template, language, version, subject, body, last_key, made_by, made_at) "
        "SELECT org_id, template, language, 9, 'x', 'x', 'k', made_by + 1, made_at FROM wording"),
        (ADMIN, "INSERT INTO wording (org_id, template, language, version, subject, body, last_key, made_by, made_at) "
        "SELECT 2, template, language, 9, 'x', 'x', 'k', made_by, made_at FROM wording"),
        (ADMIN, "INSERT INTO wording_test (org_id, shop_id, person_id, subject, body) "
        "SELECT 1, min(shop.id), max(person.id), 'x', 'x' FROM shop, person"),
    ],
)  # fmt: skip
def test_plain_sql_changes_no_words(central: Central, who: str, statement: str) -> None:
    change(person(central), wording(person(central), "invitation"))
    number = int(str(central.rows(f"SELECT id FROM person WHERE email = '{who}'")[0][0]))
    scope = central.scope([central.shops["North"]], number)
    with pytest.raises(DBAPIError, match=r"row-level security|permission denied"), central.parts.web.scoped(scope) as session:
        session.execute(text(statement))
    assert central.rows("SELECT version, subject FROM wording") == [(1, "Votre {{ shop }}")]
    assert central.rows("SELECT count(*) FROM wording_test") == [(0,)]


def test_nothing_is_mailed_of_a_test_that_is_gone(central: Central) -> None:
    with central.parts.worker.scoped(WORKER) as connection:
        assert prepare(central.parts, connection, 77) == Ended(DROPPED, "not_there")
