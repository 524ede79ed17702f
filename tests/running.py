"""A service that goes on running from test to test, on a database that is put back to what the template holds.

Starting a service takes six times as long as putting it back. One that a test has stopped or broken is started anew.
"""

import time
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.central.areas import AREAS
from repaircenter.central.core.bell import Bell
from repaircenter.central.core.service import Service
from repaircenter.central.db.embedded import Cluster
from repaircenter.central.messages.text_messages import FolderTexts
from repaircenter.central.messages.transport import FolderTransport
from repaircenter.central.timers.worker import Queue
from tests.fakes.clock import FakeClock
from tests.fakes.passwords import CHEAP

TEMPLATE, DATABASE = "tests_template", "tests"
TICK_SECONDS = 0.2
# A table that has grown beyond this is emptied as a whole.
_LARGE_BYTES = 65536
_PUT_BACK = f"""
CREATE FUNCTION kept.put_back() RETURNS void LANGUAGE plpgsql AS $$
DECLARE place record; is_filled boolean;
BEGIN
  SET LOCAL session_replication_role = replica;
  SET LOCAL lock_timeout = '3s';
  FOR place IN SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' LOOP
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
    for name in connection.exec_driver_sql(of_kind.format("S")).scalars().all():
        connection.exec_driver_sql(
            f"INSERT INTO kept.sequences SELECT '{name}', last_value, is_called FROM public.\"{name}\""
        )
    connection.exec_driver_sql(_PUT_BACK.replace("%", "%%"), ())


@dataclass
class Running:
    """`take` gives a service as the template has it, `give_back` ends a test's use of it, `stop` the whole."""

    cluster: Cluster
    service: CentralService | None = None
    # What the service was started with; tests put other things in its place.
    _parts: dict[str, Any] | None = None
    _admin: Engine | None = None
    # How many stops the service itself has.
    _started: int = 0

    def take(self, clock: FakeClock, mail: Path) -> CentralService:
        if self.service is not None and not self._put_back(self.service, clock, mail):
            self.stop()
        if self.service is None:
            self.service = self._start(clock, mail)
        return self.service

    def give_back(self) -> None:
        """Nothing of the test goes on; a service that does not answer any more is stopped."""
        service = self.service
        if service is None or service.service is None:
            return
        service.queue.stop()
        stops = service.service.stops._stops
        if not stops:
            self.stop()  # the test has stopped it
            return
        # What the test started beside the service, and requests that wait for news.
        while len(stops) > self._started:
            stops.pop()[1]()
        self._bell(service).close()
        if not self._is_well(service):
            self.stop()

    @staticmethod
    def _bell(service: CentralService) -> Bell:
        assert service.service is not None
        ends = dict(service.service.stops._stops)["waiting requests"]
        bell: Bell = ends.__self__  # type: ignore[attr-defined]
        return bell

    def stop(self) -> None:
        if self.service is not None:
            self.service.stop()
        if self._admin is not None:
            self._admin.dispose()
        self.service, self._parts, self._admin = None, None, None

    def _start(self, clock: FakeClock, mail: Path) -> CentralService:
        engine = create_engine(self.cluster.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            connection.exec_driver_sql(f"CREATE DATABASE {DATABASE} OWNER rc_migrate TEMPLATE {TEMPLATE}")
        engine.dispose()
        url = self.cluster.url(DATABASE)
        options = CentralOptions(
            mail.parent / "service", url.render_as_string(hide_password=False), port=0, mail_folder=mail
        )
        service = CentralService(options, clock, CHEAP)
        service.start(tick_seconds=TICK_SECONDS)
        assert service.service is not None
        self._parts = {field.name: getattr(service.service, field.name) for field in fields(Service)}
        self._admin = create_engine(url, pool_size=1)
        self._started = len(service.service.stops._stops)
        return service

    def _put_back(self, service: CentralService, clock: FakeClock, mail: Path) -> bool:
        """Whether the service is as if it were new."""
        assert self._admin is not None and self._parts is not None and service.service is not None
        try:
            with self._admin.begin() as connection:
                connection.exec_driver_sql("SELECT kept.put_back()")
        except SQLAlchemyError:
            return False
        parts = self._parts | {"clock": clock, "mail": FolderTransport(mail), "texts": FolderTexts(mail)}
        for name, part in parts.items():
            object.__setattr__(service.service, name, part)
        service._clock = clock
        self._bell(service).is_closed = False
        queue = service._queue = Queue(service.service, service._urls["rc_worker"], AREAS)
        queue.start(TICK_SECONDS)
        return True

    def _is_well(self, service: CentralService) -> bool:
        """Whether the service answers, and no report is at work any more."""
        assert self._admin is not None
        end = time.monotonic() + 5
        try:
            with self._admin.connect() as connection:
                while connection.execute(text("SELECT count(*) FROM report_run WHERE state = 'running'")).scalar_one():
                    if time.monotonic() > end:
                        return False
                    time.sleep(0.02)
            return requests.get(f"{service.address}/ready", timeout=5).ok
        except (SQLAlchemyError, requests.RequestException):
            return False
