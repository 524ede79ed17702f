"""A year of a network: how long reports take until they are there, streams and a thousand shops until their first page is."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import create_engine, text

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.central.accounts.admin import NewPerson, NewProgramme, NewShop
from repaircenter.central.accounts.setup_file import SetupFile, apply
from repaircenter.central.db.connections import WORKER, Database, Scope
from repaircenter.central.db.embedded import Cluster, default_folder
from repaircenter.central.reporting.catalogue import REPORTS
from repaircenter.central.reporting.report import ReportContext, Request
from repaircenter.central.reporting.summing import sum_changed
from tests import answered
from tests.bench.row import Row
from tests.fakes.passwords import CHEAP

_STREAMS = ("R-02", "R-07", "R-29", "R-31")
_OF_A_THOUSAND = ("R-01", "R-03", "R-14", "R-15")
_NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def network(short: bool) -> list[Row]:
    """Of a hundred shops every report; their period begins and ends within a month."""
    with _filled(100, 40_000 if short else 120_000) as (service, invitations):
        times = _measure(service, list(REPORTS), "2025-11-22..2026-11-21")
    slowest = max(times, key=lambda report: times[report])
    each = ", ".join(f"{report} {seconds:.2f}" for report, seconds in times.items())
    title = f"a year of 100 shops ({invitations:,} invitations), slowest report, s"
    return [Row(title, times[slowest], 2, 12, f"{slowest}; {each}")]


def thousand(short: bool) -> list[Row]:
    """MODULES 5: the first page of reports over a thousand shops; the short form has a fortieth of the answers."""
    with _filled(1000, 30_000 if short else 1_200_000) as (service, invitations):
        times = _measure(service, _OF_A_THOUSAND, "last_12_months", first_page=True)
    slowest = max(times, key=lambda report: times[report])
    each = ", ".join(f"{report} {seconds:.2f}" for report, seconds in times.items())
    title = f"a year of 1,000 shops ({invitations:,} invitations), slowest first page, s"
    return [Row(title, times[slowest], 1, 3, f"{slowest}; {each}")]


@contextmanager
def _filled(shops: int, invitations: int) -> Iterator[tuple[CentralService, int]]:
    """A service with a year of a network; its months are summed up as its workers do."""
    with tempfile.TemporaryDirectory() as name:
        cluster = Cluster(default_folder("bench", Path(name)))
        cluster.start()
        url = cluster.url("network").render_as_string(hide_password=False)
        service = CentralService(CentralOptions(Path(name), url, fresh=True))
        service.prepare()
        try:
            _fill(service, shops, invitations)
            yield service, invitations
        finally:
            service.stop()
            cluster.stop()


def _fill(service: CentralService, shop_count: int, invitations: int) -> None:
    with service.admin() as connection:
        wanted = SetupFile(
            organisation="Bench",
            shops=[NewShop(name=f"Shop {n:04}", zone="America/Toronto") for n in range(shop_count)],
            persons=[NewPerson(email="a@b.c", name="Ada", password="bench", role="shop_admin")],
            programmes=[NewProgramme(name="Assurances Exemple", codes=["ASEX"], names=["x"])],
        )
        shops = list(apply(connection, wanted, CHEAP))
        answered.write(connection, 1, list(answered.some(1, shops, [1], invitations, date(2025, 11, 15), 370)))
    # As the server does by itself within minutes.
    engine = create_engine(service.url_of("rc_migrate"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    worker = Database(service.url_of("rc_worker"))
    are_left = True
    while are_left:
        with worker.scoped(WORKER) as connection:
            are_left = sum_changed(connection, _NOW)
    worker.close()
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


def _measure(
    service: CentralService, reports: Sequence[str], period: str, *, first_page: bool = False
) -> dict[str, float]:
    """Seconds by report, for a person who sees every shop."""
    with service.admin() as connection:
        shops = list(connection.execute(text("SELECT id FROM shop ORDER BY id")).scalars())
        signed = connection.execute(text("SELECT rc_signed(:bare)"), {"bare": f"shops:{','.join(map(str, shops))}:1"})
        scope = Scope(signed.scalar_one())
    database = Database(service.url_of("rc_web"))
    times: dict[str, float] = {}
    for report in reports:
        declared = REPORTS[report]
        request = Request(report, {"period": period}, shops, "en", "Ada", _NOW)
        with database.scoped(scope) as connection:
            start = time.perf_counter()
            parts = declared.build(ReportContext(connection, request, declared))
            next(parts)
            if not first_page and report not in _STREAMS:
                list(parts)
            times[report] = time.perf_counter() - start
    database.close()
    return times
