"""The connection that keeps itself (A-08, A-09, requirements 6.12): a state people see and a rule for trying again.

How long a session still lasts is measured from the service's own time, so a wrong clock on this PC does not matter.
Waiting is measured by the monotonic clock; a jump of the wall clock (sleep, a clock set right) means try now.
"""

import random
from datetime import timedelta

from repaircenter.runtime.clock import Clock
from repaircenter.shop.model.job import Shop
from repaircenter.shop.model.state import ConnectionState
from repaircenter.shop.ports import (
    CollectorLink,
    NotSignedIn,
    Overloaded,
    ServiceRefused,
    UnknownCertificate,
    Unreachable,
)
from repaircenter.wire.identity import SessionAnswer, ShopInfo

OFFLINE, SIGNING_IN, CONNECTED, ENDING_SOON, DISCONNECTED, UNPAIRED = (
    "offline",
    "signing_in",
    "connected",
    "ending_soon",
    "disconnected",
    "unpaired",
)
ENDING_SOON_BEFORE = timedelta(minutes=15)
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5.0, 3600.0
# After so many failed tries the desk says "Disconnected"; it goes on trying.
TRIES_TILL_DISCONNECTED = 5
# A session that ends sooner than this was not worth opening: the next try waits like after any failure.
SHORTEST_SESSION_SECONDS = 60.0
# The wall clock may differ from the monotonic one by so much before it counts as a jump.
JUMP_SECONDS = 60.0
CLOCK_OFF_SECONDS = 300.0


class Session:
    """Opens the installation's session and opens it again after the cut-off or an outage; used by one thread.

    `state` may be read from any thread.
    """

    def __init__(self, link: CollectorLink, clock: Clock, paired: bool) -> None:
        self._link = link
        self._clock = clock
        self._paired = paired
        self.answer: SessionAnswer | None = None
        self._ends_at_seconds = 0.0
        self._ends_at_utc = clock.now_utc()
        self._opened_at_seconds = 0.0
        self._opened_at_service_utc = clock.now_utc()
        self._failures = 0
        self._retry_at_seconds = float("-inf")
        self._trouble: ConnectionState | None = None
        self._seen = clock.now_utc(), clock.monotonic_seconds()

    def paired(self) -> None:
        """A pairing succeeded: connect at once."""
        self._paired = True
        self.retry_now()

    def retry_now(self) -> None:
        """Reconnect without waiting for the planned try."""
        self._retry_at_seconds = float("-inf")
        self._failures = 0

    @property
    def state(self) -> ConnectionState:
        answer, trouble = self.answer, self._trouble
        if not self._paired:
            return ConnectionState(UNPAIRED)
        if answer is not None and self.usable():
            soon = self._ends_at_seconds - self._clock.monotonic_seconds() <= ENDING_SOON_BEFORE.total_seconds()
            name = ENDING_SOON if soon else CONNECTED
            return ConnectionState(name, answer.ends_at, clock_off_seconds=self._clock_off())
        if trouble is None:
            return ConnectionState(SIGNING_IN)
        return trouble

    def ensure(self) -> list[Shop] | None:
        """Have an open session: gives the shops when one was opened now, None when one is open or none can be.

        `usable` tells the two apart.
        """
        if self._jumped() or (self.usable() and self._lasted() >= SHORTEST_SESSION_SECONDS):
            self.retry_now()
        if not self._paired or self.usable() or self._clock.monotonic_seconds() < self._retry_at_seconds:
            return None
        try:
            answer = self._link.open_session()
        except Unreachable:
            self._failed(OFFLINE, "unreachable")
        except UnknownCertificate as unknown:
            self._failed(DISCONNECTED, unknown.code, unknown.fingerprint)
        except (NotSignedIn, ServiceRefused) as refusal:
            self._failed(DISCONNECTED, refusal.code)
        except Overloaded as busy:
            self._failed(OFFLINE, "busy", least_pause_seconds=busy.retry_after_seconds or 0.0)
        else:
            return self._opened(answer)
        return None

    def _opened(self, answer: SessionAnswer) -> list[Shop]:
        now_utc, seconds = self._clock.now_utc(), self._clock.monotonic_seconds()
        service_now = answer.now or now_utc
        life = answer.ends_at - service_now
        self._opened_at_service_utc = service_now
        self._ends_at_seconds, self._ends_at_utc = seconds + life.total_seconds(), now_utc + life
        self._opened_at_seconds = seconds
        self._trouble = None
        self.answer = answer
        return [shop_of(info) for info in answer.shops]

    def usable(self) -> bool:
        """Whether a session is open. It is over when either clock says so: one of them stands still while a PC sleeps."""
        if self.answer is None or self._clock.monotonic_seconds() >= self._ends_at_seconds:
            return False
        return self._clock.now_utc() < self._ends_at_utc

    def ended(self, reason: str, detail: str | None = None) -> None:
        """The service said the session is over, or could not be reached: keep the outbox, try again by itself."""
        self.answer = None
        if reason == "session_ended" and self._lasted() >= SHORTEST_SESSION_SECONDS:
            self.retry_now()
        else:
            self._failed(OFFLINE if reason == "unreachable" else DISCONNECTED, reason, detail)

    def _lasted(self) -> float:
        return self._clock.monotonic_seconds() - self._opened_at_seconds

    def _clock_off(self) -> float:
        """Seconds this PC's clock is ahead of the service's; 0 for a difference that does not matter."""
        now_there = self._opened_at_service_utc + timedelta(seconds=self._lasted())
        off = (self._clock.now_utc() - now_there).total_seconds()
        return off if abs(off) > CLOCK_OFF_SECONDS else 0.0

    def _jumped(self) -> bool:
        """Whether the wall clock moved otherwise than time passed: this PC slept, or its clock was set."""
        before_utc, before = self._seen
        self._seen = now_utc, seconds = self._clock.now_utc(), self._clock.monotonic_seconds()
        return abs((now_utc - before_utc).total_seconds() - (seconds - before)) > JUMP_SECONDS

    def _failed(
        self, name: str, reason: str | None, detail: str | None = None, *, least_pause_seconds: float = 0.0
    ) -> None:
        now_utc = self._clock.now_utc()
        since = self._trouble.since_utc if self._trouble is not None else now_utc
        self._failures += 1
        if self._failures > TRIES_TILL_DISCONNECTED:
            name = DISCONNECTED
        longest = min(FIRST_PAUSE_SECONDS * 2.0 ** min(self._failures - 1, 20), LONGEST_PAUSE_SECONDS)
        pause = max(longest * random.uniform(0.75, 1.25), least_pause_seconds)
        self._retry_at_seconds = self._clock.monotonic_seconds() + pause
        retry = now_utc + timedelta(seconds=pause)
        self._trouble = ConnectionState(name, None, since, reason, retry, detail)


def shop_of(info: ShopInfo) -> Shop:
    return Shop(info.id, info.name, info.zone, info.group, info.tax_id, info.licence, info.phone)
