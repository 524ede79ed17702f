"""What customers and waiting desks meet (MODULES 5): answers accepted a second with two web and two worker processes, a
survey page's size and time, and a change seen by two hundred desks.
"""

import http.client
import re
import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from sqlalchemy import text

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.central.accounts.admin import NewPerson, NewProgramme, NewShop
from repaircenter.central.accounts.setup_file import SetupFile, apply
from repaircenter.central.core.secrets import Signer, token_hash
from repaircenter.central.db.embedded import Cluster, default_folder
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.wire import endpoints
from repaircenter.wire.feed import ChangesRequest
from tests import answered
from tests.bench.row import Row
from tests.bench.serving import processes
from tests.fakes.passwords import CHEAP
from tests.fakes.secrets import MemorySecrets

_CUSTOMERS, _MOST_PAGES, _DESKS = 8, 4, 200
_HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
_STYLE = re.compile(r'href="([^"]+\.css[^"]*)"')


def answering(short: bool) -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        cluster = Cluster(default_folder("bench", Path(name)))
        cluster.start()
        url = cluster.url("answering").render_as_string(hide_password=False)
        service = CentralService(CentralOptions(Path(name), url, fresh=True), passwords=CHEAP)
        service.prepare()
        try:
            links = _fill(service, 300 if short else 3000)
            with processes(url, web=2, workers=2) as addresses:
                return [
                    *_page(addresses[0], links.pop()),
                    *_answers(service, addresses, links),
                    _seen(service, addresses, 3 if short else 10),
                ]
        finally:
            service.stop()
            cluster.stop()


def _fill(service: CentralService, count: int) -> list[str]:
    """Customers who were asked two days ago by the quick questionnaire; a low answer opens an alert. Gives their links."""
    wanted = SetupFile(
        organisation="Bench",
        shops=[NewShop(name=f"Shop {n}", zone="America/Toronto") for n in range(10)],
        persons=[NewPerson(email="a@b.c", name="Ada", password="bench", role="shop_admin")],
        programmes=[NewProgramme(name="P", codes=["P"], names=["P"], questionnaire="quick")],
        modules=["alerts"],
    )
    signer, sent = Signer(service._digest_key), datetime.now(UTC) - timedelta(days=2)
    with service.admin() as connection:
        shops = list(apply(connection, wanted, CHEAP))
        quick = connection.execute(text("SELECT id FROM questionnaire WHERE key = 'quick'")).scalar_one()
        asked = [
            answered.Answered(
                n, shops[n % 10], 1, sent.date(), 100, sent, False, "email", "en", {"estimator": [("Ana", 1.0)]},
                questionnaire_id=quick,
            )
            for n in range(1, count + 1)
        ]  # fmt: skip
        answered.write(connection, 1, asked)
        tokens = [signer.survey_token(str(one.id).encode()) for one in asked]
        connection.execute(
            text("UPDATE invitation SET nonce = :nonce, token_hash = :hash WHERE id = :id"),
            [
                {"id": one.id, "nonce": str(one.id).encode(), "hash": token_hash(token)}
                for one, token in zip(asked, tokens, strict=True)
            ],
        )
    return [f"/s/{token}" for token in tokens]


def _page(address: str, link: str) -> list[Row]:
    """Bytes of the first view (page and style), and how long the service takes for it."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    times, size = [], 0
    for _ in range(220):
        began = time.perf_counter()
        content = _asked(connection, "GET", link)[1]
        times.append((time.perf_counter() - began) * 1000)
    size = len(content) + sum(len(_asked(connection, "GET", style)[1]) for style in _STYLE.findall(content.decode()))
    slow = statistics.quantiles(times[20:], n=20)[-1]
    return [
        Row("survey page: KB on first view", size / 1024, 30, 30),
        Row("survey page: p95 of the service, ms", slow, 30, 60),
    ]


def _asked(connection: http.client.HTTPConnection, method: str, path: str, form: str = "") -> tuple[int, bytes]:
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    connection.request(method, path, form or None, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def _answers(service: CentralService, addresses: list[str], links: list[str]) -> list[Row]:
    """Eight customers at once open their link and answer, every other one low, until all have and every alert is there."""
    times: list[float] = []
    waiting = iter(links)
    lock = threading.Lock()

    def customer(number: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(addresses[number % len(addresses)]).netloc)
        while True:
            with lock:
                link = next(waiting, None)
            if link is None:
                return
            for _ in range(_MOST_PAGES):
                page = _asked(connection, "GET", link)[1].decode()
                form = urlencode([*_HIDDEN.findall(page), ("stars", 2 if number % 2 else 5), ("comment", "Bien")])
                began = time.perf_counter()
                status, _ = _asked(connection, "POST", link, form)
                times.append(time.perf_counter() - began)
                if status == http.client.OK:
                    break

    began = time.perf_counter()
    with ThreadPoolExecutor(_CUSTOMERS) as pool:
        list(pool.map(customer, range(_CUSTOMERS)))
    lasted = time.perf_counter() - began
    end = time.monotonic() + 60
    while not (counts := _counts(service))[2] == counts[1] > 0:
        assert time.monotonic() < end, counts
        time.sleep(0.05)
    assert counts[0] == len(links)
    behind = time.perf_counter() - began - lasted
    slow = sorted(times)[int(len(times) * 0.99)] * 1000
    return [
        Row(
            "answers a second, page and answer, 2 web and 2 worker processes",
            len(links) / lasted,
            200,
            12,
            f"the last alert {behind:.1f} s later",
            least=True,
        ),
        Row("answers: p99, ms", slow, 500, 1500),
    ]


def _counts(service: CentralService) -> tuple[int, int, int]:
    """Answers, low ones, alerts."""
    with service.admin() as connection:
        row = connection.execute(
            text(
                "SELECT (SELECT count(*) FROM answer), (SELECT count(*) FROM alert), "
                "(SELECT count(*) FROM answer_value WHERE question = 'stars' AND value = 2)"
            )
        ).one()
    return row[0], row[2], row[1]


def _seen(service: CentralService, addresses: list[str], rounds: int) -> Row:
    """Desks wait at two processes; something happens to a job, and each of them hears of it."""
    pcs = []
    for number in range(_DESKS):
        pc = CollectorClient(Http(addresses[number % len(addresses)]), MemorySecrets())
        pc.pair("a@b.c", "bench", f"pc {number}")
        pc.open_session()
        pcs.append(pc)
    heard: list[float] = []
    started, lock = threading.Barrier(_DESKS + 1), threading.Lock()

    def desk(pc: CollectorClient) -> None:
        after = pc.call(endpoints.CHANGES, ChangesRequest()).next
        for _ in range(rounds):
            started.wait()
            changes: object = []
            while not changes:
                answer = pc.call(endpoints.CHANGES, ChangesRequest(after=after, wait_seconds=20))
                after, changes = answer.next, answer.changes
            with lock:
                heard.append(time.perf_counter())

    delays: list[float] = []
    with ThreadPoolExecutor(_DESKS) as pool:
        waiting = [pool.submit(desk, pc) for pc in pcs]
        for number in range(rounds):
            started.wait()
            time.sleep(3)  # all of them wait at the service
            with service.admin() as connection:
                connection.execute(
                    text("UPDATE sample SET reason = :reason WHERE id = 1"), {"reason": f"round {number}"}
                )
            committed = time.perf_counter()
            end = time.monotonic() + 30
            while len(heard) < _DESKS * (number + 1) and time.monotonic() < end:
                time.sleep(0.01)
            delays += [at - committed for at in heard[_DESKS * number :]]
        for future in waiting:
            future.result()
    slow = statistics.quantiles(delays, n=20)[-1]
    return Row(f"a change seen by {_DESKS} waiting desks, p95, s", slow, 1.0, 3.0)
