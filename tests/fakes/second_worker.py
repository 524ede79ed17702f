"""Another worker of a service, as a process that dies now and then: `python -m tests.fakes.second_worker DATABASE ADDRESS
FOLDER BEGINS ENDS [kills]`. It ends with its standard input.
"""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.central.timers import worker
from tests.fakes.mailing import Mailer, SharedClock
from tests.fakes.passwords import CHEAP

CLOCK = "clock"


def start(
    database: str, address: str, folder: Path, away: tuple[datetime, datetime], *, kills: bool
) -> subprocess.Popen[bytes]:
    """Start it; the clock stands in the folder."""
    command = [sys.executable, "-m", "tests.fakes.second_worker", database, address, str(folder)]
    command += [instant.isoformat() for instant in away]
    return subprocess.Popen([*command, *(["kills"] if kills else [])], stdin=subprocess.PIPE)


def main() -> None:
    database, address, folder, begins, ends, *kills = sys.argv[1:]
    options = CentralOptions(Path(folder) / "data", database, mail_folder=Path(folder), public_address=address)
    clock = SharedClock(Path(folder) / CLOCK)
    # It dies with one message at a time: another one it had begun would leave when its lease is over, a quarter late.
    worker.TASKS_AT_ONCE = 1
    service = CentralService(options, clock, CHEAP)
    service.start(web=False, worker=False)
    away = datetime.fromisoformat(begins), datetime.fromisoformat(ends)
    mailer = Mailer(clock, away, Path(folder) / f"{os.getpid()}.jsonl", bool(kills))
    object.__setattr__(service.service, "mail", mailer)
    service.queue.start(0.2)
    sys.stdin.read()
    service.queue.stop()
    service.stop()


if __name__ == "__main__":
    main()
