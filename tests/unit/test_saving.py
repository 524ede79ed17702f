"""Saving puts bytes into the file a person named and nowhere else (issue 13.25)."""

import os
import threading
from pathlib import Path

import pytest

from repaircenter.rendering.pdf import save


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.pdf", tmp_path / "link.pdf"
    real.write_bytes(b"old")
    link.symlink_to(real)
    save(b"new", link)
    assert link.is_symlink() and real.read_bytes() == b"new"


def test_the_mode_of_a_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "r.pdf"
    path.write_bytes(b"old")
    path.chmod(0o604)
    save(b"new", path)
    assert path.stat().st_mode & 0o777 == 0o604 and path.read_bytes() == b"new"


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(path.read_bytes()))
    reader.start()
    save(b"bytes", path)
    reader.join(5)
    assert read == [b"bytes"] and path.is_fifo()


def test_a_device_stays_a_device() -> None:
    save(b"bytes", Path("/dev/null"))
    assert Path("/dev/null").is_char_device()


def test_a_failure_leaves_nothing_beside_the_file(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        save(b"x", tmp_path / "no" / "r.pdf")
    folder = tmp_path / "r.pdf"
    folder.mkdir()
    with pytest.raises(OSError):
        save(b"x", folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.pdf"]
