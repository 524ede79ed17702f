"""How the C library keeps freed memory. Any thread; best before worker threads start."""

import sys

_M_ARENA_MAX = -8  # mallopt(3)


def keep_one_arena() -> None:
    """Let all threads share one pool of freed memory (glibc; elsewhere nothing is done).

    Each thread would keep a pool of its own otherwise, and the freed rows of one are never used by another. The
    interpreter runs one thread at a time, so sharing costs nothing that could be measured (docs/measurements.md).
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # not above: start-up time of the desk

    choose = getattr(ctypes.CDLL(None), "mallopt", None)
    if choose is not None:
        choose(_M_ARENA_MAX, 1)
