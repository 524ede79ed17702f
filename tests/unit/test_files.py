"""Reading the members of a set: only what is the same before and after (DESIGN 3.3)."""

import os
from pathlib import Path

import pytest

from repaircenter.runtime.errors import InputRefused
from repaircenter.share import files
from repaircenter.shop.ports import FileFacts


def facts(path: Path) -> FileFacts:
    found = path.stat()
    return FileFacts(found.st_size, found.st_mtime_ns)


@pytest.fixture
def env(tmp_path: Path) -> Path:
    path = tmp_path / "a.env"
    path.write_bytes(b"x" * 100)
    return path


def read(path: Path, seen: FileFacts) -> dict[str, bytes]:
    return files.read_members(path.parent, {"ENV": path.name}, {path.name: seen})


def test_a_file_as_it_was_listed_is_read(env: Path) -> None:
    assert read(env, facts(env)) == {"ENV": b"x" * 100}


def test_a_file_that_changed_since_the_listing_is_not_yet_read(env: Path) -> None:
    seen = facts(env)
    os.utime(env, ns=(1, 1))
    with pytest.raises(files.NotYet):
        read(env, seen)


@pytest.mark.parametrize("change", ["grows", "is cut", "is written again"])
def test_a_file_that_changes_while_it_is_read_is_not_yet_read(
    env: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    seen, real = facts(env), os.read

    def meanwhile(handle: int, size: int) -> bytes:
        data = real(handle, min(size, 50))
        if change == "grows":
            with env.open("ab") as more:
                more.write(b"y")
        elif change == "is cut":
            os.truncate(env, 50)
        else:
            os.utime(env, ns=(7, 7))
        return data

    monkeypatch.setattr(os, "read", meanwhile)
    with pytest.raises(files.NotYet):
        read(env, seen)


def test_what_is_gone_no_file_or_an_unreadable_entry_is_not_yet_read(tmp_path: Path) -> None:
    (tmp_path / "folder.env").mkdir()
    (tmp_path / "loop.env").symlink_to(tmp_path / "loop.env")
    for name in ("gone.env", "folder.env", "loop.env"):
        with pytest.raises(files.NotYet):
            files.read_members(tmp_path, {"ENV": name}, {})


def test_limits_of_a_file_and_of_a_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.env", "a.lin"):
        (tmp_path / name).write_bytes(b"x" * 60)
    monkeypatch.setattr(files, "MAX_SET_BYTES", 100)
    with pytest.raises(InputRefused, match="set is larger"):
        files.read_members(tmp_path, {"ENV": "a.env", "LIN": "a.lin"}, {})
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 50)
    with pytest.raises(InputRefused, match="file of the set"):
        files.read_members(tmp_path, {"ENV": "a.env"}, {})


def test_the_folder_is_left_as_it_was(env: Path) -> None:
    before = sorted((path.name, facts(path)) for path in env.parent.iterdir())
    files.look(env.parent)
    read(env, facts(env))
    assert sorted((path.name, facts(path)) for path in env.parent.iterdir()) == before
