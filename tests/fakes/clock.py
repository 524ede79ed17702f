"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    def __init__(self, now_utc: datetime = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)) -> None:
        self._begins_utc = now_utc
        self.begin_again()

    def begin_again(self) -> None:
        """It is as early as when the clock was made."""
        self._now_utc, self._seconds = self._begins_utc, 1000.0

    def now_utc(self) -> datetime:
        return self._now_utc

    def monotonic_seconds(self) -> float:
        return self._seconds

    def pass_time(self, seconds: float) -> None:
        self._now_utc += timedelta(seconds=seconds)
        self._seconds += seconds

    def jump_to(self, instant_utc: datetime) -> None:
        self.pass_time((instant_utc - self._now_utc).total_seconds())
