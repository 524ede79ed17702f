"""Jobs the service accepts while four persons look at reports, against the same alone (issue 13.21)."""

import tempfile
import threading
import time
from datetime import date
from pathlib import Path

from sqlalchemy import create_engine

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.central.accounts.admin import NewPerson, NewProgramme, NewShop
from repaircenter.central.accounts.setup_file import SetupFile, apply
from repaircenter.central.db.embedded import Cluster, default_folder
from repaircenter.demo import names
from repaircenter.shop.service.report_run import run_to_end
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.wire.reports import RunRequest
from tests import answered
from tests.bench.accepting import envelopes, seconds_a_batch
from tests.bench.row import Row
from tests.fakes.passwords import CHEAP
from tests.fakes.secrets import MemorySecrets

_PERSONS, _REPORTS = 4, ("R-01", "R-14", "R-31", "R-07", "R-29")


def beside_reports(short: bool) -> list[Row]:
    count = 1500 if short else 6000
    with tempfile.TemporaryDirectory() as name:
        cluster = Cluster(default_folder("bench", Path(name)))
        cluster.start()
        url = cluster.url("beside").render_as_string(hide_password=False)
        options = CentralOptions(Path(name), url, port=0, fresh=True, mail_folder=Path(name) / "mail")
        service = CentralService(options, passwords=CHEAP)
        service.start(worker=False)
        try:
            return [_measure(service, _fill(service), count)]
        finally:
            service.stop()
            cluster.stop()


def _fill(service: CentralService) -> int:
    """A year of twenty shops; the shop that sends."""
    wanted = SetupFile(
        organisation="Bench",
        shops=[NewShop(name=f"Shop {n:02}", zone="America/Toronto") for n in range(20)],
        persons=[NewPerson(email="a@b.c", name="Ada", password="bench", role="shop_admin")],
        programmes=[NewProgramme(name=n, codes=[c], names=[n]) for c, n, surveyed in names.INSURERS if surveyed],
    )
    with service.admin() as connection:
        shops = list(apply(connection, wanted, CHEAP))
        answered.write(connection, 1, list(answered.some(1, shops, [1], 40_000, date(2025, 11, 15), 370)))
    # As the server does by itself within minutes.
    engine = create_engine(service.url_of("rc_migrate"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()
    return shops[0]


def _measure(service: CentralService, shop: int, count: int) -> Row:
    client = CollectorClient(Http(service.address), MemorySecrets())
    client.pair("a@b.c", "bench", "bench")
    client.open_session()
    items = envelopes(service, shop, 2 * count)
    alone = seconds_a_batch(client, items[:count])
    stop, made = threading.Event(), [0] * _PERSONS

    def look(number: int) -> None:
        link = PersonClient(Http(service.address), MemorySecrets())
        link.sign_in("a@b.c", "bench")
        while not stop.is_set():
            report = _REPORTS[made[number] % len(_REPORTS)]
            wanted = {"period": "2025-11-22..2026-11-21"}
            run_to_end(link, RunRequest(report=report, parameters=wanted, shops=[], language="en"), time.sleep)
            made[number] += 1

    persons = [threading.Thread(target=look, args=(number,)) for number in range(_PERSONS)]
    for person in persons:
        person.start()
    time.sleep(1.0)
    beside = seconds_a_batch(client, items[count:])
    stop.set()
    for person in persons:
        person.join()
    note = (
        f"{100 / beside:.0f} and {100 / alone:.0f} jobs a second, {sum(made)} reports of 40,000 invitations meanwhile"
    )
    title = f"jobs accepted beside reports of {_PERSONS} persons / alone"
    return Row(title, alone / beside, 0.4, 0.15, note, least=True)
