"""A Debian with nothing in it, in a folder: no Python, no Qt, no X (issue 16)."""

import os
import platform
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class Bare:
    """Commands run in it as root; what it listens to and reaches is this machine's network."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def command(self, *words: str, **variables: str) -> list[str]:
        path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin"
        given = [f"{name}={value}" for name, value in variables.items()]
        return ["chroot", str(self.root), "env", "-i", path, "HOME=/root", "LANG=C.UTF-8", *given, *words]

    def run(self, *words: str, seconds: float = 120, **variables: str) -> subprocess.CompletedProcess[str]:
        """Its output, and what went wrong as part of the failure."""
        done = subprocess.run(
            self.command(*words, **variables), capture_output=True, text=True, timeout=seconds, check=False
        )
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done

    def install(self, package: Path) -> None:
        """With what it depends on, as apt does for anybody."""
        shutil.copy(package, self.root / package.name)
        self.run("apt-get", "install", "-y", "-q", "--no-install-recommends", f"/{package.name}",
                 seconds=400, DEBIAN_FRONTEND="noninteractive")  # fmt: skip
        (self.root / package.name).unlink()


@contextmanager
def bare_debian(root: Path) -> Iterator[Bare]:
    release = platform.freedesktop_os_release()["VERSION_CODENAME"]
    done = subprocess.run(
        ["debootstrap", "--variant=minbase", release, str(root)],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    for name in ("resolv.conf", "hosts"):
        shutil.copy(f"/etc/{name}", root / "etc" / name)
    shutil.copytree("/etc/apt/apt.conf.d", root / "etc/apt/apt.conf.d", dirs_exist_ok=True)
    # No service is started in it.
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    subprocess.run(["mount", "--bind", "/proc", str(root / "proc")], check=True)
    try:
        Bare(root).run("apt-get", "update", "-q")
        yield Bare(root)
    finally:
        subprocess.run(["umount", str(root / "proc")], check=True)


def may_be_made() -> str:
    """Why there can be none here; empty when there can."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "a bare Debian needs root"
    missing = [name for name in ("debootstrap", "Xvfb", "dpkg-deb", "rpm") if shutil.which(name) is None]
    return f"not installed here: {', '.join(missing)}" if missing else ""


def until(ready: Callable[[], object], seconds: float, what: str) -> None:
    """Wait for what another program does; `what` says what did not happen."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, what
        time.sleep(0.5)
