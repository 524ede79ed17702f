"""Changes reach a desk that waits, once, in the caller's scope, and none is passed over (14.6, MODULES 2)."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from repaircenter.central.db.connections import WORKER
from repaircenter.shop.ports import NotSignedIn, ServiceRefused
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.wire import endpoints
from repaircenter.wire.envelope import BatchRequest
from repaircenter.wire.feed import Change, ChangesAnswer, ChangesRequest
from tests.conftest import PASSWORD, Central
from tests.fakes.secrets import MemorySecrets
from tests.integration.test_service import envelope, message


def client_of(central: Central, email: str = "admin@one.example") -> CollectorClient:
    client = CollectorClient(Http(central.address), MemorySecrets())
    client.pair(email, PASSWORD, "pc")
    client.open_session()
    return client


@pytest.fixture
def client(central: Central) -> CollectorClient:
    return client_of(central)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as workers:
        yield workers


def ask(client: CollectorClient, after: str = "", wait_seconds: float = 0.0) -> ChangesAnswer:
    return client.call(endpoints.CHANGES, ChangesRequest(after=after, wait_seconds=wait_seconds))


def send(central: Central, client: CollectorClient, number: int, shop: str = "North") -> None:
    item = envelope(central, message(number), f"k{number}", shop=shop)
    client.call(endpoints.SEND_JOBS, BatchRequest(items=[item]))


def touch(central: Central, number: int) -> None:
    """Something happens to a job's survey."""
    with central.parts.worker.scoped(WORKER) as connection:
        connection.execute(
            text("UPDATE sample SET reason = 'x' WHERE job_id = (SELECT id FROM job WHERE job_key = :key)"),
            {"key": f"C:{number}"},
        )


def change(central: Central, number: int, shop: str = "North") -> Change:
    return Change(kind="job", shop_id=central.shops[shop], key=f"C:{number}")


def test_the_first_answer_says_look_at_everything_and_where_to_go_on(central: Central, client: CollectorClient) -> None:
    send(central, client, 1)
    first = ask(client)
    assert first.everything and first.changes == []
    assert ask(client, first.next) == ChangesAnswer(changes=[], next=first.next)
    touch(central, 1)
    second = ask(client, first.next)
    assert second.changes == [change(central, 1)] and not second.everything
    assert ask(client, second.next).changes == []
    assert ask(client, first.next).changes == second.changes, "an answer that got lost comes again"


def test_a_waiting_desk_hears_of_a_change_at_once(
    central: Central, client: CollectorClient, pool: ThreadPoolExecutor
) -> None:
    send(central, client, 1)
    other = client_of(central)
    place = ask(other).next
    waiting = pool.submit(ask, other, place, 25.0)
    time.sleep(0.3)
    began = time.monotonic()
    touch(central, 1)
    assert waiting.result(10).changes == [change(central, 1)]
    assert time.monotonic() - began < 5, "25 s were waited for"


def test_each_step_of_a_survey_is_told(central: Central, client: CollectorClient) -> None:
    send(central, client, 1)
    place = ask(client).next
    central.clock.pass_time(20 * 86400)
    central.wait()
    client.open_session()
    answer = ask(client, place)
    assert answer.changes == [change(central, 1)], "several changes of one job are one question"
    with central.service.admin() as connection:
        connection.execute(text("UPDATE invitation SET answered_at = now()"))
    assert ask(client, answer.next).changes == [change(central, 1)]


def test_nobody_hears_of_another_organisation(
    central: Central, client: CollectorClient, pool: ThreadPoolExecutor
) -> None:
    stranger = client_of(central, "admin@two.example")
    send(central, client, 1)
    place = ask(stranger).next
    waiting = pool.submit(ask, stranger, place, 1.0)
    touch(central, 1)
    assert waiting.result(10).changes == [] and ask(stranger, place).changes == []
    seen = ask(client_of(central), place)
    assert seen.changes == [change(central, 1)]


def test_a_change_that_commits_late_is_not_passed_over(central: Central, client: CollectorClient) -> None:
    """A transaction that began first and commits last: its change comes, in front of it nothing is told for good."""
    for number in (1, 2):
        send(central, client, number)
    place = ask(client).next
    update = text("UPDATE sample SET reason = 'x' WHERE id = (SELECT min(id) + :n FROM sample)")
    with central.parts.worker.scoped(WORKER) as slow:
        slow.execute(update, {"n": 0})
        with central.parts.worker.scoped(WORKER) as fast:
            fast.execute(update, {"n": 1})
        between = ask(client, place)
        assert between.changes == [], "the fast one waits for the slow one"
    told = ask(client, between.next).changes
    assert sorted(change.key for change in told) == ["C:1", "C:2"]


def test_changes_under_way_reach_a_waiting_desk_without_another_ring(
    central: Central, client: CollectorClient, pool: ThreadPoolExecutor
) -> None:
    """The ring of a fast transaction comes while a slow one of another shop is still open."""
    send(central, client, 1)
    place = ask(client).next
    waiting = pool.submit(ask, client, place, 20.0)
    with central.parts.worker.scoped(WORKER) as slow:
        slow.execute(text("SELECT pg_current_xact_id()"))
        with central.parts.worker.scoped(WORKER) as fast:
            fast.execute(text("UPDATE sample SET reason = 'x'"))
        time.sleep(0.5)
        assert not waiting.done()
    assert waiting.result(5).changes == [change(central, 1)]


def test_many_desks_wait_and_the_others_are_served(
    central: Central, client: CollectorClient, pool: ThreadPoolExecutor
) -> None:
    """Those who wait hold neither a thread nor a connection: more of them than the service has of either."""
    send(central, client, 1)
    place = ask(client).next
    with ThreadPoolExecutor(40) as many:
        waiting = [many.submit(ask, client, place, 20.0) for _ in range(40)]
        time.sleep(1.0)
        assert pool.submit(ask, client, place).result(3).changes == []
        assert central.parts.web.engine.pool.checkedout() <= 1  # type: ignore[attr-defined]
        touch(central, 1)
        assert {len(one.result(10).changes) for one in waiting} == {1}


def test_a_service_that_stops_lets_go_of_those_who_wait(central: Central, client: CollectorClient) -> None:
    place, ended = ask(client).next, []

    def wait() -> None:
        ended.append(ask(client, place, 25.0))

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.5)
    began = time.monotonic()
    central.service.stop()
    thread.join(10)
    assert len(ended) == 1 and time.monotonic() - began < 4


def test_a_place_of_another_database_begins_anew_and_a_made_up_one_is_refused(
    central: Central, client: CollectorClient
) -> None:
    assert ask(client, f"{2**62}.0").everything
    for place in ("x", "1", "-1.0", "1.0 OR true"):
        with pytest.raises(ServiceRefused):
            ask(client, place)


def test_a_session_that_ends_while_one_waits_is_over(
    central: Central, client: CollectorClient, pool: ThreadPoolExecutor
) -> None:
    place = ask(client).next
    waiting = pool.submit(ask, client, place, 20.0)
    time.sleep(0.3)
    central.clock.pass_time(86400)
    with central.service.admin() as connection:
        connection.execute(text("SELECT pg_notify('rc_feed', id::text) FROM shop"))
    with pytest.raises(NotSignedIn):
        waiting.result(10)
