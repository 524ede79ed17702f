"""Which folders lie on a share: they are looked at more patiently than a local disk."""

import sys
from collections.abc import Callable
from pathlib import Path

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
    if str(path).startswith(("\\\\", "//")) or _is_mapped(path):
        return True
    try:
        table = (mounts or _mounts)()
    except OSError:
        return False
    best, kind = "", ""
    for line in table.splitlines():
        parts = line.split()
        if len(parts) > 2 and f"{path}/".startswith(parts[1].rstrip("/") + "/") and len(parts[1]) >= len(best):
            best, kind = parts[1], parts[2]
    return kind in _NETWORK or kind.startswith("fuse.")


def _mounts() -> str:
    return Path("/proc/self/mounts").read_text("utf-8", "replace")
