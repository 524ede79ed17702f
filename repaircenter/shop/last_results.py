"""The last results of a person's favourites, kept on this PC for when the service is away (UI.md, Surveys; A-51).

They lie in the encrypted store, for one person at a time: signing out or somebody else's sign-in takes them away, an
erased customer takes all of them away, and retention those that are older than it (DESIGN 4.10).
"""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from repaircenter.runtime.clock import Clock
from repaircenter.shop.ports import KeptFavourite, Store
from repaircenter.wire import codec
from repaircenter.wire.document import Part
from repaircenter.wire.messages import Favourite

_FASTEST = 1


@dataclass(frozen=True, slots=True)
class LastResult:
    """A whole document as the service answered it at an instant."""

    parts: list[Part]
    made_at_utc: datetime


class LastResults:
    """Every call reads or writes the store and belongs on a background thread."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def take_list(self, email: str, favourites: Sequence[Favourite]) -> None:
        """The person's favourites as the service just listed them. Results of others, of favourites that are gone and
        of those that now ask for something else go; a new name changes nothing."""
        person = _digest_of(email)
        before = {one.favourite.id: one for one in self._store.read.kept_favourites(person)}
        kept = [_still(before.get(one.id), one) for one in favourites]
        if kept != list(before.values()) or self._store.read.keeps_for_others(person):
            with self._store.write() as uow:
                uow.put_kept_favourites(person, kept)

    def favourites(self, email: str) -> list[Favourite]:
        """In the order of the last list."""
        return [one.favourite for one in self._store.read.kept_favourites(_digest_of(email))]

    def keep(self, email: str, favourite: Favourite, parts: Sequence[Part]) -> None:
        """The newest result takes the place of the one before; of a favourite that is not in the list none is kept."""
        result = zlib.compress(codec.encode(list(parts)), _FASTEST)
        with self._store.write() as uow:
            uow.put_result(_digest_of(email), favourite.id, result, self._clock.now_utc())

    def find(self, email: str, favourite: Favourite) -> LastResult | None:
        """None where none was kept, or what was kept cannot be read by this version."""
        found = self._store.read.kept_result(_digest_of(email), favourite.id)
        if found is None:
            return None
        try:
            return LastResult(codec.decode(zlib.decompress(found[0]), list[Part]), found[1])
        except (codec.BadMessage, zlib.error):
            return None

    def forget(self) -> None:
        """Nobody is signed in any more."""
        with self._store.write() as uow:
            uow.put_kept_favourites("", ())


def _still(before: KeptFavourite | None, now: Favourite) -> KeptFavourite:
    """A result stays as long as its favourite asks for the same."""
    if before is None or _asks(before.favourite) != _asks(now):
        return KeptFavourite(now)
    return KeptFavourite(now, before.made_at_utc)


def _asks(favourite: Favourite) -> tuple[str, dict[str, str], list[int]]:
    return favourite.report, favourite.parameters, favourite.shops


def _digest_of(email: str) -> str:
    return hashlib.sha256(email.strip().casefold().encode()).hexdigest()
