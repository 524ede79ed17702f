"""The embedded PostgreSQL: runs initdb and pg_ctl itself (DESIGN 3.7).

scram-sha-256 with a random password in a 0600 file, a short socket folder of its own, its own lock, a log without
parameters, take-over of a server left by a killed process. As root everything lives in /var/lib/repaircenter under a
system user; no permission outside that folder ever changes. On Windows a loopback port takes the socket's place.
"""

import contextlib
import hashlib
import json
import logging
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING

from sqlalchemy import URL

from repaircenter.central.db import binaries
from repaircenter.central.db.system_user import ROOT_FOLDER, is_root, reaches, system_user
from repaircenter.runtime.errors import EnvironmentFailure

if TYPE_CHECKING:
    from pwd import struct_passwd

log = logging.getLogger(__name__)
ADMIN = "rc_admin"
_START_SECONDS = 60
_JOIN_SECONDS = 30.0
# A socket address holds about 107 bytes, the file name in the folder needs 17 of them.
_LONGEST_SOCKET_FOLDER = 85


class Cluster:
    """One database cluster in `folder` (made on first start). `start` and `stop` may be called again and again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._data = folder / "data"
        self._programs: Path | None = None
        self._lock: IO[str] | None = None
        self._user: struct_passwd | None = None
        self._sockets = Path()
        self._started = False

    def start(self, *, join: bool = False) -> None:
        """Start the server, or with `join` use the one another process of ours runs (it ends with that process).

        Raises EnvironmentFailure with one sentence when the server cannot be had.
        """
        self._prepare_folder()
        if not self._take_lock():
            if not join:
                raise EnvironmentFailure("service.database_used")
            self._join()
            return
        try:
            if not self._data.exists():
                self._make()
            if self._running():
                log.info("the database server was still running and is used again")
            else:
                self._launch()
            self._started = True
        except BaseException:
            self._release()
            raise

    def revive(self) -> bool:
        """Start the server again if it is ours and died; whether that was done."""
        if not self._started or self._running():
            return False
        log.error("the database server had ended and is started again")
        self._launch()
        return True

    def is_lost(self) -> bool:
        """Whether another process ran the server and has ended: its sockets are gone, and so are ours."""
        return not self._started and not self._running()

    def _join(self) -> None:
        end = time.monotonic() + _JOIN_SECONDS
        while not (self._data.exists() and self._running()):
            if time.monotonic() > end:
                raise EnvironmentFailure("service.database_held")
            time.sleep(0.1)

    def stop(self) -> None:
        if self._started:
            self._run("pg_ctl", "stop", "-D", str(self._data), "-m", "fast", "-w", check=False)
            self._started = False
        self._release()

    def url(self, database: str = "postgres") -> URL:
        """Address of a database for the cluster's own administrator."""
        return URL.create(
            "postgresql+psycopg", ADMIN, self.secret("password"), database=database, query={"host": str(self._sockets)}
        )

    def secret(self, name: str) -> str:
        """A random value of this cluster, made on first use and kept in its 0600 file."""
        path = self._folder / "secrets.json"
        values: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if name not in values:
            values[name] = secrets.token_urlsafe(32)
            fresh = path.with_suffix(".new")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump(values, file)
            if self._user is not None and is_root():
                os.chown(fresh, self._user.pw_uid, self._user.pw_gid)
            fresh.replace(path)
        return values[name]

    def _prepare_folder(self) -> None:
        if is_root():
            self._user = system_user()
            self._folder.mkdir(parents=True, exist_ok=True)
            ROOT_FOLDER.mkdir(exist_ok=True)
            ROOT_FOLDER.chmod(0o755)
            self._programs = binaries.copied_to(ROOT_FOLDER)
            os.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
            self._folder.chmod(0o700)
            if not reaches(self._user, self._folder):
                raise EnvironmentFailure("service.database_folder", user=self._user.pw_name, folder=self._folder)
            secrets_file = self._folder / "secrets.json"
            if secrets_file.exists():  # for the service, which goes on as this user
                os.chown(secrets_file, self._user.pw_uid, self._user.pw_gid, follow_symlinks=False)
            self._sockets = ROOT_FOLDER / f"s-{self._mark()}"
            self._sockets.mkdir(exist_ok=True)
            os.chown(self._sockets, self._user.pw_uid, self._user.pw_gid)
            self._sockets.chmod(0o700)
            return
        self._programs = binaries.packaged()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sockets = Path(tempfile.gettempdir()) / f"rc-{os.getuid()}-{self._mark()}"
        if len(str(self._sockets)) > _LONGEST_SOCKET_FOLDER:
            self._sockets = Path("/tmp") / self._sockets.name
        self._sockets.mkdir(mode=0o700, exist_ok=True)
        if self._sockets.is_symlink() or self._sockets.stat().st_uid != os.getuid():
            raise EnvironmentFailure("service.socket_folder")
        self._sockets.chmod(0o700)

    def _mark(self) -> str:
        return hashlib.sha256(str(self._folder.resolve()).encode()).hexdigest()[:8]

    def _take_lock(self) -> bool:
        """Whether the cluster is ours; another process runs it otherwise."""
        import fcntl

        # Never through a link: as root that would write wherever it points to.
        number = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        self._lock = os.fdopen(number, "w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            self._lock = None
            return False
        return True

    def _release(self) -> None:
        if self._lock is not None:
            if not self._started:
                with contextlib.suppress(OSError):
                    self._sockets.rmdir()
            self._lock.close()
            self._lock = None

    def _make(self) -> None:
        """initdb into a side folder that is renamed when it is whole, so that a kill leaves nothing half-made."""
        fresh = self._folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        password = self._folder / "password"
        password.write_text(self.secret("password"))
        password.chmod(0o600)
        if self._user is not None:
            os.chown(password, self._user.pw_uid, self._user.pw_gid)
        self._run(
            "initdb",
            "-D",
            str(fresh),
            "-U",
            ADMIN,
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-instructions",
        )
        password.unlink()
        fresh.rename(self._data)

    def _running(self) -> bool:
        done = self._run("pg_ctl", "status", "-D", str(self._data), check=False)
        try:
            return done.returncode == 0 and any(self._sockets.iterdir())
        except FileNotFoundError:  # whoever ran it has taken them away
            return False

    def _launch(self) -> None:
        self._clear_left_over()
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._sockets),
            "unix_socket_permissions": "0700",
            "log_min_error_statement": "panic",
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
            "log_error_verbosity": "terse",
            "log_min_messages": "fatal",
            "max_connections": "60",
            "shared_buffers": "64MB",
            "dynamic_shared_memory_type": "posix",
            "jit": "off",
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self._run(
            "pg_ctl",
            "start",
            "-D",
            str(self._data),
            "-l",
            str(self._folder / "server.log"),
            "-w",
            "-t",
            str(_START_SECONDS),
            "-o",
            options,
        )

    def _clear_left_over(self) -> None:
        """A pid file of a server that is gone may name a stranger now: only our own server is ever stopped."""
        pid_file = self._data / "postmaster.pid"
        if not pid_file.exists():
            return
        number = pid_file.read_text("ascii", "replace").split("\n", 1)[0].strip()
        command = Path(f"/proc/{number}/cmdline")
        ours = command.exists() and str(self._data).encode() in command.read_bytes()
        if ours or not Path("/proc/self").exists():
            self._run("pg_ctl", "stop", "-D", str(self._data), "-m", "immediate", check=False)
        else:
            pid_file.unlink()

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        assert self._programs is not None
        identity: dict[str, object] = {}
        if self._user is not None and is_root():
            identity = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        keep = {name: os.environ[name] for name in ("PATH", "TZ", "SYSTEMROOT") if name in os.environ}
        done = self._done(program, arguments, keep, identity)
        if check and done.returncode != 0:
            log.error("%s ended with code %s", program, done.returncode)
            raise EnvironmentFailure("service.not_started", program=program, file=self._folder / "server.log")
        return done

    def _done(
        self, program: str, arguments: tuple[str, ...], keep: dict[str, str], identity: dict[str, object]
    ) -> subprocess.CompletedProcess[bytes]:
        assert self._programs is not None
        run: Callable[..., subprocess.CompletedProcess[bytes]] = subprocess.run
        try:
            return run(
                [str(self._programs / "bin" / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd=self._folder,
                env={**keep, "LC_ALL": "C"},
                start_new_session=True,
                **identity,
            )
        except OSError as error:
            raise EnvironmentFailure("service.program", program=program, reason=error.strerror) from None


def default_folder(name: str, data_folder: Path) -> Path:
    """Where the cluster `name` lives: below /var/lib/repaircenter for root, else in the user's data folder."""
    return ROOT_FOLDER / name if is_root() else data_folder / name


def free_port() -> int:
    """A TCP port of the loopback address that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
