"""The last results of a person's favourites, kept on this PC for when the service is away (UI.md, Surveys; A-51).

They lie in the encrypted store, for one person at a time: signing out or somebody else's sign-in takes them away, an
erased customer takes all of them away, and retention those that are older than it (DESIGN 4.10).
"""

import hashlib
import logging
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Lock

from repaircenter.runtime.clock import Clock
from repaircenter.shop.ports import Store
from repaircenter.shop.repositories import RESULTS_FORGOTTEN, KeptFavourite
from repaircenter.wire import codec
from repaircenter.wire.document.parts import Part
from repaircenter.wire.reports import Favourite

log = logging.getLogger(__name__)
_FASTEST = 1


@dataclass(frozen=True, slots=True)
class LastResult:
    """A whole document as the service answered it at an instant."""

    parts: list[Part]
    made_at_utc: datetime


class LastResults:
    """Every call but `open_for` and `leave` reads or writes the store and belongs on a background thread.

    A copy that cannot be kept costs the copy, never what it was made of.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._person = ""
        self._writing = Lock()

    def open_for(self, email: str) -> None:
        """Who is here now: what is still on its way for somebody else is not kept."""
        self._person = _digest_of(email)

    def leave(self) -> None:
        """Nobody is here any more: what is on its way is not kept. What lies here goes with `forget`."""
        self._person = ""

    def begin(self) -> str:
        """A mark of now: a run that began before an erasure is not kept after it."""
        return self._store.read.setting(RESULTS_FORGOTTEN) or ""

    def take_list(self, email: str, favourites: Sequence[Favourite]) -> None:
        """The person's favourites as the service just listed them. Results of others, of favourites that are gone and
        of those that now ask for something else go; a new name changes nothing."""
        person = _digest_of(email)
        with self._writing:
            if person == self._person:
                self._guarded(partial(self._take_list, person, favourites))

    def _take_list(self, person: str, favourites: Sequence[Favourite]) -> None:
        before = {known.favourite.id: known for known in self._store.read.kept_favourites(person)}
        kept = [_still(before.get(favourite.id), favourite) for favourite in favourites]
        if kept != list(before.values()) or self._store.read.keeps_for_others(person):
            with self._store.write() as uow:
                uow.favourites.put_list(person, kept)

    def favourites(self, email: str) -> list[Favourite]:
        """In the order of the last list."""
        return [known.favourite for known in self._store.read.kept_favourites(_digest_of(email))]

    def keep(self, email: str, favourite: Favourite, parts: Sequence[Part], begun: str) -> None:
        """The newest result takes the place of the one before; `begun` is what `begin` gave before the run.

        None is kept of a favourite that is not in the list, or asks for something else there.
        """
        person = _digest_of(email)
        result = zlib.compress(codec.encode(list(parts)), _FASTEST)
        with self._writing:
            if person == self._person:
                self._guarded(partial(self._keep, person, favourite, result, begun))

    def _keep(self, person: str, favourite: Favourite, result: bytes, begun: str) -> None:
        listed = {known.favourite.id: known.favourite for known in self._store.read.kept_favourites(person)}
        same = listed.get(favourite.id)
        if same is None or _asks(same) != _asks(favourite):
            return
        with self._store.write() as uow:
            if self.begin() == begun:
                uow.favourites.put_result(person, favourite.id, result, self._clock.now_utc())

    def find(self, email: str, favourite: Favourite) -> LastResult | None:
        """None where none was kept, or what was kept cannot be read by this version."""
        kept = self._store.read.kept_result(_digest_of(email), favourite.id)
        if kept is None:
            return None
        try:
            return LastResult(codec.decode(zlib.decompress(kept[0]), list[Part]), kept[1])
        except (codec.BadMessage, zlib.error):
            return None

    def forget(self) -> None:
        """What lies here goes, unless somebody is here again: their own list takes that of others away."""
        with self._writing:
            if not self._person:
                with self._store.write() as uow:
                    uow.favourites.put_list("", ())

    @staticmethod
    def _guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:  # whatever it was: the report is on the screen, the favourites are listed
            log.warning("a last result was not kept", exc_info=True)


def _still(before: KeptFavourite | None, now: Favourite) -> KeptFavourite:
    """A result stays as long as its favourite asks for the same."""
    if before is None or _asks(before.favourite) != _asks(now):
        return KeptFavourite(now)
    return KeptFavourite(now, before.made_at_utc)


def _asks(favourite: Favourite) -> tuple[str, dict[str, str], list[int]]:
    return favourite.report, favourite.parameters, favourite.shops


def _digest_of(email: str) -> str:
    return hashlib.sha256(email.strip().casefold().encode()).hexdigest()
