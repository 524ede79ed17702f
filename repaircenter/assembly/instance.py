"""One collector per data folder (DESIGN 3.19): an OS lock, and a local socket by which a second start asks the first."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from repaircenter.runtime.locks import FileLock

if TYPE_CHECKING:
    from multiprocessing.connection import Connection, Listener

log = logging.getLogger(__name__)
Handler = Callable[[str], str]
CYCLE, RAISE, OPEN = "cycle", "raise", "open"
# What an agent answers to RAISE: it stops, lets the folder go, and comes back when the desk has ended.
HANDED_OVER = "handed over"
HAND_OVER_SECONDS = 30.0
_PAUSE_SECONDS = 0.1
# The longest command: FILES_AT_ONCE names of files, each as long as a system allows.
LONGEST_BYTES, FILES_AT_ONCE = 1_048_576, 200


class Instance:
    """Holds the folder, or talks to who does."""

    def __init__(self, data_folder: Path) -> None:
        self._folder = data_folder
        self._lock = FileLock(data_folder / "collector.lock")
        self._listener: Listener | None = None

    def acquire(self) -> bool:
        return self._lock.acquire()

    def acquire_within(self, seconds: float) -> bool:
        """Wait for who holds the folder to let it go."""
        end = time.monotonic() + seconds
        while not self._lock.acquire():
            if time.monotonic() > end:
                return False
            time.sleep(_PAUSE_SECONDS)
        return True

    def serve(self, handler: Handler) -> None:
        """Answer other starts on a thread; only after `acquire` gave True.

        The import waits until here: the window is painted before it (start-up time is the reason).
        """
        from multiprocessing.connection import Listener

        address = self._address()
        if sys.platform != "win32":
            with suppress(FileNotFoundError):
                Path(address).unlink()
        self._listener = Listener(address, authkey=self._key(make=True))
        if sys.platform != "win32":
            Path(address).chmod(0o600)
        threading.Thread(target=self._answer, args=(handler,), name="instance", daemon=True).start()

    def ask(self, command: str, timeout_seconds: float = 120.0) -> str | None:
        """What the running instance answers; None when none answers."""
        from multiprocessing import AuthenticationError
        from multiprocessing.connection import Client

        try:
            with Client(self._address(), authkey=self._key(make=False)) as connection:
                connection.send_bytes(command.encode())
                return connection.recv_bytes().decode() if connection.poll(timeout_seconds) else None
        except (OSError, EOFError, ValueError, AuthenticationError):
            return None

    def release(self) -> None:
        from multiprocessing.connection import Client

        listener, self._listener = self._listener, None
        if listener is not None:
            with suppress(OSError):  # closing alone does not wake the thread that waits in accept
                Client(self._address()).close()
            listener.close()
        self._lock.release()

    def _answer(self, handler: Handler) -> None:
        while (listener := self._listener) is not None:
            try:
                connection: Connection[bytes, bytes] = listener.accept()
                # A long answer (a cycle) must not keep another start waiting.
                threading.Thread(target=_answer_one, args=(connection, handler), name="instance", daemon=True).start()
            except Exception:
                # A stranger's rubbish, a caller that hung up or a failed handler ends its call, never the answering;
                # the pause keeps a listener that cannot accept any more from spinning.
                if self._listener is not None:
                    log.warning("a call from another start failed", exc_info=True)
                    time.sleep(_PAUSE_SECONDS)

    def _address(self) -> str:
        import hashlib
        import tempfile

        mark = hashlib.sha256(str(self._folder.resolve()).encode()).hexdigest()[:16]
        if sys.platform == "win32":
            return rf"\\.\pipe\repaircenter-{mark}"
        return str(Path(tempfile.gettempdir()) / f"rc-{os.getuid()}-{mark}.socket")

    def _key(self, *, make: bool) -> bytes:
        path = self._folder / "instance.key"
        if make:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(os.urandom(32).hex())
        return path.read_bytes()


def _answer_one(connection: Connection[bytes, bytes], handler: Handler) -> None:
    try:
        with connection:
            connection.send_bytes(handler(connection.recv_bytes(LONGEST_BYTES).decode("utf-8", "replace")).encode())
    except Exception:
        log.warning("a call from another start failed", exc_info=True)
