"""A process of the service for measurements: `python -m tests.bench.serving DATABASE PORT`, which serves requests at a port
(0: runs tasks instead) until its standard input ends.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.central.core import calls
from repaircenter.central.db.embedded import free_port
from tests.fakes.passwords import CHEAP


@contextmanager
def processes(database: str, web: int, workers: int) -> Iterator[list[str]]:
    """Where so many web processes listen, with so many workers beside them."""
    ports = [free_port() for _ in range(web)]
    command = [sys.executable, "-m", "tests.bench.serving", database]
    running = [subprocess.Popen([*command, str(port)], stdin=subprocess.PIPE) for port in (*ports, *[0] * workers)]
    addresses = [f"http://127.0.0.1:{port}" for port in ports]
    try:
        for address in addresses:
            _wait_for(f"{address}/ready")
        yield addresses
    finally:
        for process in running:
            assert process.stdin is not None
            process.stdin.close()
        for process in running:
            process.wait(60)


def _wait_for(address: str) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            if requests.get(address, timeout=5).ok:
                return
        except requests.RequestException:
            pass
        if time.monotonic() > end:
            raise TimeoutError(address)
        time.sleep(0.1)


def main() -> None:
    database, port = sys.argv[1], int(sys.argv[2])
    # All desks of the measurement come from one address.
    calls.MOST_UNKNOWN_A_MINUTE = 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        options = CentralOptions(
            folder, database, port=port, mail_folder=folder / "mail", public_address="http://127.0.0.1"
        )
        service = CentralService(options, passwords=CHEAP)
        service.start(web=port > 0, worker=port == 0)
        sys.stdin.read()
        service.stop()


if __name__ == "__main__":
    main()
