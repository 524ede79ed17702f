"""What a server is installed from fits the program and its text (docs/operations.md; `dev.py soak --server` follows it)."""

import re
import shlex
import tarfile
from pathlib import Path

import pytest

from installer import packages
from repaircenter.cli import _parser

ROOT = Path(__file__).resolve().parents[2]
SERVICE = ROOT / "installer" / "service"
TEXT = (ROOT / "docs" / "operations.md").read_text("utf-8")


@pytest.mark.parametrize("path", sorted(SERVICE.glob("*.service")), ids=lambda path: path.name)
def test_a_unit_starts_what_the_program_takes(path: Path) -> None:
    settings = (SERVICE / "service.env").read_text("utf-8")
    given = dict(re.findall(r"^(REPAIRCENTER_\w+)='([^']*)'", settings, re.MULTILINE))
    (line, *_rest) = re.findall(r"^ExecStart=(.*repaircenter central.*)$", path.read_text("utf-8"), re.MULTILINE)
    words = re.sub(r"\$(\w+)", lambda match: given[match[1]], line.replace("$$(date +%%F)", "today"))
    (command,) = re.findall(r"/opt/repaircenter/bin/repaircenter (.*?)'?$", words)
    options = _parser().parse_args(shlex.split(command))
    assert options.command == "central"


def test_whatever_the_text_installs_is_there() -> None:
    named = set(re.findall(r"service/([\w.*-]+\w)", TEXT)) - {"server.log"}
    assert {"service.env", "repaircenter-central", "nginx-repaircenter.conf"} <= named
    assert all(list(SERVICE.glob(name)) for name in named), named
    units = {path.name for path in SERVICE.glob("repaircenter*")}
    assert {"repaircenter-web.service", "repaircenter-worker.service", "repaircenter-backup.timer"} <= units


def test_a_server_gets_the_same_packages_without_a_window() -> None:
    def packages_of(name: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9_.-]+==[^ ]+)", (ROOT / "requirements" / name).read_text("utf-8"), re.MULTILINE))

    assert {one.partition("==")[0] for one in packages_of("central.txt") - packages_of("service.txt")} == {
        "pyside6-essentials",
        "shiboken6",
    }
    assert packages_of("service.txt") < packages_of("central.txt")


def test_the_proxy_waits_longer_than_desks_and_logs_no_path() -> None:
    site = (SERVICE / "nginx-repaircenter.conf").read_text("utf-8")
    assert "proxy_read_timeout 60s" in site and site.count("access_log off") == site.count("server {") == 2
    assert "X-Forwarded-For $remote_addr" in site, "what a caller says of itself is not believed"


def test_what_is_packed_holds_the_program_its_list_and_the_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "DIST", tmp_path)
    packed = packages.server("9.8.7")
    with tarfile.open(packed) as archive:
        names = set(archive.getnames())
        owners = {(member.uname, member.gid) for member in archive.getmembers()}
    folder = "repaircenter-server-9.8.7"
    assert packed.name == f"{folder}.tar.gz" and owners == {("root", 0)}
    assert {f"{folder}/service.txt", f"{folder}/service/service.env", f"{folder}/service/repaircenter-web.service"} <= names
    (wheel,) = (name for name in names if name.endswith(".whl"))
    assert wheel.startswith(f"{folder}/repaircenter-9.8.7-")
