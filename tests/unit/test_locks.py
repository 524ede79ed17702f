"""The locks (DESIGN 3.17): pinned with hashes, without addresses or options, for Linux and Windows, 3.11 and 3.13."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
NAMES = ("desk", "central", "dev")


def entries(name: str) -> list[tuple[Requirement, list[str]]]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").replace("\\\n", " ")
    found = []
    for line in text.splitlines():
        if line.strip():
            requirement, *hashes = re.split(r"\s+--hash=", line.strip())
            found.append((Requirement(requirement.strip()), hashes))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_one_exact_version_with_hashes(name: str) -> None:
    for requirement, hashes in entries(name):
        assert requirement.url is None and [s.operator for s in requirement.specifier] == ["=="], requirement
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", h) for h in hashes), requirement


@pytest.mark.parametrize("name", NAMES)
def test_no_path_address_or_index_option(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    assert not re.search(r"https?:|file:|--(?!hash=)|^\s*[./]|@", text, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("system", ["Linux", "Windows"])
@pytest.mark.parametrize("python", ["3.11", "3.13"])
def test_what_the_project_asks_for_is_locked_once_on_each_platform(name: str, system: str, python: str) -> None:
    environment = {
        **default_environment(),
        "python_version": python,
        "python_full_version": f"{python}.0",
        "platform_system": system,
        "sys_platform": "linux" if system == "Linux" else "win32",
        "os_name": "posix" if system == "Linux" else "nt",
        "platform_machine": "x86_64" if system == "Linux" else "AMD64",
    }
    chosen = [r.name.lower() for r, _ in entries(name) if r.marker is None or r.marker.evaluate(environment)]  # type: ignore[arg-type]
    assert len(chosen) == len(set(chosen))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {"desk": [], "central": ["central"], "dev": ["central", "dev"]}[name]
    wanted = [*project["dependencies"], *(r for extra in extras for r in project["optional-dependencies"][extra])]
    asked = [Requirement(r) for r in wanted]
    here = {r.name.lower() for r in asked if r.marker is None or r.marker.evaluate(environment)}  # type: ignore[arg-type]
    missing = here - set(chosen)
    assert not missing
