"""Decides when a set is ready: equal in two looks and quiet long enough (DESIGN 3.3, anchors.md 4.3). Pure.

Time comes in as monotonic seconds. A failed look must not be given to the tracker: it is no listing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from repaircenter.ems import naming
from repaircenter.shop.ports import FileFacts, SetSighting

PATIENCE_SECONDS = 120.0


@dataclass(slots=True)
class _Tracked:
    sighting: SetSighting
    changed_at_seconds: float
    patient_since_seconds: float
    looks: int = 1
    settled: bool = False


def signature(files: Mapping[str, str], facts: Mapping[str, FileFacts]) -> str:
    """Names, sizes and mtimes of a set in one short text: another one means something moved."""
    parts = sorted(f"{name}|{facts[name].size_bytes}|{facts[name].mtime_ns}" for name in files.values())
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


@dataclass(slots=True)
class SetTracker:
    """Follows the sets of one folder. `known` maps base -> signature of sets dealt with in earlier runs."""

    quiet_seconds: float
    known: dict[str, str] = field(default_factory=dict)
    _files: dict[str, FileFacts] = field(default_factory=dict)
    _sets: dict[str, _Tracked] = field(default_factory=dict)

    def observe(self, look: Mapping[str, FileFacts], now_seconds: float) -> list[SetSighting]:
        """Take one complete listing; give the sets that are ready to be read now, newest first."""
        if look == self._files:
            for tracked in self._sets.values():
                tracked.looks += 1
        else:
            self._regroup(look, now_seconds)
        return self.ready(now_seconds)

    def ready(self, now_seconds: float) -> list[SetSighting]:
        found = [
            tracked.sighting
            for tracked in self._sets.values()
            if not tracked.settled and tracked.looks >= 2 and self._quiet(tracked, now_seconds)
        ]
        return sorted(found, key=lambda sighting: (-sighting.newest_mtime_ns, sighting.base))

    def settle(self, sighting: SetSighting) -> None:
        """The set was dealt with in this state; it stays settled until a member changes."""
        tracked = self._sets.get(sighting.base.upper())
        if tracked is not None and tracked.sighting.signature == sighting.signature:
            tracked.settled = True
            self.known[sighting.base] = sighting.signature

    def impatient(self, sighting: SetSighting, now_seconds: float) -> bool:
        """True once an incomplete set has been quiet for two minutes: take what is there (ems.md 6)."""
        tracked = self._sets.get(sighting.base.upper())
        return tracked is not None and now_seconds - tracked.patient_since_seconds >= PATIENCE_SECONDS

    def again(self, sighting: SetSighting, now_seconds: float) -> None:
        """The set moved while it was being read: its quiet time starts anew."""
        tracked = self._sets.get(sighting.base.upper())
        if tracked is not None:
            tracked.looks, tracked.changed_at_seconds = 0, now_seconds

    @property
    def waiting(self) -> int:
        """Sets seen and not yet dealt with."""
        return sum(not tracked.settled for tracked in self._sets.values())

    @property
    def seen(self) -> int:
        return len(self._sets)

    def _quiet(self, tracked: _Tracked, now_seconds: float) -> bool:
        return now_seconds - tracked.changed_at_seconds >= self.quiet_seconds

    def _regroup(self, look: Mapping[str, FileFacts], now_seconds: float) -> None:
        before, sets = self._sets, dict[str, _Tracked]()
        for names in naming.group(look):
            key = names.base.upper()
            mark = signature(names.files, look)
            old = before.get(key)
            if old is not None and old.sighting.signature == mark:
                old.looks += 1
                sets[key] = old
                continue
            newest = max(look[name].mtime_ns for name in names.files.values())
            facts = {name: look[name] for name in names.files.values()}
            sighting = SetSighting(names.base, dict(names.files), facts, mark, newest)
            settled = self.known.get(names.base) == mark or (old is not None and _only_lost(old, sighting))
            sets[key] = _Tracked(sighting, now_seconds, now_seconds, settled=settled)
        self._files, self._sets = dict(look), sets


def _only_lost(old: _Tracked, fresh: SetSighting) -> bool:
    """A settled set whose files only vanish one by one (Mitchell's clean-up, ems.md 8.17) is no news."""
    return old.settled and fresh.facts.items() <= old.sighting.facts.items()
