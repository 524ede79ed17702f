"""The wheel for those who want pip: complete, and `repaircenter` works from it away from the source (issue 16)."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.conftest import SAMPLES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True, timeout=200)
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_holds_every_module_and_every_resource(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "repaircenter").rglob("*.py")}
    assert modules <= names
    resources = {
        f"repaircenter/_resources/{p.relative_to(ROOT / 'resources')}"
        for p in (ROOT / "resources").rglob("*")
        if p.is_file()
    }
    assert resources <= names
    assert not [name for name in names if name.startswith(("tests/", "installer/"))]


def test_repaircenter_works_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own; the packages it needs are those of this one, ours but not the source."""
    place = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True, timeout=60)
    site = next(place.glob("lib/python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    (site / "needed.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    python = str(place / "bin" / "python")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def run(*words: str) -> str:
        command = [python, "-m", "repaircenter", *words]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    where = subprocess.run([python, "-c", "import repaircenter; print(repaircenter.__file__)"], cwd=tmp_path, env=environment,
                           capture_output=True, text=True, check=True).stdout  # fmt: skip
    assert where.startswith(str(site))
    assert run("self-test").count(" works: ") == 9
    assert "complete" in run("ems", "check", str(next(SAMPLES.iterdir())))
    entries = next(site.glob("repaircenter-*.dist-info/entry_points.txt")).read_text("utf-8")
    assert "repaircenter = repaircenter.cli:main" in entries
