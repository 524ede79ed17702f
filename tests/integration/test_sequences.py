"""Sequences of actions after which shop and service must believe the same (finds of hostile readings, issue 4)."""

import contextlib
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from repaircenter.ems.estimate import RepairFacility, Totals, Vehicle
from repaircenter.runtime.errors import InputRefused
from repaircenter.shop.jobs import erasure
from repaircenter.shop.model.job import Job
from repaircenter.shop.model.outbox import SEND_RULES
from repaircenter.shop.outbox.messages import job_message
from repaircenter.uplink.collector import CollectorClient
from repaircenter.wire import endpoints
from repaircenter.wire.content import content_digest
from tests.conftest import Central
from tests.fakes.service import intercept
from tests.integration.test_collector import Desk, estimate
from tests.integration.test_connection import fill, waiting
from tests.integration.test_sending import OUT, TODAY, contact, job_of, kinds, plain, rule

CAR = Vehicle(vin="1HGCM82633A004352")


@pytest.fixture
def desk(central: Central, tmp_path: Path) -> Iterator[Desk]:
    found = Desk(central, tmp_path / "pc")
    yield found
    found.shop.stop()


def alike(desk: Desk, *numbers: int) -> list[Job]:
    """Estimates of one repair from several systems; the later ones are asked about."""
    insurer = estimate(1).insurer
    for number, system in zip(numbers, "CMA", strict=False):
        desk.put(estimate(number, vehicle=CAR, insurer=insurer, system=system))
        desk.cycle()
    return [job_of(desk, number) for number in numbers]


def test_a_row_of_a_shop_that_was_lost_blocks_nobody(desk: Desk) -> None:
    fill(desk, 1, 25)
    row = waiting(desk)[7]
    with desk.shop.store.write() as uow:
        uow.outbox.put(replace(row, shop_id=desk.central.shops["Other"]))
    for _ in range(4):
        desk.cycle()
    counts = desk.shop.store.read.counts(desk.central.clock.now_utc())
    assert (counts.sent, counts.refused, counts.to_send) == (24, 1, 0)
    assert desk.shop.collector.state.connection.name == "connected"


def test_joining_two_of_three_keeps_the_third_question_open(desk: Desk) -> None:
    one, two, three = alike(desk, 1, 2, 3)
    desk.shop.jobs.join(one.id, two.id)
    third = job_of(desk, 3)
    assert third.unsure and [(s.job_id, s.other_id) for s in desk.shop.store.read.suggestions()] == [
        (three.id, one.id),
        (three.id, one.id),
    ]
    desk.cycle()
    assert desk.central.rows("SELECT count(*) FROM job") == [(1,)]
    desk.shop.jobs.keep_apart(third.id)
    assert desk.cycle().answers == {"kept": 1} and not desk.shop.store.read.suggestions()


def test_joins_of_joins_are_followed_to_the_end(desk: Desk) -> None:
    one, two, three = alike(desk, 1, 2, 3)
    desk.shop.jobs.join(two.id, one.id)
    desk.shop.jobs.join(three.id, two.id)
    desk.put(estimate(1, vehicle=CAR, insurer=estimate(1).insurer, version="S01"))
    desk.cycle()
    assert job_of(desk, 3).version == "S01"


def test_undo_takes_nothing_back_that_the_files_brought_since(desk: Desk) -> None:
    rule(desk, "delivery")
    desk.put(estimate())
    desk.cycle()
    desk.shop.jobs.convert(job_of(desk).id, "26-1")
    desk.put(estimate(ro_number="26-1", dates=OUT, created_at=datetime(2026, 11, 2, 10, 0)))
    assert desk.cycle().answers == {"kept": 1}
    desk.shop.jobs.undo(job_of(desk).id)
    assert desk.cycle().answers == {} and job_of(desk).state == "delivered"


def test_excluded_jobs_are_not_left_behind_by_another_rule(desk: Desk) -> None:
    rule(desk, "delivery")
    desk.put(estimate())
    desk.cycle()
    desk.shop.jobs.exclude(job_of(desk).id)
    rule(desk, "create")
    desk.shop.jobs.include(job_of(desk).id)
    assert desk.cycle().answers == {"kept": 1}


def test_erasing_a_customer_takes_joined_jobs_with_it(desk: Desk) -> None:
    one, two = alike(desk, 1, 2)
    desk.shop.jobs.join(one.id, two.id)
    desk.cycle()
    desk.shop.jobs.erase([one.id])
    assert desk.cycle().answers == {"erased": 2}
    assert desk.central.rows("SELECT count(*) FROM erased_job") == [(2,)]
    desk.shop.stop()
    from repaircenter.store import keys

    path = desk.shop.options.data_folder / "store.db"
    key = desk.shop.secrets.get(keys.key_name(path))
    assert key is not None and "Gagn" not in plain(path, key) and CAR.vin not in plain(path, key)


def test_excluding_again_after_the_invitation_blanks_the_service_again(desk: Desk) -> None:
    desk.shop.jobs.put_setting("exclude_always", "yes")
    desk.put(estimate(ro_number="26-1", dates=OUT))
    desk.cycle()
    desk.central.clock.pass_time(30 * 86400)
    desk.central.wait()
    desk.cycle()
    number = job_of(desk).id
    for action in (desk.shop.jobs.exclude, desk.shop.jobs.include, desk.shop.jobs.exclude):
        action(number)
        desk.cycle(40)
    assert desk.central.rows("SELECT email, last_name FROM job") == [(None, None)]


def test_erasing_while_the_message_is_on_its_way_brings_nothing_back(desk: Desk) -> None:
    desk.cycle()
    fill(desk, 1, 1)
    client: CollectorClient | None = desk.shop.collector_client
    assert client is not None
    job = job_of(desk)
    answers: list[Any] = []

    def send(batch: Any, ask: Callable[[Any], Any]) -> Any:
        """The customer is erased between sending and the first answer."""
        answers.append(ask(batch))
        if len(answers) > 1:
            return answers[-1]
        with desk.shop.store.write() as uow:
            found = uow.jobs.find(job.id)
            assert found is not None
            erasure.erase(uow, found, desk.central.clock.now_utc())
        return answers[-1]

    intercept(client, endpoints.SEND_JOBS, send)
    desk.cycle()
    desk.cycle()
    details = desk.shop.store.read.details(job.id)
    assert details is not None and details.job.service_state == "erased" and details.job.contact.name == ""
    assert [row.kind for row in details.outbox] == ["erase"] and not details.outbox[0].payload
    assert desk.central.rows("SELECT count(last_name) FROM job") == [(0,)]


def test_a_blanked_job_never_wipes_what_the_service_holds(desk: Desk) -> None:
    rule(desk, "create")
    desk.put(estimate(ro_number="26-1"))
    desk.cycle()
    desk.shop.jobs.edit_contact(job_of(desk).id, contact(job_of(desk), email="typed@example.com"))
    desk.cycle()
    desk.shop.jobs.put_setting("keep_months", "1")
    desk.central.clock.pass_time(200 * 86400)
    desk.cycle()
    assert job_of(desk).contact.name == ""
    desk.shop.jobs.mark_delivered(job_of(desk).id, TODAY + timedelta(days=200))
    desk.cycle()
    assert desk.central.rows("SELECT email FROM job") == [("typed@example.com",)]


def test_a_job_whose_survey_may_still_come_is_not_blanked(desk: Desk) -> None:
    desk.shop.jobs.put_setting("keep_months", "1")
    desk.put(estimate(ro_number="26-1"))
    desk.cycle(40)
    assert job_of(desk).service_state == "ageing"
    desk.central.clock.pass_time(45 * 86400)
    desk.cycle(40)
    assert job_of(desk).contact.name


def test_try_again_sends_nothing_a_person_excluded_and_takes_nothing_back_that_was_included(desk: Desk) -> None:
    desk.shop.jobs.put_setting("exclude_always", "yes")
    fill(desk, 1, 1)
    job = job_of(desk)
    with desk.shop.store.write() as uow:
        uow.outbox.put(replace(waiting(desk)[0], state="refused", last_status="bad_value"))
        uow.jobs.save(replace(job, sent_digest=None))
    desk.shop.jobs.exclude(job.id)
    desk.shop.jobs.try_again([one.row.id for one in desk.shop.store.read.messages(("refused",))])
    assert desk.cycle().answers == {} and kinds(desk, job, "waiting") == []
    desk.shop.jobs.include(job.id)
    assert desk.cycle().answers == {"kept": 1}
    desk.shop.jobs.put_setting("sending_stopped", "yes")
    desk.shop.jobs.exclude(job.id)
    (row,) = waiting(desk)
    with desk.shop.store.write() as uow:
        uow.outbox.put(replace(row, state="refused", last_status="bad_value"))
    desk.shop.jobs.include(job.id)
    desk.shop.jobs.put_setting("sending_stopped", "no")
    desk.cycle()
    desk.shop.jobs.try_again([row.id])
    assert desk.cycle().answers == {} and desk.central.rows("SELECT count(last_name) FROM job") == [(1,)]


def test_two_facilities_with_one_number_in_one_shop_are_asked_about(desk: Desk) -> None:
    desk.by_facility()
    for number, tax in ((1, "TAX-A"), (2, "TAX-B")):
        desk.put(estimate(number, estimate_id="guid-1", shop=RepairFacility(f"Shop {tax}", None, None, tax)))
    desk.cycle()
    north = desk.central.shops["North"]
    for facility in desk.shop.store.read.facilities():
        desk.shop.jobs.confirm_facility(facility, north)
    assert desk.cycle().answers == {"kept": 1}
    second = next(job for job in desk.jobs() if job.unsure)
    desk.shop.jobs.keep_apart(second.id)
    assert desk.cycle().answers == {"kept": 1}
    assert desk.central.rows("SELECT count(*) FROM job") == [(2,)]
    late = estimate(2, estimate_id="guid-1", version="S01", shop=RepairFacility("Shop TAX-B", None, None, "TAX-B"))
    desk.put(late)
    desk.cycle()
    assert {job.version for job in desk.jobs()} == {"E01", "S01"} and len(desk.jobs()) == 2


def test_a_join_keeps_what_a_person_wrote_and_takes_no_exclusion_over(desk: Desk) -> None:
    desk.shop.jobs.put_setting("exclude_always", "yes")
    one, two = alike(desk, 1, 2)
    desk.shop.jobs.edit_contact(two.id, contact(two, company="Typed Co"))
    desk.shop.jobs.exclude(two.id)
    desk.shop.jobs.join(one.id, two.id)
    desk.cycle()
    kept = job_of(desk, 1)
    assert kept.contact.company == "Typed Co" and "company" in kept.entered and not kept.excluded
    assert desk.central.rows("SELECT company FROM job WHERE withdrawn_at IS NULL") == [("Typed Co",)]


def test_a_set_that_cannot_be_opened_keeps_no_job_of_a_cut_off_folder_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from repaircenter.shop.model.folder import FolderSetting

    desk.shop.folders.save([FolderSetting(str(desk.share), desk.central.shops["North"], cutoff=TODAY)])
    desk.put(estimate(1, created_at=datetime(2026, 11, 2, 9, 0)))
    desk.put(estimate(2, created_at=datetime(2026, 11, 2, 9, 0)))
    from repaircenter.share import files

    real = files.open_shared  # type: ignore[attr-defined]

    def busy(path):  # type: ignore[no-untyped-def]
        if "5e1f0002" in str(path):
            raise PermissionError(13, "in use")
        return real(path)

    monkeypatch.setattr(files, "open_shared", busy)
    for _ in range(20):
        desk.cycle(60)
    assert desk.central.rows("SELECT count(*) FROM job") == [(1,)]


def test_a_thief_and_the_owner_cannot_both_stay_signed_in(central: Central) -> None:
    from repaircenter.shop.ports import NotSignedIn
    from repaircenter.uplink.http import Http
    from repaircenter.uplink.person import PersonClient
    from tests.conftest import PASSWORD
    from tests.fakes.secrets import MemorySecrets

    owner, thief = MemorySecrets(), MemorySecrets()
    PersonClient(Http(central.address), owner).sign_in("staff@one.example", PASSWORD, stay=True)
    thief.put("person", owner.get("person") or "")
    PersonClient(Http(central.address), owner).resume()
    with pytest.raises(NotSignedIn):
        PersonClient(Http(central.address), thief).resume()
    with pytest.raises(NotSignedIn):
        PersonClient(Http(central.address), owner).resume()


def test_signing_out_ends_the_session_too(central: Central) -> None:
    from repaircenter.shop.ports import NotSignedIn
    from repaircenter.uplink.http import Http
    from repaircenter.uplink.person import PersonClient
    from tests.conftest import PASSWORD
    from tests.fakes.secrets import MemorySecrets

    client = PersonClient(Http(central.address), MemorySecrets())
    answer = client.sign_in("staff@one.example", PASSWORD)
    client.sign_out()
    with pytest.raises(NotSignedIn):
        Http(central.address).call(endpoints.REPORTS, token=answer.token)


@pytest.mark.parametrize("seed", range(6))
def test_after_any_sequence_shop_and_service_believe_the_same(desk: Desk, seed: int) -> None:
    """Imports, people, rules and pauses in any order: what the service holds is what the shop means it to hold."""
    rng = random.Random(seed)
    act, store = desk.shop.jobs, desk.shop.store
    act.put_setting("exclude_always", "yes")
    versions = dict.fromkeys((1, 2, 3), 0)

    def export() -> None:
        number = rng.choice(list(versions))
        versions[number] += 1
        fields: dict[str, object] = {"version": f"S{versions[number]:02}"}
        if rng.random() < 0.6:
            fields["ro_number"] = f"26-{number}"
        if rng.random() < 0.4:
            fields["dates"] = OUT
        fields["totals"] = Totals(gross=Decimal(rng.randrange(100, 900)))
        desk.put(estimate(number, created_at=datetime(2026, 11, 2, 9, versions[number] % 60), **fields))

    def on_a_job(action: Callable[[int], object]) -> None:
        jobs = desk.jobs()
        if jobs:
            with contextlib.suppress(InputRefused):
                action(rng.choice(jobs).id)

    def edited(number: int) -> None:
        job = next(one for one in desk.jobs() if one.id == number)
        act.edit_contact(number, contact(job, email=f"{rng.randrange(99)}@example.com"))

    steps: list[Callable[[], object]] = [
        export,
        export,
        lambda: desk.cycle(),
        lambda: desk.cycle(),
        lambda: on_a_job(lambda n: act.convert(n, "26-x")),
        lambda: on_a_job(lambda n: act.mark_delivered(n, TODAY)),
        lambda: on_a_job(act.undo),
        lambda: on_a_job(act.exclude),
        lambda: on_a_job(act.include),
        lambda: on_a_job(act.send_now),
        lambda: on_a_job(edited),
        lambda: act.put_setting("sending_stopped", rng.choice(("yes", "no"))),
        lambda: act.change_rule(rng.choice(SEND_RULES), send_present=rng.random() < 0.5),
        lambda: on_a_job(lambda n: act.erase([n]) if rng.random() < 0.1 else None),
    ]
    for _ in range(70):
        rng.choice(steps)()
    act.put_setting("sending_stopped", "no")
    for _ in range(3):
        desk.cycle(40)
    assert waiting(desk) == [] and store.read.messages(("refused", "parked")) == []
    held = {
        str(key): (name, digest)
        for key, name, digest in desk.central.rows("SELECT job_key, last_name, digest FROM job")
    }
    for job in desk.jobs():
        name, digest = held.get(job.job_key, (None, None))
        if job.sent_digest is None or job.excluded or job.erased_at_utc is not None:
            assert name is None, f"the service holds a job the shop took back: {job}"
        else:
            assert name and digest == content_digest(job_message(job, None)), f"the service holds something else: {job}"
