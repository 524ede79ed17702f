"""What an office decides for several PCs: read, or refused in one sentence (issue 16, A-N8)."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repaircenter.assembly import preset
from repaircenter.runtime.errors import KnownError
from repaircenter.shop.model.preset import Preset


def written(folder: Path, data: bytes) -> Path:
    path = folder / preset.NAME
    path.write_bytes(data)
    return path


def test_all_that_is_decided_is_read(tmp_path: Path) -> None:
    decided = {"service": " https://s.example ", "folder": r"\\srv\ems", "language": "fr", "send_rule": "delivery"}
    decided["autostart"] = "yes"
    path = written(tmp_path, b"\xef\xbb\xbf" + json.dumps(decided).encode())
    assert preset.read(path) == Preset("https://s.example", r"\\srv\ems", "fr", "delivery", "yes")
    assert preset.read(written(tmp_path, b"{}")) == preset.read(None) == Preset()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "cannot be read"),
        (b"{", "cannot be read"),
        (b"[]", "cannot be read"),
        (b'{"folder": 5}', "cannot be read"),
        (b"\xff\xfe{", "cannot be read"),
        (b'{"password": "secret"}', "never a password"),
        (b'{"language": "de"}', "one of en, fr, es"),
        (b'{"autostart": "maybe"}', "one of yes, no"),
        (b'{"send_rule": "sometimes"}', "one of create, convert, delivery, never"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_file(tmp_path: Path, data: bytes, sentence: str) -> None:
    path = written(tmp_path, data)
    with pytest.raises(KnownError) as raised:
        preset.read(path)
    assert sentence in str(raised.value) and str(path) in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="cannot be read"):
        preset.read(tmp_path / "nowhere.json")


@given(st.binary(max_size=200))
def test_no_bytes_bring_it_down(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = written(tmp_path_factory.getbasetemp(), data)
    try:
        preset.read(path)
    except KnownError as error:
        assert str(error)


def test_the_file_beside_an_installed_program_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, b"{}")
    assert preset.find(Path("given.json")) == Path("given.json")
    monkeypatch.setattr("sys.executable", str(tmp_path / "repaircenter"))
    assert preset.find(None) != path, "beside a Python that is not ours"
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert preset.find(None) == path


def test_a_folder_that_is_closed_to_us_holds_no_preset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the settings of a service on the same machine are: that is no reason not to start."""

    def closed(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", closed)
    assert preset.find(None) is None
