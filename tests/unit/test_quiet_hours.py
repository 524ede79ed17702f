"""No customer is written to between 20:00 and 08:00 of the shop (issue 17)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repaircenter.central.messages.rules import next_hour_to_write
from repaircenter.runtime.days import zone_of

TORONTO, MADRID = "America/Toronto", "Europe/Madrid"


def at(zone: str, *local: int) -> datetime:
    return datetime(*local, tzinfo=zone_of(zone)).astimezone(UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("zone", "now", "leaves"),
    [
        (TORONTO, (2026, 6, 1, 8, 0), (2026, 6, 1, 8, 0)),
        (TORONTO, (2026, 6, 1, 19, 59, 59), (2026, 6, 1, 19, 59, 59)),
        (TORONTO, (2026, 6, 1, 20, 0), (2026, 6, 2, 8, 0)),
        (TORONTO, (2026, 6, 1, 23, 59), (2026, 6, 2, 8, 0)),
        (TORONTO, (2026, 6, 2, 0, 0), (2026, 6, 2, 8, 0)),
        (TORONTO, (2026, 6, 2, 7, 59, 59), (2026, 6, 2, 8, 0)),
        (TORONTO, (2026, 12, 31, 22, 0), (2027, 1, 1, 8, 0)),
        # The clocks are put forward and back in the night.
        (TORONTO, (2026, 3, 7, 22, 0), (2026, 3, 8, 8, 0)),
        (TORONTO, (2026, 10, 31, 22, 0), (2026, 11, 1, 8, 0)),
        (MADRID, (2026, 3, 28, 22, 0), (2026, 3, 29, 8, 0)),
        (MADRID, (2026, 10, 24, 22, 0), (2026, 10, 25, 8, 0)),
    ],
)
def test_a_message_leaves_in_the_hours_of_the_day(zone: str, now: tuple[int, ...], leaves: tuple[int, ...]) -> None:
    assert next_hour_to_write(at(zone, *now), zone) == at(zone, *leaves)


def test_a_night_is_as_long_as_the_clocks_make_it() -> None:
    spring = next_hour_to_write(at(TORONTO, 2026, 3, 7, 20, 0), TORONTO) - at(TORONTO, 2026, 3, 7, 20, 0)
    autumn = next_hour_to_write(at(TORONTO, 2026, 10, 31, 20, 0), TORONTO) - at(TORONTO, 2026, 10, 31, 20, 0)
    assert (spring, autumn) == (timedelta(hours=11), timedelta(hours=13))


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC)),
    st.sampled_from([TORONTO, MADRID, "America/St_Johns", "America/Los_Angeles", "America/Mexico_City", "UTC"]),
)
def test_whenever_it_is_queued_it_leaves_by_day_and_soon(now: datetime, zone: str) -> None:
    leaves = next_hour_to_write(now, zone)
    assert now <= leaves <= now + timedelta(hours=13)
    assert 8 <= leaves.astimezone(zone_of(zone)).hour < 20
    assert next_hour_to_write(leaves, zone) == leaves
