"""Which files of a folder belong to one set (ems.md 2, Names). Pure: names in, sets out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

TABLES = ("ENV", "AD1", "AD2", "VEH", "LIN", "PFH", "PFL", "PFM", "PFO", "PFP", "PFT", "STL", "TTL", "VEN")
MEMO = "DBT"
_EXTENSIONS = frozenset((*TABLES, MEMO))
_SUFFIX = {"AD1": "A", "AD2": "B", "VEH": "V"}
_COPY = re.compile(r"(.+)-[0-9a-f]+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SetNames:
    """The files of one set by upper-case extension, names as listed. `base` is the ENV's stem as found on disk."""

    base: str
    files: dict[str, str] = field(default_factory=dict)


def split(name: str) -> tuple[str, str] | None:
    """(stem, upper-case extension) of an EMS file, None for a foreign one (.AWF, .lock, GUID names, litter)."""
    stem, dot, extension = name.rpartition(".")
    extension = extension.upper()
    return (stem, extension) if dot and stem and extension in _EXTENSIONS else None


def group(names: Iterable[str]) -> list[SetNames]:
    """Sets of a folder, sorted by base. A stem is matched exactly first and never stripped blindly (ems.md 2)."""
    by_key: dict[str, dict[str, tuple[str, str]]] = {}
    for name in sorted(names):
        parts = split(name)
        if parts is not None:
            by_key.setdefault(parts[0].upper(), {}).setdefault(parts[1], (parts[0], name))
    bases = {key for key, found in by_key.items() if "ENV" in found}
    bases = {key for key in bases if not ((copy := _COPY.match(key)) and copy[1] in bases)}
    sets: dict[str, SetNames] = {key: SetNames(by_key[key]["ENV"][0]) for key in bases}
    for key, found in by_key.items():
        copy = _COPY.match(key)
        if copy and copy[1] in by_key:
            continue
        for extension, (stem, name) in found.items():
            home = _home(key, extension, bases)
            target = sets.get(home) or sets.setdefault(home, SetNames(stem[: len(home)]))
            if key == home or extension not in target.files:
                target.files[extension] = name
    return [sets[key] for key in sorted(sets)]


def _home(key: str, extension: str, bases: set[str]) -> str:
    """Key of the set a file belongs to: its own stem, else the stem without the letter its table may carry."""
    if key in bases:
        return key
    letters = ("A", "B", "V") if extension == MEMO else (_SUFFIX.get(extension, ""),)
    if key[-1:] in letters and key[:-1] in bases:
        return key[:-1]
    return key


def memo_name(files: dict[str, str]) -> str | None:
    """The memo file of VEH: the DBT of the same stem as the VEH table (ems.md 2)."""
    memo, vehicle = files.get(MEMO), files.get("VEH")
    if memo is None or vehicle is None:
        return None
    return memo if memo.rpartition(".")[0].upper() == vehicle.rpartition(".")[0].upper() else None
