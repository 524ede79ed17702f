"""The connection that keeps itself (A-08, A-09, requirements 6.12): a state people see and a rule for trying again."""

import random
from datetime import datetime, timedelta

from repaircenter.shop.model import ConnectionState, Shop
from repaircenter.shop.ports import CollectorLink, NotSignedIn, Overloaded, ServiceRefused, Unreachable
from repaircenter.wire.messages import SessionAnswer, ShopInfo

OFFLINE, CONNECTED, ENDING_SOON, DISCONNECTED, UNPAIRED = (
    "offline",
    "connected",
    "ending_soon",
    "disconnected",
    "unpaired",
)
ENDING_SOON_BEFORE = timedelta(minutes=15)
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5.0, 3600.0


class Session:
    """Opens the installation's session and opens it again after the cut-off or an outage; used by one thread."""

    def __init__(self, link: CollectorLink, paired: bool) -> None:
        self._link = link
        self._paired = paired
        self._answer: SessionAnswer | None = None
        self._pause_seconds = FIRST_PAUSE_SECONDS
        self._retry_at_utc: datetime | None = None
        self._trouble: ConnectionState | None = None

    def paired(self) -> None:
        """A pairing succeeded: connect at once."""
        self._paired = True
        self.retry_now()

    def retry_now(self) -> None:
        """Reconnect without waiting for the planned try."""
        self._retry_at_utc = None
        self._pause_seconds = FIRST_PAUSE_SECONDS

    def state(self, now_utc: datetime) -> ConnectionState:
        if not self._paired:
            return ConnectionState(UNPAIRED)
        if self._answer is not None and now_utc < self._answer.ends_at:
            soon = self._answer.ends_at - now_utc <= ENDING_SOON_BEFORE
            return ConnectionState(ENDING_SOON if soon else CONNECTED, self._answer.ends_at)
        return self._trouble or ConnectionState(OFFLINE)

    def ensure(self, now_utc: datetime) -> list[Shop] | None:
        """Have an open session: gives the shops when one was opened now, None when one is open or none can be.

        `usable` tells the two apart.
        """
        if not self._paired or self.usable(now_utc) or (self._retry_at_utc and now_utc < self._retry_at_utc):
            return None
        try:
            self._answer = self._link.open_session()
        except Unreachable:
            self._failed(OFFLINE, None, now_utc)
        except NotSignedIn as refusal:
            self._failed(DISCONNECTED, refusal.code, now_utc)
        except ServiceRefused as refusal:
            self._failed(DISCONNECTED, refusal.code, now_utc)
        except Overloaded:
            self._failed(OFFLINE, "busy", now_utc)
        else:
            self._trouble, self._retry_at_utc, self._pause_seconds = None, None, FIRST_PAUSE_SECONDS
            return [shop_of(info) for info in self._answer.shops]
        return None

    def usable(self, now_utc: datetime) -> bool:
        return self._answer is not None and now_utc < self._answer.ends_at

    def ended(self, reason: str, now_utc: datetime) -> None:
        """The service said the session is over, or could not be reached: keep the outbox, try again by itself."""
        self._answer = None
        if reason == "session_ended":
            self._retry_at_utc = None
        else:
            self._failed(OFFLINE if reason == "unreachable" else DISCONNECTED, reason, now_utc)

    def _failed(self, name: str, reason: str | None, now_utc: datetime) -> None:
        since = self._trouble.since_utc if self._trouble and self._trouble.name == name else now_utc
        self._trouble = ConnectionState(name, None, since, reason)
        self._retry_at_utc = now_utc + timedelta(seconds=self._pause_seconds * random.uniform(0.75, 1.25))
        self._pause_seconds = min(self._pause_seconds * 2, LONGEST_PAUSE_SECONDS)


def shop_of(info: ShopInfo) -> Shop:
    return Shop(info.id, info.name, info.zone, info.group, info.tax_id, info.licence, info.phone)
