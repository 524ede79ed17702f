"""The database of a service that landed is brought up to date, serves its people, and loses nothing (DESIGN 3.18).

`service-0005.sql` was dumped from the service of commit 1824591: two shops, an organisation with an admin, forty surveyed
jobs with thirteen answers, one job a PC had sent, a favourite.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.central.db import preparing
from repaircenter.shop.service.report_run import run_to_end
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import endpoints
from repaircenter.wire.document.nodes import Table
from repaircenter.wire.reports import RunRequest
from tests import schema
from tests.conftest import FIXTURES, PASSWORD, Template
from tests.fakes.clock import FakeClock
from tests.fakes.passwords import CHEAP
from tests.fakes.secrets import MemorySecrets

DUMPS = sorted((FIXTURES / "upgrade").glob("service-*.sql"))


@pytest.fixture(params=DUMPS, ids=lambda path: path.stem)
def landed(request: pytest.FixtureRequest, template: Template, tmp_path: Path) -> Iterator[CentralService]:
    """A service of today over the database of then."""
    admin = template.cluster.url()
    preparing.make_database(admin, "landed", fresh=True)
    engine = create_engine(admin.set(database="landed"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        cursor = raw.cursor()
        cursor.execute("ALTER SCHEMA public OWNER TO rc_migrate")
        cursor.execute("SET ROLE rc_migrate")
        cursor.execute(request.param.read_text("utf-8"))
        cursor.close()
    engine.dispose()
    url = admin.set(database="landed").render_as_string(hide_password=False)
    service = CentralService(
        CentralOptions(tmp_path / "s", url, port=0, mail_folder=tmp_path / "m"), FakeClock(), CHEAP
    )
    service.start(tick_seconds=0.5)
    yield service
    service.stop()


def counts(service: CentralService) -> dict[str, int]:
    names = ("shop", "person", "installation", "job", "sample", "invitation", "answer", "answer_value", "favourite")
    with service.admin() as connection:
        return {name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in names}


def test_nothing_is_lost_and_people_go_on(landed: CentralService) -> None:
    assert counts(landed) == {
        "shop": 2,
        "person": 1,
        "installation": 1,
        "job": 41,
        "sample": 41,
        "invitation": 40,
        "answer": 13,
        "answer_value": 85,
        "favourite": 1,
    }
    who = PersonClient(Http(landed.address), MemorySecrets())
    session = who.sign_in("admin@one.example", PASSWORD)
    assert {shop.name for shop in session.shops} == {"North", "Cœur"}
    assert [one.name for one in who.call(endpoints.FAVOURITES).favourites] == ["Œuvre"]
    request = RunRequest(report="R-29", parameters={"period": "2026-08-01..2026-11-30"}, shops=[], language="fr")
    parts = run_to_end(who, request, lambda _seconds: None)
    assert sum(len(node.rows) for part in parts for node in part.nodes if isinstance(node, Table)) == 41


def test_the_schema_is_that_of_a_new_database(landed: CentralService, template: Template) -> None:
    assert schema.dump(template.cluster, "landed") == schema.FILE.read_text("utf-8")


def test_names_are_ordered_as_they_are_typed(landed: CentralService) -> None:
    with landed.admin() as connection:
        keys = connection.exec_driver_sql("SELECT sort_key FROM shop ORDER BY sort_key").scalars().all()
        favourite = connection.exec_driver_sql("SELECT sort_key FROM favourite").scalar_one()
    assert keys == ["coeur", "north"] and favourite == "oeuvre"


def test_what_waited_is_done(landed: CentralService, tmp_path: Path) -> None:
    """Whoever was to be asked is asked on the day, and a survey nobody answered in time is over (migration 0013)."""
    with landed.admin() as connection:
        planned = connection.exec_driver_sql(
            "SELECT kind, subject_id, planned_at FROM timer WHERE kind = 'survey.invite'"
        ).all()
    assert [tuple(row) for row in planned] == [("survey.invite", 41, datetime(2026, 11, 21, 14, 0, tzinfo=UTC))]
    clock = landed._clock
    assert isinstance(clock, FakeClock)
    clock.jump_to(datetime(2026, 11, 21, 14, 1, tzinfo=UTC))
    landed.queue.wake()
    end = time.monotonic() + 20
    while not landed.queue.idle():
        assert time.monotonic() < end
        time.sleep(0.02)
    with landed.admin() as connection:
        asked = connection.exec_driver_sql("SELECT state FROM sample WHERE id = 41").scalar_one()
        others = connection.exec_driver_sql("SELECT state, count(*) FROM sample WHERE id <> 41 GROUP BY 1").all()
    assert asked == "invited" and len(list((tmp_path / "m").glob("*.eml"))) == 1
    assert {row[0]: row[1] for row in others} == {"answered": 13, "expired": 27}
