"""Whether the program on the disk is still the one that runs: an upgrade under a running desk (issue 16)."""

from pathlib import Path


class Replaced:
    """Asked every few seconds; True once another program lies there and has lain still since the last question."""

    def __init__(self, program: Path) -> None:
        self._program = program
        self._ours = self._seen = _mark(program)

    def __call__(self) -> bool:
        before, self._seen = self._seen, _mark(self._program)
        return self._seen is not None and self._seen == before and self._seen != self._ours


def _mark(program: Path) -> tuple[int, int, int] | None:
    """None while it is not there: in the middle of an upgrade."""
    try:
        status = program.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
