#!/usr/bin/env python3
"""The task file: sets the project up from a fresh checkout and runs its tasks (standard library only).

python3 dev.py demo      the main job, end to end
python3 dev.py test      the tests (--fast: those of a minute or two)
python3 dev.py setup | lint | types | cover | lock | bench | soak | mutants | schema | openapi | licences | gallery
python3 dev.py build | windows
"""

import ctypes
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
LEAST = (3, 11)
ENDINGS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]

# Shared library -> Debian package (a bare Debian 12 lacks all of these).
SYSTEM_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libcups.so.2": "libcups2",
}


class SetupError(Exception):
    """The set-up cannot go on; the text is one clear sentence for the person."""


def find_python() -> None:
    """Go on under a Python that is new enough, or say plainly that none was found."""
    if sys.version_info >= LEAST:
        return
    for name in ("python3.13", "python3.12", "python3.11"):
        found = shutil.which(name)
        if found:
            os.execv(found, [found, *sys.argv])
    raise SetupError(
        "RepairCenter needs Python 3.11 or newer; this is %s and no newer one was found." % sys.version.split()[0]  # noqa: UP031 - an old Python reads this
    )


def missing_packages() -> list[str]:
    """Debian packages this machine lacks: shared libraries of Qt, and the venv module."""
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        missing.append(f"python3.{sys.version_info[1]}-venv")
    for library, package in SYSTEM_LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def install_system_packages() -> None:
    """As root on Debian: install what is missing. Otherwise: one sentence with the one line that is enough."""
    missing = missing_packages()
    if not missing:
        return
    line = "apt-get install -y --no-install-recommends " + " ".join(missing)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing system libraries: " + " ".join(missing), flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=environment)
        subprocess.run(line.split(), check=True, env=environment, stdout=subprocess.DEVNULL)
        return
    together = f"apt-get update && {line}"
    once = f"sudo sh -c '{together}'" if shutil.which("sudo") else f"(as root)  {together}"
    raise SetupError(f"System libraries are missing. Run this once, then try again:\n  {once}")


def fingerprint() -> str:
    """What the environment was built from; another value means it must be brought up to date.

    Of pyproject.toml only what says how to build: settings of tools change nothing of it.
    """
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    built = [project["build-system"], project["project"], project["tool"].get("hatch")]
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT} {built}".encode())
    digest.update((ROOT / "requirements" / "dev.txt").read_bytes())
    return digest.hexdigest()


def step(command: list[str]) -> None:
    """Run one step of the set-up; an interruption ends it with everything it started."""
    child = subprocess.Popen(command, start_new_session=not WINDOWS)
    try:
        code = child.wait()
    except KeyboardInterrupt:
        if WINDOWS:
            child.terminate()
        else:
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        raise
    if code:
        raise subprocess.CalledProcessError(code, command)


def setup() -> None:
    """Make `.venv` with every pinned package and the command `repaircenter` in it."""
    install_system_packages()
    if VENV.is_symlink():  # of another clone, which looks after it
        return
    mark = VENV / "set-up"
    wanted = fingerprint()
    if mark.exists() and mark.read_text() == wanted:
        return
    print("Setting up .venv (once)...", flush=True)
    if mark.exists():
        mark.unlink()
    # Without its mark the environment may be half made or moved: it is made anew.
    step([sys.executable, "-m", "venv", "--clear", str(VENV)])
    print("Installing the pinned packages (about a minute)...", flush=True)
    pip = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    step([*pip, "--require-hashes", "-r", str(ROOT / "requirements" / "dev.txt")])
    step([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    mark.write_text(wanted)


def tool(name: str, *arguments: str, **environment: str) -> int:
    """Run a program of `.venv` and give its exit code."""
    child = subprocess.Popen([str(BIN / name), *arguments], env={**os.environ, **environment})
    # Ctrl+C reaches the child by itself; SIGTERM and SIGHUP are passed on. It cleans up, and we wait for it.
    for number in ENDINGS:
        signal.signal(number, lambda *_: child.terminate())
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def demo(arguments: list[str]) -> int:
    setup()
    return tool("repaircenter", "demo", *arguments)


FAST = (
    "tests/unit",
    "tests/contract",
    "tests/upgrade",
    "tests/integration/test_store.py",
    "tests/integration/test_keys.py",
)
# Four processes on two cores: some tests wait for clocks, shares and servers.
AT_ONCE = ("-n", "4", "--dist", "loadfile", "--no-loadscope-reorder")


def test(arguments: list[str]) -> int:
    """All tests, on four processes with a database server each; `--fast` those without a window or a network; some of
    them, as pytest takes them, on one."""
    setup()
    os.chdir(ROOT)
    if "--fast" in arguments:
        arguments = [*FAST, *(word for word in arguments if word != "--fast"), *AT_ONCE]
    elif not any((ROOT / argument.split("::")[0]).exists() for argument in arguments):
        arguments = [*AT_ONCE, *arguments]
    return tool("python", "-m", "pytest", *arguments, QT_QPA_PLATFORM=os.environ.get("QT_QPA_PLATFORM", "offscreen"))


def cover(arguments: list[str]) -> int:
    """The packages that are covered branch by branch, by their own tests (pyproject.toml names them)."""
    setup()
    os.chdir(ROOT)
    tests = [
        str(path)
        for name in ("ems", "metrics", "naming", "tracker")
        for path in ROOT.glob(f"tests/unit/test_{name}*.py")
    ]
    run = tool("python", "-m", "coverage", "run", "-m", "pytest", "-q", *tests, *arguments)
    return run or tool("python", "-m", "coverage", "report")


def lint(arguments: list[str]) -> int:
    setup()
    os.chdir(ROOT)
    return tool("ruff", "check", *(arguments or ["."])) or tool("lint-imports")


def types(arguments: list[str]) -> int:
    setup()
    os.chdir(ROOT)
    return tool("mypy", *arguments)


def lock(arguments: list[str]) -> int:
    """Make requirements/*.txt again (the only way they are made; needs `uv`)."""
    base = [
        "uv",
        "pip",
        "compile",
        "--universal",
        "--generate-hashes",
        "--no-header",
        "--no-annotate",
        "--no-emit-index-url",
        "--no-emit-find-links",
        "--python-version",
        "3.11",
        "pyproject.toml",
        *arguments,
    ]
    # A server has no window, and else what `central` has.
    windowless = [word for name in ("pyside6-essentials", "shiboken6") for word in ("--no-emit-package", name)]
    windowless += ["--constraint", "requirements/central.txt"]
    for name, extras, more in (
        ("desk", [], []),
        ("central", ["central"], []),
        ("service", ["central"], windowless),
        ("dev", ["central", "dev"], []),
    ):
        command = [*base, *more, "-q", "-o", f"requirements/{name}.txt"]
        for extra in extras:
            command += ["--extra", extra]
        subprocess.run(command, cwd=ROOT, check=True)
    return 0


def bench(arguments: list[str]) -> int:
    setup()
    os.chdir(ROOT)
    return tool("python", "-m", "tests.bench", *arguments, QT_QPA_PLATFORM="offscreen")


def soak(arguments: list[str]) -> int:
    setup()
    os.chdir(ROOT)
    return tool("python", "-m", "tests.soak", *arguments, QT_QPA_PLATFORM="offscreen")


def mutants(arguments: list[str]) -> int:
    """Break the code in named ways and see that the tests notice."""
    setup()
    os.chdir(ROOT)
    return tool("python", "-m", "tests.mutants", *arguments)


def schema(arguments: list[str]) -> int:
    """Write docs/schema.sql, the database schema as all migrations leave it."""
    setup()
    os.chdir(ROOT)
    return tool("python", "-m", "tests.schema", *arguments)


def openapi(arguments: list[str]) -> int:
    """Write docs/openapi.json, what programs may ask of the service; a change that breaks them is refused."""
    setup()
    os.chdir(ROOT)
    return tool("python", "-m", "tests.openapi", *arguments)


def licences(arguments: list[str]) -> int:
    """Write resources/licences.txt, the licences of what is pinned."""
    setup()
    os.chdir(ROOT)
    return tool("python", "-m", "tests.licences", *arguments)


def gallery(arguments: list[str]) -> int:
    """Take a picture of every screen: light, dark, French, 150 %."""
    setup()
    os.chdir(ROOT)
    return tool("python", "-m", "tests.gallery", *arguments, QT_QPA_PLATFORM="offscreen")


def build(arguments: list[str]) -> int:
    """Freeze the desk into dist/repaircenter (a folder); with `deb`, `rpm`, `tar` or `all` pack it too;
    `server` packs the service."""
    setup()
    os.chdir(ROOT)
    return tool("python", "-m", "installer.packages", *arguments)


def windows(arguments: list[str]) -> int:
    """The places that differ on Windows, and its installer once one was built; elsewhere on fakes and under wine.

    Without the conftest of all tests: the service has no database server of its own there.
    """
    setup()
    os.chdir(ROOT)
    places = ["tests/windows", "tests/installed/test_windows.py"]
    return tool(
        "python",
        "-m",
        "pytest",
        "--confcutdir=tests/installed",
        *places,
        *arguments,
        QT_QPA_PLATFORM=os.environ.get("QT_QPA_PLATFORM", "windows" if WINDOWS else "offscreen"),
    )


TASKS = {
    "demo": demo,
    "test": test,
    "cover": cover,
    "lint": lint,
    "types": types,
    "lock": lock,
    "bench": bench,
    "soak": soak,
    "mutants": mutants,
    "schema": schema,
    "openapi": openapi,
    "licences": licences,
    "gallery": gallery,
    "build": build,
    "windows": windows,
}


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0
    name, rest = arguments[0], arguments[1:]
    for number in ENDINGS:
        signal.signal(number, _interrupt)
    try:
        find_python()
        if name == "setup":
            setup()
            print(f"Ready: {BIN / 'repaircenter'}; `python3 dev.py demo` shows everything.")
            return 0
        if name not in TASKS:
            print(f"dev.py: there is no task '{name}'", file=sys.stderr)
            return 2
        return TASKS[name](rest)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; run it again to go on.", file=sys.stderr)
        return 130
    except subprocess.CalledProcessError as error:
        print(
            f"This step failed with code {error.returncode}: {' '.join(map(str, error.cmd[:6]))} ...", file=sys.stderr
        )
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
