"""What the packages for Linux tell the desktop: the program, and the kind of file it opens (issue 16)."""

import configparser
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installer.packages import LINUX

_ASK = """
import json, sys
from PySide6.QtCore import QCoreApplication, QMimeDatabase
app = QCoreApplication([])
kinds = [QMimeDatabase().mimeTypeForFile(path, QMimeDatabase.MatchMode.MatchExtension) for path in sys.argv[1:]]
print(json.dumps([[kind.name(), kind.comment(), kind.iconName()] for kind in kinds]))
"""


@pytest.fixture
def entry() -> configparser.SectionProxy:
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string((LINUX / "repaircenter.desktop").read_text("utf-8"))
    return parser["Desktop Entry"]


def kinds(folder: Path, *names: str) -> list[tuple[str, str, str]]:
    """What a desktop with our description says these files are: (type, comment, icon)."""
    packages = folder / "mime" / "packages"
    packages.mkdir(parents=True)
    shutil.copy(LINUX / "repaircenter.xml", packages)
    environment = {
        **os.environ,
        "XDG_DATA_DIRS": str(folder),
        "XDG_DATA_HOME": str(folder / "none"),
        "LANG": "fr_CA.UTF-8",
    }
    command = [sys.executable, "-c", _ASK, *names]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    return [tuple(kind) for kind in json.loads(done.stdout)]


def test_the_envelope_of_a_set_is_an_estimate_that_the_desk_opens(
    tmp_path: Path, entry: configparser.SectionProxy
) -> None:
    upper, lower, other = kinds(tmp_path, "5E1F0001.ENV", "5e1f0001.env", "photo.jpg")
    assert upper == lower and upper[0] == entry["MimeType"].rstrip(";") and upper[2] == entry["Icon"]
    assert other[0] != upper[0]
    assert entry["Exec"].split() == ["repaircenter", "desk", "%F"], "several files at once, or none"


def test_three_languages(entry: configparser.SectionProxy) -> None:
    for name in ("GenericName", "Comment"):
        assert all(entry[key] for key in (name, f"{name}[fr]", f"{name}[es]"))
