"""Estimates a person opens or drops on the window: each is taken into the jobs once, its folder is not watched (issue 16)."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from repaircenter.ems.estimate import Estimate
from repaircenter.ems.reading import NotAnEstimate, read_set
from repaircenter.runtime.clock import Clock
from repaircenter.runtime.errors import EnvironmentFailure, InputRefused, KnownError
from repaircenter.shop.jobs import facilities, identity, importing
from repaircenter.shop.jobs.importing import Target
from repaircenter.shop.model.job import Facility
from repaircenter.shop.ports import FolderInspector, NamedSet, Reader, Store

log = logging.getLogger(__name__)
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
    """Take the sets that the paths name: a file of a set, a folder or a zip with one. Several files of a set are one.

    A folder that could not be read is not tried again for the other files in it.
    """
    read: list[NamedSet] = []
    opened: list[OpenedSet] = []
    away: set[str] = set()
    for path in paths:
        if _parts(path)[0] in away or any(inspector.is_member(path, named) for named in read):
            continue
        try:
            named = inspector.read_set(path)
            read.append(named)
            opened.append(_take_one(named, inspector, store, clock, target_of))
        except KnownError as refusal:
            opened.append(OpenedSet(refusal=refusal))
            if isinstance(refusal, EnvironmentFailure):
                away.add(_parts(path)[0])
        except Exception:  # a fault of ours with one set must not hide what became of the others
            log.exception("an opened set could not be taken in")
            opened.append(OpenedSet(refusal=InputRefused("set.not_taken", file=_parts(path)[1])))
    if all(each.refusal is not None for each in opened):
        return opened
    return [each for each in opened if each.refusal is None or each.refusal.code != _FOREIGN]


def _parts(path: str) -> tuple[str, str]:
    """The folder of a path and the name in it."""
    folder, _, name = path.replace("\\", "/").rpartition("/")
    return folder, name


def _take_one(
    named: NamedSet, inspector: FolderInspector, store: Store, clock: Clock, target_of: Callable[[str], Target]
) -> OpenedSet:
    now_utc, read = clock.now_utc(), store.read
    watched = read.folders()
    folder = next((s.path for s in watched if inspector.is_same_folder(s.path, named.folder)), named.folder)
    target = target_of(folder)
    try:
        estimate = read_set(named.base, named.data, target.code_page, year=now_utc.year + 2)
    except NotAnEstimate as error:
        raise InputRefused("cli.file", file=named.base, reason=error.reason) from None
    if read.folder(folder) is None and len({setting.shop_id for setting in watched}) > 1:
        target = replace(target, shop_id=_shop_of(estimate, read))
        if target.shop_id is None and estimate.lines:
            # Guessed, it would be a second job beside the one its own folder brings.
            raise InputRefused("set.whose", file=named.base)
    with store.write() as uow:
        return OpenedSet(*importing.take_estimate(uow, estimate, target, now_utc))


def _shop_of(estimate: Estimate, read: Reader) -> int | None:
    """The shop a repair facility is, as a person said, or the only one of the account that it fits; None for neither."""
    key = identity.facility_key(estimate.shop)
    if key is None:
        return None
    confirmed = next((facility.shop_id for facility in read.facilities() if facility.key == key), None)
    if confirmed is not None:
        return confirmed
    facility = Facility(key, identity.facility_label(estimate.shop), None)
    fitting = facilities.suggested_shop(facility, tuple(read.shops()))
    return None if fitting is None else fitting.id
