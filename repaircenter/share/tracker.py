"""Decides when a set is ready: equal in two looks and quiet long enough (DESIGN 3.3, anchors.md 4.3). Pure.

Time comes in as monotonic seconds. A failed look must not be given to the tracker: it is no listing.
The owner sees to it that one thread at a time is in here.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from repaircenter.ems import naming
from repaircenter.shop.ports import FileFacts, SetSighting

PATIENCE_SECONDS = 120.0
BUSY_PAUSE_SECONDS = 60.0
_NEW, _READING, _DEFERRED, _SETTLED = "new", "reading", "deferred", "settled"


@dataclass(slots=True)
class _Tracked:
    """A set in its present state. `stage` says what is being done about it."""

    sighting: SetSighting
    changed_at_seconds: float
    born_at_look: int
    stage: str = _NEW
    not_before_seconds: float = 0.0


def signature(files: Mapping[str, str], facts: Mapping[str, FileFacts]) -> str:
    """Names, sizes and mtimes of a set in one short text: another one means something moved."""
    parts = sorted(f"{name}|{facts[name].size_bytes}|{facts[name].mtime_ns}" for name in files.values())
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(slots=True)
class SetTracker:
    """Follows the sets of one folder. `known` maps base -> signature of sets dealt with in earlier runs."""

    quiet_seconds: float
    known: dict[str, str] = field(default_factory=dict)
    _files: Mapping[str, FileFacts] = field(default_factory=dict)
    _families: naming.Families = field(default_factory=naming.Families)
    _sets: dict[str, _Tracked] = field(default_factory=dict)
    _looks: int = 0

    def observe(self, look: Mapping[str, FileFacts], now_seconds: float) -> None:
        """Take one complete listing. Only the sets whose files differ from the last one are grouped again."""
        self._looks += 1
        before = self._files
        if look == before:
            return
        came = [name for name in look if name not in before]
        left = [name for name in before if name not in look]
        moved = [name for name, facts in look.items() if name in before and before[name] != facts]
        self._files = look
        self._families.change(came, left)
        self._regroup(self._families.around((*came, *left, *moved)), now_seconds)

    def ready(self, now_seconds: float) -> list[SetSighting]:
        """The sets that may be read now, newest first."""
        ready = [tracked.sighting for tracked in self._sets.values() if self._is_ready(tracked, now_seconds)]
        return sorted(ready, key=lambda sighting: (-sighting.newest_mtime_ns, sighting.base))

    def begin(self, sighting: SetSighting) -> bool:
        """The set is being read: it is not ready again until its fate is told. False when it has moved meanwhile."""
        tracked = self._present(sighting)
        if tracked is None or tracked.stage in (_READING, _SETTLED):
            return False
        tracked.stage = _READING
        return True

    def settle(self, sighting: SetSighting) -> None:
        """The set was dealt with in this state; it stays settled until a member changes."""
        tracked = self._present(sighting)
        if tracked is not None:
            tracked.stage = _SETTLED
        self.known[sighting.base] = sighting.signature

    def defer(self, sighting: SetSighting) -> None:
        """Something is missing: the set is ready again when it changes or when patience ends."""
        tracked = self._present(sighting)
        if tracked is not None:
            tracked.stage = _DEFERRED

    def again(self, sighting: SetSighting, now_seconds: float) -> None:
        """The set could not be read: its quiet time starts anew, and once patience has ended it is tried more rarely."""
        tracked = self._present(sighting)
        if tracked is not None:
            pause = BUSY_PAUSE_SECONDS if self.impatient(sighting, now_seconds) else self.quiet_seconds
            tracked.stage, tracked.born_at_look = _NEW, self._looks
            tracked.not_before_seconds = now_seconds + pause

    def release(self) -> None:
        """Whoever was reading is gone: what had been begun is ready again."""
        for tracked in self._sets.values():
            if tracked.stage == _READING:
                tracked.stage = _NEW

    def impatient(self, sighting: SetSighting, now_seconds: float) -> bool:
        """True once a set has been quiet for two minutes: what is there is taken (ems.md 6)."""
        tracked = self._present(sighting)
        return tracked is not None and now_seconds - tracked.changed_at_seconds >= PATIENCE_SECONDS

    @property
    def waiting(self) -> int:
        """Sets seen and not yet dealt with."""
        return sum(tracked.stage != _SETTLED for tracked in self._sets.values())

    @property
    def deferred(self) -> int:
        """Sets that wait for a missing member."""
        return sum(tracked.stage == _DEFERRED for tracked in self._sets.values())

    @property
    def seen(self) -> int:
        return len(self._sets)

    @property
    def looks(self) -> int:
        """Complete listings so far."""
        return self._looks

    def _present(self, sighting: SetSighting) -> _Tracked | None:
        tracked = self._sets.get(naming.fold(sighting.base))
        return tracked if tracked is not None and tracked.sighting.signature == sighting.signature else None

    def _is_ready(self, tracked: _Tracked, now_seconds: float) -> bool:
        if tracked.stage in (_SETTLED, _READING) or self._looks <= tracked.born_at_look:
            return False
        quiet = now_seconds - tracked.changed_at_seconds
        if tracked.stage == _DEFERRED:
            return quiet >= PATIENCE_SECONDS
        return quiet >= self.quiet_seconds and now_seconds >= tracked.not_before_seconds

    def _regroup(self, keys: set[str], now_seconds: float) -> None:
        old = {key: tracked for key in keys if (tracked := self._sets.pop(key, None)) is not None}
        for names in naming.group(self._families.names(keys)):
            key = naming.fold(names.base)
            facts = {name: self._files[name] for name in names.files.values()}
            mark = signature(names.files, facts)
            before = old.get(key)
            if before is not None and before.sighting.signature == mark:
                self._sets[key] = before
                continue
            newest = max(facts_of.mtime_ns for facts_of in facts.values())
            sighting = SetSighting(names.base, dict(names.files), facts, mark, newest)
            is_known = self.known.get(names.base) == mark or (before is not None and _only_lost(before, sighting))
            self._sets[key] = _Tracked(sighting, now_seconds, self._looks, _SETTLED if is_known else _NEW)


def _only_lost(old: _Tracked, fresh: SetSighting) -> bool:
    """A settled set whose files only vanish one by one (Mitchell's clean-up, ems.md 8.17) is no news."""
    return old.stage == _SETTLED and fresh.facts.items() <= old.sighting.facts.items()


def needed(files: Mapping[str, str], tables: Iterable[str]) -> dict[str, str]:
    """The members of a set that an importer of these tables has to read (DESIGN 5: only what is needed)."""
    used = frozenset(tables)
    return {extension: name for extension, name in files.items() if extension in used}
