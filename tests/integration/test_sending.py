"""What leaves the PC, when, and what is taken back: real files, store and service (A-19, DESIGN 4.5, 4.6)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from repaircenter.ems.estimate import Address, Customer, Dates, Totals, Vehicle
from repaircenter.runtime.errors import InputRefused
from repaircenter.shop.jobs.credits import read_credits
from repaircenter.shop.model.folder import FolderSetting
from repaircenter.shop.model.job import DELIVERED, OPPORTUNITY, REPAIR_ORDER, Contact, Job
from repaircenter.shop.outbox.messages import fields_of, job_message
from repaircenter.wire import codec, endpoints
from repaircenter.wire.content import content_digest
from repaircenter.wire.jobs import Credits
from tests.conftest import Central
from tests.fakes.service import intercept
from tests.integration.test_collector import Desk, estimate
from tests.integration.test_service import ripen
from tests.made_jobs import made_job, with_facts

TODAY = date(2026, 11, 2)
OUT = Dates(delivered=datetime(2026, 11, 2).date())


@pytest.fixture
def desk(central: Central, tmp_path: Path) -> Iterator[Desk]:
    found = Desk(central, tmp_path / "pc")
    yield found
    found.shop.stop()


def rule(desk: Desk, name: str, *, send_present: bool = False) -> None:
    desk.shop.jobs.change_rule(name, send_present=send_present)


def job_of(desk: Desk, number: int = 1) -> Job:
    return next(job for job in desk.jobs() if job.job_key.endswith(f"guid{number}"))


def kinds(desk: Desk, job: Job, *states: str) -> list[str]:
    details = desk.shop.store.read.details(job.id)
    assert details is not None
    return [row.kind for row in details.outbox if not states or row.state in states]


def events(desk: Desk, job: Job) -> list[str]:
    details = desk.shop.store.read.details(job.id)
    assert details is not None
    return [event.kind for event in details.events]


def contact(job: Job, **fields: object) -> Contact:
    given = {name: getattr(job.contact, name) for name in Contact.__dataclass_fields__}
    return Contact(**{**given, **fields})


@pytest.mark.parametrize("name", ["create", "convert", "delivery", "never"])
@pytest.mark.parametrize("excluded", [False, True])
def test_the_rule_table(desk: Desk, name: str, excluded: bool) -> None:
    """A-19: 4 rules x (exclude, include). CREATE, CONVERT and NEVER know no exclusion; DELIVERY before the delivery."""
    rule(desk, name)
    sent: list[str] = []
    stages: dict[str, dict[str, object]] = {
        "created": {},
        "converted": {"ro_number": "26-1"},
        "delivered": {"ro_number": "26-1", "dates": OUT},
    }
    for hour, (stage, fields) in enumerate(stages.items(), start=9):
        desk.put(estimate(created_at=datetime(2026, 11, 2, hour, 0), **fields))  # type: ignore[arg-type]
        if desk.cycle().answers:
            sent.append(stage)
        if stage == "created" and excluded:
            if name == "delivery":
                desk.shop.jobs.exclude(job_of(desk).id)
            else:
                with pytest.raises(InputRefused, match="does not allow"):
                    desk.shop.jobs.exclude(job_of(desk).id)
    expected = {"create": "created", "convert": "converted", "delivery": "delivered", "never": None}[name]
    if name == "delivery" and excluded:
        assert sent == [] and desk.central.rows("SELECT count(*) FROM job") == [(0,)]
        desk.shop.jobs.include(job_of(desk).id)
        assert desk.cycle().answers == {"kept": 1}, "included again, the event has happened already"
        with pytest.raises(InputRefused, match="does not allow"):
            desk.shop.jobs.exclude(job_of(desk).id)
    else:
        assert sent[:1] == ([expected] if expected else [])


@pytest.mark.parametrize("name", ["create", "convert", "delivery", "never"])
def test_a_setting_allows_excluding_under_every_rule_and_what_was_sent_is_withdrawn(desk: Desk, name: str) -> None:
    rule(desk, name)
    desk.shop.jobs.put_setting("exclude_always", "yes")
    desk.put(estimate(ro_number="26-1", dates=OUT))
    desk.cycle()
    was_sent = name != "never"
    assert desk.central.rows("SELECT count(last_name) FROM job") == [(int(was_sent),)]
    desk.shop.jobs.exclude(job_of(desk).id)
    assert desk.cycle().answers == ({"withdrawn": 1} if was_sent else {})
    assert desk.central.rows("SELECT count(last_name) FROM job") == [(0,)]
    assert desk.central.rows("SELECT state FROM sample") == ([("withdrawn",)] if was_sent else [])
    desk.put(estimate(version="S01", ro_number="26-1", dates=OUT, totals=Totals(gross=Decimal("300"))))
    assert desk.cycle().answers == {}, "an excluded job is never sent again"
    with pytest.raises(InputRefused, match="Include"):
        desk.shop.jobs.send_now(job_of(desk).id)
    desk.shop.jobs.include(job_of(desk).id)
    assert desk.cycle().answers == ({"kept": 1} if was_sent else {})


def test_excluding_before_the_message_left_sends_nothing_at_all(desk: Desk) -> None:
    desk.shop.jobs.put_setting("exclude_always", "yes")
    desk.shop.jobs.put_setting("sending_stopped", "yes")
    desk.put(estimate())
    desk.cycle()
    job = job_of(desk)
    assert kinds(desk, job, "waiting") == ["job"]
    desk.shop.jobs.exclude(job.id)
    assert kinds(desk, job) == []
    desk.shop.jobs.put_setting("sending_stopped", "no")
    assert desk.cycle().answers == {} and desk.central.rows("SELECT count(*) FROM intake_key") == [(0,)]


def test_the_switch_stops_all_sending_and_nothing_else(desk: Desk) -> None:
    desk.shop.jobs.put_setting("sending_stopped", "yes")
    desk.put(estimate(1))
    found = desk.cycle()
    assert found.imports == {"imported": 1} and found.answers == {}
    state = desk.shop.collecting.state()
    assert state.sending_stopped and state.connection.name == "connected"
    desk.shop.jobs.put_setting("sending_stopped", "no")
    assert desk.cycle().answers == {"kept": 1}


def test_a_late_email_is_sent_on_and_arms_the_survey_again(desk: Desk) -> None:
    nobody = Customer("owner", "Éloïse", "Gagné", None, None, (), Address())
    desk.put(estimate(customer=nobody, ro_number="26-1", dates=OUT))
    desk.cycle()
    assert not job_of(desk).contact.reachable
    desk.central.clock.pass_time(30 * 86400)
    desk.central.wait()
    assert desk.central.rows("SELECT state, reason FROM sample") == [("unreachable", "no_address")]
    desk.shop.jobs.edit_contact(
        job_of(desk).id, contact(job_of(desk), email=" Late@Example.com ", phones=("514 555-0101",))
    )
    assert desk.cycle().answers == {"kept": 1}
    desk.central.clock.pass_time(86400)
    desk.central.wait()
    assert len(desk.central.mails()) == 1
    desk.put(estimate(version="S01", customer=replace(nobody, email="other@example.com"), ro_number="26-1", dates=OUT))
    desk.cycle()
    job = job_of(desk)
    assert (job.contact.email, job.contact.phones) == ("Late@example.com", ("+15145550101",)), (
        "an import changes nothing a person wrote"
    )


def test_an_edit_of_the_contact_taken_back_leaves_the_rest_to_the_files_again(desk: Desk) -> None:
    """Undo of the toast (issue 15.12): a later export fills what nobody typed any more."""
    nobody = Customer("owner", "Éloïse", "Gagné", None, None, (), Address())
    desk.put(estimate(customer=nobody, ro_number="26-1", dates=OUT))
    desk.cycle()
    before = job_of(desk)
    desk.shop.jobs.edit_contact(before.id, contact(before, email="wrong@example.com", company="Typed first"))
    first = job_of(desk)
    desk.shop.jobs.edit_contact(first.id, contact(first, email="other@example.com", company="Typed later"))
    desk.shop.jobs.restore_contact(first.id, first)
    job = job_of(desk)
    assert (job.contact, job.entered) == (first.contact, first.entered), "what was typed before stays typed"
    desk.shop.jobs.restore_contact(first.id, before)
    job = job_of(desk)
    assert (job.contact, job.entered) == (before.contact, before.entered)
    late = replace(nobody, email="real@example.com")
    desk.put(estimate(version="S01", customer=late, ro_number="26-1", dates=OUT))
    desk.cycle()
    assert job_of(desk).contact.email == "real@example.com"


def test_who_worked_on_a_job_is_sent_survives_exports_and_is_credited(desk: Desk) -> None:
    """B-26, B-N7: entered by hand, kept through every export, at the service with its shares, frozen when asked (B-N1)."""
    desk.put(estimate(ro_number="26-1", dates=OUT))
    desk.cycle()
    digest = job_of(desk).sent_digest
    shared = read_credits("Ana Ruiz 60 %\nBen Roy 40 %", "Carla Ng")
    desk.shop.jobs.set_credits(job_of(desk).id, shared)
    assert desk.cycle().answers == {"kept": 1} and job_of(desk).sent_digest != digest
    kept = {"technician": [["Ana Ruiz", 0.6], ["Ben Roy", 0.4]], "service_writer": [["Carla Ng", 1.0]]}
    assert desk.central.rows("SELECT credits FROM job") == [(kept,)]
    desk.put(estimate(version="S01", ro_number="26-1", dates=OUT, totals=Totals(gross=Decimal("300"))))
    assert desk.cycle().answers == {"kept": 1} and job_of(desk).credits == shared
    payload = codec.encode(job_message(job_of(desk), None)).decode()
    said = dict(fields_of(payload))
    assert said["credits.technician"] == "Ana Ruiz 0.6, Ben Roy 0.4" and said["credits.service_writer"] == "Carla Ng 1.0"
    ripen(desk.central)
    ((people,),) = desk.central.rows("SELECT people FROM invitation")
    assert isinstance(people, dict) and {role: people[role] for role in kept} == kept and "estimator" in people
    desk.shop.jobs.set_credits(job_of(desk).id, Credits())
    desk.restart()
    assert desk.cycle().answers == {"kept": 1}
    assert desk.central.rows("SELECT people FROM invitation") == [(people,)], "whom the customer was asked about"
    assert job_of(desk).sent_digest is not None and desk.cycle().answers == {}


def test_a_job_without_credits_has_the_digest_it_always_had() -> None:
    """What was sent before anybody could say who worked on it is not sent again."""
    message = job_message(Job(job_key="C:1", version="E01"), None)
    fields = {name: getattr(message, name) for name in message.__struct_fields__ if name not in ("source", "credits")}
    assert content_digest(message) == codec.digest(codec.encode(fields))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"email": "nobody"}, "e-mail"), ({"phones": ("12",)}, "7 to 15"), ({"language": "de"}, "not known")],
)
def test_a_contact_that_cannot_be_right_is_refused_with_a_sentence(
    desk: Desk, fields: dict[str, object], sentence: str
) -> None:
    desk.put(estimate())
    desk.cycle()
    with pytest.raises(InputRefused, match=sentence):
        desk.shop.jobs.edit_contact(job_of(desk).id, contact(job_of(desk), **fields))


def test_a_supplement_after_the_upload_is_sent_once_and_only_when_something_uploaded_changed(desk: Desk) -> None:
    desk.put(estimate())
    desk.cycle()
    desk.put(estimate(version="S01", totals=Totals(gross=Decimal("400"))))
    assert desk.cycle().answers == {"kept": 1}
    assert desk.central.rows("SELECT version, total_cents FROM job") == [("S01", 40000)]
    desk.put(estimate(version="S01", totals=Totals(gross=Decimal("400")), memo_note="a note that stays here"))
    assert desk.cycle().answers == {}


def test_a_planned_delivery_fires_on_its_day_in_the_shops_zone(desk: Desk) -> None:
    rule(desk, "delivery")
    later = Dates(delivered=datetime(2026, 11, 5).date())
    desk.put(estimate(ro_number="26-1", dates=later))
    assert desk.cycle().answers == {} and job_of(desk).state == REPAIR_ORDER
    desk.central.clock.jump_to(datetime.fromisoformat("2026-11-05T04:59:00+00:00"))
    assert desk.cycle().answers == {}, "it is still the 4th in Toronto"
    desk.central.clock.pass_time(120)
    assert desk.cycle().answers == {"kept": 1}
    assert job_of(desk).state == DELIVERED and events(desk, job_of(desk)).count("delivered") == 1


def test_a_date_that_disappears_undoes_nothing_and_is_shown(desk: Desk) -> None:
    desk.put(estimate(ro_number="26-1", dates=OUT))
    desk.cycle()
    desk.put(estimate(version="S01", ro_number="26-1"))
    desk.cycle()
    job = job_of(desk)
    assert job.state == DELIVERED and job.dates.delivered_on == TODAY and "date_gone" in events(desk, job)
    desk.put(estimate(version="S02", ro_number="26-1"))
    desk.cycle()
    assert events(desk, job).count("date_gone") == 1


def test_a_person_converts_and_delivers_and_takes_it_back_within_the_day(desk: Desk) -> None:
    rule(desk, "delivery")
    desk.put(estimate())
    desk.cycle()
    act, number = desk.shop.jobs, job_of(desk).id
    act.convert(number, " 26-77 ")
    assert (job_of(desk).state, job_of(desk).ro_number) == (REPAIR_ORDER, "26-77")
    act.undo(number)
    assert (job_of(desk).state, job_of(desk).ro_number) == (OPPORTUNITY, None)
    act.convert(number, "26-78")
    act.mark_delivered(number, TODAY)
    assert job_of(desk).state == DELIVERED and kinds(desk, job_of(desk), "waiting") == ["job"]
    act.undo(number)
    assert job_of(desk).state == REPAIR_ORDER and kinds(desk, job_of(desk)) == [], "unsent: dropped"
    act.mark_delivered(number, TODAY)
    assert desk.cycle().answers == {"kept": 1}
    act.undo(number)
    assert desk.cycle().answers == {"withdrawn": 1}, "sent: withdrawn"
    assert desk.central.rows("SELECT state FROM sample") == [("withdrawn",)]
    act.mark_delivered(number, TODAY)
    desk.cycle()
    desk.central.clock.pass_time(86400)
    act.undo(number)
    assert job_of(desk).state == DELIVERED, "the next day it stays"


def test_undo_of_a_delivery_under_create_only_corrects_the_date(desk: Desk) -> None:
    desk.put(estimate())
    desk.cycle()
    desk.shop.jobs.mark_delivered(job_of(desk).id, TODAY)
    desk.cycle()
    desk.shop.jobs.undo(job_of(desk).id)
    assert desk.cycle().answers == {"kept": 1}
    assert desk.central.rows("SELECT delivered_on, last_name FROM job") == [(None, "Gagné 1")]


def test_a_job_by_hand_is_sent_and_the_estimate_that_comes_later_joins_it(desk: Desk) -> None:
    given = made_job(
        job_key="", ro_number="26-9", insurer_name="Assurances Exemple inc.", make="Mazda", email="a@example.com"
    )
    with pytest.raises(InputRefused, match="name"):
        desk.shop.jobs.new_job(desk.central.shops["North"], given)
    given = with_facts(given, last_name="Gagné", email="typed@example.com")
    desk.shop.jobs.new_job(desk.central.shops["North"], given)
    assert desk.cycle().answers == {"kept": 1}
    desk.put(estimate(ro_number="26-9"))
    assert desk.cycle().answers == {"kept": 1}
    (job,) = desk.jobs()
    assert (job.vehicle.vin, job.contact.email, job.contact.first_name, job.vehicle.make) == (
        "VIN1",
        "typed@example.com",
        "Éloïse",
        "Mazda",
    )
    assert desk.central.rows("SELECT count(*) FROM job") == [(1,)]


def test_numbers_that_come_late_join_exactly_one_candidate(desk: Desk) -> None:
    car = Vehicle(vin="1HGCM82633A004352", make="Honda")
    desk.put(estimate(estimate_id=None, vehicle=car))
    desk.cycle()
    (before,) = desk.jobs()
    assert before.job_key.startswith("vin:") and "1HGCM" not in before.job_key.upper(), "a VIN never leaves in a key"
    desk.put(estimate(base="5e1f0002", export_id="5e1f0002", ro_number="26-1", vehicle=car, version="S01"))
    desk.cycle()
    (job,) = desk.jobs()
    assert (job.version, job.ro_number) == ("S01", "26-1")
    assert desk.central.rows("SELECT count(*) FROM job") == [(1,)]


def test_two_estimates_of_one_repair_are_asked_about_and_wait(desk: Desk) -> None:
    desk.put(estimate(1, vehicle=Vehicle(vin="1HGCM82633A004352")))
    desk.cycle()
    insurer = estimate(1).insurer
    desk.put(estimate(2, vehicle=Vehicle(vin="1HGCM82633A004352"), insurer=insurer, system="M", estimate_id="guid-2"))
    assert desk.cycle().answers == {}
    job = job_of(desk, 2)
    assert job.unsure and len(desk.shop.store.read.suggestions()) == 1
    with pytest.raises(InputRefused, match="job of its own"):
        desk.shop.jobs.send_now(job.id)
    desk.shop.jobs.join(job_of(desk, 1).id, job.id)
    desk.cycle()
    assert [one.job_key for one in desk.jobs() if not one.is_gone] == ["C:guid1"]
    details = desk.shop.store.read.details(job_of(desk, 1).id)
    assert details is not None and len(details.versions) == 2 and not desk.shop.store.read.suggestions()
    desk.put(
        estimate(2, vehicle=Vehicle(vin="1HGCM82633A004352"), insurer=insurer, system="M", version="S01", ro_number="9")
    )
    desk.cycle()
    assert job_of(desk, 1).version == "S01", "later exports of the joined one follow it"
    assert desk.central.rows("SELECT count(*) FROM job WHERE withdrawn_at IS NULL") == [(1,)]


def test_jobs_kept_apart_are_sent_on_their_own(desk: Desk) -> None:
    insurer = estimate(1).insurer
    for number, system in ((1, "C"), (2, "M")):
        desk.put(estimate(number, vehicle=Vehicle(vin="1HGCM82633A004352"), insurer=insurer, system=system))
        desk.cycle()
    desk.shop.jobs.keep_apart(job_of(desk, 2).id)
    assert desk.cycle().answers == {"kept": 1}
    assert desk.central.rows("SELECT count(*) FROM job") == [(2,)]


def test_a_number_used_again_for_another_vehicle_is_kept_apart_and_asked(desk: Desk) -> None:
    desk.put(estimate(vehicle=Vehicle(vin="1HGCM82633A004352")))
    desk.cycle()
    other = Customer("owner", "Marc", "Tremblay", None, "m@example.com", (), Address())
    desk.put(estimate(vehicle=Vehicle(vin="2T1BR32E54C123456"), customer=other, version="S01"))
    assert desk.cycle().answers == {}
    first, second = sorted(desk.jobs(), key=lambda job: job.id)
    assert (first.contact.last_name, second.contact.last_name, second.unsure) == ("Gagné 1", "Tremblay", True)
    desk.put(estimate(vehicle=Vehicle(vin="2T1BR32E54C123456"), customer=other, version="S02"))
    desk.cycle()
    assert len(desk.jobs()) == 2, "the next export finds its own job"
    desk.shop.jobs.keep_apart(second.id)
    assert desk.cycle().answers == {"kept": 1}


def test_a_corrected_vin_is_no_other_vehicle(desk: Desk) -> None:
    desk.put(estimate(vehicle=Vehicle(vin="1HGCM82633A004352")))
    desk.cycle()
    desk.put(estimate(vehicle=Vehicle(vin="1HGCM82633A004325"), version="S01"))
    desk.cycle()
    (job,) = desk.jobs()
    assert job.vehicle.vin == "1HGCM82633A004325" and not job.unsure


def test_changing_the_rule_says_first_what_it_does_and_leaves_present_jobs_alone(desk: Desk) -> None:
    rule(desk, "never")
    for number in (1, 2, 3):
        desk.put(estimate(number, ro_number=f"26-{number}" if number < 3 else None))
    desk.cycle()
    said = desk.shop.jobs.preview_rule("convert")
    assert (said.would_send, said.waiting, said.sent) == (2, 0, 0)
    assert desk.shop.jobs.preview_rule("never").would_send == 0
    rule(desk, "convert")
    assert desk.cycle().answers == {}
    assert sorted(job.skipped for job in desk.jobs()) == [False, True, True]
    desk.put(estimate(3, ro_number="26-3", created_at=datetime(2026, 11, 2, 10, 0)))
    assert desk.cycle().answers == {"kept": 1}, "what happens from now on is sent"
    desk.shop.jobs.send_now(job_of(desk, 1).id)
    assert desk.cycle().answers == {"kept": 1}
    assert desk.shop.jobs.preview_rule("create").would_send == 1
    rule(desk, "create", send_present=True)
    assert desk.cycle().answers == {"kept": 1}


def test_a_rule_with_a_cut_off_folder_says_only_what_it_would_send(desk: Desk) -> None:
    rule(desk, "never")
    desk.shop.folders.save([FolderSetting(str(desk.share), desk.central.shops["North"], cutoff=TODAY)])
    desk.put(estimate(1, created_at=datetime(2025, 3, 1, 9, 0)))
    desk.put(estimate(2, created_at=datetime(2026, 11, 2, 9, 0)))
    desk.cycle()
    assert desk.shop.jobs.preview_rule("create").would_send == 1
    rule(desk, "create", send_present=True)
    assert desk.cycle().answers == {"kept": 1}


def test_programmes_that_change_offer_the_jobs_they_may_want(desk: Desk) -> None:
    foreign = replace(estimate(1).insurer, name="Spécimen Casualty")
    desk.put(estimate(1, insurer=foreign))
    assert desk.cycle().answers == {"filtered": 1}
    assert desk.shop.collecting.state().offer == 0
    with desk.central.service.admin() as connection:
        connection.exec_driver_sql("UPDATE programme SET match_names = match_names || '{specimencasualty}'")
    desk.central.clock.pass_time(86400)
    desk.cycle()
    assert desk.shop.collecting.state().offer == 1
    assert desk.shop.jobs.send_offered() == 1
    assert desk.cycle().answers == {"kept": 1}
    assert desk.shop.collecting.state().offer == 0


def test_erasing_a_customer_is_confirmed_back_and_nothing_of_them_is_left(desk: Desk) -> None:
    desk.put(estimate(1, ro_number="26-1"))
    desk.put(estimate(2))
    desk.cycle()
    job = job_of(desk, 1)
    exported = json.loads(desk.shop.jobs.export([job.id]))
    assert exported[0]["job"]["vin"] and exported[0]["job"]["service"]["state"] == job.service_state
    assert exported[0]["job"]["last_name"] == "Gagné 1" and exported[0]["sent"][0]["message"]["contact"]["email"]
    desk.shop.jobs.erase([job.id])
    assert not desk.shop.store.read.jobs("Gagné 1"), "the search has forgotten too"
    assert desk.cycle().answers == {"erased": 1}
    after = next(one for one in desk.jobs() if one.id == job.id)
    assert (
        after.erased_at_utc
        and after.service_state == "erased"
        and after.contact.name == ""
        and after.vehicle.vin is None
    )
    desk.put(estimate(1, ro_number="26-1", version="S01", created_at=datetime(2026, 11, 2, 11, 0)))
    assert desk.cycle().imports == {"erased": 1}
    desk.shop.stop()
    for path in (desk.folder / "data").rglob("*"):
        assert path.is_dir() or b"Gagn" not in path.read_bytes()
    from repaircenter.store import keys

    options = desk.shop.options
    key = desk.shop.secrets.get(keys.key_name(options.data_folder / "store.db"))
    assert key is not None
    assert "Gagné 1" not in plain(options.data_folder / "store.db", key) and "Gagné 2" in plain(
        options.data_folder / "store.db", key
    )


def plain(path: Path, key: str) -> str:
    """Every byte of the store's pages, decrypted."""
    from repaircenter.store.engine import connect

    connection = connect(path, key)
    target = path.with_suffix(".plain")
    connection.execute(f"ATTACH DATABASE '{target}' AS plain KEY ''")
    connection.execute("SELECT sqlcipher_export('plain')")
    connection.execute("DETACH DATABASE plain")
    connection.close()
    found = target.read_bytes().decode("utf-8", "replace")
    target.unlink()
    return found


def test_a_lost_store_learns_from_the_service_who_was_erased(desk: Desk) -> None:
    desk.put(estimate(1))
    desk.cycle()
    desk.shop.jobs.erase([job_of(desk).id])
    desk.cycle()
    desk.shop.stop()
    for path in (desk.folder / "data").glob("store.db*"):
        path.unlink()
    desk.shop = desk.start()
    assert desk.cycle().answers == {"erased": 1}
    (job,) = desk.jobs()
    assert job.erased_at_utc and job.contact.name == ""


def test_finished_jobs_are_blanked_after_the_months_the_shop_chose(desk: Desk) -> None:
    desk.put(estimate(1, ro_number="26-1", dates=OUT))
    desk.cycle()
    desk.shop.jobs.put_setting("keep_months", "6")
    desk.central.clock.pass_time(170 * 86400)
    desk.put(estimate(2))
    desk.cycle()
    assert job_of(desk, 1).contact.name
    desk.central.clock.pass_time(20 * 86400)
    before = len(desk.central.rows("SELECT 1 FROM intake_key"))
    desk.cycle()
    blank = job_of(desk, 1)
    details = desk.shop.store.read.details(blank.id)
    assert (
        blank.contact.name == "" and blank.ro_number == "26-1" and blank.blanked_at_utc and job_of(desk, 2).contact.name
    )
    assert details is not None and details.versions[0].content == "{}" and details.outbox[0].payload == ""
    desk.cycle()
    assert len(desk.central.rows("SELECT 1 FROM intake_key")) == before, "blanking sends nothing"


def test_a_rebuilt_store_asks_before_a_backlog_and_sends_only_what_is_new(desk: Desk) -> None:
    for number in range(1, 31):
        desk.put(estimate(number))
    desk.cycle()
    desk.shop.stop()
    for path in (desk.folder / "data").glob("store.db*"):
        path.unlink()
    desk.shop = desk.start()
    for number in range(31, 34):
        desk.put(estimate(number))
    sent: list[int] = []
    client = desk.shop.collector_client
    assert client is not None

    def counted(batch: Any, ask: Callable[[Any], Any]) -> Any:
        sent.append(len(batch.items))
        return ask(batch)

    intercept(client, endpoints.SEND_JOBS, counted)
    assert desk.cycle().answers == {"already_have": 30, "kept": 3}
    assert sum(sent) == 3


def test_the_shops_own_rhythm_tells_silence_from_a_quiet_day(desk: Desk) -> None:
    clock = desk.central.clock
    number = 0
    desk.cycle()
    for day in range(21):
        clock.jump_to(datetime.fromisoformat("2026-11-02T16:00:00+00:00") + timedelta(days=day))
        if day % 7 < 5:
            for _ in range(3):
                number += 1
                desk.put(estimate(number))
        desk.cycle()
    last = desk.jobs()[0].received_at_utc
    clock.jump_to(datetime.fromisoformat("2026-11-22T23:00:00+00:00"))
    desk.cycle()
    assert desk.shop.collector.state.silences == (), "Sunday evening: nothing is usual"
    clock.jump_to(datetime.fromisoformat("2026-11-25T15:00:00+00:00"))
    desk.cycle()
    (silence,) = desk.shop.collector.state.silences  # type: ignore[misc]
    assert (silence.stage, silence.cause, silence.since_utc) == ("sets", "no_exports", last)
    assert silence.usual_a_week == 15.0
