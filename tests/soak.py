"""`dev.py soak`: the long forms. Coverage-guided fuzzing of the EMS reader for minutes, many kills, many requests of any
kind, two months of forty shops through the time machine; with `--server` a server from a bare Debian on."""

import argparse
import importlib.util
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from installer.packages import server, version
from repaircenter.ems.reading import NotAnEstimate, read_set

SAMPLES = Path(__file__).parent / "fixtures" / "ems"


def damage(seconds: float) -> int:
    """Mutate and cut the bytes of real sets; any exception but the refusal ends the run. Gives how many were read."""
    rng = random.Random()
    sets = [
        {path.suffix[1:].upper(): path.read_bytes() for path in folder.iterdir() if path.suffix != ".json"}
        for folder in SAMPLES.iterdir()
    ]
    end, count = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        files = dict(rng.choice(sets))
        for _ in range(rng.randrange(1, 8)):
            name = rng.choice(list(files))
            raw = bytearray(files[name])
            for _ in range(rng.randrange(0, 6) if raw else 0):
                raw[rng.randrange(min(len(raw), rng.choice((64, 800, len(raw)))))] = rng.randrange(256)
            files[name] = bytes(raw[: rng.randrange(len(raw) + 1)] if rng.random() < 0.2 else raw)
        try:
            read_set("soak", files)
        except NotAnEstimate:
            pass
        count += 1
    return count


def fuzz(seconds: float) -> int:
    """Let atheris look for trouble; where it does not install, damage real sets at random. Gives an exit code."""
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed here; real sets are damaged at random instead", flush=True)
        print(f"{damage(seconds)} damaged sets were read or refused", flush=True)
        return 0
    command = [sys.executable, "-m", "tests.fuzz.ems_sets", "--seconds", str(int(seconds))]
    done = subprocess.run(command, capture_output=True, text=True)
    told = [line for line in done.stderr.splitlines() if line.startswith(("Done", "stat::"))]
    print("\n".join(told if done.returncode == 0 else [done.stderr[-4000:]]), flush=True)
    return done.returncode


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--requests", type=int, default=100, help="of any kind to each operation of the service, in either way")
    parser.add_argument("--shops", type=int, default=40, help="in the time machine, for sixty days; 0 for none")
    parser.add_argument("--server", action="store_true", help="follow docs/operations.md on a bare Debian; as root, nothing else")
    options = parser.parse_args()
    if options.server:
        return follow()
    code = fuzz(options.seconds)
    if not code and options.kills:
        code = run("tests/e2e/test_crash.py", RC_KILLS=str(options.kills))
    if not code and options.requests:
        code = run("tests/integration/test_any_request.py", RC_EXAMPLES=str(options.requests))
    if not code and options.shops:
        code = run("tests/integration/test_time_machine.py", RC_TIME_MACHINE=f"{max(options.shops // 4, 1)}x60")
    return code


def follow() -> int:
    """Pack the service twice and install, run, upgrade and restore it on a bare Debian, word by word; give the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        made = [server(number) for number in (version(), "999.0.0")]
        here = Path(__file__).resolve().parent
        script = [here / "installed" / "bare_server.sh", Path(folder) / "root", *made]
        sample = here / "fixtures" / "ems" / "ccc-style-E01"
        return subprocess.run(["bash", *map(str, script)], env={**os.environ, "SAMPLE": str(sample)}).returncode


def run(tests: str, **given: str) -> int:
    """Run tests in their long form; give their exit code."""
    return subprocess.run([sys.executable, "-m", "pytest", "-q", tests], env={**os.environ, **given}).returncode


if __name__ == "__main__":
    sys.exit(main())
