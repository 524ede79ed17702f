"""One watched folder: looks, tracks and reads, and knows how healthy it is. Used by one thread at a time."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from repaircenter.runtime.clock import Clock
from repaircenter.runtime.errors import EnvironmentFailure
from repaircenter.share import files
from repaircenter.share.tracker import SetTracker
from repaircenter.shop.model import FolderHealth
from repaircenter.shop.ports import SetSighting

QUIET_LOCAL_SECONDS, QUIET_SHARE_SECONDS = 3.0, 15.0


class WatchedFolder:
    """Implements shop.ports.SetSource for a local or mounted folder; the folder is never written to."""

    def __init__(self, path: Path, clock: Clock, known: dict[str, str], quiet_seconds: float | None = None) -> None:
        self.path = path
        self._clock = clock
        quiet = quiet_seconds if quiet_seconds is not None else default_quiet_seconds(path)
        self._tracker = SetTracker(quiet, known)
        self._away_since: datetime | None = None
        self._read_at: datetime | None = None
        self._pause_seconds = 0.0
        self._retry_at_seconds = 0.0
        self.look_seconds = 0.0

    def look(self) -> list[SetSighting]:
        """One listing of the folder; the sets that are ready. A folder that cannot be read gives none."""
        now = self._clock.monotonic_seconds()
        if self._away_since is not None and now < self._retry_at_seconds:
            return []
        try:
            listing = files.look(self.path)
        except EnvironmentFailure:
            self._away_since = self._away_since or self._clock.now_utc()
            self._pause_seconds = min(max(10.0, self._pause_seconds * 2), 300.0)
            self._retry_at_seconds = now + self._pause_seconds
            return []
        self.look_seconds = self._clock.monotonic_seconds() - now
        self._away_since, self._pause_seconds, self._read_at = None, 0.0, self._clock.now_utc()
        return self._tracker.observe(listing, now)

    def retry_now(self) -> None:
        """A person asked: do not wait for the next planned try."""
        self._retry_at_seconds = 0.0

    def read(self, sighting: SetSighting) -> dict[str, bytes] | None:
        """Bytes by extension; None when the set moved or is busy (it is looked at again)."""
        try:
            return files.read_members(self.path, sighting.files, sighting.facts)
        except files.NotYet:
            self._tracker.again(sighting, self._clock.monotonic_seconds())
            return None

    def settle(self, sighting: SetSighting) -> None:
        self._tracker.settle(sighting)

    def impatient(self, sighting: SetSighting) -> bool:
        return self._tracker.impatient(sighting, self._clock.monotonic_seconds())

    @property
    def health(self) -> FolderHealth:
        return FolderHealth(
            str(self.path),
            self._read_at,
            self._away_since,
            self._tracker.seen,
            self._tracker.waiting,
            self.look_seconds,
        )


def default_quiet_seconds(path: Path) -> float:
    """15 s on a share, 3 s on a local disk (issue 3; the SMB client caches listings, anchors.md 4.2-18)."""
    return QUIET_SHARE_SECONDS if is_share(path) else QUIET_LOCAL_SECONDS


def is_share(path: Path, mounts: Callable[[], str] | None = None) -> bool:
    """UNC paths, and on Linux folders below a mount of a network file system."""
    if str(path).startswith(("\\\\", "//")):
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
    return kind in {"cifs", "smb3", "nfs", "nfs4"} or kind.startswith("fuse.")


def _mounts() -> str:
    return Path("/proc/self/mounts").read_text("utf-8", "replace")
