"""What installed programs are shown on."""

import os
import subprocess
from collections.abc import Iterator

import pytest


@pytest.fixture
def screen() -> Iterator[str]:
    """A real X server without a monitor; gives its display."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(20)
