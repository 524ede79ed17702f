"""A service that grows beyond one machine: requests by way of pgbouncer, reports from a copy (MODULES 6)."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest
import requests
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import OperationalError

from repaircenter.assembly.central import CentralService
from repaircenter.central.db.connections import NOTHING, elsewhere
from repaircenter.central.reporting import runs
from repaircenter.central.reporting.catalogue import REPORTS
from repaircenter.central.reporting.parameters import YEAR
from repaircenter.central.reporting.report import Request
from repaircenter.shop.service.report_run import RunFailed, run_to_end
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import endpoints
from repaircenter.wire.document.parts import Part
from repaircenter.wire.feed import ChangesRequest
from repaircenter.wire.reports import RunRequest
from tests.conftest import PASSWORD, Central
from tests.fakes.passwords import CHEAP
from tests.fakes.secrets import MemorySecrets
from tests.integration.servers import HAS_PGBOUNCER, copy_of, pgbouncer
from tests.integration.test_feed import touch
from tests.integration.test_service import answered, client, message, ripen, send

__all__ = ["client"]


@pytest.mark.parametrize(
    ("place", "address"),
    [
        ("db.example", "postgresql://me:x@db.example/base"),
        ("db.example:6432", "postgresql://me:x@db.example:6432/base"),
        ("127.0.0.1:1", "postgresql://me:x@127.0.0.1:1/base"),
        ("[::1]:6432", "postgresql://me:x@[::1]:6432/base"),
        ("::1", "postgresql://me:x@[::1]/base"),
        ("/run/pg", "postgresql://me:x@/base?host=%2Frun%2Fpg"),
        ("/run/pg:6432", "postgresql://me:x@/base?host=%2Frun%2Fpg&port=6432"),
    ],
)
@pytest.mark.parametrize("own", ["postgresql://me:x@first:5432/base", "postgresql://me:x@/base?host=%2Fown"])
def test_the_same_database_elsewhere(own: str, place: str, address: str) -> None:
    assert elsewhere(make_url(own), place).render_as_string(hide_password=False) == address


def test_the_way_to_it_is_kept_as_well_as_before() -> None:
    own = make_url("postgresql://me:x@db:5432/base?sslmode=verify-full&sslrootcert=%2Fca.pem&hostaddr=10.0.0.1")
    assert dict(elsewhere(own, "pool:6432").query) == {"sslmode": "verify-full", "sslrootcert": "/ca.pem"}
    assert elsewhere(own, "/run/pg").query["sslmode"] == "verify-full"


def test_a_report_that_the_copy_took_back_is_read_in_the_database(
    central: Central, client: CollectorClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, and only before its first part is there; what the database itself takes back has failed."""
    answered(central, client, 3)
    begun: list[object] = []
    real = runs._parts

    def parts(connection: Connection, request: Request) -> Iterator[Part]:
        begun.append(connection)
        if len(begun) < 2 or len(begun) > 2:
            raise OperationalError("conflict with recovery", None, Exception())
        yield from real(connection, request)

    monkeypatch.setattr(runs, "_parts", parts)
    person = PersonClient(Http(central.address), MemorySecrets())
    person.sign_in("admin@one.example", PASSWORD)
    assert run(person, "R-07")[-1].last and len(begun) == 2
    with pytest.raises(RunFailed):
        run(person, "R-07")
    assert len(begun) == 4


@contextmanager
def another(
    central: Central, pooler: str | None = None, reports_database: str | None = None
) -> Iterator[CentralService]:
    """A web process beside the service of the tests, on its database."""
    options = replace(central.service._options, port=0, pooler=pooler, reports_database=reports_database)
    service = CentralService(options, central.clock, CHEAP)
    service.start(worker=False)
    try:
        yield service
    finally:
        service.stop()


def signed_in(service: CentralService, address: str) -> PersonClient:
    person = PersonClient(Http(service.address), MemorySecrets())
    person.sign_in(address, PASSWORD)
    return person


def run(person: PersonClient, report: str) -> list[Part]:
    """A report's parts, of all the person's shops."""
    request = RunRequest(report=report, parameters={"period": YEAR}, shops=[], language="en")
    return run_to_end(person, request, lambda _seconds: time.sleep(0.02))


@pytest.mark.skipif(not HAS_PGBOUNCER, reason="pgbouncer is not installed")
def test_requests_go_by_way_of_a_pooler(central: Central, client: CollectorClient) -> None:
    """Twelve at once on two connections: everybody sees their own and nothing else, and statements are never missed."""
    answered(central, client, 3)
    with pgbouncer(central.server, "tests") as (place, stop), another(central, pooler=place) as service:
        people = {name: signed_in(service, f"admin@{name}.example") for name in ("one", "two")}

        def look(number: int) -> None:
            name = "one" if number % 2 else "two"
            listed = people[name].call(endpoints.PEOPLE).people
            assert {person.email for person in listed} == {f"{who}@{name}.example" for who in ("admin", "staff")}

        with ThreadPoolExecutor(12) as pool:
            list(pool.map(look, range(240)))
        assert service.service is not None
        for _ in range(4):
            with service.service.web.scoped(NOTHING) as connection:
                assert connection.execute(text("SELECT count(*) FROM shop")).scalar_one() == 0, "no scope stays behind"
        assert run(people["one"], "R-01")[-1].last
        pc = CollectorClient(Http(service.address), MemorySecrets())
        pc.pair("admin@one.example", PASSWORD, "pc")
        pc.open_session()
        after = pc.call(endpoints.CHANGES, ChangesRequest()).next
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(pc.call, endpoints.CHANGES, ChangesRequest(after=after, wait_seconds=10))
            time.sleep(0.3)
            began = time.monotonic()
            touch(central, 1)
            assert waiting.result(15).changes and time.monotonic() - began < 5, "who waits is rung for"
        assert requests.get(f"{service.address}/ready", timeout=5).ok
        stop()
        assert requests.get(f"{service.address}/ready", timeout=5).status_code == 503, "there is no other way"


def test_reports_are_read_in_a_copy_that_keeps_up(
    central: Central, client: CollectorClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Never of an earlier state than they say: a copy that lags, or is away, is passed over."""
    answered(central, client, 3)
    caplog.set_level(logging.WARNING)

    def counted(person: PersonClient) -> str:
        header = run(person, "R-07")[0].header
        assert header is not None
        return dict(header.facts)["Answers"]

    with copy_of(central.server) as copy, another(central, reports_database=copy.place) as service:
        person = signed_in(service, "admin@one.example")
        at_work = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'rc_web'"
        assert copy.ask(at_work) == 0
        for report in REPORTS:
            assert run(person, report)[-1].last, report
        assert copy.ask(at_work) and not caplog.records and counted(person) == "3"
        copy.ask("SELECT pg_wal_replay_pause()")
        client.open_session()
        send(central, client, (message(20), "later"))
        central.fill_in(ripen(central), {"stars": "5"})
        assert counted(person) == "4"
        assert "does not keep up" in caplog.text
        caplog.clear()
        copy.ask("SELECT pg_wal_replay_resume()")
        assert counted(person) == "4" and not caplog.records
        copy.stop()
        assert counted(person) == "4" and "is away" in caplog.text
        copy.start()
        caplog.clear()
        assert counted(person) == "4" and not caplog.records
        copy.ask("SELECT pg_promote(true)")
        assert service.service is not None
        with service.service.reports.scoped(NOTHING) as connection:
            server = connection.execute(text("SELECT pg_postmaster_start_time()")).scalar_one()
        assert [(server,)] == central.rows("SELECT pg_postmaster_start_time()"), "it is a database of its own now"
