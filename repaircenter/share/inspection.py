"""Looks a folder over before it is watched: the test of File directories and the preview of old exports (A-17).

Calls block, but never longer than a share may be silent; they belong on a background thread.
"""

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from repaircenter.ems import naming
from repaircenter.ems.estimate import Estimate
from repaircenter.ems.reading import NotAnEstimate, read_set
from repaircenter.runtime.errors import InputRefused
from repaircenter.share import files
from repaircenter.share.places import USUAL, USUAL_ON_SHARES, connected_shares, is_same_folder, is_share, local_path
from repaircenter.share.readers import READERS_ON_SHARES, SILENCE_SECONDS, Beat, Readers, within
from repaircenter.shop.model.folder import FolderTest
from repaircenter.shop.ports import FileFacts, NamedSet

# What a preview needs of a set: who, when, which version, delivered or not.
_PREVIEWED = ("ENV", "AD1", "AD2", "VEH", "TTL")
_SAMPLED, _MOST_BELOW = 5, 50
# A person waits for the test of a folder.
TEST_SILENCE_SECONDS = 10.0
# Nobody asked about the shares that first run looks through.
SHARE_SILENCE_SECONDS = 3.0


class Inspector:
    """Implements shop.ports.FolderInspector."""

    def is_folder(self, path: str) -> bool:
        return Path(path).is_dir()

    def test_folder(self, path: str, code_page: str) -> FolderTest:
        local = local_path(path)
        if local is None:
            return FolderTest("not_connected", True, 0, None, None, None, path=path)
        return test_folder(local, code_page)

    def preview(self, path: str, code_page: str, take: Callable[[Estimate | None, int, int], bool]) -> None:
        preview(Path(path), code_page, take)

    def usual_folders(self) -> list[str]:
        return usual_folders([Path(folder) for folder in USUAL], connected_shares())

    def read_set(self, path: str) -> NamedSet:
        return within(lambda beat: files.read_path(Path(path), beat), TEST_SILENCE_SECONDS)

    def is_member(self, path: str, named: NamedSet) -> bool:
        """Whether a path names a file of a set; Windows knows neither case nor the direction of slashes."""
        return os.path.normcase(path) in {os.path.normcase(file) for file in named.files}

    def is_same_folder(self, one: str, other: str) -> bool:
        return is_same_folder(one, other)


def test_folder(path: Path, code_page: str, silence_seconds: float = TEST_SILENCE_SECONDS) -> FolderTest:
    """Whether a folder can be read, and what is in it; nothing is kept."""

    def work(beat: Beat) -> FolderTest:
        listing = files.look(path, {}, beat)
        sets = _newest_first(listing)
        pages: list[str] = []
        for names in sets[:_SAMPLED]:
            estimate = _read(path, names, listing, naming.USED, code_page, beat)
            if estimate is not None:
                pages.append(estimate.encoding)
        times = [_newest(names, listing) for names in sets]
        return FolderTest(
            trouble=None,
            is_share=is_share(path),
            sets=len(sets),
            oldest_utc=_instant(min(times, default=None)),
            newest_utc=_instant(max(times, default=None)),
            code_page=max(set(pages), key=pages.count) if pages else None,
            below=() if sets else _below(path, beat),
            path=str(path),
        )

    try:
        return within(work, silence_seconds)
    except files.FolderAway as away:
        return FolderTest(away.how, is_share(path), 0, None, None, None, path=str(path))


def usual_folders(candidates: Sequence[Path], shares: Sequence[Path]) -> list[str]:
    """Those of the usual folders that are there; on shares also below them, and a share itself that holds sets.

    A share that does not answer within SHARE_SILENCE_SECONDS is passed over.
    """
    offered = [folder for folder in candidates if folder.is_dir()]
    for share in shares:
        try:
            offered += within(partial(_usual_on, share), SHARE_SILENCE_SECONDS)
        except (files.FolderAway, OSError):
            continue
    return list(dict.fromkeys(str(folder) for folder in offered))


def _usual_on(share: Path, beat: Beat) -> list[Path]:
    holds_sets = [share] if naming.group(files.look(share, {}, beat)) else []
    return holds_sets + [folder for name in USUAL_ON_SHARES if (folder := share / name).is_dir()]


def _below(path: Path, beat: Beat) -> tuple[tuple[str, int], ...]:
    """The folders of a folder that hold sets, the fullest first: a person often chooses the one above."""
    held = []
    for folder in files.folders(path)[:_MOST_BELOW]:
        try:
            held.append((str(folder), len(naming.group(files.look(folder, {}, beat)))))
        except files.FolderAway:
            continue
    held.sort(key=lambda entry: (-entry[1], entry[0]))
    return tuple(entry for entry in held if entry[1])[:3]


def preview(
    path: Path,
    code_page: str,
    take: Callable[[Estimate | None, int, int], bool],
    silence_seconds: float = SILENCE_SECONDS,
) -> None:
    """Read every set's head, newest first; `take(estimate, done, total)` is given each, or None where it is unreadable.

    `take` is called on one thread at a time and stops the preview by giving False. Raises files.FolderAway.
    """

    def work(beat: Beat) -> None:
        listing = files.look(path, {}, beat)
        sets = _newest_first(listing)
        number = READERS_ON_SHARES if is_share(path) else 1
        for start in range(0, len(sets), _CHUNK):
            chunk = sets[start : start + _CHUNK]
            read: dict[str, Estimate | None] = {}

            def read_one(names: naming.SetNames, read: dict[str, Estimate | None] = read) -> None:
                read[names.base] = _read(path, names, listing, _PREVIEWED, code_page, beat)

            Readers(chunk, read_one, number).wait(_nothing)
            for at, names in enumerate(chunk, start=start + 1):
                if not take(read.get(names.base), at, len(sets)):
                    return

    within(work, silence_seconds)


def _nothing() -> None:
    pass


_CHUNK = 20


def _read(
    path: Path,
    names: naming.SetNames,
    listing: dict[str, FileFacts],
    tables: tuple[str, ...],
    code_page: str,
    beat: Beat,
) -> Estimate | None:
    needed = {extension: name for extension, name in names.files.items() if extension in tables}
    try:
        data = files.read_members(path, needed, listing, beat)
        return read_set(names.base, data, code_page, year=datetime.now(UTC).year + 2)
    except (files.NotYet, InputRefused, NotAnEstimate):
        return None


def _newest(names: naming.SetNames, listing: dict[str, FileFacts]) -> int:
    return max(listing[name].mtime_ns for name in names.files.values())


def _newest_first(listing: dict[str, FileFacts]) -> list[naming.SetNames]:
    return sorted(naming.group(listing), key=lambda names: (-_newest(names, listing), names.base))


def _instant(mtime_ns: int | None) -> datetime | None:
    try:
        return None if mtime_ns is None else datetime.fromtimestamp(mtime_ns / 1e9, UTC)
    except (ValueError, OverflowError, OSError):
        return None  # a file server may say any year
