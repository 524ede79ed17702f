"""Who collects for which shop (A-16, DESIGN 4.2). The lease saves work; correctness never depends on it.

Used by the collector's thread; `others` may be read from any.
"""

from collections.abc import Sequence

from repaircenter.runtime.clock import Clock
from repaircenter.shop.model import FolderSetting, Holder, Shop
from repaircenter.shop.ports import CollectorLink, Overloaded, ServiceRefused

HEARTBEAT_SECONDS = 600.0
# While another PC collects, its place is asked for more often than it has to be kept.
ASK_SECONDS = 60.0


class Leasing:
    """Says every ten minutes that this PC collects, and knows for which shops another one does."""

    def __init__(self, link: CollectorLink, clock: Clock) -> None:
        self._link = link
        self._clock = clock
        self._others: dict[int, Holder] = {}
        self._asked: tuple[int, ...] = ()
        self._again_at_seconds = float("-inf")
        self._take_over = False

    @property
    def others(self) -> tuple[Holder, ...]:
        return tuple(self._others.values())

    def take_over(self) -> None:
        """A person wants this PC to collect from now on."""
        self._take_over = True
        self._again_at_seconds = float("-inf")

    def keep(self, shops: Sequence[int]) -> bool:
        """Ask for the lease when it is time; True when who collects has changed. Needs an open session.

        Raises Unreachable and NotSignedIn; what was known before holds then.
        """
        wanted = tuple(sorted(shops))
        now = self._clock.monotonic_seconds()
        if not wanted or (wanted == self._asked and now < self._again_at_seconds):
            return False
        try:
            held = self._link.hold_lease(wanted, take_over=self._take_over)
        except (Overloaded, ServiceRefused):
            self._again_at_seconds = now + ASK_SECONDS
            return False
        self._take_over, self._asked = False, wanted
        others = {one.shop_id: Holder(one.shop_id, one.device_name, one.since) for one in held if not one.mine}
        changed, self._others = others != self._others, others
        self._again_at_seconds = now + (ASK_SECONDS if others else HEARTBEAT_SECONDS)
        return changed

    def is_held(self, setting: FolderSetting, shops: Sequence[Shop]) -> bool:
        """Whether another PC does the work of a folder: of its shop, or of every shop it may hold sets of."""
        ids = [setting.shop_id] if setting.shop_id is not None else [shop.id for shop in shops]
        return bool(ids) and all(shop_id in self._others for shop_id in ids)


def shops_of(settings: Sequence[FolderSetting], shops: Sequence[Shop]) -> list[int]:
    """The shops this PC collects for: those of its folders, all of them for a folder by repair facility."""
    known = {shop.id for shop in shops}
    if any(setting.shop_id is None for setting in settings):
        return sorted(known)
    return sorted({setting.shop_id for setting in settings if setting.shop_id in known and setting.shop_id is not None})
