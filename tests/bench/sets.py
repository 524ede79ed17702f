"""Sets to measure with: many lines, no two alike, written by the demo's writer."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from repaircenter.demo.ems_writer import CCC, write_set
from repaircenter.demo.world import World
from repaircenter.ems.estimate import Estimate, Line


def estimates(count: int, lines: int = 80) -> Iterator[Estimate]:
    """Different estimates of the sample world, each with so many lines and prices of its own."""
    rng = random.Random(1)
    made = [export.estimate for export in World(datetime(2026, 11, 20, tzinfo=UTC)).exports]
    pool = [line for estimate in made for line in estimate.lines]
    for number in range(count):
        base = f"{0x5E000000 + number:08x}"
        estimate = made[number % len(made)]
        chosen = tuple(_line(rng, rng.choice(pool), at) for at in range(1, lines + 1))
        yield replace(estimate, base=base, export_id=base, estimate_id=f"bench-{number}", system="C", lines=chosen)


def _line(rng: random.Random, line: Line, number: int) -> Line:
    price = None if line.price is None else Decimal(rng.randrange(100, 99999)) / 100
    part = f"{rng.randrange(10**5):05d}-{rng.randrange(10**5):05d}"
    return msgspec.structs.replace(line, number=number, price=price, part_number=part)


def written(count: int, lines: int = 80) -> Iterator[tuple[Estimate, dict[str, bytes]]]:
    """Each estimate with its files by name."""
    for estimate in estimates(count, lines):
        yield estimate, write_set(estimate, CCC)
