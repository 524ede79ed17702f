"""Events are kept and told in the causing transaction; customers' data is judged column by column (14.6)."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from repaircenter.central.areas import AREAS
from repaircenter.central.core.events import Event, Events
from repaircenter.central.db.connections import WORKER
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.wire.jobs import EraseMessage, WithdrawMessage
from tests.conftest import PASSWORD, Central
from tests.fakes.secrets import MemorySecrets
from tests.integration.test_service import message, send

AT = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
# Of the queue and the migrations: ids, names of tasks, files.
ELSEWHERE = (
    *("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers"),
    *("alembic_version", "queue_migration", "timer", "event"),
)


@pytest.fixture
def client(central: Central) -> CollectorClient:
    client = CollectorClient(Http(central.address), MemorySecrets())
    client.pair("admin@one.example", PASSWORD, "pc")
    client.open_session()
    return client


def story(central: Central) -> list[tuple[object, ...]]:
    return central.rows("SELECT kind, reason FROM event ORDER BY id")


def test_what_happens_to_a_job_is_its_story(central: Central, client: CollectorClient) -> None:
    for number in (1, 2):
        send(central, client, (message(number), f"k{number}"))
    send(central, client, (WithdrawMessage(job_key="C:1", reason="merged"), "w"))
    send(central, client, (EraseMessage(job_key="C:2"), "e"))
    send(central, client, (EraseMessage(job_key="C:99"), "f"))
    assert story(central) == [("job.withdrawn", "merged"), ("job.withdrawn", "erased"), ("job.erased", None)]
    assert central.rows("SELECT state, reason FROM sample ORDER BY id") == [
        ("withdrawn", "merged"),
        ("withdrawn", "erased"),
    ]
    assert central.rows("SELECT DISTINCT state FROM timer WHERE kind LIKE 'survey.%'") == [("cancelled",)]


@pytest.mark.parametrize("change", ["UPDATE event SET reason = 'x'", "DELETE FROM event", "TRUNCATE event"])
def test_nobody_changes_what_has_happened(central: Central, client: CollectorClient, change: str) -> None:
    send(central, client, (message(1), "a"), (WithdrawMessage(job_key="C:1"), "w"))
    for database in (central.parts.web, central.parts.worker):
        with pytest.raises(ProgrammingError, match="permission denied"), database.scoped(WORKER) as connection:
            connection.execute(text(change))
    assert story(central) == [("job.withdrawn", "excluded")]


def test_a_listener_that_fails_undoes_everything(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"))
    ((job_id,),) = central.rows("SELECT id FROM job")
    told: list[str] = []

    def note(_connection: Connection, event: Event) -> None:
        told.append(event.kind)

    def fail(_connection: Connection, _event: Event) -> None:
        raise ValueError("as told")

    events = Events([{"test.one": note}, {"test.one": fail, "test.two": note}])
    org, shop = 1, central.shops["North"]
    with pytest.raises(ValueError, match="as told"), central.parts.worker.scoped(WORKER) as connection:
        events.publish(connection, Event("test.one", org, shop, int(str(job_id)), AT))
    with central.parts.worker.scoped(WORKER) as connection:
        events.publish(connection, Event("test.two", org, shop, int(str(job_id)), AT))
        events.publish(connection, Event("test.three", org, shop, int(str(job_id)), AT))
    assert told == ["test.one", "test.two"] and [kind for kind, _ in story(central)] == ["test.two", "test.three"]


def test_every_column_is_judged(central: Central) -> None:
    """A new table or column with a customer in it is not forgotten when one is erased."""
    columns: dict[str, set[str]] = {}
    for table, column in central.rows(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    ):
        columns.setdefault(str(table), set()).add(str(column))
    judged = {entry.table: entry for area in AREAS for entry in area.personal}
    plain = [table for area in AREAS for table in area.plain_tables]
    assert len(plain) == len(set(plain)) and not set(plain) & set(judged)
    assert set(columns) == {*judged, *plain, *ELSEWHERE}
    for table, entry in judged.items():
        personal = {*entry.blank, *entry.erase}
        assert not personal & entry.plain and columns[table] == personal | entry.plain, table
