"""Which folders lie on a share (looked at more patiently than a local disk), and where estimates usually are."""

import hashlib
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

# How /proc/self/mounts writes blanks, tabs and backslashes in names.
_ESCAPE = re.compile(r"\\([0-7]{3})")
_NETWORK = frozenset(("cifs", "smb3", "nfs", "nfs4"))

if sys.platform == "win32":
    import ctypes

    _DRIVE_REMOTE = 4

    def _is_mapped(path: Path) -> bool:
        """Whether the drive letter stands for a share."""
        return bool(ctypes.windll.kernel32.GetDriveTypeW(f"{path.drive}\\") == _DRIVE_REMOTE)

else:

    def _is_mapped(path: Path) -> bool:
        return False


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
        name = f"{mount[1]}/{path.as_posix()[len(mount[0]) :]}"
    else:
        return None
    plain = "/".join(part for part in name.replace("\\", "/").casefold().split("/") if part)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _is_unc(path: Path) -> bool:
    return str(path).startswith(("\\\\", "//"))


def _network_mount(path: Path, mounts: Callable[[], str] | None) -> tuple[str, str] | None:
    """Mount point and source of the network file system a folder lies on."""
    try:
        table = (mounts or _mounts)()
    except OSError:
        return None
    best, source, kind = "", "", ""
    for line in table.splitlines():
        parts = [_ESCAPE.sub(lambda code: chr(int(code[1], 8)), part) for part in line.split()]
        if len(parts) > 2 and f"{path}/".startswith(parts[1].rstrip("/") + "/") and len(parts[1]) >= len(best):
            source, best, kind = parts[:3]
    return (best, source) if kind in _NETWORK or kind.startswith("fuse.") else None


def _mounts() -> str:
    return Path("/proc/self/mounts").read_text("utf-8", "replace")


# Where estimating systems export unless a person chose another folder (ems.md 5).
USUAL = (
    r"C:\CCC\EMS_Export",
    r"C:\CCC APPS\CCCONE\CCCONE\DATA",
    r"C:\CCC\APPS\CCCONE\CCCONE\DATA",
    r"C:\CIECA\MITCHELL\EXPORT",
)


def usual_folders(candidates: Sequence[str] = USUAL) -> list[str]:
    """Those of the usual folders that are there."""
    return [folder for folder in candidates if Path(folder).is_dir()]
