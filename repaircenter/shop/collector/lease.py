"""Who collects for which shop from which share (A-16, DESIGN 4.2). The lease saves work; correctness never needs it.

Used by the collector's thread; `take_over` and `others` may be called from any.
"""

from collections.abc import Sequence

from repaircenter.runtime.clock import Clock
from repaircenter.shop.model.folder import FolderHealth, FolderSetting
from repaircenter.shop.model.job import Shop
from repaircenter.shop.model.state import Holder
from repaircenter.shop.ports import CollectorLink, NotSignedIn, Overloaded, ServiceRefused, Unreachable
from repaircenter.wire import endpoints
from repaircenter.wire.identity import LeaseClaim, LeaseRequest

HEARTBEAT_SECONDS = 600.0
# While another PC collects, its place is asked for more often than it has to be kept.
ASK_SECONDS = 60.0
# As long as the service believes a heartbeat; what it said longer ago holds nobody back (importing goes on).
BELIEVED_SECONDS = 1500.0
_CLAIM = tuple[int, str]


class Leasing:
    """Says every ten minutes where this PC collects, and knows where another one does."""

    def __init__(self, link: CollectorLink, clock: Clock) -> None:
        self._link = link
        self._clock = clock
        self._others: dict[_CLAIM, Holder] = {}
        self._believed_until_seconds = float("-inf")
        self._asked: tuple[_CLAIM, ...] = ()
        self._again_at_seconds = float("-inf")
        self._take_over = False

    @property
    def others(self) -> tuple[Holder, ...]:
        """Other PCs that collect, one entry a shop."""
        return tuple({holder.shop_id: holder for holder in self._known().values()}.values())

    def take_over(self) -> None:
        """A person wants this PC to collect from now on."""
        self._take_over = True
        self._again_at_seconds = float("-inf")

    def keep(self, claims: Sequence[_CLAIM]) -> bool:
        """Ask for the lease when it is time; True when who collects has changed. Needs an open session.

        A service that does not answer this is no reason not to work: what was known is believed for a while.
        """
        claimed = tuple(sorted(set(claims)))
        now = self._clock.monotonic_seconds()
        if not claimed or (claimed == self._asked and now < self._again_at_seconds):
            return False
        take_over, self._take_over = self._take_over, False
        self._asked, self._again_at_seconds = claimed, now + ASK_SECONDS
        request = LeaseRequest(
            claims=[LeaseClaim(shop_id=shop, place=place) for shop, place in claimed],
            device_name=self._link.device_name,
            take_over=take_over,
        )
        try:
            held = self._link.call(endpoints.HOLD_LEASE, request).held
        except (Overloaded, ServiceRefused, Unreachable, NotSignedIn) as error:
            self._take_over = self._take_over or take_over
            if isinstance(error, Overloaded):
                self._again_at_seconds = now + max(ASK_SECONDS, error.retry_after_seconds or 0.0)
            return False
        others = {
            (lease.shop_id, lease.place): Holder(lease.shop_id, lease.device_name, lease.since)
            for lease in held
            if not lease.mine
        }
        changed, self._others = others != self._known(), others
        self._believed_until_seconds = now + BELIEVED_SECONDS
        self._again_at_seconds = now + (ASK_SECONDS if others else HEARTBEAT_SECONDS)
        if self._take_over:
            self._again_at_seconds = float("-inf")
        return changed

    def is_held(self, setting: FolderSetting, place: str | None, shops: Sequence[Shop]) -> bool:
        """Whether another PC does the work of a folder: of its shop, or of every shop it may hold sets of."""
        known = self._known()
        return bool(known) and place is not None and all(claim in known for claim in claims_of(setting, place, shops))

    def _known(self) -> dict[_CLAIM, Holder]:
        return self._others if self._clock.monotonic_seconds() < self._believed_until_seconds else {}


def claims_of(setting: FolderSetting, place: str, shops: Sequence[Shop]) -> list[_CLAIM]:
    """What this PC does for a folder: its shop, or every shop for a folder by repair facility."""
    known = [shop.id for shop in shops]
    wanted = known if setting.shop_id is None else [setting.shop_id]
    return [(shop_id, place) for shop_id in wanted if shop_id in known]


def is_able(health: FolderHealth) -> bool:
    """Whether a folder can be read here at all: who cannot does not hold its place."""
    return health.trouble is None and health.read_at_utc is not None
