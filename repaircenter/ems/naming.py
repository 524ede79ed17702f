"""Which files of a folder belong to one set (ems.md 2, Names). Pure: names in, sets out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

TABLES = ("ENV", "AD1", "AD2", "VEH", "LIN", "PFH", "PFL", "PFM", "PFO", "PFP", "PFT", "STL", "TTL", "VEN")
MEMO = "DBT"
# What the reader decodes; the profile and vendor tables are only checked where they are at hand.
USED = ("ENV", "AD1", "AD2", "VEH", "DBT", "LIN", "STL", "TTL")
_EXTENSIONS = frozenset((*TABLES, MEMO))
_SUFFIX = {"AD1": "A", "AD2": "B", "VEH": "V"}
_LETTERS = ("A", "B", "V")
_PLAIN = frozenset(TABLES) - {"ENV", "AD1", "AD2", "VEH"}
_COPY = re.compile(r"([0-9A-F]{8})-[0-9A-F]+\Z")
# How sync programs and Explorer name a copy: "x (conflicted copy)", "x (1)", "x - Copy", "x.sync-conflict-2026".
_CONFLICT = re.compile(r"(.+?)(?: ?\([^()]*\)| - COP(?:Y|IE|IA).*|\.SYNC-CONFLICT-.*)\Z")


@dataclass(frozen=True, slots=True)
class SetNames:
    """The files of one set by upper-case extension, names as listed. `base` is the ENV's stem as found on disk."""

    base: str
    files: dict[str, str] = field(default_factory=dict)


_UPPER = {ord(low): low.upper() for low in "abcdefghijklmnopqrstuvwxyz"}


def fold(text: str) -> str:
    """Upper case of the ASCII letters only, so that no letter grows or turns into two."""
    return text.upper() if text.isascii() else text.translate(_UPPER)


def split(name: str) -> tuple[str, str] | None:
    """(stem, upper-case extension) of an EMS file, None for a foreign one (.AWF, .lock, GUID names, litter)."""
    stem, dot, extension = name.rpartition(".")
    extension = fold(extension)
    return (stem, extension) if dot and stem and not stem.startswith("._") and extension in _EXTENSIONS else None


class Families:
    """The names of a folder, and which of them a change may concern: `group` of one family never needs another.

    A family is what stems can share files by: a stem, the stem without its letter, with one, and copies `base-hex`.
    """

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = {}
        self._copies: dict[str, set[str]] = {}

    def change(self, came: Iterable[str], left: Iterable[str]) -> None:
        """EMS names that were not there before, and names that are gone."""
        for name in left:
            key = _key(name)
            self._names[key].discard(name)
            if not self._names[key]:
                del self._names[key]
                if original := _original(key):
                    self._copies[original].discard(key)
        for name in came:
            key = _key(name)
            self._names.setdefault(key, set()).add(name)
            if original := _original(key):
                self._copies.setdefault(original, set()).add(key)

    def around(self, names: Iterable[str]) -> set[str]:
        """Keys (upper-case stems) of all families to which the names belong or belonged."""
        endings: set[str] = set()
        ahead = {_key(name) for name in names}
        while ahead:
            key = ahead.pop()
            endings.add(key)
            near = {key + letter for letter in _LETTERS} | self._copies.get(key, set())
            if key[-1:] in _LETTERS:
                near.add(key[:-1])
            if original := _original(key):
                near.add(original)
            ahead |= {other for other in near if other in self._names} - endings
            # A set may be named by a stem whose own files are gone by now.
            endings |= {key[:-1]} if key[-1:] in _LETTERS else set()
        return endings

    def names(self, keys: Iterable[str]) -> list[str]:
        return [name for key in keys for name in self._names.get(key, ())]


def _key(name: str) -> str:
    parts = split(name)
    assert parts is not None, "only EMS names come here"
    return fold(parts[0])


def _original(key: str) -> str | None:
    """The stem a copy is named after, None for a stem that does not look like one."""
    copy = _COPY.match(key) or _CONFLICT.match(key)
    return copy[1] if copy else None


def _copies(by_key: Mapping[str, Mapping[str, object]]) -> set[str]:
    """Stems that are copies of another one here. A conflict copy counts only while it lacks files of the original."""
    return {
        key
        for key, members in by_key.items()
        if (original := _original(key)) is not None
        and original in by_key
        and (_COPY.match(key) or members.keys() < by_key[original].keys())
    }


def group(names: Iterable[str]) -> list[SetNames]:
    """Sets of a folder, sorted by base. A stem is matched exactly first and never stripped blindly (ems.md 2)."""
    by_key: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for name in sorted(names):
        parts = split(name)
        if parts is not None:
            by_key.setdefault(fold(parts[0]), {}).setdefault(parts[1], []).append((parts[0], name))
    copies = _copies(by_key)
    enveloped = {key for key, members in by_key.items() if "ENV" in members} - copies
    # Without an envelope the plain tables name the set, so that it does not fall apart by its letters.
    plain = {key for key, members in by_key.items() if members.keys() & _PLAIN} - copies
    bases = enveloped | {key for key in plain if not (key[-1:] in _LETTERS and key[:-1] in enveloped)}
    members: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for key, found in by_key.items():
        if key not in copies:
            for extension, files in found.items():
                members.setdefault(_home(key, extension, bases), {}).setdefault(extension, []).extend(files)
    return [_set(key, members[key]) for key in sorted(members)]


def _set(key: str, members: dict[str, list[tuple[str, str]]]) -> SetNames:
    """One file an extension: the stem as the envelope spells it first, then the plain stem, then the lettered one."""
    every = [file for files in members.values() for file in files]
    exact = [file for file in every if fold(file[0]) == key]
    spelled = min(members.get("ENV") or exact or every)[0][: len(key)]
    chosen = {
        extension: min(files, key=lambda file: (file[0] != spelled, len(file[0]), file[1]))
        for extension, files in members.items()
    }
    if MEMO in members and "VEH" in chosen:
        stem = fold(chosen["VEH"][0])
        own = [file for file in members[MEMO] if fold(file[0]) == stem]
        if own:
            chosen[MEMO] = own[0]
        else:
            del chosen[MEMO]
    return SetNames(spelled, {extension: name for extension, (_, name) in chosen.items()})


def _home(key: str, extension: str, bases: set[str]) -> str:
    """Key of the set a file belongs to: its own stem, else the stem without the letter its table may carry."""
    if key in bases:
        return key
    letters = _LETTERS if extension == MEMO else (_SUFFIX.get(extension, ""),)
    if key[-1:] in letters and key[:-1] in bases:
        return key[:-1]
    return key
