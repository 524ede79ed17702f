"""Other servers beside the database of the tests: a real pgbouncer before it, a real copy that streams from it."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine
from sqlalchemy.exc import OperationalError

from repaircenter.central.db.connections import elsewhere
from repaircenter.central.db.embedded import Cluster, free_port
from repaircenter.central.db.system_user import ROOT_FOLDER, is_root, system_user

PGBOUNCER = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
HAS_PGBOUNCER = Path(PGBOUNCER).exists()
_SETTINGS = """\
[databases]
{database} = host={sockets} dbname={database} auth_user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users.txt
auth_query = SELECT usename, passwd FROM pg_shadow WHERE usename = $1
pool_mode = transaction
default_pool_size = 2
server_reset_query =
ignore_startup_parameters = extra_float_digits
pidfile = {folder}/pid
"""


@contextmanager
def pgbouncer(cluster: Cluster, database: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """Where a pgbouncer in transaction mode listens, with two connections to a database for each role; and its end."""
    with _folder("pooler") as folder:
        url, port = cluster.url(database), free_port()
        (folder / "users.txt").write_text(f'"{url.username}" "{url.password}"\n')
        settings = folder / "pgbouncer.ini"
        settings.write_text(
            _SETTINGS.format(database=database, sockets=url.query["host"], user=url.username, port=port, folder=folder)
        )
        _give_away(folder)
        identity: dict[str, Any] = (
            {"user": system_user().pw_uid, "group": system_user().pw_gid, "extra_groups": []} if is_root() else {}
        )
        process = subprocess.Popen([PGBOUNCER, "-q", str(settings)], stderr=subprocess.PIPE, **identity)

        def stop() -> None:
            process.terminate()
            process.communicate(timeout=20)

        try:
            _wait_for(elsewhere(url, f"127.0.0.1:{port}"))
            yield f"127.0.0.1:{port}", stop
        finally:
            stop()


class Copy:
    """A standby of a cluster; `place` is the folder of its socket."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self._cluster, self._data, self.place = cluster, folder / "data", str(folder)
        url = cluster.url()
        dsn = f"host={url.query['host']} user={url.username} password={url.password} dbname=postgres"
        self._run("pg_basebackup", "-D", str(self._data), "-R", "-X", "stream", "-c", "fast", "-d", dsn)

    def start(self) -> None:
        settings = {"listen_addresses": "", "unix_socket_directories": self.place, "max_connections": "60"}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self._run("pg_ctl", "start", "-D", str(self._data), "-l", f"{self.place}/log", "-w", "-o", options)

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-D", str(self._data), "-m", "fast", "-w", check=False)

    def ask(self, statement: str, database: str = "postgres") -> object:
        """The one value a statement of its administrator gives."""
        engine = create_engine(elsewhere(self._cluster.url(database), self.place), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                return connection.exec_driver_sql(statement).scalar()
        finally:
            engine.dispose()

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        self._cluster._run(program, *arguments, check=check)


@contextmanager
def copy_of(cluster: Cluster) -> Iterator[Copy]:
    """A copy that streams from a cluster."""
    with _folder("copy") as folder:
        _give_away(folder)
        copy = Copy(cluster, folder)
        copy.start()
        try:
            yield copy
        finally:
            copy.stop()


@contextmanager
def _folder(name: str) -> Iterator[Path]:
    """A folder with a short name which the user of the database reaches."""
    with tempfile.TemporaryDirectory(prefix=f"{name}-", dir=ROOT_FOLDER if is_root() else None) as folder:
        yield Path(folder)


def _give_away(folder: Path) -> None:
    """Files of root belong to the user of the database from now on."""
    if is_root():
        for path in (folder, *folder.iterdir()):
            os.chown(path, system_user().pw_uid, system_user().pw_gid)


def _wait_for(url: URL) -> None:
    engine, end = create_engine(url), time.monotonic() + 20
    try:
        while True:
            try:
                engine.connect().close()
                return
            except OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
    finally:
        engine.dispose()
