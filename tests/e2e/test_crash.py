"""Five kill -9 of agent and service lose nothing and double nothing, counted in PostgreSQL (issue 2)."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from repaircenter.assembly.central import CentralOptions, CentralService
from repaircenter.central.db.embedded import free_port
from repaircenter.demo import names
from repaircenter.demo.ems_writer import CCC, write_set
from repaircenter.demo.world import World

PASSWORD = "crash-test"
ADDRESS = "admin@example.com"


class Pair:
    """A service and an agent as two processes that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.share = folder / "share"
        self.share.mkdir()
        self.cluster = f"crash{os.getpid()}"
        self.data = folder / "central"
        setup = folder / "setup.json"
        setup.write_text(
            json.dumps(
                {
                    "organisation": "One",
                    "shops": [{"name": "Only", "zone": "America/Toronto"}],
                    "persons": [{"email": ADDRESS, "name": "Ada", "password": PASSWORD, "role": "shop_admin"}],
                    "programmes": [
                        {"name": name, "codes": [code], "names": [name]}
                        for code, name, surveyed in names.INSURERS
                        if surveyed
                    ],
                }
            )
        )
        self.processes: list[subprocess.Popen[bytes]] = []
        options = CentralOptions(self.data, cluster=self.cluster, database="crash", fresh=True)
        service = CentralService(options)
        service.prepare()
        import msgspec

        from repaircenter.central.accounts.setup_file import SetupFile, apply

        with service.admin() as connection:
            apply(connection, msgspec.json.decode(setup.read_bytes(), type=SetupFile))
        service.stop()

    def start(self, *, pair: bool = False) -> None:
        serve = (
            "from repaircenter.assembly.central import CentralOptions, serve; from pathlib import Path; "
            f"serve(CentralOptions(Path({str(self.data)!r}), cluster={self.cluster!r}, database='crash', port={self.port}, "
            f"mail_folder=Path({str(self.folder / 'mail')!r})))"
        )
        agent = [
            sys.executable,
            "-m",
            "repaircenter",
            "agent",
            "--data",
            str(self.folder / "pc"),
            "--folder",
            str(self.share),
            "--service",
            f"http://127.0.0.1:{self.port}",
            *(["--pair", ADDRESS] if pair else []),
        ]
        self.processes = [subprocess.Popen([sys.executable, "-c", serve], stdout=subprocess.DEVNULL)]
        self._wait_for_service()
        self.processes.append(subprocess.Popen(agent, env={**os.environ, "REPAIRCENTER_PASSWORD": PASSWORD}))

    def _wait_for_service(self) -> None:
        import socket

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
        """Looked at with the service stopped."""
        service = CentralService(CentralOptions(self.data, cluster=self.cluster, database="crash"))
        service.prepare()
        try:
            with service.admin() as connection:
                count = {
                    name: connection.execute(text(query)).scalar_one()
                    for name, query in (
                        ("kept", "SELECT count(*) FROM job"),
                        ("distinct", "SELECT count(DISTINCT job_key) FROM job"),
                        ("filtered", "SELECT count(*) FROM filtered_job"),
                        ("samples", "SELECT count(*) FROM sample"),
                        (
                            "open_keys",
                            "SELECT count(*) FROM (SELECT 1 FROM intake_key GROUP BY shop_id, key HAVING count(*) > 1) t",
                        ),
                    )
                }
        finally:
            service.stop()
        return count


def test_five_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    rng = random.Random(7)
    exports = [e for e in World(datetime(2026, 11, 20, tzinfo=UTC)).exports if e.stage == "created"][:50]
    surveyed = {name for _, name, wanted in names.INSURERS if wanted}
    expected = sum(e.estimate.insurer.name in surveyed for e in exports)
    pair = Pair(tmp_path)
    try:
        for round_ in range(5):
            pair.start(pair=round_ == 0)
            for export in exports[round_ * 10 : round_ * 10 + 10]:
                for name, data in write_set(export.estimate, CCC).items():
                    (pair.share / name).write_bytes(data)
                time.sleep(0.05)
            time.sleep(rng.uniform(3.0, 7.0))
            pair.kill()
        pair.start()
        end = time.monotonic() + 60
        while time.monotonic() < end:
            done = subprocess.run(
                [sys.executable, "-m", "repaircenter", "agent", "--once", "--json", "--data", str(tmp_path / "pc")],
                capture_output=True,
                text=True,
                timeout=60,
            )
            state = json.loads(done.stdout)
            if state["jobs"] == 50 and state["to_send"] == 0:
                break
            time.sleep(1)
        pair.stop()
        found = pair.counted()
    finally:
        for process in pair.processes:
            if process.poll() is None:
                process.kill()
    assert (found["kept"], found["distinct"], found["filtered"]) == (expected, expected, 50 - expected)
    assert found["samples"] == expected and found["open_keys"] == 0
    log = (
        (tmp_path / "pc" / "logs" / "repaircenter.log").read_text("utf-8")
        if (tmp_path / "pc" / "logs" / "repaircenter.log").exists()
        else ""
    )
    assert not any(((e.estimate.customer and e.estimate.customer.last_name) or "—") in log for e in exports)
