"""What a programme is, and what its rules may be. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from repaircenter.wire.vocabulary import CHANNELS

INSURER: Final = "insurer"
KINDS: Final = (INSURER, "network", "shop")
# When answers are shown: as they come, or after the evening of the day after.
AT_ONCE, NIGHTLY = "at_once", "nightly"
PUBLISHING: Final = (AT_ONCE, NIGHTLY)
# What a rule may be at most. A survey ends after 30 days: a reminder comes well before.
MOST: Final[Mapping[str, int]] = {"ageing_days": 365, "reminder_days": 20, "throttle_days": 365}
MOST_ALERT, MOST_HOURS = 10, 400


@dataclass(frozen=True, slots=True)
class Programme:
    """An active programme a shop is enrolled in. Codes and names are canonical."""

    id: int
    kind: str
    codes: frozenset[str]
    names: frozenset[str]
    ageing_days: int
    not_before_delivery: bool

    @property
    def is_insurers(self) -> bool:
        """Whether it asks the customers of an insurer, and they are asked first."""
        return self.kind == INSURER


def wrong_channels(channels: Sequence[str]) -> bool:
    """Return whether a programme cannot ask by these channels, each after the other."""
    return not channels or len(set(channels)) < len(channels) or not set(channels) <= set(CHANNELS)


def wrong_rule(days: Mapping[str, int], alert_at_most: int | None, alert_hours: int) -> tuple[str, int, int] | None:
    """Return (rule, least, most) of the first number that cannot be; None when all can. `days` are the rules of MOST."""
    for name, most in MOST.items():
        if not 0 <= days[name] <= most:
            return name, 0, most
    if alert_at_most is not None and not 0 <= alert_at_most <= MOST_ALERT:
        return "alert_at_most", 0, MOST_ALERT
    return None if 1 <= alert_hours <= MOST_HOURS else ("alert_hours", 1, MOST_HOURS)
