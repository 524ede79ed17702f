"""Issue 5: a year of a 100-shop network, each report's time until its first part is there (everything but streams: all)."""

import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import create_engine, text

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.central.accounts.admin import NewPerson, NewProgramme, NewShop
from repaircenter.central.accounts.setup_file import SetupFile, apply
from repaircenter.central.db.connections import Database, Scope
from repaircenter.central.db.embedded import Cluster, default_folder
from repaircenter.central.reporting.catalogue import REPORTS
from repaircenter.central.reporting.report import ReportContext, Request
from tests import answered
from tests.bench.row import Row
from tests.fakes.passwords import CHEAP

_STREAMS = ("R-02", "R-07", "R-29", "R-31")


def network(short: bool) -> list[Row]:
    invitations = 40_000 if short else 120_000
    with tempfile.TemporaryDirectory() as name:
        cluster = Cluster(default_folder("bench", Path(name)))
        cluster.start()
        url = cluster.url("network").render_as_string(hide_password=False)
        service = CentralService(CentralOptions(Path(name), url, fresh=True))
        service.prepare()
        try:
            return [_measure(service, invitations)]
        finally:
            service.stop()
            cluster.stop()


def _measure(service: CentralService, invitations: int) -> Row:
    with service.admin() as connection:
        wanted = SetupFile(
            organisation="Bench",
            shops=[NewShop(name=f"Shop {n:03}", zone="America/Toronto") for n in range(100)],
            persons=[NewPerson(email="a@b.c", name="Ada", password="bench", role="shop_admin")],
            programmes=[NewProgramme(name="Assurances Exemple", codes=["ASEX"], names=["x"])],
        )
        shops = list(apply(connection, wanted, CHEAP))
        answered.write(connection, 1, list(answered.some(1, shops, [1], invitations, date(2025, 11, 15), 370)))
    # As the server does by itself within minutes.
    engine = create_engine(service.url_of("rc_migrate"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()
    with service.admin() as connection:
        signed = connection.execute(text("SELECT rc_signed(:bare)"), {"bare": f"shops:{','.join(map(str, shops))}:1"})
        scope = Scope(signed.scalar_one())
    database = Database(service.url_of("rc_web"))
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    times: dict[str, float] = {}
    for report, declared in REPORTS.items():
        request = Request(report, {"period": "2025-11-22..2026-11-21"}, shops, "en", "Ada", now)
        with database.scoped(scope) as connection:
            start = time.perf_counter()
            parts = declared.build(ReportContext(connection, request, declared))
            next(parts)
            if report not in _STREAMS:
                list(parts)
            times[report] = time.perf_counter() - start
    database.close()
    slowest = max(times, key=lambda report: times[report])
    each = ", ".join(f"{report} {seconds:.2f}" for report, seconds in times.items())
    title = f"a year of 100 shops ({invitations:,} invitations), slowest report, s"
    return Row(title, times[slowest], 2, 12, f"{slowest}; {each}")
