"""Estimates a person opens or drops on the window: each is taken into the jobs once, its folder is not watched (issue 16)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from repaircenter.ems.reading import NotAnEstimate, read_set
from repaircenter.runtime.clock import Clock
from repaircenter.runtime.errors import InputRefused, KnownError
from repaircenter.shop.jobs import importing
from repaircenter.shop.jobs.importing import Target
from repaircenter.shop.ports import FolderInspector, NamedSet, Store

# Why a file is passed over in silence beside a set of its folder: estimating systems leave others there.
_FOREIGN = "set.no_member"


@dataclass(frozen=True, slots=True)
class OpenedSet:
    """What became of one set: an outcome of shop.model.folder with its job, or why it was refused."""

    outcome: str = ""
    job_id: int | None = None
    refusal: KnownError | None = None


def take(
    paths: Sequence[str], inspector: FolderInspector, store: Store, clock: Clock, target_of: Callable[[str], Target]
) -> list[OpenedSet]:
    """Take the sets that the paths name: a file of a set, a folder or a zip with one. Several files of a set are one."""
    read: list[NamedSet] = []
    opened: list[OpenedSet] = []
    for path in paths:
        if any(named.holds(path) for named in read):
            continue
        try:
            named = inspector.read_set(path)
            read.append(named)
            opened.append(_take_one(named, store, clock, target_of(named.folder)))
        except KnownError as refusal:
            opened.append(OpenedSet(refusal=refusal))
    if all(each.refusal is not None for each in opened):
        return opened
    return [each for each in opened if each.refusal is None or each.refusal.code != _FOREIGN]


def _take_one(named: NamedSet, store: Store, clock: Clock, target: Target) -> OpenedSet:
    now_utc = clock.now_utc()
    try:
        estimate = read_set(named.base, named.data, target.code_page, year=now_utc.year + 2)
    except NotAnEstimate as error:
        raise InputRefused("cli.file", file=named.base, reason=error.reason) from None
    with store.write() as uow:
        return OpenedSet(*importing.take_estimate(uow, estimate, target, now_utc))
