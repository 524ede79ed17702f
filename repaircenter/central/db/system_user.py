"""The account the service runs as when it is started by root."""

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pwd import struct_passwd

log = logging.getLogger(__name__)
ROOT_FOLDER = Path("/var/lib/repaircenter")
SYSTEM_USER = "repaircenter"
_LEAST_PROGRAM = "import repaircenter.central.app"


def is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def system_user() -> "struct_passwd":
    """Return the account, made on first use."""
    import pwd  # not there on Windows, where nobody is root

    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        ROOT_FOLDER.mkdir(parents=True, exist_ok=True)
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", str(ROOT_FOLDER)]
        subprocess.run(
            ["useradd", *options, "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return pwd.getpwnam(SYSTEM_USER)


def reaches(user: "struct_passwd", folder: Path) -> bool:
    """Return whether the account may write into a folder, on the whole way to it."""
    done = subprocess.run(["test", "-w", str(folder)], user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/")
    return done.returncode == 0


def can_run_program(user: "struct_passwd") -> bool:
    """Return whether the account may read this program and its Python (not below /root, say)."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", _LEAST_PROGRAM],
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=[],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return False
    return done.returncode == 0


def drop_root(user: "struct_passwd") -> None:
    """Go on as the system user, for good. Only where it can run the program."""
    os.chdir("/")
    os.initgroups(user.pw_name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.environ["HOME"] = user.pw_dir
    log.info("the service runs as %s", user.pw_name)
