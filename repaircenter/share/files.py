"""The only module that opens shop files. Reads a whole set in one pass into memory; nothing of it is written."""

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from repaircenter.ems import naming
from repaircenter.runtime.errors import EnvironmentFailure, InputRefused
from repaircenter.share.opening import open_shared
from repaircenter.shop.ports import FileFacts, NamedSet

MAX_FILE_BYTES = 16 * 1024 * 1024
MAX_SET_BYTES = 32 * 1024 * 1024
MAX_ZIP_FILES = 64
# A slow share shows with every part that it is alive.
_PART_BYTES = 256 * 1024
# A single entry that cannot be looked at never makes its folder unreadable; reading it gives NotYet.
_UNREADABLE = FileFacts(-1, -1)


class NotYet(Exception):
    """The set cannot be read now (busy, changed, gone): look again later. Never a failure of the set."""


def read_members(
    folder: Path, names: Mapping[str, str], facts: Mapping[str, FileFacts], beat: Callable[[], None] = lambda: None
) -> dict[str, bytes]:
    """Bytes by extension of a set whose files still have the size and mtime of `facts` (by name).

    Size and mtime are taken on the open handle before and after reading; `beat` is called after each file.
    Raises NotYet or InputRefused (too large).
    """
    contents: dict[str, bytes] = {}
    left = MAX_SET_BYTES
    for extension, name in names.items():
        contents[extension] = _read(folder / name, facts.get(name), beat)
        left -= len(contents[extension])
        beat()
        if left < 0:
            raise InputRefused("set.too_large")
    return contents


def _read(path: Path, expected: FileFacts | None, beat: Callable[[], None]) -> bytes:
    try:
        handle = open_shared(path)
    except OSError as error:
        raise NotYet from error
    try:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise NotYet
        if before.st_size > MAX_FILE_BYTES:
            raise InputRefused("set.file_too_large")
        parts, length = [], 0
        while part := os.read(handle, min(before.st_size + 1 - length, _PART_BYTES)):
            parts.append(part)
            length += len(part)
            beat()
        data = b"".join(parts)
        after = os.fstat(handle)
    except OSError as error:
        raise NotYet from error
    finally:
        os.close(handle)
    seen = FileFacts(before.st_size, before.st_mtime_ns)
    moved = (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns)
    if moved or len(data) != before.st_size or (expected is not None and seen != expected):
        raise NotYet
    return data


def read_path(path: Path, beat: Callable[[], None] = lambda: None) -> NamedSet:
    """The one set PATH names: a member file, a folder or a zip with one set in it; a zip is the folder of what it holds.

    Raises InputRefused when PATH names no set, several, or too much.
    """
    if path.suffix.lower() == ".zip":
        if not path.is_file():
            raise InputRefused("set.no_archive", file=path.name)
        base, data = _read_zip(path)
        return NamedSet(str(path), base, data, frozenset((str(path),)))
    try:
        folder = path if path.is_dir() else path.parent
        names = _names(folder, beat)
    except OSError:
        raise InputRefused("set.no_folder", file=path.name or path) from None
    sets = naming.group(names)
    if path.is_dir():
        if len(sets) != 1:
            code = "set.several" if sets else "set.none"
            raise InputRefused(code, file=path.name or path, count=len(sets))
        chosen = sets[0]
    else:
        holders = [s for s in sets if path.name in s.files.values()]
        holders = holders or [s for s in sets if s.base.upper() == path.name.upper()]
        if not holders:
            raise InputRefused("set.no_member", file=path.name)
        chosen = holders[0]
    try:
        members = frozenset(str(folder / name) for name in chosen.files.values())
        return NamedSet(str(folder), chosen.base, read_members(folder, chosen.files, {}, beat), members)
    except NotYet:
        raise InputRefused("set.not_read", file=chosen.base) from None


def _names(folder: Path, beat: Callable[[], None]) -> list[str]:
    """The EMS names of a folder, without a question for each. Raises OSError."""
    names = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if naming.split(entry.name) is not None:
                names.append(entry.name)
                if not len(names) & 255:
                    beat()
    return names


# What Python's zip reader raises on damaged archives.
_BAD_ARCHIVE = (
    OSError,
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    zlib.error,
    struct.error,
    LookupError,
)


def _read_zip(path: Path) -> tuple[str, dict[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MAX_ZIP_FILES or sum(e.file_size for e in entries) > MAX_SET_BYTES:
                raise InputRefused("set.too_much", file=path.name)
            if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
                raise InputRefused("set.compression", file=path.name)
            by_name: dict[str, zipfile.ZipInfo] = {}
            folders: set[str] = set()
            for entry in entries:
                place, _, name = entry.filename.replace("\\", "/").rpartition("/")
                if naming.split(name) is not None and not place.startswith("__MACOSX"):
                    if name in by_name:
                        raise InputRefused("set.twice", file=path.name, name=name)
                    by_name[name] = entry
                    folders.add(place)
            sets = naming.group(by_name)
            if len(sets) != 1 or len(folders) != 1:
                code = "set.several_in_archive" if sets else "set.none_in_archive"
                raise InputRefused(code, file=path.name, count=max(len(sets), len(folders)))
            files = {}
            for extension, name in sets[0].files.items():
                with archive.open(by_name[name]) as member:
                    files[extension] = member.read(MAX_FILE_BYTES + 1)
                if sum(map(len, files.values())) > MAX_SET_BYTES:
                    raise InputRefused("set.too_much", file=path.name)
            return sets[0].base, files
    except _BAD_ARCHIVE:
        raise InputRefused("set.archive", file=path.name) from None


def folders(path: Path) -> list[Path]:
    """The folders in a folder, by name; none where it cannot be listed."""
    try:
        with os.scandir(path) as entries:
            return sorted(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []


def look(
    folder: Path, before: Mapping[str, FileFacts] = {}, beat: Callable[[], None] = lambda: None
) -> dict[str, FileFacts]:
    """Size and mtime of every EMS-named file. Raises FolderAway: an error is never 'all deleted'.

    `before` is the last listing: what it knows needs no second thought. `beat` is called now and then, because a
    listing of a large share takes a while. On Windows a listing brings size and mtime without a question a file.
    """
    listing: dict[str, FileFacts] = {}
    unreadable = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                old = before.get(name)
                if old is None and naming.split(name) is None:
                    continue
                try:
                    facts = entry.stat()
                except FileNotFoundError:
                    continue
                except OSError:
                    # What one cannot ask about now is as it was, or not to be read yet.
                    listing[name] = _UNREADABLE if old is None else old
                    unreadable += 1
                    continue
                if old is not None and old[0] == facts.st_size and old[1] == facts.st_mtime_ns:
                    listing[name] = old
                elif stat.S_ISREG(facts.st_mode):
                    listing[name] = FileFacts(facts.st_size, facts.st_mtime_ns)
                if not len(listing) & 255:
                    beat()
    except OSError as error:
        raise FolderAway(_trouble(error)) from error
    except ValueError as error:  # a path that no system can have
        raise FolderAway("missing") from error
    if unreadable > 1 and unreadable == len(listing):
        raise FolderAway("denied")
    return listing


class FolderAway(EnvironmentFailure):
    """The folder cannot be listed. `how`: `missing`, `denied`, `unreachable` or `not_answering`."""

    def __init__(self, how: str) -> None:
        super().__init__("folder_away")
        self.how = how


def _trouble(error: OSError) -> str:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return "missing"
    return "denied" if isinstance(error, PermissionError) else "unreachable"
