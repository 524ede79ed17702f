"""`dev.py soak`: the long forms. Random damage to real sets for minutes, and many kills."""

import argparse
import os
import random
import subprocess
import sys
import time
from pathlib import Path

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


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--kills", type=int, default=20)
    options = parser.parse_args()
    print(f"{damage(options.seconds)} damaged sets were read or refused", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "tests/e2e/test_crash.py"]
    return subprocess.run(command, env={**os.environ, "RC_KILLS": str(options.kills)}).returncode


if __name__ == "__main__":
    sys.exit(main())
