"""One collector per data folder answers other starts (DESIGN 3.19), whatever a call does to it."""

import threading
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path

import pytest

from repaircenter.assembly.instance import CYCLE, Instance


def _ask(instance: Instance) -> list[str | None]:
    """The answers so far; on a thread of its own, since a holder that stopped answering would hang the caller."""
    answers: list[str | None] = []
    thread = threading.Thread(target=lambda: answers.append(instance.ask(CYCLE)), daemon=True)
    thread.start()
    thread.join(10)
    return answers


def test_a_failed_call_does_not_end_the_answering(tmp_path: Path) -> None:
    failures = [RuntimeError("the first call fails")]

    def handler(command: str) -> str:
        if failures:
            raise failures.pop()
        return f"did {command}"

    holder, other = Instance(tmp_path), Instance(tmp_path)
    assert holder.acquire()
    try:
        holder.serve(handler)
        assert _ask(other) == [None]
        assert _ask(other) == [f"did {CYCLE}"]
    finally:
        holder.release()


def test_a_stranger_gets_no_answer_and_stops_nothing(tmp_path: Path) -> None:
    holder, other = Instance(tmp_path), Instance(tmp_path)
    assert holder.acquire()
    try:
        holder.serve(lambda command: f"did {command}")
        with pytest.raises(AuthenticationError):
            Client(holder._address(), authkey=b"not the key")
        assert _ask(other) == [f"did {CYCLE}"]
    finally:
        holder.release()


def test_a_holder_with_another_key_is_no_answer(tmp_path: Path) -> None:
    holder, other = Instance(tmp_path), Instance(tmp_path)
    assert holder.acquire()
    try:
        holder.serve(lambda command: f"did {command}")
        key = next(path for path in tmp_path.iterdir() if "key" in path.name)
        key.write_bytes(b"0" * key.stat().st_size)
        assert _ask(other) == [None]
    finally:
        holder.release()
