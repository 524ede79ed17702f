"""Builds and connects the service: database, web, worker. Every start registers its stop."""

import json
import logging
import os
import secrets
import signal
import threading
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from repaircenter.assembly.central_options import DATABASE, CentralOptions
from repaircenter.assembly.mail_server import THIS_MACHINE, inbox_of, sender_of, texts_of, transport_of
from repaircenter.runtime import contact
from repaircenter.runtime.clock import Clock, SystemClock
from repaircenter.runtime.errors import EnvironmentFailure, KnownError
from repaircenter.runtime.threads import Stops, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Connection

    from repaircenter.central.core.day_end import DayEnd
    from repaircenter.central.core.secrets import Passwords
    from repaircenter.central.core.service import Service
    from repaircenter.central.db.embedded import Cluster
    from repaircenter.central.messages.transport import MailServer
    from repaircenter.central.timers.worker import Queue

log = logging.getLogger(__name__)
REVIVE_SECONDS = 5.0
# Looks at a database of another process that is not there.
_MOST_MISSED = 4


class CentralService:
    """The whole service in this process: `start`, then `stop`."""

    def __init__(
        self, options: CentralOptions, clock: Clock | None = None, passwords: "Passwords | None" = None
    ) -> None:
        self._options = options
        self._clock = clock or SystemClock()
        self._passwords = passwords
        self._stops = Stops()
        self._urls: dict[str, URL] = {}
        self._digest_key = ""
        # The database for its server's administrator.
        self._database: URL | None = None
        self._cluster: Cluster | None = None
        self._missed = 0
        # Set once the process that ran the embedded database has ended.
        self.lost = threading.Event()
        self._queue: Queue | None = None
        self.service: Service | None = None
        self.port = options.port
        self.metrics_port = 0

    @property
    def address(self) -> str:
        host = f"[{self._options.host}]" if ":" in self._options.host else self._options.host
        return f"http://{host}:{self.port}"

    @property
    def queue(self) -> "Queue":
        assert self._queue is not None
        return self._queue

    def prepare(self, restore: Path | None = None, *, as_it_is: bool = False) -> None:
        """Start the database and bring it to the newest version, unless it is wanted `as_it_is`; an empty one is filled
        from a backup first.

        Raises KnownError.
        """
        try:
            from repaircenter.central.db import backup, preparing
            from repaircenter.central.db.embedded import Cluster, default_folder
            from repaircenter.central.db.shared_secrets import SharedSecrets
        except ImportError:
            raise EnvironmentFailure("service.not_installed") from None
        from sqlalchemy.exc import DBAPIError

        earlier: Callable[[str], str]
        if self._options.database_url is None:
            usual = default_folder(self._options.cluster, self._options.data_folder)
            cluster = Cluster(self._options.cluster_folder or usual)
            # Who wants an empty database wants it alone.
            cluster.start(join=not self._options.fresh)
            self._stops.add("database", cluster.stop)
            self._cluster = cluster
            admin, name = cluster.url(), self._options.database
            earlier = cluster.secret
        else:
            given = _database_url(self._options.database_url)
            name = given.database or DATABASE
            admin = given.set(drivername="postgresql+psycopg", database="postgres")
            earlier = _file_secret(self._options.data_folder / "service.json")
        try:
            # Passwords belong to the server, the key of digests and links to the database.
            of_server, of_database = SharedSecrets(admin), SharedSecrets(admin.set(database=name))
            passwords = of_server.secrets(preparing.ROLES, earlier)
            preparing.make_roles(admin, passwords)
            preparing.make_database(admin, name, fresh=self._options.fresh)
            for role in preparing.ROLES:
                self._urls[role] = admin.set(username=role, password=passwords[role], database=name)
            self._database = admin.set(database=name)
            if as_it_is:
                return
            if restore is not None:
                if not backup.is_empty(self._database):
                    raise KnownError("service.not_empty", database=name)
                backup.read_backup(restore, self._database)
            preparing.migrate(self._urls["rc_migrate"])
            self._digest_key = of_database.secrets(("digests",), earlier)["digests"]
        except DBAPIError as error:
            kind = type(error).__name__
            raise EnvironmentFailure("service.database", kind=kind) from None
        self._ship_questionnaires()

    def write_backup(self, path: Path) -> None:
        """Write the prepared database into a file."""
        from repaircenter.central.db import backup

        assert self._database is not None
        backup.write_backup(self._database, path)

    def url_of(self, role: str) -> "URL":
        """Where a role signs in to the prepared database; for measurements and tests."""
        return self._urls[role]

    @contextmanager
    def admin(self) -> "Iterator[Connection]":
        """A transaction of the owner, for what an operator sets up."""
        from sqlalchemy import create_engine

        engine = create_engine(self._urls["rc_migrate"], hide_parameters=True)
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()

    def _ship_questionnaires(self) -> None:
        from repaircenter.central.questionnaires.queries import add_questionnaire
        from repaircenter.central.questionnaires.questionnaire_file import SHIPPED, shipped

        with self.admin() as connection:
            for name in SHIPPED:
                questionnaire, content = shipped(name)
                add_questionnaire(connection, questionnaire.key, questionnaire.version, content)

    def start(
        self, *, web: bool = True, worker: bool = True, tick_seconds: float = 5.0, as_system_user: bool = False
    ) -> None:
        """Serve requests and run tasks until `stop`; with `as_system_user` a process of root is one no longer."""
        try:
            self._start(web=web, worker=worker, tick_seconds=tick_seconds, as_system_user=as_system_user)
        except BaseException:
            self.stop()
            raise

    def _public_address(self) -> str | None:
        """Where customers reach the survey pages; messages that leave need one they can open."""
        given = self._options.public_address
        if given is None:
            if self._options.smtp is not None:
                raise KnownError("service.no_public")
            return None
        parts = urlsplit(given)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise KnownError("service.bad_public")
        return given.rstrip("/")

    def _desk_download(self) -> str:
        """Where shops get the newest desk; empty where the operator offers none."""
        given = self._options.desk_download or ""
        parts = urlsplit(given)
        if given and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise KnownError("service.bad_download")
        return given

    def _day_end(self) -> "DayEnd":
        from repaircenter.central.core.day_end import DayEnd, read_day_end

        given = self._options.sessions_end
        day_end = DayEnd() if given is None else read_day_end(given)
        if day_end is None:
            raise KnownError("service.bad_sessions_end")
        return day_end

    def _start(self, *, web: bool, worker: bool, tick_seconds: float, as_system_user: bool) -> None:
        # What is missing on the command line is said before anything is started.
        transport, sender, public_address = (
            transport_of(self._options),
            sender_of(self._options),
            self._public_address(),
        )
        inbox, texts = inbox_of(self._options), texts_of(self._options)
        desk_download, day_end = self._desk_download(), self._day_end()
        server = None
        if web:
            from repaircenter.central.server import Server

            server = Server(self._options.host, self._options.port)
            self.port = server.port
            self._stops.add("socket", server.stop)
        self.prepare()
        contact.load()
        if as_system_user:
            self._drop_root()
        from repaircenter.central.areas import AREAS
        from repaircenter.central.core.events import Events
        from repaircenter.central.core.secrets import Passwords, Signer
        from repaircenter.central.core.service import Service
        from repaircenter.central.db.connections import POOL_SIZE, REPORTS_AT_ONCE, Database, elsewhere
        from repaircenter.central.db.replica import Reading
        from repaircenter.central.timers.worker import Queue

        pooler, copy = self._options.pooler, self._options.reports_database
        databases = {
            # A run reads on one connection and writes its parts on another.
            "rc_web": Database(self._urls["rc_web"], POOL_SIZE + 2 * REPORTS_AT_ONCE, pooler),
            "rc_sign_in": Database(self._urls["rc_sign_in"], pooler=pooler),
            "rc_worker": Database(self._urls["rc_worker"]),
        }
        for role, database in databases.items():
            self._stops.add(f"connections of {role}", database.close)
        reading = Reading(
            databases["rc_web"],
            None if copy is None else Database(elsewhere(self._urls["rc_web"], copy), REPORTS_AT_ONCE),
        )
        self._stops.add("connections of reports", reading.close)
        self.service = service = Service(
            databases["rc_web"],
            databases["rc_sign_in"],
            databases["rc_worker"],
            reading,
            self._clock,
            Signer(self._digest_key),
            self._passwords or Passwords(),
            public_address or self.address,
            transport,
            sender,
            desk_download,
            self._options.support_phone or "",
            day_end,
            inbox is not None,
            texts,
            self._stops,
            Events(area.listeners for area in AREAS),
            tuple(table for area in AREAS for table in area.personal),
        )
        self._queue = Queue(service, self._urls["rc_worker"], AREAS)
        if self._cluster is not None:
            reviver = Worker("database", self._revive, self._clock)
            self._stops.add("database watch", reviver.stop)
            reviver.start()
        if worker:
            self._stops.add("tasks", self._queue.stop)
            self._queue.start(tick_seconds)
            if inbox is not None:
                self._read_inbox(service, inbox)
        if self._options.metrics is not None:
            from repaircenter.central.monitoring import watch

            self.metrics_port = watch(service, self._options.metrics)
        if server is not None:
            from repaircenter.central.app import build_app

            app = build_app(service)
            server.start(app)
            self._stops.add("web", server.stop)
            # Before it: a request that waits for news would keep the server.
            self._stops.add("waiting requests", app.state.bell.close)

    def _read_inbox(self, service: "Service", server: "MailServer") -> None:
        """Look for mail that came back, until the service stops."""
        from repaircenter.central.areas import KINDS
        from repaircenter.central.messages.area import sender_of as sender_of_kinds
        from repaircenter.central.messages.inbox import Inbox

        reader = Worker("inbox", Inbox(service, server, sender_of_kinds(KINDS)).step, self._clock)
        self._stops.add("inbox", reader.stop)
        reader.start()

    def _drop_root(self) -> None:
        """Go on as the system user when we are root. Raises KnownError when it could not write the messages."""
        from repaircenter.central.db.system_user import can_run_program, drop_root, is_root, reaches, system_user

        if not is_root():
            return
        folder, user = self._options.mail_folder, system_user()
        if not can_run_program(user):
            print(f"The service goes on as root: the user {user.pw_name} cannot read the program here.", flush=True)  # noqa: T201
            return
        if folder is not None and not any(folder.iterdir()):
            os.chown(folder, user.pw_uid, user.pw_gid)
            folder.chmod(0o700)
        if folder is not None and not reaches(user, folder):
            if not any(folder.iterdir()):
                folder.rmdir()
            raise KnownError("service.mail_user", user=user.pw_name, folder=folder)
        drop_root(user)

    def _revive(self) -> float:
        """Start the embedded server again when it died; return the seconds until the next look."""
        assert self._cluster is not None
        self._cluster.revive()
        # Whoever runs it starts it again within seconds, while they live.
        self._missed = self._missed + 1 if self._cluster.is_lost() else 0
        if self._missed >= _MOST_MISSED:
            log.error("the process that ran the database has ended, and this one ends with it")
            self.lost.set()
        return REVIVE_SECONDS

    def stop(self) -> None:
        self._stops.run()


def _database_url(text: str) -> "URL":
    """The address of another PostgreSQL. Raises KnownError; never repeats the address, which holds a password."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise KnownError("service.bad_database") from None
    if url.get_backend_name() != "postgresql" or not (url.host or url.query.get("host")):
        raise KnownError("service.bad_database")
    return url


def _file_secret(path: Path) -> Callable[[str], str]:
    """Values earlier versions kept in the data folder, so that links and digests made with them stay good."""

    def secret(name: str) -> str:
        try:
            values: dict[str, str] = json.loads(path.read_text())
        except (OSError, ValueError):
            values = {}
        return values.get(name) or secrets.token_urlsafe(32)

    return secret


def serve(options: CentralOptions, *, web: bool = True, worker: bool = True) -> int:
    """Run the service until SIGTERM or Ctrl+C: 0. When another process ran the embedded database and ended: 1, so that
    who watches over this one starts it again."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    service = CentralService(options)
    service.start(web=web, worker=worker, as_system_user=True)
    try:
        print("\n".join(_told(options, service.address, web=web, worker=worker)), flush=True)  # noqa: T201
        while not ended.wait(1.0) and not service.lost.is_set():
            pass
    finally:
        service.stop()
    return int(service.lost.is_set())


def _told(options: CentralOptions, address: str, *, web: bool, worker: bool) -> list[str]:
    """What runs, where messages go, and what an operator should know of it."""
    lines = [f"RepairCenter service: {address}" if web else "RepairCenter worker runs"]
    if worker:
        lines.append(f"Messages to customers go to {options.mail_folder or options.smtp}.")
        texts = options.texts or options.mail_folder
        lines.append(f"Texts go to {texts}." if texts else "No texts are sent: programs pass them over.")
    public = urlsplit(options.public_address or "")
    if public.scheme == "http" and public.hostname not in THIS_MACHINE:
        lines.append("Survey pages begin with http: what customers answer is not encrypted on its way.")
    return [*lines, "Ctrl+C ends it."]
