"""Sunday evening: the week's samples, or the alarm that there were none (A-22 ... A-25, A-N2, A-N5; issue 17)."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import text

from repaircenter.central.accounts.admin import NewProgramme, NewShop
from repaircenter.central.accounts.setup_file import SetupFile, apply
from repaircenter.central.alerts.weekly import close_week
from repaircenter.runtime.days import zone_of
from repaircenter.uplink.collector import CollectorClient
from repaircenter.wire import endpoints
from repaircenter.wire.identity import LeaseClaim, LeaseRequest
from repaircenter.wire.jobs import EraseMessage
from tests.conftest import Central
from tests.fakes.passwords import CHEAP
from tests.integration.test_service import FOREIGN, client, message, send

__all__ = ["client"]


@pytest.fixture(autouse=True)
def _licensed(central: Central) -> None:
    central.license("alerts")


ALARM = "ATTENTION IMMÉDIATE – AUCUN ÉCHANTILLON – ACTION REQUISE"


def sunday(number: int = 0) -> datetime:
    """20:00 of a Sunday at the shop; the tests begin on Monday, 2 November 2026, at 10:00."""
    return datetime(2026, 11, 8 + 7 * number, 20, tzinfo=zone_of("America/Toronto")).astimezone(UTC)


def at(central: Central, instant: datetime) -> None:
    central.clock.jump_to(instant)
    central.wait()


def ends(central: Central, sunday_utc: datetime) -> None:
    """A week ends; what was on its way is kept before its people are told, a minute later."""
    at(central, sunday_utc)
    at(central, sunday_utc + timedelta(minutes=1))


def letters(central: Central, shop: str = "North", to: str = "admin@one.example") -> list[EmailMessage]:
    return [one for one in central.letters(to) if shop in f"{one['Subject']}{one.get_content()}"]


def body(letter: EmailMessage) -> str:
    return str(letter.get_content())


def test_the_weeks_samples_are_listed_on_sunday_at_eight(central: Central, client: CollectorClient) -> None:
    """A-22: accepted ones by RO, initials, insurer, time and state; rejected ones by reason alone (A-15)."""
    central.wait()
    send(central, client, (message(1), "a"), (message(2, insurer=FOREIGN), "b"), (message(3, insurer=None), "c"))
    at(central, sunday() - timedelta(seconds=1))
    assert not letters(central)
    ends(central, sunday())
    (letter,) = letters(central)
    assert letter["Subject"] == "North\xa0: 1 travail reçu cette semaine" and "List-Unsubscribe" not in letter
    words = body(letter)
    assert "26-1 - ÉG - ASSURANCES EXEMPLE INC. - En attente" in words and "2026-11-02 10:00" in words
    assert "du 2026-11-02 au 2026-11-08" in words
    assert "1 - Cet assureur n’a pas de programme de sondage" in words and "1 - Aucun assureur nommé" in words
    for secret in ("Gagné", "Éloïse", "c1@example.com", "26-2", "26-3", "en retard"):
        assert secret not in words, secret


def test_every_sunday_has_its_own_week_without_gap_or_overlap(central: Central, client: CollectorClient) -> None:
    central.wait()
    client.open_session()
    send(central, client, (message(1), "a"))
    at(central, sunday())
    client.open_session()
    send(central, client, (message(2), "b"))  # in the instant in which the week ended
    ends(central, sunday())
    at(central, sunday(1) - timedelta(seconds=1))
    client.open_session()
    send(central, client, (message(3), "c"))
    ends(central, sunday(1))
    first, second = letters(central)
    assert "26-1 " in body(first) and "26-2 " not in body(first)
    assert "26-2 " in body(second) and "26-3 " in body(second) and "26-1 " not in body(second)
    weeks = central.rows(
        f"SELECT from_at, until_at FROM shop_week WHERE shop_id = {central.shops['North']} ORDER BY id"
    )
    assert [week[1] for week in weeks[1:]] == [sunday(), sunday(1)]
    assert all(before[1] == after[0] for before, after in itertools.pairwise(weeks))


def test_a_week_without_a_sample_is_an_alarm_with_what_to_do(central: Central) -> None:
    """A-23 ... A-25, in French with the exact title; nobody ever connected a PC."""
    central.wait()
    ends(central, sunday())
    (letter,) = letters(central)
    assert letter["Subject"] == ALARM
    assert "Aucun ordinateur de l’atelier n’est relié" in body(letter) and "écrivez-nous\xa0: surveys@" in body(letter)


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "IMMEDIATE ATTENTION – NO SAMPLE – ACTION REQUIRED"),
     ("es", "ATENCIÓN INMEDIATA – NINGUNA MUESTRA – ACCIÓN REQUERIDA")],
)  # fmt: skip
def test_the_alarm_speaks_the_language_of_its_reader(central: Central, language: str, title: str) -> None:
    central.wait()
    with central.service.admin() as connection:
        connection.execute(text("UPDATE person SET language = :language"), {"language": language})
    ends(central, sunday())
    assert [letter["Subject"] for letter in letters(central)] == [title]


def test_the_alarm_names_the_stage_that_went_silent(central: Central, client: CollectorClient) -> None:
    """A-N2: heard of or not, all filtered, or no estimates."""
    central.wait()
    north = central.shops["North"]
    lease = LeaseRequest(claims=[LeaseClaim(shop_id=north, place="p")], device_name="front desk")
    client.call(endpoints.HOLD_LEASE, lease)
    ends(central, sunday())
    (silent,) = letters(central)
    assert "ne donne plus de nouvelles depuis le 2026-11-02 10:00" in body(silent)
    at(central, sunday(1) - timedelta(days=1))
    client.open_session()
    client.call(endpoints.HOLD_LEASE, lease)
    ends(central, sunday(1))
    assert "aucune nouvelle estimation n’est arrivée" in body(letters(central)[-1])
    at(central, sunday(1) + timedelta(hours=12))
    client.open_session()
    send(central, client, (message(9, insurer=FOREIGN), "z"))
    ends(central, sunday(2))
    last = letters(central)[-1]
    assert last["Subject"] == ALARM and "aucun ne fait partie d’un programme" in body(last)
    assert "1 - Cet assureur n’a pas" in body(last)


def test_the_operators_number_stands_in_the_alarm(central: Central) -> None:
    central.wait()
    service = replace(central.parts, support_phone="1 800 555-0199")
    ends(central, sunday())
    ((mail_id,),) = central.rows(f"SELECT m.id FROM shop_week_mail m WHERE shop_id = {central.shops['North']}")
    from repaircenter.central.alerts.weekly import KIND
    from repaircenter.central.core.outgoing import Recipient
    from repaircenter.central.db.connections import WORKER

    assert isinstance(mail_id, int)
    with service.worker.scoped(WORKER) as connection:
        recipient = KIND.prepare(service, connection, mail_id)
    assert isinstance(recipient, Recipient) and "appelez-nous\xa0: 1 800 555-0199." in recipient.write(service).body


def test_a_missed_sunday_is_caught_up_once_and_told_as_late(central: Central, client: CollectorClient) -> None:
    """A-N5: the worker was away for two Sundays; nothing is skipped, and the hour stays the hour."""
    central.wait()
    send(central, client, (message(1), "a"))
    ends(central, sunday(1) + timedelta(hours=30))
    (letter,) = letters(central)
    assert "26-1 " in body(letter) and "Ce message part en retard." in body(letter)
    ends(central, sunday(2))
    assert len(letters(central)) == 2 and letters(central)[1]["Subject"] == ALARM


def test_a_week_is_told_once_whoever_repeats_the_task(central: Central, client: CollectorClient) -> None:
    central.wait()
    send(central, client, (message(1), "a"))
    ends(central, sunday())
    for _ in range(2):
        close_week(central.parts, lambda *_: None, central.shops["North"])
    central.wait()
    assert len(letters(central)) == 1


def test_the_hour_is_the_shops_when_the_clocks_change(central: Central, client: CollectorClient) -> None:
    """From standard time into summer time: 20:00 on the wall both Sundays."""
    central.wait()
    ends(central, datetime(2027, 3, 9, 15, tzinfo=UTC))
    before = len(letters(central))
    summer = datetime(2027, 3, 14, 20, tzinfo=zone_of("America/Toronto")).astimezone(UTC)
    assert summer.hour == 0, "20:00 is midnight in UTC from that day on"
    at(central, summer - timedelta(seconds=1))
    assert len(letters(central)) == before
    ends(central, summer)
    assert len(letters(central)) == before + 1


def test_only_who_answers_for_the_shop_is_told_and_may_do_without_the_list(
    central: Central, client: CollectorClient
) -> None:
    """Who chose no mail gets no list, and the alarm all the same."""
    central.wait()
    send(central, client, (message(1), "a"))
    with central.service.admin() as connection:
        connection.execute(
            text("INSERT INTO alert_choice SELECT org_id, id, :shop, 'none' FROM person WHERE email LIKE 'admin@one%'"),
            {"shop": central.shops["North"]},
        )
    ends(central, sunday())
    assert not letters(central) and not letters(central, to="staff@one.example")
    assert [letter["Subject"] for letter in letters(central, "South")] == [ALARM]
    ends(central, sunday(1))
    assert [letter["Subject"] for letter in letters(central)] == [ALARM]


def test_without_the_module_weeks_pass_in_silence(central: Central, client: CollectorClient) -> None:
    central.wait()
    central.license()
    ends(central, sunday())
    assert not central.mails()
    central.license("alerts")
    ends(central, sunday(1))
    assert "Du 2026-11-08 au 2026-11-15" in body(letters(central)[0]), "of the present week alone"


def test_an_erased_customer_is_in_no_list(central: Central, client: CollectorClient) -> None:
    central.wait()
    send(central, client, (message(1), "a"))
    client.open_session()
    send(central, client, (EraseMessage(job_key="C:1"), "e"))
    ends(central, sunday())
    assert letters(central)[0]["Subject"] == ALARM


def test_a_shop_that_was_added_begins_its_weeks(central: Central) -> None:
    """What is shorter than two days is no week: a shop is not missed before it could send anything."""
    central.wait()
    at(central, sunday() - timedelta(days=1))
    with central.service.admin() as connection:
        shop = NewShop(name="West", zone="Europe/Madrid")
        programme = NewProgramme(name="Assurances Exemple", names=["Assurances Exemple inc."])
        apply(connection, SetupFile(organisation="One", shops=[shop], persons=[], programmes=[programme]), CHEAP)
    central.wait()
    madrid = datetime(2026, 11, 8, 20, tzinfo=zone_of("Europe/Madrid")).astimezone(UTC)
    at(central, madrid - timedelta(seconds=1))
    ends(central, madrid)
    assert not letters(central, "West")
    ends(central, madrid + timedelta(days=7))
    (letter,) = letters(central, "West")
    assert letter["Subject"] == ALARM and "Du 2026-11-08 au 2026-11-15" in body(letter)


def test_a_shop_that_takes_part_no_more_is_not_missed(central: Central) -> None:
    """Closed in the set-up file, or its programme is: no alarm for ever."""
    central.wait()
    with central.service.admin() as connection:
        connection.execute(
            text("UPDATE enrolment SET active = false WHERE shop_id = :s"), {"s": central.shops["North"]}
        )
    ends(central, sunday())
    assert not letters(central) and len(letters(central, "South")) == 1
    with central.service.admin() as connection:
        connection.execute(text("UPDATE programme SET active = false"))
    ends(central, sunday(1))
    assert len(letters(central, "South")) == 1


@pytest.mark.parametrize("ended", ["surveys = false", "licence_until = '2026-11-05'"])
def test_without_the_licence_nobody_is_told(central: Central, ended: str) -> None:
    central.wait()
    with central.service.admin() as connection:
        connection.execute(text(f"UPDATE organisation SET {ended}"))
    ends(central, sunday())
    assert not letters(central)


def test_a_corrected_zone_makes_no_week_of_three_hours(central: Central) -> None:
    central.wait()
    ends(central, sunday())
    before = len(letters(central))
    with central.service.admin() as connection:
        connection.execute(text("UPDATE shop SET zone = 'America/Vancouver'"))
    ends(central, sunday() + timedelta(hours=3))
    ends(central, sunday(1))
    assert len(letters(central)) == before
    ends(central, sunday(1) + timedelta(hours=3))
    assert len(letters(central)) == before + 1
