"""The .deb in a bare Debian without Python: install, self-test, the main job, upgrade under a running desk, remove (issue 16).

`python3 dev.py build deb` comes first; what it made is tried here.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest

from installer import packages, pressing
from repaircenter.demo.ems_writer import CCC, write_set
from repaircenter.demo.world import World
from tests.e2e.test_crash import ADDRESS, PASSWORD, Pair
from tests.installed.bare import Bare, bare_debian, may_be_made, until

DEB = packages.DIST / f"repaircenter-{packages.version()}.x86_64.deb"
_WHY_NOT = may_be_made() or ("" if DEB.exists() else "no package was built here (dev.py build deb)")
pytestmark = pytest.mark.skipif(bool(_WHY_NOT), reason=_WHY_NOT)


def pack(kind: str, *arguments: str) -> Path:
    """In a process of its own, as `dev.py build` does; what was frozen stays."""
    command = [sys.executable, "-m", "installer.packages", "--frozen", "--fast", kind, *arguments]
    subprocess.run(command, cwd=packages.ROOT, check=True, stdout=subprocess.DEVNULL, timeout=300)
    (path,) = packages.DIST.glob(f"repaircenter-0.0.9.x86_64.{kind}*")
    return path


@pytest.fixture(scope="module")
def older() -> Iterator[Path]:
    """The same desk as an older version would have been."""
    path = pack("deb", "--version", "0.0.9")
    yield path
    path.unlink()


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bare]:
    with bare_debian(tmp_path_factory.mktemp("bare") / "root") as found:
        yield found


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path)
    pair.start(None)
    yield pair
    pair.stop()


def test_a_shop_installs_works_upgrades_and_removes(bare: Bare, older: Path, screen: str, service: Pair) -> None:
    bare.install(older)
    assert not list(bare.root.glob("usr/bin/python*")), "it brings its own Python"
    tested = bare.run("repaircenter", "self-test").stdout
    assert "does not work" not in tested and tested.count(" works: ") == 9, tested
    share, address = bare.root / "srv" / "ems", f"http://127.0.0.1:{service.port}"
    share.mkdir(parents=True)
    place = ("--data", "/root/pc", "--folder", "/srv/ems", "--service", address)
    paired = bare.run("repaircenter", "agent", "--once", "--pair", ADDRESS, *place, REPAIRCENTER_PASSWORD=PASSWORD)
    assert "paired with the service for Only" in paired.stderr
    desk = subprocess.Popen(bare.command("repaircenter", "desk", "--data", "/root/pc", DISPLAY=screen))
    try:
        exported(share, oldest=True)
        until(lambda: asked(bare)["sent"] == 1, 60, "the estimate was not sent")
        # A second start hands the estimate it was given to the desk that runs.
        opened = exported(bare.root / "srv" / "mail")
        bare.run("repaircenter", "desk", "--data", "/root/pc", f"/srv/mail/{opened}", DISPLAY=screen)
        until(lambda: asked(bare)["jobs"] == 2, 60, "the estimate was not opened")
        until(lambda: asked(bare)["sent"] == 2, 60, "what was opened was not sent")
        assert "(deleted)" not in program_of(desk)
        bare.install(DEB)
        until(lambda: "(deleted)" not in program_of(desk), 90, "the desk did not restart itself")
        assert desk.poll() is None
        until(lambda: asked(bare)["sent"] == 2, 60, "the desk is not there again")
        assert asked(bare)["jobs"] == 2, "the store is as it was"
        assert bare.run("repaircenter", "--version").stdout.split() == ["repaircenter", packages.version()]
        run = (
            "repaircenter",
            "report",
            "run",
            "R-29",
            "--service",
            address,
            "--email",
            ADDRESS,
            "--out",
            "/root/report.pdf",
        )
        bare.run(*run, REPAIRCENTER_PASSWORD=PASSWORD)
    finally:
        desk.terminate()
        desk.wait(30)
    words = pypdf.PdfReader(bare.root / "root" / "report.pdf").pages[0].extract_text()
    assert "Only" in words
    bare.run("apt-get", "remove", "-y", "-q", "repaircenter")
    assert not (bare.root / "usr/lib/repaircenter").exists() and not (bare.root / "usr/bin/repaircenter").is_symlink()
    assert (bare.root / "root/pc/store.db").stat().st_size > 0, "what belongs to the person stays"
    # The same folder by the two other ways; what it depends on is still there.
    archive = pack("tar", "--version", "0.0.9")
    (bare.root / "opt").mkdir(exist_ok=True)
    subprocess.run(["tar", "-xf", str(archive), "-C", str(bare.root / "opt")], check=True)
    archive.unlink()
    assert bare.run("/opt/repaircenter/repaircenter", "self-test").stdout.count(" works: ") == 9
    package = pack("rpm", "--version", "0.0.9")
    subprocess.run(["rpm", "--root", str(bare.root), "--initdb"], check=True)
    install = ["rpm", "--root", str(bare.root), "-i", "--nodeps", "--noscripts", str(package)]
    subprocess.run(install, check=True, capture_output=True)
    package.unlink()
    assert bare.run("repaircenter", "self-test").stdout.count(" works: ") == 9


def exported(share: Path, *, oldest: bool = False) -> str:
    """Write the newest estimate of the sample shop, or the oldest of half a year; return the name of its envelope.

    What is opened by hand is sent while it is young.
    """
    share.mkdir(exist_ok=True)
    every = sorted((each.estimate for each in World(datetime.now(UTC)).exports), key=lambda each: str(each.created_at))
    estimate = every[0 if oldest else -1]
    for name, data in write_set(estimate, CCC).items():
        (share / name).write_bytes(data)
    return next(path.name for path in share.iterdir() if path.name.lower() == f"{estimate.base}.env".lower())


def asked(bare: Bare) -> dict[str, int]:
    """What the store holds, from the running desk; while it restarts nobody answers."""
    command = bare.command("repaircenter", "agent", "--once", "--json", "--data", "/root/pc")
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    told: dict[str, int] = {"sent": -1, "jobs": -1}
    return told | json.loads(done.stdout) if done.stdout.startswith("{") else told


def program_of(desk: "subprocess.Popen[bytes]") -> str:
    """The file a process runs; what was replaced under it is called deleted."""
    return str(Path(f"/proc/{desk.pid}/exe").readlink())


def test_the_same_source_gives_the_same_bytes(older: Path) -> None:
    before = hashlib.sha256(older.read_bytes()).hexdigest()
    pack("deb", "--version", "0.0.9")
    assert hashlib.sha256(older.read_bytes()).hexdigest() == before


def test_the_packages_are_no_larger_than_they_were() -> None:
    """Issue 16: 150 MiB unpacked and 55 MB packed, guarded 15 % above."""
    assert packages.size(packages.FROZEN) <= 150 * 1024 * 1024 * 1.15
    assert DEB.stat().st_size <= 55e6 * 1.15


def test_the_rpm_holds_what_the_deb_holds() -> None:
    """As far as Debian's rpm tools allow: its files, what it needs, its scripts."""
    path = pack("rpm", "--version", "0.0.9")

    def queried(*words: str) -> list[str]:
        done = subprocess.run(["rpm", "-qp", *words, str(path)], capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    files = {name for name in queried("-l") if name.startswith("/usr/")}
    frozen = {f"{packages.HOME}/{p.relative_to(packages.FROZEN)}" for p in packages.FROZEN.rglob("*") if p.is_file()}
    assert frozen <= files
    shared = ("applications/repaircenter.desktop", "mime/packages/repaircenter.xml")
    assert {"/usr/bin/repaircenter", *(f"/usr/share/{name}" for name in shared)} <= files
    assert {"libxcb", "cups-libs"} <= set(queried("-R")) and any(
        "update-desktop" in line for line in queried("--scripts")
    )
    path.unlink()


def test_pressing_changes_no_file_and_every_digest_is_right(tmp_path: Path) -> None:
    """What nfpm wrote and what is shipped hold the same; the tools of both systems read it (decision 017)."""
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "letters.txt").write_text("a long text " * 5000, "utf-8")
    settings = {
        "name": "pressed", "arch": "amd64", "version": "1.0", "maintainer": "m", "description": "d",
        "contents": [{"src": str(tmp_path / "tree"), "dst": "/opt/pressed", "type": "tree"}],
        "deb": {"compression": "none"}, "rpm": {"compression": "gzip:1"},
    }  # fmt: skip
    config = tmp_path / "nfpm.json"
    config.write_text(json.dumps(settings), "utf-8")
    made = {}
    for kind in ("deb", "rpm"):
        made[kind] = tmp_path / f"pressed.{kind}"
        command = [str(Path(sys.executable).with_name("nfpm")), "package", "--config", str(config), "--packager", kind]
        subprocess.run([*command, "--target", str(made[kind])], check=True, stdout=subprocess.DEVNULL)

    def files(kind: str) -> bytes:
        read = ["rpm2cpio", str(made[kind])] if kind == "rpm" else ["dpkg-deb", "--fsys-tarfile", str(made[kind])]
        return subprocess.run(read, check=True, capture_output=True).stdout

    before = {kind: files(kind) for kind in made}
    sizes = {kind: path.stat().st_size for kind, path in made.items()}
    pressing.press_deb(made["deb"])
    pressing.press_rpm(made["rpm"])
    assert {kind: files(kind) for kind in made} == before
    assert made["deb"].stat().st_size < sizes["deb"] / 2
    checked = subprocess.run(["rpm", "-Kv", str(made["rpm"])], capture_output=True, text=True, check=True).stdout
    assert checked.count(": OK") == 4 and "BAD" not in checked, checked
    asked = ["rpm", "-qp", "--qf", "%{PAYLOADCOMPRESSOR} %{NAME}", str(made["rpm"])]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == "lzma pressed"
