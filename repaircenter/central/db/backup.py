"""Writes a database into one file and fills an empty one from it, with PostgreSQL's own programs.

Taken while the service works: the file holds one instant. Roles and their passwords belong to the server and are made
anew where it is restored; the key of digests and links is in the file, so that links in sent messages stay good.
"""

import logging
import os
import subprocess
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, create_engine, text

from repaircenter.central.db import binaries
from repaircenter.runtime.errors import EnvironmentFailure, KnownError

log = logging.getLogger(__name__)
# Which every server since version 15 takes; the programs are those of a newer one.
_UNKNOWN_TO_OLDER = b"SET transaction_timeout = 0;"


def write_backup(database: URL, path: Path) -> None:
    """Write a database into `path` (0600), whole or not at all; `database` is its server's administrator's address."""
    part = path.with_name(path.name + ".part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        part.chmod(0o600)
        _run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            f"--file={part}",
            f"--dbname={_address(database)}",
            database=database,
        )
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    except OSError as error:
        raise KnownError("cli.file", file=path, reason=error.strerror) from None
    finally:
        part.unlink(missing_ok=True)


def is_empty(database: URL) -> bool:
    """Whether a database has no table yet."""
    engine = create_engine(database, hide_parameters=True)
    try:
        with engine.connect() as connection:
            tables = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            return bool(connection.execute(tables).scalar_one() == 0)
    finally:
        engine.dispose()


def read_backup(path: Path, database: URL) -> None:
    """Fill an empty database from a file, whole or not at all. Raises KnownError for what is no backup."""
    if not path.is_file():
        raise KnownError("cli.file", file=path, reason="there is no such file")
    with (
        subprocess.Popen(
            [_program("pg_restore"), "--no-owner", "--role=rc_migrate", "--file=-", str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as reading,
        subprocess.Popen(
            [
                *(_program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"),
                *("--output=/dev/null", f"--dbname={_address(database)}"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=_environment(database),
        ) as writing,
    ):
        assert reading.stdout is not None and writing.stdin is not None
        try:
            for line in reading.stdout:
                if line.rstrip() != _UNKNOWN_TO_OLDER:
                    writing.stdin.write(line)
            # Nothing of a file that breaks off is kept.
            if reading.wait() != 0:
                writing.stdin.write(b"\nROLLBACK;\n\\quit\n")
            else:
                writing.stdin.write(_OWN_SECRETS)
        except BrokenPipeError:
            reading.kill()
        _out, told = writing.communicate()
    if reading.returncode != 0:
        raise KnownError("service.bad_backup", file=path.name)
    if writing.returncode != 0:
        log.error("restoring stopped: %s", _where(told))
        raise EnvironmentFailure("service.not_restored")


# The administrator's alone, as in every database.
_OWN_SECRETS = b"""
RESET ROLE;
ALTER TABLE public.repaircenter_secret OWNER TO CURRENT_USER;
"""


def _run(program: str, *arguments: str, database: URL) -> None:
    done = subprocess.run(
        [_program(program), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=_environment(database),
    )
    if done.returncode != 0:
        log.error("%s ended with code %s: %s", program, done.returncode, _where(done.stderr))
        raise EnvironmentFailure("service.not_saved", program=program)


def _program(name: str) -> str:
    return str(binaries.packaged() / "bin" / name)


def _address(database: URL) -> str:
    """Where a database is, without its password: a command line is seen by everybody on the machine."""
    given = {"host": database.host, "port": database.port, "user": database.username, "dbname": database.database}
    return make_conninfo(
        **{name: str(value) for name, value in {**given, **database.query}.items() if value is not None}
    )


def _environment(database: URL) -> dict[str, str]:
    keep = {name: os.environ[name] for name in ("PATH", "TZ", "SYSTEMROOT") if name in os.environ}
    return {**keep, "LC_ALL": "C", "PGPASSWORD": str(database.password or "")}


def _where(told: bytes) -> str:
    """The place of a message without its text, which may quote a row."""
    return told.decode("utf-8", "replace").partition("ERROR:")[0].strip()[-60:] or "no place"
