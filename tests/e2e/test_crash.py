"""Kill -9 of desk or agent and of the service loses nothing and doubles nothing, counted in PostgreSQL.

The kills come at random points of import, delivery and, with a desk somebody stays signed in at, of the rotation of
tokens (issue 4). RC_KILLS says how often; `dev.py soak` asks for more.
"""

import hashlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.assembly.instance import Instance
from repaircenter.central.accounts.admin import NewPerson, NewProgramme, NewShop
from repaircenter.central.accounts.setup_file import SetupFile, apply
from repaircenter.central.db.embedded import free_port
from repaircenter.demo import names
from repaircenter.demo.ems_writer import CCC, write_set
from repaircenter.demo.world import World
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.uplink.secrets import choose
from tests.fakes.passwords import CHEAP

PASSWORD, ADDRESS = "crash-test", "admin@example.com"
# Half of them hit an agent, half a desk.
KILLS = int(os.environ.get("RC_KILLS", "20")) // 2
PROGRAM = [sys.executable, "-m", "repaircenter"]


class Pair:
    """A service and a desk or agent as processes that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.share = folder / "share"
        self.share.mkdir()
        self.options = CentralOptions(folder / "central", cluster=f"crash{self.port}", database="crash")
        self.processes: list[subprocess.Popen[bytes]] = []
        service = CentralService(self.options)
        service.prepare()
        wanted = [
            NewProgramme(name=name, codes=[code], names=[name]) for code, name, surveyed in names.INSURERS if surveyed
        ]
        with service.admin() as connection:
            apply(
                connection,
                SetupFile(
                    organisation=f"One {self.port}",
                    shops=[NewShop(name="Only", zone="America/Toronto")],
                    persons=[NewPerson(email=ADDRESS, name="Ada", password=PASSWORD, role="shop_admin")],
                    programmes=wanted,
                ),
                CHEAP,
            )
        service.stop()

    def pair(self) -> None:
        """Pair the PC once, with nothing in the folder yet."""
        self.start(None)
        command = [*PROGRAM, "agent", "--once", "--data", str(self.folder / "pc"), "--folder", str(self.share)]
        command += ["--service", f"http://127.0.0.1:{self.port}", "--pair", ADDRESS]
        environment = {**os.environ, "REPAIRCENTER_PASSWORD": PASSWORD}
        subprocess.run(command, env=environment, check=True, timeout=60, stdout=subprocess.DEVNULL)
        self.stop()

    def stay_signed_in(self) -> PersonClient:
        """Somebody signs in at the desk and stays: each start of it rotates the token."""
        secrets = choose(self.folder / "pc")
        client = PersonClient(Http(f"http://127.0.0.1:{self.port}"), secrets, self._name_of_person())
        self.start(None)
        client.sign_in(ADDRESS, PASSWORD, stay=True)
        self.stop()
        return PersonClient(Http(f"http://127.0.0.1:{self.port}"), secrets, self._name_of_person())

    def _name_of_person(self) -> str:
        return "person-" + hashlib.sha256(str((self.folder / "pc").resolve()).encode()).hexdigest()[:12]

    def start(self, program: str | None) -> None:
        given = self.options
        serve = (
            "from pathlib import Path; from repaircenter.assembly.central import serve; "
            "from repaircenter.assembly.central_options import CentralOptions; "
            f"serve(CentralOptions(Path({str(given.data_folder)!r}), cluster={given.cluster!r}, database='crash', "
            f"port={self.port}, mail_folder=Path({str(self.folder / 'mail')!r})))"
        )
        self.processes = [subprocess.Popen([sys.executable, "-c", serve], stdout=subprocess.DEVNULL)]
        self._wait_for_service()
        if program is not None:
            command = [*PROGRAM, program, "--data", str(self.folder / "pc")]
            self.processes.append(subprocess.Popen(command, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}))

    def _wait_for_service(self) -> None:
        end = time.monotonic() + 40
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self.processes[0].poll() is None, "the service ended"
            time.sleep(0.1)

    def kill(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
        for process in self.processes:
            process.wait(20)

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(40)

    def counted(self) -> dict[str, int]:
        """What PostgreSQL holds, looked at with the service stopped."""
        queries = {
            "kept": "SELECT count(*) FROM job",
            "distinct": "SELECT count(DISTINCT job_key) FROM job",
            "filtered": "SELECT count(*) FROM filtered_job",
            "samples": "SELECT count(*) FROM sample",
        }
        service = CentralService(self.options)
        service.prepare()
        try:
            with service.admin() as connection:
                return {name: connection.execute(text(query)).scalar_one() for name, query in queries.items()}
        finally:
            service.stop()


@pytest.mark.parametrize("program", ["agent", "desk"])
def test_kills_lose_nothing_and_double_nothing(tmp_path: Path, program: str) -> None:
    rng = random.Random(7)
    exports = [e for e in World(datetime(2026, 11, 20, tzinfo=UTC)).exports if e.stage == "created"][: KILLS * 10]
    surveyed = {name for _, name, wanted in names.INSURERS if wanted}
    expected = sum(export.estimate.insurer.name in surveyed for export in exports)
    both = Pair(tmp_path)
    try:
        both.pair()
        person = both.stay_signed_in()
        before = both.counted()
        keys, tokens = tmp_path / "pc" / "keys.json", set[str]()
        for round_ in range(KILLS):
            both.start(program)
            for export in exports[round_ * 10 : round_ * 10 + 10]:
                for name, data in write_set(export.estimate, CCC).items():
                    (both.share / name).write_bytes(data)
                time.sleep(0.05)
            if program == "desk" and round_ % 2:
                # On a busy machine too, half of the kills come after a rotation.
                wait_for(lambda: keys.read_text("utf-8") not in tokens)
            time.sleep(rng.uniform(0.3, 4.0))
            both.kill()
            tokens.add(keys.read_text("utf-8"))
        both.start(program)
        state = settled(tmp_path, len(exports))
        assert person.resume().person == "Ada", "still signed in"
        both.stop()
        found = {name: count - before[name] for name, count in both.counted().items()}
    finally:
        both.kill()
        Path(Instance(tmp_path / "pc")._address()).unlink(missing_ok=True)
    assert state["jobs"] == len(exports) and state["to_send"] == 0 and state["refused"] == 0
    assert found == {"kept": expected, "distinct": expected, "filtered": len(exports) - expected, "samples": expected}
    assert program == "agent" or len(tokens) > KILLS // 4, "the desk rotated its token while it was killed"
    logs = "".join(path.read_text("utf-8") for path in (tmp_path / "pc" / "logs").glob("*"))
    named = [e.estimate.customer.last_name for e in exports if e.estimate.customer and e.estimate.customer.last_name]
    assert not any(name in logs for name in named)


def wait_for(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not ready() and time.monotonic() < end:
        time.sleep(0.05)


def settled(folder: Path, jobs: int) -> dict[str, int]:
    """Ask the running program for cycles until everything is in and sent."""
    state: dict[str, int] = {}
    end = time.monotonic() + 90
    while time.monotonic() < end:
        command = [*PROGRAM, "agent", "--once", "--json", "--data", str(folder / "pc")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=90)
        state = json.loads(done.stdout) if done.returncode == 0 else {}
        if state.get("jobs") == jobs and state.get("to_send") == 0:
            break
        time.sleep(1)
    return state
