"""A service that goes on running from test to test, on a database that is put back to what the template holds.

Starting a service takes six times as long as putting it back. One that a test has stopped or broken is started anew.
"""

import logging
import time
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MethodType
from typing import Any

import requests
from litestar import Litestar
from litestar.stores.memory import MemoryStore
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.central.core.bell import Bell
from repaircenter.central.core.service import Service
from repaircenter.central.db.embedded import Cluster
from repaircenter.central.messages.text_messages import FolderTexts
from repaircenter.central.messages.transport import FolderTransport
from repaircenter.central.server import Server
from tests.fakes.clock import FakeClock
from tests.fakes.passwords import CHEAP

log = logging.getLogger(__name__)
TEMPLATE, DATABASE = "tests_template", "tests"
TICK_SECONDS, REST_SECONDS = 0.2, 3.0
# A table that has grown beyond this is emptied as a whole.
_LARGE_BYTES = 65536
# The worker of the queue goes on from test to test.
_OF_THE_WORKER = "procrastinate_workers"
_PUT_BACK = f"""
CREATE FUNCTION kept.put_back() RETURNS void LANGUAGE plpgsql AS $$
DECLARE place record; is_filled boolean;
BEGIN
  SET LOCAL session_replication_role = replica;
  SET LOCAL lock_timeout = '3s';
  FOR place IN SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    AND c.relname <> '{_OF_THE_WORKER}' LOOP
    IF pg_relation_size(format('public.%I', place.name)) > {_LARGE_BYTES} THEN
      EXECUTE format('TRUNCATE public.%I CASCADE', place.name);
    ELSE
      EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', place.name) INTO is_filled;
      IF is_filled THEN EXECUTE format('DELETE FROM public.%I', place.name); END IF;
    END IF;
  END LOOP;
  FOR place IN SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'kept'::regnamespace AND c.relkind = 'r'
    AND c.relname <> 'sequences' LOOP
    EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE SELECT * FROM kept.%I', place.name, place.name);
  END LOOP;
  FOR place IN SELECT * FROM kept.sequences LOOP
    PERFORM setval(format('public.%I', place.name)::regclass, place.value, place.is_used);
  END LOOP;
END $$
"""


def remember(connection: Connection) -> None:
    """Keep what the tables of a template hold beside them, with what puts it back."""
    connection.exec_driver_sql("CREATE SCHEMA kept")
    connection.exec_driver_sql("CREATE TABLE kept.sequences (name text, value bigint, is_used boolean)")
    of_kind = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = '{}'"
    for name in connection.exec_driver_sql(of_kind.format("r")).scalars().all():
        # Queries are planned as on tables that are new, in whichever order tests come.
        connection.exec_driver_sql(f'ALTER TABLE public."{name}" SET (autovacuum_enabled = false)')
        if connection.exec_driver_sql(f'SELECT EXISTS (SELECT 1 FROM public."{name}")').scalar_one():
            connection.exec_driver_sql(f'CREATE TABLE kept."{name}" AS TABLE public."{name}"')
    counted = connection.exec_driver_sql(of_kind.format("S")).scalars().all()
    for name in (name for name in counted if not name.startswith(_OF_THE_WORKER)):
        connection.exec_driver_sql(
            f"INSERT INTO kept.sequences SELECT '{name}', last_value, is_called FROM public.\"{name}\""
        )
    connection.exec_driver_sql(_PUT_BACK.replace("%", "%%"), ())


@dataclass
class Running:
    """`take` gives a service as the template has it, `give_back` ends a test's use of it, `stop` the whole."""

    cluster: Cluster
    service: CentralService | None = None
    clock: FakeClock = field(default_factory=FakeClock)
    # What the service was started with; tests put other things in its place.
    _parts: dict[str, Any] = field(default_factory=dict)
    # How many stops the service itself has.
    _started: int = 0
    _admin: Engine | None = None

    def take(self, mail: Path) -> CentralService:
        if self.service is not None and not self._put_back(self.service, mail):
            self.stop()
        if self.service is None:
            self.service = self._start(mail)
        return self.service

    def give_back(self) -> None:
        """Nothing of the test goes on; a service that was stopped, or does not come to rest, is one no more."""
        service = self.service
        if service is None or service.service is None:
            return
        stops = service.service.stops._stops
        # What the test started beside the service, and requests that wait for news.
        while len(stops) > self._started:
            stops.pop()[1]()
        if not stops or not self._comes_to_rest(service):
            self.stop()

    def stop(self) -> None:
        if self.service is not None:
            self.service.stop()
        if self._admin is not None:
            self._admin.dispose()
        self.service, self._admin = None, None

    def _start(self, mail: Path) -> CentralService:
        engine = create_engine(self.cluster.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            connection.exec_driver_sql(f"CREATE DATABASE {DATABASE} OWNER rc_migrate TEMPLATE {TEMPLATE}")
        engine.dispose()
        url = self.cluster.url(DATABASE)
        options = CentralOptions(
            mail.parent / "service", url.render_as_string(hide_password=False), port=0, mail_folder=mail
        )
        self.clock = FakeClock()
        service = CentralService(options, self.clock, CHEAP)
        service.start(tick_seconds=TICK_SECONDS)
        assert service.service is not None
        self._parts = {field.name: getattr(service.service, field.name) for field in fields(Service)}
        self._started = len(service.service.stops._stops)
        self._admin = create_engine(url, pool_size=1)
        return service

    def _put_back(self, service: CentralService, mail: Path) -> bool:
        """Whether the service is as if it were new."""
        assert self._admin is not None and service.service is not None
        try:
            with self._admin.begin() as connection:
                connection.exec_driver_sql("SELECT kept.put_back()")
        except SQLAlchemyError:
            log.exception("the database could not be put back; the service is started anew")
            return False
        # The same clock, which threads of the service have in their hands.
        self.clock.begin_again()
        parts = self._parts | {"mail": FolderTransport(mail), "texts": FolderTexts(mail)}
        for name, part in parts.items():
            object.__setattr__(service.service, name, part)
        # What strangers asked for in the tests before; from outside its event loop a store is emptied by hand.
        store = _app(service).stores.get("rate_limit")
        assert isinstance(store, MemoryStore)
        store._store.clear()
        service._options = replace(service._options, data_folder=mail.parent / "service", mail_folder=mail)
        _bell(service).is_closed = False
        return True

    def _comes_to_rest(self, service: CentralService) -> bool:
        """Whether nothing is at work any more, and the service answers."""
        assert self._admin is not None
        _bell(service).close()
        end = time.monotonic() + REST_SECONDS
        try:
            with self._admin.connect() as connection:
                at_work = text("SELECT count(*) FROM report_run WHERE state = 'running'")
                while connection.execute(at_work).scalar_one() or not service.queue.idle():
                    connection.rollback()
                    if time.monotonic() > end:
                        return False
                    time.sleep(0.02)
            return requests.get(f"{service.address}/ready", timeout=5).ok
        except (SQLAlchemyError, requests.RequestException):
            return False


def _app(service: CentralService) -> Litestar:
    """The application of its web server."""
    web = _owner_of(service, "web")
    assert isinstance(web, Server) and web._server is not None
    app = web._server.config.app
    assert isinstance(app, Litestar)
    return app


def _bell(service: CentralService) -> Bell:
    """What wakes the requests that wait for news."""
    bell = _owner_of(service, "waiting requests")
    assert isinstance(bell, Bell)
    return bell


def _owner_of(service: CentralService, stop: str) -> object:
    """What a registered stop belongs to: the service hands out nothing of its inside but the ways to end it."""
    assert service.service is not None
    method = dict(service.service.stops._stops)[stop]
    assert isinstance(method, MethodType)
    return method.__self__
