"""Which folders lie on a share (looked at more patiently than a local disk), and where what a person names is here."""

import hashlib
import os
import re
import string
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

# How /proc/self/mounts writes blanks, tabs and backslashes in names.
_ESCAPE = re.compile(r"\\([0-7]{3})")
_NETWORK = frozenset(("cifs", "smb3", "nfs", "nfs4"))
# Mounts that serve the desktop and hold no folder of their own.
_OF_SESSIONS = frozenset(("fuse.gvfsd-fuse", "fuse.portal", "fuse.lxcfs"))

if sys.platform == "win32":
    import ctypes

    _DRIVE_REMOTE = 4

    def _is_mapped(path: Path) -> bool:
        """Whether the drive letter stands for a share."""
        return bool(ctypes.windll.kernel32.GetDriveTypeW(f"{path.drive}\\") == _DRIVE_REMOTE)

    def _session_shares() -> list[Path]:
        """The letters that stand for shares."""
        return [letter for name in string.ascii_uppercase if _is_mapped(letter := Path(f"{name}:\\"))]

else:

    def _is_mapped(path: Path) -> bool:
        return False

    def _session_shares() -> list[Path]:
        """Where the desktop connects what its file manager opened (GVfs)."""
        try:
            return sorted(Path(f"/run/user/{os.getuid()}/gvfs").iterdir())
        except OSError:
            return []


def is_share(path: Path, mounts: Callable[[], str] | None = None) -> bool:
    """UNC paths, mapped letters, and on Linux folders below a mount of a network file system."""
    return _is_unc(path) or _is_mapped(path) or _network_mount(path, mounts) is not None


def place_of(path: Path, mounts: Callable[[], str] | None = None) -> str | None:
    """Which folder on which server this is, the same on every PC and telling nothing else; None for a local folder.

    A mapped letter is not resolved (docs/windows.md): it counts as a place of its own.
    """
    mount = _network_mount(path, mounts)
    if _is_unc(path):
        name = str(path)
    elif mount is not None:
        rest = path.as_posix()[len(mount[0]) :].lstrip("/")
        share, _, below = rest.partition("/")
        parts = _gvfs_parts(share)
        name = f"{mount[1]}/{rest}" if not parts else "/".join([*parts, below])
    else:
        return None
    plain = "/".join(part for part in name.replace("\\", "/").casefold().split("/") if part)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _is_unc(path: Path) -> bool:
    return str(path).startswith(("\\\\", "//"))


def _network_mount(path: Path, mounts: Callable[[], str] | None) -> tuple[str, str] | None:
    """Mount point and source of the network file system a folder lies on."""
    best, source, kind = "", "", ""
    for mount in _every_mount(mounts):
        if f"{path}/".startswith(mount[1].rstrip("/") + "/") and len(mount[1]) >= len(best):
            source, best, kind = mount
    return (best, source) if _is_network(kind) else None


def _network_mounts(mounts: Callable[[], str] | None) -> list[tuple[str, str]]:
    """Mount point and source of every network file system; those of a session's file manager are its own (GVfs)."""
    every = _every_mount(mounts)
    return [(point, source) for source, point, kind in every if _is_network(kind) and kind not in _OF_SESSIONS]


def _is_network(kind: str) -> bool:
    return kind in _NETWORK or kind.startswith("fuse.")


def _every_mount(mounts: Callable[[], str] | None) -> list[tuple[str, str, str]]:
    """(source, mount point, kind) of what this system has mounted; none where there is no such table."""
    try:
        table = (mounts or _mounts)()
    except OSError:
        return []
    lines = (line.split() for line in table.splitlines())
    unescaped = [[_ESCAPE.sub(lambda code: chr(int(code[1], 8)), part) for part in parts] for parts in lines]
    return [(parts[0], parts[1], parts[2]) for parts in unescaped if len(parts) > 2]


def _mounts() -> str:
    return Path("/proc/self/mounts").read_text("utf-8", "replace")


def connected_shares(
    mounts: Callable[[], str] | None = None, of_session: Callable[[], list[Path]] = _session_shares
) -> list[Path]:
    """The shares of file servers that this PC is connected to: mounts, mapped letters, what the file manager opened."""
    opened = [entry for entry in of_session() if not entry.name.count(":") or _gvfs_parts(entry.name)]
    return [Path(point) for point, _source in _network_mounts(mounts)] + opened


def is_same_folder(one: str, other: str) -> bool:
    """Whether two names lead to one folder: written otherwise, through a link, or a share by another way."""
    if os.path.normcase(Path(one)) == os.path.normcase(Path(other)):
        return True
    places = place_of(Path(one)), place_of(Path(other))
    if any(places):
        return places[0] == places[1]
    try:
        return Path(one).samefile(other)
    except OSError:
        return False


def local_path(
    name: str, mounts: Callable[[], str] | None = None, of_session: Callable[[], list[Path]] = _session_shares
) -> Path | None:
    """Where the folder that a person names is on this PC; None for a share this PC is not connected to.

    `\\\\server\\share\\folder` and `smb://server/share/folder` mean the same everywhere; other names are paths.
    """
    bare = name.strip().strip('"')
    plain = bare.replace("\\", "/")
    if plain.casefold().startswith("smb://"):
        address = urlsplit(plain)
        plain = unquote(f"//{address.netloc.rpartition('@')[2].partition(':')[0]}{address.path}")
    if not plain.startswith("//"):
        return Path(bare)
    if sys.platform == "win32":
        return Path(plain.replace("/", "\\"))
    wanted = [part for part in plain.split("/") if part]
    sources = [(Path(point), _parts(source)) for point, source in _network_mounts(mounts)]
    sources += [(entry, parts) for entry in of_session() if (parts := _gvfs_parts(entry.name))]
    fitting = [(point, parts) for point, parts in sources if _begins(wanted, parts)]
    # The deepest mount, and of two servers the one that is named exactly.
    best = max(fitting, key=lambda entry: (len(entry[1]), _is_named(entry[1], wanted)), default=None)
    return None if best is None else best[0].joinpath(*wanted[len(best[1]) :])


def _begins(wanted: list[str], parts: list[str]) -> bool:
    """Whether a name begins with the server, share and folders of a mount. Names know no case."""
    if len(parts) < 2 or len(wanted) < len(parts):
        return False
    below = [part.casefold() for part in wanted[1 : len(parts)]] == [part.casefold() for part in parts[1:]]
    return below and _is_same_server(parts[0], wanted[0])


def _is_named(parts: list[str], wanted: list[str]) -> bool:
    return parts[0].casefold() == wanted[0].casefold()


def _parts(source: str) -> list[str]:
    """Server, share and folders of a mount's source `//server/share/folder`; none of another kind."""
    plain = source.replace("\\", "/")
    return [part for part in plain.split("/") if part] if plain.startswith("//") else []


def _gvfs_parts(name: str) -> list[str]:
    """Server and share of `smb-share:server=srv,share=ems`."""
    kind, _, rest = unquote(name).partition(":")
    facts = dict(fact.partition("=")[::2] for fact in rest.split(","))
    return [facts["server"], facts["share"]] if kind == "smb-share" and facts.keys() >= {"server", "share"} else []


def _is_same_server(one: str, other: str) -> bool:
    """A server may be named with its domain or without."""
    first, second = one.casefold(), other.casefold()
    return first == second or _short(first) == second or first == _short(second)


def _short(name: str) -> str:
    """A server's name without its domain; an address is not cut."""
    host = name.partition(".")[0]
    return name if host.isdigit() else host


# Where estimating systems export unless a person chose another folder (ems.md 5), and the same below a share.
USUAL = (
    r"C:\CCC\EMS_Export",
    r"C:\CCC APPS\CCCONE\CCCONE\DATA",
    r"C:\CCC\APPS\CCCONE\CCCONE\DATA",
    r"C:\CIECA\MITCHELL\EXPORT",
)
USUAL_ON_SHARES = (
    "EMS_Export",
    "EMS",
    "Export",
    "CCC/EMS_Export",
    "CCC APPS/CCCONE/CCCONE/DATA",
    "CIECA/MITCHELL/EXPORT",
)
