"""Makes a database ready: roles with their passwords, the schema, the task queue's tables. May be run again."""

import re
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.exc import OperationalError

from repaircenter.central.db.queue_schema import apply_queue_migrations
from repaircenter.runtime.errors import KnownError

ROLES = ("rc_migrate", "rc_web", "rc_sign_in", "rc_worker")
_HERE = Path(__file__).resolve().parent
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}\Z")


class NewerDatabase(KnownError):
    """The database was written by a newer service and is not touched."""


def make_roles(admin: URL, passwords: dict[str, str]) -> None:
    """Create the login roles (none a superuser), and set the password of one that does not let us in.

    A role whose password is right is left alone: other processes are signed in with it. One process at a time.
    """
    engine = create_engine(admin, isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(7414)"))
            roles = set(connection.execute(text("SELECT rolname FROM pg_roles")).scalars())
            for role in ROLES:
                if role in roles and _lets_in(admin.set(username=role, password=passwords[role])):
                    continue
                verb = "ALTER" if role in roles else "CREATE"
                verifier = _verifier(connection, role, passwords[role])
                connection.exec_driver_sql(f"{verb} ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{verifier}'")
    finally:
        engine.dispose()


def _verifier(connection: Connection, role: str, password: str) -> str:
    """What the server checks a password by: the password itself would stand in its log where a statement fails."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    verifier: bytes = raw.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    return verifier.decode("ascii")


def _lets_in(url: URL) -> bool:
    """Whether a role may sign in; that it may not use this very database is no wrong password."""
    engine = create_engine(url, hide_parameters=True)
    try:
        engine.connect().close()
    except OperationalError as error:
        return "permission denied" in str(error.orig) or "not permitted" in str(error.orig)
    finally:
        engine.dispose()
    return True


def make_database(admin: URL, name: str, *, fresh: bool = False) -> None:
    """Create the database owned by `rc_migrate` unless it is there; `fresh` drops it first. One process at a time."""
    assert _NAME.match(name), name
    engine = create_engine(admin, isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(7414)"))
            if fresh:
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            known = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :n"), {"n": name}).first()
            if known is None:
                connection.exec_driver_sql(f"CREATE DATABASE {name} OWNER rc_migrate TEMPLATE template0")
            connection.exec_driver_sql(f"ALTER DATABASE {name} OWNER TO rc_migrate")
            connection.exec_driver_sql(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
            connection.exec_driver_sql(f"GRANT CONNECT ON DATABASE {name} TO rc_web, rc_sign_in, rc_worker")
    finally:
        engine.dispose()


def migrate(url: URL) -> None:
    """Bring the schema to the newest version in one transaction. Raises NewerDatabase."""
    settings = Config()
    settings.set_main_option("script_location", str(_HERE / "migrations"))
    script = ScriptDirectory.from_config(settings)
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(7411)"))
            current = MigrationContext.configure(connection).get_current_revision()
            if current == script.get_current_head():
                if apply_queue_migrations(connection):
                    _grant_queue(connection)
                return
            if current is not None and current not in {r.revision for r in script.walk_revisions()}:
                raise NewerDatabase("service.newer")
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")
            if apply_queue_migrations(connection):
                _grant_queue(connection)
    finally:
        engine.dispose()


def first_schema(connection: Connection) -> None:
    """The tables of db/schema.sql and those of the task queue (called by the first migration)."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    cursor = raw.cursor()
    for statements in ((_HERE / "schema.sql").read_text("utf-8"), SchemaManager.get_schema(), _QUEUE_GRANTS):
        cursor.execute(statements)
    cursor.close()


def _grant_queue(connection: Connection) -> None:
    raw = connection.connection.dbapi_connection
    assert raw is not None
    cursor = raw.cursor()
    cursor.execute(_QUEUE_GRANTS)
    cursor.close()


_QUEUE_GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers,
  procrastinate_workers TO rc_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO rc_web, rc_worker;
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT oid::regprocedure FROM pg_proc WHERE proname LIKE 'procrastinate%' LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO rc_worker', f);
  END LOOP;
END $$;
"""
