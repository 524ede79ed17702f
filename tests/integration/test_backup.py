"""A backup of a working service, restored into an empty server: the same rows, the same links, the same passwords."""

import email
import email.policy
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine, text

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.assembly.commands import operator
from repaircenter.central.db import preparing
from repaircenter.central.db.embedded import Cluster, default_folder
from repaircenter.runtime.errors import KnownError
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from tests.conftest import PASSWORD, Central
from tests.fakes.clock import FakeClock
from tests.fakes.passwords import CHEAP
from tests.fakes.secrets import MemorySecrets
from tests.integration.test_service import answered, client, message, send

__all__ = ["client"]


@pytest.fixture
def other(tmp_path: Path, worker_id: str) -> Iterator[Cluster]:
    """Another server, with nothing in it."""
    cluster = Cluster(default_folder(f"backup-{os.environ.get('RC_TESTS', worker_id)}", tmp_path))
    cluster.start()
    engine = create_engine(cluster.url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in ("restored", "nothing", "text", *(f"cut{part}" for part in (40, 67, 80, 90, 95, 99))):
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
    engine.dispose()
    yield cluster
    cluster.stop()


def options_of(cluster: Cluster, folder: Path, database: str = "restored") -> CentralOptions:
    url = cluster.url(database).render_as_string(hide_password=False)
    return CentralOptions(folder, url, port=0, mail_folder=folder / "mail")


def content(service: CentralService) -> dict[str, str]:
    """Table -> digest of all its rows."""
    with service.admin() as connection:
        names = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = 'rc_migrate'")
        ).scalars()
        rows = "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {} t"
        return {name: connection.execute(text(rows.format(name))).scalar_one() for name in sorted(names)}


def test_a_backup_is_restored_into_an_empty_server(
    central: Central, client: CollectorClient, other: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    send(central, client, (message(7, "Elsewhere"), "c"))
    answered(central, client, 2)
    central.wait()
    file = tmp_path / "service.backup"
    assert operator.write_backup(central.service._options, file) == 0
    before = content(central.service)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and list(tmp_path.glob("*.part")) == []
    client.open_session()
    send(central, client, (message(4), "d"))
    assert operator.restore(options_of(other, tmp_path / "r"), file) == 0
    assert "as it was in service.backup" in capsys.readouterr().out
    service = CentralService(options_of(other, tmp_path / "r"), FakeClock(), CHEAP)
    service.start(tick_seconds=0.5)
    try:
        after = content(service)
        # What is worked out of the rest, the restored service works out at once.
        ours = {name for name in before if not name.startswith(("procrastinate", "month_"))}
        assert {name: after[name] for name in ours} == {name: before[name] for name in ours}
        assert before["job"].startswith("2 ") and before["answer"].startswith("2 ")
        person = PersonClient(Http(service.address), MemorySecrets())
        assert {shop.name for shop in person.sign_in("admin@one.example", PASSWORD).shops} == {"North", "South"}
        with service.admin() as connection:
            refused = connection.execute(
                text("SELECT has_table_privilege('rc_migrate', 'repaircenter_secret', 'SELECT')")
            )
            assert not refused.scalar_one(), "the key of links and digests is the administrator's alone"
        # The link in a message that was sent before still opens its page.
        letter = email.message_from_bytes(central.mails()[0].read_bytes(), policy=email.policy.default)
        token = re.search(r"/s/([\w-]+)(?=\s)", letter.get_content())
        assert token is not None
        assert requests.get(f"{service.address}/s/{token[1]}", timeout=10).status_code == 200
    finally:
        service.stop()
    with pytest.raises(KnownError) as refusal:
        operator.restore(options_of(other, tmp_path / "r"), file)
    assert refusal.value.code == "service.not_empty"


def test_what_is_no_whole_backup_restores_nothing(central: Central, other: Cluster, tmp_path: Path) -> None:
    file, broken = tmp_path / "service.backup", tmp_path / "broken.backup"
    operator.write_backup(central.service._options, file)
    data = file.read_bytes()
    rubbishes = {
        **{f"cut{part}": data[: len(data) * part // 100] for part in (40, 67, 80, 90, 95, 99)},
        "nothing": b"",
        "text": b"CREATE TABLE x (a int);",
    }
    for name, rubbish in rubbishes.items():
        broken.write_bytes(rubbish)
        with pytest.raises(KnownError) as refusal:
            operator.restore(options_of(other, tmp_path / name, name), broken)
        assert refusal.value.code in ("service.bad_backup", "service.not_restored"), name
        preparing.make_database(other.url(), name)
        assert operator.restore(options_of(other, tmp_path / name, name), file) == 0, "it was left empty"
    with pytest.raises(KnownError):
        operator.restore(options_of(other, tmp_path / "r"), tmp_path / "gone.backup")


def test_a_backup_that_cannot_be_written_leaves_the_one_before(central: Central, tmp_path: Path) -> None:
    file = tmp_path / "service.backup"
    file.write_bytes(b"yesterday's")
    with pytest.raises(KnownError):
        operator.write_backup(central.service._options, tmp_path / "no" / "folder")
    options = CentralOptions(tmp_path / "x", central.service._options.database_url)
    service = CentralService(options)
    service.prepare()
    assert service._database is not None
    service._database = service._database.set(database="is_not_there")
    with pytest.raises(KnownError):
        service.write_backup(file)
    service.stop()
    assert file.read_bytes() == b"yesterday's" and list(tmp_path.glob("*.part")) == []
