"""The service beside itself: processes that start at once or lose the database of another one, and what they leave behind."""

import os
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.assembly.commands import operator
from repaircenter.central.db import preparing
from repaircenter.central.db.embedded import Cluster
from repaircenter.central.db.shared_secrets import SharedSecrets
from repaircenter.central.server import Server
from repaircenter.runtime.errors import EnvironmentFailure
from tests.conftest import Central, Template
from tests.fakes.clock import FakeClock
from tests.fakes.passwords import CHEAP


def test_a_process_ends_once_whoever_ran_its_database_has_ended(tmp_path: Path) -> None:
    """Else it would answer 503 for good; who watches over it starts it again."""
    folder = Path("/var/lib/repaircenter/join-test") if os.geteuid() == 0 else tmp_path / "cluster"
    owner = Cluster(folder)
    owner.start()
    options = CentralOptions(data_folder=tmp_path, mail_folder=tmp_path / "mail", cluster_folder=folder, database="lost_test")
    service = CentralService(options, FakeClock(datetime(2026, 11, 2, 15, tzinfo=UTC)), CHEAP)
    try:
        service.start(worker=False)
        assert requests.get(f"{service.address}/ready", timeout=5).status_code == 200
        service._revive()
        owner.stop()
        for look in range(4):
            assert not service.lost.is_set(), look
            service._revive()
        assert service.lost.is_set()
    finally:
        service.stop()
        owner.stop()


def test_two_processes_that_start_at_once_make_one_database(template: Template) -> None:
    admin, name = template.cluster.url(), "at_once"
    engine = create_engine(admin, isolation_level="AUTOCOMMIT")
    failures: list[BaseException] = []

    def make() -> None:
        try:
            preparing.make_database(admin, name)
        except DBAPIError as error:  # said below: a thread's own would be lost
            failures.append(error)

    try:
        for _ in range(2):
            with engine.connect() as connection:
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
            processes = [threading.Thread(target=make, name=f"process {number}") for number in range(6)]
            for process in processes:
                process.start()
            for process in processes:
                process.join(60)
        assert failures == []
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        engine.dispose()


def test_a_backup_leaves_the_schema_as_it_is(central: Central, tmp_path: Path) -> None:
    """It is taken before an upgrade, by whatever program is there."""
    with central.service.admin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0040'"))
    try:
        operator.write_backup(replace(central.service._options, data_folder=tmp_path), tmp_path / "before.backup")
        assert central.rows("SELECT version_num FROM alembic_version") == [("0040",)]
    finally:
        with central.service.admin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0042'"))


def test_no_password_of_ours_stands_in_a_statement(template: Template, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one fails the server writes it into its log."""
    admin, told = template.cluster.url(), list[str]()
    # The same as they are: others of these tests are signed in with them.
    passwords = SharedSecrets(admin).secrets(preparing.ROLES, lambda _name: pytest.fail("the roles have their passwords"))

    def listen(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        told.append(statement)

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        monkeypatch.setattr(preparing, "_lets_in", lambda _url: False)
        preparing.make_roles(admin, passwords)
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
    assert [one for one in told if one.startswith("ALTER ROLE rc_web")]
    assert not [one for one in told if any(password in one for password in passwords.values())]
    monkeypatch.undo()
    assert all(preparing._lets_in(admin.set(username=role, password=passwords[role])) for role in passwords)


def test_the_service_listens_at_an_address_of_the_newer_kind() -> None:
    try:
        server = Server("::1", 0)
    except EnvironmentFailure:
        pytest.skip("this machine has no ::1")
    server.stop()
    assert server.port
