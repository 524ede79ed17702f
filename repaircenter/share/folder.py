"""One watched folder: looks, tracks and reads, and knows how healthy it is.

Looking and reading may take long and belong on the folder's own threads (share.watching); telling what became of a
set may come from any thread.
"""

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from threading import Lock

from repaircenter.ems.naming import USED
from repaircenter.runtime.clock import Clock
from repaircenter.runtime.errors import InputRefused
from repaircenter.share import files
from repaircenter.share.places import is_share, place_of
from repaircenter.share.readers import Abandoned
from repaircenter.share.tracker import SetTracker, needed
from repaircenter.shop.model.folder import FolderHealth
from repaircenter.shop.ports import FileFacts, FoundSet, SetSighting

QUIET_LOCAL_SECONDS, QUIET_SHARE_SECONDS = 3.0, 15.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 10.0, 300.0


def _nothing() -> None:
    pass


class WatchedFolder:
    """A local or mounted folder; it is never written to.

    `take` does one whole pass on the calling thread: it serves whoever has no need of threads (the demo's replay).
    """

    def __init__(self, path: Path, clock: Clock, known: dict[str, str], quiet_seconds: float | None = None) -> None:
        self.path = path
        self.is_share = is_share(path)
        self.place = place_of(path)
        self._clock = clock
        quiet = quiet_seconds if quiet_seconds is not None else default_quiet_seconds(self.is_share)
        self._tracker = SetTracker(quiet, known)
        self._lock = Lock()
        self._listing: dict[str, FileFacts] = {}
        self._away_since: datetime | None = None
        self._trouble: str | None = None
        self._read_at: datetime | None = None
        self._pause_seconds = 0.0
        self._retry_at_seconds = 0.0
        self.look_seconds = 0.0

    def take(self) -> Iterator[FoundSet]:
        """Look, then give one set after the other as it is read, newest first."""
        self.look()
        for sighting in self.ready():
            read_set = self.read(sighting)
            if read_set is not None:
                yield read_set

    def look(self, beat: Callable[[], None] = _nothing) -> bool:
        """One listing; False when the folder is away. `beat` shows progress and may raise to give up."""
        now = self._clock.monotonic_seconds()
        if self._away_since is not None and now < self._retry_at_seconds:
            return False
        try:
            listing = files.look(self.path, self._listing, beat)
        except files.FolderAway as away:
            beat()
            self.went_away(away.how)
            return False
        beat()
        after = self._clock.monotonic_seconds()
        self.look_seconds = after - now
        self._listing = listing
        with self._lock:
            self._away_since, self._trouble, self._pause_seconds = None, None, 0.0
            self._read_at = self._clock.now_utc()
            self._tracker.observe(listing, after)
        return True

    def ready(self) -> list[SetSighting]:
        """The sets that may be read now, newest first; none while the folder is away."""
        with self._lock:
            return [] if self._away_since is not None else self._tracker.ready(self._clock.monotonic_seconds())

    def read(self, sighting: SetSighting, beat: Callable[[], None] = _nothing) -> FoundSet | None:
        """Read the members that are used; None when the set moved or is busy and will be looked at again."""
        with self._lock:
            beat()  # whoever was given up begins nothing
            if not self._tracker.begin(sighting):
                return None
        try:
            data = files.read_members(self.path, needed(sighting.files, USED), sighting.facts, beat)
            beat()
        except Abandoned:
            raise  # by now somebody else may be reading this set
        except files.NotYet:
            return FoundSet(sighting, None, "busy", True) if self.again(sighting) else None
        except InputRefused:
            return FoundSet(sighting, None, "too_large", True)
        except BaseException:
            self.again(sighting)
            raise
        with self._lock:
            late = self._tracker.impatient(sighting, self._clock.monotonic_seconds())
        return FoundSet(sighting, data, None, late)

    def again(self, sighting: SetSighting) -> bool:
        """The set was not dealt with: it is ready again after a while. True once patience with it has ended."""
        with self._lock:
            now = self._clock.monotonic_seconds()
            late = self._tracker.impatient(sighting, now)
            self._tracker.again(sighting, now)
            return late

    def release(self) -> None:
        """Nobody reads now: what had been begun is ready again."""
        with self._lock:
            self._tracker.release()

    def settle(self, sighting: SetSighting) -> None:
        with self._lock:
            self._tracker.settle(sighting)

    def defer(self, sighting: SetSighting) -> None:
        with self._lock:
            self._tracker.defer(sighting)

    def look_now(self) -> None:
        """A person asked: do not wait for the next planned try."""
        self._retry_at_seconds = 0.0

    def went_away(self, code: str) -> None:
        """The folder cannot be read: try again after growing, jittered waits. Nothing counts as deleted."""
        with self._lock:
            self._away_since = self._away_since or self._clock.now_utc()
            self._trouble = code
            self._pause_seconds = min(max(FIRST_PAUSE_SECONDS, self._pause_seconds * 2), LONGEST_PAUSE_SECONDS)
            jittered = self._pause_seconds * random.uniform(0.75, 1.25)
            self._retry_at_seconds = self._clock.monotonic_seconds() + jittered
            self._tracker.release()

    @property
    def away_seconds(self) -> float | None:
        """Seconds until the next try, None when the folder is there."""
        if self._away_since is None:
            return None
        return max(0.0, self._retry_at_seconds - self._clock.monotonic_seconds())

    @property
    def health(self) -> FolderHealth:
        with self._lock:
            return FolderHealth(
                path=str(self.path),
                read_at_utc=self._read_at,
                away_since_utc=self._away_since,
                sets_seen=self._tracker.seen,
                sets_waiting=self._tracker.waiting,
                look_seconds=self.look_seconds,
                trouble=self._trouble,
                sets_incomplete=self._tracker.deferred,
                looks=self._tracker.looks,
            )


def default_quiet_seconds(share: bool) -> float:
    """15 s on a share, 3 s on a local disk (the SMB client caches listings, anchors.md 4.2-18)."""
    return QUIET_SHARE_SECONDS if share else QUIET_LOCAL_SECONDS
