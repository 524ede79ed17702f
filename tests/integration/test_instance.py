"""One collector per data folder answers other starts (DESIGN 3.19), whatever a call does to it."""

import threading
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path

import pytest

from repaircenter.assembly import desk
from repaircenter.assembly.instance import CYCLE, Instance
from repaircenter.runtime.errors import EnvironmentFailure


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


def test_a_desk_that_is_still_starting_is_waited_for(tmp_path: Path) -> None:
    """Several files opened at once start a program each: the first holds the folder before it can answer (issue 16)."""
    holder, other = Instance(tmp_path), Instance(tmp_path)
    assert holder.acquire()
    later = threading.Timer(0.6, lambda: holder.serve(lambda _command: "raised"))
    later.start()
    try:
        assert desk._take_over(other) is False
    finally:
        later.join()
        holder.release()


def test_a_desk_that_is_ending_makes_room(tmp_path: Path) -> None:
    holder, other = Instance(tmp_path), Instance(tmp_path)
    assert holder.acquire()
    later = threading.Timer(0.6, holder.release)
    later.start()
    try:
        assert desk._take_over(other) is True
    finally:
        later.join()
        other.release()


def test_a_desk_that_never_answers_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_START_SECONDS", 0.3)
    holder = Instance(tmp_path)
    assert holder.acquire()
    try:
        with pytest.raises(EnvironmentFailure):
            desk._take_over(Instance(tmp_path))
    finally:
        holder.release()


@pytest.mark.parametrize(
    ("given", "in_tray", "again"),
    [
        (["desk", "--tray", "--data", "/pc"], False, ["desk", "--data", "/pc"]),
        (["desk", "--data", "/pc", "/mail/a.env", "b.zip"], True, ["desk", "--data", "/pc", "--tray"]),
        ([], False, ["desk"]),
    ],
)
def test_the_desk_after_an_upgrade_opens_nothing_again(given: list[str], in_tray: bool, again: list[str]) -> None:
    sets = [Path("/mail/a.env"), Path("b.zip")]
    assert desk.arguments_again(given, sets, in_tray=in_tray) == again
