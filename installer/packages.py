"""Build what a shop installs: a frozen desk as a folder, and from it .deb, .rpm and .tar.xz (docs/decisions/017).

`python3 dev.py build` freezes only; `dev.py build deb rpm tar` packs too, `all` everything; `server` packs the service for a
server of its own (decisions/028). The same source gives the same
bytes: times are those of the last commit, owners are root, names are sorted.
"""

import argparse
import json
import lzma
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from installer.pressing import PRESET, press_deb, press_rpm

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
FROZEN = DIST / "repaircenter"
LINUX, ICONS = ROOT / "installer" / "linux", ROOT / "resources" / "icons"
SERVICE = ROOT / "installer" / "service"
HOME = "/usr/lib/repaircenter"
ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
# What a Linux desktop has, by its distribution's names: the frozen desk brings Qt and Python, not the system's libraries.
DEB_DEPENDS = (
    "libc6", "libgcc-s1", "libstdc++6", "libegl1", "libgl1", "libglib2.0-0", "libdbus-1-3", "libfontconfig1", "libfreetype6",
    "libcups2", "libzstd1", "libx11-6", "libx11-xcb1", "libxcb1", "libxcb-cursor0", "libxcb-glx0", "libxcb-icccm4",
    "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0", "libxcb-render0", "libxcb-render-util0", "libxcb-shape0",
    "libxcb-shm0", "libxcb-sync1", "libxcb-util1", "libxcb-xfixes0", "libxcb-xkb1", "libxkbcommon0", "libxkbcommon-x11-0",
)  # fmt: skip
RPM_DEPENDS = (
    "glibc", "libgcc", "libstdc++", "libglvnd-egl", "libglvnd-glx", "glib2", "dbus-libs", "fontconfig", "freetype", "cups-libs",
    "libzstd", "libX11", "libX11-xcb", "libxcb", "xcb-util", "xcb-util-cursor", "xcb-util-image", "xcb-util-keysyms",
    "xcb-util-renderutil", "xcb-util-wm", "libxkbcommon", "libxkbcommon-x11",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py build", description=__doc__)
    parser.add_argument(
        "kinds", nargs="*", choices=["deb", "rpm", "tar", "all", "exe", "server", []], help="what to pack besides the folder"
    )
    parser.add_argument("--frozen", action="store_true", help="pack the folder that is there")
    parser.add_argument("--version", help="another version than the project's, to try an upgrade")
    parser.add_argument("--fast", action="store_true", help="hardly compressed")
    given = parser.parse_args(arguments)
    if "exe" in given.kinds and sys.platform != "win32":
        parser.error("an installer for Windows holds what was frozen on Windows (docs/windows.md)")
    if given.kinds == ["server"]:
        path = server(given.version or version())
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e6:.1f} MB")
        return 0
    if not given.frozen:
        freeze()
    kinds = {"deb", "rpm", "tar"} if "all" in given.kinds else set(given.kinds)
    if "exe" in kinds:
        setup_program(FROZEN, given.version or version())
    for kind in sorted(kinds - {"exe"}):
        packed_version = given.version or version()
        if kind == "tar":
            path = tar(packed_version, fast=given.fast)
        else:
            path = nfpm(kind, packed_version, fast=given.fast)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e6:.1f} MB")
    print(f"{FROZEN.relative_to(ROOT)}: {size(FROZEN) / 1e6:.1f} MB")
    return 0


def version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def epoch() -> int:
    """When the source was last committed, in seconds; outside of a repository a day that is always the same."""
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return int(done.stdout) if done.returncode == 0 and done.stdout.strip() else 1_767_225_600


def size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def freeze() -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": str(epoch())}
    command = [
        sys.executable,
        "-m",
        "PyInstaller",
        "--noconfirm",
        "--log-level",
        "ERROR",
        "installer/repaircenter.spec",
    ]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    for path in (*FROZEN.rglob("*"), FROZEN):
        if not path.is_symlink():
            os.utime(path, (epoch(), epoch()))


def nfpm(kind: str, packed_version: str, *, fast: bool) -> Path:
    """A .deb or .rpm. nfpm reads YAML, of which JSON is a part."""
    target = DIST / f"repaircenter-{packed_version}.x86_64.{kind}"
    settings = DIST / "nfpm.json"
    settings.write_text(json.dumps(_settings(kind, packed_version, fast=fast)), "utf-8")
    command = [str(Path(sys.executable).with_name("nfpm")), "package", "--config", str(settings), "--packager", kind]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch())}
    subprocess.run(
        [*command, "--target", str(target)], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    if not fast:
        {"deb": press_deb, "rpm": press_rpm}[kind](target)
    return target


def _settings(kind: str, packed_version: str, *, fast: bool) -> dict[str, object]:
    contents: list[dict[str, object]] = [
        {"src": str(FROZEN), "dst": HOME, "type": "tree"},
        {"src": f"{HOME}/repaircenter", "dst": "/usr/bin/repaircenter", "type": "symlink"},
        _file(LINUX / "repaircenter.desktop", "/usr/share/applications/repaircenter.desktop"),
        _file(LINUX / "repaircenter.xml", "/usr/share/mime/packages/repaircenter.xml"),
        _file(ROOT / "LICENSE", "/usr/share/doc/repaircenter/copyright"),
        _file(ROOT / "resources" / "licences.txt", "/usr/share/doc/repaircenter/licences.txt"),
    ]
    for pixels in ICON_SIZES:
        place = f"/usr/share/icons/hicolor/{pixels}x{pixels}/apps/repaircenter.png"
        contents.append(_file(ICONS / f"repaircenter-{pixels}.png", place))
    script = str(LINUX / "after-change.sh")
    return {
        "name": "repaircenter",
        "arch": "amd64",
        "version": packed_version,
        "section": "misc",
        "maintainer": "RepairCenter <support@repaircenter.example>",
        "vendor": "RepairCenter",
        "license": "Proprietary",
        "description": "Customer satisfaction for body shops: the desk\nCollects estimates from a shared folder, keeps the "
        "shop's jobs and shows its satisfaction reports.",
        "mtime": datetime.fromtimestamp(epoch(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "depends": list(DEB_DEPENDS if kind == "deb" else RPM_DEPENDS),
        "recommends": ["cups-client", "gnome-keyring", "shared-mime-info"],
        "contents": contents,
        "scripts": {"postinstall": script, "postremove": script},
        "deb": {"compression": "none"},
        "rpm": {"compression": "gzip:1", "buildhost": "build"},
    }


def _file(source: Path, place: str) -> dict[str, object]:
    return {"src": str(source), "dst": place, "file_info": {"mode": 0o644}}


def setup_program(payload: Path, packed_version: str) -> Path:
    """The installer for Windows of what was frozen there; needs `makensis`. The same on every system."""
    target = DIST / f"repaircenter-{packed_version}-setup.exe"
    DIST.mkdir(exist_ok=True)
    files = [path for path in sorted(payload.rglob("*")) if path.is_file()]
    folders = [path for path in sorted(payload.rglob("*"), reverse=True) if path.is_dir()]
    put, taken = DIST / "installed.nsh", DIST / "removed.nsh"
    lines = []
    for path in files:
        lines += [f'SetOutPath "{_place(path.parent, payload)}"', f'File "{path}"']
    # A mark tells makensis that these are UTF-8.
    put.write_text("\n".join(lines), "utf-8-sig")
    gone = [f'Delete "{_place(path, payload)}"' for path in files]
    taken.write_text("\n".join([*gone, *(f'RMDir "{_place(path, payload)}"' for path in folders)]), "utf-8-sig")
    given = {
        "VERSION": packed_version,
        "OUT": target,
        "ICON": ICONS / "repaircenter.ico",
        "INSTALLED": put,
        "REMOVED": taken,
    }
    defined = [f"-D{name}={value}" for name, value in given.items()]
    script = ROOT / "installer" / "windows" / "setup.nsi"
    subprocess.run(["makensis", "-V2", "-INPUTCHARSET", "UTF8", *defined, str(script)], check=True)
    return target


def _place(path: Path, payload: Path) -> str:
    relative = path.relative_to(payload).as_posix()
    return "$INSTDIR" if relative == "." else "$INSTDIR\\" + relative.replace("/", "\\").replace("$", "$$")


def tar(packed_version: str, *, fast: bool = False) -> Path:
    """The folder for every other Linux, with the desktop entry, the kind of file and icons beside it."""
    target = DIST / f"repaircenter-{packed_version}.x86_64.tar.xz"
    with (
        lzma.open(target, "wb", preset=0 if fast else PRESET) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        members = [(path, f"repaircenter/{path.relative_to(FROZEN).as_posix()}") for path in sorted(FROZEN.rglob("*"))]
        members += [(LINUX / name, f"repaircenter/share/{name}") for name in ("repaircenter.desktop", "repaircenter.xml")]
        members += [(ICONS / f"repaircenter-{n}.png", f"repaircenter/share/repaircenter-{n}.png") for n in ICON_SIZES]
        for path, name in members:
            archive.add(path, name, recursive=False, filter=_neutral)
    return target


def server(packed_version: str) -> Path:
    """The service for a server of its own (docs/operations.md): its wheel, the list of its packages without those of the
    window, and the units of systemd."""
    DIST.mkdir(exist_ok=True)
    target = DIST / f"repaircenter-server-{packed_version}.tar.gz"
    with tempfile.TemporaryDirectory() as name:
        source, made = Path(name) / "source", Path(name) / "made"
        source.mkdir()
        for part in ("repaircenter", "resources"):
            shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
        for part in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / part, source / part)
        project = source / "pyproject.toml"
        project.write_text(project.read_text("utf-8").replace(f'version = "{version()}"', f'version = "{packed_version}"', 1))
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(made)]
        subprocess.run([*command, str(source)], check=True)
        (wheel,) = made.glob("*.whl")
        folder = f"repaircenter-server-{packed_version}"
        with tarfile.open(target, "w:gz", format=tarfile.PAX_FORMAT) as archive:
            archive.add(wheel, f"{folder}/{wheel.name}", filter=_neutral)
            archive.add(ROOT / "requirements" / "service.txt", f"{folder}/service.txt", filter=_neutral)
            for path in sorted(SERVICE.iterdir()):
                archive.add(path, f"{folder}/service/{path.name}", filter=_neutral)
    return target


def _neutral(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without what differs from machine to machine."""
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    member.mtime = epoch()
    member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    return member


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
